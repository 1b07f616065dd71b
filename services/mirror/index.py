"""The index over the mirror: SQLite, derived from the XML, disposable, rebuilt when it is missing.

A till reads it in one read transaction a sale (WAL), so a sale keeps the revision it began with.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from lxml import etree

from schemas import binding, replica, spelling, supplier, xml
from schemas.keys import Digest
from schemas.period import instant, written
from services.register import clientele

VERSION: Final = 5
"""The index's own layout; another number makes it anew."""
FILE: Final = "index.sqlite"

_TABLES: Final = """
create table scope(
    name text primary key, revision integer not null, digest text not null, published text not null
) strict;
create table record(
    scope text not null, kind text not null, key text not null, data blob not null,
    primary key(kind, key, scope)
) strict, without rowid;
create table code(
    value text not null, article text not null, pack integer not null, primary key(value, article)
) strict, without rowid;
create index code_article on code(article);
create table variant(
    model text not null, article text not null, primary key(model, article)
) strict, without rowid;
create index variant_article on variant(article);
create table ordered(
    value text not null, article text not null, supply text not null, primary key(value, supply)
) strict, without rowid;
create index ordered_supply on ordered(supply);
create table word(id integer primary key, article text not null unique, words text not null) strict;
create virtual table search using fts5(
    words, content='word', content_rowid='id', tokenize='unicode61 remove_diacritics 2',
    prefix='1 2 3'
);
create table shown(value text primary key, customer text not null) strict, without rowid;
create index shown_customer on shown(customer);
create table pictured(article text primary key, digest text not null) strict, without rowid;
create table person(id integer primary key, customer text not null unique, words text not null) strict;
create virtual table people using fts5(
    words, content='person', content_rowid='id', tokenize='unicode61 remove_diacritics 2',
    prefix='1 2 3'
);
"""
_WORDS: Final = {"article": ("word", "search"), "customer": ("person", "people")}
"""Where the words of each kind that can be searched are, and the search over them."""
_CODE: Final = f"{{{binding.NAMESPACE}}}code"
_OPTION: Final = f"{{{binding.NAMESPACE}}}option"
_CODES: Final = {"article": ("code", "article"), "customer": ("shown", "customer")}
"""Where the codes of each kind are, and the column that says whose."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one scope is."""

    revision: int
    digest: Digest
    published: datetime


def create(path: Path) -> sqlite3.Connection:
    """An empty index at `path`."""
    path.unlink(missing_ok=True)
    for tail in ("-wal", "-shm"):
        path.with_name(path.name + tail).unlink(missing_ok=True)
    connection = _connect(path)
    connection.executescript(f"begin; {_TABLES} pragma user_version = {VERSION}; commit")
    return connection


def write(path: Path) -> sqlite3.Connection:
    """The index at `path`, to be changed by its one writer; made anew where it is of no use."""
    try:
        connection = _connect(path)
        if connection.execute("pragma user_version").fetchone()[0] == VERSION:
            connection.execute("select count(*) from scope").fetchone()
            return connection
        connection.close()
    except sqlite3.DatabaseError:
        pass
    return create(path)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=10)
    connection.execute("pragma journal_mode = wal")
    # Derived: a power cut may take the last change away, and the agent puts it in again.
    connection.execute("pragma synchronous = normal")
    return connection


def read(path: Path) -> sqlite3.Connection:
    """The index at `path`, to be read only; raises sqlite3.DatabaseError where there is none."""
    connection = sqlite3.connect(
        f"file:{path}?mode=rw", uri=True, isolation_level=None, timeout=10, check_same_thread=False
    )
    connection.execute("pragma query_only = on")
    if connection.execute("pragma user_version").fetchone()[0] != VERSION:
        connection.close()
        raise sqlite3.DatabaseError("the index is of another version")
    return connection


def standing(connection: sqlite3.Connection, scope: str) -> Standing | None:
    """How far `scope` is; None where nothing of it is here yet."""
    row = connection.execute(
        "select revision, digest, published from scope where name = ?", (scope,)
    ).fetchone()
    return Standing(row[0], Digest(row[1]), instant(row[2])) if row else None


def state(connection: sqlite3.Connection) -> tuple[tuple[str, int, str], ...]:
    """What is in force of every scope: name, revision, digest. Equal states hold the same records."""
    rows = connection.execute("select name, revision, digest from scope order by name")
    return tuple((row[0], row[1], row[2]) for row in rows)


def key_of(element: etree._Element) -> str:
    """A record's key within its kind, the same that the document class answers."""
    kind = etree.QName(element).localname
    if kind == "price" and not any(map(element.get, ("until", "price-list", "customers"))):
        begins = element.get("from", "")
        if not begins.endswith("+00:00"):
            begins = str(replica.record(element).key).rpartition("|")[2]
        return f"{element.get('article')}|{element.get('branch', '')}|{begins}"
    if kind in {"tax", "settings", "price", "layout", "order-code"}:
        return str(replica.record(element).key)
    return element.get("key", "")


def put_snapshot(connection: sqlite3.Connection, head: replica.Snapshot, data: bytes) -> None:
    """Make `scope` what the snapshot says, as a whole or not at all. Raises DocumentRefused."""
    connection.execute("begin immediate")
    try:
        _empty(connection, head.scope)
        state = _put(connection, head.scope, replica.elements(data), fresh=True)
        _finish(connection, head, state)
    except BaseException:
        connection.execute("rollback")
        raise


def put_changes(connection: sqlite3.Connection, head: replica.Changes, data: bytes) -> None:
    """Apply one revision's changes, as a whole or not at all. Raises DocumentRefused."""
    connection.execute("begin immediate")
    try:
        before = standing(connection, head.scope)
        if before is None or before.revision != head.after:
            raise xml.DocumentRefused(f"changes after revision {head.after} do not fit here")
        records = replica.all_elements(data)
        gone = []
        for _, element in records:
            if etree.QName(element).localname == "gone":
                gone.append((element.get("kind", ""), element.get("key", "")))
            else:
                gone.append((etree.QName(element).localname, key_of(element)))
        removed = _forget(connection, head.scope, gone)
        state = replica.bump(before.digest, removed=removed)
        kept = [r for r in records if etree.QName(r[1]).localname != "gone"]
        state = replica.bump(state, added=[line for line, _ in kept])
        _put(connection, head.scope, iter(kept), fresh=False)
        _finish(connection, head, state)
    except BaseException:
        connection.execute("rollback")
        raise


def _finish(
    connection: sqlite3.Connection, head: replica.Snapshot | replica.Changes, state: Digest
) -> None:
    if state != head.digest:
        raise xml.DocumentRefused(
            f"revision {head.revision} of {head.scope}: the records do not add up to its digest"
        )
    connection.execute(
        "insert or replace into scope values (?, ?, ?, ?)",
        (head.scope, head.revision, head.digest, written(head.published)),
    )
    connection.execute("commit")


def _empty(connection: sqlite3.Connection, scope: str) -> None:
    """Let all records of a scope go. Articles are the chain's only; customers, pictures each their own's."""
    connection.execute("delete from record where scope = ?", (scope,))
    if scope == "chain":
        connection.execute("delete from code")
        connection.execute("delete from variant")
        connection.execute("delete from word")
        connection.execute("delete from ordered")
    elif scope == "customers":
        connection.execute("delete from shown")
        connection.execute("delete from person")
        connection.execute("insert into people(people) values ('rebuild')")
    elif scope == "pictures":
        connection.execute("delete from pictured")


def _forget(
    connection: sqlite3.Connection, scope: str, keys: Iterable[tuple[str, str]]
) -> list[bytes]:
    removed = []
    for kind, key in keys:
        row = connection.execute(
            "delete from record where kind = ? and key = ? and scope = ? returning data",
            (kind, key, scope),
        ).fetchone()
        if row is None:
            continue
        removed.append(row[0])
        if kind == "article":
            connection.execute("delete from variant where article = ?", (key,))
        if kind == "order-code":
            connection.execute("delete from ordered where supply = ?", (key,))
        elif kind == "picture":
            connection.execute("delete from pictured where article = ?", (key,))
        elif kind in _WORDS:
            codes, whose = _CODES[kind]
            words, search = _WORDS[kind]
            connection.execute(f"delete from {codes} where {whose} = ?", (key,))  # noqa: S608
            word = connection.execute(
                f"delete from {words} where {whose} = ? returning id, words",  # noqa: S608
                (key,),
            ).fetchone()
            if word:
                connection.execute(
                    f"insert into {search}({search}, rowid, words) values ('delete', ?, ?)",  # noqa: S608
                    word,
                )
    return removed


def _put(
    connection: sqlite3.Connection,
    scope: str,
    records: Iterator[tuple[bytes, etree._Element]],
    *,
    fresh: bool,
) -> Digest:
    """Insert records; answers the digest over just these."""
    state = replica.EMPTY
    rows: list[tuple[str, str, str, bytes]] = []
    codes: list[tuple[str, str, int]] = []
    shown: list[tuple[str, str]] = []
    pictured: list[tuple[str, str]] = []
    variants: list[tuple[str, str]] = []
    ordered: list[tuple[str, str, str]] = []
    words: dict[str, list[tuple[str, str]]] = {kind: [] for kind in _WORDS}

    def flush() -> None:
        nonlocal state
        state = replica.bump(state, added=[row[3] for row in rows])
        connection.executemany("insert into record values (?, ?, ?, ?)", rows)
        connection.executemany("insert or ignore into code values (?, ?, ?)", codes)
        connection.executemany("insert or ignore into shown values (?, ?)", shown)
        connection.executemany("insert into pictured values (?, ?)", pictured)
        connection.executemany("insert or ignore into variant values (?, ?)", variants)
        connection.executemany("insert into ordered values (?, ?, ?)", ordered)
        for batch in (rows, codes, shown, pictured, variants, ordered):
            batch.clear()

    for line, element in records:
        kind = etree.QName(element).localname
        key = key_of(element)
        rows.append((scope, kind, key, line))
        if kind == "article":
            here = [(c.get("value", ""), int(c.get("pack", "1"))) for c in element.iterfind(_CODE)]
            codes += [(value, key, pack) for value, pack in here]
            model = element.get("model", "")
            if model:
                variants.append((model, key))
            names = (element.get(language) for language in ("de", "en", "es"))
            options = (each.get("value", "") for each in element.iterfind(_OPTION))
            more = (*(v for v, _ in here), *options, *([model] if model else ()))
            text = " ".join([key, *(n for n in names if n), *more])
            words[kind].append((key, spelling.findable(text)))
        elif kind == "customer":
            cards = [c.get("code", "") for c in element]
            also = element.get("also", "").split()
            shown += [(value, key) for value in [key, *cards, *also]]
            words[kind].append((key, clientele.words(replica.record(element))))
        elif kind == "picture":
            pictured.append((key, xml.digest(line)))
        elif kind == "order-code":
            value = supplier.sought(element.get("value", ""))
            ordered.append((value, element.get("article", ""), key))
        if len(rows) >= 2000:
            flush()
    flush()
    for kind, found in words.items():
        _put_words(connection, kind, found, fresh=fresh)
    return state


def _put_words(
    connection: sqlite3.Connection, kind: str, words: list[tuple[str, str]], *, fresh: bool
) -> None:
    if not words:
        return
    table, search = _WORDS[kind]
    put = f"insert into {table}({kind}, words) values (?, ?)"  # noqa: S608 - names of this module
    if fresh:
        connection.executemany(put, words)
        connection.execute(f"insert into {search}({search}) values ('rebuild')")  # noqa: S608
        return
    for key, text in words:
        identity = connection.execute(f"{put} returning id", (key, text)).fetchone()[0]
        connection.execute(
            f"insert into {search}(rowid, words) values (?, ?)",  # noqa: S608
            (identity, text),
        )
