"""Shelf labels as PDF, 24 on a sheet of A4, and as ZPL for label printers."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Final

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.eanbc import Ean8BarcodeWidget, Ean13BarcodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from backoffice.shown import Shown
from services.evaluation.shelf import Label

_ACROSS: Final = 3
_DOWN: Final = 8
_WIDE: Final = 70 * mm
_TALL: Final = 37 * mm
"""A sheet of 3 × 8 labels without margins, as office shops sell it."""
_EAN: Final = {8: Ean8BarcodeWidget, 13: Ean13BarcodeWidget}
_DOT: Final = 8
"""Dots of a millimetre on a printer of 203 dpi."""


def pdf(labels: Sequence[Label], shown: Shown) -> bytes:
    """All labels on as many sheets as they need."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, pageCompression=0)
    for number, label in enumerate(labels):
        place = number % (_ACROSS * _DOWN)
        if number and not place:
            canvas.showPage()
        row, column = divmod(place, _ACROSS)
        _draw(canvas, label, column * _WIDE, A4[1] - (row + 1) * _TALL, shown)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _draw(canvas: Canvas, label: Label, left: float, bottom: float, shown: Shown) -> None:
    inside = left + 4 * mm
    canvas.setFont("Helvetica-Bold", 10)
    for n, line in enumerate(_lines(_printable(label.article.name(shown.language)), 62 * mm)):
        canvas.drawString(inside, bottom + _TALL - (7 + 4.2 * n) * mm, line)
    canvas.setFont("Helvetica-Bold", 26)
    canvas.drawRightString(left + 66 * mm, bottom + 12 * mm, shown.price(label.price))
    canvas.setFont("Helvetica", 8)
    for n, text in enumerate(_small(label, shown)):
        canvas.drawString(inside, bottom + (4 + 3.4 * n) * mm, _printable(text))
    widget = _EAN.get(len(_gtin(label)))
    if widget is not None:
        drawing = Drawing(30 * mm, 8 * mm)
        drawing.add(widget(_gtin(label), barHeight=6 * mm, humanReadable=False, barWidth=0.26 * mm))
        renderPDF.draw(drawing, canvas, inside - 2 * mm, bottom + 14 * mm)


def _gtin(label: Label) -> str:
    """The code of one piece, where it is an EAN."""
    for code in label.article.codes:
        if code.pack == 1 and code.value.isdigit() and len(code.value) in _EAN:
            return code.value
    return ""


def _small(label: Label, shown: Shown) -> list[str]:
    """From below: the number; the price per unit."""
    found: list[str] = [label.article.key]
    if label.per is not None:
        amount, unit = label.per
        found.append(f"{shown.price(amount)} / {shown.t(f'unit.{unit}')}")
    return found


def _lines(text: str, width: float) -> list[str]:
    """The name on at most two lines."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if stringWidth(longer, "Helvetica-Bold", 10) <= width or not lines[-1]:
            lines[-1] = longer
        elif len(lines) == 1:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} …"
            break
    return lines


def _printable(text: str) -> str:
    """Only what the PDF's own fonts have: Western European letters; else a question mark."""
    return text.encode("cp1252", "replace").decode("cp1252")


def zpl(labels: Iterable[Label], shown: Shown) -> bytes:
    """Labels of 50 × 30 mm for printers of 203 dpi. Source: Zebra ZPL II Programming Guide."""
    return "".join(_zpl(label, shown) for label in labels).encode()


def _zpl(label: Label, shown: Shown) -> str:
    parts = [
        f"^XA^CI28^PW{50 * _DOT}^LL{30 * _DOT}",
        _field(2, 2, 26, label.article.name(shown.language)[:60], f"^FB{46 * _DOT},2"),
        _field(24, 10, 72, shown.price(label.price)),
        *(_field(2, 26 - 4 * n, 22, text) for n, text in enumerate(_small(label, shown))),
    ]
    code = _gtin(label)
    if code:
        kind = "^BE" if len(code) == 13 else "^B8"
        parts.append(f"^FO{2 * _DOT},{11 * _DOT}^BY2{kind}N,60,N,N^FD{code[:-1]}^FS")
    return "".join(parts) + "^XZ\n"


def _field(x: int, y: int, height: int, text: str, more: str = "") -> str:
    """Text at a place in millimetres; signs that could be commands are written in hexadecimal."""
    safe = "".join(
        sign if sign.isalnum() or sign in " .,-/%()+&:" else "".join(f"_{b:02X}" for b in sign.encode())
        for sign in text if sign.isprintable()
    )  # fmt: skip
    return f"^FO{x * _DOT},{y * _DOT}^A0N,{height},{height}{more}^FH^FD{safe}^FS"
