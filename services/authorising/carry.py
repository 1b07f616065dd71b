"""Carrying a till's questions to head office: its asks folder in, its answers folder out.

Both folders are of this minute only: nothing in them is worth a flush. A question without an answer
is asked again by the till, or decided without head office. What may be held for a sale since is
noted, so that the agent can let go of it when the sale is gone.
"""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from schemas import xml
from schemas.authorisation import Answer, Question
from services.disk import bell, durable
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
        _note(box, question)
        beside = answer.with_suffix(".new")
        beside.write_bytes(xml.dump(_answered(office, question)))
        beside.rename(answer)
        bell.ring(box.path, "answers")
        done += 1
    return done


def held(box: Box) -> Path:
    """What head office was asked to hold, by sale and key, until the sale is known to be gone."""
    return box.spool / "held"


def _note(box: Box, question: Question) -> None:
    """Before head office hears of it: nobody knows afterwards whether it did.

    Where the disk takes no note, the question is asked all the same: head office forgets by itself.
    """
    said = (question.sale, question.kind, question.key, question.programme or "")
    path = held(box) / f"{xml.digest(repr(said).encode())[:32]}.xml"
    try:
        durable.folder(path.parent)
        beside = path.with_suffix(".new")
        beside.write_bytes(xml.dump(question))
        beside.rename(path)
    except (OSError, durable.DiskRefused) as error:
        log.warning("question not noted kind=%s why=%s", question.kind, error)


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
