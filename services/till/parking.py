"""Sales put aside: each in a file of its own, gone on with exactly once, here or at another till."""

from __future__ import annotations

import contextlib
import secrets
import uuid
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from schemas import xml
from schemas.money import Money
from schemas.passing import Passed, Waiting, Want
from schemas.receipt import Basket, Parked
from schemas.staff import Staff
from services.disk import durable
from services.disk.box import Box
from services.journal import hand
from services.mirror.catalogue import Catalogue
from services.neighbours import folders
from services.register import sale, sets
from services.register.refusal import StepRefused
from services.till.fetching import Fetching
from services.till.rights import Rights


class Leaves(Protocol):
    """Leaves a sale of which no line counts."""

    def leave(self) -> None:
        """What was voided is on record."""


class Counter(Protocol):
    """What parking asks of its till."""

    basket: Basket
    catalogue: Catalogue
    asked: Money | None
    rights: Rights
    training: bool

    @property
    def leaving(self) -> Leaves:
        """How a sale is left."""

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
    """The parked sales of one till.

    A file is named by its sale and by this one parking of it: a sale that went to another till and
    came back is another parking, and the record that the first was given away still holds.
    """

    def __init__(self, till: Counter, box: Box) -> None:
        self._till = till
        self._box = box
        self._folder = durable.folder(folders.parked(box))
        durable.sweep(self._folder)
        self.fetching = Fetching(box)

    def ask(self, owner: str, waiting: Waiting) -> Want:
        """Ask another till of the branch for what it has parked; `take_in` says what came of it.

        Raises StepRefused where a sale is open, in practice, and for who may not recall it.
        """
        till = self._till
        if not till.basket.is_empty:
            raise StepRefused("sale-open")
        if till.training:
            raise StepRefused("in-training")
        who = till.whoever
        till.rights.check("recall" if waiting.by == who.key else "recall-others")
        return self.fetching.want(owner, waiting, who.key, till.now())

    def all(self) -> list[Parked]:
        """What is parked, oldest first; a file that cannot be read stays as evidence."""
        found = []
        for path in self._folder.glob("*.xml"):
            with contextlib.suppress(OSError, xml.DocumentRefused):
                if folders.gift(self._box, path.stem) is None:
                    found.append(xml.load(Parked, path.read_bytes()))
        return sorted(found, key=lambda parked: parked.at)

    def park(self) -> Parked:
        """Put the sale in hand aside, durably.

        Raises StepRefused for an empty or part-paid one, in practice, and for one with returns or
        vouchers: what those are worth may change while it waits.
        """
        till, who = self._till, self._till.whoever
        self._may_park()
        till.need("park")
        parked = Parked(till.now(), who.key, who.name, till.basket)
        self._put(f"{folders.stem(parked.ref)}-{secrets.token_hex(8)}", parked)
        self.done(parked.basket)
        till.done()
        return parked

    def _may_park(self) -> None:
        self.rest()
        till, basket = self._till, self._till.basket
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

    def split(self, numbers: Collection[int]) -> Basket:
        """The lines that are named, with their deposits and sets, are paid now; the rest is parked.

        Both halves are on disk in one step, so a death loses and doubles nothing. Coupons stay with
        what is paid now, so that none counts twice; so does the address that its slip goes to.
        Raises StepRefused as `park` does, and where either half would be empty, or DiskRefused: then
        the sale is whole as before.
        """
        till, who = self._till, self._till.whoever
        self._may_park()
        basket = till.basket
        mine = frozenset[int]().union(*(sets.together(basket.lines, n) for n in numbers))
        now = [li for li in basket.lines if not li.counts or li.number in mine]
        rest = tuple(li for li in basket.lines if li not in now)
        if not any(li.counts for li in now) or not rest or basket.discounts:
            raise StepRefused("nothing-to-split")
        till.need("split")
        aside = replace(
            basket, lines=rest, ref=str(uuid.uuid4()), approvals=(), coupons=(), mail=None
        )
        till.step(replace(basket, lines=tuple(now), aside=aside))
        try:
            hand.save(self._box.hand, till.basket)
            self._put_aside(till.basket, aside, who.name)
        except (StepRefused, durable.DiskRefused):
            till.step(basket)  # nothing was parked
            raise
        return self._without_aside()

    def _without_aside(self) -> Basket:
        till = self._till
        whole = till.step(replace(till.basket, aside=None))
        hand.save(self._box.hand, whole)
        return whole

    def whole(self, basket: Basket) -> Basket:
        """Park the rest of a sale that was split, once: after a death in the middle of it too.

        Answers the sale without its rest.
        """
        aside = basket.aside
        if aside is None:
            return basket
        self._put_aside(basket, aside, basket.cashier)
        whole = replace(basket, aside=None)
        hand.save(self._box.hand, whole)
        return whole

    def found(self, basket: Basket) -> Basket:
        """A sale that was in hand when the till died, without its rest where that can be parked now.

        While the agent decides it cannot: the till begins all the same, the rest stays with the sale,
        and is parked before its end.
        """
        with contextlib.suppress(StepRefused):
            return self.whole(basket)
        return basket

    def rest(self) -> None:
        """Before the end of the sale in hand: what is left of a split is parked.

        Raises StepRefused while the agent decides, DiskRefused.
        """
        if self._till.basket.aside is not None:
            self._till.basket = self.whole(self._till.basket)

    def _put_aside(self, basket: Basket, aside: Basket, by_name: str) -> None:
        stem = f"{folders.stem(aside.ref or '')}-{'0' * 16}"
        there = (self._folder / f"{stem}.xml").exists()
        if not there and folders.gift(self._box, stem) is None:
            self._put(stem, Parked(self._till.now(), basket.cashier, by_name, aside))

    def recall(self, ref: str) -> Basket:
        """Go on with a parked sale, at the prices of now. Raises StepRefused where it is gone.

        Its file is marked as recalled first and goes when the sale is over; a death in between
        finds either the sale in hand, or the mark, and the sale is parked again.
        """
        till = self._till
        if till.training:
            raise StepRefused("in-training")
        till.leaving.leave()
        path, parked = self._found(ref)
        if parked.basket.currency != till.catalogue.own.currency:
            raise StepRefused("wrong-currency", currency=till.catalogue.own.currency)
        who = till.whoever
        till.need("recall" if parked.by == who.key else "recall-others")
        basket = sale.repriced(parked.basket, till.catalogue, till.now())
        with self._deciding():
            given = folders.gift(self._box, path.stem)
            if given is not None:
                raise StepRefused("parked-away", till=given.to)
            self.fetching.settle(path.stem)
            path.rename(path.with_suffix(folders.RECALLED))
            durable.flush_folder(self._folder)
        till.step(replace(basket, cashier=who.key, revision=None, digest=None))
        return till.basket

    def done(self, basket: Basket) -> None:
        """A sale that was recalled is over, or parked anew."""
        if basket.ref:
            for recalled in self._of(basket.ref, folders.RECALLED):
                durable.remove(recalled)

    def settle(self, in_hand: Basket | None) -> bool:
        """After a death: is the sale in hand parked in truth?

        What was recalled and is not in hand is parked again.
        """
        ref = in_hand.ref if in_hand else None
        is_parked = ref is not None and bool(self._of(ref, ".xml"))
        mine = self._of(ref, folders.RECALLED) if ref is not None else []
        for recalled in self._folder.glob(f"*{folders.RECALLED}"):
            if recalled not in mine:
                recalled.rename(recalled.with_suffix(".xml"))
            elif is_parked:
                durable.remove(recalled)  # it was recalled, and has been parked anew
        return is_parked

    def has_news(self) -> bool:
        """Is there something for `take_in` to do? Cheap enough to be asked at any time."""
        gone = (path.stem for path in self._folder.glob("*.xml"))
        return any(True for _ in self.fetching.answered()) or any(
            (folders.given(self._box) / f"{stem}.xml").exists() for stem in gone
        )

    def take_in(self) -> list[Passed]:
        """Take in what other tills gave to this one, and let go of what it gave to them.

        Answers what became of what this till wanted. Every step may be repeated.
        """
        answers = []
        for want, passed in self.fetching.answered():
            if passed.parked is not None:
                stem = f"{folders.stem(passed.parked.ref)}-{want.claim[:16]}"
                there = (self._folder / f"{stem}.xml").exists()
                if not there and folders.gift(self._box, stem) is None:
                    self._put(stem, passed.parked)
            self.fetching.forget(want)
            answers.append(passed)
        self._let_go()
        return answers

    # Inside

    def _put(self, stem: str, parked: Parked) -> None:
        """Park, durably. Nobody sees the file before the disk has confirmed it."""
        path = self._folder / f"{stem}.xml"
        with self._deciding():
            try:
                durable.replace(path, xml.dump(parked))
            except durable.DiskRefused:
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
                raise

    def _found(self, ref: str) -> tuple[Path, Parked]:
        """The file of a parked sale; raises StepRefused where it is gone, or another till's."""
        taken = None
        for path in self._of(ref, ".xml"):
            given = folders.gift(self._box, path.stem)
            if given is None:
                with contextlib.suppress(OSError, xml.DocumentRefused):
                    return path, xml.load(Parked, path.read_bytes())
            else:
                taken = given.to
        if taken is not None:
            raise StepRefused("parked-away", till=taken)
        raise StepRefused("nothing-parked")

    def _let_go(self) -> None:
        """Take away what was given away. What is in hand stays: after a death its file decides."""
        for path in self._folder.glob("*.xml"):
            try:
                given = folders.gift(self._box, path.stem)
            except xml.DocumentRefused:
                continue
            if given is not None and not self._on_disk_in_hand(given.parked.ref):
                durable.remove(path)

    def _on_disk_in_hand(self, ref: str) -> bool:
        try:
            return xml.load(Basket, (self._box.hand / "basket.xml").read_bytes()).ref == ref
        except FileNotFoundError:
            return False
        except (OSError, xml.DocumentRefused):
            return True

    @contextlib.contextmanager
    def _deciding(self) -> Iterator[None]:
        try:
            with folders.deciding(self._box):
                yield
        except folders.Undecided as busy:
            raise StepRefused("parking-busy") from busy

    def _of(self, ref: str, suffix: str) -> list[Path]:
        return sorted(self._folder.glob(f"{folders.stem(ref)}*{suffix}"))
