"""Card terminals that speak ZVT over TCP.

A terminal that was told to pay may have booked though we never hear of it. So its last transaction
is noted before each payment, and a payment whose answer is lost ends in asking for the last
transaction (repeat receipt with service byte 03), never in a second payment.
Source: PA00P015, 2.20.2: “… the PT sends the status information of the last transaction executed.
This ensures that the ECR can resynchronise in case of an inconclusive ending of a transaction.”
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from pos_qt.peripherals import zvt_bytes as zb
from pos_qt.peripherals import zvt_words
from pos_qt.peripherals.cardterminal import (
    Approved,
    Attempt,
    Begun,
    CardTerminalRefused,
    CardTerminalUnreachable,
    Declined,
    Kind,
    Mark,
    Report,
    Result,
    Said,
    Step,
    Unknown,
)
from pos_qt.peripherals.zvt_line import Line, LineCut, Negative, Patience
from schemas.money import Currency, Money

log = logging.getLogger(__name__)

FACTORY_PASSWORD: Final = "000000"  # noqa: S105 - what every terminal leaves the factory with
PORT: Final = 20007
"""Where terminals listen unless set otherwise."""

_CONFIGURATION: Final = 0x02 | 0x04 | 0x08 | 0x10 | 0x80
"""The till prints both kinds of receipt, wants each step told, and alone begins payments, so that
a transaction of the terminal's own cannot pass for ours. Source: PA00P015, 2.1, config byte."""
_SERVICE: Final = 0x01
_LAST_TRANSACTION: Final = 0x03
_NUMBERS: Final = {"EUR": 978, "CHF": 756, "GBP": 826, "USD": 840, "PLN": 985, "CZK": 203,
                   "DKK": 208, "SEK": 752, "NOK": 578, "HUF": 348}  # fmt: skip
"""Source: ISO 4217."""
_NOT_REGISTERED: Final = 0x6B
_CANNOT: Final = 0x83
_RESTING: Final = frozenset({0x00, 0xC2, 0xCC, 0xF0})
"""States in which no transaction runs: ready, diagnosis or day's end due, out of paper."""


@dataclass
class _Heard:
    """What the terminal said in the course of one command."""

    status: zb.Status | None = None
    lines: list[str] = field(default_factory=list)
    merchant: list[str] = field(default_factory=list)
    totals: zb.Totals = field(default_factory=zb.Totals)
    done: bool = False
    code: int | None = None
    """Result of an abort, or of a command that was turned down at once."""
    state: int = 0


class Zvt:
    """One terminal at `host`, asked on a fresh line each time: terminals drop idle ones."""

    def __init__(
        self, host: str, port: int = PORT, password: str = FACTORY_PASSWORD, *, language: str = "de",
        currency: str = "EUR", patience: Patience | None = None,
    ) -> None:  # fmt: skip
        """Raises CardTerminalRefused where the password is not six figures or the currency unknown.

        password  the terminal's, of six figures; 000000 on most
        """
        if len(password) != 6 or not (password.isascii() and password.isdecimal()):
            raise CardTerminalRefused("a ZVT password has six figures")
        if currency not in _NUMBERS:
            raise CardTerminalRefused(f"no ZVT terminal is known to take {currency}")
        self._host, self._port = host, port
        self._password = bytes.fromhex(password)
        self._language, self._currency = language, Currency(currency)
        self._patience = patience or Patience()
        self._registered = False
        self._cancel = threading.Event()
        self._one = threading.Lock()

    # What moves money

    def pay(self, amount: Money, reference: str, said: Said, begun: Begun) -> Result:
        """Take `amount` from a card."""
        data = bytes([zb.AMOUNT]) + self._packed(amount) + self._money()
        return self._book("pay", amount, reference, zb.Unit(zb.AUTHORISE, data), said, begun)

    def refund(self, amount: Money, reference: str, said: Said, begun: Begun) -> Result:
        """Give `amount` back to a card."""
        data = self._password + bytes([zb.AMOUNT]) + self._packed(amount) + self._money()
        return self._book("refund", amount, reference, zb.Unit(zb.REFUND, data), said, begun)

    def reverse(self, receipt_number: int, reference: str, said: Said, begun: Begun) -> Result:
        """Undo a payment."""
        try:
            packed = zb.digits(receipt_number, 2)
        except zb.BytesRefused as error:
            raise CardTerminalRefused(str(error)) from error
        data = self._password + bytes([zb.RECEIPT]) + packed
        return self._book("reverse", None, reference, zb.Unit(zb.REVERSE, data), said, begun)

    def cancel(self) -> None:
        """Ask the terminal to stop."""
        self._cancel.set()

    def ask_again(self, attempt: Attempt) -> Result:
        """What became of an attempt."""
        with self._one:
            return self._settle(attempt)

    # What moves none

    def last_result(self) -> Approved | None:
        """The terminal's last booking."""
        with self._one, self._dial() as line:
            heard = self._last(line)
        status = heard.status
        if status is None or status.result != 0 or status.amount is None:
            return None
        kind: Kind = "pay" if status.reverses is None else "reverse"
        return self._approved(Attempt(kind, None, "", None), status, heard)

    def end_of_day(self, said: Said) -> Report:
        """Close the terminal's day."""
        return self._report(zb.Unit(zb.END_OF_DAY, self._password), said)

    def diagnosis(self, said: Said) -> Report:
        """Let the terminal reach for its bank."""
        return self._report(zb.Unit(zb.DIAGNOSIS), said)

    def close(self) -> None:
        """Nothing is held between two calls."""

    # How

    def _book(
        self, kind: Kind, amount: Money | None, reference: str, command: zb.Unit, said: Said, begun: Begun
    ) -> Result:  # fmt: skip
        with self._one:
            self._cancel.clear()
            with self._dial() as line:
                attempt = Attempt(kind, amount, reference, _mark(self._last(line).status))
                begun(attempt)
                # From the first byte on nothing may raise: money may move.
                try:
                    line.command(command)
                    heard = self._follow(line, said)
                except Negative as no:
                    return self._declined(no.code, _Heard())
                except Exception as cut:  # noqa: BLE001 - whatever it was, the terminal knows better
                    log.warning("card terminal lost kind=%s why=%s", kind, cut)
                    heard = None
            answer = self._judged(attempt, heard) if heard is not None else None
            return answer or self._settle(attempt)

    def _judged(self, attempt: Attempt, heard: _Heard) -> Result | None:
        """The result of a command that ran to its end; None where it contradicts itself."""
        status = heard.status
        result = status.result if status is not None else None
        if heard.done and status is not None and result == 0:
            return self._approved(attempt, status, heard) if _fits(attempt, status) else None
        if result == 0 or (heard.done and result is None):
            return None
        code = result if heard.code is None else heard.code
        return None if code is None else self._declined(code, heard)

    def _settle(self, attempt: Attempt) -> Result:
        """Ask what the last transaction is until the terminal rests and says so twice."""
        until = time.monotonic() + self._patience.settle_s
        seen: Result | None = None
        while time.monotonic() < until:
            try:
                with self._dial() as line:
                    found = self._look(line, attempt)
            except (CardTerminalUnreachable, CardTerminalRefused) as away:
                log.info("card terminal does not say why=%s", away)
                found = None
            # A yes is a yes. A no must hold for two looks: what was sent may still be on its way.
            if isinstance(found, Approved | Unknown) or (found is not None and found == seen):
                return found
            seen = found
            time.sleep(self._patience.pause_s)
        return Unknown(attempt, zvt_words.unclear(self._language))

    def _look(self, line: Line, attempt: Attempt) -> Result | None:
        """What one look at the terminal says of an attempt; None while it is at work."""
        if not self._rests(line):
            return None
        heard = self._last(line)
        unclear = Unknown(attempt, zvt_words.unclear(self._language))
        status = heard.status
        if status is None or status.result is None:
            return unclear
        nothing = Declined("line", zvt_words.not_booked(self._language))
        if status.result != 0 or _mark(status) == attempt.before:
            return nothing
        if status.reverses is not None and attempt.kind != "reverse":
            return nothing
        if not _fits(attempt, status):
            return unclear
        return self._approved(attempt, status, heard if heard.lines else self._receipt(line))

    def _receipt(self, line: Line) -> _Heard:
        """The last receipt's rows once more; without them a payment still is one."""
        try:
            line.command(zb.Unit(zb.REPEAT, self._password))
            return self._follow(line, None)
        except (LineCut, Negative, zb.BytesRefused) as cut:
            log.info("card terminal does not repeat its receipt why=%s", cut)
            return _Heard()

    def _rests(self, line: Line) -> bool:
        """Whether no transaction runs. Raises CardTerminalUnreachable."""
        try:
            line.command(zb.Unit(zb.ENQUIRY))
            heard = self._follow(line, None)
        except Negative as no:
            return no.code == _CANNOT  # it has no such command, but is not busy either
        except (LineCut, zb.BytesRefused) as cut:
            raise CardTerminalUnreachable(str(cut)) from cut
        return heard.done and heard.state in _RESTING

    def _last(self, line: Line) -> _Heard:
        """The last transaction; empty where the terminal has none or does not say.

        Raises CardTerminalUnreachable, and CardTerminalRefused where it stays busy.
        """
        service = bytes([zb.SERVICE, _LAST_TRANSACTION])
        until = time.monotonic() + self._patience.acknowledge_s
        while True:
            try:
                line.command(zb.Unit(zb.REPEAT, self._password + service))
                return self._follow(line, None)
            except Negative as no:
                if no.code != zvt_words.BUSY:
                    return _Heard()
                if time.monotonic() > until:
                    words = zvt_words.result(no.code, self._language)
                    raise CardTerminalRefused(words) from no
            except (LineCut, zb.BytesRefused) as cut:
                raise CardTerminalUnreachable(str(cut)) from cut
            time.sleep(self._patience.pause_s)

    def _report(self, command: zb.Unit, said: Said) -> Report:
        with self._one:
            self._cancel.clear()
            with self._dial() as line:
                try:
                    line.command(command)
                    heard = self._follow(line, said)
                except Negative as no:
                    return Report(done=False, words=zvt_words.result(no.code, self._language))
                except (LineCut, zb.BytesRefused) as cut:
                    raise CardTerminalUnreachable(str(cut)) from cut
        words = "" if heard.code is None else zvt_words.result(heard.code, self._language)
        lines = (*heard.lines, *heard.merchant)
        total = Money(heard.totals.amount, self._currency) if heard.totals.count else None
        return Report(heard.done, words, total, lines)

    @contextmanager
    def _dial(self) -> Iterator[Line]:
        """A line to a terminal that knows this till. Raises CardTerminalUnreachable."""
        line: Line | None = None
        try:
            line = Line(self._host, self._port, self._patience)
            if not self._registered:
                self._register(line)
        except (LineCut, Negative, zb.BytesRefused) as cut:
            if line is not None:
                line.close()
            raise CardTerminalUnreachable(str(cut)) from cut
        try:
            yield line
        finally:
            line.close()

    def _register(self, line: Line) -> None:
        # Tag 26 allows text blocks, without which a terminal prints line by line.
        allowed = zb.tagged(0x26, zb.tagged(0x0A, bytes(zb.PRINT_BLOCK)))
        data = self._password + bytes([_CONFIGURATION]) + zb.digits(_NUMBERS[self._currency], 2)
        data += bytes([zb.SERVICE, _SERVICE, zb.CONTAINER, len(allowed)]) + allowed
        line.command(zb.Unit(zb.REGISTER, data))
        self._registered = self._follow(line, None).done

    def _follow(self, line: Line, said: Said | None) -> _Heard:
        """Hear the terminal out to the end of a command, and acknowledge each unit."""
        heard = _Heard()
        while True:
            unit = line.next(self._cancel if said is not None else None)
            line.acknowledge(last=unit.code in {zb.COMPLETION, zb.ABORT})
            if unit.code == zb.COMPLETION:
                heard.done, heard.state = True, zb.state(unit.data)
                return heard
            if unit.code == zb.ABORT:
                heard.code = unit.data[0] if unit.data else 0xFF
                self._registered = self._registered and heard.code != _NOT_REGISTERED
                return heard
            self._hear(unit, heard, said)

    def _hear(self, unit: zb.Unit, heard: _Heard, said: Said | None) -> None:
        if unit.code == zb.STATUS:
            heard.status = zb.status(unit.data)
            if packed := zb.fields(unit.data).get(zb.TOTALS):
                heard.totals = zb.totals(packed)
        elif unit.code == zb.STEP and said is not None:
            code, words = zb.step(unit.data)
            said(Step(code, words or zvt_words.step(code, self._language)))
        elif unit.code in {zb.PRINT_LINE, zb.PRINT_BLOCK}:
            printed = zb.printed(unit)
            rows = heard.merchant if printed.kind == "merchant" else heard.lines
            rows += printed.rows

    def _approved(self, attempt: Attempt, status: zb.Status, heard: _Heard) -> Approved:
        amount = attempt.amount or Money(status.amount or 0, self._currency)
        return Approved(
            kind=attempt.kind, amount=amount, receipt_number=status.receipt_number,
            trace=status.trace, terminal_id=status.terminal_id, card=status.card,
            masked_pan=status.masked_pan, authorisation=status.authorisation,
            reference=attempt.reference, lines=tuple(heard.lines),
            merchant_lines=tuple(heard.merchant),
        )  # fmt: skip

    def _declined(self, code: int, heard: _Heard) -> Declined:
        remark = heard.status.remark if heard.status else ""
        words = remark or zvt_words.result(code, self._language)
        return Declined(f"{code:02x}", words, tuple(heard.lines))

    def _packed(self, amount: Money) -> bytes:
        if amount.currency != self._currency or amount.minor <= 0:
            raise CardTerminalRefused(f"{amount} is no amount for this terminal")
        try:
            return zb.digits(amount.minor, 6)
        except zb.BytesRefused as error:
            raise CardTerminalRefused(f"{amount} is no amount for this terminal") from error

    def _money(self) -> bytes:
        return bytes([zb.CURRENCY]) + zb.digits(_NUMBERS[self._currency], 2)


def _mark(status: zb.Status | None) -> Mark | None:
    if status is None:
        return None
    if status.receipt_number or status.trace:  # a repeated status may carry the time of repeating
        return Mark(status.receipt_number, status.trace)
    return Mark(0, 0, status.date, status.time)


def _fits(attempt: Attempt, status: zb.Status) -> bool:
    """Whether a booking is the one that was asked for: another one than before, of this amount."""
    if _mark(status) == attempt.before or (status.reverses is not None) != (
        attempt.kind == "reverse"
    ):
        return False
    return attempt.amount is None or status.amount == attempt.amount.minor
