"""Customers at a till: when two are the same person, and what may be left on account or in points."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Final

from schemas import spelling
from schemas.customer import Balance, Card, Customer
from schemas.keys import KeyRefused, barcode
from schemas.money import Currency, Money
from schemas.receipt import Receipt
from services.register.refusal import StepRefused


def folded(name: str) -> str:
    """A name without accents, case and signs, its words in order: `Müller, Anna` is `anna muller`."""
    bare = "".join(sign if sign.isalnum() else " " for sign in spelling.folded(name))
    return " ".join(sorted(bare.split()))


def digits(phone: str | None) -> str:
    """A telephone number's digits as in the country: +49 351 1 and 0351 1 are the same."""
    found = "".join(filter(str.isdigit, phone or ""))
    if phone and phone.lstrip().startswith("+") and len(found) > 4:
        return found[2:].lstrip("0")
    return found.removeprefix("00").lstrip("0")


_PHONE: Final = re.compile(r"[+0-9]([0-9 /().\-]{1,38})[0-9]")
_MAIL: Final = re.compile(r"[!-?A-~]{1,64}@[0-9A-Za-z.\-]{1,180}")


def checked(said: Customer) -> Customer:
    """What was said of a customer, trimmed; raises StepRefused where a field cannot be so."""
    name = " ".join(said.name.split())[:200]
    if not name:
        raise StepRefused("no-name")
    phone, mail = (said.phone or "").strip() or None, (said.email or "").strip() or None
    if phone and not _PHONE.fullmatch(phone):
        raise StepRefused("bad-phone", phone=phone[:40])
    if mail and not _MAIL.fullmatch(mail):
        raise StepRefused("bad-mail")
    try:
        cards = tuple(Card(barcode(card.code)) for card in said.cards)
    except KeyRefused as refused:
        raise StepRefused("bad-card") from refused
    address = " ".join((said.address or "").split())[:200] or None
    return replace(said, name=name, phone=phone, email=mail, address=address, cards=cards)


def words(customer: Customer) -> str:
    """What a customer is found by: name, e-mail, address, codes, the telephone's digits."""
    said = [customer.name, customer.email, customer.address, customer.key]
    codes = [card.code for card in customer.cards]
    phone = "".join(filter(str.isdigit, customer.phone or ""))
    text = " ".join([*(each for each in said if each), phone, *codes, *customer.also])
    return folded(spelling.findable(text))


def wanted(text: str) -> list[str]:
    """The folded words that a search for `text` means; a telephone number's digits are one word."""
    if any(sign.isalpha() for sign in text):
        return folded(text).split()[:8]
    found = "".join(filter(str.isdigit, text))
    return [found] if found else []


def moved(receipt: Receipt) -> dict[str, int]:
    """Thousandths of points that a receipt brought its customer, less what it used, by programme."""
    found: dict[str, int] = {}
    for each in receipt.earned:
        found[each.programme] = found.get(each.programme, 0) + int(each.points.scaleb(3))
    for payment in receipt.payments:
        if payment.kind == "points" and payment.reference and payment.points:
            key = payment.reference
            found[key] = found.get(key, 0) - payment.points * 1000
    return found


def same(one: Customer, other: Customer) -> bool:
    """Are these the same person? One card is; one name with one e-mail or telephone is."""
    if {card.code for card in one.cards} & {card.code for card in other.cards}:
        return True
    if one.key == other.key or folded(one.name) != folded(other.name):
        return one.key == other.key
    mail = (one.email or "").casefold()
    phone = digits(one.phone)
    return bool(mail and mail == (other.email or "").casefold()) or bool(
        phone and phone == digits(other.phone)
    )


def merged(kept: Customer, newer: Customer) -> Customer:
    """`kept` with what `newer` says of the same person; nothing that was known gets lost.

    What a till does not decide stays: group, limit, and whether they are blocked.
    """
    codes = dict.fromkeys([*(c.code for c in kept.cards), *(c.code for c in newer.cards)])
    also = [*kept.also, *newer.also, *([newer.key] if newer.key != kept.key else [])]
    return replace(
        kept,
        name=newer.name,
        phone=newer.phone or kept.phone,
        email=newer.email or kept.email,
        address=newer.address or kept.address,
        language=newer.language or kept.language,
        consent=kept.consent if newer.consent is None else newer.consent,
        also=tuple(dict.fromkeys(also)),
        cards=tuple(map(Card, codes)),
    )


def collected(balance: Balance | None, programme: str) -> Decimal:
    """How many points of a programme a balance says."""
    found = balance.collected if balance else ()
    return next((each.points for each in found if each.programme == programme), Decimal(0))


def owed(balance: Balance | None, currency: Currency) -> Money:
    """What a balance says is owed."""
    return balance.owed if balance and balance.owed else Money.zero(currency)


def check_account(customer: Customer, debt: Money, amount: Money) -> None:
    """Raise StepRefused where the customer may not owe so much more than the debt they have."""
    if customer.limit is None or customer.blocked:
        raise StepRefused("no-account", customer=customer.name)
    left = customer.limit - debt
    if amount.minor > left.minor:
        raise StepRefused("account-left", customer=customer.name, left=left)


def check_unasked(amount: Money, budget: Money | None, taken: int) -> None:
    """Raise StepRefused where head office cannot be asked, and the till may not risk so much.

    taken  minor units that were taken so already, and head office has not heard of yet
    """
    if budget is None or amount.minor + taken > budget.minor:
        left = max(0, (budget.minor if budget else 0) - taken)
        raise StepRefused("cannot-ask", most=Money(left, amount.currency))
