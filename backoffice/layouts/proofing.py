"""Test prints: a sample slip goes to one till, which prints it between two sales."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from importlib import metadata
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backoffice.layouts import preview, samples
from backoffice.layouts.preview import Wish
from schemas import proof
from schemas.layout import Layout
from schemas.proof import Proof, ProofRow
from services.database import changes, organisation
from services.database.organisation import Device
from services.register import slip, wording
from services.register.columns import Row, banner

SOFTWARE: Final = metadata.version("tresen")


class ProofRefused(ValueError):
    """This till cannot be asked for a test print."""


def tills(session: Session) -> list[str]:
    """The tills that can be asked: those whose box may call, and whose software knows of test prints."""
    query = sa.select(Device.till).where(
        Device.public_key.is_not(None), Device.revoked_at.is_(None), Device.software == SOFTWARE
    )
    return list(session.scalars(query.order_by(Device.till)))


def send(session: Session, layout: Layout, till: str, wish: Wish, by: str) -> None:
    """Ask a till to print a sample with a layout, on its own paper. Raises ProofRefused."""
    place = organisation.place(session, till)
    if place is None or till not in tills(session):
        raise ProofRefused(till)
    own = replace(organisation.settings_of(session, place.till), profile="live")
    receipt, this = preview.chosen(session, wish)
    rows = slip.render(receipt, layout, own, samples.STAMP, this)
    said = banner(wording.word("proof", wish.language), slip.columns_of(layout, own))
    made = tuple(_row(row) for row in (*said, *rows, *said))
    document = Proof(proof.KEY, datetime.now(UTC).replace(microsecond=0), by, made)
    changes.record(session, document, f"till-{till}", by)


def _row(row: Row) -> ProofRow:
    return ProofRow(row.text, row.bold or None, row.double or None, row.code)
