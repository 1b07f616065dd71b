"""The demo as its welcome text tells it: a price in the browser, a sale, the cable out, and back."""

from __future__ import annotations

import http.cookiejar
import json
import re
import signal
import subprocess
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.pretend.processes import command, environment, free_ports, until

pytestmark = pytest.mark.journey
ROLLS = '{"ref": "%s", "lines": [{"scan": "1001", "quantity": "2"}]}'


class Browser:
    """Jana's browser, without script."""

    def __init__(self, address: str) -> None:
        self._address = address
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)

    def page(self, path: str, **form: str) -> str:
        """A page, or the answer to a form."""
        data = urllib.parse.urlencode(form).encode() if form else None
        with self._opener.open(self._address + path, data, timeout=20) as answer:
            return str(answer.read().decode())

    def token(self, path: str) -> str:
        """The token that forms of a page carry."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.page(path))
        assert found is not None
        return found.group(1)

    def sign_in(self) -> None:
        """As the welcome text says."""
        token = self.token("/sign-in")
        self.page("/sign-in", csrf_token=token, name="jana", password="tresen-demo", to="/")


def started(directory: Path, port: int) -> subprocess.Popen[str]:
    """`tresen demo --headless`, once it has said all."""
    demo = subprocess.Popen(
        command("demo", "--headless", "--days", "3", "--directory", str(directory),
                "--port", str(port)),
        env=environment(), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert demo.stdout is not None
    said = ""
    for line in demo.stdout:
        said += line
        if line.startswith("Ctrl-C"):
            break
    assert f"http://127.0.0.1:{port}" in said
    return demo


def stopped(demo: subprocess.Popen[str]) -> None:
    """Ctrl-C."""
    demo.send_signal(signal.SIGINT)
    assert demo.stdout is not None
    assert "Everything is kept" in demo.stdout.read()
    demo.stdout.close()
    assert demo.wait(60) == 0


def run(*arguments: str, text: str | None = None) -> list[dict[str, Any]]:
    """The JSON lines of `tresen …`."""
    done = subprocess.run(
        command(*arguments), env=environment(), input=text, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_demo_does_what_it_says(tmp_path: Path) -> None:
    directory, port = tmp_path / "demo", free_ports()
    box = str(directory / "boxes" / "001-1")
    sell = ("till", "sell", "--box", box, "-")
    office = ("office", "receipts", "--directory", str(directory / "office"))
    demo = started(directory, port)
    try:
        browser = Browser(f"http://127.0.0.1:{port}")
        browser.sign_in()
        assert run(*sell, text=ROLLS % "a")[0]["total"] == "0.90"
        token = browser.token("/articles/1001/price")
        browser.page("/articles/1001/price", csrf_token=token, amount="0,55", when="now")
        until(lambda: run(*sell, text=ROLLS % _next())[0]["total"] == "1.10", "the price comes")
        number = run("box", "list", box)[-1]["number"]
        until(lambda: f"/001-1/1/{number}" in browser.page("/receipts/"), "the receipt is seen")
    finally:
        stopped(demo)
    assert run(*sell, text=ROLLS % "offline")[0]["total"] == "1.10"
    assert run("box", "list", box)[-1]["state"] == "pending"
    demo = started(directory, free_ports())  # another port, to which all tills follow
    try:
        until(lambda: run("box", "list", box)[-1]["state"] == "acknowledged", "it is sent")
        refs = [row["ref"] for row in run(*office)]
        assert refs.count("offline") == 1
        assert len(refs) == len(set(refs))
    finally:
        stopped(demo)


_counted = iter(range(1000))


def _next() -> str:
    return f"again-{next(_counted)}"
