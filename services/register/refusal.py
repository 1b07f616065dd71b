"""Steps that the register refuses, named by a fact that each face says in its own language."""

from __future__ import annotations

from typing import Final

FACTS: Final = {
    "unknown-code": "No article has the code {code}.",
    "unknown-article": "No article has the number {article}.",
    "no-price": "{article} has no price. Enter a price to sell it.",
    "no-tax": "The tax of class {tax} is not known. Call head office.",
    "no-line": "There is no line {line}.",
    "line-void": "Line {line} is void already.",
    "deposit-follows": "A deposit follows its article. Change the article's line.",
    "quantity-zero": "A quantity must be more than nothing.",
    "quantity-whole": "{article} is sold in whole pieces.",
    "too-large": "The amount is too large. Check price and quantity.",
    "nothing-to-pay": "There is nothing to pay yet.",
    "unknown-tender": "The tender {tender} is not known.",
    "too-little": "{missing} is missing.",
    "no-change": "{tender} gives no change.",
    "wrong-currency": "Amounts here are in {currency}.",
    "no-right": "You may not do this: {right}.",
    "not-recordable": "This cannot be recorded as it is: {what}.",
    "too-many-lines": "A receipt has at most {most} lines. Take payment, then go on.",
    "negative-tender": "{tender} must be more than nothing.",
    "too-much": "That is more than the {open} that are open.",
    "payments-open": "{amount} have been given already. Give them back first.",
    "too-many-payments": "A receipt has at most {most} payments.",
    "not-here": "{person} may not sign in here any more.",
    "no-discount": "{article} takes part in no discount.",
    "nothing-to-discount": "Nothing here takes part in a discount.",
    "bad-percent": "{percent} is no percentage between 0 and 100.",
    "bad-label": "{reason}",
    "label-counts": "{article}: the label's price counts. Void the line and weigh it anew.",
    "float-done": "The day has begun already. Use pay-in or pay-out.",
    "bag-missing": "Enter the number of the bag.",
    "reason-missing": "A reason is needed.",
    "not-in-drawer": "There should not be so much in the drawer.",
    "sale-open": "Finish, park or give up the open sale first.",
    "drawer-full": "The drawer holds more than twice its limit. Bring money to the safe first.",
    "over-limit": "You may do this up to {limit}: {right}.",
    "came-back": "Only {left} of {article} can still come back.",
    "is-void": "Receipt {receipt} is a void receipt itself.",
    "voided": "Receipt {receipt} has been taken back already.",
    "closed-period": "Receipt {receipt} was closed with a Z report. Take the goods back instead.",
    "unknown-receipt": "No receipt {receipt} is known here.",
    "age-open": "{article}: check the customer's age first.",
    "nothing-parked": "This receipt is not parked any more.",
    "parked-away": "Till {till} has this receipt now.",
    "parking-busy": "The till is busy. Try again.",
    "nothing-to-park": "There is nothing to park.",
    "least-tender": "{tender} is taken from {least} on.",
    "most-tender": "{tender} is taken up to {most}.",
    "customer-needed": "{tender} needs a customer.",
    "voucher-number": "Scan the voucher, or enter its number.",
    "wrong-approval": "This was not approved.",
    "not-listed": "{article} is not sold in this branch.",
    "beyond-limits": "{article} costs between {least} and {most}.",
    "same-tender": "The payments do not sum to the same amount.",
    "return-fixed": "What came back is worth what was paid for it. Void the line instead.",
    "voucher-left": "Voucher {number} is worth {left} now.",
    "voucher-unknown": "This voucher cannot be checked now, and the till may not risk it.",
    "voucher-not-single": "Only a voucher with its own article is redeemed so.",
    "unknown-customer": "No customer {customer} is known here.",
    "no-account": "{customer} does not buy on account.",
    "account-left": "{customer} may buy for {left} more on account.",
    "no-points": "{customer} has {points} {programme} to use.",
    "points-whole": "{programme} are used in steps worth {step}.",
    "cannot-ask": "Head office cannot be asked now. Without it, up to {most} are taken.",
    "voucher-nowhere": "No voucher {number} has been sold.",
    "bad-account": "This is no bank account. Check the IBAN.",
    "debit-blocked": "Nothing is debited from this account any more.",
    "no-takeaway": "This branch makes no difference between here and away.",
    "serial-one": "{article}: a serial number belongs to one piece. Sell pieces one by one.",
    "voucher-return": "A voucher is not taken back as goods. Void its receipt while it is whole.",
    "no-refund": "Money does not go back as {tender}. Use cash or card.",
    "in-training": "This is real, and not for practice. End the training first.",
    "park-plain": "Returns and vouchers are not parked. Finish them first.",
    "bad-value": "{reason}.",
}
"""Each fact in English; the faces have the other languages."""


class StepRefused(Exception):
    """The register does not take this step; nothing has changed. The message is fit to show."""

    def __init__(self, fact: str, **values: object) -> None:
        self.fact = fact
        self.values = values
        super().__init__(FACTS[fact].format(**values))
