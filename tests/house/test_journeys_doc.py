"""docs/journeys.md names what is there: a walk through the house leads to no closed door."""

import ast
import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
TEXT = (HOUSE / "docs" / "journeys.md").read_text()
NAMED = sorted(set(re.findall(r"`((?:services|backoffice|pos_qt|schemas|tests)/[^`]+)`", TEXT)))


def defined(file: Path) -> set[str]:
    """Functions, classes and methods of a file; methods as `Class.method`."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.ClassDef):
            names.add(node.name)
            names |= {
                f"{node.name}.{each.name}"
                for each in node.body
                if isinstance(each, ast.FunctionDef)
            }
    return names


@pytest.mark.parametrize("named", NAMED)
def test_a_named_place_exists(named: str) -> None:
    path, _, function = named.partition(": ")
    assert (HOUSE / path).exists(), f"docs/journeys.md leads to {path}"
    if function:
        assert function in defined(HOUSE / path)


def test_a_short_name_is_found_in_a_file_of_the_same_walk() -> None:
    everything = set().union(
        *(
            defined(HOUSE / each.partition(": ")[0])
            for each in NAMED
            if each.partition(": ")[0].endswith(".py")
        )
    )
    short = [each for each in re.findall(r"`([a-zA-Z_.]+)`", TEXT) if not (HOUSE / each).exists()]
    assert short and [each for each in short if each not in everything] == []
