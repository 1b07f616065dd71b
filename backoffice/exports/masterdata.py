"""The lists of what is administered that can be taken out: groups, models, labels, rules, rights, sets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import flask
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session

from backoffice import access, frame
from backoffice.exports.lists import Listed, Rows, money, streamed
from schemas.money import Money
from schemas.staff import Role
from schemas.tax import Tax
from schemas.tender import Tender
from services.database import changes, models
from services.database.articles import ArticleGroup, ArticleRow
from services.database.changesets import ChangeSet, SetEdit
from services.evaluation import shelf, vouchers
from services.register import permission


def _many(session: Session, column: Mapped[str | None]) -> dict[str | None, int]:
    """How many articles have each value of a column."""
    return {row[0]: row[1] for row in session.execute(
        sa.select(column, sa.func.count()).group_by(column))}  # fmt: skip


def _groups() -> Listed:
    def rows(session: Session) -> Rows:
        many = _many(session, ArticleRow.group)
        for some in streamed(session, sa.select(ArticleGroup).order_by(ArticleGroup.key)):
            for each in some:
                yield (each.key, each.de, each.en, each.es, each.parent, each.colour,
                       many.get(each.key, 0))  # fmt: skip

    columns = ("group", "name_de", "name_en", "name_es", "above", "colour", "articles")
    return Listed("groups", columns, rows)


def _models() -> Listed:
    language = access.language()

    def rows(session: Session) -> Rows:
        many = _many(session, ArticleRow.model)
        for each in models.all_of(session, language):
            axes = ";".join(f"{a['name']}: {', '.join(a['values'])}" for a in each.axes)
            yield (each.key, each.de, each.en, each.es, each.group, each.tax, axes,
                   many.get(each.key, 0))  # fmt: skip

    columns = ("model", "name_de", "name_en", "name_es", "group", "tax class", "axes", "variants")
    return Listed("models", columns, rows)


def _labels() -> Listed:
    """The labels that are due now in the branch that is looked at."""
    branch, now, language = frame.place().branch, frame.now(), access.language()

    def rows(session: Session) -> Rows:
        for each in shelf.due(session, branch, now) if branch else ():
            yield (each.article.key, each.article.name(language), each.price.number,
                   each.before.number if each.before else None,
                   each.per[0].number if each.per else None, each.per[1] if each.per else None,
                   each.special)  # fmt: skip

    columns = ("article", "name", "price*", "on the label*", "per unit*", "unit", "special price")
    return Listed("labels", columns, rows)


def _vouchers() -> Listed:
    args, branch = flask.request.args, frame.place().branch
    typed, state = args.get("q", "")[:60], args.get("show", "")[:20]
    query = vouchers.matching(branch, typed, state)

    def rows(session: Session) -> Rows:
        for some in streamed(session, query):
            for each in some:
                left = each.issued - each.redeemed
                yield (each.number, each.kind, money(each.issued, each.currency),
                       money(each.redeemed, each.currency), money(left, each.currency),
                       each.currency, each.branch, each.moved_at, each.blocked)  # fmt: skip

    columns = ("voucher", "kind", "issued*", "redeemed*", "left*", "currency", "branch",
               "last moved", "blocked")  # fmt: skip
    filters = [f"{name}: {value}" for name, value in (("q", typed), ("show", state)) if value]
    return Listed("vouchers", columns, rows, filters)


def _taxes() -> Listed:
    def rows(session: Session) -> Rows:
        for tax in changes.every(session, Tax):
            for rate in tax.rates:
                yield (tax.class_, tax.zone, tax.name, rate.percent, rate.begins, bool(tax.added))

    return Listed("taxes", ("class", "zone", "name", "percent", "from", "on top"), rows)


def _tenders() -> Listed:
    def amount(money: Money | None) -> str | None:
        return money.number if money else None

    def rows(session: Session) -> Rows:
        for each in changes.every(session, Tender):
            yield (each.key, each.kind, each.de, each.en, each.es, each.change, each.drawer,
                   bool(each.customer), amount(each.least), amount(each.most),
                   amount(each.offline_most), each.currency, each.rate)  # fmt: skip

    columns = ("tender", "kind", "name_de", "name_en", "name_es", "change", "drawer", "customer",
               "least*", "most*", "most without a line*", "currency", "rate")  # fmt: skip
    return Listed("tenders", columns, rows)


def _roles() -> Listed:
    """The matrix: a row a right, a column a role."""

    def rows(session: Session) -> Rows:
        every = changes.every(session, Role)
        yield ("", *(role.name for role in every))
        held = [{right.name: right.limit for right in role.rights} for role in every]
        for name in permission.RIGHTS:
            cells = (("yes" if h[name] is None else h[name]) if name in h else None for h in held)
            yield (name, *cells)

    return Listed("roles", ("right", "roles"), rows)


def _sets() -> Listed:
    query = sa.select(ChangeSet).order_by(ChangeSet.id.desc())

    def rows(session: Session) -> Rows:
        counted = sa.select(SetEdit.change_set, sa.func.count()).group_by(SetEdit.change_set)
        many = {row[0]: row[1] for row in session.execute(counted)}
        for some in streamed(session, query):
            for each in some:
                yield (each.id, each.title, each.state, many.get(each.id, 0), each.made_by,
                       each.made_at, each.reviewed_by, each.released_by, each.released_at,
                       each.begins, ";".join(each.branches))  # fmt: skip

    columns = ("set", "title", "state", "edits", "by", "begun", "reviewed by", "released by",
               "released", "from", "branches")  # fmt: skip
    return Listed("change sets", columns, rows)


LISTS: Final[dict[str, Callable[[], Listed]]] = {
    "groups": _groups, "models": _models, "labels": _labels, "vouchers": _vouchers,
    "taxes": _taxes, "tenders": _tenders, "roles": _roles, "changes": _sets,
}  # fmt: skip
"""Every list here, by the name that its address has."""
