"""Drawer and shift: float, pay-in and -out, safe drop, X and Z report, each a page of one sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from pos_qt.presenters.counting import CountPresenter
from pos_qt.presenters.desk import Desk
from pos_qt.presenters.page import ACT, Blank, Page
from pos_qt.presenters.sale import SalePresenter
from pos_qt.presenters.sheets import SheetPresenter
from pos_qt.presenters.shown import Action, Fact, Sheet, Tile
from pos_qt.presenters.slips import Prints
from pos_qt.translations.words import Words
from schemas.drawer import Closing, Drawer
from schemas.keys import Barcode, StaffKey
from schemas.money import Money
from services.register import movement
from services.register.refusal import StepRefused

_TILES: Final = (
    ("float", "coins"), ("pay-in", "hand-deposit"), ("pay-out", "hand-withdraw"),
    ("safe-drop", "vault"), ("open", "archive"), ("count", "calculator"),
    ("hand-over", "users"), ("x", "clipboard-text"), ("z", "moon"),
)  # fmt: skip
_REASONS: Final = {
    "pay-in": ("change", "bank", "other"),
    "pay-out": ("bank", "postage", "shopping", "other"),
    "open": ("exchange", "check", "other"),
}


class ShiftPresenter:
    """What is done at the drawer. Each step is in the journal before anything moves."""

    def __init__(
        self,
        desk: Desk,
        sale: SalePresenter,
        sheets: SheetPresenter,
        queue: Prints,
        counting: CountPresenter,
    ) -> None:
        self._desk = desk
        self._sale = sale
        self._sheets = sheets
        self._queue = queue
        self._counting = counting
        counting.on_floated = self._floated
        self._done = ""
        self._parked, self._noted = 0, ""
        self._counted: Drawer | None = None
        self._closing: Page | None = None
        self.waiting: Callable[[], int | None] = lambda: None
        """Entries that head office does not have yet; None where nobody knows."""
        self.is_online: Callable[[], bool] = lambda: True
        self.on_closed: Callable[[], None] = lambda: None

    def open(self) -> None:
        """The tiles."""
        self._done = ""
        self._sheets.start(
            Page(
                self._tiles,
                {
                    "float": self._float,
                    "pay-in": lambda: self._move("pay-in", self._desk.till.drawer.pay_in),
                    "pay-out": lambda: self._move("pay-out", self._desk.till.drawer.pay_out),
                    "safe-drop": self._drop,
                    "open": self._open,
                    "count": self._counting.open,
                    "hand-over": self._hand_over,
                    "x": self.x_report,
                    "z": self.z_page,
                },
            )
        )

    @property
    def is_closing(self) -> bool:
        """Is what ends the shift in front?"""
        return self._closing is not None and self._sheets.page is self._closing

    @property
    def expected(self) -> Money | None:
        """What should be in the drawer; None where it may not be seen."""
        till = self._desk.till
        period = till.book.period
        seen = movement.shows_expected(period, till.catalogue.own)
        if not seen and not till.rights.may("see-expected"):
            return None
        return Money(period.cash, period.currency)

    def _tiles(self) -> Sheet:
        words, period = self._desk.words, self._desk.till.book.period
        begun = period.opened_with is not None or any(
            period.sums[name] for name in ("receipts", "paid_in", "paid_out", "dropped")
        )
        captions = {"float": words("shift.begun") if begun else words.amount(self._usual)}
        tiles = tuple(
            Tile(
                key,
                words(f"shift.{key}"),
                captions.get(key, words(f"shift.{key}.text")),
                icon,
                enabled=key != "float" or not begun,
            )
            for key, icon in _TILES
        )
        lead = self._done or words("shift.lead")
        return Sheet(words("shift.title"), lead, self._facts(), tiles)

    def _facts(self) -> tuple[Fact, ...]:
        words, till = self._desk.words, self._desk.till
        period = till.book.period
        since = (
            f"{period.begins.astimezone(till.now().tzinfo):%d.%m. %H:%M}" if period.begins else "–"
        )
        expected = self.expected
        cash = words("shift.hidden") if expected is None else self._amount(expected)
        facts = [
            Fact(words("shift.since"), since),
            Fact(words("shift.receipts"), str(period.sums["receipts"])),
        ]
        full = movement.fullness(period, till.catalogue.own)
        kind = {"fine": "plain", "empty-soon": "warn", "full": "bad"}[full]
        return (*facts, Fact(words("shift.expected"), cash, kind))

    @property
    def _branch(self) -> Words:
        """What goes on record is said in the branch's language, whoever does it."""
        return Words(self._desk.till.catalogue.own.language)

    def _amount(self, amount: Money) -> str:
        return self._desk.words.amount(amount)

    @property
    def _usual(self) -> Money:
        """The float that a day begins with."""
        own, period = self._desk.till.catalogue.own, self._desk.till.book.period
        return own.float_ or Money(period.carried, period.currency)

    # Float, pay-in, pay-out, safe drop, no-sale opening

    def _float(self) -> None:
        words, usual = self._desk.words, self._usual
        amount = Blank("amount", words("shift.amount"), "money")
        tile = Tile("right", self._amount(usual), words("shift.right"), "check", kind="go")

        def look() -> Sheet:
            lead = words("shift.float.lead")
            more = (Action("count", words("shift.float.count"), "calculator"),)
            return Sheet(
                words("shift.float"),
                lead,
                tiles=(tile,),
                columns=1,
                act=words("shift.book"),
                more=more,
            )

        def book(given: Money | None) -> None:
            if given is not None:
                self._book(lambda: self._desk.till.drawer.float_in(given))

        does = {"right": lambda: book(usual), ACT: lambda: book(self._money(amount)),
                "count": lambda: self._counting.open(begins=True)}  # fmt: skip
        self._sheets.open(Page(look, does, blanks=(amount,)))

    def _move(self, key: str, step: Callable[[Money, str], Drawer]) -> None:
        words = self._desk.words
        amount = Blank("amount", words("shift.amount"), "money")
        reasons = tuple((each, words(f"reason.{each}")) for each in _REASONS[key])
        reason = Blank("reason", words("shift.reason"), "chips", reasons)

        def book() -> None:
            given = self._money(amount)
            known = reason.text in _REASONS[key]
            said = self._branch(f"reason.{reason.text}") if known else reason.text
            if given is not None:
                self._book(lambda: step(given, said))

        self._form(key, (amount, reason), book)

    def _drop(self) -> None:
        words = self._desk.words
        amount = Blank("amount", words("shift.amount"), "money")
        bag = Blank("bag", words("shift.bag"), hint=words("shift.bag.hint"))

        def book() -> None:
            given = self._money(amount)
            if given is not None:
                self._book(lambda: self._desk.till.drawer.safe_drop(given, bag.text))

        def scan(code: str) -> bool:
            if self._desk.till.catalogue.by_code(Barcode(code)) is not None:
                return False  # goods are sold, here too
            bag.text = code
            return True

        self._form("safe-drop", (amount, bag), book, scan)

    def _open(self) -> None:
        """One tap on a reason opens the drawer."""
        words = self._desk.words

        def act(reason: str) -> Callable[[], None]:
            said = self._branch(f"reason.{reason}")
            return lambda: self._book(lambda: self._desk.till.drawer.open(said), slip=False)

        tiles = tuple(
            Tile(each, words(f"reason.{each}"), icon="archive") for each in _REASONS["open"]
        )
        look = Sheet(words("shift.open"), words("shift.open.lead"), tiles=tiles)
        self._sheets.open(Page(lambda: look, {each: act(each) for each in _REASONS["open"]}))

    def open_drawer(self) -> None:
        """By its key, without a sale; the journal keeps that it was."""

        def done(_: object) -> None:
            self._queue.put(None, kick=True)

        self._desk.go(lambda: self._desk.till.drawer.open("no sale"), done, self._sale.failed)

    def _form(
        self,
        key: str,
        blanks: Sequence[Blank],
        book: Callable[[], None],
        scan: Callable[[str], bool] | None = None,
    ) -> None:
        words = self._desk.words

        def look() -> Sheet:
            return Sheet(
                words(f"shift.{key}"), words(f"shift.{key}.lead"), self._facts()[-1:],
                act=words("shift.book"),
            )  # fmt: skip

        self._sheets.open(Page(look, {ACT: book}, blanks=blanks, scan=scan))

    def _money(self, blank: Blank) -> Money | None:
        found = blank.money(self._desk.till.basket.currency)
        if found is None:
            warn = StepRefused("bad-value", reason=blank.text or blank.caption)
            self._sale.failed(warn)
        return found

    def _book(self, step: Callable[[], Drawer], *, slip: bool = True) -> None:
        """It is in the journal, then the slip prints and the drawer opens."""
        page = self._sheets.page

        def done(event: Drawer) -> None:
            rows = self._desk.till.prints.drawer(event) if slip else None
            self._queue.put(rows, kick=True)
            self._say(event)
            if self._sheets.page is page:
                self._sheets.back()

        self._desk.go(step, done, self._sale.failed)

    def _say(self, event: Drawer) -> None:
        words = self._desk.words
        amount = words.amount(event.amount) if event.amount is not None else ""
        self._done = words("shift.done", what=words(f"shift.event.{event.kind}"), amount=amount)

    def _floated(self, event: Drawer) -> None:
        """The day has begun with what was counted: back to the tiles."""
        self._say(event)
        self._sheets.back()

    # Hand-over, X and Z

    def _hand_over(self) -> None:
        words, till = self._desk.words, self._desk.till
        own = till.cashier.key if till.cashier else None
        people = [person for person in till.catalogue.staff() if person.key != own][:9]
        tiles = tuple(Tile(person.key, person.name, icon="user") for person in people)
        nothing = "" if people else words("shift.nobody")
        look = Sheet(words("shift.hand-over"), words("shift.hand-over.lead"), tiles=tiles,
                     nothing=nothing)  # fmt: skip

        def chosen(key: StaffKey) -> Callable[[], None]:
            return lambda: self._counting.open(key)

        self._sheets.open(Page(lambda: look, {each.key: chosen(each.key) for each in people}))

    def x_report(self) -> None:
        """How the shift stands, as a slip; it prints on request."""
        words, till = self._desk.words, self._desk.till

        def show(closing: Closing) -> None:
            rows = till.prints.closing(closing)
            sheet = Sheet(
                words("shift.x"),
                slip=rows,
                more=(Action("print", words("shift.print"), "printer"),),
            )
            self._sheets.open(Page(lambda: sheet, {"print": lambda: self._queue.put(rows)}))

        self._desk.go(till.drawer.x_report, show, self._sale.failed)

    def z_page(self) -> None:
        """What is open before the shift ends. Nothing here waits for the network."""

        def show(found: tuple[int, Drawer | None]) -> None:
            (self._parked, self._counted), self._noted = found, ""
            does = {ACT: self._close, "count": self._counting.open, "explain": self._explain}
            self._closing = Page(self._z_sheet, does)
            self._sheets.open(self._closing)

        def find() -> tuple[int, Drawer | None]:
            till, period = self._desk.till, self._desk.till.book.period
            moved = period.counted is None and period.attempts > 0
            return len(till.parking.all()), till.drawer.last_count() if moved else None

        self._desk.go(find, show, self._sale.failed)

    def _z_sheet(self) -> Sheet:
        words, till = self._desk.words, self._desk.till
        period = till.book.period
        facts = list(self._facts())
        again = period.counted is None and self._counted is not None
        if self._counted is not None and again:
            facts.append(Fact(words("shift.moved"), self._who_counted(self._counted), "warn"))
        elif period.counted is None:
            facts.append(Fact(words("shift.counted"), words("shift.uncounted"), "warn"))
        else:
            counted = Money(period.counted, period.currency)
            facts.append(Fact(words("shift.counted"), self._amount(counted), "good"))
            if self.expected is not None:
                over = counted - Money(period.cash, period.currency)
                kind = "bad" if over else "good"
                facts.append(Fact(words("shift.difference"), self._amount(over), kind))
        facts.append(
            Fact(words("shift.parked"), str(self._parked), "warn" if self._parked else "good")
        )
        if not till.is_idle():
            facts.append(Fact(words("shift.sale"), words("shift.sale.open"), "bad"))
        facts.append(self._sent())
        said = words("count.again" if again else "shift.count")
        more = [Action("count", said, "calculator")]
        if any(fact.text == words("shift.difference") and fact.kind == "bad" for fact in facts):
            more.append(Action("explain", words("shift.explain"), "note-pencil"))
        lead = self._noted or words("shift.z.moved" if again else "shift.z.lead")
        return Sheet(
            words("shift.z"), lead, tuple(facts), act=words("shift.z.act"), more=tuple(more)
        )

    def _explain(self) -> None:
        """What the cashier has to say to a difference, for who asks later."""
        words = self._desk.words
        said = Blank("said", words("shift.explain.said"))
        look = Sheet(words("shift.explain"), words("shift.explain.lead"), act=words("shift.book"))

        def done(_: object) -> None:
            self._noted = words("shift.explain.done")
            self._sheets.back()

        def book() -> None:
            explain = self._desk.till.drawer.explain
            self._desk.go(lambda: explain(said.text), done, self._sale.failed)

        self._sheets.open(Page(lambda: look, {ACT: book}, blanks=(said,)))

    def _who_counted(self, event: Drawer) -> str:
        till = self._desk.till
        names = {person.key: person.name for person in till.catalogue.staff()}
        at = f"{event.at.astimezone(till.now().tzinfo):%H:%M}"
        name = names.get(event.cashier, event.cashier)
        return self._desk.words("shift.counted.by", name=name, time=at)

    def _sent(self) -> Fact:
        words, waiting = self._desk.words, self.waiting()
        if waiting is None:
            return Fact(words("shift.unsent"), words("shift.unsent.later"), "warn")
        if waiting == 0:
            return Fact(words("shift.unsent"), f"✓ {words('status.sent')}", "good")
        how = "shift.sending" if self.is_online() else "shift.kept"
        return Fact(words("shift.unsent"), words.many(how, waiting), "warn")

    def _close(self) -> None:
        words, till = self._desk.words, self._desk.till

        def done(closing: Closing) -> None:
            rows = till.prints.closing(closing)
            self._queue.put(rows)
            title = words("shift.z.number", number=closing.number)
            more = (Action("print", words("shift.print"), "printer"),
                    Action("lock", words("function.lock"), "lock-simple"))  # fmt: skip

            def look() -> Sheet:
                return Sheet(title, words("shift.z.done"), (self._sent(),), slip=rows, more=more)

            does = {"print": lambda: self._queue.put(rows), "lock": self.on_closed}
            self._sheets.start(Page(look, does))

        self._desk.go(till.drawer.z_report, done, self._sale.failed)
