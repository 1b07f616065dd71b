"""A till's face on a real box of the sample chain, for looking at: every state can be gone to.

The pictures of `docs/take_till_pictures.py` and the checks of the look stand on the same scene.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from pos_qt.peripherals import speaker
from pos_qt.peripherals.cardterminal import Begun, Declined, PretendTerminal, Result, Said, Step
from pos_qt.peripherals.printer import Pretend
from pos_qt.peripherals.printerstatus import PrinterStatus
from pos_qt.theme import fonts
from pos_qt.till import TillFace
from pos_qt.translations.words import Words
from schemas import signature, xml
from schemas.article import Article, Code
from schemas.keys import ArticleKey, Barcode, TaxClass, TenderKey
from schemas.money import Currency, Money, UnitPrice
from schemas.passing import Around, Beside
from schemas.price import Price
from schemas.status import Status
from schemas.tender import Tender
from services.database import articles, beginning, changes, prices
from services.database.headoffice import HeadOffice
from services.database.organisation import Unit
from services.demo import chain, history, offers
from services.disk.box import Box
from services.gateway import enrol
from services.link import identity
from services.neighbours import folders
from services.replication import publish
from tests.pretend import setgoods

NAME: Final = "014-2"
STAFF: Final = (
    ("mira", "Mira Köhler", "1111", "de"), ("luis", "Luis Soto", "2222", "es"),
    ("emre", "Emre Novak", "3333", "en"), ("pia", "Pia Weber", "4444", "de"),
    ("hanna", "Hanna Albrecht", "5555", "de"), ("tuan", "Tuan Dinh", "6666", "en"),
    ("jule", "Jule Friedrich", "7777", "de"),
)  # fmt: skip
ASKING: Final = Article(
    ArticleKey("7999"), "Bohrmaschine 18 V", "Cordless drill 18 V", "Taladro 18 V",
    tax=TaxClass("A"), asks=("serial", "answer"), codes=(Code(Barcode("4099999007999")),),
    question="Wurde auf den Augenschutz hingewiesen?",
)  # fmt: skip
"""Asks both that an article can ask beside an age."""
_MOST_S: Final = 20
_ASKS_S: Final = 0.1
"""Nobody answers this till: so long it waits for head office."""
_SETTLED: Final = 6
"""Rounds of events after which a window has laid itself out."""


class SlowTerminal(PretendTerminal):
    """A terminal that waits for a card until it is let go, and then has taken none."""

    def __init__(self) -> None:
        super().__init__()
        self.free = threading.Event()

    def pay(self, amount: Money, reference: str, said: Said, begun: Begun) -> Result:
        """Ask for the card, and wait."""
        if self.lost:
            answer = super().pay(amount, reference, said, begun)
            self.unreachable = True
            return answer
        said(Step(0x0A, "Bitte Karte"))
        self.free.wait(_MOST_S)
        return Declined("6c", "Abbruch")


class Longer(Words):
    """A language that nobody speaks: English, with every word 35 % longer."""

    def __init__(self) -> None:
        super().__init__("en")

    def __call__(self, key: str, **values: object) -> str:
        """The sentence, each word of it longer."""
        return " ".join(self._longer(word) for word in super().__call__(key, **values).split(" "))

    def _longer(self, word: str) -> str:
        letters = sum(1 for char in word if char.isalpha())
        return word + "e" * round(letters * 0.35)


def words_of(language: str) -> Words:
    """The words of a language; `longer` is the one that nobody speaks."""
    return Longer() if language == "longer" else Words(language)


def build(directory: Path) -> Box:
    """A branch of the sample chain with all its articles, and the box of one till, mirrored."""
    office = HeadOffice(directory / "office")
    office.migrate()
    company = Unit(
        name="Elbmarkt", address="Musterweg 1|01067 Dresden", currency="EUR",
        time_zone="Europe/Berlin", tax_zone="de", language="de", layout="standard",
        keyboard="main", profile="demo", tax_number="USt-IdNr. DE000000000",
    )  # fmt: skip
    franks = Tender(TenderKey("chf"), "cash", "Franken", "Swiss francs", "Francos", change=True,
                    currency=Currency("CHF"), rate=Decimal("1.0637"))  # fmt: skip
    with office.session() as session:
        seat = chain.Seat("014", "Dresden-Neustadt", "Louisenstr. 20|01099 Dresden", 2)
        chain.organise(session, company, (seat,))
        taxes = {"A": ("19 %", Decimal(19)), "B": ("7 %", Decimal(7)), "C": ("0 %", Decimal(0))}
        beginning.rules(session, taxes, "de")
        chain.staff(session, "014", STAFF)
        chain.demo_articles(session, Currency("EUR"), "Europe/Berlin")
        offers.offer(session, "Europe/Berlin")
        changes.record(session, franks, changes.CHAIN, "test")
        articles.put(session, ASKING, "test")
        price = Price(ASKING.key, beginning.EPOCH, UnitPrice.parse("129.00", "EUR"))
        prices.put_price(session, price, "test")
        setgoods.sell(session, beginning.EPOCH)
    publish.publish(office)
    box = Box(directory / "boxes" / NAME)
    box.make()
    trusted = signature.public_text(office.replica_key())
    public = signature.public_text(identity.device_key(box))
    with office.session() as session:
        code = enrol.make_code(session, NAME, "test")
        who = enrol.enrol(session, code, public, "http://127.0.0.1:1", None, trusted)
    identity.keep(box, who)
    history.mirror(box, office, who)
    office.close()
    return box


@dataclass
class Scene:
    """One till's face that is brought from state to state, and worn in any look."""

    box: Box
    application: QApplication
    ahead: timedelta = field(default_factory=timedelta)
    language: str = "de"

    def __post_init__(self) -> None:
        fonts.load()
        self.printer = Pretend()
        self.terminal = SlowTerminal()
        self.face = TillFace(
            self.box,
            lambda: datetime.now(UTC) + self.ahead,
            printer=self.printer,
            speaker=speaker.Pretend(),
        )
        self.face.window.show()
        authority = self.face.desk.till.authority
        authority.put = partial(authority.put, patience_s=_ASKS_S)  # type: ignore[method-assign]
        self.online()
        self.begin()

    def close(self) -> None:
        """Let the box go."""
        self.terminal.free.set()
        self.face.window.close()
        self.face.close()
        self.face.window.deleteLater()
        self.rest()

    # Time

    def rest(self, seconds: float = 0.02) -> None:
        """Let the till do what it does by itself."""
        end = time.monotonic() + seconds
        rounds = 0
        while rounds < _SETTLED or time.monotonic() < end:
            self.application.processEvents()
            self.application.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            time.sleep(0.001)
            rounds += 1

    def until(self, done: Callable[[], bool]) -> None:
        """Wait until something is so."""
        end = time.monotonic() + _MOST_S
        while not done():
            assert time.monotonic() < end, "the till did not get so far"
            self.rest(0.004)

    def idle(self) -> None:
        """Wait until nothing is being written."""
        self.until(lambda: not self.face.desk.is_busy)

    # Look

    def wear(self, size: tuple[int, int], theme: str = "light", *, left: bool = False,
             large: bool = False) -> None:  # fmt: skip
        """The window in another size and look."""
        window = self.face.window
        look = replace(window.look, theme=theme, left=left, large=large)
        if look != window.look:
            window.wear(look)
        window.resize(*size)
        self.rest()

    def speak(self, language: str) -> None:
        """The next states are gone to in another language."""
        self.language = language
        self._speak()

    def _speak(self) -> None:
        self.face.desk.words = words_of(self.language)
        self.face.window.speak(self.face.desk.words)
        self.face.renew_keys()
        self.face.sale.speak()
        self.face.outlook.show()

    # The till

    def begin(self, who: str = "mira") -> None:
        """An empty receipt in front of somebody; whatever was open before is gone."""
        face = self.face
        self.terminal.free.set()
        self.idle()
        self.until(lambda: not face.cards.is_asking)
        self._forget_card()
        face.search.close()
        face.unknown.go_on()
        face.sheets.close()
        face.counting.later()
        face.counting.empty()
        face.window.sale.show_preview(open_=False)
        if face.payment.is_open:
            face.payment.back()
        self._empty()
        self.ahead = timedelta()
        cashier = face.desk.till.cashier
        if cashier is None or cashier.key != who:
            self.sign_in(who)
        face.payment.forget_change()
        face.outlook.parked_late = False
        self.printer.broken, self.printer.is_like = False, PrinterStatus()
        face.print_queue.retry()
        face.parking.look()
        self.beside()
        self.online()
        face.window.show_screen(face.window.sale)
        self._speak()
        self.rest()

    def _empty(self) -> None:
        till = self.face.desk.till
        till.training = False
        till.forget()
        self.face.parking.others._want = None
        for parked in till.parking.all():
            if till.cashier is None:
                self.sign_in("mira")
            till.parking.recall(parked.ref)
            till.forget()
        self.face.sale.fresh()

    def _forget_card(self) -> None:
        """What a terminal left open is let go, as a death of the till would not."""
        cards = self.face.cards
        cards.terminal = None
        if cards.is_pending:
            cards._notes.clear()
            cards._open = self.face.desk.till.asked = None
            cards._boxes.close()
        self.terminal = SlowTerminal()

    def sign_in(self, who: str) -> None:
        """Somebody else sells."""
        face = self.face
        if face.desk.till.cashier is not None:
            face.lock()
        face.signin.choose(who)
        face.signin.typed(next(pin for key, _, pin, _ in STAFF if key == who))
        self.until(lambda: face.desk.till.cashier is not None and not face.desk.is_busy)
        self._speak()

    def scan(self, *codes: str) -> None:
        """One code after the other."""
        for code in codes:
            self.face.wedge.scanned.emit(code)
            self.idle()

    def press(self, *keys: str) -> None:
        """Keys that are no characters."""
        for key in keys:
            self.face.commands.pressed(key)
            self.idle()

    def type(self, text: str) -> None:
        """Characters of a keyboard."""
        for char in text:
            self.face.commands.typed(char)

    def pay(self) -> None:
        """The exact sum in cash."""
        self.face.payment.quick("exact")
        self.until(lambda: self.face.desk.till.is_idle() and not self.face.desk.is_busy)

    # The agent

    def online(self) -> None:
        """The agent is well, and all is sent."""
        self._say("online", 0)

    def offline(self, waiting: int) -> None:
        """The line has been gone for a minute."""
        self._say("offline", waiting, cause="no Internet")
        self.ahead += timedelta(seconds=40)
        self.face.outlook.show()

    def beside(self, *tills: Beside) -> None:
        """What the agent last saw of the branch's other tills."""
        seen = folders.around(self.box)
        seen.parent.mkdir(exist_ok=True)
        seen.write_bytes(xml.dump(Around(datetime.now(UTC), tills)))

    def refused(self) -> None:
        """Head office wants to know nothing of this till."""
        self._say("refused", 3)

    def _say(self, link: str, waiting: int, cause: str | None = None) -> None:
        now = datetime.now(UTC) + self.ahead
        status = Status("0.1.0", now, link, waiting, contact=now, cause=cause,
                        oldest=now if waiting else None, disk_free=41_000_000_000)  # fmt: skip
        path = self.box.status / "agent.xml"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(xml.dump(status))
        outlook = self.face.outlook
        outlook.look()
        self.until(lambda: outlook.status == status)
        outlook.show()
