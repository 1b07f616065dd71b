"""Photographs that tests bring: plain colours in three stripes, in any kind, with what cameras add."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image

from services.importing import pictures

RED, GREEN, BLUE = (210, 30, 30), (30, 160, 60), (30, 60, 210)


def striped(kind: str = "JPEG", size: tuple[int, int] = (600, 400), **more: Any) -> bytes:
    """Red at the left, green in the middle, blue at the right."""
    image = Image.new("RGB", size, GREEN)
    third = size[0] // 6
    image.paste(RED, (0, 0, third, size[1]))
    image.paste(BLUE, (size[0] - third, 0, size[0], size[1]))
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def plain(colour: tuple[int, int, int] = RED, kind: str = "PNG") -> bytes:
    """One colour."""
    out = io.BytesIO()
    Image.new("RGB", (300, 300), colour).save(out, kind)
    return out.getvalue()


def webp(colour: tuple[int, int, int] = RED) -> bytes:
    """One colour, as head office makes it."""
    return pictures.made(plain(colour))


def bomb(wide: int, high: int) -> bytes:
    """A PNG of a few hundred bytes whose head says that it is so large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        told = struct.pack(">I", len(data)) + name + data
        return told + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 100_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def opened(data: bytes) -> Image.Image:
    """What a file shows."""
    return Image.open(io.BytesIO(data))
