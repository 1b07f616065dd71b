"""The database in a request: reading from its first moment on, writing only where a view says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import flask
import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Session

from services.database import audit
from services.database.headoffice import METADATA, HeadOffice


class _Database(SQLAlchemy):
    """Flask-SQLAlchemy over head office's own engine, which knows what SQLite needs."""

    def _make_engine(
        self,
        bind_key: str | None,  # noqa: ARG002 (there is one database)
        options: dict[str, Any],  # noqa: ARG002 (the engine has its own)
        app: flask.Flask,
    ) -> sa.Engine:
        return cast(HeadOffice, app.extensions["office"]).engine


db = _Database(metadata=METADATA)


def install(app: flask.Flask, office: HeadOffice) -> None:
    """Bind requests to a head office's database."""
    app.extensions["office"] = office
    app.config["SQLALCHEMY_DATABASE_URI"] = office.url
    db.init_app(app)


def office() -> HeadOffice:
    """The head office that this application serves."""
    return cast(HeadOffice, flask.current_app.extensions["office"])


def session() -> Session:
    """The request's session."""
    return db.session()


def begin_reading() -> None:
    """From here on the request reads: on SQLite it waits for no writer."""
    session().connection(execution_options={"reading": True})


@contextmanager
def writing() -> Iterator[Session]:
    """A transaction that changes something; afterwards the request reads again."""
    held = session()
    held.rollback()
    held.info["origin"] = flask.request.remote_addr
    try:
        yield held
        audit.close(held)
        held.commit()
    except BaseException:
        held.rollback()
        audit.forget(held)
        begin_reading()
        raise
    office().told(held)
    begin_reading()
