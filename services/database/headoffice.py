"""Head office's directory and database: SQLite without any set-up, PostgreSQL by a URL."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from schemas import signature
from services.database import (
    approvals,
    articles,
    attempts,
    audit,
    changes,
    changesets,
    customers,
    drafts,
    duties,
    hooks,
    imports,
    labels,
    mails,
    models,
    organisation,
    people,
    pictures,
    prices,
    sales,
    supplies,
    tokens,
    views,
)
from services.database.tables import Table
from services.disk import bell, durable

SUBJECTS = (
    approvals, articles, attempts, audit, changes, changesets, customers, drafts, duties, hooks, imports,
    labels, mails, models, organisation, people, pictures, prices, sales, supplies, tokens, views,
)  # fmt: skip
"""The modules that hold tables: with these imported, `Table.metadata` is whole."""
METADATA = Table.metadata


class HeadOfficeRefused(Exception):
    """There is no head office here that can be opened; the message is fit to show."""


def engine(url: str) -> sa.Engine:
    """An engine for `url`. SQLite runs WAL with synchronous FULL: less loses the last commit."""
    if not url.startswith("sqlite"):
        return sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"), pool_size=16)
    made = sa.create_engine(url, connect_args={"timeout": 30})
    sa.event.listen(made, "connect", _pragmas)
    sa.event.listen(made, "begin", _begin)
    return made


def _pragmas(raw: Any, _: object) -> None:
    raw.isolation_level = None
    for pragma in (
        "journal_mode = wal",
        "synchronous = full",
        "foreign_keys = on",
        "busy_timeout = 30000",
    ):
        raw.execute(f"pragma {pragma}")


def _begin(connection: sa.Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


class HeadOffice:
    """One head office: its folder with keys and caches, and its database."""

    def __init__(self, directory: Path, url: str | None = None) -> None:
        self.directory = directory
        durable.folder(directory)
        self.url = url or f"sqlite:///{directory / 'office.sqlite'}"
        self.engine = engine(self.url)

    def migrate(self) -> None:
        """Bring the database to this software's form; nothing happens where it is."""
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        with self.engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def close(self) -> None:
        """Let all connections go."""
        self.engine.dispose()

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session whose changes are kept at its end, or not at all."""
        with Session(self.engine) as session:
            with session.begin():
                yield session
                audit.close(session)
            self.told(session)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads: on SQLite it waits for no writer."""
        with Session(self.engine.execution_options(reading=True)) as session:
            yield session

    @contextmanager
    def looking(self) -> Iterator[sa.Connection]:
        """A connection that only reads, for questions that are asked at every call."""
        with self.engine.connect() as connection:
            yield connection.execution_options(reading=True)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A connection whose changes are kept at its end, or not at all.

        The worker is told where something in them reaches tills: `connection.info["changed"]`.
        """
        with self.engine.begin() as connection:
            connection.info.pop("changed", None)
            yield connection
            changed = connection.info.pop("changed", False)
        if changed:
            self.ring("worker")

    def told(self, session: Session) -> None:
        """After a commit: hurry the worker where something was changed."""
        if session.info.pop("changed", False):
            self.ring("worker")

    def ring(self, listener: str) -> None:
        """Ring at the door of head office's `worker` or `doorbell` (see bells)."""
        if self.engine.dialect.name == "postgresql":
            with self.engine.begin() as connection:
                connection.execute(sa.select(sa.func.pg_notify(f"tresen_{listener}", "")))
        else:
            bell.ring(self.directory, listener)

    def replica_key(self) -> Ed25519PrivateKey:
        """The key that signs replicas; made at the first ask."""
        return signature.private_key(
            self._secret("replica.pem", lambda: signature.private_bytes(signature.new_key()))
        )

    def session_secret(self) -> bytes:
        """The secret that signs browser sessions; made at the first ask, never a default.

        Raises HeadOfficeRefused where somebody put one there that can be guessed.
        """
        found = self._secret("session.key", lambda: secrets.token_bytes(32))
        if len(found) < 32 or len(set(found)) < 8:
            raise HeadOfficeRefused(
                f"{self.directory / 'keys' / 'session.key'} can be guessed. Delete it: a new one is "
                "made, and everybody signs in again."
            )
        return found

    def factor_seal(self) -> bytes:
        """The key that seals second factors; made at the first ask, and never in the database."""
        return self._secret("factor.key", Fernet.generate_key)

    def _secret(self, name: str, make: Any) -> bytes:
        path = durable.folder(self.directory / "keys") / name
        try:
            return path.read_bytes()
        except FileNotFoundError:
            with suppress(FileExistsError):  # another process made it in the same moment
                durable.create(path, make())
            return path.read_bytes()


def opened(directory: Path, url: str | None = None) -> HeadOffice:
    """The head office of a directory, or over the database that `url` names; makes nothing.

    Raises HeadOfficeRefused where none has been begun there. Beside a database elsewhere the
    directory must hold the keys: with new ones every till would refuse what is published.
    """
    if not is_begun(directory, url):
        raise HeadOfficeRefused(
            f"There is no head office in {directory}. Begin one: tresen office set-up "
            f"--directory {directory} --company NAME"
        )
    if not (directory.is_dir() and (url is None or (directory / "keys" / "replica.pem").exists())):
        raise HeadOfficeRefused(
            f"The database holds a head office, and {directory} has not its keys. Name its own "
            "folder with --directory, or take it from the backup."
        )
    return HeadOffice(directory, url)


def is_begun(directory: Path, url: str | None = None) -> bool:
    """Does the database have our tables? Raises HeadOfficeRefused where it cannot be opened."""
    text = url or f"sqlite:///{directory / 'office.sqlite'}"
    try:
        made = sa.make_url(text)
        if made.get_backend_name() == "sqlite" and not Path(made.database or "").is_file():
            return False
        looking = engine(text)
    except sa.exc.ArgumentError as error:
        raise HeadOfficeRefused(f"“{url}” is no address of a database: {error}") from error
    try:
        with looking.connect().execution_options(reading=True) as connection:
            return sa.inspect(connection).has_table("unit")
    except sa.exc.DBAPIError as error:
        why = str(error.orig).strip().partition("\n")[0]
        raise HeadOfficeRefused(f"The database cannot be opened: {why}") from error
    finally:
        looking.dispose()
