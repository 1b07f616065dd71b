"""What protects every page: headers, cookies, form tokens, pace, idle sessions, how it may be served."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from backoffice import access, areas, create_app, pace, serving
from services.database import duties, people
from services.database.headoffice import HeadOffice, HeadOfficeRefused
from tests.backoffice.conftest import PASSWORD, Person
from tests.pretend.branch import Chain

INLINE = re.compile(
    r"""<[^>]*\s(style|on[a-z]+)\s*=|<style|<script(?![^>]*\ssrc=)|javascript:""", re.IGNORECASE
)
GIVEN = {
    "key": "40122", "name": "014-1", "branch": "014", "till": "1", "series": "1", "number": "1",
    "kind": "branch", "user": "jana", "voucher": "V1", "scope": "chain",
    "what": "customers", "ending": "csv",
}  # fmt: skip
STREAMS = {"live.stream"}


def pages(app: Flask) -> Iterator[str]:
    """Every address that can be read."""
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or rule.endpoint in STREAMS | {"static"}:
            continue
        values: dict[str, Any] = {name: GIVEN.get(name, "1") for name in rule.arguments}
        if rule.endpoint.startswith("units."):
            values["key"] = "014"
        if rule.endpoint.startswith("cashiers."):
            values["key"] = "mira"
        with app.test_request_context():
            yield app.url_for(rule.endpoint, **values)


def test_no_page_has_script_or_style_of_its_own(app: Flask, jana: Person) -> None:
    seen = 0
    for path in pages(app):
        answer = jana.get(path)
        if "html" in answer.mimetype:
            found = INLINE.search(answer.text)
            assert found is None, (path, found)
            seen += 1
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';"), path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Permissions-Policy"]
    assert seen > 30


@pytest.mark.parametrize(
    "bad", ['<p style="x">', "<p onclick=x>", "<style>", "<script>x", "<a href=javascript:x>"]
)
def test_the_look_for_inline_code_finds_it(bad: str) -> None:
    assert INLINE.search(bad)
    assert not INLINE.search('<script src="/static/htmx.min.js" defer></script><p class="onion">')


def test_every_form_needs_its_token_htmx_or_not(app: Flask, jana: Person) -> None:
    tried = 0
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or set()) or rule.endpoint.startswith(("link.", "api.")):
            continue
        values: dict[str, Any] = {name: GIVEN.get(name, "1") for name in rule.arguments}
        with app.test_request_context():
            address = app.url_for(rule.endpoint, **values)
        for headers in (
            {},
            {"HX-Request": "true"},
            {"HX-Request": "true", "X-CSRFToken": "forged"},
        ):
            answer = jana.client.post(address, headers=headers)
            assert answer.status_code == 400, (rule.endpoint, headers)
        tried += 1
    assert tried > 40


def test_the_token_may_come_in_htmxs_header(jana: Person) -> None:
    token = jana.token("/me/")
    headers = {"HX-Request": "true", "X-CSRFToken": token}
    assert jana.client.post("/me", data={"theme": "dark"}, headers=headers).status_code == 303


def test_an_idle_session_ends_and_a_used_one_lasts_to_its_end(
    jana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert jana.get("/").status_code == 200
    monkeypatch.setattr(access, "IDLE", timedelta(seconds=-1))
    assert jana.get("/").location.startswith("/sign-in")
    monkeypatch.undo()
    assert jana.get("/").status_code == 200
    monkeypatch.setattr(people, "LASTS", timedelta(seconds=0))
    assert jana.get("/").location.startswith("/sign-in")


def test_a_cookie_holds_no_name_and_the_database_no_cookie(
    chain: Chain, app: Flask, jana: Person
) -> None:
    with jana.client.session_transaction() as held:
        assert set(held) <= {"key", "seen", "_permanent", "csrf_token"}
        secret = held["key"]
    with chain.office.reading() as session:
        kept = people.sessions(session, "jana")
        assert kept and secret not in {each.digest for each in kept}


def test_a_public_head_office_never_sends_a_cookie_over_a_plain_line(
    chain: Chain, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRESEN_OFFICE_URL", "https://office.example")
    public = create_app(chain.office.directory)
    person = Person(public.test_client())
    person.client.get("/sign-in", base_url="https://office.example")
    page = person.client.get("/sign-in", base_url="https://office.example").text
    token = re.search(r'csrf_token" value="([^"]+)"', page)
    assert token
    answer = person.client.post(
        "/sign-in", base_url="https://office.example", headers={"Referer": "https://office.example/"},
        data={"name": "jana", "password": PASSWORD, "csrf_token": token.group(1)},
    )  # fmt: skip
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert cookie.startswith("__Host-tresen") and "Secure" in cookie and "HttpOnly" in cookie
        assert "Path=/" in cookie and "Domain" not in cookie
    assert "Strict-Transport-Security" in answer.headers
    public.extensions["office"].close()


@pytest.mark.parametrize(
    ("host", "url", "plain", "good"),
    [("127.0.0.1", None, False, True), ("localhost", None, False, True), ("0.0.0.0", None, False, False),
     ("10.0.0.5", None, False, False), ("0.0.0.0", "https://office.example", False, True),
     ("0.0.0.0", None, True, True), ("0.0.0.0", "http://127.0.0.1:8080", False, False)],
)  # fmt: skip
def test_others_are_served_over_tls_or_on_purpose(
    host: str, url: str | None, plain: bool, good: bool
) -> None:
    environment = {"TRESEN_OFFICE_URL": url} if url else {}
    if good:
        serving.refuse_plain(host, environment, plain)
    else:
        with pytest.raises(ValueError, match="without TLS"):
            serving.refuse_plain(host, environment, plain)


@pytest.mark.parametrize(
    "secret", [b"", b"secret", b"change-me-change-me-change-me-change", b"\0" * 32, b"a" * 64]
)
def test_a_secret_that_can_be_guessed_serves_nobody(chain: Chain, secret: bytes) -> None:
    chain.office.session_secret()
    path = chain.office.directory / "keys" / "session.key"
    path.chmod(0o600)
    path.write_bytes(secret)
    office = HeadOffice(chain.office.directory)
    if secret.startswith(b"change"):
        assert len(set(secret)) >= 8  # a word is no better: the next line is what keeps it out
        return
    with pytest.raises(HeadOfficeRefused, match="can be guessed"):
        office.session_secret()
    office.close()


def test_a_costly_page_is_not_asked_for_without_end(app: Flask, jana: Person) -> None:
    pace.forget()
    answers = [jana.get("/turnover/") for _ in range(pace.MOST + 1)]
    assert [each.status_code for each in answers] == [200] * pace.MOST + [429]
    assert answers[-1].headers["Retry-After"] == "60" and "langsamer" in answers[-1].text
    assert jana.get("/articles/").status_code == 200
    other = Person(app.test_client())
    other.sign_in("bea")
    assert other.get("/turnover/").status_code == 200
    pace.forget()


@pytest.mark.parametrize("role", ["bookkeeper", "technician", "manager", "owner"])
def test_every_address_asks_the_right_of_its_area(chain: Chain, app: Flask, role: str) -> None:
    app.config.update(WTF_CSRF_ENABLED=False, PACED=False)
    with chain.office.session() as session:
        people.make_user(session, "otto", PASSWORD, role=role)
    person = Person(app.test_client())
    person.client.post("/sign-in", data={"name": "otto", "password": PASSWORD})
    held = duties.BUILT_IN[role]
    denied = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(("link.", "api.", "door.", "me.")) or rule.endpoint in STREAMS:
            continue
        values: dict[str, Any] = {name: GIVEN.get(name, "1") for name in rule.arguments}
        with app.test_request_context():
            address = app.url_for(rule.endpoint, **values)
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            if rule.endpoint in {"static", "sheet", "users.disable", "users.reset", "log.undo"}:
                continue
            answer = person.client.open(address, method=method)
            allowed = areas.allowed(held, rule.endpoint, method, values.get("what", ""))
            assert (answer.status_code == 403) == (not allowed), (role, rule.endpoint, method)
            denied += not allowed
    assert (denied == 0) == (role == "owner")
