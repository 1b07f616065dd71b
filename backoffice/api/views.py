"""The open interface under /api/v1: each operation as an address, its words checked on the way in and out."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from typing import Any, Final

import flask
import pydantic
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from backoffice import database, frame
from backoffice.api import (
    clients,
    collecting,
    document,
    drawers,
    entry,
    families,
    organising,
    pictures,
    problem,
    promoting,
    putting,
    reading,
    selling,
    supplying,
    writing,
)
from backoffice.api.operation import OPERATIONS, Call, Operation, Told
from backoffice.api.problem import CallRefused, say

log = logging.getLogger(__name__)
PREFIX: Final = "/api/v1"
MODULES: Final = (
    reading, writing, pictures, families, promoting, supplying, clients, selling, drawers,
    organising, collecting,
)  # fmt: skip
"""What declares operations: they are all known once these are imported."""
_PART: Final = re.compile(r"\{(\w+)\}")

api = flask.Blueprint("api", __name__, url_prefix=PREFIX)


def install() -> None:
    """Make each operation an address of the blueprint."""
    for each in OPERATIONS:
        rule = _PART.sub(r"<\1>", each.address)
        api.add_url_rule(
            rule, each.name, _answering(each), methods=[each.method],
            provide_automatic_options=False,
        )  # fmt: skip


@api.get("/openapi.json")
def openapi() -> flask.Response:
    """What there is, as an OpenAPI 3.1 document; it needs no token."""
    return flask.Response(document.text(), content_type="application/json")


def is_ours(path: str) -> bool:
    """Is this an address of the open interface?"""
    return path == "/api" or path.startswith("/api/")


def _answering(each: Operation) -> Callable[..., flask.Response]:
    def answer(**parts: str) -> flask.Response:
        flask.request.max_content_length = each.largest
        try:
            return _said(each, each.does(_called(each, parts)))
        except CallRefused as refused:
            return problem.answer(refused)
        except RequestEntityTooLarge:
            return problem.answer(CallRefused(413))

    answer.__name__ = each.name
    return answer


def _called(each: Operation, parts: dict[str, str]) -> Call:
    """The call, once its bearer is let in and all that it says is as it must be."""
    database.begin_reading()
    session = database.session()
    token = entry.bearer(session, each.scope, frame.now())
    for name, text in parts.items():
        if not re.fullmatch(each.keys[name], text, re.ASCII):
            raise CallRefused(404)
    call = Call(
        token, session, database.office(), frame.now(), parts, _asked(each),
        match=flask.request.headers.get("If-Match", ""),
        none_match=flask.request.headers.get("If-None-Match", ""),
    )  # fmt: skip
    call.body = _body(each, call.query)
    return call


def _asked(each: Operation) -> pydantic.BaseModel:
    given = flask.request.args.to_dict()
    try:
        return each.query.model_validate_strings(given)
    except pydantic.ValidationError as error:
        raise problem.of_fields(error, 422) from error


def _body(each: Operation, query: Any) -> Any:
    if each.body is None:
        return None
    if not flask.request.is_json:
        raise CallRefused(415)
    data = flask.request.get_data(cache=False)
    try:
        if not each.bulk:
            return each.body.model_validate_json(data)
        if getattr(query, "partial", False):
            return _rows(each.body, data)
        kind: Any = pydantic.TypeAdapter(list[each.body])  # type: ignore[name-defined]
        return _few(kind.validate_json(data))
    except pydantic.ValidationError as error:
        broken = any(one["type"] == "json_invalid" for one in error.errors())
        raise problem.of_fields(error, 400 if broken else 422) from error


def _few(items: list[Any]) -> list[Any]:
    if len(items) > putting.MOST:
        raise CallRefused(413, say("api.most-rows", most=putting.MOST))
    return items


def _rows(form: type[pydantic.BaseModel], data: bytes) -> list[Any]:
    """Rows that are each read for itself: one that cannot be is the refusal that says why."""
    found: list[Any] = []
    for row in _few(pydantic.TypeAdapter(list[Any]).validate_json(data)):
        try:
            found.append(form.model_validate_json(json.dumps(row)))
        except pydantic.ValidationError as error:
            found.append(problem.of_fields(error, 422))
    return found


def _said(each: Operation, told: Told) -> flask.Response:
    """The answer, as its model says it: a field that the document does not name is never sent."""
    if each.answers is None:
        made = flask.Response(told.said, told.status, content_type=each.raw)
    else:
        model = document.page_of(each.answers) if each.many else each.answers
        said = model.model_validate(told.said).model_dump_json(by_alias=True)
        made = flask.Response(said, told.status, content_type="application/json")
    if told.etag:
        made.set_etag(told.etag)
    if each.method == "GET" and told.etag:
        made.make_conditional(flask.request)
    return made


install()


def refused(error: HTTPException) -> flask.Response:
    """An address or a method that is not there."""
    headers = {n: v for n, v in error.get_headers() if n == "Allow"}
    return problem.answer(CallRefused(error.code or 500, headers=headers))


def broke() -> flask.Response:
    """A fault of ours."""
    return problem.answer(CallRefused(500, say("api.in-log")))
