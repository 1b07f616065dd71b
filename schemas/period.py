"""Instants and periods: always with an offset, so that a local day can be told from the text alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta


class InstantRefused(ValueError):
    """What was written is not an instant with an offset; the message is fit to show."""


def instant(text: str) -> datetime:
    """The instant written `text` (ISO 8601 with an offset)."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InstantRefused(f"“{text[:40]}” is not a date and time") from None
    if moment.tzinfo is None:
        raise InstantRefused(f"“{text[:40]}” has no offset, as in 2026-11-25T08:00:00+01:00")
    return moment


def written(moment: datetime) -> str:
    """`moment` as documents carry it: ISO 8601 with its offset, seconds, and a fraction if it has one."""
    if moment.tzinfo is None:
        raise ValueError("an instant needs an offset")
    return moment.isoformat()


def utc(moment: datetime) -> datetime:
    """The same instant with the offset of UTC."""
    return moment.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Period:
    """From an instant on, up to but not including another; open where an end is None."""

    begins: datetime | None = None
    ends: datetime | None = None

    def __contains__(self, moment: datetime) -> bool:
        return (self.begins is None or self.begins <= moment) and (
            self.ends is None or moment < self.ends
        )


def days(first: date, last: date) -> list[date]:
    """Every day from `first` to `last`, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
