"""`./tresen` on a machine that has only python3: what pip says reaches people only where it fails."""

from __future__ import annotations

import importlib.machinery
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).resolve().parents[2]


def starter(folder: Path, code: int) -> ModuleType:
    """The start program, with an environment whose pip warns 20 times, then ends with `code`."""
    loader = importlib.machinery.SourceFileLoader("starter", str(HERE / "tresen"))
    spec = importlib.util.spec_from_loader("starter", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    python = folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    lines = "; ".join(f"echo 'WARNING: {n:02} location ignored' >&2" for n in range(20))
    python.write_text(f"#!/bin/sh\n{lines}\nexit {code}\n")
    python.chmod(0o755)
    vars(module).update(VENV=folder, PYTHON=python)
    return module


def test_what_pip_warns_of_stays_in_a_file(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    starter(tmp_path, 0).install_python("demo")
    shown = capfd.readouterr()
    assert "WARNING" not in shown.out + shown.err
    assert "ready after" in shown.err
    assert (tmp_path / "stamp").exists()


def test_where_pip_fails_its_last_lines_are_shown(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        starter(tmp_path, 1).install_python("demo")
    shown = capfd.readouterr().err
    assert ended.value.code == 3
    assert "WARNING: 19" in shown and "WARNING: 05" in shown and "WARNING: 04" not in shown
    assert str(tmp_path / "pip.log") in shown
    assert not (tmp_path / "stamp").exists()
