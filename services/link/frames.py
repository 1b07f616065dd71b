"""Many documents in one body, each byte for byte: a line with name and length, then the bytes.

One unsound document does not make its neighbours unreadable, as one XML around all would.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterable
from typing import Final

LARGEST: Final = 64 * 1024 * 1024
"""Bytes that a body may unpack to."""
_HEAD: Final = re.compile(rb"([0-9A-Za-z./-]{1,80}) ([0-9]{1,9})\n")


class FramesRefused(ValueError):
    """The body is not whole, or too large."""


def pack(documents: Iterable[tuple[str, bytes]]) -> bytes:
    """The body that holds `documents`, named."""
    return b"".join(f"{name} {len(data)}\n".encode() + data for name, data in documents)


def unpack(body: bytes, most: int | None = None) -> list[tuple[str, bytes]]:
    """The named documents in `body`; raises FramesRefused where it is cut short or unsound.

    most  so many documents and no more; beyond them the body is refused, and nothing more is read
    """
    documents: list[tuple[str, bytes]] = []
    place = 0
    while place < len(body):
        head = _HEAD.match(body, place)
        if head is None:
            raise FramesRefused(f"byte {place}: no document begins here")
        end = head.end() + int(head.group(2))
        if end > len(body):
            raise FramesRefused(f"byte {place}: the document is cut short")
        if most is not None and len(documents) >= most:
            raise FramesRefused(f"the body holds more than {most} documents")
        documents.append((head.group(1).decode(), body[head.end() : end]))
        place = end
    return documents


def compressed(data: bytes, level: int = 6) -> bytes:
    """`data` as gzip, the same bytes whenever made."""
    return gzip.compress(data, level, mtime=0)


def decompressed(data: bytes, largest: int = LARGEST) -> bytes:
    """What one layer of gzip holds, at most `largest` bytes; raises FramesRefused."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        found = unpacker.decompress(data, largest)
    except zlib.error as error:
        raise FramesRefused("the body is not gzip, or damaged") from error
    if not unpacker.eof:
        raise FramesRefused("the body is cut short, or too large")
    return found
