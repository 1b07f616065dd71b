"""Known browsers: where an account has been signed in before, strangers' guesses slow nobody down."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any, Final

import flask
import itsdangerous

from backoffice import access
from services.database.attempts import STRANGER

COOKIE: Final = "tresen-known"
"""The cookie's name; where head office is public, browsers take it over TLS from this host alone."""
_LASTS: Final = timedelta(days=180)
_MOST: Final = 8
"""Accounts that one browser is known to, the last ones."""


def known(name: str) -> str:
    """This browser's own mark where `name` has signed in from it, else that of a stranger."""
    mark, names = _read()
    return mark if _short(name) in names else STRANGER


def remember(answer: Any, name: str) -> None:
    """From now on this browser is known to `name`."""
    mark, names = _read()
    others = [each for each in names if each != _short(name)]
    public = access.is_public(flask.current_app)
    answer.set_cookie(
        _name(), _seals().dumps([mark or secrets.token_hex(16), [*others, _short(name)][-_MOST:]]),
        max_age=_LASTS, httponly=True, samesite="Lax", secure=public or flask.request.is_secure,
    )  # fmt: skip


def _name() -> str:
    return f"__Host-{COOKIE}" if access.is_public(flask.current_app) else COOKIE


def _read() -> tuple[str, list[str]]:
    try:
        mark, names = _seals().loads(
            flask.request.cookies.get(_name(), ""), max_age=int(_LASTS.total_seconds())
        )
    except itsdangerous.BadData:
        return STRANGER, []
    return mark, names


def _seals() -> itsdangerous.URLSafeTimedSerializer:
    return itsdangerous.URLSafeTimedSerializer(flask.current_app.secret_key or b"", salt="known")


def _short(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:16]
