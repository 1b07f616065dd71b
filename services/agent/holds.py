"""What head office may hold for sales of this till that are gone: it is free again, without anybody's doing.

A question may reach head office when its sale has been given up already, and a sale that was refused
before its end leaves no record at all: nothing that comes up would end what is held for it.
"""

from __future__ import annotations

import logging
import time
import uuid
from dataclasses import replace
from typing import Final

from schemas import xml
from schemas.authorisation import Question
from schemas.money import Money
from schemas.receipt import Basket
from services.authorising import carry
from services.disk.box import Box
from services.link.office import Office
from services.neighbours import folders
from services.spool import upload

log = logging.getLogger(__name__)

GRACE_S: Final = 60.0
"""For so long after a question its sale may not be on the disk yet, or the question still be on its way."""
VOID_GRACE_S: Final = 900.0
"""A void is no sale in hand; so long a card terminal may take to undo its payments."""


def let_go(box: Box, office: Office, now: float | None = None) -> int:
    """Say of every sale that is gone that nothing is held for it any more; answers of how many.

    now  seconds since 1970; else the clock's
    Raises OfficeUnreachable, OfficeRefused: the rest is said at the next look.
    """
    at, done = time.time() if now is None else now, 0
    for path in sorted(carry.held(box).glob("*.xml")):
        try:
            question, asked_at = xml.load(Question, path.read_bytes()), path.stat().st_mtime
        except FileNotFoundError:
            continue
        except xml.DocumentRefused as error:
            log.warning("held question unreadable name=%s why=%s", path.name, error)
            path.unlink(missing_ok=True)
            continue
        grace = VOID_GRACE_S if question.sale.startswith("void ") else GRACE_S
        if at - asked_at < grace or _is_here(box, question.sale):
            continue
        if not _went_away(box, question.sale):
            if upload.waiting(box)[0]:  # its end may be among what waits, and ends the hold then
                continue
            nothing = Money.zero(question.amount.currency)
            office.authorise(replace(question, id=uuid.uuid4().hex, amount=nothing))
            done += 1
        path.unlink(missing_ok=True)
    return done


def _is_here(box: Box, sale: str) -> bool:
    """Is it in hand or parked? What cannot be read may be it."""
    try:
        if xml.load(Basket, (box.hand / "basket.xml").read_bytes()).ref == sale:
            return True
    except FileNotFoundError:
        pass
    except xml.DocumentRefused:
        return True
    parked = folders.parked(box).glob(f"{folders.stem(sale)}*")
    return any(not _is_given(box, path.stem) for path in parked)


def _is_given(box: Box, parking: str) -> bool:
    return (folders.given(box) / f"{parking}.xml").exists()


def _went_away(box: Box, sale: str) -> bool:
    """Is it parked at a neighbour now? Then its end there ends what is held."""
    return any(folders.given(box).glob(f"{folders.stem(sale)}*.xml"))
