"""Scales that speak NCI (Weigh-Tronix SCP-01 and SCP-02): `W` CR brings weight, unit and status.

Source: Avery Weigh-Tronix, NCI general serial communications protocol SCP-01 (8408-14788-01), as in
the manuals of the 7800 family (p. 32), 7821 (6.3) and B-TEK T419S (7.3, tare by `T`).
"""

from __future__ import annotations

import re
import threading
from typing import Final

from pos_qt.peripherals.scale import NotThere, NoWeight, ScaleRefused, Stable, Weight
from pos_qt.peripherals.serialline import SerialLine, SerialLost, SerialSetting
from schemas.money import UnitPrice
from schemas.quantity import Quantity, QuantityRefused

BAUD: Final = 9600
FRAME: Final = "7E1"

_WAIT_S: Final = 1.0
_END: Final = b"\x03"
_ANSWER: Final = re.compile(
    rb"\n(?:(?P<weight>[^\r\n]{1,16})\r\n)?S?(?P<status>[\x30-\x7f]{2,3})\r\x03"
)
_WEIGHT: Final = re.compile(r"(?P<figures>-? *[0-9]{1,6}(?:\.[0-9]{1,4})?) *(?P<unit>kg|g)")

_MOVING: Final = 0x01
_ZERO: Final = 0x02
_MEMORY: Final = 0x0C
_UNDER: Final = 0x01
_OVER: Final = 0x02


def read(answer: bytes) -> Weight:
    """What an answer to `W` says. Anything that is none is NotThere."""
    plain = bytes(byte & 0x7F for byte in answer)
    found = _ANSWER.fullmatch(plain[max(0, plain.rfind(b"\n", 0, plain.rfind(b"\r\n"))) :])
    if found is None:
        return NotThere("no answer in NCI" if answer else "no answer")
    first, second = found["status"][0], found["status"][1]
    if first & _MEMORY or second & _MEMORY:
        return NotThere("the scale reports a fault of its own")
    if second & _OVER:
        return NoWeight("overload")
    if second & _UNDER:
        return NoWeight("negative")
    if first & _MOVING:
        return NoWeight("moving")
    return _weighed((found["weight"] or b"").decode("ascii").strip().lower(), first)


def _weighed(text: str, status: int) -> Weight:
    found = _WEIGHT.fullmatch(text)
    if found is None:
        return NotThere(f"“{text}” is no weight in kilograms or grams")
    try:
        quantity = Quantity.parse(found["figures"].replace(" ", ""), found["unit"])
    except QuantityRefused as refused:
        return NotThere(str(refused))
    if quantity.unit == "g":
        if quantity.thousandths % 1000:
            return NotThere(f"“{text}” is finer than a gram")
        quantity = Quantity(quantity.thousandths // 1000, "kg")
    if quantity.thousandths < 0:
        return NoWeight("negative")
    if status & _ZERO or not quantity.thousandths:
        return NoWeight("empty")
    return Stable(quantity)


class NciScale:
    """A scale on a serial line."""

    def __init__(self, setting: SerialSetting) -> None:
        self._line = SerialLine(setting)
        self._one = threading.Lock()

    def weight(self, price: UnitPrice | None = None, name: str = "") -> Weight:  # noqa: ARG002 - it shows none
        """What lies on it."""
        try:
            return read(self._ask(b"W\r"))
        except SerialLost as lost:
            return NotThere(str(lost))

    def tare(self, tare: Quantity | None = None) -> None:
        """Count off what lies on it now; a tare by number is not in NCI."""
        if tare is not None:
            raise ScaleRefused("this scale takes no tare by number")
        try:
            answer = self._ask(b"T\r")
        except SerialLost as lost:
            raise ScaleRefused(str(lost)) from lost
        if b"?" in answer or not answer.endswith(_END):
            raise ScaleRefused("this scale does not tare on command")

    def close(self) -> None:
        """Let the line go."""
        self._line.close()

    def _ask(self, command: bytes) -> bytes:
        with self._one:
            self._line.forget()
            self._line.write(command)
            return self._line.read_to((_END, b"\x83"), _WAIT_S)
