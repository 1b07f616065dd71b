"""The command `tresen till run`: the till's screen."""

from __future__ import annotations

import logging
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from services.disk.box import Box, BoxRefused
from services.disk.durable import DiskRefused
from services.till import display


@click.command()
@click.option(
    "--box",
    required=True,
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="The till's box.",
)
@click.option("--fullscreen", is_flag=True, help="Fill the screen, as on a real till.")
@click.option("--theme", type=click.Choice(["light", "dark"]), default="light", show_default=True)
@click.option("--left-handed", is_flag=True, help="Slip and pad change places.")
@click.option("--large-text", is_flag=True, help="Larger text, for a screen further away.")
def run(box: Path, fullscreen: bool, theme: str, left_handed: bool, large_text: bool) -> None:
    """Open the till's screen. Closing it loses nothing: the receipt in hand stays on disk."""
    try:
        display.check("Or sell without a screen: tresen till sell")
    except display.DisplayMissing as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    from PySide6.QtCore import QTimer  # noqa: PLC0415 - only this command needs a screen
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    from pos_qt.theme import fonts  # noqa: PLC0415
    from pos_qt.till import TillFace  # noqa: PLC0415

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    application = QApplication(["tresen"])
    fonts.load()
    try:
        face = TillFace(
            Box(box), lambda: datetime.now(UTC), theme=theme, left=left_handed, large=large_text
        )
    except (BoxRefused, DiskRefused) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    sys.excepthook = face.fault
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: application.quit())
    awake = QTimer()  # lets Python see a signal while Qt waits
    awake.timeout.connect(lambda: None)
    awake.start(200)
    if fullscreen:
        face.window.showFullScreen()
    else:
        face.window.show()
    code = application.exec()
    face.close()
    sys.exit(code)
