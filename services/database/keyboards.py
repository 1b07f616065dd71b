"""Till keyboards at head office: each edit is the next version of its key."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas import xml
from schemas.keyboard import Keyboard
from services.database import changes
from services.database.changes import CHAIN, Change


def numbered(session: Session, keyboard: Keyboard) -> Keyboard:
    """The keyboard as the version that follows the newest of its key, wherever that holds."""
    query = (
        sa.select(Change.document)
        .where(Change.kind == "keyboard", Change.key == keyboard.key, Change.document.is_not(None))
        .order_by(Change.id.desc())
        .limit(1)
    )
    newest = session.scalar(query)
    return replace(keyboard, version=xml.load(Keyboard, newest).version + 1 if newest else 1)


def keys(session: Session) -> list[str]:
    """The keys of all keyboards that the chain has."""
    return sorted(changes.keys(session, CHAIN, "keyboard"))


def current(session: Session, key: str) -> Keyboard | None:
    """A keyboard as the last edit left it for the whole chain."""
    document = changes.current(session, CHAIN, "keyboard", key)
    return xml.load(Keyboard, document) if document else None
