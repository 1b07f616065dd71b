"""What presenters hand to screens: finished words and amounts, nothing left to work out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from schemas.keys import ArticleKey, StaffKey
from services.register.columns import Row

OK: Final = "ok"
CHECK: Final = "check"
ACT: Final = "act"


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line on the slip. `below` are its child rows (deposit), each with its amount.

    pieces  between less and more; empty where the line is weighed: its weight stands above
    saved   what a promotion or discount took off, in words
    fixed   it stands as it is, and can only be void: goods at the price paid, a voucher
    """

    number: int
    quantity: str
    many: bool
    name: str
    amount: str
    detail: str = ""
    tag: str = ""
    below: tuple[tuple[str, str], ...] = ()
    pieces: str = ""
    saved: str = ""
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class ShownKey:
    """One article key at its place, so many cells wide and tall. `price` is empty where there is none."""

    row: int
    column: int
    article: ArticleKey
    name: str
    price: str
    colour: str | None
    picture: str | None
    badge: str = ""
    wide: int = 1
    tall: int = 1
    photo: str | None = None
    """What tells its photograph from others; it goes before `picture`, which is an illustration."""


@dataclass(frozen=True, slots=True)
class ShownTab:
    """One page of article keys."""

    name: str
    icon: str | None
    keys: tuple[ShownKey, ...]


@dataclass(frozen=True, slots=True)
class Keys:
    """All pages of article keys, and the grid they lie in."""

    rows: int
    columns: int
    tabs: tuple[ShownTab, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One article that a search found."""

    article: ArticleKey
    name: str
    number: str
    price: str
    colour: str | None
    picture: str | None
    photo: str | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a strip offers. `kind` is go, plain, danger or close."""

    key: str
    text: str
    icon: str = ""
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several things to choose from."""

    key: str
    text: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """What a strip asks for: digits of a PIN or a code, or a number that is shown as it is typed.

    length   of a PIN, which shows as dots; 0 where `text` shows what was typed
    choices  what else it asks, as of whom the PIN is
    wrong    the last try was none; `message` says so
    plain    there is nothing to type: one of the choices is the answer
    """

    text: str = ""
    digits: int = 0
    length: int = 0
    message: str = ""
    wrong: bool = False
    choices: tuple[Choice, ...] = ()
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Strip:
    """A sentence inside the slip: what happened, what it means, what can be done.

    ring  the key of the action that the keyboard is at; `ask` where digits go to its question
    """

    number: int
    kind: str
    icon: str
    title: str
    text: str
    actions: tuple[Action, ...]
    ask: Ask | None = None
    ring: str = ""


@dataclass(frozen=True, slots=True)
class TenderButton:
    """A one-tap way to pay on the counter."""

    key: str
    text: str
    caption: str
    icon: str = ""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Counter:
    """What the counter at the bottom shows. `is_out`: money goes to the customer.

    is_asking  *Pay* leads to a question first
    """

    label: str
    caption: str
    amount: str
    sign: str
    tenders: tuple[TenderButton, ...]
    pay: str
    pay_key: str
    enabled: bool
    change: tuple[str, str, str] | None = None
    is_out: bool = False
    is_asking: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A coin or a note of the change."""

    text: str
    minor: int
    note: bool


@dataclass(frozen=True, slots=True)
class ChangeDue:
    """What goes back to the customer, after the sale is stored."""

    label: str
    caption: str
    amount: str
    sign: str
    pieces: tuple[Piece, ...]
    chip: str


@dataclass(frozen=True, slots=True)
class Note:
    """One proposal of what a customer gives. `tint` names a banknote, or is empty."""

    key: str
    text: str
    caption: str
    tint: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Method:
    """One way to pay in the payment screen."""

    key: str
    text: str
    icon: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One partial tender that was given already."""

    text: str
    amount: str


@dataclass(frozen=True, slots=True)
class CardBox:
    """How a card payment goes: the amount sent, the terminal's step, and what can be done."""

    title: str
    text: str
    actions: tuple[Action, ...]
    at_work: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in."""

    key: StaffKey
    name: str
    role: str
    initials: str


@dataclass(frozen=True, slots=True)
class Pill:
    """One state in the status bar: icon, word and how well it is."""

    key: str
    icon: str
    text: str
    state: str = OK


@dataclass(frozen=True, slots=True)
class Edge:
    """The band along the top; without a sentence it is thin.

    kind  normal, offline, act, training, return or locked
    act   what a tap on it does, in words; empty where nothing
    """

    kind: str
    icon: str = ""
    sentence: str = ""
    more: str = ""
    act: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """A large key of a sheet. `kind` is plain, go, warn or danger; `badge` a small number on it."""

    key: str
    text: str
    caption: str = ""
    icon: str = ""
    badge: str = ""
    kind: str = "plain"
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Field:
    """Something to be filled in: typed, or chosen from `choices`. `hint` is what may stay empty."""

    key: str
    caption: str
    text: str = ""
    choices: tuple[Choice, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A row of a sheet that can be tapped. `mark` is what of it is chosen; None where nothing can.

    light  green, yellow, red: how well it is; empty where that is not the question
    """

    key: str
    text: str
    detail: str = ""
    amount: str = ""
    mark: str | None = None
    enabled: bool = True
    light: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A word and what stands at its right. `kind` is plain, strong, good, warn or bad."""

    text: str
    value: str
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What lies over the article keys: the slip, the pad and the counter stay where they are.

    act    the sheet's own step, empty where there is none; `more` are further ones
    ring   the key of what the keyboard is at; `writes`: it is a field for words
    """

    title: str
    lead: str = ""
    facts: tuple[Fact, ...] = ()
    tiles: tuple[Tile, ...] = ()
    columns: int = 3
    items: tuple[Item, ...] = ()
    nothing: str = ""
    fields: tuple[Field, ...] = ()
    slip: tuple[Row, ...] = ()
    act: str = ""
    more: tuple[Action, ...] = ()
    ring: str = ""
    writes: bool = False


@dataclass(frozen=True, slots=True)
class CountRow:
    """One note or coin of a count: how many, and what that makes. `key` is its worth in minor units."""

    key: int
    text: str
    many: str
    amount: str
    is_note: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class CountSheet:
    """The count of the drawer.

    rows   notes and coins; none where only the sum is typed
    facts  of the shift, on paper, with a rule before those that the count brought
    tag    blind, hand-over, or nothing
    """

    title: str
    tag: str
    hint: str
    rows: tuple[CountRow, ...]
    label: str
    caption: str
    amount: str
    sign: str
    facts: tuple[Fact, ...]
    result: tuple[Fact, ...]
    info: str
    act: str
    more: str
    entry: tuple[str, str]
    done: bool = False
