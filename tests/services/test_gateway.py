"""The gateway: where tills are told to call, and how much one call may hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backoffice import create_app
from schemas import signature, xml
from schemas.enrolment import Enrolment
from services.database.organisation import EnrolmentCode
from services.gateway import address, enrol, routes
from services.link import frames, identity
from services.link.http_client import signed_text
from services.link.office import OfficeRefused
from tests.pretend.branch import Chain

PUBLIC = "https://office.example"


@pytest.fixture
def app(chain: Chain) -> Iterator[Flask]:
    """Head office without a public address."""
    made = create_app(chain.office.directory)
    yield made
    made.extensions["office"].close()


def enrolling(chain: Chain, client: FlaskClient, host: str, **headers: str) -> Any:
    """The answer to a till that enrols over `host`, and its code."""
    with chain.office.session() as session:
        code = enrol.make_code(session, "014-2", "test")
    key = signature.public_text(signature.new_key())
    form = {"code": code, "key": key}
    return client.post("/link/enrol", data=form, base_url=f"http://{host}", headers=headers)


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "[::1]:8080"])
def test_on_this_machine_a_till_keeps_the_address_it_came_by(
    chain: Chain, app: Flask, host: str
) -> None:
    answer = enrolling(chain, app.test_client(), host)
    assert xml.load(Enrolment, answer.data).office == f"http://{host}"


def test_another_host_is_not_believed_and_the_code_stays_good(chain: Chain, app: Flask) -> None:
    client = app.test_client()
    for host, headers in (
        ("evil.example", dict[str, str]()),
        ("localhost.evil.example", {}),
        ("127.0.0.1:8080", {"X-Forwarded-For": "10.0.0.9"}),
        ("127.0.0.1:8080", {"Forwarded": "for=10.0.0.9"}),
    ):
        answer = enrolling(chain, client, host, **headers)
        assert answer.status_code == 403 and "Set TRESEN_OFFICE_URL=https://" in answer.text
    with chain.office.reading() as session:
        assert all(code.used_at is None for code in session.query(EnrolmentCode))


def test_the_configured_address_holds_whatever_the_host(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(address.SETTING, f"{PUBLIC}/")
    app = create_app(chain.office.directory)
    for host in ("evil.example", "127.0.0.1:8080"):
        answer = enrolling(chain, app.test_client(), host, **{"X-Forwarded-For": "10.0.0.9"})
        assert xml.load(Enrolment, answer.data).office == PUBLIC
    app.extensions["office"].close()


@pytest.mark.parametrize(
    "wrong",
    ["http://office.example", "office.example", "https://", "ftp://127.0.0.1", f"{PUBLIC}?x"],
)
def test_an_address_that_no_till_calls_is_refused_at_the_start(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"as in https://office\.example"):
        address.checked(wrong)


def test_no_address_is_no_address() -> None:
    assert address.checked(None) is address.checked(" ") is None
    assert address.checked("http://127.0.0.1:8080/") == "http://127.0.0.1:8080"
    with pytest.raises(OfficeRefused):
        address.for_tills(None, "http://office.example/", {})


def sent(chain: Chain, client: FlaskClient, method: str, target: str, body: bytes = b"") -> Any:
    """The answer to a call that till 014-1 signed."""
    key = identity.device_key(chain.box("014-1"))
    text = signed_text(method, target, "014-1", body)
    headers = {
        "Tresen-Till": "014-1",
        "Tresen-Signature": signature.signature(key, signature.CALL, text),
    }
    return client.open(target, method=method, data=body, headers=headers)


def test_an_upload_of_too_many_entries_is_refused_before_any_is_read(
    chain: Chain, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[object] = []
    monkeypatch.setattr("services.gateway.desk.ingest.ingest", lambda *each: read.append(each))
    many = frames.pack((f"1/{n}", b"<x/>") for n in range(1, routes.MOST_ENTRIES + 2))
    answer = sent(chain, app.test_client(), "POST", "/link/journal", frames.compressed(many))
    assert answer.status_code == 400 and "more than 1000" in answer.text
    assert read == []


def test_as_many_entries_as_are_allowed_are_read(chain: Chain, app: Flask) -> None:
    body = frames.pack((f"1/{n}", b"<x/>") for n in range(1, routes.MOST_ENTRIES + 1))
    answer = sent(chain, app.test_client(), "POST", "/link/journal", frames.compressed(body))
    assert answer.status_code == 200


def test_numbers_that_no_table_holds_are_refused(any_chain: Chain) -> None:
    app = create_app(any_chain.office.directory, any_chain.office.url)
    client = app.test_client()
    body = frames.compressed(frames.pack([("1/999999999999999", b"<x/>")]))
    assert sent(any_chain, client, "POST", "/link/journal", body).status_code == 400
    target = f"/link/replica/chain/changes?after={'9' * 20}"
    assert sent(any_chain, client, "GET", target).status_code in {204, 304}
    app.extensions["office"].close()
