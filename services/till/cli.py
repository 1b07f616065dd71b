"""The command `tresen till`: sell without a screen, or with one."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import click

from schemas.drawer import Closing
from services.disk.box import Box, BoxRefused
from services.disk.durable import DiskRefused, Unconfirmed
from services.mirror.catalogue import MirrorMissing
from services.register.refusal import StepRefused
from services.till import replay
from services.till.till import Till

_BOX = click.option(
    "--box",
    required=True,
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="The till's box.",
)


@click.command()
@_BOX
@click.argument("sales", metavar="FILE|-", type=click.File("rb"))
def sell(box: Path, sales: BinaryIO) -> None:
    """Sell from JSON lines, one sale a line; each is answered by a JSON line.

    A repeated ref gets the first answer again. Exit 1 where any sale was refused.
    """
    refused = False
    try:
        with (
            # A sale from a file is whole or not at all: there is no basket to keep between steps.
            Till(Box(box), lambda: datetime.now(UTC), later=lambda _: None) as till,
        ):
            if till.basket.lines:
                raise BoxRefused("A sale is open on this till. Finish it at the screen first.")
            till.sign_in_unattended(replay.UNATTENDED)
            for text in sales:
                if not text.strip():
                    continue
                answer = replay.sell(till, text)
                refused |= "refused" in answer
                click.echo(json.dumps(answer, ensure_ascii=False))
                sys.stdout.flush()
    except Unconfirmed as error:
        click.echo(f"{error} Give the same line again: it gets the same answer.", err=True)
        sys.exit(2)
    except DiskRefused as error:
        click.echo(f"{error} Nothing was sold.", err=True)
        sys.exit(2)
    except (BoxRefused, MirrorMissing) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    sys.exit(1 if refused else 0)


@click.command(name="x")
@_BOX
def x_report(box: Path) -> None:
    """Print how the period stands. It changes no figure; the journal notes that somebody looked."""
    _report(box, lambda till: till.drawer.x_report())


@click.command(name="z")
@_BOX
def z_report(box: Path) -> None:
    """Close the period and print its Z report; nobody else is asked."""
    _report(box, lambda till: till.drawer.z_report())


def _report(box: Path, make: Callable[[Till], Closing]) -> None:
    try:
        with Till(Box(box), lambda: datetime.now(UTC)) as till:
            till.sign_in_unattended(replay.UNATTENDED)
            for row in till.prints.closing(make(till)):
                click.echo(row.text.rstrip())
    except (BoxRefused, MirrorMissing, DiskRefused, StepRefused) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
