"""What is administered leaves as a file too: groups, models, labels, vouchers, rules, rights, sets."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from schemas.article import Group
from schemas.keys import GroupKey, ModelKey
from schemas.model import Axis, Model, Value
from services.database import articles, changesets, models
from services.database.sales import VoucherRow
from tests.backoffice.conftest import Person
from tests.backoffice.test_exports import lines
from tests.pretend.branch import MILK, Chain, euros

ROWS = {
    "groups": ["dairy", "Molkerei", "", "", "", "", "0"],
    "models": ["shirt", "Hemd", "", "", "", "", "Größe: S, M", "0"],
    "labels": [MILK.key, "Milch", "1.39", "", "", "", "no"],
    "taxes": ["B", "de", "7 %", "7", "2007-01-01T00:00:00+00:00", "no"],
    "tenders": ["cash", "cash", "Bar", "Cash", "Efectivo", "yes", "yes", "no", "", "", "", "", ""],
}  # fmt: skip


@pytest.fixture
def filled(any_chain: Chain) -> Chain:
    """A chain with one of each."""
    with any_chain.office.session() as session:
        articles.put_group(session, Group(GroupKey("dairy"), "Molkerei"), "test")
        sizes = Axis("Größe", (Value("S"), Value("M")))
        models.put(session, Model(ModelKey("shirt"), "Hemd", axes=(sizes,)), "test")
        changesets.make(session, "=Winter", "test")
    return any_chain


@pytest.mark.parametrize("what", ROWS)
def test_a_list_has_a_row_for_what_there_is(filled: Chain, any_jana: Person, what: str) -> None:
    found = lines(any_jana.get(f"/export/{what}.csv?branch=014"))
    assert len(found[1]) == len(ROWS[what])
    row = next(each for each in found[2:] if each[0] == ROWS[what][0])
    assert row == ROWS[what]
    assert any_jana.get(f"/export/{what}.xlsx").status_code == 200


def test_sets_roles_and_vouchers_leave_with_what_people_typed_harmless(
    filled: Chain, any_jana: Person
) -> None:
    rows = lines(any_jana.get("/export/changes.csv"))[2:]
    assert [row[1] for row in rows] == ["'=Winter"]
    head, *rights = lines(any_jana.get("/export/roles.csv"))[2:]
    assert head[1:] == ["Kassierer", "Leitung"]
    by_name = {row[0]: row[1:] for row in rights}
    assert by_name["sell"] == ["yes", "yes"]
    assert by_name["void-receipt"][1] == "yes"
    assert lines(any_jana.get("/export/vouchers.csv"))[2:] == []


def test_a_voucher_leaves_with_what_is_left_of_it(chain: Chain, jana: Person) -> None:
    with chain.office.session() as session:
        session.add(VoucherRow(number="V1", currency="EUR", kind="multi", issued=2500, redeemed=700,
                               branch="014", moved_at=datetime.now(UTC)))  # fmt: skip
    [row] = lines(jana.get("/export/vouchers.csv"))[2:]
    assert row[:6] == ["V1", "multi", "25.00", "7.00", euros("18.00").number, "EUR"]
    assert lines(jana.get("/export/vouchers.csv?q=X"))[2:] == []
