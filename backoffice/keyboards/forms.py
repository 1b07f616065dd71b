"""The fields of a keyboard's editor as somebody typed them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from werkzeug.datastructures import MultiDict

from backoffice.keyboards import acts, painting
from backoffice.keyboards.acts import ActRefused, At
from schemas import tokens
from schemas.keyboard import Keyboard
from services.register.columns import printable

ICONS: Final = (
    "star", "bread", "produce", "dairy", "drinks", "meat", "frozen", "sweets", "household", "press",
    "alcohol", "fish", "flower", "gift", "ice-cream", "orange", "tote", "wine", "basket", "percent",
    "tag",
)  # fmt: skip
"""What a tab can show before its name."""


def at(form: MultiDict[str, str]) -> At:
    """What is selected, from the address or the form."""
    tab, row, column = (form.get(name, 0, int) for name in ("tab", "row", "column"))
    return At(max(0, tab), min(max(0, row), 11), min(max(0, column), 11))


def typed(board: Keyboard, form: MultiDict[str, str], selected: At) -> Keyboard:
    """The keyboard with what was typed of its grid, its tab and its key; raises ActRefused."""
    if "rows" in form:
        rows, columns = (form.get(name, 0, int) for name in ("rows", "columns"))
        board = acts.gridded(board, rows, columns)
    if not 0 <= selected.tab < len(board.tabs):
        return board
    if "tab-de" in form:
        names = {name: _name(form.get(f"tab-{name}", "")) for name in ("de", "en", "es")}
        icon = form.get("tab-icon", "")
        changed = replace(
            board.tabs[selected.tab], icon=icon if icon in ICONS else None,
            de=names["de"], en=names["en"], es=names["es"],
        )  # fmt: skip
        tabs = (*board.tabs[: selected.tab], changed, *board.tabs[selected.tab + 1 :])
        board = replace(board, tabs=tabs)
    return _key(board, form, selected)


def _key(board: Keyboard, form: MultiDict[str, str], selected: At) -> Keyboard:
    key, article = acts.key_at(board, selected), form.get("article", "").strip()
    if key is None:
        return acts.put(board, selected, article) if article else board
    if "label" not in form or form.get("was") != key.article:
        return board
    if article and article != key.article:
        return acts.put(board, selected, article)
    colour, picture = form.get("colour", ""), form.get("picture", "")
    wide, tall = (form.get(name, 1, int) for name in ("wide", "tall"))
    if not (1 <= wide <= 12 and 1 <= tall <= 12):
        raise ActRefused("keys.outside")
    changed = replace(
        key, label=_name(form.get("label", "")),
        colour=colour if colour in tokens.group_colours("light") else None,
        picture=picture if picture in painting.pictures() else None,
        wide=wide if wide > 1 else None, tall=tall if tall > 1 else None,
    )  # fmt: skip
    return board if changed == key else acts.sized(board, selected, changed)


def _name(text: str) -> str | None:
    return " ".join(printable(text).split())[:200] or None
