"""Builds the demo's folder: head office's database, five tills' boxes, and what they have sold."""

from __future__ import annotations

import contextlib
import hashlib
import json
import multiprocessing
import os
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import click

from schemas import signature
from schemas.keys import ArticleKey
from schemas.money import Currency
from services.database import beginning, people
from services.database.headoffice import HeadOffice
from services.database.organisation import Unit
from services.demo import chain, history, offers
from services.disk.box import Box, BoxRefused
from services.gateway import enrol
from services.link import identity
from services.replication import publish

STAFF: Final = (
    ("mira", "Mira Köhler", "1111", "de"),
    ("luis", "Luis Ortega", "2222", "es"),
    ("nils", "Nils Brandt", "3333", "en"),
)
USER: Final = ("jana", "tresen-demo")
NEIGHBOURS: Final = 10
"""From head office's port to the first till's for its neighbours."""
_A_DAY: Final = (8, 7, 6, 5, 4)
"""Receipts a day, till by till."""
_MEMORY: Final = Path("/dev/shm")  # noqa: S108 (Linux keeps it in memory; the folder made there is 0700)
_ROOM: Final = 2_000_000_000
"""Bytes that must be free in memory: two years take about a tenth of it."""


def build(directory: Path, port: int, days: int) -> None:
    """Build a chain that has been selling for some days; a build that was cut short is begun anew."""
    directory.mkdir(parents=True, exist_ok=True)
    for part in ("office", "boxes"):
        _clear(directory / part)
    (directory / "building").touch()
    with _site(directory) as site:
        tills = _chain(site, port, days)
        if site != directory:
            for part in ("office", "boxes"):
                shutil.copytree(site / part, directory / part)
            os.sync()
    (directory / "demo.json").write_text(json.dumps({"tills": tills, "port": port}))
    (directory / "building").unlink()


@contextlib.contextmanager
def _site(directory: Path) -> Iterator[Path]:
    """Where to build: in memory where there is room, since a till waits for its disk at each step."""
    name = hashlib.sha256(str(directory).encode()).hexdigest()[:16]
    site = _MEMORY / f"tresen-demo-{os.getuid()}-{name}"
    try:
        roomy = shutil.disk_usage(_MEMORY).free > _ROOM
        if roomy:
            _clear(site)
            site.mkdir(mode=0o700)
    except OSError:  # no such memory, or not for us
        roomy = False
    try:
        yield site if roomy else directory
    finally:
        if roomy:
            _clear(site)


def _clear(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _chain(site: Path, port: int, days: int) -> list[str]:
    office = HeadOffice(site / "office")
    office.migrate()
    click.echo("Building the sample chain: organisation, articles, prices …")
    tills, priced = _master_data(office, port)
    publish.publish(office)
    boxes = [_box(site, office, name, port) for name in tills]
    for each in boxes:
        history.mirror(each, office, identity.enrolment(each))
    _sell(boxes, priced, days)
    with click.progressbar(boxes, label="Head office takes them in") as bar:
        for each in bar:
            history.mirror(each, office, identity.enrolment(each))
    return tills


def _sell(boxes: list[Box], priced: list[ArticleKey], days: int) -> None:
    """All tills at once, each a process of its own, as they would be."""
    now = datetime.now(UTC)
    alike = multiprocessing.get_context("spawn")
    sold = alike.Value("l", 0)
    tills = [
        alike.Process(target=_till, args=(box.path, priced, now, days, seed, sold))
        for seed, box in enumerate(boxes)
    ]
    length = sum(history.expected(now, days, _A_DAY[seed]) for seed in range(len(boxes)))
    with click.progressbar(length=length, label=_told(days)) as bar:
        for till in tills:
            till.start()
        while any(till.is_alive() for till in tills):
            time.sleep(0.1)
            bar.update(min(sold.value, length) - bar.pos)
        bar.update(length - bar.pos)
    if any(till.exitcode for till in tills):
        raise BoxRefused("A till of the sample chain could not sell; what it said stands above.")


def _told(days: int) -> str:
    return f"Receipts of {days} days" if days > 1 else "Receipts of a day"


def _till(
    box: Path, priced: list[ArticleKey], now: datetime, days: int, seed: int, sold: Any
) -> None:
    def count() -> None:
        with sold.get_lock():
            sold.value += 1

    history.sell(Box(box), priced, now, days, _A_DAY[seed], seed, count)


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
            chain.staff(session, seat.key, STAFF, badges=True)
        people.make_user(session, *USER, shown="Jana Brandt", language="de")
        priced = chain.demo_articles(session, Currency("EUR"), "Europe/Berlin")
        offers.offer(session, "Europe/Berlin")
        chain.introduce(session, tills, port + NEIGHBOURS)
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
