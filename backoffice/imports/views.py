"""Imports: a file is brought, its columns are named, what it would change is seen, taken, undone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import flask
import sqlalchemy as sa

from backoffice import access, database, frame, htmx
from backoffice.changes import keeping
from backoffice.imports import forms, reasons
from services.database import changesets
from services.database.articles import tax_classes
from services.database.imports import WORKING, ImportBatch, ImportRow
from services.evaluation import imports as questions
from services.exporting import delimited
from services.exporting.table import Cell, Table
from services.importing import batches, outliers
from services.importing.sheet import SheetRefused

imports = flask.Blueprint("imports", __name__, url_prefix="/imports")
SIZES: Final = (50, 200)


def _batch(key: str) -> ImportBatch:
    """The batch, for somebody who may import at all: whoever sees the whole company."""
    batch = database.session().get(ImportBatch, key)
    if batch is None:
        flask.abort(404)
    return batch


@imports.get("/")
def all_() -> Any:
    """What was brought, newest first, and the form for the next file."""
    return _all(None)


def _all(wrong: str | None, status: int = 200) -> Any:
    number = frame.whole_number("page", 1, 100_000)
    rows, count = questions.batches(database.session(), 50, number)
    page = flask.render_template(
        "imports/all.html", rows=rows, count=count, number=number, size=50, wrong=wrong,
        most=batches.LARGEST_UPLOAD // 2**20,
    )  # fmt: skip
    return page, status


@imports.post("/")
def bring() -> Any:
    """Keep a file that somebody brings."""
    file = flask.request.files.get("file")
    if file is None or not file.filename:
        return _all(frame.shown().t("imports.no-file"), 422)
    try:
        key = batches.begin(
            database.office(), file.stream, file.filename, access.person().name, frame.now()
        )
    except SheetRefused as error:
        return _all(reasons.of(error), 422)
    return htmx.go(flask.url_for("imports.one", key=key))


@imports.get("/<key>")
def one(key: str) -> Any:
    """A file as it stands: its columns, how far the worker is, what would change, what was taken."""
    return _page(_batch(key))


def _page(batch: ImportBatch, status: int = 200, **more: Any) -> Any:
    if batch.state in WORKING:
        how = batches.progress(database.office(), batch.key)
        return htmx.page_or_part(
            "imports/working.html", "imports/_working.html", status, batch=batch, how=how
        )
    if htmx.asked() and flask.request.method == "GET" and "show" not in flask.request.args:
        return htmx.go(flask.url_for("imports.one", key=batch.key))  # the worker has finished
    if batch.state in {"columns", "failed"}:
        return flask.render_template(
            "imports/columns.html", batch=batch, fields=forms.FIELDS, taxes=tax_classes(database.session()),
            **({"wrong": None} | more),
        ), status  # fmt: skip
    return _differences(batch, status, **more)


def _differences(batch: ImportBatch, status: int, **more: Any) -> Any:
    session, args = database.session(), flask.request.args
    kinds = ("changed", "new", "faulty")
    usual = next((kind for kind in kinds if batch.counts.get(kind)), "changed")
    kind = args.get("show", usual)
    kind = kind if kind in kinds else usual
    why = args.get("why", "")
    why = why if why in {*outliers.REASONS, "prices", "outliers"} else ""
    size = 200 if frame.whole_number("size", 50) >= 200 else 50
    number = frame.whole_number("page", 1, 100_000)
    rows, count = questions.rows(session, batch.key, kind, why, size, number)
    answer = flask.render_template(
        "imports/differences.html", batch=batch, kind=kind, why=why, rows=rows, count=count,
        size=size, number=number, reasons=questions.reasons(session, batch.key, kind),
        faulty=questions.rows(session, batch.key, "faulty", "", 6, 1)[0],
        ticked=questions.ticked(session, batch.key), **({"wrong": None, "at": ""} | more),
    )  # fmt: skip
    return answer, status


@imports.post("/<key>/columns")
def read_as(key: str) -> Any:
    """Say what the columns are; then the worker tries it."""
    batch, form = _batch(key), flask.request.form
    double = forms.twice(form, batch)
    if double:
        wrong = frame.shown().t("imports.twice", field=_field(double))
        return _page(batch, 422, wrong=wrong)
    given = forms.reading(form, batch, frozenset(tax_classes(database.session())))
    try:
        with database.writing() as session:
            held = session.get(ImportBatch, key, with_for_update=True)
            if held is not None and held.state in {"columns", "failed", "ready"}:
                batches.read_as(session, held, given, access.person().name)
    except SheetRefused:
        return _page(batch, 422, wrong=frame.shown().t("imports.no-key"))
    return htmx.go(flask.url_for("imports.one", key=key))


@imports.app_template_filter()
def import_reason(said: dict[str, Any] | str) -> str:
    """Why a row is faulty, or why the worker could not go on with a file."""
    return reasons.of_batch(said) if isinstance(said, str) else reasons.of_row(said)


@imports.app_template_global()
def import_field(ours: str) -> str:
    """What one of our fields is called."""
    return _field(ours)


def _field(ours: str) -> str:
    shown = frame.shown()
    name, _, place = ours.partition(" in ") if " in " in ours else ours.partition("@")
    if name.startswith("tax="):
        return shown.t("imports.field.tax-flag", percent=name.removeprefix("tax="))
    known = name.replace(" ", "_") in KNOWN
    text = shown.t(f"imports.field.{name.replace(' ', '_')}") if known else name
    return f"{text} · {place}" if place else text


_OPTIONS: Final = tuple(f"{each}{n}" for each in ("axis", "option") for n in (1, 2, 3))
KNOWN: Final = frozenset(
    {*forms.FIELDS, *_OPTIONS, "tax_class", "de", "en", "es", "model", "options"}
)
"""Our fields, and what differences call them."""


@imports.post("/<key>/again")
def again(key: str) -> Any:
    """Go back to the columns."""
    _batch(key)
    with database.writing() as session:
        held = batches.locked(session, key, "ready")
        if held is not None:
            batches.to_do(held, "columns")
    return htmx.go(flask.url_for("imports.one", key=key))


@imports.post("/<key>/ticks")
def tick(key: str) -> Any:
    """Tick or untick: what a page shows, or all that is shown by one chip."""
    _batch(key)
    form = flask.request.form
    kind, why = form.get("show", ""), form.get("why", "")
    with database.writing() as session:
        held = batches.locked(session, key, "ready")
        if held is not None and form.get("all") in {"yes", "no"}:
            where = questions.which(key, kind, why)
            session.execute(
                sa.update(ImportRow).where(*where, ImportRow.kind != "faulty")
                .values(ticked=form["all"] == "yes")
                .execution_options(synchronize_session=False)
            )  # fmt: skip
        elif held is not None:
            _as_ticked(session, key)
    wanted: dict[str, Any] = {
        name: form.get(name) or None for name in ("show", "why", "page", "size")
    }
    return htmx.go(flask.url_for("imports.one", key=key, **wanted))


def _as_ticked(session: Any, key: str) -> None:
    """The rows that a page showed, as their boxes stand."""
    shown = {int(n) for n in flask.request.form.getlist("row") if n.isdecimal() and len(n) < 18}
    marked = {int(n) for n in flask.request.form.getlist("tick") if n.isdecimal() and len(n) < 18}
    rows = session.scalars(
        sa.select(ImportRow).where(
            ImportRow.batch == key,
            ImportRow.id.in_(sorted(shown)[:200]),
            ImportRow.kind != "faulty",
        )
    )
    for row in rows:
        row.ticked = row.id in marked


@imports.get("/<key>/faulty.csv")
def faulty_rows(key: str) -> Any:
    """The rows that cannot be taken, with line and reason, to be mended and brought again."""
    batch = _batch(key)
    names = [name for name, _ in batch.headers]

    def rows() -> Iterator[list[Cell]]:
        number = 1
        while some := questions.rows(session, batch.key, "faulty", "", 500, number)[0]:
            for row in some:
                fields = row.said["fields"]
                yield [
                    row.line,
                    reasons.of_row(row.said),
                    *(fields.get(name, "") for name in names),
                ]
            number += 1

    session = database.session()
    table = Table(batch.name, (), ["line", "reason", *names], rows())
    body = b"".join(delimited.pieces(table, headed=False))
    answer = flask.Response(body, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename=errors-{batch.key}.csv"
    return answer


@imports.post("/<key>/apply")
def apply(key: str) -> Any:
    """Take what is ticked; the worker does it."""
    batch, form = _batch(key), flask.request.form
    try:
        at = forms.moment(
            form.get("at", "") if form.get("when") == "at" else "", frame.place().zone
        )
    except ValueError:
        return _page(
            batch, 422, wrong=frame.shown().t("price.no-moment"), at=form.get("at", "")[:40]
        )
    into = keeping.collecting()
    with database.writing() as session:
        held = batches.locked(session, key, "ready")
        if held is not None:
            _as_ticked(session, key)
            held.prices_at, held.by = at, access.person().name
            held.change_set = into.id if into is not None else None
            held.reading = {**held.reading, "asks": keeping.must_ask(session)}
            batches.to_do(held, "applying")
    return htmx.go(flask.url_for("imports.one", key=key))


@imports.post("/<key>/undo")
def undo(key: str) -> Any:
    """Take the whole import back; the worker does it.

    Where a second person must agree, what holds already is taken back in the log, which collects it.
    """
    batch = _batch(key)
    if batch.entry and batch.change_set is None and changesets.needs_review(database.session()):
        return _page(batch, 409, wrong=frame.shown().t("imports.undo-review"))
    with database.writing() as session:
        held = batches.locked(session, key, "applied")
        if held is not None and held.change_set is not None:
            batches.to_do(held, "undoing")  # out of the set, where it is whoever collected it
        elif held is not None and held.entry:
            held.by = access.person().name
            batches.to_do(held, "undoing")
    return htmx.go(flask.url_for("imports.one", key=key))


@imports.post("/<key>/drop")
def drop(key: str) -> Any:
    """Throw the file away; nothing of it was taken, or what was taken stays."""
    _batch(key)
    with database.writing() as session:
        held = session.get(ImportBatch, key, with_for_update=True)
        if held is not None and held.state not in WORKING:
            batches.drop(database.office(), session, held)
    return htmx.go(flask.url_for("imports.all_"))
