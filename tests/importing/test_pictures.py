"""Pictures from outside: whatever comes, a small square WebP without secrets leaves, or a refusal."""

from __future__ import annotations

import io
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from schemas.picture import LARGEST, SIDE
from services.importing.pictures import LARGEST_UPLOAD, MOST_PIXELS, PictureRefused, made
from tests.pretend.photograph import BLUE, GREEN, RED, bomb, opened, plain, striped


def near(found: Any, wanted: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 24 for a, b in zip(found[:3], wanted, strict=True))


def chunks(webp: bytes) -> list[bytes]:
    """The names of a WebP's parts. Source: WebP Container Specification."""
    found, at = [], 12
    while at + 8 <= len(webp):
        name, size = webp[at : at + 4], struct.unpack("<I", webp[at + 4 : at + 8])[0]
        found.append(name)
        at += 8 + size + size % 2
    return found


def refused(data: bytes) -> PictureRefused:
    with pytest.raises(PictureRefused) as caught:
        made(data)
    return caught.value


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("size", [(600, 400), (400, 600), (64, 64), (3000, 1000)])
def test_the_middle_is_cut_square_and_made_small(kind: str, size: tuple[int, int]) -> None:
    image = opened(made(striped(kind, size)))
    assert (image.format, image.size) == ("WEBP", (SIDE, SIDE))
    assert near(image.convert("RGB").getpixel((SIDE // 2, SIDE // 2)), GREEN)
    shows_edges = size[0] <= size[1]
    assert near(image.convert("RGB").getpixel((3, 128)), RED if shows_edges else GREEN)
    assert near(image.convert("RGB").getpixel((252, 128)), BLUE if shows_edges else GREEN)


@pytest.mark.parametrize(
    ("held", "red_at"),
    [(1, (3, 128)), (2, (252, 128)), (3, (252, 128)), (4, (3, 128)), (5, (128, 3)),
     (6, (128, 3)), (7, (128, 252)), (8, (128, 252))],
)  # fmt: skip
def test_a_photograph_stands_as_the_camera_was_held(held: int, red_at: tuple[int, int]) -> None:
    exif = Image.Exif()
    exif[0x0112] = held
    image = opened(made(striped("JPEG", (400, 400), exif=exif))).convert("RGB")
    assert near(image.getpixel(red_at), RED)
    assert "exif" not in opened(made(striped("JPEG", (400, 400), exif=exif))).info


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_nothing_of_what_a_camera_adds_leaves(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x013B] = "SECRETMAKER", "SECRETOWNER"
    exif.get_ifd(0x8825)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = striped(kind, exif=exif, icc_profile=profile)
    assert b"SECRETOWNER" in data
    webp = made(data)
    assert b"SECRET" not in webp
    assert set(chunks(webp)) <= {b"VP8 ", b"VP8L"}


def test_what_is_see_through_stays_so() -> None:
    image = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    image.paste((*RED, 255), (100, 100, 200, 200))
    out = io.BytesIO()
    image.save(out, "PNG")
    shown: Any = opened(made(out.getvalue())).convert("RGBA")
    assert shown.getpixel((4, 4))[3] == 0
    assert near(shown.getpixel((128, 128)), RED) and shown.getpixel((128, 128))[3] == 255


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "CMYK", "I;16", "RGB", "RGBA"])
def test_every_way_to_write_colours_is_taken(mode: str) -> None:
    image = Image.new("I;16", (300, 300), 30_000) if mode == "I;16" else (
        Image.new("RGB", (300, 300), (117, 117, 117)).convert(mode)
    )  # fmt: skip
    out = io.BytesIO()
    image.save(out, "JPEG" if mode == "CMYK" else "PNG")
    shown: Any = opened(made(out.getvalue())).convert("RGB")
    assert mode == "1" or near(shown.getpixel((128, 128)), (117, 117, 117))


def test_a_moving_picture_gives_its_first_moment() -> None:
    out = io.BytesIO()
    first, second = (Image.new("RGB", (300, 300), colour) for colour in (RED, BLUE))
    first.save(out, "WEBP", save_all=True, append_images=[second])
    image = opened(made(out.getvalue()))
    assert getattr(image, "n_frames", 1) == 1
    assert near(image.convert("RGB").getpixel((128, 128)), RED)


def test_a_picture_never_has_more_than_tills_take() -> None:
    noise = Image.effect_noise((900, 900), 200).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "PNG")
    assert len(made(out.getvalue())) <= LARGEST // 3


@pytest.mark.parametrize(("wide", "high"), [(60_000, 60_000), (1, 2**31 - 1), (8000, 5001)])
def test_a_bomb_is_refused_by_its_head(wide: int, high: int) -> None:
    assert len(bomb(wide, high)) < 400
    error = refused(bomb(wide, high))
    assert (error.said, error.parts["wide"]) == ("picture.too-many-pixels", wide)
    assert wide * high > MOST_PIXELS


def test_a_head_that_promises_more_than_comes_is_refused() -> None:
    assert refused(bomb(6000, 6000)).said == "picture.broken"


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "PPM", "TGA"])
def test_other_kinds_are_refused_whatever_they_are_called(kind: str) -> None:
    assert refused(plain(kind=kind)).said == "picture.no-picture"


@pytest.mark.parametrize(
    "data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\n", b"GIF89a",
             b"<html><script>alert(1)</script>", b"%!PS-Adobe-3.0 EPSF", b"\xff\xd8\xff", b"RIFF"],
)  # fmt: skip
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    assert refused(data).said == "picture.no-picture"


def test_what_is_too_large_or_too_small_is_refused() -> None:
    assert refused(b"\xff" * (LARGEST_UPLOAD + 1)).said == "picture.too-large"
    assert refused(striped("PNG", (640, 63))).said == "picture.too-small"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@given(
    cut=st.floats(0.02, 0.98),
    flips=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=6),
)
def test_broken_bytes_are_refused_and_break_nothing(
    kind: str, cut: float, flips: list[tuple[float, int]]
) -> None:
    whole = bytearray(striped(kind, (160, 120)))
    for place, value in flips:
        whole[int(place * len(whole))] = value
    for data in (bytes(whole), bytes(whole[: int(cut * len(whole))])):
        try:
            webp = made(data)
        except PictureRefused:
            continue
        assert opened(webp).size == (SIDE, SIDE)
