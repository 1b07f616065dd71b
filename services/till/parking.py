"""Sales put aside: each in a file of its own, gone on with exactly once."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Final, Protocol

from schemas import xml
from schemas.money import Money
from schemas.receipt import Basket, Parked
from schemas.staff import Staff
from services.disk import durable
from services.mirror.catalogue import Catalogue
from services.register import sale
from services.register.refusal import StepRefused

_RECALLED: Final = ".recalled"


class Counter(Protocol):
    """What parking asks of its till."""

    basket: Basket
    catalogue: Catalogue
    asked: Money | None
    training: bool

    def need(self, right: str, value: Decimal | None = None) -> None:
        """Go on only where the cashier may, or somebody approved it."""

    @property
    def whoever(self) -> Staff:
        """Who is signed in."""

    def now(self) -> datetime:
        """The branch's local time."""

    def step(self, basket: Basket) -> Basket:
        """Make `basket` the one in hand."""

    def done(self) -> None:
        """There is no sale in hand any more."""


class Parking:
    """The parked sales of one till."""

    def __init__(self, till: Counter, hand_folder: Path) -> None:
        self._till = till
        self._folder = durable.folder(hand_folder / "parked")
        durable.sweep(self._folder)

    def all(self) -> list[Parked]:
        """What is parked, oldest first; a file that cannot be read stays as evidence."""
        found = []
        for path in self._folder.glob("*.xml"):
            with contextlib.suppress(OSError, xml.DocumentRefused):
                found.append(xml.load(Parked, path.read_bytes()))
        return sorted(found, key=lambda parked: parked.at)

    def park(self) -> Parked:
        """Put the sale in hand aside, durably.

        Raises StepRefused for an empty or part-paid one, in practice, and for one with returns or
        vouchers: what those are worth may change while it waits.
        """
        till = self._till
        who, basket = till.whoever, till.basket
        if basket.training or till.training:
            raise StepRefused("in-training")
        if basket.is_empty:
            raise StepRefused("nothing-to-park")
        if any(li.counts and (li.origin or li.kind == "voucher") for li in basket.lines):
            raise StepRefused("park-plain")
        if basket.payments:
            raise StepRefused("payments-open", amount=basket.total - basket.open)
        if till.asked is not None:
            raise StepRefused("payments-open", amount=till.asked)
        till.need("park")
        parked = Parked(till.now(), who.key, who.name, till.basket)
        durable.replace(self._path(parked.ref), xml.dump(parked))
        self.done(parked.basket)
        till.done()
        return parked

    def recall(self, ref: str) -> Basket:
        """Go on with a parked sale, at the prices of now. Raises StepRefused where it is gone.

        Its file is marked as recalled first and goes when the sale is over; a death in between
        finds either the sale in hand, or the mark, and the sale is parked again.
        """
        till = self._till
        if not till.basket.is_empty:
            raise StepRefused("sale-open")
        if till.training:
            raise StepRefused("in-training")
        path = self._path(ref)
        try:
            parked = xml.load(Parked, path.read_bytes())
        except (OSError, xml.DocumentRefused) as error:
            raise StepRefused("nothing-parked") from error
        who = till.whoever
        till.need("recall" if parked.by == who.key else "recall-others")
        basket = sale.repriced(parked.basket, till.catalogue, till.now())
        path.rename(path.with_suffix(_RECALLED))
        durable.flush_folder(self._folder)
        till.step(replace(basket, cashier=who.key, revision=None, digest=None))
        return till.basket

    def done(self, basket: Basket) -> None:
        """A sale that was recalled is over, or parked anew."""
        if basket.ref:
            recalled = self._path(basket.ref).with_suffix(_RECALLED)
            if recalled.exists():
                durable.remove(recalled)

    def settle(self, in_hand: Basket | None) -> bool:
        """After a death: is the sale in hand parked in truth?

        What was recalled and is not in hand is parked again.
        """
        ref = in_hand.ref if in_hand else None
        for recalled in self._folder.glob(f"*{_RECALLED}"):
            if ref is None or recalled.stem != self._path(ref).stem:
                recalled.rename(recalled.with_suffix(".xml"))
        return ref is not None and self._path(ref).exists()

    def _path(self, ref: str) -> Path:
        return self._folder / f"{xml.digest(ref.encode())[:32]}.xml"
