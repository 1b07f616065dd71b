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
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

import click

from schemas import signature
from schemas.keys import ArticleKey
from schemas.money import Currency
from services.database import beginning, people
from services.database.headoffice import HeadOffice
from services.database.organisation import Unit
from services.demo import chain, history, offers
from services.disk.box import Box, BoxRefused, Lock
from services.gateway import enrol
from services.link import identity
from services.replication import publish
from services.till import display
from services.worker import ports
from services.worker.watch import Child, Watched

_RECEIPTS_A_DAY: Final = 14
_STAFF: Final = (
    ("mira", "Mira Köhler", "1111", "de"),
    ("luis", "Luis Ortega", "2222", "es"),
    ("nils", "Nils Brandt", "3333", "en"),
)
_USER: Final = ("jana", "tresen-demo")
_WINDOW: Final = "The till's window"
_LOCK: Final = "demo.lock"


@click.command()
@click.option("--directory", default="tresen-demo", show_default=True, metavar="DIR",
              type=click.Path(file_okay=False, path_type=Path), help="Where the chain is kept.")  # fmt: skip
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, ports.HIGHEST),
              help="Head office's port; the doorbell takes the next one.")  # fmt: skip
@click.option("--headless", is_flag=True, help="Everything but the till's window.")
@click.option("--build-only", is_flag=True, help="Build the chain, start nothing.")
def demo(directory: Path, port: int, headless: bool, build_only: bool) -> None:
    """Try Tresen: three branches, five tills and a month of receipts, on this machine."""
    directory = directory.resolve()
    try:
        if not build_only:
            ports.check("127.0.0.1", port)
            if not headless:
                display.check("Or try everything but the till's window: tresen demo --headless")
        with _alone(directory):
            if not (directory / "demo.json").exists():
                build(directory, port)
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


def build(directory: Path, port: int) -> None:
    """Build the demo chain; a build that was cut short is begun anew."""
    directory.mkdir(parents=True, exist_ok=True)
    for part in ("office", "boxes"):
        _clear(directory / part)
    (directory / "building").touch()
    office = HeadOffice(directory / "office")
    office.migrate()
    click.echo("Building the sample chain: organisation, articles, prices …")
    tills, priced = _master_data(office, port)
    publish.publish(office)
    boxes = [_box(directory, office, name, port) for name in tills]
    for each in boxes:
        history.mirror(each, office, identity.enrolment(each))
    _sell_month(office, boxes, priced)
    (directory / "demo.json").write_text(json.dumps({"tills": tills, "port": port}))
    (directory / "building").unlink()


def _clear(folder: Path) -> None:
    if folder.exists():
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()


def _master_data(office: HeadOffice, port: int) -> tuple[list[str], list[ArticleKey]]:
    with office.session() as session:
        tills = chain.organise(
            session,
            Unit(
                name="Elbmarkt", address="Musterweg 1|01067 Dresden", currency="EUR",
                time_zone="Europe/Berlin", tax_zone="de", language="de", layout="standard",
                keyboard="main", profile="demo", tax_number="USt-IdNr. DE000000000",
            ),
            chain.DEMO_SEATS,
            "file:slips.bin",
        )  # fmt: skip
        taxes = {"A": ("19 %", Decimal(19)), "B": ("7 %", Decimal(7)), "C": ("0 %", Decimal(0))}
        beginning.rules(session, taxes, "de")
        for seat in chain.DEMO_SEATS:
            chain.staff(session, seat.key, _STAFF, badges=True)
        people.make_user(session, *_USER, shown="Jana Brandt", language="de")
        priced = chain.demo_articles(session, Currency("EUR"), "Europe/Berlin")
        offers.offer(session, "Europe/Berlin")
        chain.introduce(session, tills, port + 10)
        return tills, priced


def _box(directory: Path, office: HeadOffice, name: str, port: int) -> Box:
    box = Box(directory / "boxes" / name)
    box.make()
    trusted = signature.public_text(office.replica_key())
    public = signature.public_text(identity.device_key(box))
    with office.session() as session:
        code = enrol.make_code(session, name, chain.BY)
        who = enrol.enrol(
            session, code, public, f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}",
            trusted,
        )  # fmt: skip
    identity.keep(box, who)
    return box


def _sell_month(office: HeadOffice, boxes: list[Box], priced: list[ArticleKey]) -> None:
    now = datetime.now(UTC)
    length = len(boxes) * int(_RECEIPTS_A_DAY * 1.13 * history.DAYS * 6 / 7)
    with click.progressbar(length=length, label="A month of receipts") as bar:
        for seed, box in enumerate(boxes):
            many = _RECEIPTS_A_DAY - 2 * seed
            history.sell_month(box, priced, now, many, seed, lambda: bar.update(1))
            history.mirror(box, office, identity.enrolment(box))


def _check_port(directory: Path, port: int) -> None:
    """Boxes remember head office's address; another port is written into them."""
    known = json.loads((directory / "demo.json").read_text())
    if known["port"] == port:
        return
    for name in known["tills"]:
        box = Box(directory / "boxes" / name)
        who = identity.enrolment(box)
        office, doorbell = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}"
        moved = replace(who, office=office, doorbell=doorbell)
        identity.keep(box, moved)
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
Head office   http://127.0.0.1:{port}    sign in as {_USER[0]}, password {_USER[1]}
Tills         {", ".join(tills)}, each a folder under {directory}/boxes
              {", ".join(f"{name} PIN {pin}" for _, name, pin, _ in _STAFF)}

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
