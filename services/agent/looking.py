"""Looking at a box: what it is and what waits, and what in it is not as it was written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from schemas import xml
from schemas.enrolment import Enrolment
from schemas.journal import Acknowledgement
from schemas.status import Status
from services.disk import durable
from services.disk.box import Box
from services.fiscal import plain
from services.journal import verify
from services.link import identity
from services.mirror import store
from services.spool import upload

_SHOWN: Final = 5
"""Refused entries that are shown one by one."""


def lines(box: Box, who: Enrolment) -> Iterator[str]:
    """How the box is, for people: a line a fact."""
    waiting, oldest = upload.waiting(box)
    yield _line("Till", who.name)
    yield _line("Head office", who.office)
    yield _line("Receipts wait", f"{waiting}" + (f", the oldest since {oldest}" if oldest else ""))
    yield from _refused(box)
    for scope in who.scopes:
        try:
            files = store.files(box.mirror, scope)
        except store.MirrorDamaged as damage:
            yield _line("Master data", f"{scope}: damaged: {damage}. The agent fetches it anew.")
            continue
        yield _line("Master data", f"{scope}: " + (f"{files.revision}" if files else "none yet"))
    yield from _agent(box)
    yield _line("Disk free", f"{durable.free(box.path) // 2**20} MB")


def _line(what: str, fact: str) -> str:
    return f"{what:<15} {fact}"


def _refused(box: Box) -> Iterator[str]:
    aside = upload.put_aside(box)
    if not aside:
        return
    yield _line("Refused", f"{len(aside)} entries; head office keeps them, and they do not count:")
    for each in aside[-_SHOWN:]:
        yield _line("", f"series {each.series}, number {each.number}: {each.reason}")


def _agent(box: Box) -> Iterator[str]:
    path = box.status / "agent.xml"
    try:
        status = xml.load(Status, path.read_bytes())
    except FileNotFoundError:
        yield _line("Agent", "has not run here yet; start it: tresen agent run --box DIR")
        return
    except xml.DocumentRefused:
        yield _line("Agent", f"{path} is damaged; the agent writes it anew at its next look")
        return
    yield _line("Agent", f"version {status.software}, looked at {_moment(status.at)}")
    yield _line("Line", status.link + (f": {status.cause}" if status.cause else ""))
    yield _line("Last contact", _moment(status.contact) if status.contact else "none yet")
    if status.fault:
        yield _line("Fault", status.fault)


def _moment(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S %z}"


def findings(box: Box, who: Enrolment) -> list[str]:
    """What in the box is not as it was written, or is missing; nothing where all is well."""
    found = [
        f"{each.path}: {each.what}"
        for each in verify.verify(box.journal, upload.cursor(box).anchors, plain.MODULE.verify)
    ]
    found += [str(each) for each in store.verify(box.mirror, identity.trusted(who))]
    there = set(store.scopes(box.mirror))
    found += [
        f"{box.mirror / scope}: this master data has not come yet; run the agent"
        for scope in who.scopes
        if scope not in there
    ]
    return found + list(_unreadable(box))


def _unreadable(box: Box) -> Iterator[str]:
    """Files of the agent's that are no document; without them it asks head office anew."""
    for name in ("acknowledged.xml", "refused.xml"):
        path = box.spool / name
        try:
            xml.load(Acknowledgement, path.read_bytes())
        except FileNotFoundError:
            continue
        except (OSError, xml.DocumentRefused) as error:
            yield f"{path}: {error}"
