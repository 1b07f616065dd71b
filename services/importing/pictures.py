"""Pictures that people bring: anything may come, and a small square WebP with nothing hidden leaves.

Nothing of the file is kept as it was. Its size in pixels is read from its head before anything is
unpacked, so that a small file cannot fill the memory; its metadata (place, camera, owner) goes.
"""

from __future__ import annotations

import io
import struct
import threading
import zlib
from typing import Final

from PIL import Image
from PIL.Image import Resampling, Transpose

from schemas.picture import LARGEST, SIDE

LARGEST_UPLOAD: Final = 10 * 1024 * 1024
"""Bytes of the largest file."""
MOST_PIXELS: Final = 40_000_000
"""Of the largest picture: as telephones make them; unpacked they are up to 160 MB."""
LEAST_SIDE: Final = 64
"""Pixels of the shorter side at least: a smaller picture is a blur on a key."""
KINDS: Final = ("PNG", "JPEG", "WEBP")
_WANTED: Final = 12 * 1024
"""Bytes that a picture should have at most; 50,000 of them must fit into one replica."""
_QUALITIES: Final = (82, 70, 55, 40, 25, 10)
_ORIENTATION: Final = 0x0112
"""The tag of a photograph that says how the camera was held. Source: EXIF 2.32, 4.6.4."""
_TURNS: Final = {
    2: Transpose.FLIP_LEFT_RIGHT, 3: Transpose.ROTATE_180, 4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE, 6: Transpose.ROTATE_270, 7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}  # fmt: skip
_BROKEN: Final = (
    ArithmeticError, EOFError, LookupError, OSError, SyntaxError, TypeError, ValueError,
    struct.error, zlib.error,
)  # fmt: skip
"""What Pillow raises over bytes that are no sound picture, according to how they are broken."""
_ONE_AT_A_TIME: Final = threading.Lock()
"""Unpacked pictures are large: two people who bring one at once wait for each other."""

Image.MAX_IMAGE_PIXELS = None  # the limit here is lower, and a refusal instead of a warning


class PictureRefused(ValueError):
    """A file that makes no picture; `said` names the sentence, `parts` its values."""

    def __init__(self, said: str, message: str, **parts: object) -> None:
        self.said = said
        self.parts = parts
        super().__init__(message)


def made(data: bytes) -> bytes:
    """The square WebP of `SIDE` pixels that stands for a file from outside.

    It is cut from the middle, turned as the camera was held, and has no metadata.
    Raises PictureRefused where the file is too large, no PNG, JPEG or WebP, or broken.
    """
    if len(data) > LARGEST_UPLOAD:
        most = LARGEST_UPLOAD // 2**20
        raise PictureRefused(
            "picture.too-large", f"the file has more than {most} MB",
            size=-(-len(data) // 2**20), most=most,
        )  # fmt: skip
    with _ONE_AT_A_TIME:
        return _written(_square(_opened(data)))


def _opened(data: bytes) -> Image.Image:
    """The picture, of which only the head is read yet. Its kind is what its bytes say."""
    try:
        image = Image.open(io.BytesIO(data), formats=KINDS)
    except _BROKEN as error:
        raise PictureRefused(
            "picture.no-picture", "the file is no PNG, JPEG or WebP picture"
        ) from error
    wide, high = image.size
    if wide * high > MOST_PIXELS:
        raise PictureRefused(
            "picture.too-many-pixels",
            f"the picture has {wide} × {high} pixels, more than {MOST_PIXELS}",
            wide=wide, high=high, most=MOST_PIXELS // 10**6,
        )  # fmt: skip
    if min(wide, high) < LEAST_SIDE:
        raise PictureRefused(
            "picture.too-small", f"the picture has {wide} × {high} pixels, too few",
            wide=wide, high=high, least=LEAST_SIDE,
        )  # fmt: skip
    return image


def _square(image: Image.Image) -> Image.Image:
    """The middle of the picture, small and upright."""
    try:
        turn = _TURNS.get(_orientation(image))
        image.draft("RGB", (2 * SIDE, 2 * SIDE))  # a JPEG is unpacked no larger than needed
        side = min(image.size)
        left, top = (image.width - side) // 2, (image.height - side) // 2
        small = _plain(image).resize(
            (SIDE, SIDE), Resampling.LANCZOS, (left, top, left + side, top + side), 3.0
        )
        if turn is not None:
            small = small.transpose(turn)
        clean = Image.new(small.mode, small.size)  # without what the file says beside
        clean.paste(small)
    except _BROKEN as error:
        raise PictureRefused("picture.broken", "the picture is damaged") from error
    return clean


def _orientation(image: Image.Image) -> int:
    """How the camera was held; upright where what is said of it cannot be read."""
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except _BROKEN:
        return 1


def _plain(image: Image.Image) -> Image.Image:
    """In plain colours; see-through where the file is."""
    if image.mode.startswith("I"):  # greys of 16 bits
        image = image.point(lambda level: level / 256).convert("L")
    through = "transparency" in image.info or image.mode in {"LA", "La", "PA", "RGBA", "RGBa"}
    return image.convert("RGBA" if through else "RGB")


def _written(image: Image.Image) -> bytes:
    """As WebP: as good as fits into what is wanted, and never more than tills take."""
    data = b""
    for quality in _QUALITIES:
        out = io.BytesIO()
        image.save(out, "WEBP", quality=quality, alpha_quality=quality, method=4)
        data = out.getvalue()
        if len(data) <= _WANTED:
            break
    if len(data) > LARGEST:
        raise PictureRefused("picture.broken", "the picture does not get small enough")
    return data
