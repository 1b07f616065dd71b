"""Replicas: how master data travels down, as one snapshot and numbered changes after it.

A snapshot is a head, one record a line, and a tail; each record's bytes are those that head office
stored at the edit. The state's digest is a sum over all records, so that it costs what changed:
the sum, modulo 2^256, of the SHA-256 of each record's bytes. It shows a mistake, not a forger;
against forgers each file is signed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from lxml import etree

from schemas import xml
from schemas.article import Article, Group
from schemas.binding import attribute, read, tag
from schemas.coderule import CodeRule
from schemas.customer import Balance, Customer, Programme
from schemas.keyboard import Keyboard
from schemas.keys import Digest
from schemas.layout import Layout
from schemas.model import Model
from schemas.neighbour import Neighbour
from schemas.picture import Picture
from schemas.price import Price
from schemas.promotion import Promotion
from schemas.proof import Proof
from schemas.settings import Settings
from schemas.staff import Role, Staff
from schemas.supplier import OrderCode
from schemas.tax import Tax
from schemas.tender import Tender

RECORDS: Final[dict[str, type[Any]]] = {
    tag(cls): cls
    for cls in (
        Group,
        Article,
        Model,
        Price,
        Promotion,
        CodeRule,
        Tax,
        Tender,
        Role,
        Staff,
        Layout,
        Keyboard,
        Settings,
        Programme,
        Customer,
        Balance,
        Neighbour,
        Proof,
        Picture,
        OrderCode,
    )
}
"""The kinds of record that a replica holds."""

EMPTY: Final = Digest("0" * 64)
"""The digest of a state without records."""
_MODULUS: Final = 1 << 256


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The head of a whole replica at one revision."""

    scope: str = attribute()
    revision: int = attribute()
    digest: Digest = attribute()
    published: datetime = attribute()


@dataclass(frozen=True, slots=True)
class Changes:
    """The head of what one revision changed. `after` is the revision it builds upon."""

    scope: str = attribute()
    revision: int = attribute()
    after: int = attribute()
    digest: Digest = attribute()
    published: datetime = attribute()


@dataclass(frozen=True, slots=True)
class Gone:
    """A tombstone: the record of this kind and key is no more."""

    kind: str = attribute()
    key: str = attribute()


def bump(state: Digest, *, added: Iterable[bytes] = (), removed: Iterable[bytes] = ()) -> Digest:
    """The state's digest after records (their bytes) came and went."""
    number = int(state, 16)
    for data in added:
        number += int.from_bytes(hashlib.sha256(data).digest())
    for data in removed:
        number -= int.from_bytes(hashlib.sha256(data).digest())
    return Digest(f"{number % _MODULUS:064x}")


def collection(head: Snapshot | Changes, records: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of a snapshot or of changes; the records' bytes stay as they are."""
    opened = xml.dump(head)
    name = tag(type(head))
    yield opened.removesuffix(f"</{name}>".encode()) + b"\n"
    for record in records:
        yield record + b"\n"
    yield f"</{name}>".encode()


def head_of(cls: type[Snapshot] | type[Changes], data: bytes) -> Snapshot | Changes:
    """The head of a collection, without reading its records."""
    first = data[: data.find(b"\n")] if b"\n" in data[:4096] else b""
    return xml.load(cls, first + f"</{tag(cls)}>".encode())


def lines(data: bytes) -> Iterator[bytes]:
    """The records' bytes of a collection, one a line, in order."""
    begin = data.find(b"\n") + 1
    while (end := data.find(b"\n", begin)) >= 0:
        yield data[begin:end]
        begin = end + 1


def elements(data: bytes) -> Iterator[tuple[bytes, etree._Element]]:
    """Each record's bytes with its element, the XSD checked on the way (see xml.records)."""
    raw = lines(data)
    for element in xml.records(__name__, data):
        line = next(raw, None)
        if line is None:
            raise xml.DocumentRefused("the records do not lie one a line")
        yield line, element


def all_elements(data: bytes) -> list[tuple[bytes, etree._Element]]:
    """The same as a list whose elements may be kept: for changes, which are small."""
    root = xml.parse(data, xml.LARGEST_COLLECTION)
    xml.check(__name__, root)
    raw = list(lines(data))
    if len(raw) != len(root):
        raise xml.DocumentRefused("the records do not lie one a line")
    return list(zip(raw, root, strict=True))


def record(element: etree._Element) -> Any:
    """The document that a record's element is; raises DocumentRefused for a kind not known."""
    kind = etree.QName(element).localname
    if kind == "gone":
        return read(Gone, element)
    try:
        return read(RECORDS[kind], element)
    except KeyError:
        raise xml.DocumentRefused(f"<{kind}> is no master data") from None
    except ValueError as error:
        raise xml.DocumentRefused(f"<{kind}>: {error}") from error
