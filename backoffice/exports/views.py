"""Export: the list that a page shows, whole, as CSV or XLSX, with what it was narrowed by in its head."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import flask

from backoffice import access, database, frame
from backoffice.exports import lists, masterdata, people
from backoffice.exports.lists import Listed
from services.exporting import delimited, workbook
from services.exporting.table import Table

exports = flask.Blueprint("exports", __name__, url_prefix="/export")
TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

LISTS: Final = {**lists.LISTS, **people.LISTS, **masterdata.LISTS}
"""Every list, by the name that its address has."""
_NOT_ASKED: Final = frozenset({"page", "size", "saved", "marked", "what", "ending"})
"""Parts of a list's address that are no part of the question that its file answers."""


@exports.app_template_global()
def export_address(what: str, ending: str) -> str:
    """The file of a list as this page shows it: the same question, without its paging."""
    wanted: dict[str, Any] = {n: v for n, v in flask.request.args.items() if n not in _NOT_ASKED}
    return flask.url_for("exports.export", what=what, ending=ending, **wanted)


@exports.get("/<what>.<ending>")
def export(what: str, ending: str) -> Any:
    """A list, as a file. `plain` leaves out the line with title and filters."""
    if what not in LISTS or ending not in TYPES:
        flask.abort(404)
    listed, place, shown = LISTS[what](), frame.place(), frame.shown()
    where = f"{place.branch} {place.name}" if place.branch else place.company
    as_of = shown.local(frame.now())
    filters = [where, *listed.filters, f"{as_of:%Y-%m-%d %H:%M}", access.person().shown]
    office, zone, plain = database.office(), place.zone, "plain" in flask.request.args

    def pieces() -> Iterator[bytes]:
        with office.reading() as session:
            table = _table(listed, filters, session)
            if ending == "csv":
                yield from delimited.pieces(table, headed=not plain)
            else:
                yield from workbook.pieces(table, zone)

    answer = flask.Response(pieces(), content_type=TYPES[ending])
    name = f"{listed.name.replace(' ', '-')}-{as_of:%Y%m%d-%H%M}.{ending}"
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


def _table(listed: Listed, filters: list[str], session: Any) -> Table:
    money = frozenset(n for n, name in enumerate(listed.columns) if name.endswith("*"))
    columns = [name.rstrip("*") for name in listed.columns]
    return Table(listed.name.capitalize(), filters, columns, listed.rows(session), money=money)
