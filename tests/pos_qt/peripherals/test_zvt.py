"""A card terminal over ZVT: what it books, what it says, and what a cut line must never do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from pos_qt.peripherals.cardterminal import (
    Approved,
    Attempt,
    CardTerminalRefused,
    CardTerminalUnreachable,
    Declined,
    Result,
    Step,
    Unknown,
    unheard,
)
from pos_qt.peripherals.zvt import Zvt
from pos_qt.peripherals.zvt_line import Patience
from pos_qt.peripherals.zvt_pretend import PretendZvt
from schemas.money import Money

HASTE = Patience(connect_s=5, acknowledge_s=0.5, step_s=1, settle_s=20, pause_s=0.002)


def euros(number: str) -> Money:
    return Money.parse(number, "EUR")


@pytest.fixture
def terminal() -> Iterator[PretendZvt]:
    """A terminal that has booked 9.40 before."""
    with PretendZvt(answer_s=0.2) as made:
        made.book(940)
        yield made


@pytest.fixture
def zvt(terminal: PretendZvt) -> Zvt:
    """The till's end."""
    return Zvt("127.0.0.1", terminal.port, patience=HASTE)


def pay(zvt: Zvt, number: str = "9.40") -> Result:
    return zvt.pay(euros(number), "r-1", unheard, unheard)


def test_a_payment_brings_what_the_slip_needs(terminal: PretendZvt, zvt: Zvt) -> None:
    steps: list[Step] = []
    attempts: list[Attempt] = []
    paid = zvt.pay(euros("3.80"), "r-1", steps.append, attempts.append)
    assert isinstance(paid, Approved)
    assert (paid.amount, paid.receipt_number, paid.trace) == (euros("3.80"), 2, 2)
    assert (paid.terminal_id, paid.card, paid.masked_pan) == (
        "52500041", "girocard", "**** **** **** 1234",
    )  # fmt: skip
    assert paid.authorisation == "000002"
    assert "Zahlung erfolgt - größer" in paid.lines
    assert [step.code for step in steps] == [0x0A, 0x04]
    assert steps[0].words == "Karte einstecken oder vorhalten"
    assert attempts[0].before is not None and attempts[0].before.receipt_number == 1
    assert [b.amount for b in terminal.charged()] == [940, 380]


def test_text_blocks_bring_the_same_slip_as_lines(terminal: PretendZvt, zvt: Zvt) -> None:
    by_line = pay(zvt)
    terminal.faults.text_blocks = True
    by_block = pay(zvt)
    assert isinstance(by_line, Approved) and isinstance(by_block, Approved)
    assert by_line.lines[:2] == by_block.lines[:2]


def test_a_till_registers_once(terminal: PretendZvt, zvt: Zvt) -> None:
    pay(zvt)
    pay(zvt)
    assert terminal.registered == 1


@pytest.mark.parametrize(
    ("code", "words"), [(0x71, "Guthaben reicht nicht"), (0x6E, "Karte gesperrt"), (0x01, "ZVT 01")]
)
def test_a_declined_card_is_said_in_words(
    terminal: PretendZvt, zvt: Zvt, code: int, words: str
) -> None:
    terminal.faults.declines = code
    assert pay(zvt) == Declined(f"{code:02x}", words)
    assert len(terminal.charged()) == 1


def test_paper_out_and_busy_are_declined_and_charge_nothing(terminal: PretendZvt, zvt: Zvt) -> None:
    terminal.faults.paper_out = True
    assert pay(zvt) == Declined("cc", "Papier am Terminal zu Ende")
    terminal.faults.paper_out, terminal.faults.busy = False, True
    with pytest.raises(CardTerminalRefused, match="beschäftigt"):
        pay(zvt)
    assert len(terminal.charged()) == 1


def test_a_cashier_can_stop_a_payment(terminal: PretendZvt, zvt: Zvt) -> None:
    terminal.card_s = 5

    slow = Zvt("127.0.0.1", terminal.port)
    answers: list[Result] = []

    def work() -> None:
        answers.append(slow.pay(euros("1.00"), "r", lambda _: None, unheard))

    thread = threading.Thread(target=work)
    thread.start()
    threading.Event().wait(0.3)
    slow.cancel()
    thread.join(timeout=4)
    assert answers == [Declined("6c", "Abgebrochen")]
    assert len(terminal.charged()) == 1


def test_money_goes_back_and_a_payment_is_undone_once(terminal: PretendZvt, zvt: Zvt) -> None:
    back = zvt.refund(euros("2.00"), "r-2", unheard, unheard)
    assert isinstance(back, Approved) and back.kind == "refund"
    assert terminal.ledger[-1].amount == -200
    undone = zvt.reverse(1, "r-3", unheard, unheard)
    assert isinstance(undone, Approved) and undone.amount == euros("9.40")
    assert terminal.charged() == []
    assert zvt.reverse(1, "r-4", unheard, unheard) == Declined("b5", "Storno nicht möglich")


def test_the_day_ends_with_its_total(terminal: PretendZvt, zvt: Zvt) -> None:
    pay(zvt, "0.60")
    report = zvt.end_of_day(unheard)
    assert report.done and report.total == euros("10.00")
    assert report.lines == ("Kassenschnitt",)


def test_a_diagnosis_says_its_steps(zvt: Zvt) -> None:
    steps: list[Step] = []
    assert zvt.diagnosis(steps.append).done
    assert [step.words for step in steps] == ["Verbindung wird aufgebaut"]


def test_the_last_result_can_be_asked_for(zvt: Zvt) -> None:
    last = zvt.last_result()
    assert last is not None and last.amount == euros("9.40")


def test_a_terminal_that_is_off_moves_no_money() -> None:
    with PretendZvt() as gone:
        port = gone.port
    with pytest.raises(CardTerminalUnreachable):
        pay(Zvt("127.0.0.1", port, patience=HASTE))


def test_a_deaf_terminal_is_given_up_in_time(terminal: PretendZvt, zvt: Zvt) -> None:
    terminal.faults.deaf = True
    with pytest.raises(CardTerminalUnreachable):
        pay(zvt)


def test_nothing_is_asked_where_the_attempt_cannot_be_kept(terminal: PretendZvt, zvt: Zvt) -> None:
    def full(_: Attempt) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        zvt.pay(euros("9.40"), "r-1", unheard, full)
    assert len(terminal.charged()) == 1


@pytest.mark.parametrize("number", ["0.00", "-1.00"])
def test_an_amount_that_is_none_is_refused(zvt: Zvt, number: str) -> None:
    with pytest.raises(CardTerminalRefused):
        pay(zvt, number)
    with pytest.raises(CardTerminalRefused):
        zvt.pay(Money.parse("1.00", "USD"), "r-1", unheard, unheard)
    with pytest.raises(CardTerminalRefused):
        zvt.reverse(10_000, "r-1", unheard, unheard)
    with pytest.raises(CardTerminalRefused):
        Zvt("h", password="12345")


# What a cut line must never do

FaultSetter = Callable[[PretendZvt], None]


def plain(_: PretendZvt) -> None:
    """The terminal goes on alone."""


def gives_up(terminal: PretendZvt) -> None:
    terminal.faults.gives_up_when_cut = True


def reverses(terminal: PretendZvt) -> None:
    terminal.faults.reverses_unheard = True
    terminal.answer_s = 0.02


def declines(terminal: PretendZvt) -> None:
    terminal.faults.declines = 0x71


def blocks(terminal: PretendZvt) -> None:
    terminal.faults.text_blocks = True


def check(terminal: PretendZvt, answer: Result, charged_before: int) -> None:
    """The customer is charged as often as the till believes."""
    new = terminal.charged()[charged_before:]
    if isinstance(answer, Approved):
        assert [b.receipt_number for b in new] == [answer.receipt_number]
        assert new[0].amount == answer.amount.minor
    elif isinstance(answer, Declined):
        assert new == []
    else:
        assert len(new) <= 1


def until_it_holds(zvt: Zvt, terminal: PretendZvt) -> tuple[Result, int]:
    """Pay as a cashier does: again after a no, ask after a don't-know, stop after a yes."""
    asked = 0
    while True:
        asked += 1
        try:
            answer = pay(zvt)
        except CardTerminalUnreachable:
            continue
        while isinstance(answer, Unknown):
            answer = zvt.ask_again(answer.attempt)
        if isinstance(answer, Approved) or terminal.faults.declines:
            return answer, asked


@pytest.mark.parametrize("cut", ["cut_saying", "cut_hearing"])
@pytest.mark.parametrize("nature", [plain, gives_up, reverses, declines, blocks])
def test_cut_at_any_byte_a_customer_is_charged_once(
    nature: FaultSetter, cut: str, many: Callable[[int, int], int]
) -> None:
    with PretendZvt(answer_s=0.2) as terminal:
        terminal.book(940)  # the same amount as ours: it must not pass for our payment
        nature(terminal)
        pay(Zvt("127.0.0.1", terminal.port, patience=HASTE))
        whole = terminal.spoken()[0 if cut == "cut_saying" else 1]
        assert whole > 50
        for at in range(1, whole + 2, many(3, 1)):
            zvt = Zvt("127.0.0.1", terminal.port, patience=HASTE)  # it registers anew
            before = len(terminal.charged())
            getattr(terminal.faults, cut).append(at)
            try:
                answer = pay(zvt)
            except CardTerminalUnreachable:
                assert len(terminal.charged()) == before
            else:
                assert not isinstance(answer, Unknown), at
                check(terminal, answer, before)


@pytest.mark.parametrize("cut", ["cut_saying", "cut_hearing"])
def test_cut_at_any_byte_money_goes_back_once(cut: str, many: Callable[[int, int], int]) -> None:
    with PretendZvt(answer_s=0.2) as terminal:
        terminal.book(940)
        for at in range(1, 420 if cut == "cut_saying" else 90, many(7, 1)):
            zvt = Zvt("127.0.0.1", terminal.port, patience=HASTE)
            before = len(terminal.ledger)
            getattr(terminal.faults, cut).append(at)
            try:
                answer = zvt.refund(euros("9.40"), "r-1", unheard, unheard)
            except CardTerminalUnreachable:
                assert len(terminal.ledger) == before
            else:
                assert not isinstance(answer, Unknown), at
                booked = [b.amount for b in terminal.ledger[before:]]
                assert booked == ([-940] if isinstance(answer, Approved) else [])


@pytest.mark.parametrize("cut", ["cut_saying", "cut_hearing"])
def test_cut_at_any_byte_a_payment_is_undone_as_the_till_believes(
    cut: str, many: Callable[[int, int], int]
) -> None:
    with PretendZvt(answer_s=0.2) as terminal:
        for at in range(1, 420 if cut == "cut_saying" else 90, many(7, 1)):
            paid = terminal.book(940)
            zvt = Zvt("127.0.0.1", terminal.port, patience=HASTE)
            getattr(terminal.faults, cut).append(at)
            try:
                answer = zvt.reverse(paid.receipt_number, "r-1", unheard, unheard)
            except CardTerminalUnreachable:
                assert not paid.undone
            else:
                assert not isinstance(answer, Unknown), at
                assert paid.undone == isinstance(answer, Approved)


@pytest.mark.parametrize("nature", [plain, reverses])
def test_cut_again_while_asking_a_customer_is_still_charged_once(
    nature: FaultSetter, many: Callable[[int, int], int]
) -> None:
    with PretendZvt(answer_s=0.05) as terminal:
        terminal.book(940)
        nature(terminal)
        zvt = Zvt("127.0.0.1", terminal.port, patience=HASTE)
        for at in range(1, 200, many(17, 3)):
            before = len(terminal.charged())
            terminal.faults.cut_saying[:] = [at, at, 30 + at // 9, 9]
            terminal.faults.cut_hearing[:] = [1000, at // 2 + 20, 12]
            until_it_holds(zvt, terminal)
            assert len(terminal.charged()) == before + 1


def test_a_customer_who_takes_longer_than_the_till_waits_is_charged_once(
    terminal: PretendZvt,
) -> None:
    terminal.card_s = 0.8
    hasty = replace(HASTE, step_s=0.1)
    answer = pay(Zvt("127.0.0.1", terminal.port, patience=hasty))
    check(terminal, answer, 1)
    assert isinstance(answer, Approved)
    assert "Zahlung erfolgt - größer" in answer.lines  # asked for again, since it was missed


def test_a_slow_terminal_is_waited_for(terminal: PretendZvt, zvt: Zvt) -> None:
    terminal.faults.late_s = 0.15
    assert isinstance(pay(zvt), Approved)


def test_a_payment_that_ends_after_the_till_gave_up_is_found_later(
    terminal: PretendZvt,
) -> None:
    terminal.card_s = 1.0
    hasty = replace(HASTE, step_s=0.1, settle_s=0.1)
    zvt = Zvt("127.0.0.1", terminal.port, patience=hasty)
    answer = pay(zvt)
    assert isinstance(answer, Unknown)
    found: Result = answer
    until = time.monotonic() + 5
    while isinstance(found, Unknown) and time.monotonic() < until:
        found = zvt.ask_again(answer.attempt)
    check(terminal, found, 1)
    assert isinstance(found, Approved)


def test_a_terminal_that_cannot_repeat_leaves_a_lost_answer_unknown(
    terminal: PretendZvt, zvt: Zvt
) -> None:
    terminal.faults.no_repeat = True
    assert isinstance(pay(zvt), Approved)
    terminal.faults.cut_saying = [40]
    answer = pay(zvt)
    assert isinstance(answer, Unknown)
    assert answer.words == "Antwort des Terminals fehlt: am Terminal nachsehen"
    assert isinstance(zvt.ask_again(answer.attempt), Unknown)


def test_another_amount_than_asked_for_is_no_payment(terminal: PretendZvt, zvt: Zvt) -> None:
    terminal.faults.charges_other = 100
    assert isinstance(pay(zvt), Unknown)


def test_a_till_that_fell_over_finds_its_payment_again(terminal: PretendZvt, zvt: Zvt) -> None:
    kept: list[Attempt] = []

    class Fell(BaseException):
        """The till's process is gone."""

    def falls(_: Step) -> None:
        raise Fell

    with pytest.raises(Fell):
        zvt.pay(euros("9.40"), "r-1", falls, kept.append)
    found = Zvt("127.0.0.1", terminal.port, patience=HASTE).ask_again(kept[0])
    check(terminal, found, 1)
    assert isinstance(found, Approved) and found.reference == "r-1"


def test_a_screen_that_fails_while_it_is_told_loses_no_payment(
    terminal: PretendZvt, zvt: Zvt
) -> None:
    def fails(_: Step) -> None:
        raise RuntimeError("widget deleted")

    answer = zvt.pay(euros("9.40"), "r-1", fails, unheard)
    check(terminal, answer, 1)
    assert isinstance(answer, Approved)
