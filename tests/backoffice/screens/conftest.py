"""One head office after a month's work, served for all journeys; a fresh browser page for each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect
from werkzeug.serving import make_server

from tests.backoffice.conftest import Quiet, bad
from tests.backoffice.hands import Hand, Keys, Mouse
from tests.pretend import officescene
from tests.pretend.officescene import PASSWORD, Scene

PATIENCE = 20_000
"""Milliseconds until what is waited for counts as missing: machines that test are slow."""
HANDS: dict[str, Callable[[Page], Hand]] = {"mouse": Mouse, "keyboard": Keys}


@dataclass(frozen=True, slots=True)
class House:
    """Head office over HTTP, and who has signed in there."""

    scene: Scene
    address: str
    signed: dict[str, Any]


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Head office after a month's work, as browsers meet it: with tokens in its forms."""
    scene = officescene.build(Path(tmp_path_factory.mktemp("screens")), a_day=1)
    scene.app.config.update(WTF_CSRF_ENABLED=True)
    server = make_server("127.0.0.1", 0, scene.app, threaded=True, request_handler=Quiet)
    vars(server)["daemon_threads"] = True  # a live line may outlast its test
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield House(scene, f"http://127.0.0.1:{server.server_port}", {})
    server.shutdown()
    thread.join()
    server.server_close()
    scene.close()


class Visit:
    """Somebody's journey: a page of a browser, and the hand that they use."""

    def __init__(self, house: House, context: BrowserContext, hand: str) -> None:
        self.house = house
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        self.hand = HANDS[hand](self.page)
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._heard)

    def _heard(self, said: ConsoleMessage) -> None:
        """Htmx notes a search that the next one overtook as if it were a fault."""
        if bad(said) and not said.text.startswith(("htmx:afterRequest", "htmx:sendAbort")):
            self.complaints.append(said.text)

    def today(self) -> datetime:
        """Now, as clocks show it where the branches are."""
        return datetime.now(ZoneInfo("Europe/Berlin"))

    def publish(self) -> None:
        """The worker looks, as it does all the time."""
        self.house.scene.chain.publish()

    def go(self, path: str) -> None:
        """To an address, as by a bookmark."""
        self.page.goto(f"{self.house.address}{path}")


@pytest.fixture(params=list(HANDS))
def way(request: pytest.FixtureRequest) -> str:
    """How the journey is walked."""
    return str(request.param)


@pytest.fixture
def visitor(house: House, browser: Browser, way: str) -> Iterator[Callable[[str], Visit]]:
    """`visitor(name)`: somebody who has signed in; without a name nobody has."""
    contexts: list[tuple[BrowserContext, Visit]] = []

    def come(name: str = "") -> Visit:
        if name and name not in house.signed:
            house.signed[name] = _signed(house, browser, name)
        context = browser.new_context(
            viewport={"width": 1440, "height": 900}, locale="de-DE",
            storage_state=house.signed.get(name),
        )  # fmt: skip
        contexts.append((context, Visit(house, context, way)))
        return contexts[-1][1]

    yield come
    for context, visit in contexts:
        context.close()
        assert visit.complaints == []


def _signed(house: House, browser: Browser, name: str) -> Any:
    """What a browser keeps of somebody who has signed in."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{house.address}/sign-in")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{house.address}/")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def visit(visitor: Callable[[str], Visit]) -> Visit:
    """Jana, who may everything, at her browser."""
    return visitor("jana")
