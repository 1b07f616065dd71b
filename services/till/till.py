"""One till put together without a face: mirror, register, fiscal module and journal over one box."""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

from schemas.article import Article
from schemas.journal import Note
from schemas.keys import ArticleKey, Barcode, Digest, StaffKey
from schemas.money import Money, UnitPrice
from schemas.quantity import ONE, Quantity
from schemas.receipt import Basket, Receipt
from schemas.staff import Staff
from services.disk import durable
from services.disk.box import Box, Lock
from services.journal import hand
from services.link import identity
from services.mirror.catalogue import Catalogue
from services.register import extent, questions, sale
from services.register.refusal import StepRefused
from services.till import freshness, signin
from services.till.archive import Archive
from services.till.authority import Authority
from services.till.book import Book
from services.till.cashdrawer import CashDrawer
from services.till.circumstances import Circumstances
from services.till.clientele import Clientele
from services.till.debit import Debits
from services.till.discounting import Discounting
from services.till.leaving import Leaving
from services.till.mailing import Mailing
from services.till.parking import Parking
from services.till.paying import Paying
from services.till.prints import Prints
from services.till.reckoning import reckoned
from services.till.returning import Returning
from services.till.rights import Rights
from services.till.vouchers import Vouchers, new_number


class Till:
    """A till that can sell. Each step is on disk before the next; one process a box.

    later  runs the writing of the basket in hand; a face hands in its background, in order
    """

    def __init__(
        self,
        box: Box,
        now: Callable[[], datetime],
        later: Callable[[Callable[[], None]], None] = lambda write: write(),
        up: Callable[[], float] = lambda: time.clock_gettime(time.CLOCK_BOOTTIME),
    ) -> None:
        """Raises BoxRefused where the box is not enrolled, MirrorMissing before master data came."""
        self.box = box
        self._now = now
        self._later = later
        self._up = up
        self.identity = identity.enrolment(box)
        box.make()
        self._lock = Lock(box.hand / "lock", "Another till process sells on this box already.")
        self._lock.__enter__()
        try:
            durable.sweep(box.hand)
            self.catalogue = Catalogue(
                box.mirror, self.identity.branch, f"till-{self.identity.name}"
            )
            self.book = Book(box, self.catalogue.own.currency, lambda: self.cashier)
            self.cashier: Staff | None = None
            self._at: datetime | None = None
            self.training = False
            self.asked: Money | None = None
            """What a card terminal was asked for without an answer yet: meanwhile nothing else is paid."""
            self.asks_age = False
            self.rights = Rights(
                self.catalogue, box.hand, lambda: self.cashier, self.now, up,
                lambda: freshness.check(box, self.catalogue, self._now()),
            )  # fmt: skip
            self.archive = Archive(box.hand, box.journal)
            self.parking = Parking(self, box)
            self.circumstances = Circumstances(self)
            self.authority = Authority(self, box)
            self.clientele = Clientele(self)
            self.debits = Debits(self)
            self.vouchers = Vouchers(self)
            self.drawer = CashDrawer(self, self.book, self.box.journal)
            self.discounts = Discounting(self)
            self.returning = Returning(self)
            self.mailing = Mailing(self)
            self.prints = Prints(self, box.hand)
            self.paying = Paying(self, box)
            self.leaving = Leaving(self)
            self.last = self.book.last
            self.basket = self._recovered()
            with contextlib.suppress(
                StepRefused
            ):  # the agent is deciding: the next ring takes it in
                self.parking.take_in()
        except OSError as error:
            self._lock.__exit__(None, None, None)
            raise durable.DiskRefused(error) from error
        except BaseException:
            self._lock.__exit__(None, None, None)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the box go."""
        self.catalogue.close()
        self.archive.close()
        self._lock.__exit__(None, None, None)

    def _empty(self, who: StaffKey) -> Basket:
        return Basket(who, self.catalogue.own.currency, training=self.training or None)

    def _recovered(self) -> Basket:
        kept = hand.load(self.box.hand)
        currency = self.catalogue.own.currency
        if kept is None or kept.currency != currency:
            self.parking.settle(None)
            return Basket(StaffKey("nobody"), currency)
        if kept.ref is not None and self.book.holds(kept.ref):
            # The sale was in the journal already when the till died: it is done.
            self.parking.settle(None)
            self.parking.done(kept)
            hand.clear(self.box.hand)
            return Basket(kept.cashier, currency)
        if self.parking.settle(kept):
            hand.clear(self.box.hand)  # the till died while it was being parked
            return Basket(kept.cashier, currency)
        self.training = bool(kept.training)
        return self.parking.found(kept)

    # What can be asked

    @property
    def next_number(self) -> int:
        """The next receipt's number, provisional until it is in the journal."""
        return self.book.next_number

    @property
    def whoever(self) -> Staff:
        """Who is signed in; raises StepRefused where nobody is."""
        if self.cashier is None:
            raise StepRefused("no-right", right="sell")
        return self.cashier

    def is_idle(self) -> bool:
        """Is no sale open?"""
        return self.basket.is_empty

    def now(self) -> datetime:
        """The branch's local time, with its offset."""
        return self._now().astimezone(ZoneInfo(self.catalogue.own.time_zone))

    # Who sells

    def sign_in(self, person: Staff, pin: str) -> None:
        """Let a person sell; raises SignInRefused. An open sale goes on with them.

        Head office may have changed the person since the list was shown: the newest counts.
        Raises StepRefused where the person may not sign in here any more.
        """
        newest = self.catalogue.person_now(person.key)
        if newest is None:
            raise StepRefused("not-here", person=person.name)
        freshness.check(self.box, self.catalogue, self._now())
        signin.check(self.box.hand, newest, pin, self._now(), self._up())
        self.cashier = newest
        self._set(replace(self.basket, cashier=person.key))

    def sign_in_by_badge(self, code: str) -> None:
        """Let the wearer of a badge sell; raises SignInRefused, StepRefused as `sign_in`."""
        freshness.check(self.box, self.catalogue, self._now())
        wearer = signin.by_badge(self.box.hand, self.catalogue, code, self._now(), self._up())
        self.cashier = wearer
        self._set(replace(self.basket, cashier=wearer.key))

    def sign_in_unattended(self, person: Staff) -> None:
        """Let a person sell without a PIN: for `tresen till sell`, which has no screen."""
        self.cashier = person
        self.rights.unattended = True
        self.basket = replace(self.basket, cashier=person.key)

    def sign_out(self) -> None:
        """Nobody sells; an open sale stays, approvals that were not used do not."""
        self.rights.forget()
        self.cashier = None

    # Steps of a sale

    def scan(
        self,
        code: Barcode,
        quantity: Quantity = ONE,
        *,
        price: UnitPrice | None = None,
        back: bool = False,
        weighed: bool = False,
        at: datetime | None = None,
    ) -> Basket:
        """Sell what bears `code`. Raises StepRefused.

        weighed  the quantity is what a scale said; else a weight that no label says is by hand
        """
        given = self._given(quantity, price, back, at)
        self._at = given.at if at else None
        after = sale.scan(self.basket, self.catalogue, code, given)
        weighed = weighed or sale.is_label(self.catalogue, code)
        return self._sell(after, given, weighed=weighed)

    def sell(
        self,
        key: ArticleKey,
        quantity: Quantity = ONE,
        *,
        price: UnitPrice | None = None,
        weighed: bool = False,
    ) -> Basket:
        """Sell an article by its number, `weighed` as in `scan`. Raises StepRefused."""
        article = self.catalogue.by_key(key)
        if article is None:
            raise StepRefused("unknown-article", article=key)
        given = self._given(quantity, price, False, None)
        after = sale.sell(self.basket, self.catalogue, article, given)
        return self._sell(after, given, weighed=weighed)

    def note_unknown(self, code: Barcode) -> None:
        """Tell head office of a code that no article bears. Raises DiskRefused."""
        who = self.basket.cashier
        self.book.record(Note("unknown-code", self.now(), who, reason=code[:48]))

    def sell_given(self, article: Article, given: sale.Given) -> Basket:
        """Sell an article with all that a question said of it; a weight in it is by hand."""
        after = sale.sell(self.basket, self.catalogue, article, given)
        return self._sell(after, given, weighed=False)

    def _sell(self, after: Basket, given: sale.Given, *, weighed: bool) -> Basket:
        """Check the rights that the new line needs, then take the step."""
        line = after.lines[len(self.basket.lines)]
        self.need_all(*extent.of_new(after, line, given.price, weighed=weighed))
        if line.sold.unit != "pcs" and not weighed:
            lines = tuple(replace(x, by_hand=True) if x is line else x for x in after.lines)
            after = replace(after, lines=lines)
        return self.step(after)

    def set_quantity(self, line: int, quantity: Quantity) -> Basket:
        """Make a line's quantity another; less than it was is a void of the rest, a weight is by hand."""
        after = sale.set_quantity(self.basket, line, quantity)
        before = sale.line_of(self.basket, line)
        self.need_all(*extent.of_quantity(after, before, sale.line_of(after, line)))
        return self.step(after)

    def answer(self, line: int, said: str) -> Basket:
        """Note who proved their age for a line. Raises StepRefused."""
        return self.step(questions.answer(self.basket, line, said))

    def void_line(self, line: int) -> Basket:
        """Take a line out; it stays as a record."""
        after = sale.void_line(self.basket, line)
        self.need("void-line")
        return self.step(after)

    def need(self, right: str, value: Decimal | None = None) -> None:
        """Go on only where the cashier may; a second person's approval is recorded in the sale."""
        approval = self.rights.need(right, value)
        if approval is not None:
            self.basket = replace(self.basket, approvals=(*self.basket.approvals, approval))

    def need_all(self, *extents: extent.Extent) -> None:
        """Go on only where all of these rights are there; approvals are used up together."""
        for right, value in extents:
            self.rights.check(right, value)
        for right, value in extents:
            self.need(right, value)

    def take_back(self, before: Basket) -> Basket:
        """Go back to an earlier state of this sale (undo); what was sold since stays as a record.

        Raises StepRefused for a state of another sale.
        """
        if before.ref not in {None, self.basket.ref}:
            raise StepRefused("nothing-parked")
        if before.customer != self.basket.customer:
            self.clientele.check_payments(self.basket)
        if before.total < self.basket.total:
            self.need("void-line")
        return self.step(sale.taken_back(self.basket, before))

    def name_sale(self, ref: str) -> None:
        """Give the sale in hand the caller's own name."""
        self.basket = replace(self.basket, ref=ref)

    def abort(self) -> None:
        """Give the sale up (see `Leaving.abort`)."""
        self.leaving.abort()

    def forget(self) -> None:
        """Drop the sale in hand without a trace: only for a sale that was refused before its end."""
        self.done()

    def pay(
        self, given: Sequence[tuple[Any, ...]] = (), *, at: datetime | None = None
    ) -> tuple[Receipt, Digest]:
        """Finish the sale (see `Paying.finish`)."""
        return self.paying.finish(given, at=at)

    def renew(self) -> bool:
        """Between two sales: look at the newest master data. Says whether it is newer."""
        if self.basket.lines:
            return False
        before = self.catalogue.state
        self.catalogue.renew()
        return before != self.catalogue.state

    # Inside

    def _given(
        self, quantity: Quantity, price: UnitPrice | None, back: bool, at: datetime | None
    ) -> sale.Given:
        if self.cashier is None:
            raise StepRefused("no-right", right="sell")
        if not self.basket.lines:
            self.catalogue.renew()
        return sale.Given(
            at or self.now(),
            self.catalogue.own.language,
            quantity,
            price,
            back,
            voucher=new_number(),
        )

    def step(self, basket: Basket) -> Basket:
        """Make `basket` the one in hand: named, priced, and on disk."""
        new = tuple(a for a in self.basket.approvals if a not in basket.approvals)
        if new:
            basket = replace(basket, approvals=(*basket.approvals, *new))
        if basket.ref is None:
            basket = replace(basket, ref=str(uuid.uuid4()))
        if basket.revision is None:
            now = self.catalogue
            basket = replace(basket, revision=now.revision, digest=now.digest)
        self._set(reckoned(basket, self.catalogue, self._at or self.now()))
        return self.basket

    def _set(self, basket: Basket) -> None:
        before, self.basket = self.basket, basket
        if basket.lines or before.lines:
            self._later(lambda: hand.save(self.box.hand, basket))

    def sold(self) -> None:
        """The sale in hand is in the journal."""
        self.last = self.book.last
        self.done()

    def train(self, *, training: bool) -> None:
        """Practise from now on, or earnestly sell again. Raises StepRefused while a sale is open."""
        self.leaving.leave()
        if training:
            self.need("training")
        self.training = training
        self.done()

    def done(self) -> None:
        """There is no sale in hand any more."""
        self.parking.done(self.basket)
        who = self.cashier.key if self.cashier else self.basket.cashier
        self._at = None
        self.rights.forget()
        self.authority.forget()
        self.basket = self._empty(who)
        self._later(lambda: hand.clear(self.box.hand))
        self.catalogue.renew()
