"""What programs read of the company: branches, tills, settings, taxes, tenders, and who works at the tills."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import Field, StringConstraints

from backoffice.api import paging, plain
from backoffice.api.models import Amount, Asked, Key, Moment, Named, Place, Said
from backoffice.api.operation import Call, Told, operation
from backoffice.api.problem import missing
from schemas import xml
from schemas.staff import Role
from schemas.tax import Tax
from schemas.tender import Tender
from services.database import changes, organisation
from services.database.changes import CHAIN
from services.database.organisation import Unit
from services.database.people import StaffRow
from services.evaluation import settings, tills

_KEY = r"^[0-9A-Za-z\-]{1,26}$"
_KINDS = r"^(company|region|branch|till|profile)$"


class BranchSaid(Said):
    """A branch."""

    key: Place
    name: str = Field(examples=["Neustadt"])
    address: Annotated[str | None, Field(examples=["Weg 1"])]
    currency: Annotated[str | None, Field(examples=["EUR"])]
    time_zone: Annotated[str | None, Field(examples=["Europe/Berlin"])]


class TillSaid(Said):
    """A till, and how it is: ok, check, act or off."""

    name: str = Field(examples=["014-1"])
    branch: Place
    state: str = Field(examples=["ok"])
    reason: str
    software: str | None
    waiting: int
    contact_at: Moment | None


class SettingSaid(Said):
    """A setting: what holds, and the unit that says so, as in `company elbmarkt`."""

    name: str = Field(examples=["price_list"])
    value: str = Field(examples=["station"])
    own: bool
    source: str = Field(examples=["region east"])


class UnitSaid(Said):
    """A unit of the organisation, with the settings that hold there."""

    kind: Literal["company", "region", "branch", "till", "profile"]
    key: str = Field(examples=["014"])
    name: str = Field(examples=["Neustadt"])
    parent_kind: Annotated[str | None, Field(examples=["region"])]
    parent: Annotated[str | None, Field(examples=["east"])]
    settings: list[SettingSaid]


class AskedUnits(Asked):
    """A page of units."""

    kind: Annotated[str, StringConstraints(pattern=_KINDS)] | None = Field(
        default=None, examples=["branch"]
    )


class RateSaid(Said):
    """So many percent from a moment on."""

    begins: Moment = Field(alias="from")
    percent: str = Field(examples=["7"])


class TaxClassSaid(Said):
    """What a tax class costs in a zone; `added`: it comes on top of prices."""

    key: str = Field(examples=["B"])
    zone: str = Field(examples=["de"])
    name: str = Field(examples=["7 %"])
    added: bool
    rates: list[RateSaid]


class TenderSaid(Named):
    """A way to pay."""

    key: Annotated[str, Field(examples=["cash"])]
    kind: str = Field(examples=["cash"])
    currency: Annotated[str | None, Field(examples=["CHF"])]
    most: Amount | None


class StaffSaid(Said):
    """Somebody at the tills of a branch; no PIN and no badge is ever told."""

    key: str = Field(examples=["mira"])
    branch: Place
    name: str = Field(examples=["Mira Köhler"])
    role: str = Field(examples=["cashier"])
    language: str | None
    badge: bool = Field(description="Do they wear one?")


class AskedStaff(Asked):
    """A page of staff."""

    branch: Place | None = None
    role: Key | None = None


class RightSaid(Said):
    """A right, up to a limit where it has one."""

    name: str = Field(examples=["void"])
    limit: Annotated[str | None, Field(examples=["20"])]


class RoleSaid(Said):
    """A role, and what it may do at the tills."""

    key: str = Field(examples=["cashier"])
    name: str = Field(examples=["Kasse"])
    rights: list[RightSaid]


@operation("GET", "/branches", "organisation:read", answers=BranchSaid, many=True, query=Asked)
def list_branches(call: Call) -> Told:
    """Branches, by key."""
    query = sa.select(Unit).where(Unit.kind == "branch")
    if call.branch:
        query = query.where(Unit.key == call.branch)
    rows, following = paging.listed(call, query, Unit.key)
    return paging.page(call, [plain.branch(row) for row in rows], following)


@operation("GET", "/tills", "organisation:read", answers=TillSaid, many=True, query=Asked)
def list_tills(call: Call) -> Told:
    """Tills, by name, and how each is."""
    states = tills.tills(call.session, call.branch, call.now)
    some, following = paging.sliced(call, states, lambda each: str(each.unit.key))
    return paging.page(call, [plain.till(each) for each in some], following)


def _mine(call: Call) -> sa.Select[Any]:
    """The units that a token sees: one for a branch sees that and its tills."""
    query = sa.select(Unit)
    if call.branch is None:
        return query
    own = sa.and_(Unit.kind == "branch", Unit.key == call.branch)
    below = sa.and_(
        Unit.kind == "till", Unit.parent_kind == "branch", Unit.parent_key == call.branch
    )
    return query.where(sa.or_(own, below))


def _unit(call: Call, unit: Unit) -> dict[str, Any]:
    """A unit with what holds there. A setting's source names no unit that the token does not see."""
    found: dict[str, dict[str, Any]] = {}
    for each in organisation.lineage(call.session, unit):
        for name, value in settings.values(each).items():
            own = each is unit
            source = f"{each.kind} {each.key}" if own or call.branch is None else each.kind
            if own or name != "takes":
                said = {"name": name, "value": value, "own": own, "source": source}
                found.setdefault(name, said)
    return {
        "kind": unit.kind, "key": unit.key, "name": unit.name, "parent_kind": unit.parent_kind,
        "parent": unit.parent_key if call.branch is None or unit.kind == "till" else None,
        "settings": [found[name] for name in sorted(found)],
    }  # fmt: skip


@operation("GET", "/units", "organisation:read", answers=UnitSaid, many=True, query=AskedUnits)
def list_units(call: Call) -> Told:
    """The organisation: company, regions, branches, tills and till profiles, with their settings."""
    query = _mine(call)
    if call.query.kind:
        query = query.where(Unit.kind == call.query.kind)
    rows, following = paging.keyed(call, query, (Unit.kind, Unit.key), (str, str))
    return paging.page(call, [_unit(call, row) for row in rows], following)


@operation("GET", "/units/{kind}/{key}", "organisation:read", answers=UnitSaid, wrong=(404,),
           keys={"kind": _KINDS, "key": _KEY})  # fmt: skip
def get_unit(call: Call) -> Told:
    """One unit, with the settings that hold there and where each comes from."""
    wanted = (Unit.kind == call.path["kind"], Unit.key == call.path["key"])
    unit = call.session.scalar(_mine(call).where(*wanted))
    if unit is None:
        raise missing("api.no-unit")
    return Told(_unit(call, unit), etag=plain.tag(unit.document()))


def _chain(call: Call, kind: str, form: type[Any]) -> tuple[list[Any], str | None]:
    """A page of the records of a kind that hold in the whole chain, as last edited, by key."""
    keys = sorted(changes.keys(call.session, CHAIN, kind))
    some, following = paging.sliced(call, keys, str)
    newest = changes.currents(call.session, CHAIN, kind, some)
    found = [each.document for each in newest.values() if each.document is not None]
    return [xml.load(form, document) for document in found], following


@operation("GET", "/taxes", "organisation:read", answers=TaxClassSaid, many=True, query=Asked)
def list_taxes(call: Call) -> Told:
    """Tax classes in each zone, with their rates: what an article's `tax` names."""
    rows, following = _chain(call, "tax", Tax)
    said = [
        {"key": row.class_, "zone": row.zone, "name": row.name, "added": bool(row.added),
         "rates": [{"from": rate.begins, "percent": f"{rate.percent.normalize():f}"}
                   for rate in row.rates]}
        for row in rows
    ]  # fmt: skip
    return paging.page(call, said, following)


@operation("GET", "/tenders", "organisation:read", answers=TenderSaid, many=True, query=Asked)
def list_tenders(call: Call) -> Told:
    """Ways to pay: what a receipt's payments name."""
    rows, following = _chain(call, "tender", Tender)
    names = ("key", "kind", "de", "en", "es", "currency")
    said = [
        {name: getattr(row, name) for name in names}
        | {"most": row.most.number if row.most else None}
        for row in rows
    ]
    return paging.page(call, said, following)


@operation("GET", "/staff", "staff:read", answers=StaffSaid, many=True, query=AskedStaff,
           wrong=(404,))  # fmt: skip
def list_staff(call: Call) -> Told:
    """Who may sell, by branch: the same key in two branches is one person."""
    query, branch = sa.select(StaffRow), call.place(call.query.branch).branch
    if branch:
        query = query.where(StaffRow.branch == branch)
    if call.query.role:
        query = query.where(StaffRow.role == call.query.role)
    rows, following = paging.keyed(call, query, (StaffRow.branch, StaffRow.key), (str, str))
    names = ("key", "branch", "name", "role", "language")
    said = [
        {name: getattr(row, name) for name in names} | {"badge": row.badge is not None}
        for row in rows
    ]
    return paging.page(call, said, following)


@operation("GET", "/roles", "staff:read", answers=RoleSaid, many=True, query=Asked)
def list_roles(call: Call) -> Told:
    """Roles of the chain, and what each may do at the tills."""
    rows, following = _chain(call, "role", Role)
    said = [
        {"key": row.key, "name": row.name,
         "rights": [{"name": right.name,
                     "limit": None if right.limit is None else f"{right.limit.normalize():f}"}
                    for right in row.rights]}
        for row in rows
    ]  # fmt: skip
    return paging.page(call, said, following)
