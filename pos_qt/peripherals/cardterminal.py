"""Card terminals: what a till asks of one, and the three things it can answer.

A payment is asked for once. Where the answer is lost, the terminal is asked what became of it; it is
never asked to pay again. What cannot be found out is Unknown, and a person decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

from schemas.money import Money

Kind = Literal["pay", "refund", "reverse"]


class CardTerminalRefused(Exception):
    """The terminal cannot be asked this: a wrong setting, a currency it does not know. Fit to show."""


class CardTerminalUnreachable(Exception):
    """The terminal did not answer before anything was asked of it: no money has moved."""


@dataclass(frozen=True, slots=True)
class Step:
    """What the terminal does or waits for just now, in words for the cashier."""

    code: int
    words: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Which transaction the terminal counts as its last one."""

    receipt_number: int
    trace: int
    date: str = ""
    """MMDD, as the terminal writes it; the receipt number begins anew after 9999."""
    time: str = ""
    """HHMMSS, as the terminal writes it."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was asked of the terminal, and what its last transaction was just before.

    Kept on disk from before the question until its answer is in the journal, it lets `ask_again`
    find the answer even after the till itself fell over.
    """

    kind: Kind
    amount: Money | None
    reference: str
    before: Mark | None


@dataclass(frozen=True, slots=True)
class Approved:
    """The terminal has booked it. Money has moved, once."""

    kind: Kind
    amount: Money
    receipt_number: int
    trace: int
    terminal_id: str
    card: str
    masked_pan: str
    """The card's number, all but the last four digits as `*`."""
    authorisation: str
    reference: str = ""
    lines: tuple[str, ...] = ()
    """What the terminal wants on the customer's slip."""
    merchant_lines: tuple[str, ...] = ()
    """What it wants on the store's own copy, e.g. where the customer must sign."""


@dataclass(frozen=True, slots=True)
class Declined:
    """The terminal has not booked it. No money has moved."""

    code: str
    """The terminal's result code as two hexadecimal digits, or `line`: it was cut and the terminal
    says that nothing came of it."""
    words: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody can say whether money has moved; never to be read as a yes or a no."""

    attempt: Attempt
    words: str


Result = Approved | Declined | Unknown


@dataclass(frozen=True, slots=True)
class Report:
    """What a day's end or a diagnosis brought."""

    done: bool
    words: str
    total: Money | None = None
    lines: tuple[str, ...] = ()


Said = Callable[[Step], None]
Begun = Callable[[Attempt], None]


class CardTerminal(Protocol):
    """A terminal that takes cards. Calls take minutes: never on the screen's thread.

    `said` is told each step, `begun` the attempt just before it is made; both on the caller's
    thread. An error raised by `begun` stops the attempt before any money can move.
    """

    def pay(self, amount: Money, reference: str, said: Said, begun: Begun) -> Result:
        """Take `amount` from a card.

        reference  the till's own name for the payment
        Raises CardTerminalUnreachable, CardTerminalRefused: nothing was asked, nothing has moved.
        """

    def refund(self, amount: Money, reference: str, said: Said, begun: Begun) -> Result:
        """Give `amount` back to a card. Raises as `pay`."""

    def reverse(self, receipt_number: int, reference: str, said: Said, begun: Begun) -> Result:
        """Undo the payment that the terminal counts as `receipt_number`. Raises as `pay`."""

    def cancel(self) -> None:
        """Ask the terminal to stop what it does; from any thread. The call in hand says how it ended."""

    def ask_again(self, attempt: Attempt) -> Result:
        """What became of an attempt whose answer was lost. Moves no money."""

    def last_result(self) -> Approved | None:
        """The terminal's last booking; None where it has none or does not say which.

        Raises CardTerminalUnreachable.
        """

    def end_of_day(self, said: Said) -> Report:
        """Close the terminal's day. Raises CardTerminalUnreachable.

        Where the line was lost meanwhile it can be asked for again: a closed day has no bookings.
        """

    def diagnosis(self, said: Said) -> Report:
        """Let the terminal look whether it reaches its bank. Raises CardTerminalUnreachable."""

    def close(self) -> None:
        """Let the terminal go."""


def unheard(_: object) -> None:
    """For `said` and `begun` where nobody listens."""


@dataclass
class PretendTerminal:
    """A terminal in memory, for training and for tests of screens; it books in `booked`.

    `declines` is the code of the next answer, `lost` makes it Unknown though it was booked.
    """

    declines: str = ""
    lost: bool = False
    unreachable: bool = False
    booked: list[Approved] = field(default_factory=list)

    def pay(self, amount: Money, reference: str, said: Said, begun: Begun) -> Result:
        """Book it at once."""
        return self._book("pay", amount, reference, said, begun)

    def refund(self, amount: Money, reference: str, said: Said, begun: Begun) -> Result:
        """Book it at once."""
        return self._book("refund", amount, reference, said, begun)

    def reverse(self, receipt_number: int, reference: str, said: Said, begun: Begun) -> Result:
        """Book the reversal of what was booked under this number."""
        for done in self.booked:
            if done.receipt_number == receipt_number and done.kind == "pay":
                return self._book("reverse", done.amount, reference, said, begun)
        return Declined("b5", "Storno nicht möglich")

    def cancel(self) -> None:
        """It is done already."""

    def ask_again(self, attempt: Attempt) -> Result:
        """What was booked under the attempt's reference."""
        self._check()
        for done in self.booked:
            if done.reference == attempt.reference and done.kind == attempt.kind:
                return done
        return Declined("line", "")

    def last_result(self) -> Approved | None:
        """The last booking."""
        self._check()
        return self.booked[-1] if self.booked else None

    def end_of_day(self, said: Said) -> Report:
        """Forget the day."""
        self._check()
        said(Step(0x0F, "Kassenschnitt"))
        self.booked.clear()
        return Report(done=True, words="")

    def diagnosis(self, said: Said) -> Report:
        """All is well."""
        self._check()
        said(Step(0xD2, "Diagnose"))
        return Report(done=True, words="")

    def close(self) -> None:
        """Nothing to let go."""

    def _check(self) -> None:
        if self.unreachable:
            raise CardTerminalUnreachable("the pretend terminal is switched off")

    def _book(self, kind: Kind, amount: Money, ref: str, said: Said, begun: Begun) -> Result:
        self._check()
        number = len(self.booked) + 1
        before = Mark(number - 1, number - 1) if self.booked else None
        attempt = Attempt(kind, amount, ref, before)
        begun(attempt)
        said(Step(0x0A, "Karte"))
        if self.declines:
            return Declined(self.declines, "")
        done = Approved(
            kind, amount, number, number, "00000001", "girocard", "**** **** **** 1234", "000001", ref,
            ("Kartenzahlung (Übung)",),
        )  # fmt: skip
        self.booked.append(done)
        return Unknown(attempt, "") if self.lost else done
