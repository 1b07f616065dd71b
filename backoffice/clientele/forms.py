"""What is typed about a customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from schemas.customer import Card, Customer
from schemas.keys import Barcode, CustomerKey
from schemas.money import AmountRefused, Money
from services.register import clientele
from services.register.refusal import StepRefused

FIELDS = ("name", "phone", "email", "address", "customers", "limit", "cards")


@dataclass(frozen=True, slots=True)
class CustomerForm:
    """A customer as typed, and as understood; `wrong` is why it is not accepted."""

    typed: Mapping[str, str]
    said: Customer | None = None
    wrong: str | None = None

    @classmethod
    def of(
        cls, key: str, known: Customer | None, form: Mapping[str, str], currency: str
    ) -> CustomerForm:
        """What a form says of the customer with this number."""
        typed = {name: form.get(name, "")[:300].strip() for name in FIELDS}
        typed["blocked"] = "yes" if form.get("blocked") else ""
        base = known or Customer(CustomerKey(key), "")
        try:
            limit = _limit(typed["limit"], currency)
            said = clientele.checked(
                replace(
                    base,
                    name=typed["name"],
                    phone=typed["phone"] or None,
                    email=typed["email"] or None,
                    address=typed["address"] or None,
                    customers=typed["customers"][:40] or None,
                    limit=limit,
                    blocked=bool(typed["blocked"]) or None,
                    cards=tuple(Card(Barcode(code)) for code in typed["cards"].split()),
                )
            )
        except (AmountRefused, StepRefused) as error:
            return cls(typed, None, str(error))
        return cls(typed, said)

    @classmethod
    def shown(cls, customer: Customer) -> CustomerForm:
        """The form of a customer that is known."""
        return cls(
            {
                "name": customer.name,
                "phone": customer.phone or "",
                "email": customer.email or "",
                "address": customer.address or "",
                "customers": customer.customers or "",
                "limit": customer.limit.number if customer.limit else "",
                "blocked": "yes" if customer.blocked else "",
                "cards": " ".join(card.code for card in customer.cards),
            }
        )


def _limit(typed: str, currency: str) -> Money | None:
    plain = typed.replace(".", "").replace(",", ".") if "," in typed else typed
    return Money.parse(plain, currency) if plain else None
