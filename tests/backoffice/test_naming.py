"""What a reviewer reads: every field of every record has a name, in three languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from lxml import etree

import schemas
from backoffice.changes import naming
from backoffice.words import LANGUAGES, catalogue
from services.database import records
from tests.backoffice.conftest import Person

SCHEMA = "{http://www.w3.org/2001/XMLSchema}"
FOLDER = Path(schemas.__file__).parent


def defined() -> dict[tuple[str, str], etree._Element]:
    """What the schemas define, by sort and name."""
    found = {}
    for path in sorted(FOLDER.glob("*.xsd")):
        for each in etree.parse(path).getroot():
            if each.get("name"):
                found[etree.QName(each).localname, str(each.get("name"))] = each
    return found


def names(kind: str) -> set[str]:
    """All fields that a kind of record can have, in it and in its parts."""
    there, found, todo, seen = defined(), set[str](), [("element", kind)], set[tuple[str, str]]()
    while todo:
        one = todo.pop()
        if one in seen or one not in there:
            continue
        seen.add(one)
        if there[one].get("type"):
            todo.append(("complexType", str(there[one].get("type"))))
        for each in there[one].iter(f"{SCHEMA}attribute", f"{SCHEMA}element", f"{SCHEMA}extension"):
            found |= {str(each.get(by)) for by in ("name", "ref") if each.get(by)}
            todo += [("complexType", str(each.get(by))) for by in ("type", "base") if each.get(by)]
            todo += [("element", str(each.get("ref")))] if each.get("ref") else []
    return found - {kind}


@pytest.mark.parametrize("kind", sorted(set(records.KINDS) - records.DERIVED))
def test_every_field_of_a_record_has_a_name(kind: str) -> None:
    assert names(kind)
    for language in LANGUAGES:
        words = catalogue(language)
        assert f"record.{kind}" in words
        nameless = {
            each for each in names(kind)
            if f"field.{kind}.{each}" not in words and f"field.{each}" not in words
        }  # fmt: skip
        assert nameless == set(), (language, kind)


def test_settings_rights_and_blocks_are_called_as_elsewhere(app: Flask, jana: Person) -> None:
    with jana.client:
        jana.get("/tills/")
        assert naming.field("org-unit", "own[printer].value") == "Drucker"
        assert naming.field("role", "right[discount-line].limit") == "Positionsrabatt › Grenze"
        assert naming.field("layout", "block[text#2].de") == "Text #2 › Deutsch"
        assert naming.field("article", "code[4012345678901].pack") == "Code 4012345678901 › Gebinde"
        assert naming.field("promotion", "begin-time") == "Uhrzeit ab"
