"""What people call a record and its fields: an article's name and not its XML."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import flask
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backoffice import access, frame
from backoffice.words import catalogue
from schemas.money import UnitPrice
from schemas.picture import digest
from services.database.articles import ArticleRow
from services.database.changes import RecordRefused
from services.database.changesets import SetRefused
from services.database.drafts import Overtaken
from services.database.models import ModelRow
from services.register import wording

_AMOUNT: Final = re.compile(r"-?\d{1,12}(\.\d{1,5})? [A-Z]{3}")
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")
_SECRET: Final = re.compile(r"\$argon2id\$.*|[0-9a-f]{64}")
"""Digests of PINs and badges: that they changed is seen, they are not."""
_OF_ARTICLES: Final = frozenset({"article", "price", "picture"})
"""Kinds whose keys begin with an article's number."""
_WHOSE: Final = {"own": "setting", "right": "right", "block": "block"}
"""Parts that are called by what they are of: a setting, a right, a block of the slip."""
_PART: Final = re.compile(r"(\w[\w-]*)\[([^\]]*)\]")


@dataclass(frozen=True, slots=True)
class Named:
    """A record as people know it: its title, a word more, and its page where it has one."""

    title: str
    more: str
    address: str | None


def named(session: Session, records: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Named]:
    """What records are called, by kind and key."""
    listed = list(records)
    numbers = {key.partition("|")[0] for kind, key in listed if kind in _OF_ARTICLES}
    rows = session.scalars(sa.select(ArticleRow).where(ArticleRow.key.in_(numbers)))
    names = {row.key: row.name(access.language()) for row in rows}
    models = {key for kind, key in listed if kind == "model"}
    for model in session.scalars(sa.select(ModelRow).where(ModelRow.key.in_(models))):
        names[f"model {model.key}"] = model.name(access.language())
    return {(kind, key): _named(kind, key, names) for kind, key in listed}


def _named(kind: str, key: str, names: dict[str, str]) -> Named:
    if kind in _OF_ARTICLES:
        number, _, rest = key.partition("|")
        address = flask.url_for("articles.one", key=number) if number in names else None
        return Named(
            names.get(number, number), " ".join(filter(None, (number, _where(rest)))), address
        )
    if kind == "org-unit":
        unit, _, number = key.partition(" ")
        return Named(number, catalogue(access.language()).get(f"unit-kind.{unit}", unit), None)
    if kind == "model":
        there = f"model {key}" in names
        address = flask.url_for("models.one", key=key) if there else None
        return Named(names.get(f"model {key}", key), key, address)
    if kind == "customer":
        return Named(key, "", flask.url_for("clients.one", key=key))
    return Named(key.partition("|")[0], _where(key.partition("|")[2]), None)


def _where(rest: str) -> str:
    """Branch and beginning, as a price's or layout's key holds them."""
    parts = [said(part) for part in rest.split("|") if part]
    return " · ".join(parts)


def field(kind: str, path: str) -> str:
    """What a field of a document is called."""
    words = catalogue(access.language())
    parts = []
    for step in path.split("."):
        inside = _PART.fullmatch(step)
        name, which = (inside.group(1), inside.group(2)) if inside else (step, "")
        if name in _WHOSE:
            inner, mark, more = which.partition("#")
            parts.append(words.get(f"{_WHOSE[name]}.{inner}", inner) + f" {mark}{more}".rstrip())
        elif not (parts and name == "value"):  # of a setting its name says all
            word = words.get(f"field.{kind}.{name}") or words.get(f"field.{name}") or name
            parts.append(f"{word} {which}".rstrip())
    return " › ".join(parts)


def said(text: str | None) -> str:
    """A field's value as people write it."""
    if text is None or text == "":
        return "–"
    if _AMOUNT.fullmatch(text):
        number, _, currency = text.partition(" ")
        price = UnitPrice.parse(number, currency)
        return f"{wording.amount(price, access.language())}\N{NO-BREAK SPACE}{wording.sign(price.currency)}"
    if _INSTANT.fullmatch(text):
        return frame.shown().moment(datetime.fromisoformat(text))
    if _SECRET.fullmatch(text):
        return "••••"
    if text in {"true", "false"}:
        return frame.shown().t(f"said.{text}")
    return text if len(text) <= 160 else f"{text[:159]}…"


def refusal(error: SetRefused | Overtaken | RecordRefused) -> str:
    """Why an edit was not taken, as a sentence."""
    t = frame.shown().t
    if isinstance(error, Overtaken):
        return t("layout.overtaken", name=frame.who(error.by), time=frame.shown().ago(error.at))
    if isinstance(error, RecordRefused):
        return t("entry.refused", why=str(error))
    parts = dict(error.parts)
    for name, kind in (("kinds", "record"), ("blocks", "block")):
        if name in parts:
            parts[name] = ", ".join(t(f"{kind}.{each}") for each in _keys(parts[name]))
    return t(error.said, **parts)


def _keys(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, Iterable) else [str(value)]


def likeness(text: str) -> str:
    """The address of a picture that a record holds, so that people see it and not its letters."""
    return flask.url_for("pictures.file", digest=digest(base64.b64decode(text)))
