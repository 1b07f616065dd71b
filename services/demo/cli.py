"""The command `tresen demo`: builds a sample chain, starts everything, says what to try."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, Final

import click

from schemas import signature
from schemas.keys import ArticleKey
from schemas.money import Currency
from services.database import beginning, people
from services.database.headoffice import HeadOffice
from services.database.organisation import Unit
from services.demo import chain, history
from services.disk.box import Box
from services.gateway import enrol
from services.link import identity
from services.replication import publish

_RECEIPTS_A_DAY: Final = 14
_STAFF: Final = (
    ("mira", "Mira Köhler", "1111", "de"),
    ("luis", "Luis Ortega", "2222", "es"),
    ("anna", "Anna Seidel", "3333", "en"),
)
_USER: Final = ("jana", "tresen-demo")


@click.command()
@click.option("--directory", default="tresen-demo", show_default=True, metavar="DIR",
              type=click.Path(file_okay=False, path_type=Path), help="Where the chain is kept.")  # fmt: skip
@click.option("--port", default=8080, show_default=True, help="Head office's port.")
@click.option("--headless", is_flag=True, help="Everything but the till's window.")
@click.option("--build-only", is_flag=True, help="Build the chain, start nothing.")
def demo(directory: Path, port: int, headless: bool, build_only: bool) -> None:
    """Try Tresen: three branches, five tills and a month of receipts, on this machine."""
    directory = directory.resolve()
    if not (directory / "demo.json").exists():
        build(directory, port)
    if not build_only:
        _check_port(directory, port)
        _run(directory, port, headless=headless)


def build(directory: Path, port: int) -> None:
    """Build the demo chain; a build that was cut short is begun anew."""
    if directory.exists() and any(directory.iterdir()) and not (directory / "building").exists():
        raise click.UsageError(f"{directory} holds other things; name another with --directory")
    directory.mkdir(parents=True, exist_ok=True)
    for part in ("office", "boxes"):
        _clear(directory / part)
    (directory / "building").touch()
    office = HeadOffice(directory / "office")
    office.migrate()
    click.echo("Building the sample chain: organisation, articles, prices …")
    tills, priced = _master_data(office)
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


def _master_data(office: HeadOffice) -> tuple[list[str], list[ArticleKey]]:
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
            chain.staff(session, seat.key, _STAFF)
        people.make_user(session, *_USER, shown="Jana Brandt", language="de")
        return tills, chain.demo_articles(session, Currency("EUR"), "Europe/Berlin")


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


def _run(directory: Path, port: int, *, headless: bool) -> None:
    tills = json.loads((directory / "demo.json").read_text())["tills"]
    office = ["--directory", str(directory / "office")]
    commands = [["office", "serve", "--port", str(port), "--workers", "1", *office],
                ["office", "worker", *office],
                *(["agent", "run", "--box", str(directory / "boxes" / name)] for name in tills)]  # fmt: skip
    if not headless:
        commands.append(["till", "run", "--box", str(directory / "boxes" / tills[0])])
    log = (directory / "demo.log").open("ab")
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    running = [_start(each, log) for each in commands]
    _wait_for(port)
    _welcome(directory, port, tills, headless=headless)
    while not stopping:
        time.sleep(0.3)
        if not headless and running[-1].poll() is not None:
            stopping = True
        gone = next((n for n, each in enumerate(running) if each.poll() is not None), None)
        if gone is not None and not stopping:
            click.echo(f"“tresen {' '.join(commands[gone])}” has ended; see {directory}/demo.log")
            stopping = True
    _stop(running)
    click.echo("Stopped. Everything is kept; the same command goes on from here.")


def _start(command: list[str], log: BinaryIO) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 (our own commands)
        [sys.executable, "-m", "services.cli", *command],
        stdout=log,
        stderr=log,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        start_new_session=True,
    )


def _wait_for(port: int) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2)
            return
        time.sleep(0.1)


def _stop(running: list[subprocess.Popen[bytes]]) -> None:
    for each in running:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(each.pid, signal.SIGTERM)
    for each in running:
        with contextlib.suppress(subprocess.TimeoutExpired):
            each.wait(8)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(each.pid, signal.SIGKILL)


def _welcome(directory: Path, port: int, tills: list[str], *, headless: bool) -> None:
    click.echo(f"""
Head office   http://127.0.0.1:{port}    sign in as {_USER[0]}, password {_USER[1]}
Tills         {", ".join(tills)}, each a folder under {directory}/boxes
              {", ".join(f"{name} PIN {pin}" for _, name, pin, _ in _STAFF)}

Try this
  1. In head office, Articles: change the price of 1001 (Brötchen), from now.
  2. At the till, tap Brötchen: the new price is there. Take cash. The slip is in slips.bin.
  3. In head office, the dashboard shows the receipt at once.
  4. Stop head office (Ctrl-C here) and sell on:
     tresen till run --box {directory}/boxes/{tills[0]}
  5. Start again: what was sold meanwhile arrives, each receipt once.
     tresen box list {directory}/boxes/{tills[0]}
{"" if not headless else f"Open a till:   tresen till run --box {directory}/boxes/{tills[0]}"}
Ctrl-C stops everything.""")
