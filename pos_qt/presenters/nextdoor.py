"""What the other tills of the branch have parked, and fetching it from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from pos_qt.presenters.desk import Desk
from pos_qt.presenters.sale import SalePresenter
from pos_qt.presenters.shown import Tile
from schemas.passing import Beside, Passed, Waiting, Want
from schemas.receipt import Parked

PATIENCE: Final = timedelta(seconds=8)
"""So long a cashier waits for another till; then the sale stays there."""
_KEY: Final = "@"


class NextDoor:
    """The other tills' parked sales. One that does not answer is shown as such, never left out."""

    def __init__(self, desk: Desk, sale: SalePresenter) -> None:
        self._desk = desk
        self._sale = sale
        self._want: Want | None = None
        self._until: datetime | None = None
        self.on_brought: Callable[[Parked], None] = lambda _: None
        """What this till asked for is parked here now."""
        self.on_here: Callable[[], None] = lambda: None
        """Something else came, or went."""

    def look(self) -> None:
        """Have the others looked at now."""
        self._desk.till.parking.fetching.look()

    def waiting_for(self) -> str:
        """What is said while a sale is being fetched; empty else."""
        if self._want is None:
            return ""
        return self._desk.words("parked.fetching", till=self._name(self._want.owner))

    def tiles(self) -> Iterator[Tile]:
        """A tile for each sale that waits elsewhere, and one for each till that does not answer."""
        for beside in self._around():
            if beside.reached:
                yield from (self._tile(beside, each) for each in beside.waiting)
            else:
                yield self._away(beside)

    def tapped(self, key: str) -> bool:
        """Fetch what was tapped; says whether it is another till's at all."""
        if not key.startswith(_KEY):
            return False
        for beside in self._around():
            for waiting in beside.waiting:
                if key == _key(beside, waiting) and beside.reached:
                    self._fetch(beside, waiting)
        return True

    def take_in(self, *, is_open: bool) -> None:
        """Take in what came, and say what has become of it."""
        parking = self._desk.till.parking
        if not is_open and self._want is None and not parking.has_news():
            return
        self._desk.behind.run(parking.take_in, self._taken_in, self._sale.failed)

    def tick(self) -> None:
        """Nobody waits for ever: the sale stays where it is, and the customer can go there."""
        want, now = self._want, self._desk.till.now()
        if want is None or self._until is None or now < self._until:
            return
        self._want = None
        fetching = self._desk.till.parking.fetching
        self._desk.behind.run(lambda: fetching.withdraw(want), lambda _: None, self._sale.failed)
        words = self._desk.words
        title = words("parked.no-answer", till=self._name(want.owner))
        self._warn(title, words("parked.no-answer.text"), "warn")

    def say_here(self, till: str = "") -> None:
        """What came is parked here."""
        words = self._desk.words
        title = words("parked.came", till=self._name(till) if till else words("parked.other"))
        self._warn(title, words("parked.came.text"), "info")

    # Inside

    def _around(self) -> tuple[Beside, ...]:
        return self._desk.till.parking.fetching.around()

    def _fetch(self, beside: Beside, waiting: Waiting) -> None:
        def asked(want: Want) -> None:
            self._want, self._until = want, self._desk.till.now() + PATIENCE

        parking = self._desk.till.parking
        self._desk.go(lambda: parking.ask(beside.till, waiting), asked, self._sale.failed)

    def _taken_in(self, answers: list[Passed]) -> None:
        for passed in answers:
            mine = self._want is not None and passed.claim == self._want.claim
            if mine:
                self._want = None
            if passed.parked is not None:
                if mine:
                    self.on_brought(passed.parked)
                else:
                    self.say_here()
            elif mine:
                self._say_refused(passed)
        self.on_here()
        if answers:
            self.look()

    def _say_refused(self, passed: Passed) -> None:
        words = self._desk.words
        if passed.holder:
            title = words("refused.parked-away", till=passed.holder)
        else:
            title = words("refused.nothing-parked")
        self._warn(title, "", "warn")

    def _warn(self, title: str, text: str, kind: str) -> None:
        self._sale.strips.warn(title, text, kind=kind, icon="tray")
        self._sale.show_strips()

    def _tile(self, beside: Beside, waiting: Waiting) -> Tile:
        words = self._desk.words
        more = f" +{waiting.lines - 1}" if waiting.lines > 1 else ""
        minutes = int((self._desk.till.now() - waiting.at).total_seconds() // 60)
        age = words("parked.age", minutes=minutes)
        return Tile(
            _key(beside, waiting),
            f"{waiting.first}{more}",
            f"{self._shown(beside)} · {words.amount(waiting.total)} · {age} · {waiting.by_name}",
            "tray",
            enabled=self._want is None,
        )

    def _away(self, beside: Beside) -> Tile:
        words = self._desk.words
        said = words("parked.away.text")
        if beside.waiting and beside.seen:
            at = f"{beside.seen.astimezone(self._desk.till.now().tzinfo):%H:%M}"
            said = words("parked.away.many", many=len(beside.waiting), time=at)
        return Tile(
            f"{_KEY}{beside.till}", words("parked.away", till=self._shown(beside)), said,
            "warning", enabled=False,
        )  # fmt: skip

    def _name(self, till: str) -> str:
        beside = next((each for each in self._around() if each.till == till), None)
        return self._shown(beside) if beside else self._desk.words("parked.till", name=till)

    def _shown(self, beside: Beside) -> str:
        """The till's name; one that is a bare number gets its word."""
        bare = beside.name.isdecimal()
        return self._desk.words("parked.till", name=beside.name) if bare else beside.name


def _key(beside: Beside, waiting: Waiting) -> str:
    return f"{_KEY}{beside.till} {waiting.parking}"
