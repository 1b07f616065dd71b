"""What a till found of its devices: kept, sent with its status, and known at head office."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from schemas.status import Checked
from services.database.organisation import Device
from services.evaluation import tills
from services.till import tested
from tests.pretend.branch import Chain

AT = datetime(2026, 11, 28, 9, tzinfo=UTC)
PAPER = Checked("printer", AT, "red", "selftest.printer.paper-out")
READY = Checked("scale", AT, "green", "selftest.scale.ready")
THERE = ("printer", "scale")


def known(chain: Chain) -> tuple[Checked, ...]:
    """As head office has it."""
    with chain.office.reading() as session:
        return tills.tested(session.get(Device, "014-1"))


def test_findings_reach_head_office_the_worst_first(any_chain: Chain) -> None:
    box = any_chain.box("014-1")
    any_chain.look("014-1")
    assert known(any_chain) == ()
    tested.keep(box, READY, THERE)
    tested.keep(box, PAPER, THERE)
    any_chain.look("014-1")
    assert known(any_chain) == (PAPER, READY)
    again = Checked("printer", AT + timedelta(hours=1), "green", "selftest.printer.ready")
    tested.keep(box, again, THERE)
    any_chain.look("014-1")
    assert known(any_chain) == (again, READY)


def test_devices_that_are_gone_are_forgotten(chain: Chain) -> None:
    box = chain.box("014-1")
    tested.keep(box, READY, THERE)
    tested.keep(box, PAPER, ("printer",))
    assert tested.kept(box) == (PAPER,)


def test_what_a_device_says_is_made_plain_and_short(chain: Chain) -> None:
    box = chain.box("014-1")
    tested.keep(
        box,
        Checked("scale", AT, "red", "selftest.broken", "\x1b[2J\x00 no\nline " + "x" * 500),
        THERE,
    )
    (kept,) = tested.kept(box)
    assert kept.why is not None
    assert kept.why.startswith("[2J no line xxx")
    assert len(kept.why) == 200
    chain.look("014-1")
    assert known(chain) == (kept,)


def test_a_damaged_file_stops_no_status(chain: Chain) -> None:
    box = chain.box("014-1")
    tested.keep(box, READY, THERE)
    chain.look("014-1")
    box.tests.write_bytes(b"<checks")
    chain.look("014-1")
    assert known(chain) == ()
    tested.keep(box, PAPER, THERE)
    assert tested.kept(box) == (PAPER,)
