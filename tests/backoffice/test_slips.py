"""A customer's own page: by the sealed address that the till showed, and by no other."""

from __future__ import annotations

import pytest

from backoffice import create_app
from schemas.keys import Barcode
from services.database import organisation
from services.register import sliplink
from tests.pretend.branch import Chain

MILK = Barcode("4012345678901")


def linked(chain: Chain) -> None:
    """Head office says where customers reach it."""
    with chain.office.session() as session:
        company = organisation.company(session)
        assert company is not None
        company.rules = {"receipt_link": organisation.public_address("https://office.example/")}
        session.flush()
        organisation.announce(session, "company", company.key, "test")
    chain.publish()


def test_the_address_that_the_till_showed_opens_the_slip_once_it_is_here(chain: Chain) -> None:
    linked(chain)
    with chain.till("014-1") as till:
        till.scan(MILK)
        receipt, _ = till.pay()
        address = sliplink.address(receipt, till.catalogue.own)
        rows = [row.text.strip() for row in till.prints.rows(receipt)]
    assert address is not None and address.startswith("https://office.example/slip/014-1-1-1/")
    path = address.removeprefix("https://office.example")
    app = create_app(chain.office.directory)
    client = app.test_client()
    soon = client.get(path)
    assert (soon.status_code == 200 and "still on its way" in soon.text) or "unterwegs" in soon.text
    chain.look("014-1")
    page = client.get(path)
    assert page.status_code == 200 and page.headers["X-Robots-Tag"] == "noindex"
    assert all(row in page.text for row in rows if row and "&" not in row)
    name, seal = path.split("/")[-2:]
    for wrong in (
        f"/slip/{name}/{seal[:-1]}{'0' if seal[-1] != '0' else '1'}",
        f"/slip/014-1-1-2/{seal}", f"/slip/{name}/{'é' * 32}", f"/slip/x/{seal}",
        f"/slip/{name}-1/{seal}",
    ):  # fmt: skip
        assert client.get(wrong).status_code == 404, wrong
    app.extensions["office"].close()


def test_practice_and_chains_without_such_pages_show_none(chain: Chain) -> None:
    with chain.till("014-1") as till:
        till.scan(MILK)
        assert sliplink.address(till.pay()[0], till.catalogue.own) is None
    linked(chain)
    chain.look("014-1")
    with chain.till("014-1") as till:
        till.train(training=True)
        till.scan(MILK)
        assert sliplink.address(till.pay()[0], till.catalogue.own) is None


@pytest.mark.parametrize(
    "text", ["http://office.example", "https://", "https://a b", "https://u:p@x.example",
             "https://x.example/?a", "javascript:alert(1)", "https://x.example/" + "y" * 120]
)  # fmt: skip
def test_an_address_that_no_customer_should_open_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write it as in"):
        organisation.public_address(text)
