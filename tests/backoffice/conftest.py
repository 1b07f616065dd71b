"""Head office's pages over a small chain, by Flask's client and in a real browser."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from backoffice import create_app
from services.database import people
from tests.pretend.branch import Chain

PASSWORD = "richtig geheim"
CHROMIUM = "/usr/bin/chromium"
expect.set_options(timeout=20_000)  # a worker of its own may stand behind what is waited for


class Person:
    """Somebody at a browser without script: fetches pages, sends forms with their token."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def token(self, path: str = "/sign-in") -> str:
        """The token in a page's form."""
        found = re.search(r'csrf_token" value="([^"]+)"', self.client.get(path).text)
        assert found, path
        return found.group(1)

    def sign_in(self, name: str = "jana", password: str = PASSWORD) -> Any:
        """Sign in."""
        form = {"name": name, "password": password, "csrf_token": self.token()}
        return self.client.post("/sign-in", data=form)

    def get(self, path: str, **headers: str) -> Any:
        """A page."""
        return self.client.get(path, headers=headers)

    def post(self, path: str, *, htmx: bool = False, **form: str) -> Any:
        """Send a form, with the token of a page that a signed-in person has before them."""
        headers = {"HX-Request": "true"} if htmx else {}
        data = {"csrf_token": self.token("/tills/"), **form}
        return self.client.post(path, data=data, headers=headers)


@pytest.fixture
def app(chain: Chain) -> Iterator[Flask]:
    """Head office with Jana, who sees all, and Bea, who sees branch 014 only."""
    with chain.office.session() as session:
        people.make_user(session, "jana", PASSWORD, shown="Jana Brandt", language="de")
        people.make_user(session, "bea", PASSWORD, shown="Bea", branch="014")
    made = create_app(chain.office.directory)
    yield made
    made.extensions["office"].close()


@pytest.fixture
def stranger(app: Flask) -> Person:
    """Somebody who has not signed in."""
    return Person(app.test_client())


@pytest.fixture
def jana(app: Flask) -> Person:
    """Jana, signed in."""
    person = Person(app.test_client())
    assert person.sign_in().status_code == 303
    return person


@pytest.fixture
def any_jana(any_chain: Chain) -> Iterator[Person]:
    """Jana, signed in to head office on either engine (`any_chain`)."""
    with any_chain.office.session() as session:
        people.make_user(session, "jana", PASSWORD, shown="Jana Brandt", language="de")
    made = create_app(any_chain.office.directory, any_chain.office.url)
    person = Person(made.test_client())
    assert person.sign_in().status_code == 303
    yield person
    made.extensions["office"].close()


class Quiet(WSGIRequestHandler):
    def log(self, *_: Any, **__: Any) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True)
class Served:
    """Head office over HTTP, and a page of a browser before it."""

    address: str
    page: Page

    def sign_in(self) -> None:
        """Jana signs in."""
        self.page.goto(f"{self.address}/sign-in")
        self.page.fill("[name=name]", "jana")
        self.page.fill("[name=password]", PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(f"{self.address}/")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; it must be there."""
    assert Path(CHROMIUM).exists(), "Chromium is not installed; ./tresen test installs it"
    quiet = ("--disable-background-networking", "--disable-component-update", "--disable-sync")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
                  "--no-first-run", *quiet],
        )  # fmt: skip
        yield running
        running.close()


def bad(said: ConsoleMessage) -> bool:
    """Is this more than the browser's note that a form was not accepted?"""
    return said.type == "error" and not any(code in said.text for code in ("of 422", "of 409"))


@pytest.fixture
def served(app: Flask, browser: Browser) -> Iterator[Served]:
    """Head office over HTTP; a page that complains about anything fails the test."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    vars(server)["daemon_threads"] = True  # a live line may outlast its test
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(20_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if bad(said) else None)
    yield Served(f"http://127.0.0.1:{server.server_port}", page)
    context.close()
    server.shutdown()
    thread.join()
    server.server_close()
    assert complaints == []
