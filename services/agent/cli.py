"""Commands for a till's box: enrol it, look at it, verify it, and run its agent."""

from __future__ import annotations

import json
import logging
import signal
import sys
import threading
from pathlib import Path
from typing import NoReturn

import click

from schemas import xml
from schemas.enrolment import Enrolment
from schemas.receipt import Receipt
from services.agent import enrolling, looking, loop
from services.disk import bell, durable
from services.disk.box import Box, BoxRefused
from services.journal import read
from services.link import identity
from services.link.http_client import HttpEnrolling, HttpOffice
from services.link.office import OfficeNotReached, OfficeRefused, OfficeUnreachable
from services.mirror import store
from services.spool import upload

_FOLDER = click.Path(file_okay=False, path_type=Path)
BOX_ARGUMENT = click.argument("box", metavar="DIR", type=_FOLDER)


def refuse(error: object) -> NoReturn:
    """Say what was refused, and leave with 1."""
    text = str(error)
    click.echo(text[:1].upper() + text[1:], err=True)
    sys.exit(1)


@click.group()
def box() -> None:
    """A till's box: the folder that holds its master data, its keys and its journal."""


@box.command()
@click.option("--office", required=True, metavar="URL", help="Head office's address.")
@click.option("--code", required=True, help="The one-time code from head office, Tills.")
@BOX_ARGUMENT
def enrol(office: str, code: str, box: Path) -> None:
    """Make this box a till of the chain, with a code from head office.

    A box stays the till that it was; another till needs an empty folder.
    """
    try:
        who = enrolling.enrol(Box(box), HttpEnrolling(office), code)
    except OfficeNotReached as error:
        refuse(
            f"{error}. Check the address {office}, and that head office is served there (tresen "
            "office serve); then give the same command again."
        )
    except OfficeUnreachable as error:
        refuse(f"{error}. Give the same command again; the code still works.")
    except (OfficeRefused, BoxRefused, durable.DiskRefused) as error:
        refuse(error)
    click.echo(f"This box is till {who.name} now. Start its agent: tresen agent run --box {box}")


def enrolled(box: Box) -> Enrolment:
    """Who the box is; ends in a sentence where it has not been enrolled."""
    try:
        return identity.enrolment(box)
    except BoxRefused as error:
        refuse(error)


@box.command()
@BOX_ARGUMENT
def status(box: Path) -> None:
    """What this box is, what waits, how old its master data is."""
    place = Box(box)
    for line in looking.lines(place, enrolled(place)):
        click.echo(line)


@box.command(name="verify")
@BOX_ARGUMENT
def verify_(box: Path) -> None:
    """Check journal and master data; names the first file that is not as it was written."""
    place = Box(box)
    found = looking.findings(place, enrolled(place))
    for finding in found:
        click.echo(finding)
    if found:
        sys.exit(1)
    entries = sum(read.last_number(place.journal, s) for s in read.series_names(place.journal))
    click.echo(f"All is well: {entries} journal entries, {len(store.scopes(place.mirror))} scopes.")


@box.command(name="list")
@BOX_ARGUMENT
def list_(box: Path) -> None:
    """One JSON line a receipt, oldest first: number, day, total, digest, pending or acknowledged."""
    place = Box(box)
    enrolled(place)
    known = upload.cursor(place)
    for stored in read.everything(place.journal):
        try:
            receipt: Receipt | None = stored.entry().receipt
        except xml.DocumentRefused as error:
            refuse(f"{stored.path}: {error}")
        if receipt is None:
            continue
        there = known.has(stored.series, stored.number)
        row = {
            "till": receipt.till_name,
            "series": receipt.series,
            "number": receipt.number,
            "day": receipt.day.isoformat(),
            "total": receipt.total.number,
            "ref": receipt.ref,
            "digest": stored.digest(),
            "state": "acknowledged" if there else "pending",
        }
        click.echo(json.dumps(row))


@click.group()
def agent() -> None:
    """The till's agent: carries sales up and master data down."""


@agent.command()
@click.option("--box", required=True, metavar="DIR", type=_FOLDER, help="The till's box.")
@click.option("--once", is_flag=True, help="One look, then stop.")
def run(box: Path, once: bool) -> None:
    """Run the agent of a box, until Ctrl-C."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    place = Box(box)
    stop = threading.Event()

    def end(*_: object) -> None:
        stop.set()
        bell.ring(place.path, "agent")  # it may be waiting for just that

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    try:
        if not once:
            loop.run(place, stop)
            return
        who = identity.enrolment(place)
        worker = loop.Agent(place, HttpOffice(who, identity.device_key(place)))
        said = worker.look()
        worker.close()
    except (BoxRefused, OfficeRefused, durable.DiskRefused) as error:
        refuse(error)
    click.echo(f"{said.link}, {said.waiting} waiting" + (f": {said.cause}" if said.cause else ""))
    if said.link != "online" or said.fault:
        sys.exit(1)
