"""Commands for customers: add-customer, add-programme, add-tender, and debits that came back."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import click
import sqlalchemy as sa

from backoffice import opened
from schemas.customer import Card, Customer, Programme
from schemas.keys import (
    CustomerKey,
    GroupKey,
    KeyRefused,
    ProgrammeKey,
    TenderKey,
    article_key,
    barcode,
)
from schemas.money import AmountRefused, Currency, Money
from schemas.tender import Tender
from services.database import beginning, changes, customers
from services.database.customers import DebitRow
from services.database.headoffice import HeadOffice
from services.register import clientele, debit
from services.register.refusal import StepRefused

_KINDS = ("account", "points", "debit", "coupon", "other", "cash")


class _Amount(click.ParamType[Money]):
    """An amount with its currency, as in `20.00 EUR`."""

    name = "AMOUNT"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Money:
        """The amount; a usage error where it is none."""
        try:
            number, currency = str(value).split()
            return Money.parse(number, currency)
        except (ValueError, AmountRefused):
            self.fail(f"“{value}” is no amount, as in “20.00 EUR”", param, ctx)


@click.command(name="add-customer")
@opened.with_office
@click.argument("key")
@click.argument("name", callback=opened.named())
@click.option("--phone")
@click.option("--email")
@click.option(
    "--card", "cards", multiple=True, help="The code on a card; more than one may be given."
)
@click.option("--group", help="The customer group whose prices and promotions hold.")
@click.option("--limit", type=_Amount(), help="How much they may owe; without it, nothing.")
@click.option("--language", type=click.Choice(["de", "en", "es"]))
@click.option("--blocked", is_flag=True, help="Nothing on account or with points any more.")
def add_customer(
    head: HeadOffice, key: str, name: str, phone: str | None, email: str | None,
    cards: tuple[str, ...], group: str | None, limit: Money | None, language: str | None,
    blocked: bool,
) -> None:  # fmt: skip
    """Make a customer, or say anew who the one with this number is."""
    if " " in article_key(key):
        raise KeyRefused(f"“{key}” cannot be a customer's number: it has a space")
    said = Customer(
        CustomerKey(key), name, phone, email, None, language, group, limit, blocked or None,
        cards=tuple(Card(barcode(code)) for code in cards),
    )  # fmt: skip
    try:
        said = clientele.checked(said)
    except StepRefused as error:
        opened.refuse(error)
    with head.session() as session:
        customers.put(session, said, beginning.BY)
    click.echo(f"{name} is customer {key} at all tills.")


@click.command(name="add-programme")
@opened.with_office
@click.argument("key")
@click.argument("name", callback=opened.named())
@click.argument("worth", type=_Amount())
@click.option(
    "--per", type=_Amount(), help="Each such amount is a point; else each piece is a stamp."
)
@click.option("--group", help="Only what lies in this group of articles counts.")
@click.option("--least", type=click.IntRange(1, 100_000), default=1, show_default=True,
              help="They are used in multiples of this many.")  # fmt: skip
def add_programme(
    head: HeadOffice, key: str, name: str, worth: Money, per: Money | None, group: str | None,
    least: int,
) -> None:  # fmt: skip
    """What customers collect; one of it is WORTH so much. Tills take it as a tender of its own."""
    if worth.minor <= 0 or (per is not None and per.minor <= 0):
        raise click.BadParameter("amounts must be more than nothing")
    programme = Programme(
        ProgrammeKey(article_key(key)), worth, name, name, name, GroupKey(group) if group else None,
        per, least,
    )  # fmt: skip
    tender = Tender(TenderKey(key), "points", name, name, name, programme=programme.key)
    with head.session() as session:
        for document in (programme, tender):
            changes.record(session, document, changes.CHAIN, beginning.BY)
    click.echo(f"{name} is collected at all tills.")


@click.command(name="add-tender")
@opened.with_office
@click.argument("key")
@click.argument("kind", type=click.Choice(_KINDS))
@click.argument("name", callback=opened.named())
@click.option("--most", type=_Amount(), help="The most of one payment.")
@click.option("--floor", type=_Amount(), help="The most of one payment while the line is away.")
@click.option("--copies", type=click.IntRange(0, 9), help="Slips that stay in the shop.")
@click.option(
    "--foreign", metavar="CURRENCY=RATE", help="Foreign money, and what one of it is worth."
)
def add_tender(
    head: HeadOffice, key: str, kind: str, name: str, most: Money | None, floor: Money | None,
    copies: int | None, foreign: str | None,
) -> None:  # fmt: skip
    """A way to pay, at all tills: on account, by direct debit, in foreign money …"""
    currency, rate = _foreign(foreign) if foreign else (None, None)
    tender = Tender(
        TenderKey(article_key(key)), kind, name, name, name, change=kind == "cash",
        drawer=kind == "cash", most=most, offline_most=floor, copies=copies, currency=currency, rate=rate,
    )  # fmt: skip
    with head.session() as session:
        changes.record(session, tender, changes.CHAIN, beginning.BY)
    click.echo(f"{name} is taken at all tills.")


def _foreign(text: str) -> tuple[Currency, Decimal]:
    currency, _, rate = text.partition("=")
    try:
        worth = Decimal(rate)
    except InvalidOperation:
        worth = Decimal(0)
    if len(currency) != 3 or not currency.isupper() or not worth.is_finite() or worth <= 0:
        raise click.BadParameter(f"“{text}” is not a currency and its rate, as in CHF=0.95")
    return Currency(currency), worth


@click.command()
@opened.with_office
@click.option("--risk", is_flag=True, help="Only those that were taken without asking head office.")
@click.option("--returned", metavar="RECEIPT", help="This one came back: its account is blocked.")
@click.option("--collected", metavar="RECEIPT", help="This one was collected after all.")
def debits(head: HeadOffice, risk: bool, returned: str | None, collected: str | None) -> None:
    """Direct debits, newest first; RECEIPT is its name, as in 014-2-1-4711."""
    for name, state in ((returned, "returned"), (collected, "collected")):
        if name is not None:
            with head.session() as session:
                rows = [r for r in session.scalars(sa.select(DebitRow)) if _name(r) == name]
                if not rows:
                    raise KeyRefused(f"receipt “{name[:60]}” debited no account")
                for row in rows:
                    row.state = state
    with head.reading() as session:
        query = sa.select(DebitRow).order_by(DebitRow.at.desc())
        if risk:
            query = query.where(DebitRow.offline)
        for row in session.scalars(query):
            amount = Money(row.amount, Currency(row.currency))
            asked = "not asked" if row.offline else "asked"
            click.echo(
                f"{row.at:%Y-%m-%d %H:%M}  {_name(row)}  {amount}  "
                f"{debit.masked(row.account)}  {asked}  {row.state}"
            )


def _name(row: DebitRow) -> str:
    return f"{row.branch}-{row.till}-{row.series}-{row.receipt}"
