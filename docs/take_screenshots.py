"""Takes the pictures of both faces in docs/screenshots from a running demo.

python docs/take_screenshots.py [--directory DIR] [--port N]
Builds the demo where there is none, starts it without its window, drives Chromium through head
office and a till offscreen through a sale, and saves what they show.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PICTURES = HERE / "screenshots"
CHROMIUM = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def office(port: int) -> None:
    """Head office's pages."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    pages = {
        "dashboard": "/",
        "articles": "/articles/?q=milch",
        "turnover": "/turnover/?by=day&period=30",
        "tills": "/tills/",
    }
    address = f"http://127.0.0.1:{port}"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{address}/sign-in")
        page.fill("input[name=name]", "jana")
        page.fill("input[name=password]", "tresen-demo")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}/")
        for name, path in pages.items():
            page.goto(address + path)
            page.wait_for_timeout(800)
            page.screenshot(path=PICTURES / f"office-{name}.png")
        page.goto(f"{address}/receipts/")
        page.locator("tbody a").first.click()
        page.wait_for_timeout(500)
        page.screenshot(path=PICTURES / "office-receipt.png")
        browser.close()


def till(box: Path) -> None:
    """The till's screens, on a real box of the demo."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    from pos_qt.theme import fonts  # noqa: PLC0415
    from pos_qt.till import TillFace  # noqa: PLC0415
    from services.disk.box import Box  # noqa: PLC0415

    application = QApplication([])
    fonts.load()

    def shown(face: TillFace, name: str) -> None:
        _until(application, lambda: not face.desk.is_busy)
        _wait(application, 0.4)
        face.window.grab().save(str(PICTURES / f"till-{name}.png"))

    for theme in ("light", "dark"):
        face = TillFace(Box(box), lambda: datetime.now(UTC), theme=theme)
        face.window.resize(1366, 768)
        face.window.show()
        _wait(application, 1)
        if theme == "light":
            shown(face, "signin")
        face.signin.choose("mira")
        face.signin.typed("1111")
        _until(application, lambda face=face: face.desk.till.cashier is not None)  # type: ignore[misc]
        for code in ("1004", "4002", "6001", "6001", "7001", "3003"):
            face.wedge.scanned.emit(code)
            _until(application, lambda face=face: not face.desk.is_busy)  # type: ignore[misc]
        shown(face, "age" if theme == "light" else "age-dark")
        face.ages.jump()
        face.sale.strip_press()
        face.commands.typed("10")
        face.commands.pressed("F6")
        shown(face, "sale" if theme == "light" else "sale-dark")
        if theme == "light":
            _forms(face, shown)
            face.payment.pay()
            shown(face, "payment")
            face.payment.back()
        face.payment.quick("exact")
        _until(application, lambda face=face: not face.desk.till.basket.lines)  # type: ignore[misc]
        if theme == "light":
            shown(face, "change")
        _sheets(face, shown, "" if theme == "light" else "-dark")
        face.close()


def _forms(face: Any, shown: Callable[[Any, str], None]) -> None:
    """The same sale in windows of other shapes."""
    for wide, high in ((1024, 768), (1920, 1080), (768, 1366)):
        face.window.resize(wide, high)
        shown(face, f"sale-{wide}x{high}")
    face.window.resize(1366, 768)


def _sheets(face: Any, shown: Callable[[Any, str], None], dark: str) -> None:
    """Drawer and shift, the count, a return and what is parked."""
    face.commands.pressed("Ctrl+D")
    shown(face, f"shift{dark}")
    face.commands.typed("8")
    shown(face, f"x-report{dark}")
    face.commands.pressed("Esc")
    face.commands.typed("6")
    for many in ("", "3", "7", "14", "19", "11", "23", "31"):
        face.commands.typed(many)
        face.commands.pressed("Return")
    shown(face, f"count{dark}")
    face.commands.pressed("Esc")
    face.sheets.close()
    face.returning.found(face.desk.till.last.name)
    shown(face, f"return{dark}")
    face.sheets.close()
    face.wedge.scanned.emit("1004")
    face.commands.pressed("F8")
    shown(face, f"parked{dark}")
    face.parking.recall()
    shown(face, f"parked{dark}")
    face.commands.typed("1")
    shown(face, f"recalled{dark}")
    face.sale.abort()
    face.sale.strip_acted(face.sale.strips.shown[-1].number, "yes")
    shown(face, f"empty{dark}")


def _wait(application: Any, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        application.processEvents()
        time.sleep(0.01)


def _until(application: Any, done: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not done():
        if time.monotonic() > end:
            raise SystemExit("the till did not get so far")
        application.processEvents()
        time.sleep(0.005)


def main() -> None:
    """Take them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--directory", type=Path, default=Path("tresen-demo"))
    parser.add_argument("--port", type=int, default=8080)
    asked = parser.parse_args()
    sys.path.insert(0, str(HERE.parent))
    demo = subprocess.Popen(
        [sys.executable, "-m", "services.cli", "demo", "--headless",
         "--directory", str(asked.directory), "--port", str(asked.port)],
        cwd=HERE.parent, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert demo.stdout is not None
        for line in demo.stdout:
            if line.startswith("Ctrl-C"):
                break
        time.sleep(3)
        till(asked.directory / "boxes" / "001-1")
        time.sleep(2)
        office(asked.port)
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait()


if __name__ == "__main__":
    main()
