"""The door: nobody in without a session, none guessed, none forged."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from backoffice import browsers, create_app
from services.database import people
from services.database.attempts import FREE
from services.gateway import routes
from tests.backoffice.conftest import Person
from tests.pretend.branch import Chain

OPEN = {
    "static", "sheet", "door.sign_in", "door.enter", "door.second", "door.check_second", "slips.one"
}  # fmt: skip
"""Without a session; a slip has a sealed address, and no other shows anything (test_roles)."""


def test_every_page_but_the_door_needs_a_session(app: Flask, stranger: Person) -> None:
    tried = 0
    with app.test_request_context():
        rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint not in OPEN]
    for rule in rules:
        if rule.endpoint.startswith("link.") or rule.endpoint == "api.openapi":
            continue
        values: dict[str, Any] = dict.fromkeys(rule.arguments, "1")
        with app.test_request_context():
            address = app.url_for(rule.endpoint, **values)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            answer = stranger.client.open(address, method=method)
            if rule.endpoint.startswith("api."):
                assert answer.status_code == 401, (method, address)
                continue
            assert answer.status_code == 303, (method, address)
            assert answer.location.startswith("/sign-in"), address
            tried += 1
    assert tried >= 20


def test_the_tills_calls_have_their_own_signature_instead(stranger: Person) -> None:
    assert stranger.client.post("/link/status", data=b"x").status_code == 403


def test_a_till_that_sends_too_much_is_refused_unread(stranger: Person) -> None:
    most = routes.LARGEST_BODY
    assert stranger.client.post("/link/journal", data=bytes(most + 1)).status_code == 413
    assert stranger.client.post("/link/journal", data=bytes(most)).status_code == 403  # unsigned


def test_signing_in_leads_where_one_wanted_to_go(stranger: Person) -> None:
    answer = stranger.get("/articles/?q=milch")
    assert answer.location == "/sign-in?to=/articles/?q%3Dmilch"
    form = {"name": "jana", "password": "richtig geheim", "to": "/articles/?q=milch"}
    answer = stranger.client.post("/sign-in", data={**form, "csrf_token": stranger.token()})
    assert answer.location == "/articles/?q=milch"


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil", "x"])
def test_signing_in_leads_nowhere_else(stranger: Person, to: str) -> None:
    form = {"name": "jana", "password": "richtig geheim", "to": to}
    answer = stranger.client.post("/sign-in", data={**form, "csrf_token": stranger.token()})
    assert answer.location == "/"


def test_a_wrong_password_is_said_and_the_name_kept(stranger: Person) -> None:
    answer = stranger.sign_in(password="falsch")
    assert answer.status_code == 422
    assert 'value="jana"' in answer.text and "falsch" not in answer.text
    assert stranger.get("/").status_code == 303


def test_after_five_wrong_passwords_even_the_right_one_must_wait(stranger: Person) -> None:
    for _ in range(FREE):
        stranger.sign_in(password="falsch")
    answer = stranger.sign_in()
    assert answer.status_code == 429 and "In 1 min geht es weiter" in answer.text
    assert stranger.sign_in(name="bea").status_code == 303


def test_all_workers_and_all_addresses_count_together(chain: Chain, app: Flask) -> None:
    other = create_app(chain.office.directory)
    for n in range(FREE):
        guesser = Person((app, other)[n % 2].test_client())
        guesser.client.environ_base["REMOTE_ADDR"] = f"10.0.0.{n}"
        assert guesser.sign_in(password="falsch").status_code == 422
    assert Person(other.test_client()).sign_in().status_code == 429
    other.extensions["office"].close()


def test_guesses_from_elsewhere_do_not_shut_out_a_browser_that_is_known(
    app: Flask, jana: Person, stranger: Person
) -> None:
    jana.post("/sign-out")
    for _ in range(FREE):
        stranger.sign_in(password="falsch")
    assert stranger.sign_in().status_code == 429
    assert jana.sign_in(name="bea").status_code == 303  # known to Jana, a stranger to Bea
    assert jana.sign_in().status_code == 303
    known = jana.client.get_cookie(browsers.COOKIE)
    assert known and known.http_only and known.same_site == "Lax"
    for forged in (known.value[::-1], "x", ""):
        thief = Person(app.test_client())
        thief.client.set_cookie(browsers.COOKIE, forged)
        assert thief.sign_in().status_code == 429


def test_a_new_password_may_be_tried_at_once(chain: Chain, stranger: Person) -> None:
    for _ in range(FREE):
        stranger.sign_in(password="falsch")
    with chain.office.session() as session:
        people.make_user(session, "jana", "noch geheimer", language="de")
    assert stranger.sign_in(password="noch geheimer").status_code == 303


def test_a_name_that_nobody_has_is_answered_as_any_other(stranger: Person) -> None:
    answers = [stranger.sign_in(name="niemand").status_code for _ in range(FREE + 1)]
    assert answers == [422] * FREE + [429]


def test_a_form_without_its_token_is_refused(jana: Person) -> None:
    answer = jana.client.post("/articles/40122/price", data={"amount": "1,99"})
    assert answer.status_code == 400
    assert "Diese Seite war zu alt" in answer.text


def test_signing_out_ends_the_session_and_any_copy_of_it(app: Flask, jana: Person) -> None:
    cookie = jana.client.get_cookie("tresen")
    assert cookie is not None and cookie.http_only and cookie.same_site == "Lax"
    left = jana.post("/sign-out")
    assert left.status_code == 303
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    thief = app.test_client()
    thief.set_cookie("tresen", cookie.value)
    assert thief.get("/").status_code == 303


def test_signing_in_begins_a_new_session(jana: Person) -> None:
    before = jana.client.get_cookie("tresen")
    jana.sign_in()
    after = jana.client.get_cookie("tresen")
    assert before and after and before.value != after.value


def test_every_answer_forbids_what_the_pages_do_not_need(jana: Person) -> None:
    answer = jana.get("/")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for forbidden in (" style=", "<style", "onclick=", "javascript:"):
        assert forbidden not in answer.text


def test_language_and_theme_are_kept(jana: Person) -> None:
    jana.post("/me", language="es", theme="dark", to="/tills/")
    page = jana.get("/tills/").text
    assert '<html lang="es" data-theme="dark">' in page and "Cajas" in page


def test_the_door_speaks_the_browsers_language_and_else_the_companys(stranger: Person) -> None:
    for accepted, wanted in (("es,en;q=0.5", "es"), ("en-GB", "en"), ("fr", "de"), ("", "de")):
        headers = {"Accept-Language": accepted} if accepted else {}
        assert f'<html lang="{wanted}"' in stranger.get("/sign-in", **headers).text
