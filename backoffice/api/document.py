"""The OpenAPI 3.1 document, made from the operations themselves: it cannot say other than they do."""

from __future__ import annotations

import functools
import json
import re
from typing import Any, Final

import pydantic
from pydantic.json_schema import models_json_schema

from backoffice.api import examples, models
from backoffice.api.operation import OPERATIONS, Operation
from backoffice.api.problem import TITLES
from services.database.tokens import SCOPES

_MOST: Final = 1000
_AS_OF: Final = "Up to when the list is complete: `changed_since` of the next call."
_EACH: Final = (400, 401, 403, 422, 429)
"""Statuses that each operation may answer."""


@functools.cache
def page_of(model: type[pydantic.BaseModel]) -> type[pydantic.BaseModel]:
    """A page of a list of these."""
    made: type[pydantic.BaseModel] = pydantic.create_model(
        f"{model.__name__}Page",
        __base__=models.Said,
        __doc__="A page of a list.",
        items=(list[model], ...),  # type: ignore[valid-type]
        next=(str | None, pydantic.Field(description="`cursor` of the next page; null: the last.")),
        as_of=(pydantic.AwareDatetime, pydantic.Field(description=_AS_OF)),
    )
    return made


@functools.cache
def text() -> str:
    """The document as JSON."""
    return json.dumps(openapi(), indent=1)


@functools.cache
def openapi() -> dict[str, Any]:
    """The document."""
    used: dict[str, tuple[type[pydantic.BaseModel], str]] = {}
    for each in OPERATIONS:
        page = page_of(each.answers) if each.many and each.answers is not None else None
        for model in (each.answers, page, each.body):
            if model is not None:
                used[model.__name__] = (model, "validation")
    used["Problem"] = (models.Problem, "validation")
    pairs: Any = list(used.values())
    _, schemas = models_json_schema(pairs, ref_template="#/components/schemas/{model}")
    paths: dict[str, dict[str, Any]] = {}
    for each in OPERATIONS:
        made = paths.setdefault(each.address, {})[each.method.lower()] = _operation(each)
        for content in (made.get("requestBody", {}), *made["responses"].values()):
            for media, one in content.get("content", {}).items():
                if "json" in media:
                    one["example"] = examples.of(one["schema"], schemas["$defs"])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tresen",
            "version": "1",
            "description": "Head office's data for programs of others. Amounts are exact, as text.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": f"Scopes: {', '.join(SCOPES)}.",
                }
            },
            "schemas": schemas["$defs"],
        },
    }


def example_text(value: Any) -> str:
    """An example as it goes over the line."""
    return json.dumps(value)


def _operation(each: Operation) -> dict[str, Any]:
    answers = {"200": _answer("So it is.", each)}
    if each.made:
        answers["201"] = _answer("It was made.", each)
    if each.method == "GET" and each.keys:
        answers["304"] = {"description": "It is still the one that you have."}
    for status in sorted({*_EACH, *each.wrong, *((404,) if each.keys else ())}):
        answers[str(status)] = {
            "description": TITLES[status],
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }
    made: dict[str, Any] = {
        "operationId": each.name,
        "summary": each.summary,
        "description": f"{each.says_more}\n\nScope: `{each.scope}`.".strip(),
        "tags": [each.address.split("/")[1]],
        "parameters": [*_path(each), *_query(each), *_headers(each)],
        "responses": answers,
    }
    if each.body is not None:
        schema: dict[str, Any] = {"$ref": f"#/components/schemas/{each.body.__name__}"}
        if each.bulk:
            schema = {"type": "array", "items": schema, "maxItems": _MOST}
        made["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    return made


def _answer(said: str, each: Operation) -> dict[str, Any]:
    made: dict[str, Any] = {"description": said, "content": _content(each)}
    if each.keys:
        made["headers"] = {
            "ETag": {"schema": {"type": "string"}, "description": "For If-Match and If-None-Match."}
        }
    return made


def _content(each: Operation) -> dict[str, Any]:
    if each.answers is None:
        return {each.raw: {"schema": {"type": "string", "contentMediaType": each.raw}}}
    answer = page_of(each.answers) if each.many else each.answers
    schema = {"$ref": f"#/components/schemas/{answer.__name__}"}
    return {"application/json": {"schema": schema}}


def _path(each: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True,
         "schema": {"type": "string", "pattern": each.keys[name]}}
        for name in re.findall(r"\{(\w+)\}", each.address)
    ]  # fmt: skip


def _query(each: Operation) -> list[dict[str, Any]]:
    schema = each.query.model_json_schema(ref_template="#/components/schemas/{model}")
    found = []
    for name, one in schema.get("properties", {}).items():
        needed = name in schema.get("required", [])
        kinds = [kind for kind in one.get("anyOf", []) if kind != {"type": "null"}]
        plain = {
            key: value for key, value in one.items() if key not in {"title", "anyOf", "default"}
        }
        if kinds:
            plain |= kinds[0]
        said = {"description": plain.pop("description")} if "description" in plain else {}
        found.append({"name": name, "in": "query", "required": needed, "schema": plain, **said})
    return found


def _headers(each: Operation) -> list[dict[str, Any]]:
    if each.method not in {"PUT", "DELETE"} or each.bulk or not each.keys:
        return []
    return [
        {"name": "If-Match", "in": "header", "required": False, "schema": {"type": "string"},
         "description": "Only where it is still the one with this ETag."},
        {"name": "If-None-Match", "in": "header", "required": False,
         "schema": {"type": "string", "const": "*"}, "description": "Only where there is none yet."},
    ][: 1 if each.method == "DELETE" else 2]  # fmt: skip
