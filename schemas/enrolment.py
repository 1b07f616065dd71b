"""Enrolment: what head office answers to a till's one-time code; the till keeps it as its identity."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.binding import attribute
from schemas.keys import BranchKey, TillKey, till_name


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Who the till is, where head office is, and whose signatures it trusts.

    doorbell  where the till may wait to be told of changes at once; none where it must look
    series    the journal series that this box begins with: a new one for each enrolment of the till,
              so that a replaced box never writes under the numbers of the old
    trusted   head office's public keys (base64), of which any may sign a replica
    """

    branch: BranchKey = attribute()
    till: TillKey = attribute()
    office: str = attribute()
    doorbell: str | None = attribute(default=None)
    series: str = attribute(default="1")
    trusted: tuple[str, ...] = attribute(default=())

    @property
    def name(self) -> str:
        """The till's name in the whole company."""
        return till_name(self.branch, self.till)

    @property
    def scopes(self) -> tuple[str, ...]:
        """The replicas that this till mirrors: the chain's, its customers, its branch's, its own.

        Pictures come last: nothing waits for them.
        """
        return "chain", "customers", f"branch-{self.branch}", f"till-{self.name}", "pictures"
