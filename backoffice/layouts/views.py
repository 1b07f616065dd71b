"""Receipt layouts: the list, the editor with its preview, versions and what differs between two."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import flask
from sqlalchemy.orm import Session

from backoffice import access, database, drafting, frame, htmx
from backoffice.changes import naming
from backoffice.layouts import acts, preview, proofing, samples
from backoffice.layouts.forms import ALIGNED, CHOICES, KINDS, LOCKED, YES_NO, BlockForm, widths
from backoffice.layouts.preview import Wish
from schemas import xml
from schemas.keys import KeyRefused, LayoutKey, article_key
from schemas.layout import Layout
from services.database import beginning, history, layouts
from services.database.changes import RecordRefused
from services.database.changesets import SetRefused
from services.database.drafts import Draft, Overtaken
from services.evaluation import designs

pages = flask.Blueprint("layouts", __name__, url_prefix="/layouts")
WHOLE: Final = -1
"""Instead of a block: the layout itself, with its widths."""


@dataclass(slots=True)
class Opened:
    """A layout in the editor.

    base   the version that the draft began with, or that holds now
    newest the number of the newest version; above the draft's own, somebody published since
    """

    layout: Layout
    draft: Draft | None
    base: Layout
    newest: int


def _opened(session: Session, key: str) -> Opened:
    every = layouts.editions(session, key)
    draft = drafting.find("layout", key)
    holds = layouts.in_force(session, key, frame.now()) or (every[0].layout if every else None)
    if draft is None and holds is None:
        flask.abort(404)
    drafted = xml.load(Layout, draft.document) if draft else None
    base = next((e.layout for e in every if drafted and e.layout.version == drafted.version), holds)
    shown = drafted or base
    assert shown is not None
    newest = every[0].layout.version if every else shown.version
    return Opened(replace(shown, begins=None), draft, base or shown, newest)


@pages.get("/")
def all_() -> Any:
    """All layouts: the version in force, what comes, which tills print with each, and drafts."""
    return _list()


def _list(status: int = 200, *, wrong: bool = False) -> Any:
    session, now = database.session(), frame.now()
    used = designs.used(session, "layout")
    rows = []
    for key in sorted({*layouts.keys(session), *drafting.keys("layout")}):
        every = layouts.editions(session, key)
        rows.append((key, layouts.in_force(session, key, now), every, drafting.find("layout", key)))
    return flask.render_template("layouts/all.html", rows=rows, used=used, wrong=wrong), status


@pages.post("/")
def make() -> Any:
    """A new layout, from one that there is: a draft until its set is released."""
    form, session = flask.request.form, database.session()
    try:
        key = LayoutKey(article_key(form.get("key", "").strip()))
    except KeyRefused:
        return _list(422, wrong=True)
    like = form.get("like", "")
    origin = layouts.in_force(session, like, frame.now()) or beginning.LAYOUT
    if key not in layouts.keys(session) and drafting.find("layout", key) is None:
        made = replace(origin, layout=key, version=1, begins=None)
        drafting.keep(made, "", _title(key))
    return htmx.go(flask.url_for("layouts.one", key=key))


@pages.get("/<key>")
def one(key: str) -> Any:
    """The editor."""
    at = flask.request.args.get("block", 0, int)
    opened = _opened(database.session(), key)
    return _editor(opened, at)


@pages.post("/<key>")
def change(key: str) -> Any:
    """Save what was typed, and do what a button says."""
    form, act = flask.request.form, flask.request.form.get("act", "")[:20]
    opened = _opened(database.session(), key)
    at = form.get("block", 0, int)
    seen = form.get("seen", "")[:64]
    if act == "undo":
        return _kept(key, at, lambda: drafting.undo("layout", key, seen))
    layout, typed = _typed(opened, at)
    if typed is not None and typed.wrong:
        return _editor(opened, at, typed=typed, status=422)
    version = act.removeprefix("from-")
    if act.startswith("from-") and version.isdecimal():
        old = layouts.version(database.session(), key, int(version))
        if old is None:
            flask.abort(404)
        layout, at = replace(old, version=opened.base.version, begins=None), 0
    else:
        layout, at = acts.done(layout, act, at)
    if layout == opened.layout:
        return _answer(key, at)
    return _kept(key, at, lambda: drafting.keep(layout, seen, _title(key)))


def _typed(opened: Opened, at: int) -> tuple[Layout, BlockForm | None]:
    """The layout with the fields of the selected block as they were typed."""
    form, layout = flask.request.form, opened.layout
    if "columns" in form:
        return widths(layout, form), None
    if not 0 <= at < len(layout.blocks) or form.get("kind") != layout.blocks[at].kind:
        return layout, None
    typed = BlockForm.of(layout.blocks[at], form, frame.place().currency)
    blocks = (*layout.blocks[:at], typed.block, *layout.blocks[at + 1 :])
    return replace(layout, blocks=blocks), typed


def _kept(key: str, at: int, act: Any) -> Any:
    """Do it; where it cannot be done, show the draft as it stands, and say why."""
    try:
        act()
    except (Overtaken, SetRefused, RecordRefused) as refused:
        why = naming.refusal(refused)
        return _editor(_opened(database.session(), key), at, wrong=why, status=409)
    return _answer(key, at)


def _answer(key: str, at: int) -> Any:
    """The editor's parts for htmx; for others its page."""
    if htmx.asked():
        return _editor(_opened(database.session(), key), at)
    wish: dict[str, Any] = {**Wish.asked(access.language()).asking()}
    return flask.redirect(flask.url_for("layouts.one", key=key, block=at, **wish), 303)


def _editor(
    opened: Opened, at: int, typed: BlockForm | None = None, wrong: str | None = None,
    status: int = 200, told: str | None = None,
) -> Any:  # fmt: skip
    session, layout = database.session(), opened.layout
    at = at if at == WHOLE or 0 <= at < len(layout.blocks) else 0
    wish = Wish.asked(access.language())
    parts = preview.parts(session, layout, wish)
    block = typed or (BlockForm(layout.blocks[at]) if at != WHOLE else None)
    only = flask.request.form.get("act") == "type" and status == 200
    template = "layouts/_typed.html" if only else "layouts/_editor.html"
    return htmx.page_or_part(
        "layouts/one.html", template, status, key=layout.layout, opened=opened, layout=layout,
        at=at, form=block, wish=wish, parts=parts, printed={part.block for part in parts if part.rows},
        broken=list(preview.broken(layout)), lacking=preview.lacking(layout), wrong=wrong,
        samples=(*samples.NAMES, "last"), papers=samples.PAPERS, kinds=KINDS, locked=LOCKED,
        aligned=ALIGNED, yes_no=YES_NO, choices=CHOICES, needed=layouts.NEEDED, qr=preview.qr,
        wide=layout.width(wish.paper), tills=proofing.tills(session), told=told,
    )  # fmt: skip


@pages.post("/<key>/proof")
def proof(key: str) -> Any:
    """A test print of the draft, as it stands, on a till of one's choice."""
    opened, till = _opened(database.session(), key), flask.request.form.get("till", "")[:26]
    wish, name = Wish.asked(access.language()), access.person().name
    at = flask.request.form.get("block", 0, int)
    try:
        with database.writing() as session:
            proofing.send(session, opened.layout, till, wish, name)
    except proofing.ProofRefused:
        return _editor(opened, at, wrong=frame.shown().t("layout.proof.no-till"), status=409)
    frame.anew()
    return _editor(_opened(database.session(), key), at, told=till)


@pages.get("/<key>/versions")
def versions(key: str) -> Any:
    """Every version that was let out; of two of them, both slips and what differs."""
    session = database.session()
    every = layouts.editions(session, key)
    if not every:
        flask.abort(404)
    known = {edition.layout.version: edition.layout for edition in every}
    first, second = (flask.request.args.get(name, 0, int) for name in ("first", "second"))
    compared, slips = None, []
    if first in known and second in known:
        compared = history.differences(*(xml.dump(known[n]) for n in (first, second)))
        wish = Wish.asked(access.language())
        slips = [(n, preview.parts(session, known[n], wish)) for n in (first, second)]
    return flask.render_template(
        "layouts/versions.html", key=key, every=every, first=first, second=second, slips=slips,
        compared=compared, holds=layouts.in_force(session, key, frame.now()), qr=preview.qr,
        draft=drafting.find("layout", key), field=naming.field, said=naming.said,
    )  # fmt: skip


def _title(key: str) -> str:
    return f"{frame.shown().t('record.layout')} {key}"
