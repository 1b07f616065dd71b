"""Customers: found by a card or some letters, chosen for the receipt, made or changed without a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from pos_qt.presenters.desk import Desk
from pos_qt.presenters.page import ACT, Blank, Page
from pos_qt.presenters.sale import SalePresenter
from pos_qt.presenters.sheets import SheetPresenter
from pos_qt.presenters.shown import Action, Fact, Item, Sheet
from schemas.customer import Card, Customer, Programme
from schemas.drawer import Drawer
from schemas.keys import Barcode
from schemas.receipt import Basket
from services.register import wording
from services.register.refusal import StepRefused
from services.till.clientele import Wallet, new_number

_MOST: Final = 8


class ClientelePresenter:
    """Pages of the sheet. A card that is scanned while goods are sold chooses its customer at once."""

    def __init__(self, desk: Desk, sale: SalePresenter, sheets: SheetPresenter) -> None:
        self._desk = desk
        self._sale = sale
        self._sheets = sheets
        self._found: list[Customer] = []
        self._asked = ""
        self._then: Callable[[], None] | None = None
        self.on_paid_in: Callable[[], None] = lambda: None
        """The drawer opens for it."""

    # Finding

    def open(self, then: Callable[[], None] | None = None) -> None:
        """Ask who it is. `then` goes on once somebody is chosen."""
        self._then, self._found, self._asked = then, [], ""
        who = Blank("who", self._desk.words("customer.who"), ends=True)

        def first() -> None:
            if self._found:
                self._tapped(self._found[0].key)

        page = Page(
            lambda: self._list(who.text),
            {ACT: first, "new": lambda: self._edit(None, who.text), "nobody": self._nobody},
            blanks=(who,),
            tap=self._tapped,
            scan=self._scanned,
        )
        page.at("who")
        self._sheets.start(page)

    def _list(self, text: str) -> Sheet:
        words = self._desk.words
        if text != self._asked and not self._desk.is_busy:
            self._asked, self._found = text, self._desk.till.clientele.find(text, _MOST)
        more = [Action("new", words("customer.new"), "plus")]
        if self._desk.till.basket.customer is not None:
            more.append(Action("nobody", words("customer.nobody"), "x"))
        return Sheet(
            words("customer.title"),
            words("customer.lead"),
            items=tuple(self._item(customer) for customer in self._found),
            nothing=words("customer.none") if text.strip() and not self._found else "",
            act=words("customer.first") if self._found else "",
            more=tuple(more),
        )

    def _item(self, customer: Customer) -> Item:
        detail = " · ".join(part for part in (customer.key, customer.phone, customer.email) if part)
        return Item(customer.key, customer.name, detail, customer.customers or "")

    def _tapped(self, key: str) -> None:
        found = next((each for each in self._found if each.key == key), None)
        if found is not None:
            self._desk.take(lambda: self._detail(found))

    def _scanned(self, code: str) -> bool:
        """A card shows its customer; goods are sold beside the page."""
        if self._desk.is_busy:
            return False
        found = self._desk.till.clientele.shown(code)
        if found is not None:
            self._detail(found)
        return found is not None

    def took(self, code: str) -> bool:
        """While goods are sold: is the code a customer's card? Then the receipt is theirs."""
        till = self._desk.till
        if till.catalogue.by_code(Barcode(code)) is not None:
            return False
        found = till.clientele.shown(code)
        if found is not None:
            self._choose(found)
        return found is not None

    # One customer

    def _detail(self, customer: Customer) -> None:
        wallet = self._desk.till.clientele.wallet(customer)
        programmes = self._desk.till.catalogue.clientele.programmes()
        does = {
            ACT: lambda: self._choose(customer),
            "edit": lambda: self._edit(customer, ""),
            "pay-in": lambda: self._pay_in(customer, wallet),
        }
        self._sheets.open(Page(lambda: self._customer(customer, wallet, programmes), does))

    def _customer(
        self, customer: Customer, wallet: Wallet, programmes: Sequence[Programme]
    ) -> Sheet:
        """What is shown asks the till nothing: it may be at work behind the screen."""
        words, till = self._desk.words, self._desk.till
        told = wallet.at.astimezone(till.now().tzinfo) if wallet.at else None

        def points(programme: Programme) -> Decimal:
            return wallet.points.get(programme.key, Decimal(0))

        facts = [
            Fact(p.name(words.language), wording.points(points(p), words.language), "good")
            for p in programmes
        ]
        if customer.limit is not None:
            kind = "warn" if customer.blocked else "plain"
            facts.append(Fact(words("customer.owed"), words.amount(wallet.owed), kind))
            facts.append(Fact(words("customer.limit"), words.amount(customer.limit)))
        if customer.customers:
            facts.append(Fact(words("customer.group"), customer.customers))
        if told is not None:
            facts.append(Fact(words("customer.as-of"), f"{told:%d.%m. %H:%M}"))
        lead = [customer.key, customer.phone, customer.email, customer.address]
        if customer.blocked:
            lead.append(words("customer.blocked"))
        more = [Action("edit", words("customer.edit"), "note-pencil")]
        if customer.limit is not None:
            more.append(Action("pay-in", words("customer.pay-in"), "hand-deposit"))
        return Sheet(
            customer.name,
            " · ".join(part for part in lead if part),
            tuple(facts),
            act=words("customer.choose"),
            more=tuple(more),
        )

    def _choose(self, customer: Customer | None) -> None:
        def choose() -> Basket:
            return self._desk.till.clientele.choose(customer)

        then, self._then = self._then, None

        def step() -> None:
            self._sale.do(choose)
            if then is not None and self._desk.till.basket.customer is not None:
                self._desk.take(then)

        self._sheets.close()
        self._desk.take(step)

    def _nobody(self) -> None:
        self._choose(None)

    # Made or changed

    def _edit(self, customer: Customer | None, name: str) -> None:
        words = self._desk.words
        known = customer or Customer(new_number(), name if not name.isdigit() else "")
        yes_no = (("yes", words("customer.consent.yes")), ("no", words("customer.consent.no")))
        consent = {True: "yes", False: "no", None: ""}[known.consent]
        card = known.cards[0].code if known.cards else ""
        blanks = (
            Blank("name", words("customer.name"), text=known.name),
            Blank("phone", words("customer.phone"), text=known.phone or ""),
            Blank("email", words("customer.email"), text=known.email or ""),
            Blank("card", words("customer.card"), text=card, hint=words("customer.card.hint")),
            Blank("consent", words("customer.consent"), "chips", yes_no, text=consent),
        )
        title = words("customer.edit" if customer else "customer.new")
        look = Sheet(title, words("customer.new.lead"), act=words("customer.save"))

        def scan(code: str) -> bool:
            """A card that is new becomes theirs; goods are sold."""
            if self._desk.is_busy or self._desk.till.catalogue.by_code(Barcode(code)) is not None:
                return False
            page.blanks["card"].text = code[:40]
            return True

        def save() -> None:
            said = replace(
                known,
                name=page.value("name"),
                phone=page.value("phone") or None,
                email=page.value("email") or None,
                cards=(Card(Barcode(page.value("card"))),) if page.value("card") else (),
                consent={"yes": True, "no": False}.get(page.value("consent"), known.consent),
            )
            self._desk.go(
                lambda: self._desk.till.clientele.register(said), self._choose, self._sale.failed
            )

        page = Page(lambda: look, {ACT: save}, blanks=blanks, scan=scan)
        page.at("name")
        self._sheets.open(page)

    def _pay_in(self, customer: Customer, wallet: Wallet) -> None:
        """They pay what they owe, in cash."""
        words, till = self._desk.words, self._desk.till
        owed = wallet.owed
        amount = Blank("amount", words("shift.amount"), "money")
        look = Sheet(
            words("customer.pay-in"),
            customer.name,
            (Fact(words("customer.owed"), words.amount(owed), "strong"),),
            act=words("shift.book"),
        )

        def done(_: Drawer) -> None:
            self._sheets.close()
            said = words("customer.paid", name=customer.name)
            self._sale.strips.warn(said, kind="info", icon="hand-deposit")
            self._sale.show_strips()
            self.on_paid_in()

        def book() -> None:
            paid = amount.money(till.basket.currency) if amount.text else owed
            if paid is None or paid.minor <= 0:
                self._sale.failed(StepRefused("bad-value", reason=amount.text))
                return
            reason = words("customer.account", name=customer.name)
            self._desk.go(
                lambda: till.drawer.pay_in(paid, reason, customer=customer.key),
                done,
                self._sale.failed,
            )

        self._sheets.open(Page(lambda: look, {ACT: book}, blanks=(amount,)))
