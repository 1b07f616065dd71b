"""Taxes in the browser: a rate from a moment on, a zone of one's own, and two who change the same."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from schemas import xml
from schemas.tax import Tax
from services.database import changes
from tests.backoffice.conftest import Person
from tests.pretend.branch import Chain

BERLIN = ZoneInfo("Europe/Berlin")
SOON = (datetime.now(BERLIN) + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)


def tax(chain: Chain, key: str) -> Tax | None:
    """A tax as head office keeps it."""
    with chain.office.reading() as session:
        document = changes.current(session, changes.CHAIN, "tax", key)
    return xml.load(Tax, document) if document else None


def home(chain: Chain) -> tuple[str, str]:
    """A key and an address of a tax that is there."""
    with chain.office.reading() as session:
        key = min(changes.keys(session, changes.CHAIN, "tax"))
    return key, f"/taxes/{key.replace('|', '/')}"


def send(jana: Person, address: str, **form: str) -> int:
    """Send the form of a tax as its page has it now."""
    seen = re.search(r'name="seen" value="(\d+)"', jana.get(address).text)
    assert seen
    given: dict[str, Any] = {
        "seen": seen.group(1),
        "name": "Normal",
        "when": "now",
        "at": "",
        **form,
    }
    return int(jana.post(address, **given).status_code)


def test_a_rate_from_a_moment_on_is_at_the_till_before_and_is_taken_away_again(
    chain: Chain, jana: Person
) -> None:
    key, address = home(chain)
    at = SOON.strftime("%Y-%m-%dT%H:%M")
    assert send(jana, address, percent="20,5 %", when="at", at=at) == 303
    found = tax(chain, key)
    assert found is not None and found.percent(SOON) == Decimal("20.5")
    chain.publish()
    chain.look("014-1")
    with chain.till("014-1", lambda: SOON) as till:
        levy = till.catalogue.levy(found.class_, SOON)
        before = till.catalogue.levy(found.class_, SOON - timedelta(seconds=1))
        assert levy is not None and before is not None
        assert (levy.percent, before.percent) == (Decimal("20.5"), found.rates[0].percent)
    page = jana.get("/taxes/").text
    assert re.search(r"20,5\s*%", page), "the list says what comes"
    coming = found.rates[-1].begins.isoformat()
    assert send(jana, address, act="remove", rate=coming) == 303
    gone = tax(chain, key)
    assert gone is not None and len(gone.rates) == 1


def test_a_rate_that_has_begun_is_not_taken_away(chain: Chain, jana: Person) -> None:
    key, address = home(chain)
    found = tax(chain, key)
    assert found is not None
    assert send(jana, address, act="remove", rate=found.rates[0].begins.isoformat()) == 422
    assert tax(chain, key) == found


@pytest.mark.parametrize(
    "wrong",
    [
        {"percent": "viel"}, {"percent": "-1"}, {"percent": "100,1"}, {"percent": "1,2345"},
        {"percent": "NaN"}, {"percent": "1e1"}, {"percent": ""}, {"percent": "19", "name": ""},
        {"percent": "19", "when": "at", "at": "2020-01-01T00:00"},
        {"percent": "19", "when": "at", "at": "morgen"}, {"percent": "19", "name": "a\x07b"},
    ],
)  # fmt: skip
def test_what_is_no_rate_is_refused_and_what_was_typed_is_kept(
    chain: Chain, jana: Person, wrong: dict[str, str]
) -> None:
    key, address = home(chain)
    before = tax(chain, key)
    assert send(jana, address, **wrong) == 422
    assert tax(chain, key) == before


def test_a_new_zone_can_be_chosen_by_a_branch(chain: Chain, jana: Person) -> None:
    form: dict[str, Any] = {
        "class": "A",
        "zone": "ch",
        "name": "MWST",
        "percent": "8,1",
        "when": "now",
    }
    assert jana.post("/taxes/new", **form).status_code == 303
    made = tax(chain, "A|ch")
    assert made is not None and made.rates[0].percent == Decimal("8.1")
    assert jana.post("/taxes/new", **form).status_code == 422, "it is there already"
    assert jana.post("/taxes/new", **{**form, "zone": "a|b"}).status_code == 422
    answer = jana.post("/units/branch/014/setting", name="takeaway_zone", value="ch")
    assert answer.status_code == 303
    assert "Neustadt" in jana.get("/taxes/").text


def test_of_two_who_change_a_tax_the_later_is_told(chain: Chain, jana: Person) -> None:
    key, address = home(chain)
    seen = re.search(r'name="seen" value="(\d+)"', jana.get(address).text)
    assert seen
    assert send(jana, address, percent="21") == 303
    late = jana.post(address, seen=seen.group(1), name="Normal", percent="22", when="now")
    assert late.status_code == 409 and 'value="22"' in late.text
    found = tax(chain, key)
    assert found is not None and found.rates[-1].percent == 21


def test_a_rate_is_collected_and_holds_from_the_release_on(chain: Chain, jana: Person) -> None:
    key, address = home(chain)
    jana.post("/changes/", title="Steuern")
    assert send(jana, address, percent="21") == 303
    found = tax(chain, key)
    assert found is not None and len(found.rates) == 1
    assert "21" in jana.get(address).text, "the page goes on from what was collected"
    assert jana.post("/changes/1/release", when="now", reach="all").status_code == 303
    after = tax(chain, key)
    assert after is not None and after.rates[-1].percent == 21
