"""Direct debit: which account is debited, and how it may be shown."""

from __future__ import annotations

from stdnum import iban
from stdnum.exceptions import ValidationError

from services.register.refusal import StepRefused


def account(text: str) -> str:
    """The account that `text` names, as an IBAN without spaces; raises StepRefused where it is none."""
    try:
        return str(iban.validate(text))
    except ValidationError as error:
        raise StepRefused("bad-account") from error


def masked(account_: str) -> str:
    """What a slip shows of an account: its country and its end."""
    return f"{account_[:4]} … {account_[-4:]}"
