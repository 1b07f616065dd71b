"""Which part of head office an address belongs to, and what it asks there: to see, or to change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.database import duties
from services.database.duties import CHANGE, SEE

OWN: Final = "own"
"""Pages about the person alone, and parts that every page needs: who is signed in may."""
OF: Final[Mapping[str, str]] = {
    "home": "selling", "live": "selling", "receipts": "selling", "turnover": "selling",
    "cash": "selling", "exports": "selling",
    "clients": "customers", "privacy": "customers", "vouchers": "customers",
    "articles": "articles", "editing": "articles", "grouping": "articles", "models": "articles", "labels": "articles", "pictures": "articles", "prices": "articles", "imports": "articles",
    "promotions": "promotions",
    "branches": "branches", "units": "branches", "rules": "branches",
    "tills": "tills",
    "cashiers": "staff", "roles": "staff",
    "layouts": "layouts", "keyboards": "layouts",
    "changes": "changes", "log": "log", "interfaces": "interfaces",
    "users": "users", "duties": "users",
    "me": OWN, "door": OWN, "saved": OWN, "slips": OWN,
}  # fmt: skip
"""The area of each group of pages. One that is not here is nobody's but the owner's."""
CHAIN: Final = frozenset({
    "editing", "grouping", "models", "imports", "layouts", "keyboards", "roles", "changes", "log",
    "interfaces", "users", "duties",
    "pictures.change", "pictures.take_back", "clients.fresh", "clients.make", "clients.change", "privacy.data", "privacy.ask",
    "privacy.erase", "vouchers.block", "promotions.fresh", "promotions.make", "promotions.change",
    "promotions.end", "rules", "units.fresh", "units.make", "units.move", "units.change",
})  # fmt: skip
"""Groups of pages, and single endpoints, that are the whole chain's: who sees one branch finds none."""
FORMS: Final = frozenset({
    "articles.edit", "articles.preview", "editing.fresh", "editing.edit", "promotions.fresh",
    "units.fresh", "clients.fresh", "privacy.ask", "cashiers.fresh", "users.fresh",
    "models.fresh", "models.edit", "rules.fresh",
})  # fmt: skip
"""Pages that are nothing but a form: who may not send it is not shown it."""
LISTS: Final[Mapping[str, str]] = {
    "articles": "articles", "prices": "articles", "customers": "customers", "debits": "customers",
    "tills": "tills", "branches": "branches", "log": "log", "promotions": "promotions",
}  # fmt: skip
"""The area of each list that leaves as a file; one that is not here belongs to the selling."""


def wanted(endpoint: str, method: str, what: str = "") -> tuple[str, str]:
    """The area that an endpoint belongs to, and what a request asks there. `what`: the list exported."""
    area = OF.get(endpoint.partition(".")[0], "users")
    area = LISTS.get(what, area) if endpoint == "exports.export" else area
    reads = method in {"GET", "HEAD", "OPTIONS"} and endpoint not in FORMS
    return area, SEE if reads else CHANGE


def of_the_chain(endpoint: str, what: str = "") -> bool:
    """Is this the whole chain's, so that who sees one branch does not find it?"""
    return bool({endpoint, endpoint.partition(".")[0]} & CHAIN) or what in CHAIN


def allowed(held: Mapping[str, str], endpoint: str, method: str, what: str = "") -> bool:
    """May somebody who holds these rights ask this?"""
    area, act = wanted(endpoint, method, what)
    return area == OWN or duties.may(held, area, act)
