"""The installed PySide6 keeps its references to None. 6.12.0 on Python 3.11 lost one a call."""

from __future__ import annotations

import subprocess
import sys

PROBE = """
import os, sys
from PySide6 import QtWidgets
app = QtWidgets.QApplication([])
label, view = QtWidgets.QLabel(), QtWidgets.QTableView()
for call in (lambda: label.setText("x"), view.scrollToBottom, app.processEvents):
    call()
    before = sys.getrefcount(None)
    for _ in range(400):
        call()
    if sys.getrefcount(None) - before < -200:
        os._exit(1)
os._exit(0)
"""


def test_a_void_call_loses_no_reference_to_none() -> None:
    done = subprocess.run([sys.executable, "-c", PROBE], timeout=60, check=False)
    assert done.returncode == 0
