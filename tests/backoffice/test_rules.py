"""Taxes, tenders, code ranges and programmes in the browser: at the tills by the clock, none by mistake."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from lxml import html

from schemas.coderule import CodeRule
from schemas.customer import Programme
from schemas.keys import Barcode, TenderKey
from schemas.money import Currency, Money
from schemas.tax import Tax
from schemas.tender import Tender
from services.database import changes
from tests.backoffice.conftest import Person
from tests.pretend.branch import MILK, Chain


def kept(chain: Chain, cls: type[Any], key: str) -> Any:
    with chain.office.reading() as session:
        return changes.one(session, cls, key)


def shown(person: Person, path: str) -> dict[str, str]:
    """What the form on a page holds."""
    page = html.fromstring(person.get(path).text)
    [form] = [each for each in page.forms if each.get("id") == "rule"]
    return dict(form.form_values())


def sent(person: Person, path: str, **typed: str) -> Any:
    """The form as the page shows it, with what somebody typed, sent back."""
    fields = shown(person, path)
    return person.client.post(path, data={**fields, **typed})


def test_a_new_rate_holds_from_its_moment_at_a_till_without_a_line(
    any_jana: Person, any_chain: Chain
) -> None:
    jana, chain = any_jana, any_chain
    chain.box("014-1")
    soon = datetime.now(UTC) + timedelta(days=40)
    local = soon.astimezone(ZoneInfo("Europe/Berlin")).strftime("%Y-%m-%dT%H:%M")
    answer = sent(jana, "/rules/tax/B|de", percent="5,5 %", **{"from": local})
    assert answer.status_code == 303, answer.text
    listed = html.fromstring(jana.get("/rules/").text).text_content()
    assert "5,5 % ab" in " ".join(listed.split())
    chain.publish()
    chain.look("014-1")
    for ahead, percent in ((timedelta(), Decimal(7)), (timedelta(days=41), Decimal("5.5"))):
        with chain.till("014-1", lambda ahead=ahead: datetime.now(UTC) + ahead) as till:  # type: ignore[misc]
            till.sign_in_unattended(till.catalogue.staff()[0])
            till.scan(Barcode(MILK.codes[0].value))
            till.pay([(TenderKey("cash"), till.basket.total)])
            assert till.last is not None
            assert [tax.percent for tax in till.last.taxes] == [percent]


def test_a_rate_that_has_begun_stays_and_one_to_come_may_go(
    any_jana: Person, any_chain: Chain
) -> None:
    jana, chain = any_jana, any_chain
    first = kept(chain, Tax, "B|de").rates[0]
    sent(jana, "/rules/tax/B|de", percent="8", **{"from": "2031-01-01T00:00"})
    coming = kept(chain, Tax, "B|de").rates[1]
    sent(jana, "/rules/tax/B|de", drop=first.begins.isoformat())
    assert kept(chain, Tax, "B|de").rates == (first, coming)
    sent(jana, "/rules/tax/B|de", drop=coming.begins.isoformat(), name="Ermäßigt")
    tax = kept(chain, Tax, "B|de")
    assert (tax.rates, tax.name) == ((first,), "Ermäßigt")
    past = sent(jana, "/rules/tax/B|de", percent="8", **{"from": "2020-01-01T00:00"})
    assert past.status_code == 422
    assert kept(chain, Tax, "B|de").rates == (first,)


def test_a_new_class_in_a_new_zone(any_jana: Person, any_chain: Chain) -> None:
    sent(
        any_jana, "/rules/tax/new", **{"class": "B", "zone": "at", "name": "10 %", "percent": "10"}
    )
    tax = kept(any_chain, Tax, "B|at")
    assert tax.percent(datetime(2020, 1, 1, tzinfo=UTC)) == 10
    again = sent(
        any_jana, "/rules/tax/new", **{"class": "B", "zone": "at", "name": "x", "percent": "1"}
    )
    assert again.status_code == 422
    assert kept(any_chain, Tax, "B|at") == tax


def test_foreign_money_is_taken_at_its_rate_and_taken_away_again(
    any_jana: Person, any_chain: Chain
) -> None:
    jana, chain = any_jana, any_chain
    sent(jana, "/rules/tender/new", key="chf", de="Franken", kind="cash", change="yes", drawer="yes",
         currency="chf", rate="0,95", most="200")  # fmt: skip
    tender = kept(chain, Tender, "chf")
    euro = Currency("EUR")
    assert (tender.currency, tender.rate, tender.most) == (
        "CHF",
        Decimal("0.95"),
        Money(20_000, euro),
    )
    chain.box("014-1")
    chain.publish()
    chain.look("014-1")
    with chain.till("014-1") as till:
        assert till.catalogue.tender(tender.key) == tender
    assert sent(jana, "/rules/tender/chf", rate="0,97").status_code == 303
    assert kept(chain, Tender, "chf").rate == Decimal("0.97")
    assert jana.post("/rules/tender/chf/remove").status_code == 303
    assert kept(chain, Tender, "chf") is None


def test_the_last_cash_stays(jana: Person, chain: Chain) -> None:
    answer = jana.post("/rules/tender/cash/remove")
    assert answer.status_code == 422
    assert "Wechselgeld" in answer.text
    assert kept(chain, Tender, "cash") is not None


@pytest.mark.parametrize(
    "typed", [{"kind": "card"}, {"currency": "CHF", "rate": "0,95"}], ids=["card", "foreign"]
)
def test_the_last_cash_does_not_become_something_else(
    jana: Person, chain: Chain, typed: dict[str, str]
) -> None:
    before = kept(chain, Tender, "cash")
    answer = sent(jana, "/rules/tender/cash", **typed)
    assert answer.status_code == 422
    assert "Wechselgeld" in answer.text
    assert kept(chain, Tender, "cash") == before


def test_one_that_is_collected_already_is_not_made_twice(jana: Person, chain: Chain) -> None:
    jana.post("/changes/", title="Neu")
    assert sent(jana, "/rules/tender/new", key="x", de="Erstes").status_code == 303
    assert sent(jana, "/rules/tender/new", key="x", de="Zweites").status_code == 422
    assert shown(jana, "/rules/tender/x")["de"] == "Erstes"


def test_the_last_cash_stays_in_a_set_too(jana: Person, chain: Chain) -> None:
    sent(jana, "/rules/tender/new", key="cash2", de="Bar 2", kind="cash", change="yes")
    jana.post("/changes/", title="Ohne Bargeld")
    assert jana.post("/rules/tender/cash2/remove").status_code == 303
    assert jana.post("/rules/tender/cash/remove").status_code == 422
    assert sent(jana, "/rules/tender/cash", kind="card").status_code == 422
    assert kept(chain, Tender, "cash2") is not None, "it is collected only"


def test_a_code_range_is_tried_before_tills_have_it(jana: Person, chain: Chain) -> None:
    form = {"key": "preis", "digits": "21aaaaapvvvvc", "value": "price", "decimals": "0"}
    tried = sent(jana, "/rules/code-rule/new", **form, probe="2112345302996", act="try")
    assert tried.status_code == 200
    assert kept(chain, CodeRule, "preis") is None
    wrong = sent(jana, "/rules/code-rule/new", **form, probe="2112345302990", act="try")
    assert "Prüfziffer stimmt nicht" in wrong.text
    none = sent(jana, "/rules/code-rule/new", **form, probe="9912345302990", act="try")
    assert "passt nicht zu diesem Aufbau" in none.text
    sent(jana, "/rules/code-rule/new", **form)
    assert kept(chain, CodeRule, "preis") == CodeRule("preis", "21aaaaapvvvvc", "price", 0)


@pytest.mark.parametrize(
    "digits", ["21", "21aaavaavvvvc", "21cccccpvvvvc", "21aaaaappvvvc", "21aaaacvvvvvv", "21aaaaapvvvc",
               "21aaaaapvvvvvvvc", "'; drop"],
)  # fmt: skip
def test_a_pattern_that_no_label_has_is_refused(jana: Person, chain: Chain, digits: str) -> None:
    answer = sent(jana, "/rules/code-rule/new", key="x", digits=digits, value="price")
    assert answer.status_code == 422
    assert kept(chain, CodeRule, "x") is None


def test_a_programme_comes_with_the_tender_of_its_points(jana: Person, chain: Chain) -> None:
    sent(
        jana, "/rules/programme/new", key="punkte", de="Punkte", worth="0,01", per="1", least="100"
    )
    programme = kept(chain, Programme, "punkte")
    euro = Currency("EUR")
    assert (programme.worth, programme.per, programme.least) == (
        Money(1, euro),
        Money(100, euro),
        100,
    )
    assert kept(chain, Tender, "punkte").programme == "punkte"


@pytest.mark.parametrize(
    ("kind", "typed", "field"),
    [("tender", {"key": "x", "kind": "other"}, "de"),
     ("tender", {"key": "x y|z", "de": "X"}, "key"),
     ("tender", {"key": "cash", "de": "Bar"}, "key"),
     ("tender", {"key": "x", "de": "X", "kind": "points"}, "programme"),
     ("tender", {"key": "x", "de": "X", "currency": "EUR", "rate": "1"}, "currency"),
     ("tender", {"key": "x", "de": "X", "currency": "CHF"}, "rate"),
     ("tender", {"key": "x", "de": "X", "rate": "0"}, "rate"),
     ("tender", {"key": "x", "de": "X", "least": "10", "most": "5"}, "most"),
     ("tender", {"key": "x", "de": "X", "most": "1.234"}, "most"),
     ("tender", {"key": "x", "de": "X", "copies": "12"}, "copies"),
     ("tender", {"key": "x", "de": "X", "copies": "0000000500"}, "copies"),
     ("programme", {"key": "cash", "de": "Bar", "worth": "1"}, "key"),
     ("tax", {"class": "Z", "zone": "de", "name": "Z", "percent": "101"}, "percent"),
     ("tax", {"class": "Z", "zone": "de", "name": "Z"}, "percent"),
     ("tax", {"class": "Z", "zone": "", "name": "Z", "percent": "1"}, "zone"),
     ("programme", {"key": "x", "de": "X", "worth": "0"}, "worth"),
     ("programme", {"key": "x", "de": "X", "worth": "1", "group": "none"}, "group")],
)  # fmt: skip
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_kept(
    jana: Person, chain: Chain, kind: str, typed: dict[str, str], field: str
) -> None:
    before = every(chain)
    answer = sent(jana, f"/rules/{kind}/new", **typed)
    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    assert page.xpath(f"//*[@id='wrong-{field}']"), answer.text
    assert page.xpath(f"//*[@id='{field}']/@value")[:1] in ([typed.get(field, "")], [])
    assert every(chain) == before


def every(chain: Chain) -> list[Any]:
    with chain.office.reading() as session:
        return [
            each for cls in (Tax, Tender, CodeRule, Programme)
            for each in changes.every(session, cls)
        ]  # fmt: skip


def test_two_editors_meet(jana: Person, chain: Chain) -> None:
    fields = shown(jana, "/rules/tender/card")
    jana.client.post("/rules/tender/card", data={**fields, "de": "Girokarte"})
    late = jana.client.post("/rules/tender/card", data={**fields, "de": "Kreditkarte"})
    assert late.status_code == 409
    assert "Kreditkarte" in late.text, "what was typed is still there"
    assert kept(chain, Tender, "card").de == "Girokarte"


def test_they_are_collected_like_everything_else(jana: Person, chain: Chain) -> None:
    jana.post("/changes/", title="Neue Steuern")
    sent(jana, "/rules/tax/B|de", percent="8")
    sent(jana, "/rules/tax/B|de", name="Ermäßigt")
    assert len(kept(chain, Tax, "B|de").rates) == 1
    page = jana.get("/rules/tax/B|de").text
    assert "Ermäßigt" in page
    assert "8 %" in " ".join(page.split())
    assert "gesammelt" in jana.get("/rules/").text
    jana.post("/changes/1/release", when="now")
    tax = kept(chain, Tax, "B|de")
    assert (tax.name, len(tax.rates)) == ("Ermäßigt", 2)


def test_a_rate_that_is_collected_begins_with_the_release(jana: Person, chain: Chain) -> None:
    jana.post("/changes/", title="Neue Steuern")
    sent(jana, "/rules/tax/B|de", percent="8")
    sent(jana, "/rules/tax/B|de", percent="9")
    before = datetime.now(UTC)
    jana.post("/changes/1/release", when="now")
    tax = kept(chain, Tax, "B|de")
    assert [rate.percent for rate in tax.rates] == [7, 9]
    assert tax.rates[1].begins >= before, "what was sold until then was taxed as before"
