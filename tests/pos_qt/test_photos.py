"""Photographs on article keys and in the search: drawn behind the screen, and never a broken frame."""

from __future__ import annotations

import io
import logging
import threading
import time
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from pos_qt.till import TillFace
from pos_qt.widgets import photos
from pos_qt.widgets.articlekey import ArticleKey
from schemas.picture import Picture
from services.database import records
from services.database.changes import PICTURES
from services.importing import pictures as making
from services.register import keyboardface
from tests.pos_qt.conftest import Opener, sign_in
from tests.pretend.branch import BEER, MILK, Chain
from tests.pretend.photograph import BLUE, RED, striped, webp


def give(shop: Chain, article: str, picture: bytes) -> None:
    """An article gets a picture, and the till has it."""
    with shop.office.session() as session:
        records.put(session, Picture(article, picture), PICTURES, "test")  # type: ignore[arg-type]
    shop.publish()
    shop.look("014-2")


def key_of(face: TillFace, article: str) -> ArticleKey:
    keys = face.window.sale.selling.keys.findChildren(ArticleKey)
    return next(key for key in keys if key.shown.article == article)


def middle(key: ArticleKey) -> tuple[int, int, int]:
    """The colour in the middle of a key's picture, as it is painted."""
    u = key._look.u
    box = keyboardface.face("x", "1", key.width(), key.height(), u).picture
    image = key.grab().toImage()
    ratio = image.devicePixelRatio()
    spot = QPoint(box.left + box.width // 2, box.top + box.height // 2) * ratio
    colour = image.pixelColor(spot)
    return colour.red(), colour.green(), colour.blue()


def near(found: tuple[int, int, int], wanted: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 24 for a, b in zip(found, wanted, strict=True))


def test_a_key_shows_its_photograph_and_the_next_one_once_it_comes(
    qtbot: QtBot, shop: Chain, opened: Opener
) -> None:
    give(shop, MILK.key, webp(RED))
    face = opened()
    sign_in(qtbot, face)
    qtbot.waitUntil(lambda: near(middle(key_of(face, MILK.key)), RED))
    assert not near(middle(key_of(face, BEER.key)), RED)
    give(shop, MILK.key, webp(BLUE))
    face._on_bell()
    qtbot.waitUntil(lambda: near(middle(key_of(face, MILK.key)), BLUE))


def test_a_search_shows_the_photograph(qtbot: QtBot, shop: Chain, opened: Opener) -> None:
    give(shop, MILK.key, webp(RED))
    face = opened()
    sign_in(qtbot, face)
    face.search.open("milch")
    found = face.window.sale.selling._found
    qtbot.waitUntil(lambda: found.found.rowCount() == 1)

    def shown() -> tuple[int, int, int]:
        row = found.visualRect(found.found.index(0))
        look = found.look
        spot = QPoint(look.px(16) + look.px(20), row.center().y())
        colour = found.viewport().grab().toImage().pixelColor(spot)
        return colour.red(), colour.green(), colour.blue()

    qtbot.waitUntil(lambda: near(shown(), RED))


def test_a_broken_picture_leaves_the_key_as_if_there_were_none(
    qtbot: QtBot, shop: Chain, opened: Opener, caplog: pytest.LogCaptureFixture
) -> None:
    face = opened()
    sign_in(qtbot, face)
    before = middle(key_of(face, MILK.key))
    with caplog.at_level(logging.WARNING):
        give(shop, MILK.key, b"RIFF\x10\x00\x00\x00WEBPVP8 no picture")
        face._on_bell()
        key = key_of(face, MILK.key)
        assert key.shown.photo
        kept: Any = face.window.sale.selling.photos._kept
        key.grab()
        qtbot.waitUntil(lambda: any(which[0] == key.shown.photo for which in kept))
    assert middle(key_of(face, MILK.key)) == before
    assert f"article={MILK.key}" in caplog.text


def test_nothing_is_read_or_drawn_on_the_screens_thread(
    qtbot: QtBot, shop: Chain, opened: Opener
) -> None:
    give(shop, MILK.key, webp(RED))
    face = opened()
    sign_in(qtbot, face)
    shelf = photos.Photos()
    asked: list[threading.Thread] = []

    def slow(_: str) -> bytes:
        asked.append(threading.current_thread())
        time.sleep(0.3)
        return webp(RED)

    shelf.ask = slow
    begun = time.perf_counter()
    assert shelf.drawn("1", "a", 46, 9, 1.0) is None
    assert shelf.drawn("1", "a", 46, 9, 1.0) is None
    assert time.perf_counter() - begun < 0.1
    with qtbot.waitSignal(shelf.came):
        pass
    assert shelf.drawn("1", "a", 46, 9, 1.0) is not None
    assert len(asked) == 1 and asked[0] is not threading.main_thread()
    assert shelf.drawn("1", None, 46, 9, 1.0) is None
    shelf.close()


def test_what_could_not_be_read_is_asked_for_again(qtbot: QtBot) -> None:
    shelf = photos.Photos()
    answers = [None, webp(RED)]
    shelf.ask = lambda _: answers.pop(0)
    assert shelf.drawn("1", "a", 46, 9, 1.0) is None
    qtbot.waitUntil(lambda: len(answers) == 1 and not shelf._asked)
    assert shelf.drawn("1", "a", 46, 9, 1.0) is None
    qtbot.waitUntil(lambda: shelf.drawn("1", "a", 46, 9, 1.0) is not None)
    shelf.close()


def test_only_so_many_are_kept(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "_MOST", 3)
    shelf = photos.Photos()
    shelf.ask = lambda _: webp(RED)
    for n in range(6):
        shelf.drawn("1", str(n), 46, 9, 1.0)
    qtbot.waitUntil(lambda: not shelf._asked)
    assert [which[0] for which in shelf._kept] == ["3", "4", "5"]
    shelf.close()


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_a_photograph_is_drawn_for_the_screens_own_pixels(qtbot: QtBot, ratio: float) -> None:
    shelf = photos.Photos()
    shelf.ask = lambda _: webp(RED)
    qtbot.waitUntil(lambda: shelf.drawn("1", "a", 46, 9, ratio) is not None)
    drawn = shelf.drawn("1", "a", 46, 9, ratio)
    assert drawn is not None
    image: QImage = drawn.toImage()
    assert (image.width(), drawn.devicePixelRatio()) == (round(46 * ratio), ratio)
    assert image.pixelColor(0, 0).alpha() == 0, "its corners are round"
    colour = image.pixelColor(image.width() // 2, image.height() // 2)
    assert near((colour.red(), colour.green(), colour.blue()), RED)
    shelf.close()


def test_a_picture_that_is_too_large_is_not_unpacked() -> None:

    out = io.BytesIO()
    Image.new("RGB", (4000, 4000), RED).save(out, "WEBP")
    assert photos.painted(out.getvalue(), 46, 9) is None
    assert photos.painted(b"", 46, 9) is None


def test_a_picture_that_ends_too_early_is_not_drawn() -> None:
    whole = making.made(striped())
    assert photos.painted(whole, 46, 9) is not None
    for cut in range(1, len(whole) - 1, 7):
        image = photos.painted(whole[:cut], 46, 9)
        assert image is None or image.width() == 46
    assert photos.painted(whole[: len(whole) // 2], 46, 9) is None
