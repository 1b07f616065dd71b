"""Money, quantities, keys and instants: exact, and refusing what they are not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.keys import KeyRefused, article_key, barcode, place_key
from schemas.money import (
    FINENESS,
    AmountRefused,
    Currency,
    Money,
    UnitPrice,
    exponent,
    half_up,
)
from schemas.period import InstantRefused, instant
from schemas.quantity import Quantity, QuantityRefused

EUR = Currency("EUR")


@given(st.integers(-(10**12), 10**12), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_an_amount_reads_what_it_wrote(minor: int, currency: str) -> None:
    money = Money(minor, Currency(currency))
    assert Money.parse(money.number, currency) == money


@given(st.integers(-(10**12), 10**12))
def test_a_unit_price_reads_what_it_wrote(fine: int) -> None:
    price = UnitPrice(fine, EUR)
    assert UnitPrice.parse(price.number, "EUR") == price


@given(st.integers(-(10**9), 10**9))
def test_a_quantity_reads_what_it_wrote(thousandths: int) -> None:
    many = Quantity(thousandths)
    assert Quantity.parse(many.number) == many


@given(st.integers(-(10**7), 10**7), st.integers(0, 10**6), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_a_line_is_rounded_half_up(fine: int, thousandths: int, currency: str) -> None:
    price = UnitPrice(fine, Currency(currency))
    exact = Decimal(fine) * thousandths / FINENESS / 1000
    units = exact.scaleb(exponent(price.currency))
    assert price.times(thousandths).minor == half_up(units)


@pytest.mark.parametrize("text", ["1.005", "1,29", "", "NaN", "Infinity", "1e400", "9" * 40])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(AmountRefused):
        Money.parse(text, "EUR")


@pytest.mark.parametrize("text", ["1.0005", "x", "NaN", "1e99"])
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(QuantityRefused):
        Quantity.parse(text)


@pytest.mark.parametrize("text", ["", " 1", "a/b", "../x", "a" * 41, "x\n"])
def test_what_is_no_article_number_is_refused(text: str) -> None:
    with pytest.raises(KeyRefused):
        article_key(text)


def test_folders_and_codes_take_only_their_signs() -> None:
    for wrong in ("", "..", "a-b", "a" * 13):
        with pytest.raises(KeyRefused):
            place_key(wrong)
    for wrong in ("", "\x1b@", "ü", "a" * 49):
        with pytest.raises(KeyRefused):
            barcode(wrong)
    assert barcode("85123A") != barcode("85123a")


def test_an_instant_needs_its_offset() -> None:
    assert instant("2026-11-25T08:00:00+01:00").utcoffset() is not None
    for wrong in ("2026-11-25T08:00:00", "yesterday"):
        with pytest.raises(InstantRefused):
            instant(wrong)


def test_currencies_do_not_mix() -> None:
    with pytest.raises(ValueError, match="do not add up"):
        Money(1, EUR) + Money(1, Currency("GBP"))
