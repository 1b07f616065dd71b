"""Functions that a day needs now and then: repeat, copy, split, empties, who sold, coupon, away."""

from __future__ import annotations

from collections.abc import Callable, Collection

from pos_qt.presenters.desk import Desk
from pos_qt.presenters.digital import DigitalPresenter
from pos_qt.presenters.page import ACT, Blank, Page
from pos_qt.presenters.sale import SalePresenter
from pos_qt.presenters.sheets import SheetPresenter
from pos_qt.presenters.shown import Item, Sheet, Tile
from schemas.keys import Barcode, StaffKey
from schemas.money import Money
from schemas.receipt import Basket
from services.register import sets
from services.register.refusal import StepRefused
from services.till import tongue


class FunctionsPresenter:
    """One page of tiles; each is one key from here."""

    def __init__(self, desk: Desk, sale: SalePresenter, sheets: SheetPresenter) -> None:
        self._desk = desk
        self._sale = sale
        self._sheets = sheets
        self._chosen: set[int] = set()
        self._digital = DigitalPresenter(desk, sale, sheets)
        self.on_parked: Callable[[], None] = lambda: None
        """A sale was parked: the badge counts it."""

    def open(self) -> None:
        """Show what there is; what cannot be done now is seen, and rests."""
        self._desk.take(self._begin)

    def _begin(self) -> None:
        spoken = self._slip_language()  # once: while the till is at work, nothing is asked
        does = {
            "repeat": self._repeat,
            "copy": self._copy,
            "split": self._split,
            "empties": self._empties,
            "salesperson": self._salesperson,
            "coupon": self._coupon,
            "away": self._away,
            "language": self._language,
            "mail": self._digital.during,
        }
        self._sheets.start(Page(lambda: self._look(spoken), does))

    def _look(self, spoken: str) -> Sheet:
        words, till = self._desk.words, self._desk.till
        selling = not till.basket.is_empty
        away = till.basket.zone is not None
        known = {
            "repeat": ("copy", self._sale.selected is not None),
            "copy": ("receipt", till.last is not None),
            "split": ("swap", selling and not till.basket.payments),
            "empties": ("beer-bottle", True),
            "salesperson": ("user", True),
            "coupon": ("tag", selling),
            "away": ("tote", till.catalogue.own.takeaway_zone is not None and selling),
        }
        named = {"away": "here" if away else "away"}
        language = Tile("language", words("menu.language"), spoken, "file-text",
                        enabled=selling)  # fmt: skip
        mail = Tile("mail", words("menu.mail"), words("menu.mail.text"), "note-pencil",
                    enabled=selling)  # fmt: skip
        tiles = tuple(
            Tile(key, words(f"function.{named.get(key, key)}"), words(f"function.{key}.text"), icon,
                 enabled=can)
            for key, (icon, can) in known.items()
        )  # fmt: skip
        return Sheet(words("function.title"), words("menu.lead"), tiles=(*tiles, language, mail))

    def took(self, code: str) -> bool:
        """While goods are sold: is the code a coupon that a promotion wants?"""
        till = self._desk.till
        if till.basket.is_empty or till.catalogue.by_code(Barcode(code)) is not None:
            return False
        rules = till.catalogue.rules(till.now(), till.basket.customers)
        if not any(p.coupon and code.startswith(p.coupon) for p in rules.promotions):
            return False
        self._sale.do(lambda: till.circumstances.coupon(code))
        return True

    # One by one

    def _repeat(self) -> None:
        line = self._sale.selected
        self._sheets.close()
        if line is not None:
            number = line.number
            self._sale.do(lambda: self._desk.till.circumstances.repeat(number), newest=True)

    def _copy(self) -> None:
        last = self._desk.till.last
        self._sheets.close()
        if last is not None:
            self._sale.do(lambda: self._desk.till.circumstances.copy(last), newest=True)

    def _empties(self) -> None:
        self._sheets.close()
        self._sale.take_empties()

    def _away(self) -> None:
        to = self._desk.till.basket.zone is None
        self._sheets.close()
        self._sale.do(lambda: self._desk.till.circumstances.take_away(away=to))

    def _slip_language(self) -> str:
        """What the slip in hand speaks."""
        till = self._desk.till
        chosen = tongue.chosen(till) or till.catalogue.own.language
        return self._desk.words(f"menu.language.{chosen}")

    def _language(self) -> None:
        """The slip of this sale in another language."""
        words, till = self._desk.words, self._desk.till
        tiles = tuple(Tile(key, words(f"menu.language.{key}")) for key in tongue.LANGUAGES)
        sheet = Sheet(words("menu.language"), words("menu.language.lead"), tiles=tiles, columns=1)

        def tapped(key: str) -> None:
            self._desk.go(lambda: till.circumstances.slip_language(key), done, self._sale.failed)

        def done(_: Basket) -> None:
            self._sheets.close()

        self._sheets.open(Page(lambda: sheet, tap=tapped))

    def _coupon(self) -> None:
        words = self._desk.words
        code = Blank("code", words("function.coupon"), hint=words("customer.card.hint"))
        look = Sheet(
            words("function.coupon"), words("function.coupon.text"), act=words("reply.keep")
        )

        def keep(said: str) -> bool:
            self._sheets.close()
            if not self.took(said):
                self._sale.failed(StepRefused("unknown-code", code=said))
            return True

        def act() -> None:
            if code.text.strip():
                keep(code.text.strip())

        page = Page(lambda: look, {ACT: act}, blanks=(code,), scan=self._coupon_scan(keep))
        page.at("code")
        self._sheets.open(page)

    def _coupon_scan(self, keep: Callable[[str], bool]) -> Callable[[str], bool]:
        """Goods that are scanned here are sold."""

        def scan(code: str) -> bool:
            known = self._desk.till.catalogue.by_code(Barcode(code))
            return known is None and keep(code)

        return scan

    def _salesperson(self) -> None:
        words, till = self._desk.words, self._desk.till
        items = tuple(
            Item(
                person.key,
                person.name,
                "",
                mark="✓" if till.basket.salesperson == person.key else "",
            )
            for person in till.catalogue.staff()
        )
        sheet = Sheet(
            words("function.salesperson"), words("function.salesperson.text"), items=items
        )

        def tap(key: str) -> None:
            self._sheets.close()
            self._sale.do(lambda: till.circumstances.salesperson(StaffKey(key)))

        self._sheets.open(Page(lambda: sheet, tap=tap))

    def _split(self) -> None:
        """Lines are tapped that are paid now; the rest waits, parked."""
        self._chosen = set()
        self._sheets.open(Page(self._halves, {ACT: self._divide}, tap=self._toggle))

    def _halves(self) -> Sheet:
        words, basket = self._desk.words, self._desk.till.basket
        lines = [line for line in basket.lines if line.counts and line.leads]
        items = tuple(
            Item(str(line.number), line.part.name if line.part else line.name,
                 words.quantity(line.sold), words.amount(self._worth({line.number})),
                 mark="✓" if line.number in self._chosen else "")
            for line in lines
        )  # fmt: skip
        some = 0 < len(self._chosen) < len(lines)
        act = words("function.split.act", amount=self._worth(self._chosen)) if some else ""
        return Sheet(words("function.split"), words("function.split.lead"), items=items, act=act)

    def _worth(self, numbers: Collection[int]) -> Money:
        """What lines come to, with their deposits and sets."""
        basket = self._desk.till.basket
        mine = frozenset[int]().union(*(sets.together(basket.lines, n) for n in numbers))
        minor = sum(li.amount.minor for li in basket.lines if li.counts and li.number in mine)
        return Money(minor, basket.currency)

    def _toggle(self, key: str) -> None:
        self._chosen ^= {int(key)}

    def _divide(self) -> None:
        numbers = set(self._chosen)

        def done(basket: Basket) -> None:
            self._sheets.close()
            self._sale.recalled(basket)
            self.on_parked()

        self._desk.go(lambda: self._desk.till.parking.split(numbers), done, self._sale.failed)
