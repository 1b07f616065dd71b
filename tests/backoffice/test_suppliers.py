"""Suppliers in the browser: made, changed, with what they deliver, and taken away once they deliver nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from schemas.supplier import Supplier
from services.database import supplies
from services.database.supplies import SupplierRow
from tests.backoffice.conftest import Person
from tests.pretend.branch import MILK, Chain

FORM: dict[str, Any] = {
    "name": "Hof Süd GmbH", "number": "K-77", "phone": "+49 351 1", "email": "hof@example.org",
    "address": "Weg 1",
}  # fmt: skip


def supplier(chain: Chain, key: str) -> Supplier | None:
    """A supplier as head office keeps it."""
    with chain.office.reading() as session:
        row = session.get(SupplierRow, key)
        return row.document() if row else None


def test_a_supplier_is_made_changed_and_found(chain: Chain, jana: Person) -> None:
    assert jana.post("/suppliers/new", key="hof", **FORM).location.startswith("/suppliers/hof")
    found = supplier(chain, "hof")
    assert found is not None and (found.number, found.email) == ("K-77", "hof@example.org")
    assert jana.post("/suppliers/new", key="hof", **FORM).status_code == 422, "it is taken"
    assert jana.post("/suppliers/hof", **{**FORM, "phone": "0351"}).status_code == 303
    changed = supplier(chain, "hof")
    assert changed is not None and changed.phone == "0351"
    assert "Hof Süd" in jana.get("/suppliers/?q=k-77").text
    assert "Hof Süd" not in jana.get("/suppliers/?q=nord").text
    jana.post("/suppliers/new", key="oeko", **{**FORM, "name": "Ökohof", "number": ""})
    for typed in ("Ökohof", "ökohof", "ÖKO", "oekohof", "okohof"):
        assert "Ökohof" in jana.get("/suppliers/", q=typed).text, typed
        assert "Ökohof" in jana.get("/export/suppliers.csv", q=typed).text, typed
    assert "0351" in jana.get("/log/of/supplier/hof").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"email": "kein at"},
        {"email": "", "phone": "1\x07"},
        {"key": "a|b"},
        {"key": ""},
    ],
)
def test_what_is_no_supplier_is_refused_and_what_was_typed_is_kept(
    chain: Chain, jana: Person, wrong: dict[str, Any]
) -> None:
    answer = jana.post("/suppliers/new", **{"key": "hof", **FORM, **wrong})
    assert answer.status_code == 422 and 'value="Weg 1"' in answer.text
    assert supplier(chain, "hof") is None


def test_a_page_says_what_a_supplier_delivers_and_it_stays_as_long_as_it_does(
    chain: Chain, jana: Person
) -> None:
    jana.post(
        f"/articles/{MILK.key}/supply", supplier="Hof Süd GmbH", order_code="HS 9", cost="0,8"
    )
    page = jana.get("/suppliers/hof-sued-gmbh").text
    assert "HS 9" in page and "0,80" in page and "Milch" in page
    assert "Entfernen" not in page
    assert jana.post("/suppliers/hof-sued-gmbh", act="remove", **FORM).status_code == 409
    jana.post(f"/articles/{MILK.key}/supply", supplier="Hof Süd GmbH", act="remove")
    assert jana.post("/suppliers/hof-sued-gmbh", act="remove").status_code == 303
    assert supplier(chain, "hof-sued-gmbh") is None


def test_of_two_who_change_a_supplier_the_later_is_told(chain: Chain, jana: Person) -> None:
    jana.post("/suppliers/new", key="hof", **FORM)
    seen = re.search(r'name="seen" value="(\d+)"', jana.get("/suppliers/hof").text)
    assert seen
    jana.post("/suppliers/hof", **{**FORM, "phone": "1"})
    late = jana.post("/suppliers/hof", seen=seen.group(1), **{**FORM, "phone": "2"})
    assert late.status_code == 409 and 'value="2"' in late.text
    found = supplier(chain, "hof")
    assert found is not None and found.phone == "1"


def test_the_file_has_a_row_an_article_and_who_sees_one_branch_no_purchase_price(
    app: Flask, chain: Chain, jana: Person
) -> None:
    jana.post("/suppliers/new", key="leer", **{**FORM, "name": "Leer"})
    jana.post(
        f"/articles/{MILK.key}/supply", supplier="Hof Süd GmbH", order_code="HS 9", cost="0,8"
    )
    rows = jana.get("/export/suppliers.csv?plain=1").text.splitlines()
    assert len(rows) == 3 and any("HS 9" in row and "0.8" in row for row in rows)
    bea = Person(app.test_client())
    bea.sign_in("bea")
    assert bea.get("/export/suppliers.csv").status_code == 404
    assert bea.get("/export/users.csv").status_code in {403, 404}
    cashiers = bea.get("/export/cashiers.csv?plain=1")
    assert cashiers.status_code == 200 and "pin" not in cashiers.text.lower()


def test_two_suppliers_whose_names_are_nearly_alike_stay_two(chain: Chain, jana: Person) -> None:
    for name in ("Müller", "Möller", "Hof A/B", "Hof A B", "hof a b"):
        jana.post(f"/articles/{MILK.key}/supply", supplier=name, cost="1")
    with chain.office.reading() as session:
        names = sorted(row.name for row in supplies.suppliers(session))
    assert names == ["Hof A B", "Hof A/B", "Möller", "Müller"]


def test_in_a_set_too_nobody_becomes_somebody_else(chain: Chain, jana: Person) -> None:
    jana.post("/changes/", title="Neue Lieferanten")
    assert jana.post("/suppliers/new", key="hof", **FORM).status_code == 303
    assert jana.post("/suppliers/new", key="hof", **{**FORM, "name": "Anderer"}).status_code == 422
    for name in ("Hof A/B", "Hof A B", "hof a b"):
        jana.post(f"/articles/{MILK.key}/supply", supplier=name, cost="1")
    jana.post("/changes/1/release", when="now")
    with chain.office.reading() as session:
        names = sorted(row.name for row in supplies.suppliers(session))
    assert names == ["Hof A B", "Hof A/B", "Hof Süd GmbH"]
