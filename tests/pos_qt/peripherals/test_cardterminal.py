"""The terminal in memory, for training: it answers as a real one does."""

from __future__ import annotations

import pytest

from pos_qt.peripherals.cardterminal import (
    Approved,
    Attempt,
    CardTerminalUnreachable,
    Declined,
    PretendTerminal,
    Step,
    Unknown,
    unheard,
)
from schemas.money import Money

AMOUNT = Money.parse("9.40", "EUR")


def test_it_books_says_its_steps_and_undoes() -> None:
    terminal, steps, attempts = PretendTerminal(), list[Step](), list[Attempt]()
    paid = terminal.pay(AMOUNT, "r-1", steps.append, attempts.append)
    assert isinstance(paid, Approved) and steps
    assert attempts == [Attempt("pay", AMOUNT, "r-1", None)]
    assert terminal.last_result() == paid
    undone = terminal.reverse(paid.receipt_number, "r-2", unheard, unheard)
    assert isinstance(undone, Approved) and undone.amount == AMOUNT
    assert isinstance(terminal.reverse(99, "r-3", unheard, unheard), Declined)
    assert isinstance(terminal.refund(AMOUNT, "r-4", unheard, unheard), Approved)
    assert terminal.end_of_day(unheard).done
    assert terminal.last_result() is None


def test_a_lost_answer_is_unknown_until_it_is_asked_for() -> None:
    terminal = PretendTerminal(lost=True)
    answer = terminal.pay(AMOUNT, "r-1", unheard, unheard)
    assert isinstance(answer, Unknown)
    assert terminal.ask_again(answer.attempt) == terminal.booked[0]
    assert terminal.ask_again(Attempt("pay", AMOUNT, "r-2", None)) == Declined("line", "")


def test_it_declines_and_can_be_switched_off() -> None:
    terminal = PretendTerminal(declines="71")
    assert terminal.pay(AMOUNT, "r-1", unheard, unheard) == Declined("71", "")
    terminal.unreachable = True
    with pytest.raises(CardTerminalUnreachable):
        terminal.pay(AMOUNT, "r-1", unheard, unheard)
    assert terminal.booked == []
    terminal.cancel()
    terminal.close()
