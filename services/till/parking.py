"""Sales put aside: each in a file of its own, gone on with exactly once."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from schemas import xml
from schemas.money import Money
from schemas.receipt import Basket, Parked
from schemas.staff import Staff
from services.disk import durable
from services.journal import hand
from services.mirror.catalogue import Catalogue
from services.register import sale
from services.register.refusal import StepRefused
from services.till.rights import Rights


class Counter(Protocol):
    """What parking asks of its till."""

    basket: Basket
    catalogue: Catalogue
    rights: Rights
    asked: Money | None

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
        self._hand = hand_folder
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
        """Put the sale in hand aside, durably. Raises StepRefused for an empty or part-paid one."""
        till = self._till
        who, basket = till.whoever, till.basket
        till.rights.need("park")
        if basket.is_empty:
            raise StepRefused("nothing-to-park")
        if basket.payments:
            raise StepRefused("payments-open", amount=basket.total - basket.open)
        if till.asked is not None:
            raise StepRefused("payments-open", amount=till.asked)
        parked = Parked(till.now(), who.key, who.name, basket)
        durable.replace(self._path(parked.ref), xml.dump(parked))
        till.done()
        return parked

    def recall(self, ref: str) -> Basket:
        """Go on with a parked sale, at the prices of now. Raises StepRefused where it is gone.

        The sale is in the hand, durably, before it is parked no more: a death between the two
        finds it in hand, and then `forget` ends it here.
        """
        till = self._till
        if not till.basket.is_empty:
            raise StepRefused("sale-open")
        try:
            parked = xml.load(Parked, self._path(ref).read_bytes())
        except (OSError, xml.DocumentRefused) as error:
            raise StepRefused("nothing-parked") from error
        who = till.whoever
        till.rights.need("recall" if parked.by == who.key else "recall-others")
        basket = sale.repriced(parked.basket, till.catalogue, till.now())
        till.step(replace(basket, cashier=who.key, revision=None, digest=None))
        hand.save(self._hand, till.basket)
        self.forget(till.basket)
        return till.basket

    def forget(self, basket: Basket) -> None:
        """The sale is in hand again: it is parked no more."""
        if basket.ref:
            durable.remove(self._path(basket.ref))

    def _path(self, ref: str) -> Path:
        return self._folder / f"{xml.digest(ref.encode())[:32]}.xml"
