"""What is typed about units: their settings, their names, their places."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from backoffice.typed import plain
from schemas.money import AmountRefused, Money
from schemas.orgunit import OrgUnit, Own
from services.database.readings import TYPED, amount

GROUPS: Final = (
    ("shop", ("address", "tax_number", "language", "currency", "time_zone", "receipt_link")),
    ("tax", ("tax_zone", "takeaway_zone", "price_list", "fiscal")),
    ("face", ("takes", "layout", "keyboard", "profile", "unknown")),
    ("devices", ("printer", "terminal", "scale", "scanner", "beeps", "display", "volume")),
    ("drawer", ("float_", "drawer_most", "blind_count", "count_attempts", "count_tolerance")),
    ("returns", ("return_days",)),
    ("offline", ("staff_days", "voucher_budget", "account_budget", "points_budget", "debit_budget",
                 "every_s", "neighbours")),
    ("office", ("release_review", "second_factor")),
)  # fmt: skip
"""The settings as people look for them; none is missing (a test holds it so)."""
ONLY: Final[Mapping[str, frozenset[str]]] = {
    "neighbours": frozenset({"till"}),
    "release_review": frozenset({"company"}),
    "second_factor": frozenset({"company"}),
    "takes": frozenset({"till", "branch", "region"}),
}
"""Settings that only some kinds of unit have."""
LOCAL: Final = frozenset({
    "language", "takes", "printer", "terminal", "scale", "scanner", "beeps", "display", "volume", "float_", "drawer_most", "neighbours",
})  # fmt: skip
"""What somebody who sees one branch may set there; the rest is the company's."""
YES_NO: Final = frozenset({"beeps", "blind_count", "release_review", "second_factor"})
AMOUNTS: Final = frozenset(name for name, read in TYPED.items() if read is amount)
"""Settings that are amounts of money."""
_PLACE: Final = re.compile(r"[0-9A-Za-z]{1,12}")
PARENTS: Final[Mapping[str, frozenset[str]]] = {
    "region": frozenset({"company", "region"}),
    "branch": frozenset({"company", "region"}),
    "till": frozenset({"branch"}),
    "profile": frozenset({"company"}),
}
"""Below what each kind of unit may lie."""


class SettingRefused(ValueError):
    """A setting cannot be this; the message is fit to show."""


def here(kind: str) -> list[tuple[str, list[str]]]:
    """The settings that a kind of unit has, in groups."""
    groups = [
        (head, [name for name in names if kind in ONLY.get(name, {kind})]) for head, names in GROUPS
    ]
    return [(head, names) for head, names in groups if names]


def spelled(name: str, typed: str, language: str, currency: str) -> str:
    """An amount as tills read it: `150,00` and `150` are `150.00 EUR`. All else is as it was typed."""
    if name not in AMOUNTS:
        return typed
    number, wrong = plain(typed.removesuffix(currency), language)
    try:
        return typed if wrong else str(Money.parse(number, currency))
    except AmountRefused:
        return typed


def with_setting(unit: OrgUnit, name: str, text: str | None) -> OrgUnit:
    """The unit with a setting of its own, or without it; raises SettingRefused."""
    if name not in TYPED or unit.kind not in ONLY.get(name, {unit.kind}):
        raise SettingRefused(name)
    said = unit.values
    said.pop(name, None)
    if text is not None:
        try:
            TYPED[name](text)
        except ValueError as error:
            raise SettingRefused(str(error)) from error
        said[name] = text
    return replace(unit, own=tuple(Own(each, value) for each, value in said.items()))


@dataclass
class PlaceForm:
    """A new unit as typed; `wrong`: the word that says what is the matter."""

    kind: str
    parent: str
    key: str
    name: str
    wrong: str | None = None

    @classmethod
    def of(cls, form: Mapping[str, str], parents: Mapping[str, str], there: set[str]) -> PlaceForm:
        """What the form says. `parents`: what may be a parent; `there`: the units that there are."""
        kind, parent = form.get("kind", "")[:10], form.get("parent", "")[:40]
        key, name = form.get("key", "").strip()[:30], " ".join(form.get("name", "").split())[:200]
        above, _, number = parent.partition(" ")
        if kind == "till" and above == "branch":
            key = f"{number}-{key}"
        made = cls(kind, parent, key, name)
        short = key.rpartition("-")[2]
        if kind not in PARENTS or above not in PARENTS[kind] or parent not in parents:
            made.wrong = "units.wrong.parent"
        elif not _PLACE.fullmatch(short):
            made.wrong = "units.wrong.key"
        elif not name or not name.isprintable():
            made.wrong = "units.wrong.name"
        elif f"{kind} {key}" in there:
            made.wrong = "units.wrong.taken"
        return made

    def unit(self) -> OrgUnit:
        """The unit, with nothing of its own."""
        above, _, number = self.parent.partition(" ")
        return OrgUnit(self.kind, self.key, self.name, above, number)
