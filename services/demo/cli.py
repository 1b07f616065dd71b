"""The command `tresen demo`: builds a sample chain, starts everything, says what to try."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
import urllib.request
from dataclasses import replace
from pathlib import Path
from typing import Final

import click

from services.database.headoffice import HeadOffice
from services.demo import building, chain, history
from services.disk.box import Box, BoxRefused, Lock
from services.link import identity
from services.replication import publish
from services.till import display
from services.worker import ports
from services.worker.watch import Child, Watched

_LONGEST: Final = 1000
"""Days that a demo may have sold: its prices begin in 2023."""
_WINDOW: Final = "The till's window"
_LOCK: Final = "demo.lock"


@click.command()
@click.option("--directory", default="tresen-demo", show_default=True, metavar="DIR",
              type=click.Path(file_okay=False, path_type=Path), help="Where the chain is kept.")  # fmt: skip
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, ports.HIGHEST),
              help="Head office's port; the doorbell takes the next one.")  # fmt: skip
@click.option(
    "--days",
    default=730,
    show_default=True,
    type=click.IntRange(1, _LONGEST),
    help="How long the chain has been selling when it is built.",
)
@click.option("--headless", is_flag=True, help="Everything but the till's window.")
@click.option("--build-only", is_flag=True, help="Build the chain, start nothing.")
def demo(directory: Path, port: int, days: int, headless: bool, build_only: bool) -> None:
    """Try Tresen: three branches, five tills and two years of receipts, on this machine."""
    directory = directory.resolve()
    try:
        if not build_only:
            ports.check("127.0.0.1", port)
            if not headless:
                display.check("Or try everything but the till's window: tresen demo --headless")
        with _alone(directory):
            if not (directory / "demo.json").exists():
                building.build(directory, port, days)
            why = None
            if not build_only:
                _check_port(directory, port)
                why = _run(directory, port, headless=headless)
    except (BoxRefused, ports.PortRefused, display.DisplayMissing) as error:
        why = str(error)
    if why:
        click.echo(why, err=True)
        sys.exit(1)


def _alone(directory: Path) -> Lock:
    """The lock of a demo's folder; none is made in a folder that holds other things."""
    ours = any((directory / name).exists() for name in ("building", "demo.json"))
    if directory.exists() and not ours and {p.name for p in directory.iterdir()} - {_LOCK}:
        raise click.UsageError(f"{directory} holds other things; name another with --directory")
    directory.mkdir(parents=True, exist_ok=True)
    return Lock(
        directory / _LOCK,
        f"A demo runs in {directory} already. Stop it first, or name another with --directory.",
    )


def _check_port(directory: Path, port: int) -> None:
    """Boxes remember addresses; another port is written into them, and their neighbours' with it.

    Before anything starts: an old address of a till could be head office's new one.
    """
    known = json.loads((directory / "demo.json").read_text())
    if known["port"] == port:
        return
    office = HeadOffice(directory / "office")
    with office.session() as session:
        chain.introduce(session, known["tills"], port + building.NEIGHBOURS)
    publish.publish(office)
    for name in known["tills"]:
        box = Box(directory / "boxes" / name)
        address, doorbell = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}"
        moved = replace(identity.enrolment(box), office=address, doorbell=doorbell)
        identity.keep(box, moved)
        history.mirror(box, office, moved)
    (directory / "demo.json").write_text(json.dumps({**known, "port": port}))


def _run(directory: Path, port: int, *, headless: bool) -> str | None:
    """Everything, until Ctrl-C or until the window is closed; a sentence where it ended otherwise."""
    tills = json.loads((directory / "demo.json").read_text())["tills"]
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    welcomed, why = False, None
    with (directory / "demo.log").open("ab") as log:
        children = _children(directory, port, tills, headless=headless)
        watched = Watched(children, click.echo, log, own_group=True)
        watched.start()
        while not stopping and why is None:
            time.sleep(0.2)
            why = watched.look()
            if not headless and watched.code(_WINDOW) == 0:
                stopping = True
            if not welcomed and _answers(port):
                welcomed = True
                _welcome(directory, port, tills, headless=headless)
        watched.stop()
    click.echo("Stopped. Everything is kept; the same command goes on from here.")
    return f"{why} See {directory}/demo.log." if why and not stopping else None


def _children(directory: Path, port: int, tills: list[str], *, headless: bool) -> list[Child]:
    office = ("--directory", str(directory / "office"))
    boxes = {name: str(directory / "boxes" / name) for name in tills}
    children = [
        _child("Head office", "office", "serve", "--port", str(port), "--workers", "1", *office),
        _child("The worker", "office", "worker", *office),
        *(_child(f"The agent of {name}", "agent", "run", "--box", boxes[name]) for name in tills),
    ]
    if not headless:
        window = _child(_WINDOW, "till", "run", "--box", boxes[tills[0]])
        children.append(replace(window, again=False))
    return children


def _child(name: str, *command: str) -> Child:
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    return Child(name, [sys.executable, "-m", "services.cli", *command], environment)


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2)
        return True
    return False


def _welcome(directory: Path, port: int, tills: list[str], *, headless: bool) -> None:
    click.echo(f"""
Head office   http://127.0.0.1:{port}    sign in as {building.USER[0]}, password {building.USER[1]}
Tills         {", ".join(tills)}, each a folder under {directory}/boxes
              {", ".join(f"{name} PIN {pin}" for _, name, pin, _ in building.STAFF)}

Try this
  1. In head office, Articles: change the price of 1001 (Brötchen), from now.
  2. At the till, tap Brötchen: the new price is there. Take cash. The slip is in slips.bin.
  3. In head office, the dashboard shows the receipt at once.
  4. Open a second till of the branch (./tresen till run --box {directory}/boxes/{tills[1]}): what is
     parked on one is gone on with at the other, without head office.
  5. At the till, Ctrl+K: find Anna Seidel, or type her card 7770000020418 and Enter; she collects
     points and buys on account. The badge BADGE-MIRA signs in and approves.
  6. Stop head office (Ctrl-C here) and sell on:
     ./tresen till run --box {directory}/boxes/{tills[0]}
  7. Start again: what was sold meanwhile arrives, each receipt once.
     ./tresen box list {directory}/boxes/{tills[0]}
{"" if not headless else f"Open a till:   ./tresen till run --box {directory}/boxes/{tills[0]}"}
Ctrl-C stops everything.""")
