"""A layout's preview: the rows that a till would print, each with its block, and what is amiss."""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace

import flask
from sqlalchemy.orm import Session

from backoffice.layouts import samples
from schemas.layout import Layout
from schemas.receipt import Receipt
from schemas.settings import Settings
from services.database import layouts, organisation
from services.evaluation import designs, receipts
from services.register import slip
from services.register.slip import Part, Print


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to see: which sample, on which paper, in which language."""

    sample: str = "sale"
    paper: int = 80
    language: str = "de"

    @classmethod
    def asked(cls, language: str) -> Wish:
        """As the address or form says; what it cannot be is left out."""
        values = flask.request.values
        sample, paper = values.get("sample", "sale"), values.get("paper", 80, int)
        spoken = values.get("language", language)
        return cls(
            sample if sample in {*samples.NAMES, "last"} else "sale",
            paper if paper in samples.PAPERS else 80,
            spoken if spoken in samples.LANGUAGES else language,
        )

    def asking(self) -> dict[str, str]:
        """The same for an address."""
        return {"sample": self.sample, "paper": str(self.paper), "language": self.language}


@dataclass(frozen=True, slots=True)
class Broken:
    """A text that does not fit into one row: its block, language and paper."""

    block: int
    language: str
    paper: int
    text: str


def settings_for(session: Session, layout: str, paper: int) -> Settings | None:
    """The settings of a till that prints with this layout, else of any; on paper of a width."""
    tills = designs.used(session, "layout")
    some = tills.get(layout) or next(iter(tills.values()), [])
    if not some:
        return None
    own = organisation.settings_of(session, some[0])
    return replace(own, printer=f"file:preview?paper={paper}", profile="live")


def parts(session: Session, layout: Layout, wish: Wish) -> tuple[Part, ...]:
    """The slip, part by part; nothing while the chain has no till."""
    settings = settings_for(session, layout.layout, wish.paper)
    if settings is None:
        return ()
    receipt, this = chosen(session, wish)
    return slip.parts(receipt, layout, settings, samples.STAMP, this)


def chosen(session: Session, wish: Wish) -> tuple[Receipt, Print]:
    """The receipt that somebody wants to see: a sample, or the last that was sold."""
    if wish.sample == "last":
        last = receipts.last(session)
        if last is not None:
            return replace(last, language=wish.language), Print()
    name = "sale" if wish.sample == "last" else wish.sample
    return samples.receipt(name, wish.language), samples.print_of(name)


def broken(layout: Layout) -> Iterator[Broken]:
    """Texts of which a row is wider than the paper, and so becomes two."""
    for at, block in enumerate(layout.blocks):
        if block.kind != "text":
            continue
        for language in samples.LANGUAGES:
            for paper in samples.PAPERS:
                wide = layout.width(paper)
                rows = (row for row in block.said(language).split("|") if len(row) > wide)
                for row in rows:
                    yield Broken(at, language, paper, textwrap.shorten(row, 60, placeholder="…"))
                    break


def lacking(layout: Layout) -> list[str]:
    """What a receipt must always say, and this layout does not."""
    return layouts.lacking(layout)


@functools.lru_cache(maxsize=64)
def qr(code: str) -> tuple[int, str]:
    """A code's side in modules, and its dark modules as a path of SVG."""
    import qrcode  # noqa: PLC0415 - slow to load, and only a preview needs it

    made = qrcode.QRCode(border=0)
    made.add_data(code)
    made.make(fit=True)
    rows = made.get_matrix()
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return len(rows), path
