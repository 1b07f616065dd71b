"""How programs write: whole records under their own keys, where a form's edits go too.

The same call again changes nothing. Many at once are written all or none, or, where the call says
`partial`, each that can be. With `change_set` they are collected there, and hold once it is released;
where the company wants a second person to agree, no program goes past that either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
from schemas.binding import tag
from services.database import audit, changes, changesets, organisation, records, releasing
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
    """

    form: type[Any]
    scope: str
    held: Callable[[Session, str, bool], Any]
    more: Callable[[Session, str], str] = lambda _session, _key: ""


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
        self._kept: dict[tuple[str, str], tuple[Any, str]] = {}
        self._title = ""
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
            return self._kept[name, key][0]
        if self.change_set is not None:
            edit = self.session.get(SetEdit, (self.change_set, kind.scope, name, key))
            if edit is not None:
                return xml.load(kind.form, edit.document) if edit.document else None
        return kind.held(self.session, key, lock)

    def etag(self, kind: Kind, key: str) -> str | None:
        """The tag of a record as it is left; None where there is none."""
        document = self.left(kind, key, lock=True)
        return plain.tag(document, kind.more(self.session, key)) if document is not None else None

    def put(
        self, kind: Kind, document: Any, *, differs: bool = False,
        keep: Callable[[], object] | None = None,
    ) -> str:  # fmt: skip
        """Keep a record; answers created, changed or unchanged.

        differs  is something else than its document another than before?
        keep     keeps it, where that is more than its document
        """
        try:
            changes.sound(document)
        except RecordRefused as error:
            raise wrong("", "entry.refused", why=str(error)[:200]) from error
        before = self.left(kind, document.key, lock=True)
        if before == document and not differs:
            return "unchanged"
        if self.collects:
            self._kept[tag(kind.form), document.key] = document, kind.scope
        elif keep is not None:
            self._say()
            keep()
        else:
            self._say()
            records.put(self.session, document, kind.scope, self.by)
        self.session.flush()
        return "changed" if before is not None else "created"

    def remove(self, kind: Kind, key: str) -> str:
        """Take a record away; answers removed or unchanged."""
        if self.left(kind, key) is None:
            return "unchanged"
        name = tag(kind.form)
        if self.collects:
            self._kept[name, key] = None, kind.scope
        else:
            self._say()
            records.remove(self.session, name, key, kind.scope, self.by)
        self.session.flush()
        return "removed"

    def _say(self) -> None:
        """That a program writes is for the log; that it wrote what stood there already is not."""
        audit.note(self.session, self.by, "api", self.token)

    def finish(self) -> None:
        """Put what the call collected into its set, all at once; ask for a review where nobody else would."""
        if not self._kept:
            return
        if self.change_set is None:
            self.change_set = changesets.make(self.session, self._title, self.by).id
        put = [(document, scope) for document, scope in self._kept.values() if document is not None]
        changesets.collect(self.session, self.change_set, put, self.by)
        for (name, key), (document, scope) in self._kept.items():
            if document is None:
                changesets.take_away(self.session, self.change_set, name, key, scope, self.by)
        self.session.flush()
        if self._title:
            changesets.propose(self.session, self.change_set, self.by)


def _is_reviewed(session: Session, call: Call) -> bool:
    """Does this go to tills, in a company that wants a second person to agree?"""
    return isinstance(call.query, REVIEWED) and releasing.needs_review(session)


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
        into.session.flush()
        after = now(into)
    status = 201 if became == "created" and not call.query.dry_run else 200
    return Told(
        outcome(call, [(key, became)], into=into), status, None if call.query.dry_run else after
    )


def many(
    call: Call, put: Put, key: Callable[[Any], str], *, of_a_branch: bool = False
) -> Told:  # fmt: skip
    """Write what the call brings: all or none, or each that can be; what is wrong is named by its place."""
    done: list[tuple[str, str]] = []
    refused: list[dict[str, Any]] = []
    with writing(call, of_a_branch=of_a_branch) as into:
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
