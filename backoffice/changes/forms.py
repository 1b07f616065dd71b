"""When and where a change set shall hold, as somebody chose it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from backoffice.typed import ahead


@dataclass(frozen=True, slots=True)
class ReleaseForm:
    """A release. `wrong` names the sentence that says what is the matter.

    begins    None: at once
    branches  empty: everywhere
    """

    when: str = "now"
    at: str = ""
    begins: datetime | None = None
    branches: tuple[str, ...] = ()
    wrong: str | None = None

    @classmethod
    def of(cls, form: MultiDict[str, str], zone: ZoneInfo, there: set[str]) -> ReleaseForm:
        """What the form holds; branches that are not there are refused."""
        when, at = form.get("when", "now")[:10], form.get("at", "").strip()[:40]
        where = tuple(form.getlist("where")) if form.get("reach") == "some" else ()
        wrong = None
        if form.get("reach") == "some" and (not where or not set(where) <= there):
            wrong = "sets.no-branch"
        begins = None
        if when == "at":
            begins, late = ahead(at, zone)
            wrong = wrong or late
        return cls(when, at, begins, where, wrong)
