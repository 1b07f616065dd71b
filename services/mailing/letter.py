"""The letter: a receipt's slip as text, and as a page that looks like the paper."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

from services.register import wording
from services.register.columns import Row, printable

_PAGE: Final = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<style>body{{background:#eee}}pre{{background:#fff;color:#000;display:inline-block;padding:24px;
font:14px/20px ui-monospace,Menlo,Consolas,monospace}}.d{{font-size:28px;line-height:40px}}</style>
</head><body><pre>{rows}</pre></body></html>
"""


def made(
    rows: Sequence[Row], *, name: str, company: str, sender: str, to: str, language: str,
    identity: str, at: datetime,
) -> EmailMessage:  # fmt: skip
    """A letter with a receipt.

    rows      the slip, as the printer has it
    name      the receipt's, in the whole company
    identity  what names the letter: the same letter sent again bears the same
    Raises ValueError for an address that would end a header.
    """
    title = f"{wording.word('receipt', language)} {name}"
    letter = EmailMessage()
    letter["From"] = Address(printable(company)[:100], addr_spec=sender)
    letter["To"] = Address(addr_spec=to)
    letter["Subject"] = printable(f"{title} · {company}")[:150]
    letter["Date"] = format_datetime(at)
    letter["Message-ID"] = f"<{identity}@{sender.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content("\n".join(row.text.rstrip() for row in rows) + "\n")
    page = _PAGE.format(language=language, title=html.escape(title), rows=_html(rows))
    letter.add_attachment(page, subtype="html", filename=f"{name}.html")
    return letter


def _html(rows: Sequence[Row]) -> str:
    return "\n".join(_row(row) for row in rows)


def _row(row: Row) -> str:
    text = html.escape(row.text)
    if row.bold:
        text = f"<b>{text}</b>"
    return f'<span class="d">{text}</span>' if row.double else text
