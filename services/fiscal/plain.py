"""Where no law asks for more: our own chain over all receipts of a series."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Final

from schemas import xml
from schemas.keys import Digest
from schemas.receipt import Receipt, Stamp


def _chained(receipt: Receipt, previous: Digest) -> Digest:
    unstamped = xml.dump(replace(receipt, stamp=None) if receipt.stamp else receipt)
    return Digest(hashlib.sha256(previous.encode() + unstamped).hexdigest())


class Plain:
    """Chains each receipt to the one before it; signs nothing, asks nobody."""

    def finish(self, receipt: Receipt, previous: Digest) -> Stamp:
        """The stamp that chains `receipt` to `previous`."""
        return Stamp("plain", "signed", previous, _chained(receipt, previous))

    def verify(self, receipt: Receipt, previous: Digest) -> str | None:
        """What is wrong with the receipt's place in the chain; None where nothing is."""
        stamp = receipt.stamp
        if stamp is None:
            return f"receipt {receipt.number} has no stamp"
        if stamp.previous != previous:
            return f"receipt {receipt.number} does not follow the receipt before it"
        if stamp.chain != _chained(receipt, previous):
            return f"receipt {receipt.number} was changed after it was stamped"
        return None

    def receipt_rows(self, stamp: Stamp) -> tuple[str, ...]:
        """The first digits of the chain, so that paper and journal can be compared."""
        return (f"{stamp.chain[:8]} {stamp.chain[8:16]}",)


MODULE: Final = Plain()
"""What the seam finds here."""
