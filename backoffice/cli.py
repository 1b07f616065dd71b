"""The command `tresen office`: serve head office, run its worker, import articles, list receipts."""

from __future__ import annotations

import json
import logging

import click
import sqlalchemy as sa

from backoffice import founding, intake, laying, membership, opened, serving
from schemas.money import Currency, Money
from services.database import audit
from services.database.headoffice import HeadOffice
from services.database.sales import EntryRow, ReceiptRow
from services.gateway import enrol
from services.worker import anchor


@click.group()
def office() -> None:
    """Head office."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)  # how it migrates concerns nobody here


for _each in (
    founding.set_up, founding.add_branch, founding.add_cashier, founding.create_user,
    founding.rule, membership.add_customer, membership.add_programme, membership.add_tender,
    membership.debits, laying.layout,
    intake.import_articles, serving.serve, serving.worker, serving.publish,
):  # fmt: skip
    office.add_command(_each)


@office.command(name="verify-log")
@opened.with_office
def verify_log(head: HeadOffice) -> None:
    """Check that every entry of the audit log is as it was written; ends with 1 where one is not."""
    with head.reading() as session:
        verdict = audit.verify(session, anchor.kept(head))
    if verdict.broken is not None:
        opened.refuse(
            f"Entry {verdict.broken} of the audit log is not as it was written ({verdict.why}). "
            "Keep a copy of the database, and compare it with a backup from before.", 1,
        )  # fmt: skip
    click.echo(f"All {verdict.entries} entries are as they were written.")


@office.command()
@opened.with_office
def migrate(head: HeadOffice) -> None:
    """Bring the database to this version's form."""
    head.migrate()
    click.echo("The database is up to date.")


@office.command(name="enrolment-code")
@opened.with_office
@click.argument("till")
def enrolment_code(head: HeadOffice, till: str) -> None:
    """Make a one-time code for a till (as in 014-2); it works once, within 30 minutes."""
    try:
        with head.session() as session:
            code = enrol.make_code(session, till, "command line")
            box = enrol.admitted(session, till)
            since = box.enrolled_at if box else None
    except LookupError as error:
        opened.refuse(error)
    click.echo(code)
    if since is not None:
        click.echo(
            f"Till {till} has a box since {since:%Y-%m-%d}. Once this code is used, that "
            "box is shut out: let it send what waits first (tresen box status DIR).",
            err=True,
        )


@office.command()
@opened.with_office
def receipts(head: HeadOffice) -> None:
    """One JSON line a receipt that has arrived: till, number, day, total, digest."""
    with head.reading() as session:
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
