"""Saved views of lists: kept under a name, shown as tabs, shared where somebody wants it."""

from __future__ import annotations

import urllib.parse
from typing import Any, Final

import flask

from backoffice import access, database, frame, htmx
from services.database import views
from services.database.views import SavedView

saved = flask.Blueprint("saved", __name__, url_prefix="/views")
_PAGES: Final = {
    "articles": "articles.found",
    "receipts": "receipts.found",
    "customers": "clients.found",
}
_NOT_KEPT: Final = frozenset({
    "page", "said", "branch", "marked", "act", "value", "to_group", "to_tax", "ending", "all",
})  # fmt: skip
"""Parts of a list's address that are no part of the question."""


@saved.app_template_global()
def views_of(page: str) -> list[SavedView]:
    """The views that this person has of a page."""
    return views.of(database.session(), access.person().name, page)


@saved.app_template_global()
def view_address(view: SavedView) -> str:
    """Where a view leads; the branch stays as it is."""
    question: dict[str, Any] = dict(urllib.parse.parse_qsl(view.question))
    return flask.url_for(_PAGES[view.page], **{**frame.kept(), **question})


@saved.app_template_global()
def is_view(view: SavedView) -> bool:
    """Is this page's question the view's?"""
    return view.question == _asked(flask.request.args.to_dict())


def _asked(args: dict[str, str]) -> str:
    kept = {key: value for key, value in args.items() if value and key not in _NOT_KEPT}
    return urllib.parse.urlencode(sorted(kept.items()))


@saved.post("/<page>")
def keep(page: str) -> Any:
    """Keep what a list is asked under a name."""
    if page not in _PAGES:
        flask.abort(404)
    form = flask.request.form
    name = " ".join(form.get("name", "").split())[:60]
    question = _asked(dict(urllib.parse.parse_qsl(form.get("question", "")[:1000])))
    if name:
        with database.writing() as session:
            shared = bool(form.get("shared"))
            views.keep(session, access.person().name, page, name, question, shared=shared)
    again: dict[str, Any] = dict(urllib.parse.parse_qsl(question))
    return htmx.go(flask.url_for(_PAGES[page], **again))


@saved.post("/<page>/<int(max=2147483647):number>/drop")
def drop(page: str, number: int) -> Any:
    """Take a view away."""
    if page not in _PAGES:
        flask.abort(404)
    with database.writing() as session:
        views.drop(session, access.person().name, number)
    return htmx.go(flask.url_for(_PAGES[page], **frame.kept()))
