"""The parked sheet shows what the other tills of the branch have, and fetches it."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_qt.presenters.nextdoor import PATIENCE
from pos_qt.presenters.shown import Sheet
from pos_qt.till import TillFace
from services.link import identity
from services.neighbours import folders
from services.neighbours.owner import Owner
from services.neighbours.rounds import Rounds
from tests.pos_qt.acts import press, scan, titles, typed
from tests.pos_qt.conftest import MILK_CODE, Clock, idle
from tests.pretend.branch import Chain, euros
from tests.pretend.neighbours import holders, meet, park


class Branch:
    """Two tills: the face is 014-2, and 014-1 has a sale parked. No line between their agents."""

    def __init__(self, shop: Chain) -> None:
        self.boxes = meet(shop, "014-1", "014-2")
        self.other = shop.till("014-1")
        self.ref = park(self.other, 2).ref
        owner = Owner(self.boxes[0], "014-1")
        key = identity.device_key(self.boxes[1])
        self.rounds = Rounds(self.boxes[1], "014-2", key, lambda _: owner)
        self.rounds.once()

    def cut(self) -> None:
        """A round while the other till is off."""
        self.rounds.close()
        alone = Rounds(self.boxes[1], "014-2", identity.device_key(self.boxes[1]))
        alone.once()
        alone.close()

    def close(self) -> None:
        """The other till ends."""
        for each in (self.rounds, self.other):
            each.close()


def sheet(face: TillFace) -> Sheet:
    page = face.sheets.page
    assert page is not None
    return page.sheet()


def opened(qtbot: QtBot, face: TillFace) -> None:
    press(face, Qt.Key.Key_F8)
    idle(qtbot, face)


def test_what_another_till_parked_is_fetched_by_one_key(
    qtbot: QtBot, face: TillFace, shop: Chain
) -> None:
    branch = Branch(shop)
    opened(qtbot, face)
    (tile,) = sheet(face).tiles
    assert (tile.text, tile.caption) == ("Milch +1", "Kasse 1 · 2,78 · vor 0 min · Mira Köhler")
    typed(qtbot, face, "1")
    idle(qtbot, face)
    assert sheet(face).lead == "Der Bon wird von Kasse 1 geholt …"
    branch.rounds.once()
    qtbot.waitUntil(lambda: face.desk.till.basket.total == euros("2.78"))
    qtbot.waitUntil(lambda: any(t.startswith("Abgerufen: geparkt von Mira") for t in titles(face)))
    assert not face.sheets.is_open
    assert holders(branch.boxes, branch.ref) == ["014-2 in hand"]
    branch.close()


def test_one_that_another_till_took_first_is_said(
    qtbot: QtBot, face: TillFace, shop: Chain
) -> None:
    branch = Branch(shop)
    opened(qtbot, face)
    branch.other.parking.recall(branch.ref)
    typed(qtbot, face, "1")
    idle(qtbot, face)
    branch.rounds.once()
    qtbot.waitUntil(lambda: titles(face) == ["Diesen Bon hat jetzt Kasse 014-1."])
    assert face.desk.till.basket.is_empty
    branch.close()


def test_a_till_that_does_not_answer_is_shown_and_nobody_waits_for_ever(
    qtbot: QtBot, face: TillFace, shop: Chain, clock: Clock
) -> None:
    branch = Branch(shop)
    opened(qtbot, face)
    typed(qtbot, face, "1")
    idle(qtbot, face)
    clock.ahead = PATIENCE + timedelta(seconds=1)
    branch.cut()
    face.parking.tick()
    qtbot.waitUntil(lambda: titles(face) == ["Kasse 1 antwortet nicht."])
    assert sheet(face).tiles[0].text == "Kasse 1 nicht erreichbar"
    assert sheet(face).tiles[0].caption.startswith("1 geparkt · gesehen ")
    qtbot.waitUntil(lambda: all(w.withdrawn for w in face.desk.till.parking.fetching.wants()))
    branch.rounds.once()
    qtbot.waitUntil(lambda: not face.desk.till.parking.fetching.wants())
    assert holders(branch.boxes, branch.ref) == ["014-1 parked"]
    branch.close()


def test_what_comes_when_nobody_waits_is_parked_here(
    qtbot: QtBot, face: TillFace, shop: Chain
) -> None:
    branch = Branch(shop)
    opened(qtbot, face)
    typed(qtbot, face, "1")
    idle(qtbot, face)
    face.sheets.close()
    scan(face, MILK_CODE)
    branch.rounds.once()
    qtbot.waitUntil(lambda: "Ein Bon von einer anderen Kasse ist da." in titles(face))
    assert [parked.ref for parked in face.desk.till.parking.all()] == [branch.ref]
    assert face.desk.till.basket.total == euros("1.39")
    branch.close()


def test_a_parked_sale_that_went_to_another_till_leaves_the_sheet(
    qtbot: QtBot, face: TillFace, shop: Chain
) -> None:
    branch = Branch(shop)
    scan(face, MILK_CODE)
    press(face, Qt.Key.Key_F8)
    idle(qtbot, face)
    owner = Owner(branch.boxes[1], "014-2")
    (waiting,) = owner.shelf("014-1").waiting
    owner.claim("014-1", "c" * 32, waiting.parking)
    qtbot.waitUntil(lambda: not list(folders.parked(branch.boxes[1]).glob("*.xml")))
    pad = face.window.sale.selling.pad
    qtbot.waitUntil(lambda: pad.functions["recall"]._badge == "")
    branch.close()
