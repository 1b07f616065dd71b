"""Scales on a pseudo-terminal, in NCI and in Dialog 06."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_qt.peripherals import dialog06, nci
from pos_qt.peripherals.dialog06 import Dialog06Scale, Record
from pos_qt.peripherals.nci import NciScale
from pos_qt.peripherals.scale import (
    NotThere,
    NoWeight,
    Scale,
    ScaleRefused,
    Stable,
    grams,
)
from pos_qt.peripherals.scale_pretend import Loose, PretendDialog06, PretendLine, PretendNci
from pos_qt.peripherals.serialline import SerialRefused, SerialSetting
from schemas.money import Currency, Money, UnitPrice
from schemas.quantity import Quantity

PRICE = UnitPrice.parse("19.90", "EUR")
POLYNOMIAL = 0x1A2B3 & 0x1FFFF  # any will do between two ends that share it


def setting(line: PretendLine) -> SerialSetting:
    """A pseudo-terminal has no parity; to ask it for some is an error."""
    return SerialSetting.parse(line.path, 9600, "8N1")


Pair = tuple[Scale, Loose, PretendLine]


@pytest.fixture(params=["nci", "dialog06"])
def pair(request: pytest.FixtureRequest) -> Iterator[Pair]:
    """A driver and the scale at the other end of its line."""
    far: PretendNci | PretendDialog06
    far = PretendNci() if request.param == "nci" else PretendDialog06()
    with PretendLine(far) as line:
        near: Scale = (
            NciScale(setting(line)) if request.param == "nci"
            else Dialog06Scale(setting(line))
        )  # fmt: skip
        yield near, far, line
        near.close()


def test_a_weight_comes_in_kilograms(pair: Pair) -> None:
    near, far, _ = pair
    far.grams = 342
    assert near.weight() == Stable(Quantity.parse("0.342", "kg"))


def test_a_weight_comes_though_its_bytes_come_one_by_one(pair: Pair) -> None:
    near, far, line = pair
    far.grams, line.piece = 1250, 1
    assert near.weight() == Stable(Quantity.parse("1.250", "kg"))


@pytest.mark.parametrize("why", ["moving", "negative", "overload"])
def test_what_is_no_weight_is_said(pair: Pair, why: str) -> None:
    near, far, _ = pair
    far.grams, far.why = 500, why
    found = near.weight()
    assert isinstance(found, NoWeight) and found.why == why


def test_an_empty_scale_is_empty(pair: Pair) -> None:
    assert pair[0].weight() == NoWeight("empty")


def test_a_silent_or_garbling_scale_is_not_there_and_comes_back(pair: Pair) -> None:
    near, far, _ = pair
    far.grams, far.silent = 100, True
    assert isinstance(near.weight(), NotThere)
    far.silent, far.garbles = False, True
    assert isinstance(near.weight(), NotThere)
    far.garbles = False
    assert near.weight() == Stable(Quantity(100, "kg"))


def test_a_cable_that_is_pulled_is_no_crash(pair: Pair) -> None:
    near, far, line = pair
    far.grams = 100
    near.weight()
    line.unplug()
    assert isinstance(near.weight(), NotThere)


def test_nci_counts_off_what_lies_on_it() -> None:
    far = PretendNci()
    with PretendLine(far) as line:
        near = NciScale(setting(line))
        far.grams = 25
        near.tare()
        far.grams = 125
        assert near.weight() == Stable(Quantity(100, "kg"))
        far.grams = 0
        assert near.weight() == NoWeight("negative")
        with pytest.raises(ScaleRefused):
            near.tare(Quantity(25, "kg"))
        far.unit = "lb"
        far.grams = 500
        assert isinstance(near.weight(), NotThere)
        near.close()


def test_dialog06_reckons_with_price_and_tare_and_shows_the_name() -> None:
    far = PretendDialog06()
    with PretendLine(far) as line:
        near = Dialog06Scale(setting(line))
        far.grams = 525
        near.tare(Quantity.parse("0.025", "kg"))
        weighed = near.weight(PRICE, "Käse Gouda jung")
        assert weighed == Stable(Quantity(500, "kg"), Money.parse("9.95", "EUR"))
        assert far.name == "K?se Gouda ju"
        near.tare(Quantity(0, "kg"))
        assert near.weight(PRICE) == Stable(Quantity(525, "kg"), Money.parse("10.45", "EUR"))
        far.why = "unmoved"
        assert near.weight(PRICE) == NoWeight("unmoved")
        assert far.unanswered == 0
        with pytest.raises(ScaleRefused):
            near.tare()
        near.close()


@pytest.mark.parametrize("price", ["10000.00", "0.001", "-1.00"])
def test_dialog06_refuses_a_price_it_cannot_show(price: str) -> None:
    near = Dialog06Scale(SerialSetting.parse("/dev/null", 9600, "7O1"))
    with pytest.raises(ScaleRefused):
        near.weight(UnitPrice.parse(price, "EUR"))
    with pytest.raises(ScaleRefused):
        near.weight(UnitPrice.parse("1.00", "CHF"))


@pytest.mark.parametrize("number", ["47", "00", "FF", "0A"])
def test_dialog06_vouches_with_the_makers_polynomial(number: str) -> None:
    far = PretendDialog06(POLYNOMIAL)
    far.grams, far.number = 300, number
    with PretendLine(far) as line:
        wrong = Dialog06Scale(setting(line), polynomial=0x10001)
        assert isinstance(wrong.weight(), NotThere)
        wrong.close()
        none = Dialog06Scale(setting(line))
        assert none.weight() == NotThere(
            "the scale asks for checksums; its maker's polynomial is not set"
        )
        none.close()
        right = Dialog06Scale(setting(line), polynomial=POLYNOMIAL)
        assert right.weight() == Stable(Quantity(300, "kg"))
        right.close()


def test_the_manuals_examples_are_read() -> None:
    assert nci.read(b"\n0012.34kg\r\n00\r\x03") == Stable(Quantity(12340, "kg"))
    assert nci.read(b"\n  342 g\r\n00\r\x03") == Stable(Quantity(342, "kg"))
    assert nci.read(b"\n00.342kg\r\nS00\r\x03") == Stable(Quantity(342, "kg"))  # SCP-02
    assert nci.read(b"\n\xb0012.34kg\r\n\xb0\xb0\r\x03") == Stable(Quantity(12340, "kg"))
    assert nci.read(b"\n------kg\r\n02\r\x03") == NoWeight("overload")
    assert Record("01", ("001990", "")).pack() == b"\x04\x0201\x1b001990\x1b\x03"
    assert dialog06.read(b"\x0211\x1b247\x03") == Record("11", ("247",))


@given(st.binary(max_size=60))
def test_no_bytes_are_more_than_not_there(data: bytes) -> None:
    for answer in (data, b"\n" + data + b"\r\n00\r\x03", b"\n00.100kg\r\n" + data + b"\r\x03"):
        nci.read(answer)
    for answer in (data, b"\x02" + data + b"\x03", b"\x0202\x1b3" + data + b"\x03"):
        try:
            dialog06.weighed(dialog06.read(answer), Currency("EUR"))
        except dialog06.AnswerRefused:
            continue


@given(st.integers(0, 0xFFFF), st.integers(2, 0x1FFFF), st.integers(0, 255))
def test_checksums_can_be_checked_by_whoever_has_the_polynomial(
    checksum: int, polynomial: int, number: int
) -> None:
    far = PretendDialog06(polynomial)
    far.number = f"{number:02X}"
    assert far._vouched(dialog06.checksums(checksum, polynomial, far.number))


@given(st.text(max_size=40))
def test_no_text_is_more_than_refused(text: str) -> None:
    try:
        SerialSetting.parse(text, 9600, "8N1")
    except SerialRefused:
        return


def test_a_line_by_its_place_may_have_colons() -> None:
    place = "/dev/serial/by-path/pci-0000:00:14.0-usb-0:1:1.0"
    assert SerialSetting.parse(place, 9600, "8N1").device == place
    assert SerialSetting.parse(f"{place}:19200:7E1", 9600, "8N1") == SerialSetting(
        place, 19200, "7E1"
    )


def test_a_tare_is_whole_grams() -> None:
    assert grams(Quantity.parse("25", "g")) == grams(Quantity.parse("0.025", "kg")) == 25
    for wrong in (Quantity(10_000, "kg"), Quantity(-1, "kg"), Quantity(1, "g"), Quantity(1, "pcs")):
        with pytest.raises(ScaleRefused):
            grams(wrong)
