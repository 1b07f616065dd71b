"""Why a file, or a row of it, was not taken: in the reader's language."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from typing import Any

from backoffice import frame
from services.importing.refusal import SENTENCES, ImportRefused


def of(refused: ImportRefused) -> str:
    """The sentence of a refusal."""
    return _sentence(refused.said, refused.parts)


def of_row(said: Mapping[str, Any]) -> str:
    """Why a row is faulty; the English text where it was kept before sentences had names."""
    if said.get("why") in SENTENCES:
        return _sentence(said["why"], said["parts"])
    return str(said["reason"])


def of_batch(said: str) -> str:
    """Why the worker could not go on with a file."""
    if said in {"fault", "outdated", "set-closed"}:
        return frame.shown().t(f"imports.{said}")
    with contextlib.suppress(ValueError):
        name, parts = json.loads(said)
        return _sentence(name, parts)
    return said


def _sentence(name: str, parts: Mapping[str, str]) -> str:
    return frame.shown().t(f"imports.bad.{name}", **parts)
