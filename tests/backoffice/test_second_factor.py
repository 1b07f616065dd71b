"""The second factor: asked after the password, each code once, recovery codes, demanded of all."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from flask import Flask

from services.database import factor
from services.database.attempts import FREE
from services.database.organisation import Unit
from services.database.people import User
from tests.backoffice.conftest import PASSWORD, Person
from tests.backoffice.test_users import entries
from tests.pretend.branch import Chain


def begun(person: Person) -> tuple[str, list[str]]:
    """Set a second factor up; answers its secret and the recovery codes."""
    page = person.get("/me/second-factor").text
    offer = re.search(r'name="offer" value="([^"]+)"', page)
    letters = re.search(r'mono strong">([A-Z2-7 ]+)<', page)
    token = re.search(r'csrf_token" value="([^"]+)"', page)
    assert offer and letters and token and "<svg" in page
    secret = letters.group(1).replace(" ", "")
    form = {"offer": offer.group(1), "code": code(secret, -30), "csrf_token": token.group(1)}
    answer = person.client.post("/me/second-factor", data=form)
    assert answer.status_code == 200, answer.text
    codes = re.findall(r'<li class="mono strong">([^<]+)<', answer.text)
    assert len(codes) == factor.RECOVERY_CODES
    return secret, codes


def code(secret: str, seconds: int = 0) -> str:
    """What the app shows, some seconds from now."""
    return pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=seconds))


def second(person: Person, said: str) -> int:
    """Answer the question after the password."""
    form = {"code": said, "csrf_token": person.token("/sign-in/code")}
    return int(person.client.post("/sign-in/code", data=form).status_code)


def test_after_the_password_the_code_is_asked(app: Flask, chain: Chain, jana: Person) -> None:
    secret, _ = begun(jana)
    other = Person(app.test_client())
    assert other.sign_in().location == "/sign-in/code"
    assert other.get("/").status_code == 303  # a password alone opens nothing
    assert second(other, "000000") == 422
    assert second(other, code(secret)) == 303
    assert other.get("/").status_code == 200
    assert [e.said for e in entries(chain, "sign-in")][-1] == {"with": "code"}
    assert entries(chain, "sign-in-failed")[-1].said == {"with": "second-factor"}


def test_a_code_is_good_once(app: Flask, jana: Person) -> None:
    secret, _ = begun(jana)
    said = code(secret)
    first, thief = Person(app.test_client()), Person(app.test_client())
    first.sign_in()
    thief.sign_in()
    assert second(first, said) == 303
    assert second(thief, said) == 422


def test_a_recovery_code_is_good_once(app: Flask, chain: Chain, jana: Person) -> None:
    _, codes = begun(jana)
    for wanted in (303, 422):
        other = Person(app.test_client())
        other.sign_in()
        assert second(other, codes[0].upper()) == wanted
    with chain.office.reading() as session:
        kept = session.get_one(User, "jana")
        assert kept.recovery and len(kept.recovery) == factor.RECOVERY_CODES - 1
        assert not any(each in str(kept.recovery) for each in codes)


def test_guessing_codes_gets_slow(app: Flask, jana: Person) -> None:
    secret, _ = begun(jana)
    thief = Person(app.test_client())
    thief.sign_in()
    for _ in range(FREE):
        assert second(thief, "123456") == 422
    assert second(thief, code(secret)) == 429
    thief.sign_in()  # the password again does not free the count
    assert second(thief, code(secret)) == 429


def test_setting_it_up_ends_all_other_sessions_and_needs_a_code(app: Flask, jana: Person) -> None:
    elsewhere = Person(app.test_client())
    elsewhere.sign_in()
    page = jana.get("/me/second-factor").text
    offer = re.search(r'name="offer" value="([^"]+)"', page)
    assert offer
    assert jana.post("/me/second-factor", offer=offer.group(1), code="000000").status_code == 422
    assert jana.post("/me/second-factor", offer="forged", code="000000").status_code == 422
    begun(jana)
    assert elsewhere.get("/").status_code == 303
    assert jana.get("/").status_code == 200


def test_an_offer_is_for_one_person(app: Flask, jana: Person) -> None:
    bea = Person(app.test_client())
    bea.sign_in("bea")
    page = bea.get("/me/second-factor").text
    offer = re.search(r'name="offer" value="([^"]+)"', page)
    letters = re.search(r'mono strong">([A-Z2-7 ]+)<', page)
    assert offer and letters
    said = code(letters.group(1).replace(" ", ""))
    assert jana.post("/me/second-factor", offer=offer.group(1), code=said).status_code == 422


def test_the_company_can_demand_it_of_everybody(app: Flask, chain: Chain, jana: Person) -> None:
    jana.post("/units/company/company/setting", name="second_factor", value="true")
    for path in ("/", "/articles/", "/users/"):
        assert jana.get(path).location == "/me/second-factor", path
    secret, _ = begun(jana)
    assert jana.get("/").status_code == 200
    page = jana.post("/me/second-factor/end", code=code(secret))
    assert page.status_code == 422 and "verlangt einen zweiten Faktor" in page.text
    with chain.office.reading() as session:
        assert session.get_one(Unit, ("company", "company")).rules == {"second_factor": "true"}


def test_it_ends_with_a_code_and_codes_are_renewed_with_one(chain: Chain, jana: Person) -> None:
    secret, codes = begun(jana)
    assert jana.post("/me/second-factor/end", code="000000").status_code == 422
    answer = jana.post("/me/second-factor/codes", code=code(secret))
    fresh = re.findall(r'<li class="mono strong">([^<]+)<', answer.text)
    assert len(fresh) == factor.RECOVERY_CODES and not set(fresh) & set(codes)
    assert jana.post("/me/second-factor/end", code=codes[1]).status_code == 422  # an old one
    assert jana.post("/me/second-factor/end", code=fresh[0]).status_code == 303
    with chain.office.reading() as session:
        assert session.get_one(User, "jana").second_factor is None


def test_the_database_alone_gives_no_codes(chain: Chain, jana: Person) -> None:
    secret, _ = begun(jana)
    with chain.office.reading() as session:
        user = session.get_one(User, "jana")
        assert user.second_factor and secret not in user.second_factor
        session.expunge(user)
    stolen = b"A" * 43 + b"="
    assert factor.accepts(user, code(secret, 30), stolen, datetime.now(UTC)) is None


def test_the_password_of_somebody_else_resets_both(app: Flask, jana: Person) -> None:
    bea = Person(app.test_client())
    bea.sign_in("bea")
    begun(bea)
    page = jana.post("/users/bea/password", second="yes").text
    found = re.search(r'id="password">([^<]+)<', page)
    assert found
    assert bea.sign_in("bea", found.group(1)).location == "/"


@pytest.mark.parametrize("seconds", [0, 30, 60])
def test_codes_are_those_of_rfc_6238(seconds: int) -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # the RFC's "12345678901234567890"
    at = datetime.fromtimestamp(59, UTC)
    known = "287082"  # RFC 6238, appendix B, the last six digits of 94287082
    step = factor.step_of(secret, known, at + timedelta(seconds=seconds))
    assert step == (1 if seconds <= 30 else None)
    assert PASSWORD
