"""Whatever an address or a form says, the answer is a page or a refusal, never a fault of ours."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import Rule

from backoffice import create_app
from backoffice.turnover.views import MOST_DAYS
from schemas.keys import Barcode
from services.database import organisation, people
from services.register import sliplink
from tests.backoffice.conftest import PASSWORD, Person
from tests.pretend.branch import Chain

HOSTILE = (
    "", "0", "-1", "9" * 20, "9" * 5000, "3000000000", "1e9999", "٣", "1,5", "0001-01-01", "9999-12-31",
    "9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+23:00", "\0", "a\0b", "%", "\\", "' or 1=1",
    "014-2 999999999", "99999999-9", "../../etc/passwd", "<script>", "\u202e\ud7ff\U0010ffff", "{}",
    "None", "now", "at", "-name", "x" * 2000,
)  # fmt: skip
STREAMS = {"live.stream"}
KEPT_OUT = {"static", "sheet", "door.sign_out"}


class Heard(ImmutableMultiDict[str, str]):
    """Values of a request that note which names a page asks for."""

    names: set[str] = set()  # noqa: RUF012 (shared on purpose)

    def __contains__(self, name: object) -> bool:
        Heard.names.add(str(name))
        return super().__contains__(name)

    def get(self, name: Any, *rest: Any, **named: Any) -> Any:  # type: ignore[override]
        """The value, as ever."""
        Heard.names.add(str(name))
        return super().get(name, *rest, **named)


@pytest.fixture
def open_house(any_chain: Chain) -> Iterator[tuple[Flask, Person, dict[str, str]]]:
    """Head office with a receipt, without form tokens, and Jana in it."""
    with any_chain.till("014-1") as till:
        till.scan(Barcode("4012345678901"))
        receipt, *_ = till.pay()
    any_chain.look("014-1")
    with any_chain.office.session() as session:
        people.make_user(session, "jana", PASSWORD, language="de")
        secret = session.get_one(organisation.Unit, ("company", "company")).secret
    app = create_app(any_chain.office.directory, any_chain.office.url)
    app.config.update(WTF_CSRF_ENABLED=False, PACED=False)
    app.request_class = type("Asked", (app.request_class,), {"parameter_storage_class": Heard})
    client = app.test_client()
    assert client.post("/sign-in", data={"name": "jana", "password": PASSWORD}).status_code == 303
    given = {
        "key": "40122", "name": "014-1", "branch": "014", "till": "1", "series": receipt.series,
        "number": str(receipt.number), "payment": "0", "user": "jana", "voucher": "V1", "scope": "chain", "what": "articles", "ending": "csv", "kind": "article", "page": "articles", "article": "40122", "receipt": receipt.name,
        "seal": sliplink.seal(receipt.name, secret), "digest": "0" * 64, "addendum": "0",
        "supplier": "dairy",
    }  # fmt: skip
    yield app, Person(client), given
    app.extensions["office"].close()


def address(rule: Rule, values: dict[str, str]) -> str:
    """A rule's address with whatever stands for its parts, allowed or not."""
    parts = [
        urllib.parse.quote(values[text], safe="") if is_part else text
        for is_part, text in rule._trace
    ]  # url_for would refuse what no converter takes
    return "".join(parts).partition("|")[2]


@pytest.mark.slow
def test_nothing_that_an_address_or_a_form_says_breaks_a_page(
    open_house: tuple[Flask, Person, dict[str, str]],
) -> None:
    app, jana, given = open_house
    tried = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint in KEPT_OUT:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            for path, values in attacks(app, jana, rule, method, given):
                sent: dict[str, Any] = (
                    {"query_string": values} if method == "GET" else {"data": values}
                )
                answer = jana.client.open(path, method=method, buffered=False, **sent)
                assert answer.status_code < 500, (method, path, values)
                answer.close()
                tried += 1
    assert tried > 1000


def attacks(
    app: Flask, jana: Person, rule: Rule, method: str, given: dict[str, str]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Each part of the address, and each name that the page asks for, with each hostile value."""
    plain = address(rule, given)
    for name in rule.arguments:
        for hostile in HOSTILE:
            yield address(rule, {**given, name: hostile}), {}
    if rule.endpoint in STREAMS:
        return
    Heard.names.clear()
    for values in ({}, {"amount": "1", "when": "at", "from": "2026-01-01", "q": "x"}):
        sent: dict[str, Any] = {"query_string": values} if method == "GET" else {"data": values}
        jana.client.open(plain, method=method, **sent)
    wanted = {"when": "at", "amount": "1,49"} if {"when", "at"} <= Heard.names else {}
    for name in sorted(Heard.names - {"csrf_token"}):
        for hostile in HOSTILE:
            yield plain, {**wanted, name: hostile}


def test_a_day_before_all_days_is_taken_for_the_first_there_is(jana: Person) -> None:
    assert "01.01.1970" in jana.get("/turnover/?from=0001-01-01").text


def test_the_report_by_day_has_an_end(jana: Person) -> None:
    page = jana.get("/turnover/?by=day&from=0001-01-01&size=200")
    assert f"höchstens {MOST_DAYS} Tage" in page.text
    assert f"von {MOST_DAYS}" in page.text and len(page.data) < 1_000_000
    assert "höchstens" not in jana.get("/turnover/?by=day").text


@pytest.mark.parametrize(
    ("at", "said"),
    [("9999-12-31T23:59:59-23:00", "zu weit"), ("0001-01-01T00:00+23:00", "vorbei"),
     ((datetime.now(UTC) + timedelta(days=4000)).strftime("%Y-%m-%dT%H:%M"), "zu weit")],
)  # fmt: skip
def test_a_price_begins_in_our_days(jana: Person, at: str, said: str) -> None:
    answer = jana.post("/articles/40122/price", htmx=True, amount="1,59", when="at", at=at)
    assert answer.status_code == 422 and said in answer.text
