"""Safe XML in, one canonical form out, and the digest over exactly those bytes.

In: UTF-8 only, no document type, no entities, no network, bounded size and depth, checked against
the XSD of the module that defines the document. Out: Canonical XML 1.0 (W3C), no declaration, no
line breaks. Bytes are kept as written; nothing is canonicalised again.
"""

from __future__ import annotations

import functools
import hashlib
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Final, TypeVar

from lxml import etree

from schemas import binding
from schemas.keys import Digest

D = TypeVar("D")

LARGEST_DOCUMENT: Final = 4 * 1024 * 1024
"""Bytes of the largest single document that is read as a tree."""
LARGEST_COLLECTION: Final = 512 * 1024 * 1024
"""Bytes of the largest document that is read as a stream of records."""
_DOCTYPE: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class DocumentRefused(ValueError):
    """The bytes are not the document they should be; the message names the place."""


def dump(document: Any) -> bytes:
    """`document` as canonical bytes."""
    return binding.canonical(document)


def digest(data: bytes) -> Digest:
    """The digest over stored bytes."""
    return Digest(hashlib.sha256(data).hexdigest())


@functools.cache
def schema(module: str) -> etree.XMLSchema:
    """The XSD that lies beside `module`; what it includes comes from the same folder only."""
    beside = Path(str(sys.modules[module].__file__)).with_suffix(".xsd")
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    return etree.XMLSchema(etree.parse(str(beside), parser))


def _refuse_at_sight(data: bytes, largest: int) -> None:
    if len(data) > largest:
        raise DocumentRefused(f"the document has {len(data)} bytes, more than {largest}")
    found = _DOCTYPE.search(data)
    if found:
        line = data.count(b"\n", 0, found.start()) + 1
        raise DocumentRefused(f"line {line}: a document type or entity is not allowed")


def parse(data: bytes, largest: int = LARGEST_DOCUMENT) -> etree._Element:
    """The root element of `data`; raises DocumentRefused, naming the line, where it is unsound."""
    _refuse_at_sight(data, largest)
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise DocumentRefused(f"line {error.lineno or 1}: {error.msg}") from error
    if root.getroottree().docinfo.doctype:
        raise DocumentRefused("line 1: a document type or entity is not allowed")
    return root


def load(cls: type[D], data: bytes, largest: int = LARGEST_DOCUMENT) -> D:
    """The document in `data`, checked against its XSD; raises DocumentRefused, naming the place."""
    return from_element(cls, parse(data, largest))


def check(module: str, root: etree._Element) -> None:
    """Raise DocumentRefused unless `root` is valid by the XSD that lies beside `module`."""
    xsd = schema(module)
    if not xsd.validate(root):
        first = xsd.error_log[0]
        raise DocumentRefused(f"line {first.line}: {_plainly(str(first.message))}")


def from_element(cls: type[D], root: etree._Element) -> D:
    """The document that `root` is, checked against its XSD; raises DocumentRefused."""
    check(cls.__module__, root)
    if etree.QName(root).localname != binding.tag(cls):
        raise DocumentRefused(f"line 1: this is no <{binding.tag(cls)}>")
    try:
        return binding.read(cls, root)
    except ValueError as error:
        raise DocumentRefused(f"<{binding.tag(cls)}>: {error}") from error


def records(module: str, data: bytes) -> Iterator[etree._Element]:
    """The elements right below the root of a large document, one at a time, in bounded memory.

    The XSD is checked while reading, and a fault is known at the end only: take what comes
    into a transaction that is undone when DocumentRefused is raised.
    """
    _refuse_at_sight(data, LARGEST_COLLECTION)
    events = etree.iterparse(
        BytesIO(data),
        events=("start", "end"),
        schema=schema(module),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    depth = 0
    try:
        for event, element in events:
            depth += 1 if event == "start" else -1
            if event == "end" and depth == 1:
                yield element
                parent = element.getparent()
                element.clear()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]
    except etree.XMLSyntaxError as error:
        raise DocumentRefused(f"line {error.lineno or 1}: {_plainly(str(error.msg))}") from error


def _plainly(message: str) -> str:
    return message.replace("{" + binding.NAMESPACE + "}", "")[:400]
