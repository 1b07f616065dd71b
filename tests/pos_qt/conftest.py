"""A till with its face, over a real box that a small chain filled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from pytestqt.qtbot import QtBot

from pos_qt.peripherals import speaker
from pos_qt.peripherals.printer import Pretend
from pos_qt.theme import fonts
from pos_qt.till import TillFace
from schemas.keyboard import Key, Keyboard, Tab
from schemas.keys import KeyboardKey
from services.demo import chain as demo
from tests.pretend.branch import BEER, CHEESE, MILK, UNPRICED, Chain, changes

MILK_CODE = "4012345678901"
BEER_CODE = "40123455"
KEYS = Keyboard(
    KeyboardKey("main"),
    1,
    tabs=(
        Tab("Favoriten", "Favourites", "Favoritos", "star",
            (Key(0, 0, MILK.key), Key(0, 1, BEER.key), Key(1, 0, UNPRICED.key))),
        Tab("Käse", "Cheese", "Queso", "cheese", (Key(0, 0, CHEESE.key),)),
    ),
)  # fmt: skip


@dataclass
class Clock:
    """A clock that a test sets forward."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def clock() -> Clock:
    """The till's clock."""
    return Clock()


@pytest.fixture
def shop(chain: Chain) -> Chain:
    """A chain with article keys, mirrored on one till."""
    with chain.office.session() as session:
        changes.record(session, KEYS, changes.CHAIN, "test")
    chain.publish()
    chain.look("014-2")
    return chain


@pytest.fixture
def printer() -> Pretend:
    """A printer in memory."""
    return Pretend()


Opener = Callable[[], TillFace]


@pytest.fixture
def opened(qtbot: QtBot, shop: Chain, printer: Pretend, clock: Clock) -> Iterator[Opener]:
    """Opens the face on one box, as often as a test closes it."""
    fonts.load()
    faces: list[TillFace] = []

    def begin() -> TillFace:
        face = TillFace(shop.box("014-2"), clock, printer=printer, speaker=speaker.Pretend())
        face.window.show()
        faces.append(face)
        return face

    yield begin
    for face in faces:
        if face.till is not None:
            face.window.close()
            face.close()
        face.window.deleteLater()


@pytest.fixture
def face(qtbot: QtBot, opened: Opener) -> TillFace:
    """A till with Mira signed in."""
    made = opened()
    sign_in(qtbot, made)
    return made


@pytest.fixture
def seller(qtbot: QtBot, opened: Opener, shop: Chain) -> TillFace:
    """A till with Jo signed in, a cashier; Mira leads the branch."""
    with shop.office.session() as session:
        everybody = (("mira", "Mira Köhler", "1111", "de"), ("jo", "Jo Berg", "2222", "de"))
        demo.staff(session, "014", everybody)
    shop.publish()
    shop.look("014-2")
    made = opened()
    made.signin.choose("jo")
    made.signin.typed("2222")
    qtbot.waitUntil(lambda: made.desk.till.cashier is not None and not made.desk.is_busy)
    return made


def sign_in(qtbot: QtBot, face: TillFace) -> None:
    """Mira's name is chosen already where she is alone; her PIN follows."""
    face.signin.choose("mira")
    face.signin.typed("1111")
    qtbot.waitUntil(lambda: face.desk.till.cashier is not None and not face.desk.is_busy)


def idle(qtbot: QtBot, face: TillFace) -> None:
    """Wait until nothing is being written."""
    qtbot.waitUntil(lambda: not face.desk.is_busy)
