"""What an article asks before it is sold: an age, a yes or no, a serial number. Nothing skips it."""

from __future__ import annotations

from dataclasses import replace

from schemas.receipt import Basket, Line
from services.register.refusal import StepRefused
from services.register.sale import line_of

AGE, REPLY, SERIAL = "age", "reply", "serial"


def open_of(basket: Basket) -> tuple[Line, str] | None:
    """A line with something that nobody has answered, and what it is; an age before all else."""
    line = unproven(basket)
    if line is not None:
        return line, AGE
    asking = [(each, REPLY) for each in unreplied(basket)]
    asking += [(each, SERIAL) for each in unnumbered(basket)]
    return min(asking, key=lambda each: each[0].number, default=None)


def unproven(basket: Basket) -> Line | None:
    """The line with the highest age of those that nobody has proved: one proof serves them all."""
    proven = max((li.age or 0 for li in basket.lines if li.counts and li.answer), default=0)
    asking = [
        line
        for line in basket.lines
        if line.counts and line.kind == "sale" and not line.answer and (line.age or 0) > proven
    ]
    return max(asking, key=lambda line: line.age or 0, default=None)


def unreplied(basket: Basket) -> list[Line]:
    """Lines whose question nobody has answered."""
    return [line for line in basket.lines if line.counts and line.question and not line.reply]


def unnumbered(basket: Basket) -> list[Line]:
    """Lines whose serial number nobody has said."""
    return [line for line in basket.lines if line.counts and line.asks_serial and not line.serial]


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
