"""What htmx asks and is answered: the only module that knows htmx_flask, which has no types."""

from __future__ import annotations

from typing import Any

import flask
import htmx_flask
from htmx_flask import make_response


def install(app: flask.Flask) -> None:
    """Let requests say whether htmx made them."""
    htmx_flask.Htmx(app)


def asked() -> bool:
    """Did htmx ask, for a part of a page? A return through the history wants the whole page."""
    told: Any = flask.request
    return bool(told.htmx) and not told.htmx.history_restore_request


def part(template: str, status: int = 200, /, **values: Any) -> Any:
    """A part of a page."""
    answer = make_response(flask.render_template(template, **values), status)
    answer.vary.add("HX-Request")
    return answer


def page_or_part(page: str, some: str, status: int = 200, /, **values: Any) -> Any:
    """The part where htmx asked for it, else the page that holds it."""
    if asked():
        return part(some, status, **values)
    answer = flask.make_response(flask.render_template(page, **values), status)
    answer.vary.add("HX-Request")
    return answer


def go(address: str) -> Any:
    """Send the browser to another page, whoever asked."""
    if asked():
        return make_response("", 204, redirect=address)
    return flask.redirect(address, 303)
