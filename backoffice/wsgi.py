"""What gunicorn serves."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask

from backoffice import create_app


def application() -> Flask:
    """Head office of the directory and database that the environment names."""
    return create_app(
        Path(os.environ["TRESEN_DIRECTORY"]), os.environ.get("TRESEN_DATABASE") or None
    )
