"""Taxes, tenders, ranges of codes and programmes: what there is, one of each, and its form."""

from __future__ import annotations

from typing import Any

import flask
import sqlalchemy as sa

from backoffice import access, database, frame, htmx
from backoffice.changes import drafts, keeping
from backoffice.rules.forms import KINDS, TENDERS, VALUES, Ground, RuleForm, tender_of
from schemas import xml
from schemas.coderule import CodeRule
from schemas.customer import Programme
from schemas.tax import Rate, Tax
from schemas.tender import Tender
from services.database import changes
from services.database.articles import ArticleGroup
from services.database.changes import CHAIN, RecordRefused
from services.evaluation import assortment, rulebook
from services.register import label
from services.register.label import Label, LabelRefused

rules = flask.Blueprint("rules", __name__, url_prefix="/rules")


@rules.get("/")
def all_() -> Any:
    """Everything that tills reckon by."""
    session = database.session()
    every = {kind: changes.every(session, cls) for kind, cls in KINDS.items()}
    drafted = {kind: drafts.drafted(session, CHAIN, kind) for kind in KINDS}
    return flask.render_template(
        "rules/all.html",
        every=every,
        drafted=drafted,
        taxed=rulebook.taxed(session),
        next_=_next,
        takers=rulebook.takers(session),
        groups=assortment.groups(session),
    )


def _next(tax: Tax) -> Rate | None:
    """The rate that comes next."""
    return min(
        (r for r in tax.rates if r.begins > frame.now()), key=lambda r: r.begins, default=None
    )


@rules.get("/<kind>/new")
def fresh(kind: str) -> Any:
    """A form for one that is not there yet."""
    _cls(kind)
    return _page(kind, None, RuleForm.shown(kind, None, access.language()))


@rules.post("/<kind>/new")
def make(kind: str) -> Any:
    """Make it."""
    _cls(kind)
    return _act(kind, None)


@rules.get("/<kind>/<key>")
def one(kind: str, key: str) -> Any:
    """One rule."""
    found = _found(kind, key)
    return _page(kind, found, RuleForm.shown(kind, found, access.language()))


@rules.post("/<kind>/<key>")
def change(kind: str, key: str) -> Any:
    """Say it anew, or try a code on it."""
    return _act(kind, _found(kind, key))


@rules.post("/<kind>/<key>/remove")
def remove(kind: str, key: str) -> Any:
    """Take it away; what was paid so, or sold so, stays as it was."""
    found = _found(kind, key)
    if not isinstance(found, Tender | CodeRule):
        flask.abort(404)  # taxes and points that were given stay
    if isinstance(found, Tender) and rulebook.is_last_cash(_tenders(), found):
        form = RuleForm.shown(kind, found, access.language())
        form.wrong["kind"] = ("rules.last-cash", {})
        return _page(kind, found, form, 422)
    with database.writing() as session:
        keeping.remove(session, kind, key, CHAIN)
    return _done(kind, None)


def _tenders() -> list[Tender]:
    """All tenders as this person left them."""
    session = database.session()
    said = drafts.drafted(session, CHAIN, "tender")
    stay = [each for each in changes.every(session, Tender) if said.get(each.key, b"") is not None]
    return [drafts.as_left(session, each, CHAIN) for each in stay]


def _cls(kind: str) -> type[Any]:
    return KINDS[kind] if kind in KINDS else flask.abort(404)


def _found(kind: str, key: str) -> Any:
    session, cls = database.session(), _cls(kind)
    found = changes.one(session, cls, key)
    if found is None:
        said = drafts.drafted(session, CHAIN, kind).get(key)
        return xml.load(cls, said) if said else flask.abort(404)
    return drafts.as_left(session, found, CHAIN)


def _there(kind: str, key: str) -> bool:
    """Is there one of this key, at the tills or in the set that the person collects into?"""
    session = database.session()
    if changes.one(session, KINDS[kind], key) is not None:
        return True
    return drafts.drafted(session, CHAIN, kind).get(key) is not None


def _is_taken(kind: str, key: str) -> bool:
    """A new programme takes the key of a tender too: its points are paid with that one."""
    return _there(kind, key) or (kind == "programme" and _there("tender", key))


def _ground() -> Ground:
    session, place = database.session(), frame.place()
    return Ground(
        access.language(), place.currency, place.zone, frame.now(),
        frozenset(session.scalars(sa.select(ArticleGroup.key))),
        frozenset(str(each.key) for each in changes.every(session, Programme)),
    )  # fmt: skip


def _act(kind: str, found: Any) -> Any:
    typed = flask.request.form
    form = RuleForm.of(kind, typed, found, _ground())
    if found is not None and typed.get("seen") != _digest(found):
        return _page(kind, found, form, 409)
    if form.said is not None and found is None and _is_taken(kind, str(form.said.key)):
        form.wrong["class" if kind == "tax" else "key"] = ("rules.taken", {})
    if _ends_cash(found, form.said):
        form.wrong["kind"] = ("rules.last-cash", {})
    if form.wrong or typed.get("act") == "try":
        return _page(kind, found, form, 422 if form.wrong else 200)
    documents = [(form.said, CHAIN)]
    if kind == "programme" and found is None:
        documents.append((tender_of(form.said), CHAIN))
    try:
        with database.writing() as session:
            keeping.keep(session, documents)
    except RecordRefused as refused:
        form.wrong["key"] = ("entry.refused", {"why": str(refused)})
        return _page(kind, found, form, 422)
    return _done(kind, str(form.said.key))


def _ends_cash(found: Any, said: Any) -> bool:
    """Was it the last way to take a till's own cash, and would it be something else?"""
    if not isinstance(found, Tender) or not isinstance(said, Tender):
        return False
    stays = said.kind == "cash" and not said.currency
    return not stays and rulebook.is_last_cash(_tenders(), found)


def _done(kind: str, key: str | None) -> Any:
    said = "collected" if keeping.collecting() is not None else "saved"
    if key is None:
        return htmx.go(flask.url_for("rules.all_", said=said))
    return htmx.go(flask.url_for("rules.one", kind=kind, key=key, said=said))


def _digest(document: Any) -> str:
    return xml.digest(xml.dump(document))


def _probe(form: RuleForm) -> Label | str | None:
    """What a till would read in the code that somebody tries; or a sentence; None where nobody tries."""
    code = form.typed.get("probe", "")
    if not isinstance(form.said, CodeRule) or not code:
        return None
    try:
        return label.read(code, [form.said], frame.place().currency) or "rules.probe.none"
    except LabelRefused:
        return "rules.probe.wrong"


def _page(kind: str, found: Any, form: RuleForm, status: int = 200) -> Any:
    session = database.session()
    groups = session.scalars(sa.select(ArticleGroup).order_by(ArticleGroup.key)).all()
    return flask.render_template(
        f"rules/{kind}.html", kind=kind, found=found, form=form, status=status,
        seen=_digest(found) if found is not None else "", probe=_probe(form), groups=groups,
        zones=rulebook.zones(session), programmes=changes.every(session, Programme),
        kinds=TENDERS, values=VALUES, taxed=rulebook.taxed(session),
    ), status  # fmt: skip
