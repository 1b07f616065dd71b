"""The register's rules: money is conserved, whatever is sold, changed, voided, given."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.article import Article
from schemas.keys import ArticleKey, Barcode, BranchKey, TenderKey
from schemas.money import Currency, Money, UnitPrice
from schemas.quantity import Quantity
from schemas.receipt import Basket
from schemas.tender import Tender
from services.pricing import tax
from services.pricing.tax import Levy
from services.register import sale, tendering, wording
from services.register.refusal import StepRefused
from services.register.tendering import Handed
from services.till.signin import LOCKED, MOST_WRONG, SignInRefused
from tests.pretend.branch import BEER, CHEESE, MILK, Chain, euros

EUR = Currency("EUR")
CASH = Tender(TenderKey("cash"), "cash", "Bar", change=True, drawer=True)
CARD = Tender(TenderKey("card"), "card", "Karte")


class Shelf:
    """Articles without a mirror."""

    PRICES = {MILK.key: "1.39", BEER.key: "0.95", CHEESE.key: "22.90"}  # noqa: RUF012

    def by_code(self, code: Barcode) -> tuple[Article, int] | None:
        for article in (MILK, BEER):
            for each in article.codes:
                if each.value == code:
                    return article, each.pack
        return None

    def by_key(self, key: ArticleKey) -> Article | None:
        return next((a for a in (MILK, BEER, CHEESE) if a.key == key), None)

    def code_rules(self) -> tuple[()]:
        return ()

    def listed(self, article: Article) -> bool:
        """Everything is sold here that says nothing else."""
        return article.listed(BranchKey("014"))

    def price_steps(
        self, article: ArticleKey, at: datetime, customers: str | None = None
    ) -> list[tuple[str, UnitPrice]]:
        return [("base", UnitPrice.parse(self.PRICES[article], "EUR"))]


NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
EMPTY = Basket("mira", EUR)  # type: ignore[arg-type]
SCANS = st.tuples(
    st.sampled_from([MILK.key, BEER.key]), st.integers(1, 99), st.booleans(), st.booleans()
)


@given(st.lists(SCANS, min_size=1, max_size=20))
def test_taxes_and_lines_add_up_to_the_total(scans: list[tuple[str, int, bool, bool]]) -> None:
    basket = EMPTY
    for code, many, back, void in scans:
        given_ = sale.Given(NOW, quantity=Quantity(many * 1000), back=back)
        basket = sale.scan(basket, Shelf(), Barcode(code), given_)
        if void:
            basket = sale.void_line(basket, basket.lines[-1].of or basket.lines[-1].number)
    rates = {"A": Levy(Decimal(19)), "B": Levy(Decimal(7))}
    rows = tax.totals(basket.lines, lambda class_: rates[class_])
    assert sum(row.gross.minor for row in rows) == basket.total.minor
    assert all(row.net + row.tax == row.gross for row in rows)
    assert all(line.quantity.thousandths > 0 for line in basket.lines)


def test_a_deposit_follows_its_article() -> None:
    basket = sale.scan(EMPTY, Shelf(), Barcode("40123455"), sale.Given(NOW))
    basket = sale.set_quantity(basket, 1, Quantity(4000))
    assert basket.total == euros("4.12")
    with pytest.raises(StepRefused, match="deposit follows"):
        sale.void_line(basket, 2)
    assert sale.void_line(basket, 1).total == euros("0.00")


def test_goods_by_weight_are_rounded_half_up_and_pieces_stay_whole() -> None:
    given_ = sale.Given(NOW, quantity=Quantity(342, "kg"))
    assert sale.scan(EMPTY, Shelf(), Barcode(CHEESE.key), given_).total == euros("7.83")
    with pytest.raises(StepRefused, match="whole pieces"):
        sale.scan(EMPTY, Shelf(), Barcode(MILK.key), sale.Given(NOW, quantity=Quantity(500)))


def test_an_override_is_recorded() -> None:
    basket = sale.scan(EMPTY, Shelf(), Barcode(MILK.key), sale.Given(NOW))
    basket = sale.override_price(basket, 1, UnitPrice.parse("1.00", "EUR"), "mira")  # type: ignore[arg-type]
    assert [step.rule for step in basket.lines[0].steps] == ["base", "override"]
    assert basket.total == euros("1.00")


@given(
    st.integers(-5000, 50_000), st.lists(st.integers(0, 50_000), max_size=4), st.integers(0, 9000)
)
def test_money_is_conserved_at_the_tender(due: int, cash: list[int], card: int) -> None:
    given_ = [Handed(CASH, Money(c, EUR)) for c in cash] + [Handed(CARD, Money(card, EUR))]
    try:
        settled = tendering.settle(Money(due, EUR), given_, "de")
    except StepRefused as refusal:
        assert refusal.fact in {"too-little", "no-change", "negative-tender"}  # noqa: PT017 (either way is right)
        return
    assert sum(p.amount.minor for p in settled.payments) - settled.change.minor == due
    assert 0 <= settled.change.minor <= max(0, sum(cash))


@given(st.integers(1, 60_000))
def test_likely_notes_cover_what_is_due(due: int) -> None:
    notes = tendering.likely_notes(Money(due, EUR))
    assert 1 <= len(notes) <= 2 or due % 20_000 == 0
    assert all(note.minor > due for note in notes)


def test_notes_are_those_a_customer_hands_over() -> None:
    assert [n.number for n in tendering.likely_notes(euros("37.57"))] == ["40.00", "50.00"]


def test_the_tax_inside_a_real_receipt() -> None:
    """Source: row B of a German supermarket's receipt."""
    assert tax.inside(euros("10.70"), Decimal(7)) == euros("0.70")


@pytest.mark.parametrize(
    ("language", "text"), [("de", "−1.234,50"), ("en", "−1,234.50"), ("es", "−1.234,50")]
)
def test_amounts_are_written_as_people_do(language: str, text: str) -> None:
    assert wording.amount(euros("-1234.50"), language) == text


def test_wrong_pins_lock_and_the_lock_survives_death_and_clock(chain: Chain) -> None:
    now = [datetime.now(UTC)]
    up = [1000.0]
    till = chain.till("014-1", lambda: now[0])
    mira = till.catalogue.staff()[0]
    for left in range(MOST_WRONG - 1, -1, -1):
        with pytest.raises(SignInRefused) as refused:
            till.sign_in(mira, "0000")
        assert refused.value.left == left
    till.close()
    from services.till.till import Till  # noqa: PLC0415

    box = chain.box("014-1")
    for wrong in box.hand.glob("wrong-*"):
        wrong.write_text(f"{MOST_WRONG} {up[0]}\n")
    again = Till(box, lambda: now[0], up=lambda: up[0])
    for moved in (timedelta(), -timedelta(days=1), timedelta(days=2)):
        now[0] += moved
        with pytest.raises(SignInRefused):
            again.sign_in(mira, "1111")
    up[0] = 3.0  # the machine was started anew: the lock begins again
    with pytest.raises(SignInRefused):
        again.sign_in(mira, "1111")
    up[0] += LOCKED.total_seconds() + 1
    again.sign_in(mira, "1111")
    again.close()


def test_a_slip_is_as_wide_as_its_paper_and_commands_no_printer(chain: Chain) -> None:
    with chain.till("014-1") as till:
        till.scan(Barcode("40123455"))
        till.scan(Barcode("30871"), Quantity(342, "kg"))
        receipt, _ = till.pay([(TenderKey("cash"), euros("50.00"))])
        rows = till.prints.rows(receipt)
    assert all(len(row.text) <= (21 if row.double else 42) for row in rows)
    assert all(row.text.isprintable() for row in rows)
    text = "\n".join(row.text for row in rows)
    for part in (
        "Elbmarkt",
        "Pils",
        "Pfand",
        "0,342 kg Hand × 22,90",
        "8,86 €",
        "Rückgeld",
        "19 %",
    ):
        assert part in text


def test_what_is_not_listed_here_is_refused_with_its_reason_and_comes_back_all_the_same() -> None:
    elsewhere = replace(BEER, branches=(BranchKey("003"),))
    with pytest.raises(StepRefused, match="not sold in this branch"):
        sale.sell(EMPTY, Shelf(), elsewhere, sale.Given(NOW))
    back = sale.sell(EMPTY, Shelf(), elsewhere, sale.Given(NOW, back=True))
    assert back.lines[0].kind == "return"
