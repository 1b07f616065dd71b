"""Card payments by a terminal: asked once, and what became of it is found out, never guessed.

What is asked is on disk before the terminal hears it, and stays there until the answer is in the
basket. While that is open nothing else is paid, parked or given up.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from pos_qt.peripherals.cardnote import CardNote, CardNotes
from pos_qt.peripherals.cardterminal import (
    CardTerminal,
    CardTerminalRefused,
    CardTerminalUnreachable,
    Declined,
    Step,
    Unknown,
)
from pos_qt.presenters.cardasking import Asking, Call, Heard, paying, undoing
from pos_qt.presenters.cardboxes import CardBoxes, CardView
from pos_qt.presenters.cardfacts import CardFacts, is_terminals, plain, target
from pos_qt.presenters.desk import Behind, Desk
from pos_qt.presenters.sale import SalePresenter
from schemas.keys import Digest, TenderKey
from schemas.money import Money
from schemas.receipt import Payment, Receipt
from services.register.refusal import StepRefused

log = logging.getLogger(__name__)

_RIGHT: Final = "change-tender"
"""Who may say what became of a payment that the terminal says nothing about."""


class CardPresenter:
    """Between till and terminal. `terminal` may change between two receipts; None is none."""

    def __init__(
        self,
        desk: Desk,
        sale: SalePresenter,
        view: CardView,
        notes: CardNotes,
        behind: Behind,
        tell: Callable[[Callable[[], None]], None] = lambda what: what(),
    ) -> None:
        """See the class.

        behind  where the terminal is asked: not where the till writes
        tell    says something on the screen's thread, from any
        """
        self._desk = desk
        self._sale = sale
        self._boxes = CardBoxes(desk, view)
        self.act = self._boxes.act
        self._notes, self._asking, self._facts = notes, Asking(notes), CardFacts(desk)
        self._behind = behind
        self._tell = tell
        self.terminal: CardTerminal | None = None
        self.on_booked: Callable[[CardNote], None] = lambda _: None
        self.on_voided: Callable[[tuple[Receipt, Digest]], None] = lambda _: None
        self.on_free: Callable[[], None] = lambda: None
        self.on_lines: Callable[[Sequence[str], bool], None] = lambda *_: None
        """Rows that the terminal wants printed; True where they wait for the receipt."""
        self._begun = False
        self._at_work = False
        self._open: CardNote | None = None
        self._cards: tuple[Payment, ...] = ()

    def on_show(self, does: Callable[[], None]) -> None:
        """Do this whenever there is something to see."""
        self._boxes.on_show = does

    @property
    def is_pending(self) -> bool:
        """Is the terminal at work, or did it leave something open?"""
        return self._at_work or self._open is not None

    @property
    def is_asking(self) -> bool:
        """Is the terminal at work just now?"""
        return self._at_work

    def takes(self, key: TenderKey) -> bool:
        """Does a payment in this tender go through the terminal? Practice never does."""
        till = self._desk.till
        if self.terminal is None or till.basket.training:
            return False
        tender = till.catalogue.tender(key)
        return tender is not None and tender.kind == "card"

    def gives_back(self, part: int) -> bool:
        """Must the terminal undo this part of the basket before it is out?"""
        payments = self._desk.till.basket.payments
        return 0 <= part < len(payments) and is_terminals(payments[part])

    def undoes(self, receipt: Receipt) -> bool:
        """Must the terminal undo something before this receipt is void?"""
        return self.terminal is not None and any(is_terminals(p) for p in receipt.payments)

    # What the cashier does

    def pay(self, key: TenderKey, amount: Money) -> None:
        """Take `amount` by card, or give it back where it is below zero."""
        till = self._desk.till

        def ask(_: object) -> None:
            note = CardNote("pay", till.basket.ref or "", key, amount)
            self._ask(note, paying(amount))

        self._desk.go(lambda: till.paying.prepare(key, amount), ask, self._sale.failed)

    def drop(self, part: int) -> None:
        """A part that a card paid is given back: the terminal undoes it first."""
        basket = self._desk.till.basket
        payment = basket.payments[part]
        note = CardNote("drop", basket.ref or "", payment.tender, payment.amount, target(payment))
        self._ask(note, undoing(note))

    def void(self, said: str) -> None:
        """A receipt is taken back whole: the terminal undoes its card payments first."""
        returning = self._desk.till.returning

        def undo(receipt: Receipt) -> None:
            self._cards = tuple(p for p in receipt.payments if is_terminals(p))
            first = (self._cards or receipt.payments)[0]
            note = CardNote("void", receipt.name, first.tender, first.amount)
            self._go_on(note)

        self._desk.go(lambda: returning.prepare_void(said), undo, self._sale.failed)

    def begin(self) -> None:
        """Somebody signed in: what a till that died left open is found out now. Once."""
        if self._begun:
            return
        self._begun = True
        note = self._notes.load()
        if note is None:
            return
        self._cards = self._facts.cards_of(note)
        log.info("card note found what=%s sale=%s", note.what, note.sale)
        if self._facts.is_booked(note):
            self._desk.away(self._notes.clear, lambda _: None, self._sale.failed)
        elif note.answer is not None:
            self._after(note)
        elif note.attempt is not None:
            self._look(note)
        else:
            self._go_on(note)

    # The terminal

    def _ask(self, note: CardNote, call: Call) -> None:
        """Ask the terminal; steps at the till wait meanwhile, so the sum stays the one asked for."""
        terminal = self.terminal
        if terminal is None:
            self._failed(note, CardTerminalUnreachable(self._desk.words("card.none")))
            return
        self._at_work = True
        self._show_work(note, self._desk.words("card.sent"), can_stop=True)
        name = f"{note.sale[:8]}-{secrets.token_hex(3)}"

        def said(step: Step) -> None:
            self._tell(lambda: self._show_step(note, step))

        def ask() -> Heard:
            return self._asking.ask(
                note, lambda said, begun: call(terminal, name, said, begun), said
            )

        self._desk.away(
            ask, self._heard, lambda error: self._failed(note, error), behind=self._behind
        )

    def _look(self, note: CardNote) -> None:
        """Ask what became of it; the till goes on meanwhile, only nothing is paid."""
        terminal, attempt = self.terminal, note.attempt
        if terminal is None or attempt is None:
            self._unclear(note)
            return
        self._hold(note)
        self._at_work = True
        self._show_work(note, self._desk.words("card.looking"), can_stop=False)

        def look() -> Heard:
            return self._asking.noted(note, terminal.ask_again(attempt))

        def unclear(error: Exception) -> None:
            log.info("card terminal does not say why=%s", error)
            self._at_work = False
            self._unclear(note)

        self._behind.run(
            look,
            lambda heard: self._desk.take(lambda: self._heard(heard)),
            lambda error: self._desk.take(lambda: unclear(error)),
        )

    # What it answers

    def _heard(self, heard: Heard) -> None:
        self._at_work = False
        note, result = heard.note, heard.result
        if isinstance(result, Unknown):
            self._unclear(note)
        elif isinstance(result, Declined):
            self.on_lines(result.lines, False)
            self._declined(note, result)
        else:
            self.on_lines(result.merchant_lines, False)
            self.on_lines(result.lines, True)
            self._after(note)

    def _after(self, note: CardNote) -> None:
        if note.what == "void":
            self._go_on(note)
        else:
            self._book(note)

    def _declined(self, note: CardNote, result: Declined) -> None:
        words = self._desk.words
        log.info("card declined code=%s", result.code)
        if note.undone:  # one card of several is undone, and this one will not be
            self._stuck(note, result.words)
            return
        self._free()
        key = {"pay": "card.declined", "drop": "card.kept", "void": "card.kept"}[note.what]
        self._say(words(key, amount=plain(note.amount)), result.words)

    def _failed(self, note: CardNote, error: Exception) -> None:
        """Nothing has moved."""
        self._at_work = False
        if note.undone:
            self._stuck(note, str(error))
            return
        self._free()
        if isinstance(error, CardTerminalUnreachable | CardTerminalRefused):
            words = self._desk.words
            log.info("card terminal away why=%s", error)
            away = isinstance(error, CardTerminalUnreachable)
            title = words("card.unreachable" if away else "card.refused")
            self._say(title, f"{error} {words('card.nothing')}".strip())
        else:
            self._sale.failed(error)

    # Its end

    def _book(self, note: CardNote) -> None:
        """What the terminal has done is in the basket, durably; then the note may go."""
        self._hold(note)
        if self._facts.is_lost(note):
            self._show_lost(note)
            return
        self._show_work(note, self._desk.words("counter.writing"), can_stop=False)

        def book() -> CardNote:
            paying = self._desk.till.paying
            if note.what == "drop" and note.target is not None:
                paying.undone(*note.target)
            else:
                paying.received(note.tender, note.amount, *self._facts.words_of(note))
            self._notes.clear()
            return note

        def booked(_: object) -> None:
            self._free()
            self._sale.strips.close("card")
            self.on_booked(note)

        self._desk.away(book, booked, lambda error: self._not_booked(note, error))

    def _not_booked(self, note: CardNote, error: Exception) -> None:
        """The card is charged, and the disk does not take it: it stays asked for until it does."""
        self._hold(note)
        may_never_go = isinstance(error, StepRefused)
        self._boxes.not_kept(
            note,
            lambda: self._desk.take(lambda: self._still(note, self._after)),
            (lambda: self._decide(note, self._known)) if may_never_go else None,
        )
        self._sale.failed(error)

    def _go_on(self, note: CardNote) -> None:
        """The next card of a receipt that is taken back; after the last, its counter-receipt."""
        left = [p for p in self._cards if p.reference not in note.undone]
        if left:
            nxt = replace(
                note, tender=left[0].tender, amount=left[0].amount, target=target(left[0]),
                attempt=None, answer=None,
            )  # fmt: skip
            self._ask(nxt, undoing(nxt))
            return
        self._void(note)

    def _void(self, note: CardNote) -> None:
        self._show_work(note, self._desk.words("counter.writing"), can_stop=False)

        def void() -> tuple[Receipt, Digest]:
            answer = self._desk.till.returning.void_undone(note.sale)
            self._notes.clear()
            return answer

        def done(answer: tuple[Receipt, Digest]) -> None:
            self._free()
            self.on_voided(answer)

        self._desk.away(void, done, lambda error: self._not_booked(note, error))

    def _stuck(self, note: CardNote, why: str) -> None:
        """Some cards of a receipt are undone, this one not: again, or the void without it."""
        self._hold(note)
        self._boxes.stuck(
            note,
            why,
            lambda: self._desk.take(lambda: self._still(note, self._go_on)),
            lambda: self._decide(note, self._void),
        )

    # Nobody knows

    def _unclear(self, note: CardNote) -> None:
        """A person looks at the terminal, and says what became of it. Never a silent second try."""
        self._hold(note)
        log.warning("card payment unclear what=%s sale=%s", note.what, note.sale)
        self._boxes.unclear(
            note,
            lambda: self._still(note, self._look),
            lambda: self._decide(note, self._by_hand),
            lambda: self._decide(note, self._nothing),
        )

    def _decide(self, note: CardNote, then: Callable[[CardNote], None]) -> None:
        """With the right to it; a second tap finds it decided."""
        self._desk.go(
            lambda: self._desk.till.need(_RIGHT),
            lambda _: self._still(note, then),
            self._sale.failed,
        )

    def _still(self, note: CardNote, then: Callable[[CardNote], None]) -> None:
        if self._open == note and not self._at_work:
            then(note)

    def _by_hand(self, note: CardNote) -> None:
        log.warning("card payment confirmed by a person sale=%s", note.sale)
        if note.target is not None:
            note = replace(note, undone=(*note.undone, note.target[0]))
        self._after(note)

    def _nothing(self, note: CardNote) -> None:
        """A person saw that no money moved."""
        log.warning("card payment denied by a person sale=%s", note.sale)
        if note.undone:
            self._stuck(note, "")
        else:
            self._known(note)

    def _known(self, note: CardNote) -> None:
        """It is put right outside the till, or there was nothing."""
        log.warning("card note closed by a person what=%s sale=%s", note.what, note.sale)

        def done(_: object) -> None:
            self._free()
            self._sale.show()

        self._desk.away(self._notes.clear, done, self._sale.failed)

    def _show_lost(self, note: CardNote) -> None:
        """Money moved for a sale that is not in hand any more: a person must put it right."""
        log.error("card payment without its sale sale=%s", note.sale)
        self._desk.till.asked = None
        self._open = note
        self._boxes.lost(note, lambda: self._decide(note, self._known))

    # Inside

    def _say(self, title: str, text: str) -> None:
        self._sale.strips.warn(title, text, icon="contactless-payment", about="card")
        self._sale.show()

    def _hold(self, note: CardNote) -> None:
        self._open, self._desk.till.asked = note, note.amount

    def _free(self) -> None:
        self._open, self._desk.till.asked = None, None
        self._boxes.close()
        self.on_free()

    def _show_work(self, note: CardNote, text: str, *, can_stop: bool) -> None:
        terminal = self.terminal
        self._boxes.work(note, text, terminal.cancel if can_stop and terminal else None)

    def _show_step(self, note: CardNote, step: Step) -> None:
        if self._at_work:
            self._show_work(note, step.words, can_stop=True)
