"""What is live stays so: a look that fails is made again, and nobody waits for a dead thread."""

from __future__ import annotations

import time

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice.home import live
from services.evaluation import receipts
from tests.backoffice.conftest import Person
from tests.backoffice.test_pages import milk_sold
from tests.pretend.branch import Chain


def test_live_figures_come_back_after_a_first_look_that_failed(
    app: Flask, chain: Chain, jana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = receipts.arrived
    monkeypatch.setattr(receipts, "arrived", lambda *_: 1 / 0)
    assert jana.get("/live").status_code == 503
    monkeypatch.setattr(receipts, "arrived", look)
    line = jana.client.get("/live", buffered=False)
    assert line.status_code == 200
    events = iter(line.response)
    heard = str(next(events))
    milk_sold(chain)
    until = time.monotonic() + 20
    while "1,39" not in heard and time.monotonic() < until:
        heard += str(next(events))
    line.close()
    assert "event: runs" in heard


def test_a_look_that_fails_later_is_made_again(
    app: Flask, chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = live.Watch(chain.office)
    line = watch.open()
    assert line is not None
    look, failures = receipts.arrived, [2]

    def arrived(*given: object) -> object:
        if failures[0]:
            failures[0] -= 1
            raise sa.exc.OperationalError("", {}, Exception("gone"))
        return look(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(receipts, "arrived", arrived)
    milk_sold(chain)
    assert line.get(timeout=20).branches == {"014"}
    assert failures == [0]
    watch.close(line)
