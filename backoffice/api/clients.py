"""Customers for programs: a shop or a loyalty programme keeps them, with their consent, and hears who is gone."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backoffice.api import dealings, goods, models, paging, plain
from backoffice.api.models import AskedSince, Writing, WritingMany
from backoffice.api.operation import Call, Told, operation
from backoffice.api.problem import CallRefused, missing, say, wrong
from backoffice.api.putting import NUMBER, WRONG, Into, Kind, many, one
from schemas.customer import Card, Customer
from schemas.keys import CustomerKey, KeyRefused, barcode
from services.database import customers
from services.database.changes import CUSTOMERS
from services.database.customers import CardRow, CustomerRow
from services.database.erasing import NOBODY
from services.evaluation import clientele as questions
from services.register import clientele
from services.register.refusal import StepRefused

_FIELDS: Final = {"bad-phone": "phone", "bad-mail": "email", "bad-card": "cards"}


@operation("GET", "/customers", "customers:read", answers=dealings.CustomerSaid, many=True,
           query=dealings.AskedCustomers)  # fmt: skip
def list_customers(call: Call) -> Told:
    """Customers, by number; a token for one branch sees those who bought there.

    Who was erased is not among them; `/erased-customers` names their numbers.
    """
    asked = call.query
    query = paging.since(call, questions.matching(call.branch, ""), CustomerRow.changed_at)
    query = query.where(CustomerRow.name != NOBODY)
    if asked.card:
        carded = sa.select(CardRow.customer).where(CardRow.code == asked.card)
        query = query.where(CustomerRow.key.in_(carded))
    if asked.group:
        query = query.where(CustomerRow.customers == asked.group)
    if asked.consent is not None:
        agreed = sa.func.coalesce(CustomerRow.consent, sa.false())
        query = query.where(agreed if asked.consent else ~agreed)
    rows, following = paging.listed(call, query, CustomerRow.key)
    found = [
        plain.customer(each, customers.document(call.session, each.row))
        for each in questions.listed(call.session, call.branch, rows)
    ]
    return paging.page(call, found, following)


@operation("GET", "/erased-customers", "customers:read", answers=dealings.CustomerErased,
           many=True, query=AskedSince)  # fmt: skip
def list_erased_customers(call: Call) -> Told:
    """Numbers of customers who were erased: what you keep of them goes too."""
    query = paging.since(call, questions.matching(call.branch, ""), CustomerRow.changed_at)
    query = query.where(CustomerRow.name == NOBODY, CustomerRow.blocked)
    rows, following = paging.listed(call, query, CustomerRow.key)
    said = [{"number": row.key, "changed_at": row.changed_at} for row in rows]
    return paging.page(call, said, following)


@operation("GET", "/customers/{number}", "customers:read", answers=dealings.CustomerSaid,
           keys={"number": NUMBER}, wrong=(404,))  # fmt: skip
def get_customer(call: Call) -> Told:
    """One customer, by their number or one they had before."""
    found = questions.show(call.session, call.branch, call.path["number"])
    if found is None or found.row.name == NOBODY:
        raise missing("api.no-customer")
    said = plain.customer(found, found.customer)
    return Told(said, etag=plain.tag(found.customer))


def _held(session: Session, key: str, lock: bool) -> Customer | None:
    row = session.get(CustomerRow, key, with_for_update=True if lock else None)
    return customers.document(session, row) if row is not None else None


CUSTOMER: Final = Kind(Customer, CUSTOMERS, _held)


def _put_customer(into: Into, item: dealings.CustomerItem) -> str:
    row = into.session.get(CustomerRow, item.number)
    if row is not None and row.into:
        raise CallRefused(409, say("api.is-now", number=row.into))
    if row is not None and row.name == NOBODY:
        raise CallRefused(409, say("api.erased"))
    before = into.left(CUSTOMER, item.number)
    document = _customer(into.session, item)
    if before is not None:
        document = replace(document, also=before.also)
    return into.put(CUSTOMER, document, keep=lambda: customers.put(into.session, document, into.by))


def _customer(session: Session, item: dealings.CustomerItem) -> Customer:
    cards = []
    for n, code in enumerate(sorted(set(item.cards))):
        try:
            cards.append(Card(barcode(code)))
        except KeyRefused as error:
            raise wrong(f"cards[{n}]", "customers.bad-card") from error
    said = Customer(
        CustomerKey(item.number), item.name, item.phone or None, item.email or None,
        item.address or None, item.language, item.group, goods.money(session, item.limit, "limit"),
        item.blocked or None, item.consent, (), tuple(cards),
    )  # fmt: skip
    try:
        return clientele.checked(said)
    except StepRefused as refused:
        field = _FIELDS.get(refused.fact, "name")
        raise wrong(field, f"customers.{refused.fact}", **refused.values) from refused


@operation("PUT", "/customers/{number}", "customers:write", answers=models.Outcome, made=True,
           query=Writing, body=dealings.CustomerBody, keys={"number": NUMBER}, wrong=WRONG)  # fmt: skip
def put_customer(call: Call) -> Told:
    """Make a customer, or say anew who they are. Who was erased is not made again (409)."""
    number = call.path["number"]
    item = dealings.CustomerItem(number=number, **dict(call.body))
    return one(call, item, _put_customer, number, CUSTOMER)


@operation("PUT", "/customers", "customers:write", answers=models.Outcome, query=WritingMany,
           body=dealings.CustomerItem, bulk=True, wrong=WRONG)  # fmt: skip
def put_customers(call: Call) -> Told:
    """Write up to 1,000 customers: all or none, or with `partial` each that can be."""
    return many(call, _put_customer, lambda item: str(item.number))
