"""The period since the last Z report, from the journal; kept beside it so that a start is quick."""

from __future__ import annotations

import contextlib
from pathlib import Path

from schemas import xml
from schemas.drawer import Closing
from schemas.money import Currency
from schemas.staff import Staff
from services.journal import read
from services.register.drawer import Period, closing, of_closing


def load(hand: Path, journal: Path, series: str, currency: Currency) -> Period:
    """The period as the journal says, through its newest entry.

    What was kept beside it saves reading all entries again; where it is missing, unsound or of
    another series the journal alone says it, from the last Z report on.
    """
    period = _kept(hand, journal, series, currency) or _from_last_z(journal, series, currency)
    for stored in read.present(journal, series, period.through):
        with contextlib.suppress(OSError, xml.DocumentRefused):
            period.add(stored.entry())
    return period


def keep(hand: Path, series: str, period: Period, who: Staff) -> None:
    """Keep the period beside the journal; nothing waits for the disk.

    Losing it costs time, and the number of practice receipts: the journal says all the rest.
    """
    path = hand / f"period-{series}.xml"
    beside = path.with_suffix(".new")
    with contextlib.suppress(OSError):
        at = period.begins
        if at is None:
            path.unlink(missing_ok=True)
            return
        beside.write_bytes(xml.dump(closing(period, "x", who, at)))
        beside.rename(path)


def _kept(hand: Path, journal: Path, series: str, currency: Currency) -> Period | None:
    try:
        x = xml.load(Closing, (hand / f"period-{series}.xml").read_bytes())
    except (OSError, xml.DocumentRefused):
        return None
    if x.through > read.last_number(journal, series) or x.total.currency != currency:
        return None
    return of_closing(x, currency)


def _from_series_before(journal: Path, series: str, currency: Currency) -> Period:
    """A new series begins with the money that the one before left in the drawer."""
    before = [
        s for s in read.series_names(journal) if read.series_order(s) < read.series_order(series)
    ]
    if not before:
        return Period(currency)
    last = _from_last_z(journal, before[-1], currency)
    for stored in read.present(journal, before[-1], last.through):
        with contextlib.suppress(OSError, xml.DocumentRefused):
            last.add(stored.entry())
    return Period(currency, carried=last.cash, grand_total=last.grand_total + last.sums["total"])


def _from_last_z(journal: Path, series: str, currency: Currency) -> Period:
    period = Period(currency)
    for number in range(read.last_number(journal, series), 0, -1):
        with contextlib.suppress(OSError, xml.DocumentRefused):
            entry = read.Stored(series, number, read.place(journal, series, number)).entry()
            if entry.closing is not None and entry.closing.kind == "z":
                period.add(entry)
                return period
    return _from_series_before(journal, series, currency)
