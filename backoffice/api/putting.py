"""How programs write: whole records under their own keys, where a form's edits go too.

The same call again changes nothing. Many at once are written all or none, or, where the call says
`partial`, each that can be. With `change_set` they are collected there, and hold once it is released;
where the company wants a second person to agree, no program goes past that either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backoffice import database
from backoffice.api import plain
from backoffice.api.models import Collecting
from backoffice.api.operation import Call, Told
from backoffice.api.problem import CallRefused, say, wrong
from backoffice.api.wares import ThisPrice
from backoffice.words import LANGUAGES, word
from schemas import xml
from schemas.article import Article
from schemas.binding import tag
from schemas.price import Price
from services.database import audit, bulk, changes, changesets, organisation, records
from services.database.changes import RecordRefused
from services.database.changesets import OPEN, ChangeSet, SetEdit, SetRefused

MOST: Final = 1000
"""Records of one call."""
NUMBER: Final = r"^[0-9A-Za-z_.\-]{1,40}$"
WRONG: Final = (403, 404, 409, 412, 413, 415)
REVIEWED: Final = (Collecting, ThisPrice)
"""How a write is asked for that a change set can hold: what forms do of the same kind is reviewed too."""
_CROSSED: Final = frozenset({"40001", "40P01"})
"""Two calls that wait for each other. Source: PostgreSQL, appendix A, class 40."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record that programs write.

    held  the record with a key as head office has it; with True, others who write it wait for us
    more  what only head office has of it, for its ETag
    row   the table that keeps it by its key alone, where there is one
    """

    form: type[Any]
    scope: str
    held: Callable[[Session, str, bool], Any]
    more: Callable[[Session, str], str] = lambda _session, _key: ""
    row: Any = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A record that a call writes; no document: it is taken away."""

    document: Any
    scope: str
    supplier: str | None = None


class Into:
    """Where a call's records go: to the tills at once, or into the change set that it names.

    collects    does it go into a set, and not to the tills?
    change_set  which; None also where the set of the day is made only once there is something for it
    known       what the call has looked up already, by name
    """

    def __init__(self, session: Session, call: Call) -> None:
        self.session = session
        self.by = call.token.by
        self.token = f"token {call.token.id}"
        self.branch = call.branch
        self.change_set: int | None = getattr(call.query, "change_set", None)
        self.known: dict[str, Any] = {}
        self._kept: dict[tuple[str, str], Kept] = {}
        self._held: dict[tuple[str, str], tuple[Any, bool]] = {}
        self._title = ""
        self._many = isinstance(call.body, list)
        if self.change_set is not None:
            self._open(self.change_set)
        elif _is_reviewed(session, call):
            self._title = _of_the_day(session, call)
            self.change_set = _found(session, self._title, self.by)
        self.collects = bool(self.change_set or self._title)

    def _open(self, number: int) -> None:
        try:
            changesets.opened(self.session, number)
        except LookupError as error:
            raise wrong("change_set", "api.no-set", number=number) from error
        except SetRefused as refused:
            raise CallRefused(409, say(refused.said)) from refused

    def left(self, kind: Kind, key: str, *, lock: bool = False) -> Any:
        """The record as this call, the set or head office left it; None where there is none."""
        name = tag(kind.form)
        if (name, key) in self._kept:
            return self._kept[name, key].document
        there, document = self._edited(kind.scope, name, key)
        if there:
            return xml.load(kind.form, document) if document else None
        found, locked = self._held.get((name, key), (None, None))
        if locked is None or (lock and not locked):
            found = kind.held(self.session, key, lock)
            self._held[name, key] = found, lock
        return found

    def _edited(self, scope: str, name: str, key: str) -> tuple[bool, bytes | None]:
        """Does the set hold a record, and what does it say of it? Of many rows it is asked once."""
        if self.change_set is None:
            return False, None
        if not self._many:
            edit = self.session.get(SetEdit, (self.change_set, scope, name, key))
            return edit is not None, edit.document if edit is not None else None
        if "edits" not in self.known:
            self.known["edits"] = {
                (edit.scope, edit.kind, edit.key): edit.document
                for edit in changesets.edits(self.session, self.change_set)
            }
        edits = self.known["edits"]
        return (scope, name, key) in edits, edits.get((scope, name, key))

    def expect(self, kind: Kind, keys: Sequence[str], *, lock: bool = False) -> None:
        """Look many records up in a few questions, before each is asked for."""
        if kind.row is None:
            return
        name, column = tag(kind.form), sa.inspect(kind.row).primary_key[0]
        for begin in range(0, len(keys), 500):
            some = keys[begin : begin + 500]
            query = sa.select(kind.row).where(column.in_(some)).order_by(column)
            rows = self.session.scalars(query.with_for_update() if lock else query).all()
            self.known.setdefault("rows", []).extend(rows)  # else the session forgets them
            there = {row.key: row.document() for row in rows}
            self._held |= {(name, key): (there.get(key), lock) for key in some}

    def hold(self, kind: Kind, key: str, document: Any) -> None:
        """This is what head office has of a record: somebody has looked it up already."""
        self._held.setdefault((tag(kind.form), key), (document, True))

    def etag(self, kind: Kind, key: str) -> str | None:
        """The tag of a record as it is left; None where there is none."""
        document = self.left(kind, key, lock=True)
        return plain.tag(document, kind.more(self.session, key)) if document is not None else None

    def put(
        self, kind: Kind, document: Any, *, differs: bool = False,
        supplier: str | None = None, keep: Callable[[], object] | None = None,
    ) -> str:  # fmt: skip
        """Keep a record once the call is over; answers created, changed or unchanged.

        differs   is something else than its document another than before?
        supplier  of an article, "" is none
        keep      keeps it at once, where that is more than its document
        """
        try:
            changes.sound(document)
        except RecordRefused as error:
            raise wrong("", "entry.refused", why=str(error)[:200]) from error
        before = self.left(kind, document.key, lock=True)
        if before == document and not differs:
            return "unchanged"
        if keep is None:
            self._kept[tag(kind.form), document.key] = Kept(document, kind.scope, supplier)
        else:
            self._say()
            keep()
            self.session.flush()
            self._held.clear()
        return "changed" if before is not None else "created"

    def remove(self, kind: Kind, key: str) -> str:
        """Take a record away; answers removed or unchanged."""
        if self.left(kind, key) is None:
            return "unchanged"
        self._kept[tag(kind.form), key] = Kept(None, kind.scope)
        return "removed"

    def _say(self) -> None:
        """That a program writes is for the log; that it wrote what stood there already is not."""
        audit.note(self.session, self.by, "api", self.token)

    def finish(self) -> None:
        """Keep all that the call writes: at the tills, or in its set."""
        kept, self._kept = self._kept, {}
        self._held.clear()
        if not kept:
            return
        if self.collects:
            self._collect(kept)
        else:
            self._say()
            self._keep(kept)
        self.session.flush()

    def _collect(self, kept: Mapping[tuple[str, str], Kept]) -> None:
        """Put it into the set; where nobody else would ask for a review, that is done too."""
        number = self.change_set
        if number is None:
            number = self.change_set = changesets.make(self.session, self._title, self.by).id
        put = [(each.document, each.scope) for each in kept.values() if each.document is not None]
        changesets.collect(self.session, number, put, self.by)
        for (name, key), each in kept.items():
            if each.document is None:
                changesets.take_away(self.session, number, name, key, each.scope, self.by)
        self.session.flush()
        if self._title:
            changesets.propose(self.session, number, self.by)

    def _keep(self, kept: Mapping[tuple[str, str], Kept]) -> None:
        """Let it hold: articles and prices by statements for many rows, after the rest."""
        many = []
        for (name, key), each in kept.items():
            if each.document is None:
                records.remove(self.session, name, key, each.scope, self.by)
            elif isinstance(each.document, (Article, Price)):
                many.append(bulk.prepared(each.document, each.supplier))
            else:
                records.put(self.session, each.document, each.scope, self.by)
        bulk.put(self.session, many, self.by)
        self.session.expire_all()


def _is_reviewed(session: Session, call: Call) -> bool:
    """Does this go to tills, in a company that wants a second person to agree?"""
    return isinstance(call.query, REVIEWED) and changesets.needs_review(session)


def _of_the_day(session: Session, call: Call) -> str:
    """What the program's own set of the day is called."""
    company = organisation.company(session)
    spoken = company.language if company and company.language in LANGUAGES else "en"
    day = call.now.astimezone(call.place().zone).date().isoformat()
    return word(spoken, "sets.gathered", name=call.token.name, day=day)


def _found(session: Session, title: str, by: str) -> int | None:
    """The open set that somebody made under a title."""
    mine = sa.select(ChangeSet.id).where(
        ChangeSet.title == title, ChangeSet.made_by == by, ChangeSet.state.in_(OPEN)
    )
    return session.scalar(mine.order_by(ChangeSet.id.desc()).limit(1))


class _RolledBack(Exception):
    """A dry run is over: nothing of it stays."""


@contextmanager
def writing(call: Call, *, of_a_branch: bool = False) -> Iterator[Into]:
    """A transaction; one that is given up in the end, where the call is a dry run.

    of_a_branch  a token for one branch may do this too
    """
    if not of_a_branch:
        call.of_the_company()
    try:
        with database.writing() as session:
            into = Into(session, call)
            yield into
            into.finish()
            session.flush()
            if call.query.dry_run:
                session.info.pop("changed", None)
                raise _RolledBack
    except _RolledBack:
        return
    except sa.exc.IntegrityError as error:
        raise CallRefused(409, say("api.at-once")) from error
    except sa.exc.OperationalError as error:
        if getattr(error.orig, "sqlstate", None) not in _CROSSED:
            raise
        raise CallRefused(409, say("api.at-once")) from error


Put = Callable[[Into, Any], str]
"""Writes a record; answers created, changed, unchanged or removed; raises CallRefused."""


def matched(call: Call, now: str | None) -> None:
    """Is the record still the one that the caller saw? Raises CallRefused with 412 where not."""
    if call.match and (now is None or not _matches(call.match, now)):
        raise CallRefused(412, say("api.another-now"))
    if call.none_match == "*" and now is not None:
        raise CallRefused(412, say("api.there-already"))


def _matches(header: str, now: str) -> bool:
    return header.strip() == "*" or now in {
        each.strip().removeprefix("W/").strip('"') for each in header.split(",")
    }


def one(
    call: Call, item: Any, put: Put, key: str, kind: Kind | Callable[[Into], str | None]
) -> Told:
    """Write one record, where it is still the one that the caller saw.

    kind  of the record, or what answers its tag
    """

    def now(into: Into) -> str | None:
        return into.etag(kind, key) if isinstance(kind, Kind) else kind(into)

    with writing(call) as into:
        matched(call, now(into))
        became = put(into, item)
        into.finish()
        after = now(into)
    status = 201 if became == "created" and not call.query.dry_run else 200
    return Told(
        outcome(call, [(key, became)], into=into), status, None if call.query.dry_run else after
    )


def many(
    call: Call, put: Put, key: Callable[[Any], str], *, of_a_branch: bool = False,
    expect: Callable[[Into, list[Any]], None] | None = None,
) -> Told:  # fmt: skip
    """Write what the call brings: all or none, or each that can be; what is wrong is named by its place.

    expect  looks up at once what the rows will ask for one by one
    """
    done: list[tuple[str, str]] = []
    refused: list[dict[str, Any]] = []
    with writing(call, of_a_branch=of_a_branch) as into:
        if expect is not None:
            expect(into, [item for item in call.body if not isinstance(item, CallRefused)])
        for n, item in enumerate(call.body):
            try:
                done.append((key(_sound(item)), _each(into, put, item, call)))
            except CallRefused as error:
                name = "" if isinstance(item, CallRefused) else key(item)
                refused.append({"row": n, "key": name, "errors": _errors(error)})
        if refused and not call.query.partial:
            fields = [
                (f"[{row['row']}].{each['field']}".rstrip("."), each["detail"])
                for row in refused
                for each in row["errors"]
            ]
            raise CallRefused(422, say("api.nothing-written"), fields[:100])
    return Told(outcome(call, done, refused, into))


def _sound(item: Any) -> Any:
    """The item, where it could be read at all; raises what is wrong with it."""
    if isinstance(item, CallRefused):
        raise item
    return item


def _each(into: Into, put: Put, item: Any, call: Call) -> str:
    """Write one of many; where each stands for itself, one that is refused leaves nothing behind."""
    if not call.query.partial:
        return put(into, item)
    with into.session.begin_nested():
        return put(into, item)


def _errors(error: CallRefused) -> list[dict[str, str]]:
    found = [{"field": field, "detail": why} for field, why in error.fields]
    return found or [{"field": "", "detail": error.detail}]


def outcome(
    call: Call, done: Sequence[tuple[str, str]], refused: Sequence[dict[str, Any]] = (),
    into: Into | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What a write did, by what became of each record, and into which set it went."""
    number = into.change_set if into is not None and not call.query.dry_run else None
    said: dict[str, Any] = {
        "dry_run": call.query.dry_run, "change_set": number, "refused": list(refused),
    }  # fmt: skip
    for became in ("created", "changed", "unchanged", "removed"):
        said[became] = [key for key, how in done if how == became]
    return said
