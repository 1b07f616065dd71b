"""Organisational units: company, region, branch, till, with what each says itself. Head office's own."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.binding import attribute, children


@dataclass(frozen=True, slots=True)
class Own:
    """A setting that a unit has of its own; whatever it does not name it takes from above."""

    name: str = attribute()
    value: str = attribute()


@dataclass(frozen=True, slots=True)
class OrgUnit:
    """One unit of the organisation. Tills never get it: they get the `Settings` worked out from it.

    kind           company, region, branch, till, or a profile whose settings others take
    number         its key within its kind; a till's is `branch-till`
    parent_kind, parent_number  the unit above it; the company has none
    """

    kind: str = attribute()
    number: str = attribute("key")
    name: str = attribute()
    parent_kind: str | None = attribute("parent-kind", default=None)
    parent_number: str | None = attribute("parent-key", default=None)
    own: tuple[Own, ...] = children("own")

    @property
    def key(self) -> str:
        """The record's key: units of two kinds may have the same number."""
        return f"{self.kind} {self.number}"

    @property
    def values(self) -> dict[str, str]:
        """What it says itself, by name."""
        return {each.name: each.value for each in self.own}
