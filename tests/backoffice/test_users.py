"""Users of head office: letting in, shutting out, roles of head office, passwords, sessions."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice import areas
from backoffice.exports.views import LISTS
from services.database import audit, duties, people
from services.database.audit import Entry
from services.database.people import PasswordRefused, User
from tests.backoffice.conftest import PASSWORD, Person
from tests.pretend.branch import Chain

NEW = "blaue Tinte trocknet"


def entries(chain: Chain, act: str) -> list[Entry]:
    """What the audit log says of an act."""
    with chain.office.reading() as session:
        found = list(session.scalars(sa.select(Entry).where(Entry.act == act)))
        session.expunge_all()
    return found


def send(person: Person, path: str, **form: object) -> Any:
    """Send a form whose fields may have several values."""
    return person.client.post(path, data={"csrf_token": person.token("/me/"), **form})


def made(jana: Person, role: str = "bookkeeper", name: str = "otto") -> str:
    """Jana lets somebody in; answers the password that is shown."""
    page = jana.post(
        "/users/new", name=name, shown="Otto Buch", role=role, language="de", branch=""
    )
    assert page.status_code == 200, page.text
    found = re.search(r'id="password">([^<]+)<', page.text)
    assert found
    return found.group(1)


def entered(app: Flask, name: str, password: str) -> Person:
    """Somebody signs in with a password that was handed to them, and chooses another one."""
    person = Person(app.test_client())
    assert person.sign_in(name, password).status_code == 303
    token = person.token("/me/password")
    form = {"now": password, "new": NEW, "csrf_token": token}
    assert person.client.post("/me/password", data=form).status_code == 303
    return person


def test_who_is_let_in_chooses_a_password_before_anything_else(app: Flask, jana: Person) -> None:
    password = made(jana)
    otto = Person(app.test_client())
    otto.sign_in("otto", password)
    for path in ("/", "/articles/", "/me/"):
        assert otto.get(path).location == "/me/password", path
    form = {"now": password, "new": "kurz", "csrf_token": otto.token("/me/password")}
    assert "mindestens 8 Zeichen" in otto.client.post("/me/password", data=form).text
    form["new"] = "password123"
    assert "zuerst erraten" in otto.client.post("/me/password", data=form).text
    form["new"] = NEW
    assert otto.client.post("/me/password", data=form).status_code == 303
    assert otto.get("/").status_code == 200


def test_a_password_is_shown_once(jana: Person) -> None:
    password = made(jana)
    assert password not in jana.get("/users/otto").text


@pytest.mark.parametrize(
    "password",
    ["short", "password1", "QWERTYUIOP", "aaaaaaaaaaaa", "jana1234!", "Tresen2026!", "x" * 201],
)
def test_what_guessers_try_first_is_no_password(password: str) -> None:
    with pytest.raises(PasswordRefused):
        people.check_password(password, "jana", "Jana Brandt")


@pytest.mark.parametrize(
    "password", ["vier wörter reichen aus", "ñandú ñandú 8", "x1 y2 z3 w4" * 18]
)
def test_any_sign_and_any_length_may_be_in_a_password(password: str) -> None:
    people.check_password(password, "jana")


def test_a_bookkeeper_reads_and_changes_nothing(app: Flask, chain: Chain, jana: Person) -> None:
    otto = entered(app, "otto", made(jana))
    assert otto.get("/articles/").status_code == 200
    assert "Nur lesen" in otto.get("/articles/").text
    token = otto.token("/me/")
    for path in ("/articles/40122/price", "/articles/bulk", "/tills/014-1/revoke", "/changes/"):
        answer = otto.client.post(path, data={"amount": "1", "csrf_token": token})
        assert answer.status_code == 403, path
    assert "Der Inhaber kann es erlauben" in otto.get("/users/").text
    page = otto.get("/").text
    assert 'href="/articles/' in page and 'href="/users/' not in page


def test_what_a_role_may_is_data(app: Flask, chain: Chain, jana: Person) -> None:
    otto = entered(app, "otto", made(jana))
    assert otto.get("/users/").status_code == 403
    form = {f"bookkeeper|{area}": "see" for area in duties.AREAS}
    assert send(jana, "/office-roles/", **form).location.endswith("said=1")
    assert otto.get("/").status_code == 303  # another role: signs in again
    otto.sign_in("otto", NEW)
    assert otto.get("/users/").status_code == 200
    said = entries(chain, "office-roles")[-1].said
    assert said and "users: – → see" in said["bookkeeper"]


def test_nobody_gives_more_than_they_have(app: Flask, chain: Chain, jana: Person) -> None:
    form = {f"bookkeeper|{area}": "see" for area in duties.AREAS} | {"bookkeeper|users": "change"}
    send(jana, "/office-roles/", **form)
    otto = entered(app, "otto", made(jana))
    token = otto.token("/me/")
    fresh = {"name": "eva", "shown": "Eva", "role": "owner", "language": "de", "csrf_token": token}
    assert otto.client.post("/users/new", data=fresh).status_code == 422
    owned = {"bookkeeper|log": "change", "manager|users": "change", "csrf_token": token}
    assert otto.client.post("/office-roles/", data=owned).status_code == 403
    for path in ("/users/jana", "/users/jana/password", "/users/jana/disable"):
        assert otto.client.post(path, data={"csrf_token": token}).status_code == 403, path


def test_the_owner_loses_nothing(chain: Chain, jana: Person) -> None:
    send(jana, "/office-roles/", **{"owner|users": "", "owner|log": ""})
    assert jana.get("/users/").status_code == 200
    with chain.office.session() as session:
        duties.put(session, duties.OWNER, "x", {})
        assert duties.rights(session, duties.OWNER) == duties.BUILT_IN[duties.OWNER]


def test_another_role_ends_the_sessions(app: Flask, chain: Chain, jana: Person) -> None:
    otto = entered(app, "otto", made(jana))
    form = {"shown": "Otto B.", "role": "technician", "language": "de", "branch": ""}
    assert send(jana, "/users/otto", **form).status_code == 303
    assert otto.get("/").status_code == 303
    said = entries(chain, "user-changed")[-1].said
    assert said == {"role": "bookkeeper → technician", "shown": "Otto Buch → Otto B."}


def test_who_is_shut_out_is_out_at_once(app: Flask, chain: Chain, jana: Person) -> None:
    otto = entered(app, "otto", made(jana))
    jana.post("/users/otto/disable", act="disable")
    assert otto.get("/").status_code == 303
    assert otto.sign_in("otto", NEW).status_code == 422
    jana.post("/users/otto/disable", act="enable")
    assert otto.sign_in("otto", NEW).status_code == 303
    assert jana.post("/users/jana/disable", act="disable").status_code == 422
    assert entries(chain, "user-disabled") and entries(chain, "user-enabled")


def test_a_reset_password_ends_the_sessions(app: Flask, chain: Chain, jana: Person) -> None:
    otto = entered(app, "otto", made(jana))
    page = jana.post("/users/otto/password").text
    found = re.search(r'id="password">([^<]+)<', page)
    assert found and otto.get("/").status_code == 303
    assert otto.sign_in("otto", NEW).status_code == 422
    assert otto.sign_in("otto", found.group(1)).status_code == 303
    assert found.group(1) not in str([entry.said for entry in entries(chain, "password-reset")])


def test_one_sees_ones_sessions_and_ends_all_others(app: Flask, jana: Person) -> None:
    elsewhere = Person(app.test_client())
    elsewhere.sign_in()
    assert jana.get("/me/").text.count("<tr>") >= 3
    jana.post("/me/sessions")
    assert elsewhere.get("/").status_code == 303
    assert jana.get("/").status_code == 200


def test_a_new_password_of_ones_own_ends_all_other_sessions(app: Flask, jana: Person) -> None:
    elsewhere = Person(app.test_client())
    elsewhere.sign_in()
    before = jana.client.get_cookie("tresen")
    jana.post("/me/password", now=PASSWORD, new=NEW)
    after = jana.client.get_cookie("tresen")
    assert before and after and before.value != after.value
    assert jana.get("/").status_code == 200 and elsewhere.get("/").status_code == 303
    thief = app.test_client()
    thief.set_cookie("tresen", before.value)
    assert thief.get("/").status_code == 303


def test_the_present_password_is_not_guessed_at_an_open_browser(jana: Person) -> None:
    answers = [jana.post("/me/password", now=f"falsch {n}", new=NEW) for n in range(7)]
    assert "In 1 min" in answers[-1].text


def test_every_sign_in_refusal_and_sign_out_stands_in_the_audit_log(
    app: Flask, chain: Chain, jana: Person, stranger: Person
) -> None:
    stranger.sign_in(password="falsch")
    stranger.sign_in(name="hunter2 is my password", password="x")
    jana.post("/sign-out")
    assert entries(chain, "sign-in")[-1].by == "jana"
    assert entries(chain, "sign-in")[-1].origin == "127.0.0.1"
    assert entries(chain, "sign-out")[-1].by == "jana"
    refused = [(entry.by, entry.subject) for entry in entries(chain, "sign-in-failed")]
    assert refused == [("jana", "jana"), ("?", None)]  # a name that nobody has is not kept
    with chain.office.reading() as session:
        assert audit.verify(session).broken is None


def test_every_group_of_pages_has_its_area(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    groups = {endpoint.partition(".")[0] for endpoint in endpoints}
    assert endpoints | groups | set(LISTS) >= areas.CHAIN, "what is the chain's own is there"
    assert set(areas.OF) <= groups
    assert groups - {"static", "sheet", "link", "api"} <= set(areas.OF)
    assert set(areas.OF.values()) - {areas.OWN} == set(duties.AREAS)


def test_a_user_of_one_branch_is_a_manager_there(chain: Chain, app: Flask) -> None:
    with chain.office.reading() as session:
        assert session.get_one(User, "bea").role == "manager"
        assert session.get_one(User, "jana").role == "owner"
