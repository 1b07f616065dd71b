"""An article's picture: brought, replaced, taken away, put back; and every picture at its address."""

from __future__ import annotations

from typing import Any, Final

import flask
import itsdangerous

from backoffice import access, database, frame, htmx
from backoffice.articles import views
from backoffice.changes import keeping
from schemas.keys import ArticleKey
from schemas.picture import Picture
from services.database import changesets, records
from services.database import pictures as rows
from services.database.articles import ArticleRow
from services.database.changes import PICTURES
from services.importing import pictures as making
from services.importing.pictures import LARGEST_UPLOAD, PictureRefused

pictures = flask.Blueprint("pictures", __name__)
_GOOD_S: Final = 300
"""Seconds in which a change can be taken back by one press; the log can do it for ever."""


@pictures.get("/pictures/<digest>.webp")
def file(digest: str) -> Any:
    """A picture by its digest: what stands at this address never changes."""
    webp = rows.webp(database.session(), digest)
    if webp is None:
        flask.abort(404)
    answer = flask.Response(webp, mimetype="image/webp")
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer


@pictures.post("/articles/<key>/picture")
def change(key: str) -> Any:
    """Give the article another picture, or none."""
    if database.session().get(ArticleRow, key) is None:
        flask.abort(404)
    if flask.request.form.get("act") == "remove":
        return _kept(key, None)
    given = flask.request.files.get("picture")
    if given is None or not given.filename:
        return views.page(key, 422, refused=frame.shown().t("picture.none"))
    try:
        webp = making.made(given.stream.read(LARGEST_UPLOAD + 1))
    except PictureRefused as refused:
        name = given.filename.rpartition("/")[2][:80]
        said = frame.shown().t(refused.said, name=name, **refused.parts)
        return views.page(key, 422, refused=said)
    return _kept(key, webp)


def _kept(key: str, webp: bytes | None) -> Any:
    """Let it hold, or collect it; answers with the article's page, and there a way back."""
    before = rows.of(database.session(), [key]).get(key)
    with database.writing() as session:
        if webp is None:
            after = None
            keeping.remove(session, "picture", key, PICTURES)
        else:
            after = rows.shelve(session, webp)
            keeping.keep(session, [(Picture(ArticleKey(key), webp), PICTURES)])
    note = None
    if keeping.collecting() is None and before != after:
        note = _notes().dumps([key, before, after])
    return htmx.go(flask.url_for("articles.one", key=key, pictured=note, **frame.kept()))


def _notes() -> itsdangerous.URLSafeTimedSerializer:
    return itsdangerous.URLSafeTimedSerializer(flask.current_app.secret_key or b"", salt="picture")


@pictures.post("/articles/<key>/picture/undo")
def take_back(key: str) -> Any:
    """Put back the picture that the article had before, where nobody has changed it since."""
    try:
        found = _notes().loads(flask.request.form.get("note", ""), max_age=_GOOD_S)
    except itsdangerous.BadData:
        found = None
    said = "picture.undo-late"
    reviewed = changesets.needs_review(database.session())  # a note of before it was wanted
    if found is not None and found[0] == key and not reviewed:
        said = "picture.undone" if _is_back(*found) else "picture.undo-conflict"
    return htmx.go(flask.url_for("articles.one", key=key, said=said, **frame.kept()))


def _is_back(key: str, before: str | None, after: str | None) -> bool:
    by = access.person().name
    with database.writing() as session:
        if rows.of(session, [key]).get(key) != after:
            return False
        webp = rows.webp(session, before) if before else None
        if webp is None:
            records.remove(session, "picture", key, PICTURES, by)
        else:
            records.put(session, Picture(ArticleKey(key), webp), PICTURES, by)
    return True
