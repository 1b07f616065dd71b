"""Badges: a code on a card that says who somebody is; only a costly digest of it is known to tills.

All badges of a chain have one salt, so that a scanned code is digested once and then looked up. Whoever
copies a till's disk must spend the same work on each code they guess.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from schemas.keys import Digest

_COST: Final = 2**14
"""Scrypt's N, with r = 8 and p = 1: about 50 ms and 16 MB a code. Source: OWASP Password Storage
Cheat Sheet."""


def salt(secret: str) -> str:
    """The salt of a chain's badges, out of the company's secret; 32 hexadecimal digits."""
    return hmac.digest(bytes.fromhex(secret), b"badges", hashlib.sha256).hex()[:32]


def digest(code: str, salt_: str) -> Digest:
    """What is known of a badge with this code."""
    made = hashlib.scrypt(
        code.encode(), salt=bytes.fromhex(salt_), n=_COST, r=8, p=1, maxmem=64 * 1024**2, dklen=32
    )
    return Digest(made.hex())
