"""Tenders that head office is asked about: voucher, account, points and direct debit, each on a page.

The question goes out behind the screen, on a thread of its own: goods can be scanned meanwhile. What
comes back is said on the page; where nothing comes, the till's own allowance decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pos_qt.presenters.clientele import ClientelePresenter
from pos_qt.presenters.desk import Behind, Desk
from pos_qt.presenters.page import ACT, Blank, Page
from pos_qt.presenters.payment import PaymentPresenter
from pos_qt.presenters.sale import SalePresenter
from pos_qt.presenters.sheets import SheetPresenter
from pos_qt.presenters.shown import Fact, Sheet
from schemas.authorisation import Answer
from schemas.customer import Customer, Programme
from schemas.keys import Barcode, ProgrammeKey, VoucherNumber
from schemas.money import Money
from schemas.receipt import Basket
from schemas.tender import Tender
from services.register import debit, voucher
from services.register.refusal import StepRefused
from services.till import allowance

_FIELDS: Final = {"voucher": "number", "debit": "account"}
"""What must be filled in, beside the amount."""


@dataclass(slots=True)
class _Open:
    """The page that is open.

    answer  head office's, once it came; `asking` while it is waited for, `asked` what it is about,
            `held` the amount that was asked for
    """

    tender: Tender
    reference: Blank | None
    amount: Blank
    customer: Customer | None = None
    programme: Programme | None = None
    answer: Answer | None = None
    asking: bool = False
    asked: str = ""
    held: Money | None = None
    away: bool = False


class AuthorisedPresenter:
    """Opens the page of a tender, asks, and gives the amount to the payment."""

    def __init__(
        self,
        desk: Desk,
        sale: SalePresenter,
        sheets: SheetPresenter,
        payment: PaymentPresenter,
        clientele: ClientelePresenter,
        line: Behind,
    ) -> None:
        """See the class. `line` waits for answers, and for nothing else."""
        self._desk = desk
        self._sale = sale
        self._sheets = sheets
        self._payment = payment
        self._clientele = clientele
        self._line = line
        self._open: _Open | None = None
        payment.on_asked = lambda *chosen: self.open(*chosen, paying=True)

    def open(self, tender: Tender, typed: Money | None, *, paying: bool = False) -> None:
        """The tender's page; `typed` is the amount that was typed before.

        paying  it was chosen at the payment, and who leaves it is there again
        """
        self._desk.take(lambda: self._begin(tender, typed, paying=paying))

    def _begin(self, tender: Tender, typed: Money | None, *, paying: bool) -> None:
        needs_customer = tender.kind in {"account", "points"}
        if needs_customer and self._desk.till.basket.customer is None:
            self._clientele.open(lambda: self.open(tender, typed, paying=paying))
            return
        words, till = self._desk.words, self._desk.till
        field = _FIELDS.get(tender.kind)
        reference = None
        if field is not None:
            kind = "number" if tender.kind == "voucher" else "text"
            reference = Blank(field, words(f"authorised.{field}"), kind,
                              hint=words(f"authorised.{field}.hint"), ends=True)  # fmt: skip
        amount = Blank("amount", words("shift.amount"), "money")
        if typed is not None:
            amount.text = typed.number.replace(".", ",")
        customer = till.clientele.buyer() if needs_customer else None
        programme = till.catalogue.clientele.programme(tender.programme or ProgrammeKey(""))
        opened = self._open = _Open(tender, reference, amount, customer, programme)
        blanks = (reference, amount) if reference else (amount,)

        def act() -> None:
            self._desk.take(lambda: self._act(opened))

        page = Page(lambda: self._look(opened), {ACT: act}, blanks=blanks,
                    scan=lambda code: self._scanned(opened, code))  # fmt: skip
        if paying:
            page.on_back = self._payment.reopen
        self._sheets.start(page)
        if reference is None:
            self._ask(opened)

    def took(self, code: str) -> bool:
        """While goods are sold: is the code a voucher? Then its page opens, filled in."""
        till = self._desk.till
        tender = next((t for t in till.catalogue.tenders() if t.kind == "voucher"), None)
        if tender is None or till.basket.is_empty or not _is_voucher(code):
            return False
        if till.catalogue.by_code(Barcode(code)) is not None:
            return False
        self.open(tender, None)
        return self._open is not None and self._scanned(self._open, code)

    def _scanned(self, opened: _Open, code: str) -> bool:
        fits = _is_voucher(code) if opened.tender.kind == "voucher" else code[:2].isalpha()
        if opened.reference is None or not fits:
            return False  # goods are sold beside the page
        opened.reference.text = code[:40]
        self._ask(opened)
        return True

    # Asking

    def _key(self, opened: _Open) -> str:
        if opened.customer is not None:
            return opened.customer.key
        said = opened.reference.text.replace(" ", "") if opened.reference else ""
        return said.upper() if opened.tender.kind == "debit" else said

    def _ask(self, opened: _Open) -> None:
        """Ask how much may be taken: nothing is held yet but what the amount says."""
        till, key = self._desk.till, self._key(opened)
        if not key or self._desk.is_busy:
            return
        if opened.tender.kind == "debit":
            try:
                debit.account(key)
            except StepRefused as refused:
                self._sale.failed(refused)
                return
        amount = self._wanted(opened)
        if amount.minor < 0:
            opened.asked = key  # what goes back is asked of nobody
            return
        programme = opened.programme.key if opened.programme else None
        question = till.authority.question(opened.tender.kind, key, amount, programme)
        opened.asked, opened.held = key, amount
        if question is None:
            opened.away = True
            return
        opened.asking = True

        def said(answer: Answer | None) -> None:
            opened.asking = False
            if till.basket.ref == question.sale:
                till.authority.keep(question, answer)
            opened.away = answer is None or answer.state == "away"
            opened.answer = None if opened.away else answer
            if self._sheets.is_open and self._open is opened:
                self._sheets.show()

        self._line.run(lambda: till.authority.put(question), said, lambda _: said(None))

    def _wanted(self, opened: _Open) -> Money:
        """What is typed, else all that is open."""
        till = self._desk.till
        typed = opened.amount.money(till.basket.currency) if opened.amount.text else None
        return typed or till.basket.open

    def _left(self, opened: _Open) -> Money | None:
        """What may be taken at most, as far as it is known."""
        till = self._desk.till
        if opened.answer is not None:
            left = opened.answer.left
            return left and Money(left.minor - self._in_hand(opened), left.currency)
        left = None
        if opened.tender.kind == "points" and opened.customer and opened.programme:
            left = till.clientele.points_left(opened.customer, opened.programme)
        if opened.tender.kind == "account" and opened.customer and opened.customer.limit:
            left = opened.customer.limit - till.clientele.wallet(opened.customer).owed
        if left is not None:  # without a line the till's own allowance holds as well
            most = allowance.left(till, opened.tender.kind)
            return min(left, most, key=lambda each: each.minor) if opened.away else left
        if opened.tender.kind == "voucher":
            return till.vouchers.worth(VoucherNumber(self._key(opened)))
        return None

    def _in_hand(self, opened: _Open) -> int:
        """What the sale takes of it already: head office's answer is about all of it."""
        programme = opened.programme.key if opened.programme else None
        kind, key = opened.tender.kind, self._key(opened)
        return self._desk.till.authority.in_hand(kind, key, programme)

    def _given(self, opened: _Open) -> Money:
        """What is typed; else what is open, as far as there is so much and whole points pay it."""
        wanted = self._wanted(opened)
        if opened.amount.text:
            return wanted
        left = self._left(opened)
        minor = wanted.minor if left is None else min(wanted.minor, max(0, left.minor))
        if opened.programme is not None:
            step = opened.programme.worth.minor * opened.programme.least
            minor -= minor % step
        return Money(minor, wanted.currency)

    # What is done

    def _act(self, opened: _Open) -> None:
        key = self._key(opened)
        if not key or opened.asking:
            return
        if opened.asked != key:
            self._ask(opened)
            return
        given = self._given(opened)
        if opened.tender.kind == "account" and given.minor < 0 and not opened.amount.text:
            self._give(opened, given)
            return
        if given.minor <= 0:
            self._sale.failed(StepRefused("bad-value", reason=opened.amount.text or "0"))
            return
        answer = opened.answer
        if answer is not None and answer.left is not None and answer.reason in {None, "left"}:
            beyond = opened.held is None or given.minor > opened.held.minor
            if answer.state == "refused" or beyond:  # what is really taken is what is held
                self._hold(opened, given)
                return
        self._give(opened, given)

    def _hold(self, opened: _Open, given: Money) -> None:
        """Ask once more, for what is really taken; then give it."""
        till = self._desk.till
        programme = opened.programme.key if opened.programme else None
        question = till.authority.question(opened.tender.kind, self._key(opened), given, programme)
        if question is None:
            return
        opened.asking = True

        def said(answer: Answer | None) -> None:
            opened.asking = False
            if till.basket.ref == question.sale:
                till.authority.keep(question, answer)
            opened.answer = answer
            opened.away = answer is None or answer.state == "away"
            self._desk.take(give)

        def give() -> None:
            if self._open is opened and self._sheets.is_open:
                self._give(opened, given)

        self._line.run(lambda: till.authority.put(question), said, lambda _: said(None))

    def _give(self, opened: _Open, given: Money) -> None:
        key = self._key(opened)
        single = opened.tender.kind == "voucher" and self._is_single(opened)
        self._sheets.close()
        if single:
            number = VoucherNumber(key)

            def redeem() -> Basket:
                return self._desk.till.vouchers.redeem_single(number, given)

            self._sale.do(redeem)
            self._payment.reopen()
            return
        self._payment.give(opened.tender.key, given, key)

    def _is_single(self, opened: _Open) -> bool:
        if opened.answer is not None and opened.answer.voucher_kind is not None:
            return opened.answer.voucher_kind == voucher.SINGLE
        known = self._desk.till.archive.voucher(
            VoucherNumber(self._key(opened)), self._desk.till.basket.currency
        )
        line = known.line if known else None
        return line is not None and line.voucher_kind == voucher.SINGLE

    # What is seen

    def _look(self, opened: _Open) -> Sheet:
        words, till = self._desk.words, self._desk.till
        if self._desk.is_busy:
            return Sheet(opened.tender.name(words.language), words("authorised.asking"))
        facts = [Fact(words("payment.open"), words.amount(till.basket.open), "strong")]
        if opened.customer is not None:
            facts.append(Fact(words("customer.title"), opened.customer.name))
        key = self._key(opened)
        left = self._left(opened) if key and (opened.asked == key or opened.customer) else None
        if left is not None:
            facts.append(
                Fact(words(f"authorised.{opened.tender.kind}.left"), words.amount(left), "good")
            )
        given = self._given(opened)
        waiting = opened.reference is not None and (not key or opened.asked != key)
        act = words("authorised.check") if waiting else words("authorised.give", amount=given)
        return Sheet(
            opened.tender.name(words.language), self._said(opened),
            tuple(facts), act="" if opened.asking else act,
        )  # fmt: skip

    def _said(self, opened: _Open) -> str:
        """What head office says, in a sentence; before that, what is to be done."""
        words, answer = self._desk.words, opened.answer
        if opened.asking:
            return words("authorised.asking")
        if opened.away:
            return words("authorised.away")
        if answer is None:
            return words(f"authorised.{opened.tender.kind}.lead")
        if answer.state == "granted":
            return words("authorised.granted")
        return words(f"authorised.refused.{answer.reason or 'left'}")


def _is_voucher(code: str) -> bool:
    """A number as our tills give it: 29 and eleven digits."""
    return len(code) == 13 and code.isascii() and code.isdigit() and code.startswith("29")
