"""Carrying a till's questions to head office: its asks folder in, its answers folder out.

Both folders are of this minute only: nothing in them is worth a flush. A question without an answer
is asked again by the till, or decided without head office.
"""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime
from typing import Final

from schemas import xml
from schemas.authorisation import Answer, Question
from services.disk import bell
from services.disk.box import Box
from services.link.office import Office, OfficeRefused, OfficeUnreachable

log = logging.getLogger(__name__)

_LOOK_S: Final = 5.0


def carry(box: Box, office: Office) -> int:
    """Answer every question that lies there; says how many. Never raises for a bad line."""
    asked = {path.stem: path for path in box.asks.glob("*.xml")}
    for path in box.answers.glob("*.xml"):
        if path.stem not in asked:
            path.unlink(missing_ok=True)  # the till has read it, or waits no longer
    done = 0
    for name, path in sorted(asked.items()):
        answer = box.answers / f"{name}.xml"
        if answer.exists():
            continue
        try:
            question = xml.load(Question, path.read_bytes())
        except FileNotFoundError:
            continue
        except xml.DocumentRefused as error:
            log.warning("question unreadable name=%s why=%s", name, error)
            continue
        beside = answer.with_suffix(".new")
        beside.write_bytes(xml.dump(_answered(office, question)))
        beside.rename(answer)
        bell.ring(box.path, "answers")
        done += 1
    return done


def _answered(office: Office, question: Question) -> Answer:
    try:
        return office.authorise(question)
    except (OfficeUnreachable, OfficeRefused) as error:
        log.info("question not answered kind=%s why=%s", question.kind, error)
        return Answer(question.id, "away", datetime.now(UTC))


def run(box: Box, office: Office, stop: threading.Event) -> None:
    """Carry on until `stop`, at each ring of the till's, over a line of its own."""
    listening = bell.Bell(box.path, "asks")
    try:
        while not stop.is_set():
            try:
                carry(box, office)
            except Exception:  # a thread that ends would ask nothing any more
                log.exception("questions not carried")
            listening.wait(_LOOK_S)
    finally:
        listening.close()
