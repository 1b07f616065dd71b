"""How a frozen dataclass is one XML element.

A field made by `attribute` is an attribute; `child` is one element inside, `children` any number
of them in order. Values that are not dataclasses are always attributes: each type here has one
text form. No document has text between its elements, so a document has no line breaks, and many
documents can lie one a line in one file.
"""

from __future__ import annotations

import base64
import dataclasses
import enum
import functools
import re
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, TypeVar, cast

from lxml import etree

from schemas.money import Currency, Money, UnitPrice
from schemas.period import instant, written
from schemas.quantity import Quantity

NAMESPACE: Final = "urn:tresen:1"
D = TypeVar("D")
_BRACED: Final = "{" + NAMESPACE + "}"
_SPECIAL: Final = re.compile(r"[&<\"\t\n\r]").search
_ENTITIES: Final = (
    ("&", "&amp;"), ("<", "&lt;"), ('"', "&quot;"), ("\t", "&#x9;"), ("\n", "&#xA;"), ("\r", "&#xD;"),
)  # fmt: skip
_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def attribute(name: str | None = None, *, default: Any = dataclasses.MISSING) -> Any:
    """A field that is an attribute called `name` (else like the field); left out while it is None."""
    return dataclasses.field(default=default, metadata={"xml": "attribute", "name": name})


def child(name: str | None = None, *, default: Any = dataclasses.MISSING) -> Any:
    """A field that is one element inside, called `name` (else like the field)."""
    return dataclasses.field(default=default, metadata={"xml": "child", "name": name})


def children(name: str, *, default: Any = ()) -> Any:
    """A field that is a tuple of elements called `name`, in their order."""
    return dataclasses.field(default=default, metadata={"xml": "children", "name": name})


def _money(text: str) -> Money:
    number, _, currency = text.partition(" ")
    return Money.parse(number, currency)


def _unit_price(text: str) -> UnitPrice:
    number, _, currency = text.partition(" ")
    return UnitPrice.parse(number, currency)


def _quantity(text: str) -> Quantity:
    number, _, unit = text.partition(" ")
    return Quantity.parse(number, unit)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _yes(text: str) -> bool:
    return text == "true"


_READ: Final[dict[type, Callable[[str], Any]]] = {
    str: str,
    int: int,
    bool: _yes,
    bytes: _bytes,
    Decimal: Decimal,
    datetime: instant,
    date: date.fromisoformat,
    Money: _money,
    UnitPrice: _unit_price,
    Quantity: _quantity,
}
_WRITTEN: Final[dict[type, Callable[[Any], str]]] = {
    bool: lambda yes: "true" if yes else "false",
    bytes: lambda raw: base64.b64encode(raw).decode(),
    datetime: written,
    date: date.isoformat,
}


@dataclass(frozen=True, slots=True)
class _Part:
    """One field of a document class: where it stands in the XML and how it is read and written."""

    field: str
    kind: str
    name: str
    read: Callable[[Any], Any]
    write: Callable[[Any], str]
    inside: type | None


def tag(cls: type) -> str:
    """The element's name of a document class: `TaxTotal` is `tax-total`."""
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in cls.__name__).lstrip("-")


def _plain(hint: Any) -> Any:
    """The type behind `X | None`, `tuple[X, ...]` and NewType."""
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        hint = next(part for part in typing.get_args(hint) if part is not types.NoneType)
    if typing.get_origin(hint) is tuple:
        hint = typing.get_args(hint)[0]
    while isinstance(hint, typing.NewType):
        hint = hint.__supertype__
    return hint


@functools.cache
def _parts(cls: Any) -> tuple[_Part, ...]:
    hints = typing.get_type_hints(cls)
    parts = []
    for field in dataclasses.fields(cls):
        kind = field.metadata["xml"]
        hint = hints[field.name]
        plain = _plain(hint)
        name = field.metadata["name"] or field.name.rstrip("_").replace("_", "-")
        if dataclasses.is_dataclass(plain) and plain not in _READ:
            parts.append(_Part(field.name, kind, name, str, str, cast(type, plain)))
            continue
        if typing.get_origin(hint) is tuple:
            parts.append(_Part(field.name, "words", name, _words, " ".join, None))
            continue
        enumerated = isinstance(plain, type) and issubclass(plain, enum.StrEnum)
        read = plain if enumerated else _READ[plain]
        parts.append(_Part(field.name, kind, name, read, _WRITTEN.get(plain, str), None))
    return tuple(parts)


_Written = tuple[str, str, Callable[[Any], str] | None]
"""A field, the text before its value, and how the value is written; None: it is text already."""


@functools.cache
def _attributes(cls: Any) -> tuple[_Written, ...]:
    """In the order of their names, as canonical XML wants them."""
    inside = [part for part in _parts(cls) if part.kind in {"attribute", "words"}]
    return tuple(
        (p.field, f' {p.name}="', None if p.write is str and p.read is str else p.write)
        for p in sorted(inside, key=lambda part: part.name)
    )


@functools.cache
def _inner(cls: Any) -> tuple[_Part, ...]:
    return tuple(part for part in _parts(cls) if part.kind in {"child", "children"})


def _escaped(text: str) -> str:
    """An attribute's value as Canonical XML 1.0 writes it."""
    for sign, entity in _ENTITIES:
        text = text.replace(sign, entity)
    return text


_KEPT: Final[dict[int, tuple[Any, str, str]]] = {}
"""Elements that were written lately, by the identity of the document that each is."""
_MOST_KEPT: Final = 4096


def _element(name: str, document: Any) -> str:
    """One of many elements as text. A basket is written at each scan, and all but one line is as before.

    Documents never change, so the same object has the same text; each is kept with its text, so
    that no other can have its identity meanwhile.
    """
    known = _KEPT.get(id(document))
    if known is not None and known[0] is document and known[1] == name:
        return known[2]
    pieces: list[str] = []
    _write(pieces, name, document, "", keep=False)
    text = "".join(pieces)
    if len(_KEPT) >= _MOST_KEPT:
        _KEPT.clear()
    _KEPT[id(document)] = (document, name, text)
    return text


def _write(pieces: list[str], name: str, document: Any, opening: str, *, keep: bool = True) -> None:
    cls: Any = type(document)
    pieces.append(f"<{name}{opening}")
    for field, before, write in _attributes(cls):
        value = getattr(document, field)
        if value is None or value == ():
            continue
        text = value if write is None else write(value)
        if _SPECIAL(text):
            text = _escaped(text)
        pieces.append(before + text + '"')
    pieces.append(">")
    for part in _inner(cls):
        value = getattr(document, part.field)
        if part.kind == "children":
            for each in value:
                if keep:
                    pieces.append(_element(part.name, each))
                else:
                    _write(pieces, part.name, each, "", keep=False)
        elif value is not None:
            _write(pieces, part.name, value, "", keep=keep)
    pieces.append(f"</{name}>")


def canonical(document: Any) -> bytes:
    """`document` as Canonical XML 1.0: attributes sorted, no line breaks, no declaration.

    Written directly, because a till does it while a customer waits; a property test holds it
    to what libxml2 makes of the same document. Source: W3C, Canonical XML 1.0, section 2.3.
    Raises ValueError where a text holds a sign that XML cannot carry.
    """
    pieces: list[str] = []
    _write(pieces, tag(type(document)), document, f' xmlns="{NAMESPACE}"')
    text = "".join(pieces)
    if _UNFIT.search(text):
        raise ValueError("a text holds a sign that XML cannot carry")
    return text.encode()


@dataclass(frozen=True, slots=True)
class _Names:
    """A document class's parts by the names that they have in the XML."""

    attributes: dict[str, _Part]
    inside: dict[str, _Part]
    empty: dict[str, tuple[()]]


@functools.cache
def _names(cls: Any) -> _Names:
    parts = _parts(cls)
    return _Names(
        {p.name: p for p in parts if p.kind in {"attribute", "words"}},
        {_BRACED + p.name: p for p in parts if p.kind in {"child", "children"}},
        {p.field: () for p in parts if p.kind in {"words", "children"}},
    )


def read(cls: type[D], element: etree._Element) -> D:
    """The document of class `cls` that `element` is; the XSD has been checked before.

    Raises ValueError where a value has the right form and no sense (the 31st of February).
    """
    names = _names(cast(Any, cls))
    values: dict[str, Any] = dict(names.empty)
    many: dict[str, list[Any]] = {}
    for name, text in cast(Any, element).items():
        part = names.attributes.get(name)
        if part is not None:
            values[part.field] = part.read(text)
    for each in element:
        part = names.inside.get(cast(str, each.tag))
        if part is None:
            continue
        inside: Any = read(cast(type, part.inside), each)
        if part.kind == "child":
            values[part.field] = inside
        else:
            many.setdefault(part.field, []).append(inside)
    for field, found in many.items():
        values[field] = tuple(found)
    return cls(**values)


__all__ = ["NAMESPACE", "Currency", "attribute", "canonical", "child", "children", "read", "tag"]
