"""What an article asks before it is sold: an age, a yes or no, a serial number. Nothing skips it."""

from __future__ import annotations

from dataclasses import replace

from schemas.receipt import Basket, Line
from services.register.refusal import StepRefused
from services.register.sale import line_of

AGE, REPLY, SERIAL = "age", "reply", "serial"


def open_of(basket: Basket) -> tuple[Line, str] | None:
    """The first line with something that nobody has answered, and what it is.

    One proof of age serves for all lines with that age or a lower one.
    """
    proven = max((li.age or 0 for li in basket.lines if li.counts and li.answer), default=0)
    for line in basket.lines:
        if not line.counts or line.kind not in {"sale", "return"}:
            continue
        if line.kind == "sale" and not line.answer and (line.age or 0) > proven:
            return line, AGE
        if line.question and not line.reply:
            return line, REPLY
        if line.asks_serial and not line.serial:
            return line, SERIAL
    return None


def unproven(basket: Basket) -> Line | None:
    """The first line whose age nobody has proved."""
    proven = max((li.age or 0 for li in basket.lines if li.counts and li.answer), default=0)
    for line in basket.lines:
        if line.counts and line.kind == "sale" and not line.answer and (line.age or 0) > proven:
            return line
    return None


def answer(basket: Basket, number: int, said: str) -> Basket:
    """Note who proved their age for a line, and how."""
    line = replace(line_of(basket, number), answer=_said(said))
    return _with(basket, line)


def reply(basket: Basket, number: int, said: str) -> Basket:
    """Note what was answered to a line's question."""
    line = replace(line_of(basket, number), reply=_said(said))
    return _with(basket, line)


def _said(text: str) -> str:
    if not text.strip():
        raise StepRefused("reason-missing")
    return text.strip()[:200]


def _with(basket: Basket, line: Line) -> Basket:
    lines = tuple(line if each.number == line.number else each for each in basket.lines)
    return replace(basket, lines=lines)
