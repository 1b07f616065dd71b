"""Cash in head office: Z reports and whether they agree, drawers, the safe, approvals by telephone."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from backoffice import words
from schemas.keys import Barcode
from services.database.approvals import PhoneApproval
from services.database.sales import ClosingRow, EntryRow, ReceiptRow
from services.evaluation import attention, cash
from services.journal import read
from services.register import permission
from services.worker import jobs
from tests.backoffice.conftest import Person
from tests.pretend.branch import Chain, euros

MILK = Barcode("4012345678901")


def closed(chain: Chain, name: str = "014-1", counted: str = "87.39") -> None:
    """A day's money: 1.39 is sold and more; what is counted differs from the 97.39 expected."""
    with chain.till(name) as till:
        if not till.book.period.sums["receipts"]:
            till.drawer.float_in(euros("100.00"))
            till.scan(MILK)
            till.pay()
        else:
            till.drawer.pay_in(euros("100.00"), "Wechselgeld")
        till.drawer.open("Wechseln")
        till.drawer.pay_out(euros("4.00"), "Blumen")
        over = till.drawer.expected() - euros("97.39")
        till.drawer.count(euros(counted) + over)
        till.drawer.safe_drop(euros("50.00"), "B-17")
        till.drawer.count(euros(counted) + over - euros("50.00"))
        till.drawer.z_report()
    chain.look(name)


def cells(page: str) -> list[str]:
    """The rows of the page's table, each as one line of words."""
    rows = re.findall(r"<tr data-row>(.*?)</tr>", page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def test_a_z_is_there_with_its_difference_in_sign_and_word(chain: Chain, jana: Person) -> None:
    closed(chain)
    page = jana.get("/cash/").text
    (row,) = cells(page)
    for said in ("014-1", "Mira Köhler", "47,39", "37,39", "−10,00 zu wenig", "stimmt überein"):
        assert said in row
    assert "Summe über 1 Z-Bericht" in page


@pytest.mark.parametrize(("counted", "said"), [("97.39", "0,00 genau"), ("98.00", "+0,61 zu viel")])
def test_what_is_exact_and_what_is_over(
    chain: Chain, jana: Person, counted: str, said: str
) -> None:
    closed(chain, counted=counted)
    assert said in cells(jana.get("/cash/").text)[0]


def test_only_those_with_a_difference(chain: Chain, jana: Person) -> None:
    closed(chain, "014-1")
    closed(chain, "014-2", "97.39")
    with chain.till("014-1") as till:
        till.drawer.z_report()  # nobody counted
    chain.look("014-1")
    assert len(cells(jana.get("/cash/").text)) == 3
    assert "nicht gezählt" in jana.get("/cash/").text
    (row,) = cells(jana.get("/cash/?only=difference").text)
    assert "−10,00" in row
    assert "weicht keine Kasse ab" in jana.get("/cash/?only=difference&period=yesterday").text


def test_receipts_that_are_missing_or_depart_are_said(chain: Chain, jana: Person) -> None:
    with chain.till("014-1") as till:
        for _ in range(3):
            till.scan(MILK)
            till.pay()
        till.drawer.z_report()
        gone = read.place(till.box.journal, "1", 2)
        kept = gone.read_bytes()
        gone.unlink()
    chain.look("014-1")
    assert "1 Bon fehlt noch" in cells(jana.get("/cash/").text)[0]
    gone.write_bytes(kept)
    chain.look("014-1")
    assert "stimmt überein" in cells(jana.get("/cash/").text)[0]
    with chain.office.session() as session:
        session.execute(sa.update(ReceiptRow).where(ReceiptRow.number == 2).values(total=149))
    assert "weicht ab um +0,10" in cells(jana.get("/cash/").text)[0]


def test_a_row_opens_the_z_as_the_till_printed_it(chain: Chain, jana: Person) -> None:
    closed(chain)
    page = jana.get("/cash/").text
    address = re.search(r'data-edit href="([^"]+)"', page)
    assert address
    slip = jana.get(address[1]).text
    with chain.till("014-1") as till:
        assert till.book.period.number == 2
    for said in ("Z", "Neustadt", "47,39", "−10,00", "Mira Köhler"):
        assert said in slip.partition('class="bon"')[2].partition("</div>")[0]
    assert jana.get("/cash/014-1/1/99").status_code == 404


def test_what_happened_at_the_drawer_is_there_with_its_reason(chain: Chain, jana: Person) -> None:
    closed(chain)
    with chain.till("014-1") as till:
        left = till.drawer.expected()
        till.drawer.float_in(left + euros("100.00"))
    chain.look("014-1")
    rows = cells(jana.get("/cash/?show=events").text)
    assert len(rows) == 3, "the first float ever differs from nothing"
    assert "Wechselgeld weicht ab" in rows[0] and "+100,00 zu viel" in rows[0]
    assert "Auszahlung Blumen Mira Köhler −4,00" in rows[1]
    assert "Geöffnet ohne Verkauf Wechseln" in rows[2]


def test_who_looked_how_the_period_stands(chain: Chain, jana: Person) -> None:
    with chain.till("014-1") as till:
        till.drawer.x_report()
        till.drawer.open("Wechseln")
    chain.look("014-1")
    rows = cells(jana.get("/cash/?show=events").text)
    assert "X-Bericht angesehen Mira Köhler –" in rows[1]
    assert len(rows) == 2
    assert cells(jana.get("/cash/?show=events&period=yesterday").text) == []


def test_bags_that_went_to_the_safe(chain: Chain, jana: Person) -> None:
    closed(chain)
    (row,) = cells(jana.get("/cash/?show=bags").text)
    assert row.startswith("B-17") and "50,00" in row
    assert cells(jana.get("/cash/?show=bags&period=yesterday").text) == []


@pytest.fixture
def late(chain: Chain) -> Iterator[Chain]:
    """A chain whose till closed with a receipt that did not come."""
    with chain.till("014-1") as till:
        for _ in range(2):
            till.scan(MILK)
            till.pay()
        till.drawer.z_report()
        read.place(till.box.journal, "1", 1).unlink()
    chain.look("014-1")
    yield chain


def kinds(chain: Chain, branch: str | None = None, later: timedelta = timedelta(0)) -> list[str]:
    """The tasks of cash."""
    now = datetime.now(UTC) + later
    with chain.office.reading() as session:
        return [each.kind for each in attention.of_cash(session, branch, now.date(), now)]


def test_a_z_needs_somebody_when_it_differs_by_more_than_five(chain: Chain, jana: Person) -> None:
    closed(chain, counted="92.39")
    assert kinds(chain) == [], "exactly five is not more than five"
    closed(chain, "014-2", "92.38")
    assert kinds(chain) == ["cash-difference"] == kinds(chain, "014")
    assert kinds(chain, "002") == []
    assert "Kasse 014-2: ein Z-Bericht weicht ab" in jana.get("/").text
    assert kinds(chain, later=timedelta(days=8)) == []


def test_missing_receipts_need_somebody_after_an_hour(late: Chain, jana: Person) -> None:
    assert kinds(late) == []
    assert kinds(late, later=timedelta(minutes=61)) == ["cash-missing"]
    with late.office.session() as session:
        session.execute(
            sa.update(EntryRow).values(received_at=datetime.now(UTC) - timedelta(hours=2))
        )
    assert "Zu einem Z-Bericht von Kasse 014-1 fehlen Bons" in jana.get("/").text


def test_the_answer_opens_the_till_and_who_gave_it_is_kept(chain: Chain, jana: Person) -> None:
    with chain.till("014-1") as till:
        challenge = till.rights.challenge()
        answer = jana.post(
            "/tills/014-1/approve", right="pay-out", value="12,50", challenge=challenge
        )
        assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
        digits = "".join(re.findall(r"<span>(\d{3})</span>", answer.text))
        approval = till.rights.approve_by_code(digits, "pay-out", Decimal("12.5"))
        assert approval.value == "12.5"
    with chain.office.reading() as session:
        (row,) = session.scalars(sa.select(PhoneApproval))
        assert (row.till, row.branch, row.allowed, row.value) == ("014-1", "014", "pay-out", "12.5")
        assert (row.by, row.by_name) == ("jana", "Jana Brandt")
    page = jana.get("/tills/014-1").text
    assert "Auszahlung" in page and "12,5" in page and digits not in page


def test_a_right_without_extent_is_answered_without_one(chain: Chain, jana: Person) -> None:
    with chain.till("014-1") as till:
        challenge = till.rights.challenge()
        answer = jana.post("/tills/014-1/approve", right="open-drawer", challenge=challenge)
        digits = "".join(re.findall(r"<span>(\d{3})</span>", answer.text))
        assert till.rights.approve_by_code(digits, "open-drawer").value is None


@pytest.mark.parametrize(
    ("right", "value", "challenge", "said"),
    [("", "", "123456", "ein Recht wählen"), ("rule-the-world", "", "123456", "ein Recht wählen"),
     ("pay-out", "viel", "123456", "keine Höhe"), ("pay-out", "-1", "123456", "keine Höhe"),
     ("pay-out", "1.000", "123456", "keine Höhe"), ("park", "3", "123456", "hat keine Höhe"),
     ("pay-out", "3", "12345", "alle sechs"), ("pay-out", "3", "١٢٣٤٥٦", "alle sechs")],
)  # fmt: skip
def test_what_is_no_request_is_refused_and_nothing_is_kept(
    chain: Chain, jana: Person, right: str, value: str, challenge: str, said: str
) -> None:
    answer = jana.post("/tills/014-1/approve", right=right, value=value, challenge=challenge)
    assert answer.status_code == 422 and said in answer.text
    assert 'id="answer"' not in answer.text
    with chain.office.reading() as session:
        assert session.scalars(sa.select(PhoneApproval)).all() == []


def test_the_pages_of_a_long_list_hold_all_of_it_once(chain: Chain, jana: Person) -> None:
    closed(chain)
    with chain.office.session() as session:
        row = session.scalars(sa.select(ClosingRow)).one()
        for number in range(2, 62):
            values = {c.name: getattr(row, c.name) for c in ClosingRow.__table__.columns}
            session.add(ClosingRow(**values | {"number": number}))
        assert len(cash.closings(session, None, row.day, row.day, 50, after=50)) == 11
        (total,) = cash.sums(session, None, row.day, row.day)
        assert (total.many, total.difference) == (61, -61_000)
    found = [cells(jana.get(f"/cash/?page={page}").text) for page in (1, 2)]
    assert [len(rows) for rows in found] == [50, 11]
    assert len({row for rows in found for row in rows}) == 61


def test_in_a_branch_a_row_opens_its_z_too(chain: Chain, jana: Person) -> None:
    closed(chain)
    page = jana.get("/cash/?branch=014&period=month").text
    assert "/cash/014-1/1/1?period=month" in page


def test_what_no_z_covers_is_an_addendum(chain: Chain, jana: Person) -> None:
    with chain.till("014-1") as till:
        till.scan(MILK)
        till.pay()
    chain.look("014-1")
    shutil.rmtree(chain.box("014-1").path)
    with chain.till("014-1") as till:
        till.scan(MILK)
        till.pay()
        till.drawer.z_report()
    chain.look("014-1")
    assert jobs.close_ended(chain.office, datetime.now(UTC) + timedelta(hours=2)) == 1
    page = jana.get("/cash/").text
    row = next(row for row in cells(page) if "Nachtrag" in row)
    assert "1,39" in row and "stimmt überein" in row
    assert "Summe über 2 Z-Berichte" in page
    address = re.search(r'data-edit href="([^"]+addendum=1[^"]*)"', page)
    assert address
    slip = jana.get(address[1].replace("&amp;", "&")).text
    assert "NACHTRAG STATT Z 1" in slip
    assert "neue Serie" in slip


def test_every_right_has_its_name() -> None:
    for language in words.LANGUAGES:
        assert {f"right.{right}" for right in permission.RIGHTS} <= set(words.catalogue(language))
