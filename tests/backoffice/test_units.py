"""The organisation in the browser: settings with where they come from, profiles, moving, adding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from backoffice import create_app
from backoffice.branches import forms
from backoffice.words import catalogue
from schemas.settings import Settings
from services.database import organisation, people
from services.database.organisation import Unit
from services.database.readings import TYPED
from services.demo.chain import Seat
from services.evaluation import settings
from services.till.till import Till
from tests.backoffice.conftest import PASSWORD, Person
from tests.backoffice.test_users import send
from tests.pretend.branch import Chain

SEATS = (Seat("014", "Neustadt", "Weg 1", 2), Seat("015", "Altstadt", "Weg 2", 1))
SET = "/units/{}/setting"


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    """Two branches below one region."""
    made = Chain(tmp_path, seats=SEATS)
    yield made
    made.office.close()


@pytest.fixture
def app(chain: Chain) -> Iterator[Flask]:
    """Head office with Jana, and Bea of 014."""
    with chain.office.session() as session:
        people.make_user(session, "jana", PASSWORD, language="de")
        people.make_user(session, "bea", PASSWORD, branch="014", language="de")
    made = create_app(chain.office.directory)
    yield made
    made.extensions["office"].close()


def own(chain: Chain, name: str) -> Settings:
    """A till's settings as it has them, after the worker's and its agent's look."""
    chain.publish()
    chain.look(name)
    with chain.till(name) as till:
        return till.catalogue.own


def set_(person: Person, unit: str, name: str, value: str = "", act: str = "set") -> int:
    """Set a setting of a unit."""
    answer = person.post(SET.format(unit), name=name, value=value, act=act)
    return int(answer.status_code)


def reach(chain: Chain, kind: str, key: str, name: str) -> int:
    """How many tills a change of a unit's setting reaches."""
    with chain.office.reading() as session:
        return settings.of(session, session.get_one(Unit, (kind, key)))[name].reach


def test_a_setting_is_inherited_overridden_and_inherited_again(chain: Chain, jana: Person) -> None:
    assert set_(jana, "region/east", "printer", "tcp:10.0.0.9") == 303
    assert own(chain, "014-1").printer == "tcp:10.0.0.9"
    page = jana.get("/units/till/014-1").text
    assert "von Region Ost" in page and "tcp:10.0.0.9" in page
    assert set_(jana, "till/014-1", "printer", "usb:04b8:0202") == 303
    assert own(chain, "014-1").printer == "usb:04b8:0202"
    assert own(chain, "014-2").printer == "tcp:10.0.0.9"
    assert set_(jana, "till/014-1", "printer", act="inherit") == 303
    assert own(chain, "014-1").printer == "tcp:10.0.0.9"


def test_how_many_tills_a_change_reaches_is_said_before_it_is_saved(
    chain: Chain, jana: Person
) -> None:
    assert "Für 3 Kassen setzen" in jana.get("/units/company/company?edit=printer").text
    set_(jana, "branch/014", "printer", "tcp:10.0.0.9")
    assert "Für 1 Kasse setzen" in jana.get("/units/company/company?edit=printer").text
    assert reach(chain, "region", "east", "printer") == 1
    assert reach(chain, "branch", "014", "printer") == 2
    set_(jana, "till/014-2", "printer", "tcp:10.0.0.8")
    assert reach(chain, "branch", "014", "printer") == 1


@pytest.mark.parametrize(
    ("name", "value", "like"),
    [("printer", "lpt1", "wie tcp:"), ("float_", "viel", "wie 150,00"),
     ("float_", "-1.00 EUR", "wie 150,00"), ("float_", "1.234", "wie 150,00"), ("time_zone", "Mars/North", "wie Europe/Berlin"),
     ("currency", "Euro", "wie EUR"), ("count_attempts", "0", "von 1 bis 99"),
     ("return_days", "drei", "von 0 bis 3650"), ("receipt_link", "http://x", "wie https://"),
     ("staff_days", "999", "von 1 bis 365")],
)  # fmt: skip
def test_what_cannot_be_names_the_setting_and_what_it_should_look_like(
    jana: Person, name: str, value: str, like: str
) -> None:
    answer = jana.post(SET.format("company/company"), name=name, value=value)
    assert answer.status_code == 422
    assert like in answer.text and f'value="{value}"' in answer.text


def test_an_amount_is_typed_and_shown_as_people_write_it(chain: Chain, jana: Person) -> None:
    for typed in ("120,5", "120,50 EUR", "120.50 EUR", "120,50 €"):
        set_(jana, "till/014-1", "float_", typed)
        assert str(own(chain, "014-1").float_) == "120.50 EUR", typed
    page = jana.get("/units/till/014-1").text
    assert "120,50" in page and "120.50" not in page
    assert 'value="120,50"' in jana.get("/units/till/014-1?edit=float_").text


def test_a_setting_that_a_till_needs_cannot_be_taken_away(chain: Chain, jana: Person) -> None:
    assert set_(jana, "company/company", "currency", act="inherit") == 422
    with chain.office.reading() as session:
        assert session.get_one(Unit, ("company", "company")).currency == "EUR"


def test_what_is_not_there_cannot_be_chosen(jana: Person) -> None:
    assert set_(jana, "branch/014", "layout", "secret") == 422
    assert set_(jana, "branch/014", "tax_zone", "mars") == 422
    assert set_(jana, "till/014-1", "release_review", "true") == 422
    assert set_(jana, "till/014-1", "nonsense", "true") == 422


def test_a_till_profile_changes_all_tills_that_take_it_without_a_restart(
    chain: Chain, jana: Person
) -> None:
    form = {"kind": "profile", "parent": "company company", "key": "fresh", "name": "Frischetheke"}
    assert send(jana, "/units/new", **form).status_code == 303
    assert set_(jana, "profile/fresh", "scale", "dialog06:/dev/ttyS0") == 303
    for name in ("014-2", "015-1"):
        assert set_(jana, f"till/{name}", "takes", "fresh") == 303
    assert own(chain, "014-1").scale is None
    assert own(chain, "014-2").scale == own(chain, "015-1").scale == "dialog06:/dev/ttyS0"
    with Till(chain.box("015-1"), lambda: datetime.now(UTC)) as till:
        assert set_(jana, "profile/fresh", "scale", "nci:/dev/ttyS1") == 303
        assert reach(chain, "profile", "fresh", "scale") == 2
        chain.publish()
        chain.look("015-1")
        till.catalogue.renew()  # what the till does between two receipts
        assert till.catalogue.own.scale == "nci:/dev/ttyS1"
    page = jana.get("/units/till/014-2").text
    assert "von Frischetheke" in page
    set_(jana, "till/014-2", "scale", "pretend")
    assert own(chain, "014-2").scale == "pretend"  # its own goes before the profile's


def test_a_profile_taken_by_a_branch_goes_before_the_region(chain: Chain, jana: Person) -> None:
    jana.post("/units/new", kind="profile", parent="company company", key="p1", name="Profil")
    set_(jana, "region/east", "display", "window")
    set_(jana, "profile/p1", "display", "pretend")
    set_(jana, "branch/014", "takes", "p1")
    assert own(chain, "014-1").display == "pretend"
    assert own(chain, "015-1").display == "window"


def test_a_branch_is_moved_by_form_and_by_dragging(chain: Chain, jana: Person) -> None:
    form = {"kind": "region", "parent": "company company", "key": "west", "name": "Region West"}
    send(jana, "/units/new", **form)
    set_(jana, "region/west", "float_", "99.00 EUR")
    answer = jana.post("/units/branch/015", name="Altstadt", parent="region west")
    assert answer.status_code == 303
    assert str(own(chain, "015-1").float_) == "99.00 EUR"
    jana.post("/units/move", unit="branch 014", parent="region west")
    assert str(own(chain, "014-1").float_) == "99.00 EUR"
    for unit, parent in (("region west", "region west"), ("branch 014", "branch 015"),
                         ("till 014-1", "branch 015"), ("branch 014", "region mars")):  # fmt: skip
        answer = jana.post("/units/move", unit=unit, parent=parent)
        assert answer.location.endswith("said=cannot"), unit
    jana.post("/units/move", unit="region east", parent="region west")
    answer = jana.post("/units/move", unit="region west", parent="region east")
    assert answer.location.endswith("said=cannot")  # it would lie below itself


def test_a_new_branch_sells_as_soon_as_its_till_is_enrolled(chain: Chain, jana: Person) -> None:
    form = {"kind": "branch", "parent": "region east", "key": "016", "name": "Hafen", "tills": "2"}
    assert send(jana, "/units/new", **form).status_code == 303
    answer = jana.post("/units/new", kind="till", parent="branch 016", key="3", name="Kasse 3")
    assert answer.location == "/units/till/016-3"
    fresh = {"key": "kim", "name": "Kim Roth", "role": "cashier", "pin": "2468", "where": "016"}
    assert send(jana, "/cashiers/new", **fresh).status_code == 303
    chain.publish()
    chain.look("016-3")
    with Till(chain.box("016-3"), lambda: datetime.now(UTC)) as till:
        assert (till.catalogue.own.branch_name, till.catalogue.own.till) == ("Hafen", "3")


@pytest.mark.parametrize(
    ("field", "value"),
    [("key", "014"), ("key", "a b"), ("key", ""), ("name", ""), ("parent", "till 014-1"),
     ("kind", "company"), ("parent", "region mars"), ("key", "x" * 13)],
)  # fmt: skip
def test_a_unit_that_cannot_be_is_not_made(jana: Person, field: str, value: str) -> None:
    form = {"kind": "branch", "parent": "region east", "key": "016", "name": "Hafen"}
    answer = send(jana, "/units/new", **{**form, field: value})
    assert answer.status_code == 422


def test_two_edits_of_one_unit_are_collected_and_hold_together(chain: Chain, jana: Person) -> None:
    jana.post("/changes/", title="Umbau")
    assert set_(jana, "till/014-1", "scale", "pretend") == 303
    assert set_(jana, "till/014-1", "display", "window") == 303
    assert own(chain, "014-1").scale is None
    assert "Im Änderungssatz" in jana.get("/units/till/014-1?said=collected").text
    assert jana.post("/changes/1/release", when="now", reach="all").status_code == 303
    now = own(chain, "014-1")
    assert (now.scale, now.display) == ("pretend", "window")
    assert jana.post("/changes/1/undo").status_code in {200, 303}
    assert own(chain, "014-1").scale is None


def test_who_saw_an_older_state_is_told(chain: Chain, jana: Person) -> None:
    page = jana.get("/units/branch/014").text
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    set_(jana, "branch/014", "printer", "tcp:10.0.0.9")
    answer = jana.post(SET.format("branch/014"), name="printer", value="tcp:1.1.1.1", seen=seen)
    assert answer.status_code == 409 and "inzwischen geändert" in answer.text


def test_a_branch_manager_sets_devices_and_not_taxes(app: Flask, chain: Chain) -> None:
    bea = Person(app.test_client())
    bea.sign_in("bea")
    assert set_(bea, "till/014-1", "printer", "tcp:10.0.0.9") == 303
    assert set_(bea, "branch/014", "tax_zone", "de") == 403
    assert set_(bea, "till/015-1", "printer", "tcp:10.0.0.9") == 404
    assert bea.get("/units/region/east").status_code == 404
    assert bea.post("/units/branch/014", name="Meine").status_code == 404
    page = bea.get("/units/branch/014").text
    assert "edit=printer" in page and "edit=tax_zone" not in page and "Altstadt" not in page


def test_every_setting_stands_in_one_group_with_its_words(app: Flask) -> None:
    grouped = [name for _, names in forms.GROUPS for name in names]
    assert sorted(grouped) == sorted(TYPED)
    assert set(organisation.RULES) | set(organisation.INHERITED) <= set(TYPED)
    for kind in ("setting", "setting-like", "unset"):
        assert {f"{kind}.{name}" for name in TYPED} <= set(catalogue("de")), kind


def test_an_own_value_says_what_it_overrides_and_a_level_who_overrides_it(
    chain: Chain, jana: Person
) -> None:
    set_(jana, "company/company", "return_days", "30")
    set_(jana, "branch/014", "return_days", "14")
    row = re.search(r'<tr id="return_days".*?</tr>', jana.get("/units/branch/014").text, re.DOTALL)
    assert row and "sonst 30 von" in row.group(0) and "Eigene darunter" not in row.group(0)
    row = re.search(
        r'<tr id="return_days".*?</tr>', jana.get("/units/company/company").text, re.DOTALL
    )
    assert row and re.search(
        r'Eigene darunter:</span> <a class="tag" href="/units/branch/014[^"]*">Neustadt</a>',
        row.group(0),
    )
    set_(jana, "branch/014", "return_days", "", act="inherit")
    row = re.search(
        r'<tr id="return_days".*?</tr>', jana.get("/units/company/company").text, re.DOTALL
    )
    assert row and "Eigene darunter" not in row.group(0)
