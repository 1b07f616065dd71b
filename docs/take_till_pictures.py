"""Takes pictures of every screen of the till, in every state, size, theme and language.

python docs/take_till_pictures.py --directory DIR [--state NAME …] [--size 1366x768 …]
    [--theme light …] [--language de …] [--large] [--left] [--sheets]
A real till on a real box is driven from state to state (tests/pretend/tillstates.py names them).
Without choices it takes all: four sizes, two themes, three languages. `--sheets` paints contact
sheets too, on which many can be looked at together.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

HERE = Path(__file__).resolve().parent
SIZES: Final = ("1366x768", "1024x768", "1920x1080", "768x1366")
LANGUAGES: Final = ("de", "en", "es", "longer")
_COLUMNS, _ROWS, _WIDE, _CAPTION = 3, 3, 900, 34

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from tests.pretend.scene import Scene


def pictures(scene: Scene, asked: argparse.Namespace) -> dict[str, list[tuple[str, QImage]]]:
    """All that were asked for, saved; by size, theme and language for the contact sheets."""
    from tests.pretend import tillstates  # noqa: PLC0415

    taken: dict[str, list[tuple[str, QImage]]] = {}
    for language in asked.language:
        scene.speak(language)
        for state in asked.state or tillstates.STATES:
            scene.wear((1366, 768))
            tillstates.go(scene, state)
            for size in asked.size:
                wide, high = (int(each) for each in size.split("x"))
                for theme in asked.theme:
                    scene.wear((wide, high), theme, left=asked.left, large=asked.large)
                    scene.rest(0.05)
                    image = scene.face.window.grab().toImage()
                    kind = f"{size}-{theme}-{language}"
                    kind += ("-large" if asked.large else "") + ("-left" if asked.left else "")
                    image.save(str(asked.directory / f"{state}-{kind}.png"))
                    taken.setdefault(kind, []).append((state, image))
    return taken


def contact_sheets(kind: str, images: Sequence[tuple[str, QImage]], directory: Path) -> None:
    """Nine on a sheet, each with its name."""
    from PySide6.QtCore import QRectF, Qt  # noqa: PLC0415
    from PySide6.QtGui import QImage, QPainter  # noqa: PLC0415

    first = images[0][1]
    wide = _WIDE if first.width() > first.height() else _WIDE // 2
    high = round(wide * first.height() / first.width())
    each = _COLUMNS * _ROWS
    for number, start in enumerate(range(0, len(images), each)):
        sheet = QImage(
            _COLUMNS * (wide + 10), _ROWS * (high + _CAPTION), QImage.Format.Format_RGB32
        )
        sheet.fill(Qt.GlobalColor.darkGray)
        painter = QPainter(sheet)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        font = painter.font()
        font.setPixelSize(22)
        painter.setFont(font)
        for at, (name, image) in enumerate(images[start : start + each]):
            x, y = (at % _COLUMNS) * (wide + 10), (at // _COLUMNS) * (high + _CAPTION)
            painter.drawText(QRectF(x, y, wide, _CAPTION), Qt.AlignmentFlag.AlignVCenter, name)
            small = image.scaledToWidth(wide, Qt.TransformationMode.SmoothTransformation)
            painter.drawImage(x, y + _CAPTION, small)
        painter.end()
        sheet.save(str(directory / f"sheet-{kind}-{number + 1}.png"))


def asked_for() -> argparse.Namespace:
    """What the command line names; all of it where it names nothing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--directory", type=Path, required=True)
    several: dict[str, Any] = {"nargs": "+"}
    parser.add_argument("--state", **several)
    parser.add_argument("--size", default=list(SIZES), **several)
    parser.add_argument("--theme", choices=("light", "dark"), default=["light", "dark"], **several)
    parser.add_argument("--language", choices=LANGUAGES, default=list(LANGUAGES[:3]), **several)
    parser.add_argument("--large", action="store_true", help="larger text")
    parser.add_argument("--left", action="store_true", help="for the left hand")
    parser.add_argument("--sheets", action="store_true", help="contact sheets too")
    return parser.parse_args()


def main() -> None:
    """Take them."""
    asked = asked_for()
    asked.directory.mkdir(parents=True, exist_ok=True)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    sys.path.insert(0, str(HERE.parent))
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    from tests.pretend.scene import Scene, build  # noqa: PLC0415

    application = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(build(Path(folder)), application)
        taken = pictures(scene, asked)
        scene.close()
    if asked.sheets:
        for kind, images in taken.items():
            contact_sheets(kind, images, asked.directory)
    print(f"{sum(len(images) for images in taken.values())} pictures in {asked.directory}")


if __name__ == "__main__":
    main()
