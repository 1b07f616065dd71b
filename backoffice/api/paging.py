"""Lists: a page of a question, where the next one begins, and only what has changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from backoffice.api import plain
from backoffice.api.operation import Call, Told, cursor, place_of
from backoffice.api.problem import CallRefused, say
from services.database.changes import Change
from services.database.tables import Instant


def listed(call: Call, query: sa.Select[Any], key: Any) -> tuple[list[Any], str | None]:
    """A page of a query in the order of one key, and where the next begins."""
    after = place_of(call.query.cursor, (str,))
    if after:
        query = query.where(key > after[0])
    rows = list(call.session.scalars(query.order_by(key).limit(call.query.limit + 1)))
    more = len(rows) > call.query.limit
    rows = rows[: call.query.limit]
    return rows, cursor(getattr(rows[-1], key.key)) if more else None


def keyed(
    call: Call, query: sa.Select[Any], keys: Sequence[Any], kinds: tuple[type, ...]
) -> tuple[list[Any], str | None]:
    """The same in the order of several columns; `kinds`: what a cursor holds of each."""
    after = place_of(call.query.cursor, kinds)
    if after:
        place = [_value(column, value) for column, value in zip(keys, after, strict=True)]
        query = query.where(sa.tuple_(*keys) > sa.tuple_(*place))
    found = list(call.session.scalars(query.order_by(*keys).limit(call.query.limit + 1)))
    more = len(found) > call.query.limit
    rows = found[: call.query.limit]
    last = [_text(getattr(rows[-1], column.key)) for column in keys] if more else []
    return rows, cursor(*last) if more else None


def sliced(call: Call, items: Sequence[Any], key: Callable[[Any], str]) -> tuple[Any, str | None]:
    """The same of what is in memory already, in the order of its keys."""
    after = place_of(call.query.cursor, (str,))
    rest = [each for each in items if after is None or key(each) > after[0]]
    some = rest[: call.query.limit]
    return some, cursor(key(some[-1])) if len(rest) > len(some) else None


def _text(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _value(column: Any, value: Any) -> Any:
    """What a cursor says, as a column holds it; a number that no column can hold is the largest."""
    if isinstance(column.type, sa.Date):
        return sa.literal(moment(value).date(), column.type)
    if isinstance(value, int):
        value = max(min(value, 2**31 - 1), -(2**31))
    if isinstance(column.type, Instant):
        value = moment(value)
    return sa.literal(value, column.type)


def moment(text: str) -> datetime:
    """The moment in a cursor; raises CallRefused where it is none."""
    try:
        found = datetime.fromisoformat(text)
        return plain.instant(found if found.tzinfo else found.replace(tzinfo=UTC))
    except ValueError as error:
        raise CallRefused(400, say("api.cursor"), [("cursor", say("api.cursor"))]) from error


def page(call: Call, items: list[Any], following: str | None) -> Told:
    """A page as the document says it."""
    return Told({"items": items, "next": following, "as_of": call.as_of})


def since(call: Call, query: sa.Select[Any], column: Any) -> sa.Select[Any]:
    """Only what was changed since the call says, by a column that knows when."""
    asked = call.query.changed_since
    return query if asked is None else query.where(column >= plain.instant(asked))


def since_noted(call: Call, query: sa.Select[Any], kind: str, key: Any) -> sa.Select[Any]:
    """The same of records whose rows do not know when: by the changes that were noted of them."""
    asked = call.query.changed_since
    if asked is None:
        return query
    noted = sa.select(Change.key).where(Change.kind == kind, Change.made_at >= plain.instant(asked))
    return query.where(key.in_(noted))
