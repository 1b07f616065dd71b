"""The house keeps its own rules: names, sizes, docstrings, XSD pairs, nothing of this machine."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.tokens import colours

HERE = Path(__file__).resolve().parents[2]
CODE = ("schemas", "services", "pos_qt", "backoffice")
BANNED = {"utils", "util", "helper", "helpers", "manager", "common", "misc", "base", "core", "handler", "processor", "info"}  # fmt: skip
NO_XSD = {
    "money",
    "quantity",
    "keys",
    "period",
    "spelling",
    "binding",
    "xml",
    "signature",
    "tokens",
    "__init__",
}
MODULE_LINES, TEST_LINES, FUNCTION_LINES = 400, 600, 60


def modules(*folders: str) -> Iterator[Path]:
    """All modules but migrations."""
    for folder in folders:
        for path in sorted((HERE / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def test_names_say_something() -> None:
    named = [p for p in modules(*CODE) if {*p.relative_to(HERE).with_suffix("").parts} & BANNED]
    assert named == []


def test_nothing_has_a_tail() -> None:
    long = [p for p in modules(*CODE) if p.read_text().count("\n") > MODULE_LINES]
    long += [p for p in modules("tests") if p.read_text().count("\n") > TEST_LINES]
    assert long == []
    functions = [
        f"{path}:{node.lineno} {node.name}"
        for path in modules(*CODE, "tests", "bench", "docs")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= FUNCTION_LINES
    ]
    assert functions == []


def test_every_public_name_says_what_it_is() -> None:
    bare = []
    for path in modules(*CODE):
        tree = ast.parse(path.read_text())
        if not ast.get_docstring(tree):
            bare.append(str(path))
        inside = [n for c in tree.body if isinstance(c, ast.ClassDef) for n in c.body]
        for node in [*tree.body, *inside]:
            if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
                continue
            if not ast.get_docstring(node):
                bare.append(f"{path}:{node.lineno} {node.name}")
    assert bare == []


def test_each_document_has_its_xsd_beside_it() -> None:
    for path in (HERE / "schemas").glob("*.py"):
        if path.stem not in NO_XSD:
            assert path.with_suffix(".xsd").exists(), path


def test_nothing_names_a_machine_or_a_registry() -> None:
    """Neither where it was built or what lay beside it, nor where packages were fetched from."""
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=HERE, capture_output=True, check=True
    ).stdout.decode().split("\0")  # fmt: skip
    assert "://" not in (HERE / "constraints.txt").read_text()
    beside = [str(p) for p in (Path.home(), *HERE.parent.iterdir()) if p.is_dir()]
    machine = re.compile(
        rb"pypi[.]org/simple|registry[.]npmjs|file:///(opt|home|mnt)|index-url[ =]|"
        + b"|".join(re.escape(p.encode()) + rb"[/\s\"']" for p in beside)
    )
    named = [
        n for n in tracked if n and (HERE / n).is_file() and machine.search((HERE / n).read_bytes())
    ]
    assert named == []


def test_pyside_does_not_lose_references_to_none() -> None:
    program = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6 import QtWidgets
app = QtWidgets.QApplication([])
label = QtWidgets.QLabel()
label.setText("x")
before = sys.getrefcount(None)
for _ in range(200):
    label.setText("x")
os._exit((sys.getrefcount(None) - before) / 200 < -0.5)
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("front", "ground", "least"),
    [
        ("text", "bg", 4.5), ("text-2", "bg", 4.5), ("text-3", "sunken", 4.5), ("text", "paper", 4.5),
        ("on-counter", "counter", 4.5), ("on-counter-2", "counter-2", 4.5), ("on-go", "go", 4.5),
        ("on-go-bright", "go-bright", 4.5), ("on-warn-solid", "warn-solid", 4.5),
        ("danger", "danger-tint", 4.5), ("info", "info-tint", 4.5), ("line-control", "surface", 3),
        ("focus", "bg", 3), ("series-2", "surface", 3),
    ],
)  # fmt: skip
def test_colours_can_be_told_apart(theme: str, front: str, ground: str, least: float) -> None:
    """Source: WCAG 2.2, 1.4.3 and 1.4.11."""
    pair = sorted((_luminance(colours(theme)[name]) for name in (front, ground)), reverse=True)
    assert (pair[0] + 0.05) / (pair[1] + 0.05) >= least
