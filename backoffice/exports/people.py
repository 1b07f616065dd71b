"""The lists of people and firms that can be taken out: suppliers, cashiers, users of head office."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

import flask
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backoffice import database, frame
from backoffice.exports.lists import Listed, Rows, streamed
from services.database.people import User
from services.database.supplies import SupplierRow, SupplyRow
from services.evaluation import deliveries, staff


def _asked(name: str = "q") -> str:
    return flask.request.args.get(name, "")[:200]


def _said(**filters: str) -> list[str]:
    return [f"{name}: {value}" for name, value in filters.items() if value]


def _suppliers() -> Listed:
    """Each supplier with each article that it delivers; one that delivers none has one row."""
    typed = _asked()
    query = deliveries.matching(database.session(), typed).order_by(
        SupplierRow.name, SupplierRow.key
    )

    def rows(session: Session) -> Rows:
        for some in streamed(session, query):
            for firm in some:
                who = (firm.key, firm.name, firm.number, firm.phone, firm.email, firm.address)
                found = sa.select(SupplyRow).where(SupplyRow.supplier == firm.key)
                delivered = False
                for each in session.scalars(found.order_by(SupplyRow.article)):
                    cost, delivered = each.document().cost, True
                    yield (*who, each.article, each.order_code,
                           Decimal(cost.number) if cost else None, each.currency, each.pack,
                           each.main)  # fmt: skip
                if not delivered:
                    yield (*who, None, None, None, None, None, None)

    columns = ("supplier", "name", "our number", "phone", "e-mail", "address", "article",
               "order code", "cost*", "currency", "pack", "main")  # fmt: skip
    return Listed("suppliers", columns, rows, _said(q=typed))


def _cashiers() -> Listed:
    branch, typed, role = frame.place().branch, _asked(), _asked("role")

    def rows(session: Session) -> Rows:
        for each in staff.people(session, branch, typed, role):
            for where, person in sorted(each.staff.items()):
                yield (each.key, person.name, where, person.role, bool(person.badge),
                       person.language)  # fmt: skip

    columns = ("cashier", "name", "branch", "role", "badge", "language")
    return Listed("cashiers", columns, rows, _said(q=typed, role=role))


def _users() -> Listed:
    def rows(session: Session) -> Rows:
        for some in streamed(session, sa.select(User).order_by(User.name)):
            for user in some:
                yield (user.name, user.shown, user.role, ";".join(user.own), user.language,
                       user.disabled)  # fmt: skip

    return Listed("users", ("user", "name", "role", "branches", "language", "shut out"), rows)


LISTS: Final[dict[str, Callable[[], Listed]]] = {
    "suppliers": _suppliers, "cashiers": _cashiers, "users": _users,
}  # fmt: skip
"""Every list here, by the name that its address has."""
