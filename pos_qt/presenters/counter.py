"""The counter, the bar at the bottom: the total and the way to pay, in every state at the same place."""

from __future__ import annotations

from pos_qt.presenters.desk import Desk
from pos_qt.presenters.lines import discounts_of
from pos_qt.presenters.shown import Counter, TenderButton
from pos_qt.translations.words import Words
from schemas.money import Money, exponent
from schemas.tender import Tender
from services.register import wording
from services.register.tendering import likely_notes


def selling(desk: Desk, asking: str) -> Counter:
    """While goods are sold: the total, and the tenders that one tap takes.

    asking  what must be answered before: age or reply; empty where nothing
    """
    till, words = desk.till, desk.words
    due, basket = till.basket.open, till.basket
    empty = basket.is_empty
    label = words("counter.total")
    caption = words("counter.writing") if desk.is_busy else ""
    if empty:
        label = words("counter.new", number=desk.next_name)
        caption = words("counter.ready")
    elif basket.payments:
        label, caption = words("payment.open"), words("payment.of", total=basket.total)
    elif till.training:
        caption = words("training.word")
    elif saved := discounts_of(basket):
        caption = words(
            "counter.saved", amount=f"{words.amount(saved)} {wording.sign(saved.currency)}"
        )
    if due.minor < 0:
        label = words("counter.payout")
    asks = asking if not empty else ""
    pay = words("counter.payout" if due.minor < 0 else "counter.pay")
    if asks:
        caption, pay = words(f"{asks}.open"), words(f"{asks}.pay")
    return Counter(
        label=label,
        caption=caption,
        amount=words.amount(due),
        sign=wording.sign(due.currency),
        tenders=_quick_buttons(
            words, due, known=not empty, enabled=not empty and not asks and not desk.is_busy
        ),
        pay=pay,
        pay_key="F12",
        enabled=not empty,
        is_out=due.minor < 0,
        is_asking=bool(asks),
    )


def _quick_buttons(
    words: Words, due: Money, *, known: bool, enabled: bool
) -> tuple[TenderButton, ...]:
    exact = words.amount(due) if known else "–"
    way = words("counter.exact") if due.minor >= 0 else words("counter.cash")
    buttons = [TenderButton("exact", exact, way, enabled=enabled)]
    sums = likely_notes(due) if known else ()
    unit = 10 ** exponent(due.currency)
    for sum_ in sums:
        text = str(sum_.minor // unit) if sum_.minor % unit == 0 else words.amount(sum_)
        back = words("counter.back", amount=sum_ - due)
        buttons.append(TenderButton(str(sum_.minor), text, back, enabled=enabled))
    while len(buttons) < 3:
        buttons.append(TenderButton("", "–", words("counter.note"), enabled=False))
    card = words("counter.card")
    buttons.append(TenderButton("card", "", card, "contactless-payment", enabled))
    return tuple(buttons)


def paying(desk: Desk, given: Money, tender: Tender | None) -> Counter:
    """While money is taken: what is open, and what goes back of what is given."""
    words, due = desk.words, desk.till.basket.open
    over = given - due
    sign = wording.sign(due.currency)
    note = words("payment.drawer") if tender and tender.drawer else ""
    if over.minor < 0:
        note = words("payment.missing", amount=-over)
        over = Money.zero(due.currency)
    return Counter(
        label=words("payment.open"),
        caption=words("payment.of", total=desk.till.basket.total),
        amount=words.amount(due),
        sign=sign,
        tenders=(),
        pay=words("payment.finish"),
        pay_key="⏎",
        enabled=not desk.is_busy,
        change=(
            (words("counter.payout"), note, f"{words.amount(-due)} {sign}")
            if due.minor < 0
            else (words("payment.change"), note, f"{words.amount(over)} {sign}")
        ),
        is_out=due.minor < 0,
    )
