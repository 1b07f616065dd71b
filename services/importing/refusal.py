"""Why a file, a row or a code cannot be taken: the name of the sentence, and what it speaks of.

The command line and the API say the sentence in English, as it stands here; pages say it in the
reader's language, `imports.bad.<name>` among their words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "age": "“{typed}” is not an age",
    "ambiguous": "“{typed}” can be read as {thousands} or as {fine}; write {thousands}, or {fine}0",
    "amount": "“{typed}” is not an amount; write it as in 1.29 or 1,29",
    "barcode": "“{typed}” cannot be a barcode",
    "branch": "there is no branch “{typed}”",
    "broken": "some characters are broken; save the file as UTF-8",
    "check-digit": "“{typed}” has a wrong check digit",
    "columns": "{name} has more than {most} columns",
    "damaged": "{name} is a damaged XLSX file: {why}",
    "decimals": "“{typed}” has more decimals than {currency} has",
    "deposit": "a deposit cannot be below zero",
    "digits": "“{typed}” has {count} digits; a GTIN has 8, 12, 13 or 14",
    "empty": "{name} is empty",
    "fields": "the row has more fields than there are columns",
    "kind": "{name} is neither CSV nor XLSX",
    "large": "{name} is larger than {most} MB",
    "line": "{name}, line {line}: {why}",
    "mangled": "“{typed}” was mangled by a spreadsheet and has lost digits; format the column as text",
    "moment": "“{typed}” is neither a day nor a moment with its offset, as in 2026-11-25T08:00:00+01:00",
    "no-company": "There is no company yet. Make one first: tresen office set-up",
    "no-key": "The file has neither a column “number” nor a column “codes”; its columns are: {there}. docs/import.md says what each may be called.",
    "nothing": "there is neither a number nor a code",
    "number": "“{typed}” cannot be an article number",
    "owner": "the code {code} is on article {article} already",
    "pack": "“{typed}” is not a pack size",
    "price": "a price cannot be below zero",
    "price-twice": "another price of article {article} stands above",
    "rows": "{name} has more than {most} rows",
    "tag": "“{typed}” is not a tag: one word of at most 40 letters and digits, at most {most} of them",
    "tax": "there is no tax class “{typed}”; there are {there}",
    "till": "{why}",
    "twice": "article {article} stands above with other values",
    "unit": "“{typed}” is not a unit; use one of {there}",
    "unpacks": "{name} unpacks to more than {most} MB",
    "without-pack": "“{typed}” has no pack size",
}
"""The sentences in English, by name."""


class ImportRefused(Exception):
    """This cannot be taken; `said` names the sentence, `parts` its values, and the message is it."""

    def __init__(self, said: str, **parts: object) -> None:
        self.said = said
        self.parts = {name: str(value) for name, value in parts.items()}
        super().__init__(SENTENCES[said].format(**self.parts))
