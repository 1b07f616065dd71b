"""The command `tresen office`: serve head office, run its worker, import articles, list receipts."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa

from schemas.keys import KeyRefused, RoleKey, StaffKey, place_key
from schemas.money import Currency, Money
from schemas.staff import Staff
from services.database import beginning, organisation, people
from services.database.headoffice import HeadOffice
from services.database.sales import EntryRow, ReceiptRow
from services.gateway import enrol
from services.importing import articles, sheet
from services.till.signin import pin_digest
from services.worker import jobs


def _office(command: Callable[..., Any]) -> Callable[..., Any]:
    """The two options that say which head office a command is for."""
    command = click.option(
        "--database", metavar="URL", envvar="TRESEN_DATABASE",
        help="Another database than the SQLite file in the directory: postgresql://…",
    )(command)  # fmt: skip
    return click.option(
        "--directory", metavar="DIR", default="tresen-office", show_default=True,
        type=click.Path(file_okay=False, path_type=Path), help="Head office's folder.",
    )(command)  # fmt: skip


@click.group()
def office() -> None:
    """Head office."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")


@office.command()
@_office
def migrate(directory: Path, database: str | None) -> None:
    """Bring the database to this version's form."""
    HeadOffice(directory, database).migrate()
    click.echo("The database is up to date.")


@office.command(name="set-up")
@_office
@click.option("--company", required=True, help="The company's name, as slips show it.")
@click.option("--address", default="", help="Lines separated by |.")
@click.option("--currency", default="EUR", show_default=True)
@click.option("--time-zone", default="Europe/Berlin", show_default=True)
@click.option("--language", type=click.Choice(["de", "en", "es"]), default="de", show_default=True)
@click.option("--tax", "taxes", multiple=True, default=("A=19", "B=7", "C=0"), show_default=True,
              help="A tax class and its percent; prices include it.")  # fmt: skip
@click.option("--profile", type=click.Choice(["live", "test"]), default="live", show_default=True)
def set_up(
    directory: Path, database: str | None, company: str, address: str, currency: str,
    time_zone: str, language: str, taxes: tuple[str, ...], profile: str,
) -> None:  # fmt: skip
    """Begin a chain: the company, its taxes, tenders and slip. Branches follow by add-branch."""
    head = HeadOffice(directory, database)
    head.migrate()
    rates = {}
    for each in taxes:
        class_, equals, percent = each.partition("=")
        try:
            rates[class_] = (f"{percent} %", Decimal(percent))
        except InvalidOperation:
            equals = ""
        if not equals or not class_.isalnum():
            raise click.BadParameter(f"“{each}” is not a class and its percent, as in A=19")
    with head.session() as session:
        unit = organisation.Unit(
            kind="company", key="company", name=company, address=address, currency=currency,
            time_zone=time_zone, tax_zone="home", language=language, layout="standard",
            keyboard="main", profile=profile,
        )  # fmt: skip
        organisation.add(session, unit, beginning.BY)
        beginning.rules(session, rates, "home")
    click.echo(f"{company} is set up. Add branches: tresen office add-branch KEY NAME")


@office.command(name="add-branch")
@_office
@click.argument("key")
@click.argument("name")
@click.option("--address", help="Lines separated by |; else the company's.")
@click.option("--tills", default=1, show_default=True, help="How many tills it has.")
def add_branch(
    directory: Path, database: str | None, key: str, name: str, address: str | None, tills: int
) -> None:
    """Add a branch with its tills."""
    try:
        branch = organisation.Unit(
            kind="branch", key=place_key(key), name=name, address=address,
            parent_kind="company", parent_key="company",
        )  # fmt: skip
        with HeadOffice(directory, database).session() as session:
            if organisation.company(session) is None:
                raise KeyRefused("There is no company yet. Make one first: tresen office set-up")
            names = beginning.add_branch(session, branch, tills)
    except KeyRefused as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    click.echo(f"Tills: {', '.join(names)}. Enrol each: tresen office enrolment-code {names[0]}")


@office.command(name="add-cashier")
@_office
@click.argument("branch")
@click.argument("key")
@click.argument("name")
@click.option("--language", type=click.Choice(["de", "en", "es"]), default="de", show_default=True)
@click.password_option("--pin", help="Four digits.")
def add_cashier(
    directory: Path, database: str | None, branch: str, key: str, name: str, language: str, pin: str
) -> None:
    """Let somebody sell at a branch's tills."""
    if not (pin.isascii() and pin.isdigit() and len(pin) == 4):
        raise click.BadParameter("a PIN has four digits")
    person = Staff(StaffKey(key), name, RoleKey("cashier"), pin_digest(pin), language)
    with HeadOffice(directory, database).session() as session:
        people.put_staff(session, person, branch, beginning.BY)
    click.echo(f"{name} can sign in at the tills of {branch}.")


@office.command()
@_office
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8080, show_default=True)
@click.option("--workers", default=2, show_default=True, help="Processes that answer.")
def serve(directory: Path, database: str | None, host: str, port: int, workers: int) -> None:
    """Serve head office's pages and answer its tills; the doorbell is one port above."""
    HeadOffice(directory, database).migrate()
    url = f"http://{host}:{port + 1}"
    environment = {
        **os.environ,
        "TRESEN_DIRECTORY": str(directory),
        "TRESEN_DATABASE": database or "",
        "TRESEN_DOORBELL": os.environ.get("TRESEN_DOORBELL", url),
    }
    commands = [
        [sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--threads", "64",
         "--workers", str(workers), "--bind", f"{host}:{port}", "--keep-alive", "30",
         "--graceful-timeout", "3", "--no-control-socket",
         "--log-level", "warning", "backoffice.wsgi:application()"],
        [sys.executable, "-m", "services.gateway.serve_doorbell", host, str(port + 1)],
    ]  # fmt: skip
    running = [subprocess.Popen(each, env=environment) for each in commands]  # noqa: S603 (ours)
    click.echo(f"Head office: http://{host}:{port}")

    def stop(*_: object) -> None:
        for each in running:
            each.terminate()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    codes = [each.wait() for each in running]
    sys.exit(max(abs(code) for code in codes) if any(c not in {0, -15} for c in codes) else 0)


@office.command()
@_office
def worker(directory: Path, database: str | None) -> None:
    """Publish what is edited, at once, until Ctrl-C."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    jobs.run(HeadOffice(directory, database), stop)


@office.command()
@_office
def publish(directory: Path, database: str | None) -> None:
    """Publish what waits, once, by hand."""
    click.echo(f"{jobs.once(HeadOffice(directory, database))} changes published.")


@office.command(name="create-user")
@_office
@click.argument("name")
@click.option("--shown", help="The name as people know it.")
@click.option("--language", type=click.Choice(["de", "en", "es"]), default="en")
@click.option("--branch", help="Sees this branch only.")
@click.password_option()
def create_user(
    directory: Path, database: str | None, name: str, shown: str, language: str,
    branch: str | None, password: str,
) -> None:  # fmt: skip
    """Make a user of head office, or give one a new password."""
    with HeadOffice(directory, database).session() as session:
        people.make_user(session, name, password, shown=shown, language=language, branch=branch)
    click.echo(f"{name} can sign in now.")


@office.command(name="enrolment-code")
@_office
@click.argument("till")
def enrolment_code(directory: Path, database: str | None, till: str) -> None:
    """Make a one-time code for a till (as in 014-2); it works once, within 30 minutes."""
    try:
        with HeadOffice(directory, database).session() as session:
            click.echo(enrol.make_code(session, till, "command line"))
    except LookupError as error:
        click.echo(str(error), err=True)
        sys.exit(1)


@office.command(name="import-articles")
@_office
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--tax", default="A", show_default=True, help="Tax class where the file has none.")
@click.option("--errors", type=click.Path(dir_okay=False, path_type=Path),
              help="Where rows that cannot be taken go; else beside the file.")  # fmt: skip
def import_articles(
    directory: Path, database: str | None, file: Path, dry_run: bool, tax: str,
    errors: Path | None,
) -> None:  # fmt: skip
    """Take articles in from CSV or XLSX; see docs/import.md. Exit 1 where rows were faulty."""
    try:
        table = sheet.read(file)
        with HeadOffice(directory, database).session() as session:
            result = _imported(session, table, tax, dry_run=dry_run)
    except sheet.SheetRefused as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    click.echo("Would be taken in:" if dry_run else "Taken in:")
    click.echo(f"  new        {len(result.new)}")
    click.echo(f"  changed    {len(result.changed)}")
    click.echo(f"  unchanged  {result.unchanged}")
    click.echo(f"  prices     {len(result.prices)}")
    click.echo(f"  tasks      {result.without_price} without price, {result.without_name} unnamed")
    if result.faulty:
        place = errors or file.with_name(f"{file.stem}-errors.csv")
        articles.write_faulty(place, table, result.faulty)
        click.echo(f"  faulty     {len(result.faulty)}, see {place}")
        for row in result.faulty[:5]:
            click.echo(f"    line {row.line}: {row.reason}")
        sys.exit(1)


def _imported(session: Any, table: sheet.Sheet, tax: str, *, dry_run: bool) -> articles.Plan:
    with click.progressbar(
        length=len(table.rows) * (1 if dry_run else 2), label="Articles", file=sys.stderr
    ) as bar:

        def watch(items: Any) -> Any:
            for item in items:
                yield item
                bar.update(1)

        result = articles.plan(session, table, articles.ground(session, tax), watch)
        if not dry_run:
            articles.apply(session, result, "import", watch)
    return result


@office.command()
@_office
def receipts(directory: Path, database: str | None) -> None:
    """One JSON line a receipt that has arrived: till, number, day, total, digest."""
    with HeadOffice(directory, database).reading() as session:
        rows = session.execute(
            sa.select(ReceiptRow, EntryRow.digest)
            .join(
                EntryRow,
                sa.and_(
                    EntryRow.branch == ReceiptRow.branch,
                    EntryRow.till == ReceiptRow.till,
                    EntryRow.series == ReceiptRow.series,
                    EntryRow.number == ReceiptRow.entry,
                ),
            )
            .order_by(ReceiptRow.branch, ReceiptRow.till, ReceiptRow.series, ReceiptRow.number)
        )
        for receipt, digest in rows.yield_per(1000):
            click.echo(
                json.dumps(
                    {
                        "till": f"{receipt.branch}-{receipt.till}",
                        "series": receipt.series,
                        "number": receipt.number,
                        "day": receipt.business_day.isoformat(),
                        "local_day": receipt.day.isoformat(),
                        "total": Money(receipt.total, Currency(receipt.currency)).number,
                        "ref": receipt.ref,
                        "digest": digest,
                    }
                )
            )
