"""Documents: bytes and back, checked against their XSD; unsound bytes are refused with the place."""

from __future__ import annotations

import resource
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from schemas import binding, replica, signature, xml
from schemas.article import Article, Code
from schemas.journal import Entry
from schemas.keys import ArticleKey, Barcode, StaffKey, TaxClass
from schemas.money import Currency, Money, UnitPrice
from schemas.price import Price
from schemas.quantity import Quantity
from schemas.receipt import Basket, Line
from schemas.settings import Settings
from services.database import beginning
from services.disk.box import Box
from services.journal import read
from services.mirror import store
from tests.pretend.branch import Chain

NAMES = st.text(
    st.characters(
        codec="utf-8", categories=("L", "N", "P", "Zs", "S"), include_characters="\t\n\r"
    ),
    min_size=1,
    max_size=60,
)
KEYS = st.from_regex(r"[0-9A-Za-z_][0-9A-Za-z_.\-]{0,20}", fullmatch=True)
CODES = st.from_regex(r"[0-9A-Za-z]{1,20}", fullmatch=True)
MOMENTS = st.datetimes(
    datetime(2000, 1, 1), datetime(2100, 1, 1),  # noqa: DTZ001 (hypothesis wants them bare)
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]),
)  # fmt: skip
AMOUNTS = st.builds(Money, st.integers(-(10**9), 10**9), st.just(Currency("EUR")))
PRICES = st.builds(UnitPrice, st.integers(0, 10**11), st.just(Currency("EUR")))
ARTICLES = st.builds(
    Article,
    key=KEYS,
    de=st.none() | NAMES,
    en=st.none() | NAMES,
    tax=st.just(TaxClass("A")),
    deposit=st.none() | AMOUNTS,
    age=st.none() | st.integers(0, 99),
    codes=st.lists(st.builds(Code, CODES, st.integers(1, 999)), max_size=4).map(tuple),
)
LINES = st.builds(
    Line,
    number=st.integers(1, 999),
    kind=st.sampled_from(["sale", "return", "deposit", "void"]),
    article=KEYS,
    name=NAMES,
    quantity=st.builds(Quantity, st.integers(0, 10**8)),
    price=PRICES,
    amount=AMOUNTS,
    tax=st.just(TaxClass("B")),
    code=st.none() | CODES,
)
DOCUMENTS: Any = st.one_of(
    ARTICLES,
    st.builds(Price, KEYS, MOMENTS, PRICES, st.none() | CODES.map(lambda c: c[:12])),
    st.builds(
        Basket,
        cashier=KEYS,
        currency=st.just(Currency("EUR")),
        begins=st.none() | MOMENTS,
        lines=st.lists(LINES, max_size=5).map(tuple),
    ),
)


@given(DOCUMENTS)
def test_a_document_reads_what_it_wrote(document: Any) -> None:
    data = xml.dump(document)
    assert xml.load(type(document), data) == document
    assert b"\n" not in data
    assert etree.tostring(etree.fromstring(data), method="c14n") == data


@given(ARTICLES, st.integers(0, 2000))
def test_a_document_cut_at_any_byte_is_refused(article: Article, cut: int) -> None:
    data = xml.dump(article)
    with pytest.raises(xml.DocumentRefused):
        xml.load(Article, data[: cut % len(data)])


HEAD = b'<article xmlns="urn:tresen:1" key="1" tax="A" unit="pcs"'
HOSTILE = {
    "a document type": b'<!DOCTYPE a [<!ENTITY x "y">]>' + HEAD + b"/>",
    "an entity bomb": b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + HEAD + b"/>",
    "an outside entity": b'<!DOCTYPE a SYSTEM "file:///etc/passwd">' + HEAD + b"/>",
    "an entity without a type": HEAD + b' de="&x;"/>',
    "deep nesting": b"<a>" * 100_000,
    "another encoding": '<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16"),
    "an unknown element": HEAD + b"><x/></article>",
    "an unknown attribute": HEAD + b' x="y"/>',
    "another root": b'<price xmlns="urn:tresen:1"/>',
    "no namespace": b'<article key="1" tax="A" unit="pcs"/>',
    "too long a name": HEAD + b' de="' + b"x" * 201 + b'"/>',
    "a huge document": HEAD + b' de="' + b"x" * (5 * 1024 * 1024) + b'"/>',
    "nothing": b"",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_bytes_are_refused_at_once_and_with_the_place(data: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    with pytest.raises(xml.DocumentRefused) as refused:
        xml.load(Article, data)
    assert "line" in str(refused.value) or "bytes" in str(refused.value)
    assert time.process_time() - began < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


def test_every_document_of_a_living_chain_is_valid(chain: Chain) -> None:
    with chain.till("014-1") as till:
        till.scan(Barcode("40123455"))
        till.scan(Barcode("4012345678901"))
        till.void_line(1)
        till.pay()
        till.drawer.open("change")
        till.scan(Barcode("40123455"))
        till.abort()
    box: Box = chain.box("014-1")
    kinds = {xml.load(Entry, s.data()).kind for s in read.everything(box.journal)}
    assert kinds == {"receipt", "drawer", "aborted"}
    seen = set()
    for scope in store.scopes(box.mirror):
        files = store.files(box.mirror, scope)
        assert files is not None
        data = files.snapshot.read_bytes().rpartition(b"\n<?signature")[0]
        for line, element in replica.elements(data):
            document = replica.record(xml.parse(line))
            assert xml.dump(document) == line
            seen.add(etree.QName(element).localname)
    assert seen >= {"article", "price", "tax", "tender", "role", "staff", "layout", "settings"}
    assert xml.load(type(beginning.LAYOUT), xml.dump(beginning.LAYOUT)) == beginning.LAYOUT


def _settings(chain: Chain) -> Settings:
    with chain.till("014-1") as till:
        return till.catalogue.own


def test_settings_round_trip(chain: Chain) -> None:
    own = _settings(chain)
    assert xml.load(Settings, xml.dump(replace(own, every_s=60))).every_s == 60


@given(st.binary(max_size=300), st.integers(0, 400), st.integers(1, 255))
def test_a_signature_covers_every_byte(data: bytes, place: int, flip: int) -> None:
    key = signature.new_key()
    trusted = {signature.key_id(signature.public_text(key)): key.public_key()}
    signed = signature.sign(key, signature.REPLICA, data)
    assert signature.opened(signed, signature.REPLICA, trusted) == data
    touched = bytearray(signed)
    touched[place % (len(signed) - 1)] ^= flip
    with pytest.raises(signature.SignatureDamaged):
        signature.opened(bytes(touched), signature.REPLICA, trusted)
    for wrong in (signed[:-20], data, b""):
        with pytest.raises(signature.SignatureDamaged):
            signature.opened(wrong, signature.REPLICA, trusted)
    with pytest.raises(signature.SignatureDamaged):
        signature.opened(signed, signature.CALL, trusted)


def test_the_states_digest_depends_on_what_is_there_and_not_on_the_way() -> None:
    one, two = b"one", b"two"
    there = replica.bump(replica.bump(replica.EMPTY, added=[one]), added=[two])
    assert there == replica.bump(replica.EMPTY, added=[two, one])
    assert replica.bump(there, removed=[one, two]) == replica.EMPTY
    assert ArticleKey("1") == "1"


@given(st.lists(LINES, max_size=6), st.lists(LINES, max_size=6))
def test_what_was_written_before_is_written_the_same(first: list[Line], more: list[Line]) -> None:
    """A basket that grows: its lines are known already, each in its own place."""
    before = Basket(StaffKey("x"), Currency("EUR"), lines=tuple(first))
    xml.dump(before)
    grown = replace(before, lines=(*more, *first, *more))
    known = xml.dump(grown)
    binding._KEPT.clear()
    assert xml.dump(grown) == known
    copies = tuple(replace(line, name=f"{line.name}.") for line in grown.lines)
    assert xml.load(Basket, xml.dump(replace(grown, lines=copies))).lines == copies


def test_what_is_kept_of_written_lines_stays_small() -> None:
    line = Line(1, "sale", ArticleKey("a"), "a", Quantity(1000), UnitPrice(1, Currency("EUR")),
                Money(1, Currency("EUR")), TaxClass("A"))  # fmt: skip
    for _ in range(5):
        lines = tuple(replace(line, number=n) for n in range(1, 2000))
        xml.dump(Basket(StaffKey("x"), Currency("EUR"), lines=lines))
        assert len(binding._KEPT) <= binding._MOST_KEPT
