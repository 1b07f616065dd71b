"""The command `tresen office layout`: takes a slip's layout in, as its next version."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from backoffice import opened
from schemas import xml
from schemas.layout import Layout
from services.database import layouts, organisation
from services.database.headoffice import HeadOffice


@click.command()
@opened.with_office
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--from", "begins", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%d %H:%M"]),
              help="When tills begin to print with it, by the company's clock; at once without.")  # fmt: skip
def layout(head: HeadOffice, file: Path, begins: datetime | None) -> None:
    """Take in the layout of slips from an XML FILE (schemas/layout.xsd), as its next version.

    Tills switch by their own clock, also without a connection. Receipts keep the version that they
    were printed with.
    """
    try:
        read = xml.load(Layout, file.read_bytes())
    except xml.DocumentRefused as error:
        opened.refuse(f"{file.name}: {error}")
    with head.session() as session:
        company = organisation.company(session)
        zone = ZoneInfo((company.time_zone if company else None) or "UTC")
        if begins is not None:
            read = replace(read, begins=begins.replace(tzinfo=zone))
        kept = layouts.put(session, read, "command line")
    since = f"from {kept.begins:%Y-%m-%d %H:%M} on" if kept.begins else "at once"
    click.echo(f"Layout {kept.layout} is version {kept.version}, {since}.")
