"""A test print goes from the editor to a till's paper: once, between two sales, and not when it is late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backoffice.layouts import proofing, samples
from backoffice.layouts.preview import Wish
from pos_qt.peripherals.escpos import EscposPrinter
from schemas.keys import Barcode, BranchKey, KeyboardKey, LayoutKey, TaxZone, TillKey
from schemas.layout import Block, Layout
from schemas.money import Currency
from schemas.settings import Settings
from services.database import beginning
from services.register import slip
from tests.pretend.branch import Chain
from tests.pretend.slips import written

SETTINGS = Settings(
    BranchKey("014"), TillKey("1"), "Elbmarkt", "Neustadt", "Weg 1", Currency("EUR"),
    "Europe/Berlin", TaxZone("de"), "de", LayoutKey("standard"), KeyboardKey("main"), "live",
)  # fmt: skip


def sent(chain: Chain, layout: Layout = beginning.LAYOUT) -> None:
    """Jana asks for a test print on 014-1, and it arrives."""
    chain.look("014-1")
    with chain.office.session() as session:
        proofing.send(session, layout, "014-1", Wish("sale", 80, "de"), "jana")
    chain.publish()
    chain.look("014-1")


def test_a_till_prints_it_once_and_only_between_two_sales(chain: Chain) -> None:
    sent(chain)
    with chain.till("014-1") as till:
        till.scan(Barcode("4012345678901"))
        assert till.prints.proofs() == []
        till.pay()
        (rows,) = till.prints.proofs()
        text = written(rows)
        assert text.count("PROBEDRUCK") == 2 and "3 Milch für 3,50" in text
        assert till.prints.proofs() == []
    with chain.till("014-1") as till:
        assert till.prints.proofs() == []


def test_one_that_came_late_is_left(chain: Chain) -> None:
    sent(chain)
    later = datetime.now(UTC) + timedelta(minutes=16)
    with chain.till("014-1", lambda: later) as till:
        assert till.prints.proofs() == []


def test_a_till_that_never_called_is_not_asked(chain: Chain) -> None:
    with chain.office.session() as session, pytest.raises(proofing.ProofRefused):
        proofing.send(session, beginning.LAYOUT, "014-2", Wish(), "jana")


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    "text", ["\x1bp0\x10\x10", "\x1dV0", "<b>{{7*7}}\x1b@</b>", "\x1c\x07\x9b!p"]
)
def test_no_text_of_a_layout_commands_the_printer(tmp_path: Path, text: str) -> None:
    calm = "".join(c if c.isprintable() else " " for c in text)
    printed = []
    for n, said in enumerate((text, calm)):
        blocks = (Block("text", text=said), *beginning.LAYOUT.blocks)
        layout = Layout(beginning.LAYOUT.layout, 1, 42, blocks)
        receipt = samples.receipt("sale", "de")
        rows = slip.render(receipt, layout, SETTINGS)
        EscposPrinter(f"file:{n}.bin", tmp_path).print_rows(rows)
        printed.append((tmp_path / f"{n}.bin").read_bytes())
    assert printed[0] == printed[1]
    assert b"Milch" in printed[0]
