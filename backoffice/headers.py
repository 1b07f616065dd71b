"""What every answer says to the browser about what it may do."""

from __future__ import annotations

from typing import Final

import flask

from backoffice import access

POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
"""No inline script, no inline style, nothing from elsewhere."""


def install(app: flask.Flask) -> None:
    """Put the headers on every answer."""
    app.after_request(_told)


def _told(answer: flask.Response) -> flask.Response:
    answer.headers.setdefault("Content-Security-Policy", POLICY)
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    answer.headers.setdefault("Referrer-Policy", "same-origin")
    answer.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    answer.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    answer.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    if flask.request.is_secure or access.is_public(flask.current_app):
        answer.headers.setdefault(
            "Strict-Transport-Security", "max-age=31536000; includeSubDomains"
        )
    fixed = flask.request.endpoint in {"static", "sheet"}
    if fixed and "v" in flask.request.args:
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif not fixed:
        answer.headers.setdefault("Cache-Control", "no-store")
    return answer
