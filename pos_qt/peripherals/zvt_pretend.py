"""A card terminal that is not there: a TCP server which speaks ZVT and keeps its own ledger.

It serves tests, training and demonstrations; by hand:

    python -m pos_qt.peripherals.zvt_pretend --port 20007 --card-seconds 3

Its faults can be switched while it runs. What it charged stands in `ledger`, whoever was told.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pos_qt.peripherals import zvt_bytes as zb
from pos_qt.peripherals.zvt_line import LineCut
from pos_qt.peripherals.zvt_pretend_line import Call, Faults

log = logging.getLogger(__name__)

_STOPPED: Final = 0x6C
_CANNOT: Final = 0x83
_GARBLED: Final = 0x9A
_BUSY: Final = 0x9C
_NOT_REVERSIBLE: Final = 0xB5
_NO_PAPER: Final = 0xCC
_PAN: Final = bytes.fromhex("eeeeeeeeeeee1234")
_TERMINAL_ID: Final = bytes.fromhex("52500041")


@dataclass
class Booking:
    """One entry in the terminal's ledger, in minor units; a refund is negative."""

    amount: int
    receipt_number: int
    trace: int
    undone: bool = False
    reverses: int | None = None
    result: int = 0


class PretendZvt:
    """The terminal. `port` is where it listens; use it in a `with`, or `open` and `close` it."""

    def __init__(self, port: int = 0, *, card_s: float = 0.0, answer_s: float = 2.0) -> None:
        """A terminal on the loopback.

        port      0 takes any that is free
        card_s    how long a customer looks for a card
        answer_s  how long it waits for the till to acknowledge
        """
        self.faults = Faults()
        self.ledger: list[Booking] = []
        self.registered = 0
        self._newest: Call | None = None
        self.card_s, self.answer_s = card_s, answer_s
        self._server = socket.create_server(("127.0.0.1", port))
        self.port: int = self._server.getsockname()[1]
        self._last: Booking | None = None
        self._count = 0
        self._busy = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._open = True

    def __enter__(self) -> PretendZvt:
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self) -> None:
        """Begin to answer."""
        thread = threading.Thread(target=self._serve, name="pretend-zvt", daemon=True)
        self._threads.append(thread)
        thread.start()

    def close(self) -> None:
        """Switch it off."""
        self._open = False
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for thread in self._threads:
            thread.join(timeout=5)

    def charged(self) -> list[Booking]:
        """Payments that hold: neither undone nor undoing."""
        return [b for b in self.ledger if b.amount > 0 and not b.undone and b.reverses is None]

    def spoken(self) -> tuple[int, int]:
        """Bytes said and heard in the newest call."""
        return (self._newest.said, self._newest.heard) if self._newest else (0, 0)

    def book(self, amount: int) -> Booking:
        """A booking out of the till's sight, as if it had been made before."""
        self._count += 1
        booking = Booking(amount, self._count % 10_000, self._count % 1_000_000)
        self.ledger.append(booking)
        self._last = booking
        return booking

    def _serve(self) -> None:
        while self._open:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            self._threads = [t for t in self._threads if t.is_alive()]
            thread = threading.Thread(target=self._talk, args=(line,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _talk(self, line: socket.socket) -> None:
        with line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._newest = call = Call(line, self.faults)
            try:
                while self._open:
                    unit = call.hear(0.2)
                    if unit is not None and not self.faults.deaf:
                        self._take(call, unit)
            except LineCut:
                return

    def _take(self, call: Call, unit: zb.Unit) -> None:
        if unit.code in {zb.ACK, zb.STOP}:
            return
        if unit.code == zb.ENQUIRY:
            call.say(zb.Unit(zb.ACK))
            self._end(call, bytes([_BUSY if self._busy.locked() else 0]))
            return
        if self.faults.busy or not self._busy.acquire(blocking=False):
            call.say(zb.Unit((0x84, _BUSY)))
            return
        try:
            self._do(call, unit)
        except zb.BytesRefused:
            call.say(zb.Unit((0x84, _GARBLED)))
        finally:
            self._busy.release()

    def _do(self, call: Call, unit: zb.Unit) -> None:
        if unit.code == zb.REGISTER:
            call.say(zb.Unit(zb.ACK))
            self.registered += 1
            self._end(call, bytes([zb.TERMINAL]) + _TERMINAL_ID)
        elif unit.code == zb.AUTHORISE:
            self._pay(call, zb.number(zb.fields(unit.data)[zb.AMOUNT]))
        elif unit.code == zb.REFUND:
            self._pay(call, -zb.number(zb.fields(unit.data[3:])[zb.AMOUNT]))
        elif unit.code == zb.REVERSE:
            self._reverse(call, zb.number(zb.fields(unit.data[3:])[zb.RECEIPT]))
        elif unit.code == zb.REPEAT and not self.faults.no_repeat:
            self._repeat(call, printed=not unit.data[3:])
        elif unit.code == zb.END_OF_DAY:
            self._end_of_day(call)
        elif unit.code == zb.DIAGNOSIS:
            call.say(zb.Unit(zb.ACK))
            self._tell(call, zb.Unit(zb.STEP, b"\xd2"))
            self._end(call, b"")
        else:
            call.say(zb.Unit((0x84, _CANNOT)))

    # A transaction

    def _pay(self, call: Call, amount: int) -> None:
        call.say(zb.Unit(zb.ACK))
        stopped = self._waits_for_card(call)
        if call.dead and self.faults.gives_up_when_cut:
            return
        code = _STOPPED if stopped else _NO_PAPER if self.faults.paper_out else self.faults.declines
        if code:
            self._last = Booking(abs(amount), 0, 0, undone=True, result=code)
            self._tell(call, zb.Unit(zb.STATUS, self._status(self._last)))
            self._tell(call, zb.Unit(zb.ABORT, bytes([code])))
            return
        booking = self.book(amount + self.faults.charges_other)
        self._finish(call, booking)

    def _waits_for_card(self, call: Call) -> bool:
        """Whether the till asked to stop."""
        for step in (b"\x0a", b"\x04"):
            if self._tell(call, zb.Unit(zb.STEP, step)) == "stop":
                return True
            until = time.monotonic() + self.card_s / 2
            while (left := until - time.monotonic()) > 0 and not call.dead:
                try:
                    unit = call.hear(left)
                    if unit is not None and unit.code == zb.STOP:
                        call.say(zb.Unit(zb.ACK))
                        return True
                except LineCut:
                    time.sleep(max(0.0, until - time.monotonic()))
        return False

    def _reverse(self, call: Call, receipt_number: int) -> None:
        call.say(zb.Unit(zb.ACK))
        for done in self.charged():
            if done.receipt_number == receipt_number:
                done.undone = True
                booking = self.book(done.amount)
                booking.reverses = done.trace
                self._finish(call, booking)
                return
        self._last = Booking(0, 0, 0, undone=True, result=_NOT_REVERSIBLE)
        self._tell(call, zb.Unit(zb.STATUS, self._status(self._last)))
        self._tell(call, zb.Unit(zb.ABORT, bytes([_NOT_REVERSIBLE])))

    def _finish(self, call: Call, booking: Booking) -> None:
        heard = self._tell(call, zb.Unit(zb.STATUS, self._status(booking)))
        if heard != "yes" and self.faults.reverses_unheard:
            booking.undone = True
            booking.result = _STOPPED
            self._tell(call, zb.Unit(zb.ABORT, bytes([_STOPPED])))
            return
        self._print(call, booking)
        self._tell(call, zb.Unit(zb.COMPLETION))

    def _repeat(self, call: Call, *, printed: bool) -> None:
        if self._last is None:
            call.say(zb.Unit((0x84, _CANNOT)))
            return
        call.say(zb.Unit(zb.ACK))
        if printed:
            self._print(call, self._last)
        else:
            self._tell(call, zb.Unit(zb.STATUS, self._status(self._last)))
        self._end(call, b"")

    def _end_of_day(self, call: Call) -> None:
        call.say(zb.Unit(zb.ACK))
        held = self.charged()
        group = bytes([len(held)]) + zb.digits(sum(b.amount for b in held), 6)
        first, last = (held[0].receipt_number, held[-1].receipt_number) if held else (0, 0)
        packed = zb.digits(first, 2) + zb.digits(last, 2) + group + bytes(7) * 6
        data = bytes([zb.RESULT, 0, zb.TOTALS]) + zb.var(packed, 3)
        self._tell(call, zb.Unit(zb.STATUS, data))
        self._tell(call, zb.Unit(zb.PRINT_LINE, b"\x00Kassenschnitt"))
        self.ledger.clear()
        self._end(call, b"")

    # What it says

    def _end(self, call: Call, data: bytes) -> None:
        self._tell(call, zb.Unit(zb.COMPLETION, data))

    def _tell(self, call: Call, unit: zb.Unit) -> str:
        """Say something and wait for the till's answer: yes, stop or nothing; it may be cut."""
        try:
            call.say(unit)
            while (answer := call.hear(self.answer_s)) is not None:
                if answer.code == zb.ACK:
                    return "yes"
                if answer.code == zb.STOP:
                    call.say(zb.Unit(zb.ACK))
                    return "stop"
        except LineCut:
            log.info("pretend terminal goes on without its till")
        return "nothing"

    def _status(self, booking: Booking) -> bytes:
        amount = bytes([zb.AMOUNT]) + zb.digits(abs(booking.amount), 6)
        data = bytes([zb.RESULT, booking.result]) + amount
        data += bytes([zb.TRACE]) + zb.digits(booking.trace, 3)
        if booking.reverses is not None:
            data += bytes([zb.ORIGINAL]) + zb.digits(booking.reverses, 3)
        data += bytes([zb.TIME]) + b"\x10\x15\x00" + bytes([zb.DATE]) + b"\x11\x25"
        data += bytes([zb.PAN]) + zb.var(_PAN, 2) + bytes([zb.TERMINAL]) + _TERMINAL_ID
        data += bytes([zb.AUTHORISATION]) + f"{booking.trace:06d}".encode().ljust(8, b"\x00")
        data += bytes([zb.CURRENCY, 0x09, 0x78, zb.RECEIPT]) + zb.digits(booking.receipt_number, 2)
        return data + bytes([zb.CARD_TYPE, 5, zb.CARD_NAME]) + zb.var(b"girocard\x00", 2)

    def _print(self, call: Call, booking: Booking) -> None:
        rows = [
            "* * Kundenbeleg * *",
            f"Betrag EUR {booking.amount / 100:.2f}".replace(".", ","),
            f"Beleg-Nr. {booking.receipt_number:04d}",
            "Zahlung erfolgt – größer".replace("–", "-"),
        ]
        if self.faults.text_blocks:
            lines = b"".join(zb.tagged(0x07, row.encode(zb.TEXT)) for row in rows)
            container = zb.tagged(0x1F07, b"\x02") + zb.tagged(0x25, lines)
            field_ = zb.tagged(zb.CONTAINER, container)
            self._tell(call, zb.Unit(zb.PRINT_BLOCK, field_))
            return
        for row in rows:
            self._tell(call, zb.Unit(zb.PRINT_LINE, b"\x00" + row.encode(zb.TEXT)))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a terminal by hand. Enter toggles: d declines, b busy, p paper out, u unheard, q quits."""
    parser = argparse.ArgumentParser(description="A pretend ZVT card terminal.")
    parser.add_argument("--port", type=int, default=20007)
    parser.add_argument("--card-seconds", type=float, default=3.0)
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    with PretendZvt(chosen.port, card_s=chosen.card_seconds, answer_s=5) as terminal:
        log.info("pretend terminal listens port=%d", terminal.port)
        while (word := input().strip().lower()) != "q":
            faults = terminal.faults
            if word == "d":
                faults.declines = 0 if faults.declines else 0x71
            elif word == "b":
                faults.busy = not faults.busy
            elif word == "p":
                faults.paper_out = not faults.paper_out
            elif word == "u":
                faults.cut_saying.append(60)
            log.info("%s charged=%d", faults, sum(b.amount for b in terminal.charged()))


if __name__ == "__main__":
    main()
