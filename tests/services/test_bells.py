"""Bells inside head office ring on SQLite and on PostgreSQL."""

from __future__ import annotations

from services.database import bells
from tests.pretend.branch import MILK, Chain


def test_an_edit_rings_the_worker_and_a_publication_the_doorbell(any_chain: Chain) -> None:
    worker = bells.listen(any_chain.office, "worker")
    doorbell = bells.listen(any_chain.office, "doorbell")
    assert not worker.wait(0)
    any_chain.price(MILK.key, "2.00")
    assert worker.wait(10)
    assert not worker.wait(0)
    assert not doorbell.wait(0)
    any_chain.office.ring("doorbell")
    assert doorbell.wait(10)
    worker.close()
    doorbell.close()
