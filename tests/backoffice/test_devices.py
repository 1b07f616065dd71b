"""A till's devices on its page: how they were found, by shape, word and time."""

from __future__ import annotations

from datetime import UTC, datetime

from backoffice import words
from pos_qt.peripherals import selftest
from pos_qt.presenters.system import DEVICES
from schemas.status import Checked
from services.till import tested
from tests.backoffice.conftest import Person
from tests.pretend.branch import Chain


def test_a_till_shows_how_its_devices_were_found(chain: Chain, jana: Person) -> None:
    chain.look("014-1")
    assert "noch niemand die Geräte geprüft" in jana.get("/tills/014-1").text
    box, at = chain.box("014-1"), datetime.now(UTC)
    tested.keep(box, Checked("scale", at, "red", "selftest.scale.unreachable", "<port>"), DEVICES)
    tested.keep(box, Checked("printer", at, "yellow", "selftest.printer.paper-low"), DEVICES)
    chain.look("014-1")
    page = jana.get("/tills/014-1").text
    assert "Papier fast leer" in page
    assert "antwortet nicht: &lt;port&gt;" in page
    assert page.index("Waage") < page.index("Papier fast leer"), "the worst first"
    assert 'aria-label="gestört"' in page


def test_every_finding_has_its_words() -> None:
    for language in words.LANGUAGES:
        known = set(words.catalogue(language))
        assert {f"tested.{fact}" for fact in selftest.FACTS} <= known
        assert {f"device.{device}" for device in DEVICES} <= known
