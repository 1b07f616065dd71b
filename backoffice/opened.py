"""What all office commands share: which head office they are for, and how they end in a sentence."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click

from schemas.keys import KeyRefused
from services.database import headoffice
from services.database.changes import RecordRefused
from services.database.headoffice import HeadOfficeRefused
from services.database.people import PasswordRefused


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The two options that say which head office a command is for."""
    command = click.option(
        "--database", metavar="URL", envvar="TRESEN_DATABASE",
        help="Another database than the SQLite file in the directory: postgresql://…",
    )(command)  # fmt: skip
    return click.option(
        "--directory", metavar="DIR", default="tresen-office", show_default=True,
        type=click.Path(file_okay=False, path_type=Path), help="Head office's folder.",
    )(command)  # fmt: skip


def with_office(command: Callable[..., Any]) -> Callable[..., Any]:
    """Hand the command its head office; where there is none, say so, and leave with 2."""

    @functools.wraps(command)
    def run(directory: Path, database: str | None, **rest: Any) -> Any:
        try:
            head = headoffice.opened(directory, database)
        except HeadOfficeRefused as error:
            refuse(error, 2)
        try:
            return command(head, **rest)
        except (KeyRefused, PasswordRefused, RecordRefused) as error:
            refuse(error)
        finally:
            head.close()

    return options(run)


def refuse(error: object, code: int = 1) -> NoReturn:
    """Say what was refused, and leave with `code`."""
    text = str(error)
    click.echo(text[:1].upper() + text[1:], err=True)
    sys.exit(code)


def named(longest: int = 200) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    """A check of what somebody or something is called: some signs, none that cannot be printed."""

    def check(_: click.Context, __: click.Parameter, text: str | None) -> str | None:
        if text is None:
            return None
        text = text.strip()
        if not (0 < len(text) <= longest and text.isprintable()):
            raise click.BadParameter(f"a name has 1 to {longest} signs that can be printed")
        return text

    return check
