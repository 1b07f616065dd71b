"""Pages for what went wrong: a sentence, and the next step."""

from __future__ import annotations

import logging
from typing import Any

import flask
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import Conflict, HTTPException

from backoffice import access, database, htmx
from backoffice.api import views as api
from services.database.changesets import SetRefused

log = logging.getLogger(__name__)
_TOLD = {400, 403, 404, 405, 413, 422, 429, 500}


def install(app: flask.Flask) -> None:
    """Answer every refusal and every fault with a page."""
    app.register_error_handler(HTTPException, refused)
    app.register_error_handler(SetRefused, closed)
    app.register_error_handler(Exception, broke)


def refused(error: HTTPException) -> Any:
    """What was asked for cannot be had."""
    code = error.code or 500
    if code < 400 or (flask.request.endpoint or "").startswith("link."):
        return error
    if api.is_ours(flask.request.path):
        return api.refused(error)
    if code == 401:
        return htmx.go(flask.url_for("door.sign_in"))
    kind = "form" if isinstance(error, CSRFError) else str(code) if code in _TOLD else "400"
    page, status = _page(kind, code)
    answer = flask.make_response(page, status)
    if code == 429:
        answer.headers["Retry-After"] = "60"
    return answer


def closed(error: SetRefused) -> Any:
    """Somebody released or dropped the set meanwhile that this edit would have gone into."""
    if api.is_ours(flask.request.path):
        return api.refused(Conflict())
    log.info("edit came too late path=%s said=%s", flask.request.path, error.said)
    return _page("409", 409)


def broke(error: Exception) -> Any:
    """A fault of ours: it is in the log with this request's path; the page says so."""
    log.error("page failed path=%s", flask.request.path, exc_info=error)
    if (flask.request.endpoint or "").startswith("link."):
        return flask.Response("Head office has a fault; it is in its log.", 500)
    if api.is_ours(flask.request.path):
        database.session().rollback()
        return api.broke()
    return _page("500", 500)


def _page(kind: str, code: int) -> Any:
    flask.g.bare = True
    if "user" not in flask.g:
        flask.g.user = None
    if code == 500:
        flask.g.language = access.language()
        database.session().rollback()
        flask.g.user = None
    return flask.render_template("errors/page.html", kind=kind, code=code), code
