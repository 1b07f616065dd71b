"""Layouts: conditions, versions that begin by the clock, languages, and what a hostile one can do."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from schemas import xml
from schemas.keys import Barcode, CustomerKey, LayoutKey
from schemas.layout import Block, Layout, When
from schemas.money import Money
from schemas.receipt import Receipt
from services.database import beginning, changes, layouts, organisation
from services.database.changes import RecordRefused
from services.evaluation import receipts
from services.register import slip
from services.register.slip import Print
from services.till.till import Till
from tests.pretend.branch import MILK, Chain, euros
from tests.pretend.slips import NOW, written
from tests.services.test_commands import run, said

FIRST = Print()
MILK_CODE = Barcode("4012345678901")


@dataclass
class Clock:
    """A clock that a test sets."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at


def bottle(till: Till) -> Receipt:
    """One bottle of milk, paid."""
    till.scan(MILK_CODE)
    return till.pay()[0]


@pytest.fixture
def receipt(chain: Chain) -> Receipt:
    """A receipt of Saturday, 14 March 2026, over 1.39."""
    with chain.till("014-1", lambda: NOW) as till:
        return bottle(till)


def shown(receipt: Receipt, chain: Chain, *blocks: Block, this: Print = FIRST) -> str:
    """A slip of these blocks."""
    with chain.office.reading() as session:
        unit = organisation.place(session, "014-1")
        assert unit is not None
        settings = replace(organisation.settings_of(session, unit.till), profile="live")
    layout = Layout(LayoutKey("x"), 1, 42, blocks)
    return written(slip.render(receipt, layout, settings, (), this))


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        (When(), True),
        (When(otherwise=True), False),
        (When(customer=True), False),
        (When(customer=False), True),
        (When(customer=True, otherwise=True), True),
        (When(kinds=("return", "void")), False),
        (When(kinds=("sale",)), True),
        (When(tenders=("card",)), False),
        (When(tenders=("card", "cash")), True),
        (When(least=euros("1.39")), True),
        (When(least=euros("1.40")), False),
        (When(below=euros("1.40")), True),
        (When(below=euros("1.39")), False),
        (When(least=Money.parse("0.01", "CHF")), False),
        (When(saved=True), False),
        (When(training=False), True),
        (When(copy=True), False),
        (When(gift=False), True),
        (When(days=("6", "7")), True),
        (When(days=("1",)), False),
        (When(begins=date(2026, 3, 14), ends=date(2026, 3, 14)), True),
        (When(begins=date(2026, 3, 15)), False),
        (When(ends=date(2026, 3, 13)), False),
        (When(languages=("en", "es")), False),
        (When(languages=("de",), kinds=("sale",), days=("6",)), True),
        (When(languages=("de",), kinds=("void",), days=("6",)), False),
    ],
)
def test_a_block_is_printed_when_all_its_facts_hold(
    receipt: Receipt, chain: Chain, when: When, holds: bool
) -> None:
    block = Block("text", text="HERE", when=when)
    assert xml.load(Layout, xml.dump(Layout(LayoutKey("x"), 1, 42, (block,)))).blocks == (block,)
    assert ("HERE" in shown(receipt, chain, block)) is holds


def test_a_reprint_and_a_gift_slip_are_conditions_too(receipt: Receipt, chain: Chain) -> None:
    copy = Block("text", text="AGAIN", when=When(copy=True))
    gift = Block("text", text="PRESENT", when=When(gift=True))
    assert "AGAIN" in shown(receipt, chain, copy, gift, this=Print(copy=1))
    assert "PRESENT" in shown(receipt, chain, copy, gift, this=Print(gift=True))


def test_of_two_totals_one_is_printed_and_the_law_has_its_place_whatever_a_layout_says(
    receipt: Receipt, chain: Chain
) -> None:
    small = Block("total", when=When(below=euros("1.00")))
    text = shown(receipt, chain, small, Block("total"), Block("total"))
    assert text.count("Summe") == 1
    layout = Layout(LayoutKey("x"), 1, 42, (Block("fiscal", when=When(customer=True)),))
    with chain.office.reading() as session:
        unit = organisation.place(session, "014-1")
        assert unit is not None
        settings = organisation.settings_of(session, unit.till)
    for each in (layout, replace(layout, blocks=(Block("rule"),))):
        rows = slip.render(receipt, each, settings, ("TSE 4711",))
        assert sum("TSE 4711" in row.text for row in rows) == 1


def test_tills_switch_by_their_own_clock_without_a_line_and_reprint_as_it_was(
    chain: Chain,
) -> None:
    clock = Clock()
    tomorrow = NOW + timedelta(days=1)
    coming = replace(
        beginning.LAYOUT,
        blocks=(*beginning.LAYOUT.blocks, Block("text", text="SPRING")),
        begins=tomorrow,
    )
    with chain.office.session() as session:
        assert layouts.put(session, coming, "test").version == 2
    chain.publish()
    till = chain.till("014-1", clock)  # from here on no agent looks
    before = bottle(till)
    first = written(till.prints.rows(before))
    assert before.layout_version == 1 and "SPRING" not in first
    clock.at = tomorrow - timedelta(seconds=1)
    assert bottle(till).layout_version == 1
    clock.at = tomorrow
    after = bottle(till)
    assert after.layout_version == 2 and "SPRING" in written(till.prints.rows(after))
    assert written(till.prints.rows(before)) == first
    till.close()


def test_years_later_a_copy_is_the_slip_of_its_day_but_for_its_banner(chain: Chain) -> None:
    with chain.office.session() as session:
        company = organisation.company(session)
        assert company is not None
        company.profile = "live"
        session.flush()
        organisation.announce(session, "company", company.key, "test")
    chain.publish()
    clock = Clock()
    till = chain.till("014-1", clock)
    receipt = bottle(till)
    first = written(till.prints.rows(receipt))
    with chain.office.session() as session:
        company = organisation.company(session)
        assert company is not None
        company.address, company.language = "Elsewhere 9", "es"
        session.flush()
        organisation.announce(session, "company", company.key, "test")
        blocks = (*beginning.LAYOUT.blocks, Block("text", text="NEW"))
        layouts.put(session, replace(beginning.LAYOUT, blocks=blocks), "test")
    chain.publish()
    chain.look("014-1")
    till.renew()
    clock.at = NOW + timedelta(days=2000)
    new = written(till.prints.rows(bottle(till)))
    assert "NEW" in new and "Caja 014-1" in new
    copies = [written(till.prints.copy(receipt)) for _ in range(2)]
    for number, copy in enumerate(copies, 1):
        banner = f"#{f'KOPIE {number}'.center(21).rstrip()}\n\n"
        assert copy == banner + first + banner
    chain.look("014-1")
    with chain.office.reading() as session:
        found = receipts.show(session, "014", "1", receipt.series, receipt.number)
    assert found is not None and written(found.rows) == first, "head office prints it so too"
    till.close()


def test_a_slip_speaks_the_customers_language_and_the_cashier_may_choose_another(
    chain: Chain,
) -> None:
    from schemas.customer import Customer  # noqa: PLC0415

    spaniard = Customer(CustomerKey("c1"), "Inés", language="es")
    with chain.till("014-1", lambda: NOW) as till:
        till.scan(MILK_CODE)
        till.clientele.register(spaniard)
        found = till.clientele.find("Inés")
        till.clientele.choose(found[0])
        receipt, _ = till.pay()
        assert (receipt.language, receipt.lines[0].name) == ("es", MILK.es)
        text = written(till.prints.rows(receipt))
        assert "Leche" in text and "Efectivo" in text and "Caja 014-1" in text
        till.scan(MILK_CODE)
        assert till.basket.lines[0].name == MILK.de, "the cashier's screen stays as it is"
        till.circumstances.slip_language("en")
        receipt, _ = till.pay()
        assert (receipt.language, receipt.lines[0].name) == ("en", MILK.en)
        assert bottle(till).language is None


@pytest.mark.parametrize(
    "document",
    [
        b'<block kind="script" text="x"></block>',
        b'<block kind="text" text="{{ 7*7 }}" run="1"></block>',
        b'<block kind="text"><when days="8"></when></block>',
        b'<block kind="text"><when expression="1"></when></block>',
        b'<block kind="text"><when tenders="' + b"a " * 120 + b'"></when></block>',
        b'<block kind="text" text="' + b"x" * 2001 + b'"></block>',
        b'<block kind="rule"></block>' * 101,
    ],
)
def test_what_is_no_layout_is_refused(document: bytes) -> None:
    head = b'<layout xmlns="urn:tresen:1" columns="42" key="x" narrow="32" version="1">'
    with pytest.raises(xml.DocumentRefused):
        xml.load(Layout, head + document + b"</layout>")


def test_the_worst_layout_is_printed_in_a_moment_and_commands_nothing(
    receipt: Receipt, chain: Chain
) -> None:
    texts = ("|" * 2000, "x" * 2000, "a b " * 500, "{{ x }} \x1b@ \u202e %s {0}")
    blocks = tuple(Block("text", text=texts[n % 4]) for n in range(100))
    many = replace(receipt, lines=receipt.lines * 1000)
    began = time.process_time()
    text = shown(many, chain, *blocks[:93], *(Block("lines"),) * 7)
    assert time.process_time() - began < 5
    assert text.count("\n") < 100 * 60 + 1100
    assert "\x1b" not in text and "\u202e" not in text and "{{ x }}" in text


def test_a_layout_is_taken_in_by_a_command(chain: Chain, tmp_path: Path) -> None:
    at = ("--directory", str(chain.office.directory))
    file = tmp_path / "layout.xml"
    file.write_bytes(xml.dump(beginning.LAYOUT))
    said(run("office", "layout", str(file), *at), 0, "version 2, at once")
    said(run("office", "layout", str(file), "--from", "2031-05-01", *at), 0, "2031-05-01 00:00")
    file.write_bytes(xml.dump(replace(beginning.LAYOUT, blocks=(Block("rule"),))))
    said(run("office", "layout", str(file), *at), 1, "must always say firm, head")
    file.write_text("<layout/>")
    said(run("office", "layout", str(file), *at), 1, "No matching global declaration")
    chain.publish()
    with chain.office.reading() as session:
        soon = layouts.in_force(session, "standard", datetime(2031, 4, 30, tzinfo=UTC))
        then = layouts.in_force(session, "standard", datetime(2031, 5, 1, tzinfo=UTC))
    assert soon is not None and then is not None
    assert (soon.version, then.version) == (2, 3)


def test_what_a_receipt_must_say_is_never_left_to_a_condition(chain: Chain) -> None:
    bent = tuple(
        replace(block, when=When(customer=True)) if block.kind == "taxes" else block
        for block in beginning.LAYOUT.blocks
    )
    with chain.office.session() as session, pytest.raises(RecordRefused, match="taxes"):
        layouts.put(session, replace(beginning.LAYOUT, blocks=bent), "test")
    with chain.office.reading() as session:
        assert changes.waiting(session) == 0
