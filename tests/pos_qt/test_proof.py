"""A test print at the till's screen: printed when its bell rings and no sale is in hand."""

from __future__ import annotations

from datetime import UTC

from pytestqt.qtbot import QtBot

from pos_qt.peripherals.printer import Pretend
from pos_qt.till import TillFace
from schemas import proof
from schemas.proof import Proof, ProofRow
from services.database import changes
from tests.pos_qt.acts import scan
from tests.pos_qt.conftest import MILK_CODE
from tests.pretend.branch import Chain


def test_a_test_print_waits_for_the_end_of_the_sale(
    qtbot: QtBot, face: TillFace, printer: Pretend, shop: Chain
) -> None:
    scan(face, MILK_CODE)
    wanted = Proof(proof.KEY, face.desk.till.now().astimezone(UTC), "jana", (ProofRow("Probe"),))
    with shop.office.session() as session:
        changes.record(session, wanted, "till-014-2", "jana")
    shop.publish()
    shop.look("014-2")
    face._on_bell()
    qtbot.wait(50)
    assert printer.slips == []
    face.payment.quick("exact")
    qtbot.waitUntil(lambda: len(printer.slips) == 1 and not face.desk.is_busy)
    face._on_bell()
    qtbot.waitUntil(lambda: len(printer.slips) == 2)
    assert [row.text for row in printer.slips[1]] == ["Probe"]
    face._on_bell()
    qtbot.wait(50)
    assert len(printer.slips) == 2
