"""Takes pictures of every page of head office at several widths, light and dark.

python docs/take_office_pictures.py --directory DIR [--page NAME …] [--width 1440 …] [--theme light …]
    [--language de …] [--who jana …] [--no-script]
A head office after a month's work is built (tests/pretend/officescene.py names its pages), served, and
gone through in Chromium. Without choices it takes all pages at 1440, 1024 and 390 px in both themes,
as the owner sees them. What is wider than its window, what the browser complains about and what
answers an error is said at the end.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

HERE = Path(__file__).resolve().parent
WIDTHS: Final = {"1440": 900, "1024": 768, "390": 844}
CHROMIUM: Final = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
_TALLEST: Final = 2600

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.pretend.officescene import Scene


@contextmanager
def served(scene: Scene) -> Iterator[str]:
    """Head office over HTTP; its address."""
    from werkzeug.serving import WSGIRequestHandler, make_server  # noqa: PLC0415

    class Quiet(WSGIRequestHandler):
        def log(self, *_: Any, **__: Any) -> None:
            """Say nothing."""

    server = make_server("127.0.0.1", 0, scene.app, threaded=True, request_handler=Quiet)
    vars(server)["daemon_threads"] = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def pictures(browser: Browser, scene: Scene, address: str, asked: argparse.Namespace) -> list[str]:
    """Take them; answers what is wrong with any."""
    wrong: list[str] = []
    for who in asked.who:
        for language in asked.language:
            for theme in asked.theme:
                scene.client(who).post(
                    "/me", data={"language": language, "theme": theme, "to": "/"}
                )
                for width in asked.width:
                    size = {"width": int(width), "height": WIDTHS.get(width, 900)}
                    context = browser.new_context(
                        viewport=size, java_script_enabled=not asked.no_script
                    )
                    page = context.new_page()
                    said: list[str] = []
                    page.on("pageerror", lambda error, said=said: said.append(str(error)))  # type: ignore[misc]
                    _sign_in(page, address, who)
                    kind = f"{width}-{theme}-{language}" + ("" if who == "jana" else f"-{who}")
                    wrong += _gone_through(page, scene, address, asked, kind)
                    wrong += [f"{kind}: {each}" for each in said]
                    context.close()
    return wrong


def _sign_in(page: Page, address: str, who: str) -> None:
    from tests.pretend.officescene import PASSWORD  # noqa: PLC0415

    page.goto(f"{address}/sign-in")
    page.fill("[name=name]", who)
    page.fill("[name=password]", PASSWORD)
    page.click("main button, form button")
    page.wait_for_url(f"{address}/")


def _gone_through(
    page: Page, scene: Scene, address: str, asked: argparse.Namespace, kind: str
) -> Iterator[str]:
    from tests.pretend import officescene  # noqa: PLC0415

    for name, path in officescene.pages(scene.parts).items():
        if asked.page and name not in asked.page:
            continue
        answer = page.goto(address + path, wait_until="load")
        if answer is None or answer.status >= 500 or (answer.status == 404 and name != "missing"):
            yield f"{name}: {answer.status if answer else 'no answer'}"
        high, over = page.evaluate(
            "[document.documentElement.scrollHeight, document.documentElement.scrollWidth - innerWidth]"
        )
        if over > 0:
            yield f"{name} {kind}: {over} px wider than its window"
        clip = {"x": 0, "y": 0, "width": int(kind.partition("-")[0]), "height": min(high, _TALLEST)}
        page.screenshot(path=asked.directory / f"{name}-{kind}.png", full_page=True, clip=clip)


def asked_for() -> argparse.Namespace:
    """What the command line names; all of it where it names nothing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--directory", type=Path, required=True)
    several: dict[str, Any] = {"nargs": "+"}
    parser.add_argument("--page", **several)
    parser.add_argument("--width", default=list(WIDTHS), **several)
    parser.add_argument("--theme", choices=("light", "dark"), default=["light", "dark"], **several)
    parser.add_argument("--language", choices=("de", "en", "es"), default=["de"], **several)
    parser.add_argument("--who", default=["jana"], help="jana, tom, ina or bea", **several)
    parser.add_argument("--no-script", action="store_true", help="as a browser without script")
    return parser.parse_args()


def main() -> None:
    """Take them."""
    asked = asked_for()
    asked.directory.mkdir(parents=True, exist_ok=True)
    sys.path.insert(0, str(HERE.parent))
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    from tests.pretend import officescene  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        scene = officescene.build(Path(folder))
        with served(scene) as address, sync_playwright() as play:
            browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
            wrong = pictures(browser, scene, address, asked)
            browser.close()
        scene.close()
    print("\n".join(wrong) or "nothing is wider than its window, and nothing failed")


if __name__ == "__main__":
    main()
