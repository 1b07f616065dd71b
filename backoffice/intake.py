"""The command `tresen office import-articles`: says what a file would change, or takes it in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

import click

from backoffice import opened
from services.database.headoffice import HeadOffice
from services.importing import articles, sheet

_SHOWN: Final = 40
"""Articles whose changes are shown unless all are asked for."""


@click.command(name="import-articles")
@opened.with_office
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would change; writes nothing.")
@click.option("--all", "everything", is_flag=True,
              help=f"With --dry-run: every article that changes, not the first {_SHOWN}.")  # fmt: skip
@click.option("--tax", default="A", show_default=True,
              help="Tax class of new articles where the file has none.")  # fmt: skip
@click.option("--errors", type=click.Path(dir_okay=False, path_type=Path),
              help="Where rows that cannot be taken go; else beside the file, unless --dry-run.")  # fmt: skip
def import_articles(
    head: HeadOffice, file: Path, dry_run: bool, everything: bool, tax: str, errors: Path | None
) -> None:
    """Take articles in from CSV or XLSX; see docs/import.md. Exit 1 where rows were faulty.

    What the file has no column for stays as it is; a column that is there and empty clears it.
    """
    try:
        table = sheet.read(file)
        with head.session() as session:
            result = _imported(session, table, tax, dry_run=dry_run)
    except sheet.SheetRefused as error:
        opened.refuse(error, 2)
    if dry_run:
        _say_changes(result, len(result.differences) if everything else _SHOWN)
    _say(result, dry_run=dry_run)
    if result.faulty:
        place = errors or (None if dry_run else file.with_name(f"{file.stem}-errors.csv"))
        if place:
            articles.write_faulty(place, table, result.faulty)
        _say_faulty(result, place)
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


def _say_changes(result: articles.Plan, most: int) -> None:
    for key, found in list(result.differences.items())[:most]:
        said = "; ".join(f"{each.field}: {each.before} → {each.after}" for each in found)
        click.echo(f"{key}  {said}")
    if len(result.differences) > most:
        click.echo(f"… and {len(result.differences) - most} more; --all shows them")


def _say(result: articles.Plan, *, dry_run: bool) -> None:
    click.echo("Would be taken in:" if dry_run else "Taken in:")
    click.echo(f"  new        {len(result.new)}")
    click.echo(f"  changed    {len(result.changed)}")
    for field, many in sorted(result.fields.items()):
        click.echo(f"    {field}: {many}")
    click.echo(f"  unchanged  {result.unchanged}")
    click.echo(f"  prices     {len(result.prices)}")
    click.echo(f"  tasks      {result.without_price} without price, {result.without_name} unnamed")
    if result.ignored:
        click.echo(f"  ignored    columns not known here: {', '.join(result.ignored)}")


def _say_faulty(result: articles.Plan, place: Path | None) -> None:
    where = f"see {place}" if place else "none is written down; --errors FILE would"
    click.echo(f"  faulty     {len(result.faulty)}, {where}")
    for row in result.faulty[:5]:
        click.echo(f"    line {row.line}: {row.reason}")
