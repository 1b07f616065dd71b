"""What went wrong with a call, for a program to read and its people to understand.

Titles and reasons are said in the language that the call asks for (Accept-Language), else in English.
Source: RFC 9457, problem details.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import flask
import pydantic

from backoffice.words import LANGUAGES, catalogue, word

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
"""What each status is called in the document; an answer says it in its own language."""


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


def language() -> str:
    """The language that the call asks for; English where it asks for none of ours."""
    return flask.request.accept_languages.best_match(list(LANGUAGES)) or "en"


def say(key: str, /, **parts: object) -> str:
    """A sentence in the language of the call."""
    return word(language(), key, **parts)


def wrong(field: str, key: str, /, **parts: object) -> CallRefused:
    """One field is wrong: the sentence `key` says why."""
    return CallRefused(422, "", [(field, say(key, **parts))])


def missing(key: str, /, **parts: object) -> CallRefused:
    """What the call asks for is not there, or not the token's."""
    return CallRefused(404, say(key, **parts))


def answer(refused: CallRefused) -> flask.Response:
    """The problem as an answer."""
    title = f"api.title.{refused.status}"
    said: dict[str, Any] = {
        "type": "about:blank",
        "title": say(title if title in catalogue("en") else "api.title.other"),
        "status": refused.status,
    }
    if refused.detail:
        said["detail"] = refused.detail
    if refused.fields:
        said["errors"] = [{"field": field, "detail": why} for field, why in refused.fields]
    made = flask.Response(json.dumps(said), refused.status, content_type=TYPE)
    made.headers["Content-Language"] = language()
    made.headers.add("Vary", "Accept-Language")
    made.headers.update(refused.headers)
    return made


def of_fields(error: pydantic.ValidationError, status: int, before: str = "") -> CallRefused:
    """The fields that are not as they must be."""
    found = [
        (_path(before, each["loc"]), _why(each))
        for each in error.errors(include_url=False, include_input=False)
    ]
    return CallRefused(status, "", found[:100])


def _why(found: Any) -> str:
    """Why a field is wrong: in the call's language, where it is a fault that we have words for."""
    key = f"api.wrong.{found['type']}"
    parts = {name: str(value)[:200] for name, value in (found.get("ctx") or {}).items()}
    said = say(key, **parts) if key in catalogue("en") else str(found["msg"])
    return said[:300]


def _path(before: str, place: tuple[int | str, ...]) -> str:
    text = before
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or "body"
