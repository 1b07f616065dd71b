"""Two ways to do the same at a page: with a mouse, and with nothing but a keyboard.

A journey is written once and walked by both. `Keys` may do what a person without a mouse can: Tab and
Shift+Tab, Enter, Space, arrows, typing. It looks at the page to know where the focus is, and never
moves it by script, so what cannot be reached fails the journey. At every stop it asks for what
WCAG 2.2 AA does: the focus is seen (2.4.7), nothing lies over it (2.4.11), and a part of a page that
was swapped has not thrown it away (2.4.3).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Protocol

from playwright.sync_api import Locator, Page, expect

FARTHEST: Final = 220
"""So many presses of Tab lead to a control; one that lies farther away is not reached in practice."""
STOP: Final = """(wanted) => {
  const here = document.activeElement;
  if (!here || here === document.body) return { lost: true };
  const said = `${here.tagName} ${here.id || here.name || ""} "${(here.getAttribute("aria-label") || here.textContent || "").trim().slice(0, 40)}"`;
  const seen = (each) => {
    const style = getComputedStyle(each);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && !/, 0\\)$|transparent/.test(style.outlineColor);
  };
  let ring = here.matches("main");
  for (let each = here, n = 0; each && n < 3; each = each.parentElement, n++) ring = ring || seen(each);
  ring = ring || Boolean(here.querySelector("rect") && parseFloat(getComputedStyle(here.querySelector("rect")).strokeWidth) >= 2);
  const shown = here.labels && here.getBoundingClientRect().width < 2 ? here.labels[0] : here;
  const boxes = Array.from(shown.getClientRects()).filter((box) => box.width && box.height);
  const clear = here.matches("main") || boxes.some((box) => [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8]].some(([x, y]) => {
    const over = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    return over && (shown.contains(over) || over.contains(shown) && over !== document.body && over !== document.documentElement);
  }));
  const inside = here.closest("main") !== null;
  return { lost: false, there: here === wanted, said, ring, clear, inside };
}"""
"""What is at the focus: is it the control that is wanted, is it seen, does something lie over it."""


class Hand(Protocol):
    """Somebody at a page, whatever they use."""

    page: Page
    name: str

    def press(self, control: Locator) -> None:
        """A link, a button, the head of something that opens."""

    def write(self, field: Locator, text: str) -> None:
        """Into a field, in place of what stands there."""

    def tick(self, box: Locator) -> None:
        """A box to the other state, or one of several choices."""

    def choose(self, field: Locator, words: str) -> None:
        """One entry of a list, by its whole words."""

    def date(self, field: Locator, at: datetime) -> None:
        """A day, with its time where the field asks for it."""

    def bring(self, field: Locator, file: Path) -> None:
        """A file; the window in which it is chosen is the browser's."""


def settled(page: Page) -> None:
    """The page has come, and no part of it is under way."""
    page.wait_for_load_state("load")
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


class Mouse:
    """Points at what it wants, and types into what it pointed at."""

    name = "mouse"

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, control: Locator) -> None:
        """Click it."""
        settled(self.page)
        control.click()

    def write(self, field: Locator, text: str) -> None:
        """Click into it, mark what stands there, type."""
        self.press(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)
        expect(field).to_have_value(text)

    def tick(self, box: Locator) -> None:
        """Click it."""
        self.press(box)

    def choose(self, field: Locator, words: str) -> None:
        """Out of the list that opens."""
        settled(self.page)
        field.select_option(label=words)

    def date(self, field: Locator, at: datetime) -> None:
        """Out of the calendar that opens."""
        settled(self.page)
        timed = field.get_attribute("type") == "datetime-local"
        field.fill(at.strftime("%Y-%m-%dT%H:%M" if timed else "%Y-%m-%d"))

    def bring(self, field: Locator, file: Path) -> None:
        """Click the field, choose the file."""
        with self.page.expect_file_chooser() as asked:  # early: the browser is told of it meanwhile
            settled(self.page)
            field.click()
        asked.value.set_files(file)


class Keys:
    """Nothing but a keyboard."""

    name = "keyboard"

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, control: Locator) -> None:
        """Tab there, Enter."""
        self.reach(control)
        with self.kept():
            self.page.keyboard.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        """Tab there, mark what stands there, type."""
        self.reach(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)
        expect(field).to_have_value(text)

    def tick(self, box: Locator) -> None:
        """Tab there, Space; among several choices the arrows lead from the one that holds."""
        if box.get_attribute("type") != "radio":
            self.reach(box)
            self.page.keyboard.press("Space")
            return
        several = self.page.locator(f"[type=radio][name='{box.get_attribute('name')}']")
        holds = several.and_(self.page.locator(":checked"))
        self.reach(holds if holds.count() else several.first)
        if not holds.count():
            self.page.keyboard.press("Space")
        for _ in range(several.count()):
            if box.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        expect(box).to_be_checked()

    def choose(self, field: Locator, words: str) -> None:
        """Tab there, then arrows, as far as the entry lies from the one that holds."""
        self.reach(field)
        far = field.evaluate(
            "(list, words) => [...list.options].findIndex((each) => each.label.trim() === words)"
            " - list.selectedIndex", words,
        )  # fmt: skip
        for _ in range(abs(far)):
            self.page.keyboard.press("ArrowDown" if far > 0 else "ArrowUp")
        expect(field.locator("option:checked")).to_have_text(words)

    def date(self, field: Locator, at: datetime) -> None:
        """Tab there, type day, month and year as the browser orders them; the arrow leads on to the time."""
        self.reach(field)
        timed = field.get_attribute("type") == "datetime-local"
        wanted = at.strftime("%Y-%m-%dT%H:%M" if timed else "%Y-%m-%d")
        for order, clock in (("%m%d%Y", "%I%M%p"), ("%d%m%Y", "%H%M")):
            self.page.keyboard.type(at.strftime(order))
            if timed:
                self.page.keyboard.press("ArrowRight")
                self.page.keyboard.type(at.strftime(clock))
            if field.input_value() == wanted:
                return
            for _ in range(6):
                self.page.keyboard.press("ArrowLeft")
        expect(field).to_have_value(wanted)

    def bring(self, field: Locator, file: Path) -> None:
        """Tab there, Space, choose the file."""
        with self.page.expect_file_chooser() as asked:  # early: the browser is told of it meanwhile
            self.reach(field)
            self.page.keyboard.press("Space")
        asked.value.set_files(file)

    def reach(self, control: Locator) -> None:
        """Tab until the focus is there, Shift+Tab where it lies behind; at every stop it is seen."""
        expect(control).to_be_visible()
        settled(self.page)
        inside = control.evaluate("each => each.closest('main#content') !== null")
        if inside and self._stop(control)["lost"]:
            self._skip(control)
        back = control.evaluate(
            "(each) => document.activeElement !== document.body && Boolean("
            "document.activeElement.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_PRECEDING)"
        )
        for _ in range(FARTHEST):
            if self._stop(control).get("there"):
                return
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"{control} is not reached by {FARTHEST} presses of Tab")

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Whatever is swapped meanwhile, the focus is somewhere afterwards."""
        self.page.evaluate("window.stays = true")
        yield

    def _skip(self, control: Locator) -> None:
        """Over the navigation, by the link that is there for it."""
        self.page.keyboard.press("Tab")
        if self._stop(control).get("said", "").startswith('A  "Zum Inhalt'):
            self.page.keyboard.press("Enter")

    def _stop(self, control: Locator) -> dict[str, Any]:
        stop: dict[str, Any] = control.evaluate(STOP)
        if stop["lost"]:
            stays = self.page.evaluate("Boolean(window.stays)")
            assert not stays, f"the focus was lost on {self.page.url}"
            return stop
        assert stop["ring"], f"the focus is not seen at {stop['said']} on {self.page.url}"
        assert stop["clear"], f"something lies over {stop['said']} on {self.page.url}"
        return stop
