"""Customers' rights in their data, the statement of an account, and vouchers."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
import sqlalchemy as sa

from schemas.keys import Barcode, TenderKey
from services.database import audit, customers, erasing
from services.database.changes import CUSTOMERS, Change, Published, Revision
from services.database.customers import AccountMove, CustomerRow
from services.database.sales import EntryRow, ReceiptRow, VoucherRow
from services.gateway.desk import Desk
from services.register.refusal import StepRefused
from tests.backoffice.conftest import Person
from tests.backoffice.test_clientele import people_  # noqa: F401 (a fixture)
from tests.backoffice.test_users import entries
from tests.pretend.branch import Chain, euros

ANNA, BOB = "20418", "20511"
TRACES = (b"Seidel", b"4455", b"anna@", "Straße".encode())
HISTORY = "/log/of/customer/{}"
House = tuple[Chain, Person, Person]


def settled(chain: Chain) -> None:
    """Anna pays what she owes, as head office would book it."""
    with chain.office.session() as session:
        owed = customers.owed(session, ANNA, "EUR")
        move = session.scalars(sa.select(AccountMove).where(AccountMove.customer == ANNA)).first()
        assert move is not None
        session.add(AccountMove(branch=move.branch, till=move.till, series="9", entry=1,
                                customer=ANNA, at=move.at, currency="EUR", amount=-owed))  # fmt: skip


def traces(chain: Chain) -> list[str]:
    """Where in head office's own tables Anna is still named; the tills' journals are law's."""
    found = []
    with chain.office.reading() as session:
        for table in (Change, Published, Revision):
            documents = [document or b"" for document in session.scalars(sa.select(table.document))]
            named = [each for each in documents if any(trace in each for trace in TRACES)]
            found.extend([table.__tablename__] * len(named))
        row = session.get_one(CustomerRow, ANNA)
        said = f"{row.name} {row.folded} {row.phone} {row.digits} {row.email} {row.address}"
        if any(trace.decode() in said for trace in TRACES):
            found.append("customer")
    return found


def erased(people: House) -> Chain:
    """Anna is erased, and the worker has published it."""
    chain, _, jana = people
    settled(chain)
    answer = jana.client.post(f"/customers/{ANNA}/erase")
    assert answer.status_code == 303, answer.text
    chain.publish()
    return chain


def test_an_erased_customer_is_named_nowhere_and_their_receipts_stay(people_: House) -> None:  # noqa: F811
    chain, _, jana = people_
    assert {"customer", "change", "published"} <= set(traces(chain))
    with chain.office.reading() as session:
        query = (
            sa.select(sa.func.count()).select_from(ReceiptRow).where(ReceiptRow.customer == ANNA)
        )
        before = session.scalar(query)
    erased(people_)
    assert traces(chain) == []
    with chain.office.reading() as session:
        assert session.scalar(query) == before == 2
    page = jana.get(f"/customers/{ANNA}").text
    assert "Seidel" not in page and ANNA in page and "4.17" in page
    assert entries(chain, "customer-erased")[-1].subject == ANNA


def test_the_history_shows_nothing_of_them_and_the_audit_log_still_holds(people_: House) -> None:  # noqa: F811
    chain = erased(people_)
    with chain.office.reading() as session:
        assert audit.verify(session).broken is None
        rows = session.scalars(
            sa.select(Change).where(Change.key == ANNA, Change.kind == "customer")
        ).all()
        assert any(row.erased for row in rows)
    page = people_[2].get(HISTORY.format(ANNA))
    assert page.status_code == 200 and "Seidel" not in page.text


def test_nothing_can_be_slipped_in_where_somebody_was_erased(people_: House) -> None:  # noqa: F811
    chain = erased(people_)
    with chain.office.session() as session:
        row = session.scalars(sa.select(Change).where(Change.erased.is_not(None))).first()
        assert row is not None and row.document == erasing.redacted(row.key)
        row.document = row.document.replace(b'blocked="true"', b'blocked="false"')
    with chain.office.reading() as session:
        assert audit.verify(session).why == "changes"


def test_a_till_that_was_away_gets_a_snapshot_without_them(people_: House) -> None:  # noqa: F811
    chain = people_[0]
    chain.look("014-1")
    desk: Desk = chain.desk("014-1")
    with chain.office.reading() as session:
        at = session.scalar(
            sa.select(sa.func.max(Revision.number)).where(Revision.scope == CUSTOMERS)
        )
    erased(people_)
    assert at is not None and desk.changes(CUSTOMERS, at - 1) is None
    chain.look("014-1")
    chain.look("014-1")  # a second look comes to rest
    with chain.till("014-1") as till:
        assert till.clientele.find("Seidel") == []
        assert till.clientele.shown(BOB) is not None
    mirror = chain.box("014-1").mirror / CUSTOMERS
    held = b"".join(path.read_bytes() for path in sorted(mirror.glob("*.xml")))
    assert BOB.encode() in held and not any(trace in held for trace in TRACES)


def test_who_owes_something_is_not_erased_yet(people_: House) -> None:  # noqa: F811
    chain, bea, jana = people_
    answer = jana.client.post(f"/customers/{ANNA}/erase")
    assert answer.status_code == 422 and "still open on the account" in answer.text
    assert "customer" in traces(chain)
    assert bea.client.post(f"/customers/{ANNA}/erase").status_code == 404


def test_an_edit_on_its_way_is_waited_for(people_: House) -> None:  # noqa: F811
    chain, _, jana = people_
    settled(chain)
    jana.client.post(f"/customers/{ANNA}", data={"name": "Anna Seidel-Kurz"})
    answer = jana.client.post(f"/customers/{ANNA}/erase")
    assert answer.status_code == 422 and "on its way" in answer.text


def test_all_that_is_known_is_handed_out_as_a_zip(people_: House) -> None:  # noqa: F811
    chain, bea, jana = people_
    answer = jana.client.post(f"/customers/{ANNA}/data")
    assert answer.mimetype == "application/zip" and "customer-20418.zip" in str(answer.headers)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as bundle:
        told = json.loads(bundle.read("customer.json"))
        names = bundle.namelist()
        document = bundle.read("customer.xml")
        receipts = [bundle.read(name) for name in names if name.startswith("receipts/")]
    assert told["name"] == "Anna Seidel" and told["telephone"] and told["cards"]
    many = [line["quantity_thousandths"] for each in told["receipts"] for line in each["lines"]]
    assert many == [3000, 5000]
    assert sum(each["many"] for each in told["account"]) == 1112
    assert b"Anna Seidel" in document and len(receipts) == 2
    assert BOB not in str(told) and "Bob" not in str(told)
    with chain.office.reading() as session:
        stored = set(session.scalars(sa.select(EntryRow.document)))
    assert set(receipts) <= stored  # the very bytes that the tills signed
    assert entries(chain, "customer-exported")[-1].subject == ANNA
    assert bea.client.post(f"/customers/{ANNA}/data").status_code == 404


def test_a_statement_says_what_was_owed_before_and_after(people_: House) -> None:  # noqa: F811
    _, bea, jana = people_
    page = jana.get(f"/customers/{ANNA}/statement?period=today").text
    assert "Owed at the end" in page and "11.12" in page and "4.17" in page and "6.95" in page
    later = jana.get(f"/customers/{ANNA}/statement?from=2030-01-01&to=2030-01-31").text
    assert later.count("11.12") == 2  # owed at the beginning, and still at the end
    own = bea.get(f"/customers/{ANNA}/statement?period=today").text
    assert "4.17" in own and "6.95" not in own and "11.12" not in own


def test_consent_is_kept_and_stands_in_the_history(people_: House) -> None:  # noqa: F811
    chain, _, jana = people_
    jana.client.post(f"/customers/{BOB}", data={"name": "Bob Far", "consent": "yes"})
    with chain.office.reading() as session:
        assert session.get_one(CustomerRow, BOB).consent is True
    jana.client.post(f"/customers/{BOB}", data={"name": "Bob Far"})
    with chain.office.reading() as session:
        assert session.get_one(CustomerRow, BOB).consent is False
    page = jana.get(HISTORY.format(BOB))
    assert page.status_code == 200 and "jana" in page.text


@pytest.fixture
def vouchers(people_: House) -> tuple[House, str]:  # noqa: F811
    """A voucher of twenty euros that 014 sold and 015 took 1.39 of; its number."""
    chain = people_[0]
    chain.stock(Barcode("9000"), "Gutschein", voucher="multi", tax="A")
    chain.publish()
    chain.look("014-1")
    with chain.till("014-1") as till:
        till.scan(Barcode("9000"))
        receipt, *_ = till.pay()
        number = str(receipt.lines[0].voucher)
    chain.look("014-1")
    taken(chain, number)
    return people_, number


def taken(chain: Chain, number: Any) -> None:
    """015 takes the voucher for a milk."""
    chain.look("015-1")
    with chain.till("015-1") as till, chain.line("015-1"):
        till.scan(Barcode("4012345678901"))
        till.authority.ask("voucher", number, euros("1.39"))
        till.pay([(TenderKey("voucher"), euros("1.39"), number)])
    chain.look("015-1")


def test_a_voucher_shows_where_it_was_sold_and_spent(vouchers: tuple[House, str]) -> None:
    (_, bea, jana), number = vouchers
    page = jana.get(f"/vouchers/{number}").text
    assert "014-1" in page and "015-1" in page and "18.61" in page
    assert number in jana.get("/vouchers/?show=open").text
    assert number not in jana.get("/vouchers/?show=spent").text
    assert "015-1" not in bea.get(f"/vouchers/{number}").text


def test_a_blocked_voucher_is_taken_nowhere_until_it_is_freed(vouchers: tuple[House, str]) -> None:
    (chain, bea, jana), number = vouchers
    assert bea.client.post(f"/vouchers/{number}", data={"act": "block"}).status_code == 404
    assert jana.client.post(f"/vouchers/{number}", data={"act": "block"}).status_code == 303
    with pytest.raises(StepRefused):
        taken(chain, number)
    with chain.office.reading() as session:
        assert session.get_one(VoucherRow, (number, "EUR")).redeemed == 139
    assert entries(chain, "voucher-blocked")[-1].subject == number
    jana.client.post(f"/vouchers/{number}", data={"act": "free"})
    assert number in jana.get("/vouchers/?show=open").text
