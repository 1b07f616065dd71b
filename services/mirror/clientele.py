"""Asking the mirror for customers: by a code that they show, by words, and what they have."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from schemas import xml
from schemas.customer import Balance, Customer, Programme
from schemas.keys import CustomerKey, ProgrammeKey
from services.register import clientele


class Clientele:
    """The chain's customers as this till knows them; answers come from one revision a sale."""

    def __init__(self, ask: Callable[[str, tuple[object, ...]], sqlite3.Cursor]) -> None:
        """See the class. `ask` runs a statement over the mirror's index."""
        self._ask = ask

    def shown(self, code: str) -> Customer | None:
        """Whose card, number or former number this is."""
        row = self._ask("select customer from shown where value = ?", (code,)).fetchone()
        return self.by_key(CustomerKey(row[0])) if row else None

    def by_key(self, key: CustomerKey) -> Customer | None:
        """The customer with this very key."""
        data = self._record("customer", key)
        return xml.load(Customer, data) if data else None

    def search(self, text: str, most: int = 40) -> list[Customer]:
        """Customers whose names, numbers, e-mail or telephone begin with the words of `text`."""
        words = clientele.wanted(text)
        if not words:
            return []
        rows = self._ask(
            "select person.customer from people join person on person.id = people.rowid"
            " where people match ? order by rank limit ?",
            (" ".join(f'"{word}"*' for word in words), most),
        ).fetchall()
        found = (self.by_key(CustomerKey(row[0])) for row in rows)
        return [customer for customer in found if customer]

    def balance(self, key: CustomerKey) -> Balance | None:
        """What they owe and have collected, as head office last said to this branch."""
        data = self._record("balance", key)
        return xml.load(Balance, data) if data else None

    def programme(self, key: ProgrammeKey) -> Programme | None:
        """The programme with this key."""
        data = self._record("programme", key)
        return xml.load(Programme, data) if data else None

    def programmes(self) -> list[Programme]:
        """What customers collect here."""
        rows = self._ask("select data from record where kind = 'programme' order by key", ())
        return [xml.load(Programme, row[0]) for row in rows]

    def _record(self, kind: str, key: str) -> bytes | None:
        row = self._ask("select data from record where kind = ? and key = ?", (kind, key))
        found = row.fetchone()
        return found[0] if found else None
