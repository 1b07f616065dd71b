"""Head office in the browser: `create_app` makes the WSGI application."""

from backoffice.application import create_app

__all__ = ["create_app"]
