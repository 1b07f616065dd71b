"""What is typed about a customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from backoffice.typed import plain
from schemas.customer import Card, Customer
from schemas.keys import Barcode, CustomerKey
from schemas.money import AmountRefused, Money
from services.register import clientele, wording
from services.register.refusal import StepRefused

FIELDS = ("name", "phone", "email", "address", "customers", "limit", "cards")


@dataclass(frozen=True, slots=True)
class CustomerForm:
    """A customer as typed, and as understood.

    wrong   why it is not accepted, as a word of the catalogue; `values` fill its places
    """

    typed: Mapping[str, str]
    said: Customer | None = None
    wrong: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def of(
        cls, key: str, known: Customer | None, form: Mapping[str, str], language: str, currency: str
    ) -> CustomerForm:
        """What a form says of the customer with this number."""
        typed = {name: form.get(name, "")[:300].strip() for name in FIELDS}
        for box in ("blocked", "consent"):
            typed[box] = "yes" if form.get(box) else ""
        base = known or Customer(CustomerKey(key), "")
        limit, wrong = _limit(typed["limit"], language, currency)
        if wrong is not None:
            return cls(typed, None, wrong)
        said = replace(
            base,
            name=typed["name"],
            phone=typed["phone"] or None,
            email=typed["email"] or None,
            address=typed["address"] or None,
            customers=typed["customers"][:40] or None,
            limit=limit,
            blocked=bool(typed["blocked"]) or None,
            consent=bool(typed["consent"]),
            cards=tuple(Card(Barcode(code)) for code in typed["cards"].split()),
        )
        try:
            return cls(typed, clientele.checked(said))
        except StepRefused as refused:
            return cls(typed, None, f"customers.{refused.fact}", refused.values)

    @classmethod
    def shown(cls, customer: Customer, language: str) -> CustomerForm:
        """The form of a customer that is known, amounts as people write them."""
        limit = wording.amount(customer.limit, language) if customer.limit else ""
        return cls(
            {
                "name": customer.name,
                "phone": customer.phone or "",
                "email": customer.email or "",
                "address": customer.address or "",
                "customers": customer.customers or "",
                "limit": limit,
                "blocked": "yes" if customer.blocked else "",
                "consent": "yes" if customer.consent else "",
                "cards": " ".join(card.code for card in customer.cards),
            }
        )


def _limit(typed: str, language: str, currency: str) -> tuple[Money | None, str | None]:
    if not typed:
        return None, None
    number, wrong = plain(typed, language)
    if wrong is not None:
        return None, wrong if wrong == "price.ambiguous" else "customers.no-amount"
    try:
        return Money.parse(number, currency), None
    except AmountRefused:
        return None, "customers.no-amount"
