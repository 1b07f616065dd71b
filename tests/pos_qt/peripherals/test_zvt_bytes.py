"""ZVT in bytes: real ones from the field, and any at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_qt.peripherals import zvt_bytes as zb

PAID = bytes.fromhex(
    "040f772700040000000020400b0004700c2239530d10060e25121700011970"
    "22f0f8eeeeeeeeeeee4771292800486"
    "92a3130303436313736332020202020203b36313138303400003cf0f1f447454e2e4e522e3a363131383034"
    "49097887047088000470"
    "8a2e8bf1f74465626974204d61737465726361726400"
)
"""A real terminal's status information. Source: Portalum.Zvt's tests."""
CANCELLED = bytes.fromhex("040f1e276c29280048693cf0f1f941626272756368206475726368204b756e6465")


def test_a_real_payment_is_read() -> None:
    found = zb.take(PAID)
    assert found is not None and found[1] == len(PAID)
    status = zb.status(found[0].data)
    assert (status.result, status.amount) == (0, 2040)
    assert (status.receipt_number, status.trace) == (470, 470)
    assert (status.card, status.masked_pan) == ("Debit Mastercard", "**** **** **** 4771")
    assert (status.authorisation, status.remark) == ("611804", "GEN.NR.:611804")
    assert (status.terminal_id, status.date, status.time) == ("28004869", "1006", "223953")


def test_a_real_cancellation_is_read() -> None:
    found = zb.take(CANCELLED)
    assert found is not None
    status = zb.status(found[0].data)
    assert (status.result, status.amount, status.remark) == (0x6C, None, "Abbruch durch Kunde")


def test_a_long_unit_has_its_length_low_byte_first() -> None:
    unit = zb.Unit(zb.PRINT_BLOCK, bytes(861))
    assert unit.pack()[:5] == bytes.fromhex("06d3ff5d03")
    assert zb.take(unit.pack()) == (unit, 866)


def test_a_card_number_that_came_unmasked_is_masked() -> None:
    assert zb.masked("4111111111111111") == "**** **** **** 1111"
    assert zb.masked("eeeeeeeeeee4771f") == "**** **** ***4 771"  # 15 figures, filled with F


def test_a_rare_field_ends_the_list_but_not_what_came_before() -> None:
    assert zb.fields(b"\x27\x00\x55\x01\x02") == {0x27: b"\x00"}


def test_a_feed_is_empty_rows() -> None:
    assert zb.printed(zb.Unit(zb.PRINT_LINE, b"\x83")).rows == ("", "", "")


def test_a_step_may_bring_its_own_words() -> None:
    words = zb.tagged(0x24, zb.tagged(0x07, b"Bitte warten") + zb.tagged(0x07, b"Online"))
    assert zb.step(b"\xff\x02" + zb.tagged(0x06, words)) == (0xFF, "Bitte warten Online")


@given(st.binary(max_size=600))
def test_any_data_is_packed_and_taken_whole(data: bytes) -> None:
    unit = zb.Unit((0x06, 0xD3), data)
    packed = unit.pack()
    assert zb.take(packed) == (unit, len(packed))
    assert all(zb.take(packed[:n]) is None for n in range(0, len(packed), 7))


@given(st.integers(0, 10**12 - 1))
def test_amounts_survive(amount: int) -> None:
    assert zb.number(zb.digits(amount, 6)) == amount


@given(
    st.dictionaries(
        st.integers(1, 0xFF).filter(lambda t: t & 0x1F != 0x1F), st.binary(max_size=200)
    )
)
def test_containers_survive(values: dict[int, bytes]) -> None:
    packed = b"".join(zb.tagged(tag, value) for tag, value in values.items())
    assert dict(zb.tlv(packed)) == values


@given(st.binary(max_size=80))
def test_no_bytes_are_more_than_refused(data: bytes) -> None:
    reader = zb.Reader()
    reader.put(data)
    while reader.get() is not None:
        pass
    for read in (zb.status, zb.tlv, zb.step, zb.state, zb.totals, zb.fields):
        try:
            read(data)
        except zb.BytesRefused:
            continue
    for code in (zb.PRINT_LINE, zb.PRINT_BLOCK):
        try:
            zb.printed(zb.Unit(code, data))
        except zb.BytesRefused:
            continue


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(zb.BytesRefused):
        zb.number(b"\xff")
    with pytest.raises(zb.BytesRefused):
        zb.digits(-1, 2)
