"""Till keyboards: the list, and the editor with its exact preview and palette."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

import flask
from sqlalchemy.orm import Session

from backoffice import access, database, drafting, frame, htmx
from backoffice.changes import naming
from backoffice.keyboards import acts, forms, painting
from backoffice.keyboards.acts import ActRefused, At
from schemas import tokens, xml
from schemas.keyboard import Keyboard, Tab
from schemas.keys import KeyboardKey, KeyRefused, article_key
from services.database import keyboards
from services.database.changes import RecordRefused
from services.database.changesets import SetRefused
from services.database.drafts import Draft, Overtaken
from services.evaluation import designs
from services.evaluation import keyboards as questions
from services.register import keyboardface

pages = flask.Blueprint("keyboards", __name__, url_prefix="/keyboards")
_DAYS: Final = 28
_OFFERED: Final = 12
"""Articles in the palette."""


@dataclass(slots=True)
class Opened:
    """A keyboard in the editor: as drafted, else as it holds."""

    board: Keyboard
    draft: Draft | None


def _opened(session: Session, key: str) -> Opened:
    draft = drafting.find("keyboard", key)
    if draft is not None:
        return Opened(xml.load(Keyboard, draft.document), draft)
    current = keyboards.current(session, key)
    if current is None:
        flask.abort(404)
    return Opened(current, None)


@pages.get("/")
def all_() -> Any:
    """All keyboards, the tills that have each, and drafts."""
    return _list()


def _list(status: int = 200, *, wrong: bool = False) -> Any:
    session = database.session()
    rows = [
        (key, keyboards.current(session, key), drafting.find("keyboard", key))
        for key in sorted({*keyboards.keys(session), *drafting.keys("keyboard")})
    ]
    used = designs.used(session, "keyboard")
    template = flask.render_template("keyboards/all.html", rows=rows, used=used, wrong=wrong)
    return template, status


@pages.post("/")
def make() -> Any:
    """A new keyboard, empty or like another: a draft until its set is released."""
    form, session = flask.request.form, database.session()
    try:
        key = KeyboardKey(article_key(form.get("key", "").strip()))
    except KeyRefused:
        return _list(422, wrong=True)
    if keyboards.current(session, key) is None and drafting.find("keyboard", key) is None:
        like = keyboards.current(session, form.get("like", ""))
        made = replace(like, key=key, version=0) if like else Keyboard(key, 0, tabs=(Tab(),))
        drafting.keep(made, "", _title(key))
    return htmx.go(flask.url_for("keyboards.one", key=key))


@pages.get("/<key>")
def one(key: str) -> Any:
    """The editor."""
    return _editor(_opened(database.session(), key), forms.at(flask.request.args))


@pages.get("/<key>/palette")
def palette(key: str) -> Any:
    """The articles that a search finds, or those that sell and have no key."""
    opened = _opened(database.session(), key)
    return htmx.part("keyboards/_palette.html", **_offer(opened, forms.at(flask.request.args)))


@pages.post("/<key>")
def change(key: str) -> Any:
    """Save what was typed, and do what a button, a drag or a key says."""
    form, act = flask.request.form, flask.request.form.get("act", "")[:60]
    opened, at = _opened(database.session(), key), forms.at(form)
    seen = form.get("seen", "")[:64]
    if act == "undo":
        return _kept(key, at, lambda: drafting.undo("keyboard", key, seen))
    try:
        board, at = acts.done(forms.typed(opened.board, form, at), act, at)
    except ActRefused as refused:
        return _editor(opened, at, frame.shown().t(refused.said), 422)
    if board == opened.board:
        return _answer(key, at)
    unknown = _unknown(opened.board, board)
    if unknown:
        return _editor(opened, at, frame.shown().t("keys.unknown", number=unknown), 422)
    return _kept(key, at, lambda: drafting.keep(board, seen, _title(key)))


def _unknown(before: Keyboard, after: Keyboard) -> str | None:
    """An article that has got a key just now, and is not there."""
    old = {key.article for tab in before.tabs for key in tab.keys}
    fresh = [key.article for tab in after.tabs for key in tab.keys if key.article not in old]
    known = questions.goods(database.session(), fresh, access.language(), frame.now())
    return next((each for each in fresh if each not in known), None)


def _kept(key: str, at: At, act: Callable[[], object]) -> Any:
    """Do it; where it cannot be done, show the draft as it stands, and say why."""
    try:
        act()
    except (Overtaken, SetRefused, RecordRefused) as refused:
        why = naming.refusal(refused)
        return _editor(_opened(database.session(), key), at, why, 409)
    return _answer(key, at)


def _answer(key: str, at: At) -> Any:
    """The editor for htmx; for others its page."""
    if htmx.asked():
        return _editor(_opened(database.session(), key), at)
    chosen: dict[str, Any] = {"tab": at.tab, "row": at.row, "column": at.column}
    chosen["screen"] = flask.request.form.get("screen", "")[:12] or None
    return flask.redirect(flask.url_for("keyboards.one", key=key, **chosen), 303)


def _branches(key: str) -> list[str]:
    tills = designs.used(database.session(), "keyboard").get(key, [])
    return sorted({till.parent_key for till in tills if till.parent_key})


def _offer(opened: Opened, at: At) -> dict[str, Any]:
    """The palette: articles to be put at the selected cell."""
    session, text = database.session(), flask.request.values.get("q", "").strip()[:60]
    since = frame.now().date() - timedelta(days=_DAYS)
    sold = questions.sold(session, _branches(opened.board.key), since)
    if text:
        wanted = questions.searched(session, text, _OFFERED)
    else:
        has = {key.article for tab in opened.board.tabs for key in tab.keys}
        wanted = [key for key in sold if key not in has][:_OFFERED]
    known = questions.goods(session, wanted, access.language(), frame.now())
    offered = [known[each] for each in wanted if each in known]
    return {"offered": offered, "sold": sold, "typed": text, "at": at, "key": opened.board.key}


def _editor(opened: Opened, at: At, wrong: str | None = None, status: int = 200) -> Any:
    session, board = database.session(), opened.board
    at = At(min(at.tab, max(0, len(board.tabs) - 1)), at.row, at.column)
    tab = board.tabs[at.tab] if board.tabs else Tab()
    goods = questions.goods(
        session, [key.article for key in tab.keys], access.language(), frame.now()
    )
    screen = flask.request.values.get("screen", "")
    room = acts.room(screen)
    chosen, leaf = acts.key_at(board, at), flask.request.values.get("page", 0, int)
    offer = _offer(opened, at)
    return htmx.page_or_part(
        "keyboards/one.html", "keyboards/_editor.html", status, opened=opened, board=board,
        tab=tab, room=room, chosen=chosen, wrong=wrong, screens=acts.SCREENS, goods=goods,
        screen=acts.screen(screen), icons=forms.ICONS, pictures=painting.pictures(),
        colours=list(tokens.group_colours("light")), days=_DAYS,
        page=painting.page(board, tab, room, goods, leaf), leaf=leaf, round=keyboardface.ROUND,
        **offer,
    )  # fmt: skip


def _title(key: str) -> str:
    return f"{frame.shown().t('record.keyboard')} {key}"
