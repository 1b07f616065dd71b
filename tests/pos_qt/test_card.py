"""Card payments: charged once, whatever dies in between; unclear is said, never guessed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from pos_qt.peripherals.cardterminal import (
    Approved,
    CardTerminalUnreachable,
    PretendTerminal,
    Step,
    Unknown,
)
from pos_qt.peripherals.zvt_pretend import PretendZvt
from schemas.keys import Barcode, TenderKey
from services.disk.durable import DiskRefused
from tests.pos_qt.cardrig import Disk, Killed, Rig, killed_at_each_step, sold, zvt
from tests.pos_qt.conftest import BEER_CODE, MILK_CODE
from tests.pretend.branch import Chain, euros


@pytest.fixture
def terminal() -> Iterator[PretendZvt]:
    """A terminal that has booked 1.39 before, the same as a milk costs."""
    with PretendZvt(answer_s=0.2) as made:
        made.book(139)
        yield made


@pytest.fixture
def rig(shop: Chain, terminal: PretendZvt) -> Iterator[Rig]:
    """A till with Mira signed in and a milk on the slip."""
    made = Rig(shop.box("014-2"), zvt(terminal)).begin()
    made.sale.scanned(MILK_CODE)
    yield made
    made.till.close()


@pytest.fixture
def begin(shop: Chain, terminal: PretendZvt) -> Callable[[], Rig]:
    """Begins another life of the till, with Mira signed in."""
    return lambda: Rig(shop.box("014-2"), zvt(terminal)).begin()


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    """The disk, which can kill."""
    return Disk(monkeypatch)


def charged(terminal: PretendZvt) -> list[int]:
    """What this test's cards were charged."""
    return [b.amount for b in terminal.charged()][1:]


def test_one_tap_on_card_pays_by_the_terminal(rig: Rig, terminal: PretendZvt) -> None:
    rig.payment.quick("card")
    [receipt] = rig.receipts()
    [paid] = receipt.payments
    assert (paid.tender, paid.amount, paid.reference) == ("card", euros("1.39"), "2")
    assert paid.card == "girocard ****1234 · T-ID 52500041"
    assert charged(terminal) == [139]
    assert rig.notes.load() is None
    assert "Beleg-Nr. 0002" in rig.printed
    rows = [row.text for row in rig.till.prints.rows(receipt)]
    assert any("girocard ****1234" in row for row in rows)


def test_the_terminals_steps_are_shown_in_its_words(rig: Rig) -> None:
    rig.payment.quick("card")
    texts = [box.text for box in rig.view.boxes if box is not None]
    assert texts[0] == "Betrag ist am Terminal"
    assert "Karte einstecken oder vorhalten" in texts
    titles = {box.title for box in rig.view.boxes if box is not None}
    assert titles == {"Karte: 1,39"}
    assert rig.box is None


def test_a_declined_card_is_a_sentence_and_the_payment_stays_open(
    rig: Rig, terminal: PretendZvt
) -> None:
    terminal.faults.declines = 0x71
    rig.payment.quick("card")
    assert rig.titles == ["Karte hat nicht bezahlt: 1,39 sind noch offen"]
    assert rig.sale.strips.shown[0].text == "Guthaben reicht nicht"
    assert rig.payment.is_open
    assert (rig.receipts(), charged(terminal)) == ([], [])
    terminal.faults.declines = 0
    rig.payment.quick("card")
    assert charged(terminal) == [139]
    assert len(rig.receipts()) == 1


def test_a_terminal_that_is_off_stops_nothing(shop: Chain) -> None:
    with PretendZvt() as gone:
        line = zvt(gone)
    rig = Rig(shop.box("014-2"), line).begin()
    rig.sale.scanned(MILK_CODE)
    rig.payment.quick("card")
    assert rig.titles == ["Kartenterminal antwortet nicht"]
    rig.payment.quick("exact")
    assert [p.tender for p in rig.receipts()[0].payments] == ["cash"]
    rig.till.close()


def test_without_a_terminal_the_cashier_confirms(rig: Rig, terminal: PretendZvt) -> None:
    rig.cards.terminal = None
    rig.payment.quick("card")
    [receipt] = rig.receipts()
    assert (receipt.payments[0].tender, receipt.payments[0].reference) == ("card", None)
    assert charged(terminal) == []


def test_practice_charges_no_card(rig: Rig, terminal: PretendZvt) -> None:
    rig.till.abort()
    rig.till.train(training=True)
    rig.sale.scanned(MILK_CODE)
    rig.payment.quick("card")
    assert charged(terminal) == []
    assert rig.till.basket.is_empty


def test_a_part_by_card_then_the_rest_in_cash(rig: Rig, terminal: PretendZvt) -> None:
    rig.payment.pay()
    rig.payment.choose("card")
    rig.sale.typed("1.00")
    rig.payment.pay()
    assert rig.payment.open_amount == euros("0.39")
    rig.payment.quick("exact")
    [receipt] = rig.receipts()
    assert [(p.tender, p.amount.minor) for p in receipt.payments] == [("card", 100), ("cash", 39)]
    assert charged(terminal) == [100]


def test_a_part_by_card_that_is_dropped_is_undone_at_the_terminal(
    rig: Rig, terminal: PretendZvt
) -> None:
    rig.till.scan(Barcode(BEER_CODE))
    rig.payment.pay()
    rig.payment.choose("card")
    rig.sale.typed("1.00")
    rig.payment.pay()
    rig.payment.drop(0)
    assert rig.till.basket.payments == ()
    assert charged(terminal) == []
    assert rig.notes.load() is None


def test_what_the_rules_refuse_is_said_before_the_terminal_is_asked(
    rig: Rig, terminal: PretendZvt
) -> None:
    rig.payment.pay()
    rig.payment.choose("card")
    rig.sale.typed("5")
    rig.payment.pay()
    assert rig.titles == ["Karte gibt kein Rückgeld."]
    assert (charged(terminal), terminal.registered) == ([], 0)


def test_a_full_disk_asks_no_card(
    rig: Rig, terminal: PretendZvt, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> None:
        raise DiskRefused(OSError(28, "No space left on device"))

    monkeypatch.setattr(rig.notes, "keep", full)
    rig.payment.quick("card")
    assert charged(terminal) == []
    assert not rig.cards.is_pending
    monkeypatch.undo()
    rig.payment.quick("card")
    assert charged(terminal) == [139]


def test_a_disk_that_fills_after_the_card_paid_asks_it_no_second_time(
    rig: Rig, terminal: PretendZvt, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise DiskRefused(OSError(28, "No space left on device"))

    monkeypatch.setattr(rig.till.paying, "received", full)
    rig.payment.quick("card")
    assert charged(terminal) == [139]
    assert rig.box is not None
    assert rig.box.title == "Karte hat bezahlt, der Bon ist noch nicht gesichert"
    rig.payment.quick("exact")
    rig.payment.quick("card")
    assert rig.receipts() == []
    monkeypatch.undo()
    rig.cards.act("again")
    assert [p.reference for p in rig.receipts()[0].payments] == ["2"]
    assert charged(terminal) == [139]


def test_a_return_goes_back_to_the_card(rig: Rig, terminal: PretendZvt) -> None:
    rig.payment.quick("card")
    rig.till.scan(Barcode(MILK_CODE), back=True)
    rig.payment.quick("card")
    assert rig.receipts()[-1].payments[0].amount == euros("-1.39")
    assert [b.amount for b in terminal.ledger][1:] == [139, -139]


def test_a_void_undoes_the_card_at_the_terminal(rig: Rig, terminal: PretendZvt) -> None:
    rig.payment.quick("card")
    told: list[object] = []
    rig.cards.on_voided = told.append
    rig.cards.void(rig.receipts()[0].name)
    assert charged(terminal) == []
    assert [r.kind for r in rig.receipts()] == ["sale", "void"]
    assert rig.receipts()[-1].payments[0].amount == euros("-1.39")
    assert len(told) == 1
    assert rig.notes.load() is None


def test_a_void_that_the_terminal_declines_is_none(rig: Rig, terminal: PretendZvt) -> None:
    rig.payment.quick("card")
    terminal.ledger[-1].undone = True
    rig.cards.void(rig.receipts()[0].name)
    assert [r.kind for r in rig.receipts()] == ["sale"]
    assert rig.titles == ["Die Karte hat 1,39 nicht zurückbekommen"]
    assert not rig.cards.is_pending


class Broken(PretendTerminal):
    """Books, and says nothing more."""

    def ask_again(self, attempt: object) -> Unknown:
        raise CardTerminalUnreachable("gone")


def unclear(rig: Rig) -> PretendTerminal:
    """A payment whose answer is lost for good, though it was booked."""
    terminal = Broken(lost=True)
    rig.cards.terminal = terminal
    rig.payment.quick("card")
    assert rig.box is not None
    assert rig.box.title == "Stand unklar: Beleg prüfen"
    assert [action.text for action in rig.box.actions] == [
        "Terminal fragen", "Bezahlt", "Nicht bezahlt",
    ]  # fmt: skip
    return terminal


def test_while_unclear_nothing_else_is_paid_parked_or_given_up(rig: Rig) -> None:
    terminal = unclear(rig)
    for key in ("exact", "card", "200"):
        rig.payment.quick(key)
    rig.payment.pay()
    rig.sale.abort()
    rig.sale.strip_acted(rig.sale.strips.shown[-1].number, "yes")
    assert rig.receipts() == []
    assert len(terminal.booked) == 1
    assert not rig.till.basket.is_empty
    rig.cards.act("ask")
    assert rig.box is not None
    assert rig.box.title == "Stand unklar: Beleg prüfen"
    rig.till.asked = None


def test_paid_says_the_cashier_and_the_receipt_says_how_it_is_known(rig: Rig) -> None:
    unclear(rig)
    rig.cards.act("paid")
    rig.cards.act("paid")
    [receipt] = rig.receipts()
    assert receipt.payments[0].card == "am Terminal geprüft"
    assert rig.notes.load() is None


def test_not_paid_says_the_cashier_and_the_payment_is_open_again(rig: Rig) -> None:
    unclear(rig)
    rig.cards.act("unpaid")
    assert not rig.cards.is_pending
    assert rig.notes.load() is None
    rig.payment.quick("exact")
    assert [p.tender for p in rig.receipts()[0].payments] == ["cash"]


def test_whether_it_was_paid_needs_a_right(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    unclear(rig)
    asked: list[str] = []

    def need(right: str, value: object = None) -> None:
        asked.append(right)
        from services.register.refusal import StepRefused  # noqa: PLC0415

        raise StepRefused("no-right", right=right)

    monkeypatch.setattr(rig.till, "need", need)
    rig.cards.act("paid")
    rig.cards.act("unpaid")
    assert asked == ["change-tender", "change-tender"]
    assert rig.cards.is_pending
    assert rig.receipts() == []


def test_a_terminal_that_says_later_what_became_of_it(rig: Rig) -> None:
    terminal = PretendTerminal(lost=True)
    rig.cards.terminal = terminal
    rig.payment.quick("card")
    rig.cards.act("ask")
    assert [p.reference for p in rig.receipts()[0].payments] == ["1"]
    assert len(terminal.booked) == 1


# Deaths


def sold_once(shop: Chain, terminal: PretendZvt, before: tuple[int, int], number: int) -> None:
    """After a death: the till begins anew, and the cashier does what is still to be done."""
    rig = Rig(shop.box("014-2"), zvt(terminal)).begin()
    try:
        if len(rig.receipts()) == before[0]:
            if rig.till.basket.is_empty:
                rig.sale.scanned(MILK_CODE)
            rig.payment.quick("card")
        receipts = rig.receipts()
        assert len(receipts) == before[0] + 1, number
        assert len(charged(terminal)) == before[1] + 1, number
        newest = terminal.charged()[-1].receipt_number
        assert [p.reference for p in receipts[-1].payments] == [str(newest)], number
        assert rig.notes.load() is None
        assert not rig.cards.is_pending
        assert rig.till.basket.is_empty
    finally:
        rig.till.close()


def test_killed_at_any_step_on_the_disk_the_card_is_charged_once(
    begin: Callable[[], Rig], shop: Chain, terminal: PretendZvt, disk: Disk
) -> None:
    def before(rig: Rig) -> tuple[int, int]:
        rig.sale.scanned(MILK_CODE)
        return len(rig.receipts()), len(charged(terminal))

    points = killed_at_each_step(
        disk, begin, before, lambda rig, _: rig.payment.quick("card"),
        lambda had, number: sold_once(shop, terminal, had, number),
    )  # fmt: skip
    assert points >= 12


@pytest.mark.parametrize("step", [1, 2])
def test_killed_while_the_terminal_is_at_work_the_card_is_charged_once(
    shop: Chain, terminal: PretendZvt, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    rig = Rig(shop.box("014-2"), zvt(terminal)).begin()
    rig.sale.scanned(MILK_CODE)
    seen = 0

    def dies(_: object, __: Step) -> None:
        nonlocal seen
        seen += 1
        if seen == step:
            raise Killed

    monkeypatch.setattr(rig.cards, "_show_step", dies)
    with pytest.raises(Killed):
        rig.payment.quick("card")
    rig.till.close()
    sold_once(shop, terminal, (0, 0), step)


@pytest.mark.parametrize("after", range(0, 240, 12))
def test_a_line_that_falls_at_any_byte_charges_once(
    rig: Rig, terminal: PretendZvt, after: int
) -> None:
    rig.cards.terminal = line = zvt(terminal)
    line.last_result()  # registered: the next call is the payment
    terminal.faults.cut_saying.append(after)
    rig.payment.quick("card")
    if not rig.receipts():
        assert charged(terminal) == []
        rig.payment.quick("card")
    assert charged(terminal) == [139]
    assert len(rig.receipts()) == 1


def test_killed_at_any_step_of_a_refund_the_card_gets_it_once(
    begin: Callable[[], Rig], terminal: PretendZvt, disk: Disk
) -> None:
    def before(rig: Rig) -> int:
        rig.till.scan(Barcode(MILK_CODE), back=True)
        return len(rig.receipts())

    def after(had: int, number: int) -> None:
        again = begin()
        if len(again.receipts()) == had:
            again.payment.quick("card")
        assert len(again.receipts()) == had + 1, number
        assert [b.amount for b in terminal.ledger].count(-139) == number
        again.till.close()

    points = killed_at_each_step(
        disk, begin, before, lambda rig, _: rig.payment.quick("card"), after
    )
    assert points >= 10


def test_killed_at_any_step_of_a_void_the_card_gets_it_back_once(
    begin: Callable[[], Rig], terminal: PretendZvt, disk: Disk
) -> None:
    def before(rig: Rig) -> str:
        rig.sale.scanned(MILK_CODE)
        rig.payment.quick("card")
        return rig.receipts()[-1].name

    def after(name: str, number: int) -> None:
        again = begin()
        if again.receipts()[-1].kind != "void":
            again.cards.void(name)
        assert [r.kind for r in again.receipts()] == ["sale", "void"] * number
        assert charged(terminal) == []
        again.till.close()

    points = killed_at_each_step(disk, begin, before, lambda rig, name: rig.cards.void(name), after)
    assert points >= 8


def test_a_note_of_a_sale_that_is_gone_is_said_and_never_put_elsewhere(
    shop: Chain, terminal: PretendZvt, caplog: pytest.LogCaptureFixture
) -> None:
    rig = Rig(shop.box("014-2"), zvt(terminal)).begin()
    rig.sale.scanned(MILK_CODE)

    def dies(*_: object) -> None:
        raise Killed

    rig.cards._book = dies  # type: ignore[method-assign, assignment]
    with pytest.raises(Killed):
        rig.payment.quick("card")
    (rig.till.box.hand / "basket.xml").unlink()
    rig.till.close()
    again = Rig(shop.box("014-2"), zvt(terminal)).begin()
    assert again.box is not None
    assert again.box.title == "Karte hat 1,39 bezahlt, der Bon dazu fehlt"
    assert "without its sale" in caplog.text
    again.cards.act("known")
    assert again.notes.load() is None
    assert again.till.basket.payments == ()
    again.till.close()


def test_a_note_survives_the_way_to_the_disk_and_back(rig: Rig, terminal: PretendZvt) -> None:
    kept: list[object] = []
    keep = rig.notes.keep

    def noted(note: object) -> None:
        keep(note)  # type: ignore[arg-type]
        kept.append(note)
        assert rig.notes.load() == note

    rig.notes.keep = noted  # type: ignore[method-assign]
    rig.payment.quick("card")
    assert len(kept) == 2
    assert isinstance(kept[1].answer, Approved)  # type: ignore[attr-defined]
    assert kept[1].tender == TenderKey("card")  # type: ignore[attr-defined]


def test_a_damaged_note_is_set_aside_and_logged(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    path = rig.till.box.hand / "card.json"
    path.write_text("{")
    assert rig.notes.load() is None
    assert path.with_name("card.damaged.json").exists()
    assert "card note damaged" in caplog.text


CHILD = """
import sys
from pathlib import Path
from pos_qt.peripherals.zvt import Zvt
from services.disk.box import Box
from tests.pos_qt.cardrig import HASTE, Rig

rig = Rig(Box(Path(sys.argv[1])), Zvt("127.0.0.1", int(sys.argv[2]), patience=HASTE)).begin()
if rig.till.basket.is_empty:
    rig.sale.scanned(sys.argv[3])
print("go", flush=True)
rig.payment.quick("card")
print("done", flush=True)
"""


def test_a_process_that_is_killed_while_the_card_pays_charges_it_once(
    shop: Chain, terminal: PretendZvt, many: Callable[[int, int], int]
) -> None:
    """A real kill -9, at moments spread over a payment of about 80 ms."""
    terminal.card_s = 0.03
    box = shop.box("014-2")
    rounds = many(6, 60)
    for number in range(rounds):
        before = (len(sold(box)), len(charged(terminal)))
        with subprocess.Popen(
            [sys.executable, "-c", CHILD, str(box.path), str(terminal.port), MILK_CODE],
            stdout=subprocess.PIPE,
        ) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"go\n"
            time.sleep(0.1 * number / rounds)
            child.send_signal(signal.SIGKILL)
        sold_once(shop, terminal, before, number)
