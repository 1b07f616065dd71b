"""What went wrong with a call, for a program to read. Source: RFC 9457, problem details."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import flask
import pydantic

TYPE: Final = "application/problem+json"
TITLES: Final = {
    400: "The request cannot be read",
    401: "A token is needed",
    403: "The token does not allow this",
    404: "There is no such thing",
    405: "This cannot be done here",
    406: "There is no such form",
    409: "Something else stands in the way",
    412: "It was changed meanwhile",
    413: "The request is too large",
    415: "The request must be JSON",
    422: "Some fields are wrong",
    429: "Too many requests",
    500: "Head office has a fault",
}


class CallRefused(Exception):
    """A call that is not answered; `fields` names what is wrong, by path, with why."""

    def __init__(
        self, status: int, detail: str = "", fields: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.status = status
        self.detail = detail
        self.fields = fields
        self.headers = dict(headers or {})
        super().__init__(detail or TITLES.get(status, ""))


def answer(refused: CallRefused) -> flask.Response:
    """The problem as an answer."""
    said: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES.get(refused.status, "The request was refused"),
        "status": refused.status,
    }
    if refused.detail:
        said["detail"] = refused.detail
    if refused.fields:
        said["errors"] = [{"field": field, "detail": why} for field, why in refused.fields]
    made = flask.Response(json.dumps(said), refused.status, content_type=TYPE)
    made.headers.update(refused.headers)
    return made


def of_fields(error: pydantic.ValidationError, status: int, before: str = "") -> CallRefused:
    """The fields that are not as they must be."""
    found = [
        (_path(before, each["loc"]), str(each["msg"])[:300])
        for each in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    return CallRefused(status, "", found[:100])


def _path(before: str, place: tuple[int | str, ...]) -> str:
    text = before
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or "body"
