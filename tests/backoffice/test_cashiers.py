"""Cashiers and their roles: made, PIN and badge, effective rights, leavers off all tills, the matrix."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from backoffice import create_app
from backoffice.people import roles as matrix
from schemas import xml
from schemas.staff import Role
from services.database import changes, people
from services.database.changes import CHAIN
from services.database.people import StaffRow
from services.demo.chain import Seat
from services.register import permission
from services.register.refusal import StepRefused
from services.till.signin import SignInRefused
from services.till.till import Till
from tests.backoffice.conftest import PASSWORD, Person
from tests.backoffice.test_users import entries, send
from tests.pretend.branch import Chain

SEATS = (Seat("014", "Neustadt", "Weg 1", 2), Seat("015", "Altstadt", "Weg 2", 1))
LUIS = {"name": "Luis Ortega", "key": "luis", "role": "cashier", "language": "es", "pin": "2468"}


@pytest.fixture
def chain(tmp_path: object) -> Iterator[Chain]:
    """Two branches."""
    made = Chain(tmp_path, seats=SEATS)  # type: ignore[arg-type]
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


def signed_in(chain: Chain, till: str, key: str, pin: str) -> str:
    """Who sells at a till after this PIN, as it is there now."""
    chain.look(till)
    box = chain.box(till)
    with Till(box, lambda: datetime.now(UTC)) as made:
        person = made.catalogue.person_now(key)  # type: ignore[arg-type]
        if person is None:
            return "nobody"
        made.sign_in(person, pin)
        assert made.cashier is not None
        return made.cashier.name


def test_somebody_new_sells_in_their_branches_and_nowhere_else(chain: Chain, jana: Person) -> None:
    answer = send(jana, "/cashiers/new", **LUIS, where=["014"])
    assert answer.status_code == 303
    chain.publish()
    assert signed_in(chain, "014-1", "luis", "2468") == "Luis Ortega"
    assert signed_in(chain, "015-1", "luis", "2468") == "nobody"
    page = jana.get("/cashiers/luis").text
    assert "2468" not in page and "$argon2id" not in page
    found = jana.get("/cashiers/?q=ortega&role=cashier").text
    assert "Luis Ortega" in found and "Mira" not in found


@pytest.mark.parametrize(
    ("field", "value"),
    [("pin", "1234"), ("pin", "7777"), ("pin", "24680"), ("key", "a/b"), ("name", ""),
     ("role", "king"), ("where", "999"), ("badge", "short"), ("key", "mira")],
)  # fmt: skip
def test_what_cannot_be_is_said_and_kept(jana: Person, field: str, value: str) -> None:
    answer = send(jana, "/cashiers/new", **{**LUIS, "where": "014", field: value})
    assert answer.status_code == 422
    page = answer.text
    assert 'role="alert"' in page and "2468" not in page


def test_another_pin_holds_at_once_though_a_change_set_is_collected(
    chain: Chain, jana: Person
) -> None:
    jana.post("/changes/", title="Winter")
    assert jana.post("/cashiers/mira/pin", pin="8642").status_code == 303
    chain.publish()
    assert signed_in(chain, "014-1", "mira", "8642") == "Mira Köhler"
    with pytest.raises(SignInRefused):
        signed_in(chain, "014-1", "mira", "1111")
    assert entries(chain, "pin-set")[-1].subject == "mira"
    shown = jana.get(f"/log/{entries(chain, 'pin-set')[-1].number}").text
    assert "$argon2id" not in shown and "8642" not in shown


def test_a_badge_is_issued_and_revoked(chain: Chain, jana: Person) -> None:
    assert jana.post("/cashiers/mira/badge", badge="T-0123456789").status_code == 303
    chain.publish()
    chain.look("015-1")
    with Till(chain.box("015-1"), lambda: datetime.now(UTC)) as till:
        till.sign_in_by_badge("T-0123456789")
        assert till.cashier and till.cashier.key == "mira"
    with chain.office.reading() as session:
        row = session.get_one(StaffRow, ("mira", "014"))
        assert row.badge and "T-0123456789" not in row.badge
    send(jana, "/cashiers/new", **LUIS, where=["014"])
    assert jana.post("/cashiers/luis/badge", badge="T-0123456789").status_code == 422  # worn
    jana.post("/cashiers/mira/badge", act="revoke")
    chain.publish()
    chain.look("015-1")
    with (
        Till(chain.box("015-1"), lambda: datetime.now(UTC)) as till,
        pytest.raises(SignInRefused),
    ):
        till.sign_in_by_badge("T-0123456789")


def test_a_leaver_is_off_all_tills_within_a_minute(chain: Chain, jana: Person) -> None:
    jana.post("/cashiers/mira/badge", badge="T-0123456789")
    chain.publish()
    for till in chain.tills:
        chain.look(till)
    jana.post("/changes/", title="Winter")  # even while something is collected
    began = datetime.now(UTC)
    assert jana.post("/cashiers/mira/leave").status_code == 303
    chain.publish()
    for name in chain.tills:
        assert signed_in(chain, name, "mira", "1111") == "nobody"
        with Till(chain.box(name), lambda: datetime.now(UTC)) as opened:
            assert opened.catalogue.staff() == []
            with pytest.raises(SignInRefused):
                opened.sign_in_by_badge("T-0123456789")
    assert datetime.now(UTC) - began < timedelta(seconds=60)
    assert entries(chain, "staff-left")[-1].said == {"branches": "014, 015"}
    assert "Mira Köhler" in jana.get("/cashiers/?state=left").text


def test_who_is_signed_in_as_a_leaver_can_approve_nothing(chain: Chain, jana: Person) -> None:
    with chain.till("014-1") as till:
        person = till.catalogue.staff()[0]
        jana.post("/cashiers/mira/leave")
        chain.publish()
        chain.look("014-1")
        with pytest.raises(StepRefused, match="sign in here"):
            till.rights.approve(person, "1111", "open-drawer")


def test_a_branch_manager_speaks_for_their_branch_alone(chain: Chain, app: Flask) -> None:
    bea = Person(app.test_client())
    bea.sign_in("bea")
    answer = send(bea, "/cashiers/new", **LUIS, where=["015"])
    assert answer.status_code == 422
    assert bea.post("/cashiers/mira/leave").status_code == 303
    chain.publish()
    assert signed_in(chain, "014-1", "mira", "1111") == "nobody"
    assert signed_in(chain, "015-1", "mira", "1111") == "Mira Köhler"
    assert bea.get("/cashiers/mira").status_code == 404
    assert bea.get("/roles/").status_code == 404


def test_names_roles_and_branches_can_be_collected(chain: Chain, jana: Person) -> None:
    jana.post("/changes/", title="Winter")
    form = {"name": "Mira Köhler-Lang", "role": "cashier", "language": "de", "where": ["014"]}
    answer = send(jana, "/cashiers/mira", **form)
    assert answer.location.endswith("said=collected")
    with chain.office.reading() as session:
        assert session.get_one(StaffRow, ("mira", "014")).name == "Mira Köhler"
    assert jana.post("/changes/1/release", when="now", reach="all").status_code == 303
    with chain.office.reading() as session:
        assert session.get_one(StaffRow, ("mira", "014")).name == "Mira Köhler-Lang"
        assert session.get(StaffRow, ("mira", "015")) is None


def role(chain: Chain, key: str = "cashier", scope: str = CHAIN) -> Role:
    """A role as head office says it now."""
    with chain.office.reading() as session:
        found = changes.current(session, scope, "role", key)
    assert found is not None
    return xml.load(Role, found)


def cells(chain: Chain, **changed: str) -> dict[str, object]:
    """The whole matrix as its page sends it, with some cells changed; "" takes one out."""
    form: dict[str, object] = {"right": list(permission.RIGHTS)}
    for key in ("cashier", "manager"):
        for right in role(chain, key).rights:
            form[f"has|{key}|{right.name}"] = "y"
            limit = "" if right.limit is None else f"{right.limit:f}".replace(".", ",")
            form[f"most|{key}|{right.name}"] = limit
    form |= changed
    return {name: value for name, value in form.items() if value != "" or name.startswith("most")}


def test_the_matrix_is_saved_as_one_edit_and_a_till_obeys_it(chain: Chain, jana: Person) -> None:
    changed = {"most|cashier|discount-line": "12,5", "has|cashier|open-drawer": ""}
    answer = send(jana, "/roles/", **cells(chain, **changed))
    assert answer.location.endswith("said=1")
    saved = {right.name: right.limit for right in role(chain).rights}
    assert saved["discount-line"] == Decimal("12.5") and "open-drawer" not in saved
    assert saved["return"] == Decimal(50)  # the rest is as it was
    assert entries(chain, "change")[-1].many == 1
    send(jana, "/cashiers/new", **LUIS, where=["014"])
    chain.publish()
    chain.look("014-1")
    with Till(chain.box("014-1"), lambda: datetime.now(UTC)) as till:
        luis = till.catalogue.person_now("luis")  # type: ignore[arg-type]
        assert luis
        till.sign_in(luis, "2468")
        assert till.rights.may("discount-line", Decimal("12.5"))
        assert not till.rights.may("discount-line", Decimal(13))
        assert not till.rights.may("open-drawer")
    page = jana.get("/cashiers/luis").text
    assert "bis 12,5" in page


@pytest.mark.parametrize("limit", ["zehn", "101", "-1", "1e1", "1.234.5", "0,001"])
def test_a_limit_that_is_none_is_said_at_its_cell(chain: Chain, jana: Person, limit: str) -> None:
    changed = {"most|cashier|discount-line": limit}
    answer = send(jana, "/roles/", **cells(chain, **changed))
    assert answer.status_code == 422
    assert 'href="#cashier-discount-line"' in answer.text
    assert {r.name: r.limit for r in role(chain).rights}["discount-line"] == Decimal(10)


def test_a_search_that_hides_rights_takes_none_away(chain: Chain, jana: Person) -> None:
    before = role(chain).rights
    page = jana.get("/roles/?q=schublade lade").text
    assert "Positionsrabatt" not in page
    send(jana, "/roles/", right=["float"], **{"has|cashier|float": "y", "has|manager|float": "y"})
    assert set(role(chain).rights) == set(before)


def test_roles_are_collected_and_released_in_some_branches_only(chain: Chain, jana: Person) -> None:
    jana.post("/changes/", title="Probe")
    send(jana, "/roles/", **cells(chain, **{"most|cashier|discount-line": "30"}))
    second = {"right": ["return"], "has|cashier|return": "y", "most|cashier|return": "70",
              "has|manager|return": "y"}  # fmt: skip
    send(jana, "/roles/", **second)  # goes on from the first edit, though it holds nowhere yet
    assert jana.get("/roles/").text.count('class="changed"') == 2
    jana.post("/changes/1/release", when="now", reach="some", where="015")
    chain.publish()
    assert {r.name: r.limit for r in role(chain).rights}["discount-line"] == Decimal(10)
    there = role(chain, scope="branch-015")
    limits = {right.name: right.limit for right in there.rights}
    assert (limits["discount-line"], limits["return"]) == (Decimal(30), Decimal(70))


def test_a_role_is_made_like_another_and_dropped_when_nobody_has_it(
    chain: Chain, jana: Person
) -> None:
    jana.post("/roles/new", key="shift", name="Schicht", like="cashier")
    assert role(chain, "shift").rights == role(chain).rights
    assert jana.post("/roles/new", key="shift", name="Noch eine", like="").status_code == 422
    assert jana.post("/roles/manager/drop").status_code == 422
    assert jana.post("/roles/shift/drop").status_code == 303
    with chain.office.reading() as session:
        assert changes.current(session, CHAIN, "role", "shift") is None


def test_every_right_stands_in_the_matrix_once(jana: Person) -> None:
    named = [name for _, names in matrix.grouped() for name in names]
    assert sorted(named) == sorted(permission.RIGHTS)
    page = jana.get("/roles/").text
    assert page.count('name="right"') == len(permission.RIGHTS)
