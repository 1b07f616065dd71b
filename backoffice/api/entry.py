"""Who calls: the bearer's token, whether it still holds, what it allows, and how often it may call."""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from datetime import datetime
from typing import Final

import flask
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from backoffice import database
from backoffice.api.problem import CallRefused, say
from services.database import tokens
from services.database.tokens import ApiToken

_A_MINUTE: Final = int(os.environ.get("TRESEN_API_PER_MINUTE", "600"))
"""Calls of one token in a minute, to each of head office's processes."""
_WRONG_A_MINUTE: Final = 600
"""Calls of one address without a token that holds."""
_MOST: Final = 10_000
_CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="Tresen"'}


class Buckets:
    """So many calls a minute for each name; what is saved up is at most a minute's."""

    def __init__(self, a_minute: int) -> None:
        self.a_minute = a_minute
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, name: str, now: float | None = None) -> float:
        """Take one; answers the seconds to wait where there is none left, else 0."""
        at = time.monotonic() if now is None else now
        with self._lock:
            left, then = self._left.pop(name, (float(self.a_minute), at))
            left = min(self.a_minute, left + (at - then) * self.a_minute / 60)
            wait = 0.0 if left >= 1 else (1 - left) * 60 / self.a_minute
            self._left[name] = (left if wait else left - 1, at)
            while len(self._left) > _MOST:
                self._left.popitem(last=False)
        return wait


_calls = Buckets(_A_MINUTE)
_wrong = Buckets(_WRONG_A_MINUTE)


def bearer(session: Session, scope: str, now: datetime) -> ApiToken:
    """The token that a call brings; raises CallRefused where it is not let in.

    A session's cookie counts for nothing here: only the header does.
    """
    kind, _, text = flask.request.headers.get("Authorization", "").partition(" ")
    token = tokens.known(session, text.strip()) if kind.lower() == "bearer" else None
    if token is None or not token.holds(now):
        wait = _wrong.take(flask.request.remote_addr or "")
        if wait:
            raise _too_many(wait)
        raise CallRefused(401, say("api.no-token"), headers=_CHALLENGE)
    wait = _calls.take(token.digest)
    if wait:
        raise _too_many(wait)
    if not token.allows(scope):
        headers = {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope}"'}
        raise CallRefused(403, say("api.no-scope", scope=scope), headers=headers)
    _used(token, now)
    return token


def _too_many(wait: float) -> CallRefused:
    return CallRefused(429, say("api.too-many"), headers={"Retry-After": str(int(wait) + 1)})


def _used(token: ApiToken, now: datetime) -> None:
    """Write down that the token is used, now and then."""
    if not tokens.is_due(token, now):
        return
    with suppress(OperationalError), database.office().writing() as connection:
        connection.execute(sa.update(ApiToken).where(ApiToken.id == token.id).values(used_at=now))
