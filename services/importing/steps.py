"""The worker's part of an import: the dry run, the taking, and the taking back."""

from __future__ import annotations

import json
import logging
import secrets
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from schemas.keys import TaxClass
from schemas.money import exponent
from services.database import audit, changesets, undoing
from services.database.articles import ArticleRow
from services.database.changesets import SetRefused
from services.database.headoffice import HeadOffice
from services.database.imports import WORKING, ImportBatch, ImportRow
from services.importing import articles, batches, collected, columns, narrowing, outliers, sheet
from services.importing.articles import FROM, NOTHING, Difference, Plan, PlanOutdated
from services.importing.batches import Meter
from services.importing.refusal import ImportRefused
from services.importing.row import Ground
from services.importing.sheet import Sheet

log = logging.getLogger(__name__)

LOOK_S: Final = 0.5
DEAD: Final = timedelta(seconds=120)
"""A worker that has said nothing for so long is dead, and another may take its batch."""
_CLEAN_S: Final = 3600.0
_TRIES: Final = 3
"""How often a plan is made anew because somebody changed one of its articles meanwhile."""


def run(office: HeadOffice, stop: threading.Event) -> None:
    """Do what pages have left to do, until `stop`."""
    due = 0.0
    while not stop.is_set():
        try:
            while once(office) and not stop.is_set():
                pass
            due -= LOOK_S
            if due <= 0:
                batches.expire(office)
                due = _CLEAN_S
        except OperationalError as error:  # the database is away: the next look tries again
            log.warning("imports not looked at why=%s", type(error).__name__)
        stop.wait(LOOK_S)


def once(office: HeadOffice) -> bool:
    """Do one step that waits; answers whether there was one."""
    found = _take(office)
    if found is None:
        return False
    key, state, claim = found
    meter = Meter(office, key)
    try:
        {"planning": _plan, "applying": _apply, "undoing": _undo}[state](office, key, claim, meter)
        log.info("import step done batch=%s step=%s", key, state)
    except ImportRefused as error:
        _failed(
            office,
            key,
            claim,
            json.dumps([error.said, error.parts], ensure_ascii=False),
            str(error),
        )
    except PlanOutdated:
        _failed(office, key, claim, "outdated")
    except SetRefused:
        _failed(office, key, claim, "set-closed")
    except LookupError as error:
        _failed(office, key, claim, str(error))
    except OperationalError:
        raise
    except Exception:
        log.exception("import failed batch=%s step=%s", key, state)
        _failed(office, key, claim, "fault")
    finally:
        meter.gone()
    return True


def _take(office: HeadOffice) -> tuple[str, str, str] | None:
    """A batch that waits, or whose worker died, on record as ours."""
    with office.reading() as session:
        waiting = session.scalars(
            sa.select(ImportBatch)
            .where(ImportBatch.state.in_(WORKING))
            .order_by(ImportBatch.made_at)
        ).all()
    now, claim = datetime.now(UTC), secrets.token_hex(8)
    for batch in waiting:
        if batch.claimed_at and min(now - batch.claimed_at, _quiet(office, batch.key)) < DEAD:
            continue
        with office.session() as session:
            mine = sa.update(ImportBatch).where(
                ImportBatch.key == batch.key, ImportBatch.state == batch.state,
                ImportBatch.claim == batch.claim if batch.claim else ImportBatch.claim.is_(None),
            )  # fmt: skip
            done = session.execute(mine.values(claim=claim, claimed_at=now))
            if getattr(done, "rowcount", 0):
                return batch.key, batch.state, claim
    return None


def _quiet(office: HeadOffice, key: str) -> timedelta:
    return Meter(office, key).quiet_for()


def _mine(session: Session, key: str, claim: str) -> ImportBatch | None:
    """The batch, while it is still ours to finish: its row is locked until the end."""
    batch = session.get(ImportBatch, key, with_for_update=True)
    return batch if batch is not None and batch.claim == claim else None


def _failed(office: HeadOffice, key: str, claim: str, said: str, shorter: str = "") -> None:
    with office.session() as session:
        batch = _mine(session, key, claim)
        if batch is not None:
            batches.to_do(batch, "applied" if batch.state == "undoing" else "failed")
            batch.said = batches.clean(said if len(said) <= 500 else shorter)[:500]


def _read(
    office: HeadOffice, session: Session, batch: ImportBatch, meter: Meter, *, again: bool = False
) -> tuple[Sheet, Ground, Plan]:
    """The file as it is read, and what it would change now."""
    meter.note("read")
    table = sheet.read(batches.path_of(office, batch.key), batch.name, columns.headed)
    where = articles.ground(session)
    tax = TaxClass(batch.reading.get("tax") or where.tax)
    where = Ground(
        where.currency, where.time_zone, where.language, tax, where.taxes, where.branches,
        where.now, where.rates, batches.choice_of(batch.reading), batch.prices_at, where.names,
    )  # fmt: skip
    total = len(table.rows)
    plan = articles.plan(
        session, table, where, lambda rows: meter.watch("compare", total, rows), again=again
    )
    return table, where, plan


def _plan(office: HeadOffice, key: str, claim: str, meter: Meter) -> None:
    """The dry run: nothing is changed but what the page shows."""
    with office.reading() as session:
        batch = session.get_one(ImportBatch, key)
        _, where, plan = _read(office, session, batch, meter)
        limit = int(batch.reading.get("limit", outliers.USUAL_LIMIT))
    meter.note("write")
    rows = list(_rows(key, plan, exponent(where.currency), limit, where.language))
    counts = {
        "new": len(plan.new), "changed": len(plan.differences), "unchanged": plan.unchanged,
        "faulty": len(plan.faulty), "outliers": sum(1 for row in rows if row["outlier"]),
        "prices": len(plan.prices), "without_price": plan.without_price,
        "unnamed": plan.without_name, "ignored": plan.ignored[:50],
    }  # fmt: skip
    with office.session() as session:
        mine = _mine(session, key, claim)
        if mine is None:
            return
        session.execute(sa.delete(ImportRow).where(ImportRow.batch == key))
        for begin in range(0, len(rows), 1000):
            session.execute(sa.insert(ImportRow), rows[begin : begin + 1000])
        batches.to_do(mine, "ready")
        mine.counts = counts


def _rows(
    key: str, plan: Plan, decimals: int, limit: int, language: str
) -> Iterator[dict[str, Any]]:
    """What the page shows: a row a new article, a row a field that changes, a row that is faulty."""
    priced = {price.article: str(price.amount) for price in reversed(plan.prices)}
    for article in plan.new:
        price = priced.get(article, NOTHING)
        why = outliers.reason(Difference("price", NOTHING, price), decimals, limit)
        said: dict[str, Any] = {"before": NOTHING, "after": price}
        yield _row(key, "new", why, said, article, plan.articles[article].name(language))
    for article, differences in plan.differences.items():
        name = plan.before[article].article.name(language)
        for each in differences:
            why = outliers.reason(each, decimals, limit)
            after, _, begins = each.after.partition(FROM)
            said = {"before": each.before, "after": after, "begins": begins}
            yield _row(key, "changed", why, said, article, name, each.field)
    for faulty in plan.faulty:
        fields = {name: text for name, text in faulty.fields.items() if name.isprintable()}
        said = {
            "reason": batches.clean(faulty.reason),
            "why": faulty.why.said,
            "parts": {name: batches.clean(text) for name, text in faulty.why.parts.items()},
            "fields": {name: batches.clean(text)[:2000] for name, text in fields.items()},
        }
        yield _row(key, "faulty", None, said, line=faulty.line)


def _row(
    key: str, kind: str, why: str | None, said: dict[str, Any], article: str = "", name: str = "",
    field: str = "", line: int = 0,
) -> dict[str, Any]:  # fmt: skip
    return {
        "batch": key, "kind": kind, "outlier": why, "ticked": why is None and kind != "faulty",
        "said": said, "article": article, "name": name[:200], "field": field[:60], "line": line,
    }  # fmt: skip


def _apply(office: HeadOffice, key: str, claim: str, meter: Meter) -> None:
    """Take what is ticked, and is still as it was shown; all of it, or nothing."""
    for _ in range(_TRIES):
        with office.reading() as session:
            batch = session.get_one(ImportBatch, key)
            _, _, plan = _read(office, session, batch, meter, again=True)
            left = narrowing.narrowed(plan, _ticked(session, key))
            by = batch.by
        total = (
            len(plan.groups)
            + len(plan.models)
            + len(plan.new)
            + len(plan.changed)
            + len(plan.prices)
        )
        ready = articles.prepared(plan, lambda items: meter.watch("check", total, items))  # noqa: B023
        meter.note("write")
        try:
            _written(office, key, claim, by, plan, ready, left)
        except PlanOutdated:
            continue
        return
    raise PlanOutdated


def _written(
    office: HeadOffice, key: str, claim: str, by: str, plan: Plan, ready: list[Any], left: int
) -> None:
    with office.session() as session:
        mine = _mine(session, key, claim)
        if mine is None:
            return
        mine.applied_at, unnamed = datetime.now(UTC), 0
        if mine.change_set is None:
            said = {"file": mine.name}
            mine.entry = audit.note(session, by, "import", f"import {key}", said=said)
            articles.apply(session, plan, by, ready=ready)
        else:
            unnamed = collected.collect(session, mine.change_set, plan, ready, by, mine.applied_at)
            if mine.reading.get("asks"):
                session.flush()
                changesets.propose(session, mine.change_set, by)
        batches.to_do(mine, "applied")
        mine.counts = {
            **mine.counts, "taken_new": len(plan.new), "taken_changed": len(plan.changed),
            "taken_prices": len(plan.prices), "left": left,
            "suppliers_left": unnamed,
        }  # fmt: skip


def _ticked(session: Session, key: str) -> dict[tuple[str, str], tuple[str, str]]:
    rows = session.execute(
        sa.select(ImportRow.article, ImportRow.field, ImportRow.said).where(
            ImportRow.batch == key, ImportRow.ticked
        )
    )
    return {(row.article, row.field): (row.said["before"], row.said["after"]) for row in rows}


def _undo(office: HeadOffice, key: str, claim: str, meter: Meter) -> None:
    """Put back what the import changed, but for what somebody changed since."""
    meter.note("write")
    with office.session() as session:
        mine = _mine(session, key, claim)
        if mine is None:
            return
        if mine.change_set is not None and mine.applied_at is not None:
            many = changesets.take_out(session, mine.change_set, mine.by, mine.applied_at)
            if mine.reading.get("asks") and changesets.edits(session, mine.change_set):
                changesets.propose(session, mine.change_set, mine.by)
            restored = {"restored": many}
        elif mine.entry is not None:
            done = undoing.undo(session, [mine.entry], mine.by, subject=f"import {key}")
            _suppliers_back(session, key)
            restored = {"restored": done.restored, "kept_later": len(done.left)}
        else:
            return
        batches.to_do(mine, "undone")
        mine.undone_at = datetime.now(UTC)
        mine.counts = {**mine.counts, **restored}


def _suppliers_back(session: Session, key: str) -> None:
    """A supplier's name is no part of an article's document: where it is still ours, it goes back."""
    rows = session.scalars(
        sa.select(ImportRow).where(
            ImportRow.batch == key, ImportRow.field == "supplier", ImportRow.ticked
        )
    )
    for row in rows:
        before, after = (
            None if row.said[n] == NOTHING else row.said[n] for n in ("before", "after")
        )
        session.execute(
            sa.update(ArticleRow)
            .where(ArticleRow.key == row.article, ArticleRow.supplier == after)
            .values(supplier=before)
            .execution_options(synchronize_session=False)
        )
