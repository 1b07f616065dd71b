"""One unit of the organisation: its settings and where they come from, its name, its place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import flask
from sqlalchemy.orm import Session

from backoffice import access, database, frame, htmx
from backoffice.branches import forms
from backoffice.branches.forms import PlaceForm, SettingRefused
from backoffice.changes import drafts, keeping
from schemas.orgunit import OrgUnit
from services.database import changes, organisation
from services.database.changes import CHAIN, OFFICE, RecordRefused
from services.database.organisation import Unit
from services.evaluation import settings

units = flask.Blueprint("units", __name__, url_prefix="/units")


@units.get("/new")
def fresh() -> Any:
    """A form for a new region, branch, till or till profile."""
    kind = flask.request.args.get("kind", "branch")
    parent = flask.request.args.get("below", "company company")
    return _fresh_page(PlaceForm(kind, parent, "", ""))


@units.post("/new")
def make() -> Any:
    """Make it; a branch with as many tills as it should have."""
    form = flask.request.form
    there = {f"{kind} {u.key}" for kind in (*forms.PARENTS, "company")
             for u in organisation.units(database.session(), kind)}  # fmt: skip
    made = PlaceForm.of(form, _parents(), there)
    if made.wrong:
        return _fresh_page(made), 422
    tills = form.get("tills", "0")
    many = int(tills) if made.kind == "branch" and tills.isdecimal() and len(tills) < 3 else 0
    unit = made.unit()
    below = [
        OrgUnit("till", f"{unit.number}-{n}", str(n), "branch", unit.number)
        for n in range(1, many + 1)
    ]
    try:
        with database.writing() as session:
            keeping.keep(session, [(each, OFFICE) for each in (unit, *below)])
    except (RecordRefused, ValueError):
        return _fresh_page(replace(made, wrong="units.wrong.key")), 422
    if keeping.collecting() is not None:
        return htmx.go(flask.url_for("branches.tree", said="collected"))
    return htmx.go(flask.url_for("units.one", kind=unit.kind, key=unit.number))


@units.post("/move")
def move() -> Any:
    """Put a region or branch below another unit, as it was dragged there."""
    kind, _, key = flask.request.form.get("unit", "")[:40].partition(" ")
    unit = _document(_unit(kind, key))
    moved = _below(unit, flask.request.form.get("parent", "")[:40])
    if moved is None:
        return htmx.go(flask.url_for("branches.tree", said="cannot"))
    with database.writing() as session:
        keeping.keep(session, [(moved, OFFICE)])
    return htmx.go(flask.url_for("branches.tree", said=_said(), of=moved.name))


@units.get("/<kind>/<key>")
def one(kind: str, key: str) -> Any:
    """One unit."""
    return _page(_unit(kind, key))


@units.post("/<kind>/<key>")
def change(kind: str, key: str) -> Any:
    """Another name or place for a unit."""
    unit, form = _unit(kind, key), flask.request.form
    name = " ".join(form.get("name", "").split())[:200]
    document = _document(unit)
    if not name or not name.isprintable():
        return _page(unit, wrong="units.wrong.name"), 422
    moved: OrgUnit | None = document
    parent = form.get("parent", "")[:40]
    if parent and parent != f"{document.parent_kind} {document.parent_number}":
        moved = _below(document, parent)
    if moved is None:
        return _page(unit, wrong="units.wrong.parent"), 422
    if _stale(unit):
        return _page(unit, wrong="units.conflict"), 409
    with database.writing() as session:
        keeping.keep(session, [(replace(moved, name=name), OFFICE)])
    return htmx.go(flask.url_for("units.one", kind=kind, key=key, said=_said()))


@units.post("/<kind>/<key>/setting")
def set_(kind: str, key: str) -> Any:
    """A setting of the unit's own; or none any more, so that it is inherited again."""
    unit, form = _unit(kind, key), flask.request.form
    name, text = form.get("name", "")[:40], form.get("value", "").strip()[:500]
    if access.branch() is not None and name not in forms.LOCAL:
        flask.abort(403)
    text = forms.spelled(name, text, access.language(), _currency(unit))
    own = None if form.get("act") == "inherit" else text
    wrong = "units.wrong.choose" if own is not None and not _is_there(name, own) else None
    try:
        changed = forms.with_setting(_document(unit), name, own)
    except SettingRefused as refused:
        return _page(unit, edit=name, typed=text, refused=str(refused)), 422
    if wrong or _stale(unit):
        return _page(
            unit, edit=name, typed=text, wrong=wrong or "units.conflict"
        ), 409 if not wrong else 422
    try:
        with database.writing() as session:
            keeping.keep(session, [(changed, OFFICE)])
    except ValueError as refused:  # a till below would be left without something that it needs
        return _page(unit, edit=name, typed=text, refused=str(refused)), 422
    where = flask.url_for("units.one", kind=kind, key=key, said=_said(), of=name)
    return htmx.go(f"{where}#{name}")


def _currency(unit: Unit) -> str:
    """What amounts of a unit are in."""
    return settings.of(database.session(), unit)["currency"].value or frame.place().currency


def _said() -> str:
    return "collected" if keeping.collecting() is not None else "saved"


def _unit(kind: str, key: str) -> Unit:
    """A unit as far as the person may see it: of one branch, that branch and its tills."""
    found = database.session().get(Unit, (kind, key))
    own = access.branch()
    within = own is None or key == own or (kind == "till" and found and found.parent_key == own)
    if found is None or not within or (own and kind not in {"branch", "till"}):
        flask.abort(404)
    return found


def _document(unit: Unit) -> OrgUnit:
    """What the unit says, going on from what this person has collected about it."""
    return drafts.as_left(database.session(), unit.document(), OFFICE)


def _seen(session: Session, unit: Unit) -> int:
    """The newest change of a unit: whoever changes it says which one they saw."""
    key = f"{unit.kind} {unit.key}"
    return changes.currents(session, OFFICE, "org-unit", [key])[key].change


def _stale(unit: Unit) -> bool:
    """Did somebody change the unit since its page was shown?"""
    seen = flask.request.form.get("seen", "")
    return seen.isdecimal() and int(seen[:18]) != _seen(database.session(), unit)


def _below(unit: OrgUnit, parent: str) -> OrgUnit | None:
    """The unit below another one; None where it cannot lie there."""
    above, _, number = parent.partition(" ")
    allowed = unit.kind in {"region", "branch"} and above in forms.PARENTS[unit.kind]
    if not allowed or parent not in _parents():
        return None
    at = database.session().get(Unit, (above, number))
    while at is not None:
        if (at.kind, at.key) == (unit.kind, unit.number):
            return None  # it would lie below itself
        key = (at.parent_kind, at.parent_key)
        at = database.session().get(Unit, key) if all(key) else None
    return replace(unit, parent_kind=above, parent_number=number)


def _parents() -> dict[str, str]:
    """All that something can lie below, by kind and key, with its name."""
    session = database.session()
    return {
        f"{kind} {unit.key}": unit.name
        for kind in ("company", "region", "branch")
        for unit in organisation.units(session, kind)
    }


def _choices() -> dict[str, list[str]]:
    """The settings that are chosen from what there is."""
    session = database.session()

    def first(kind: str, part: int = 0) -> list[str]:
        return sorted({key.split("|")[part] for key in changes.keys(session, CHAIN, kind)})

    zones = sorted(
        {part for key in changes.keys(session, CHAIN, "tax") for part in key.split("|")[1:2]}
    )
    return {
        "layout": first("layout"), "keyboard": first("keyboard"),
        "tax_zone": zones, "takeaway_zone": zones,
        "takes": [unit.key for unit in organisation.units(session, "profile")],
        "language": ["de", "en", "es"], "profile": ["live", "test", "demo"],
        "unknown": ["continue", "hold", "ask"],
        **{name: ["true", "false"] for name in forms.YES_NO},
    }  # fmt: skip


def _is_there(name: str, text: str) -> bool:
    """Is what was chosen among what there is? A list that is empty chooses nothing."""
    choices = _choices().get(name)
    return not choices or text in choices


def _fresh_page(form: PlaceForm) -> str:
    return flask.render_template(
        "branches/new.html", form=form, parents=_parents(), kinds=forms.PARENTS
    )


def _page(
    unit: Unit, *, edit: str | None = None, typed: str | None = None, refused: str | None = None,
    wrong: str | None = None,
) -> str:  # fmt: skip
    session, args = database.session(), flask.request.args
    document = _document(unit)
    own = access.branch()
    return flask.render_template(
        "branches/unit.html", unit=unit, document=document, groups=forms.here(unit.kind),
        settings=settings.of(session, unit), drafted=document.values if keeping.collecting() else None,
        edit=edit or args.get("edit"), typed=typed, refused=refused, wrong=wrong,
        choices=_choices(), seen=_seen(session, unit), local=forms.LOCAL if own else None,
        reach=organisation.count_tills(session, unit.kind, unit.key), said=args.get("said"),
        above=list(organisation.lineage(session, unit))[1:] if not own else [],
        parents={k: n for k, n in _parents().items() if k.partition(" ")[0] in forms.PARENTS.get(unit.kind, ())},
        takers=organisation.takers(session, unit.key) if unit.kind == "profile" else [],
        amounts=forms.AMOUNTS,
    )  # fmt: skip
