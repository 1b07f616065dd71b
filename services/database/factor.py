"""The second factor: codes that change every thirty seconds, and recovery codes for a lost telephone.

The secret is sealed with a key that lies beside the database and not in it, so that who reads a
backup of the database alone has no codes.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Final

import pyotp
from cryptography.fernet import Fernet, InvalidToken

from services.database.people import User

RECOVERY_CODES: Final = 10
_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""What recovery codes are made of: nothing that looks like something else."""
_STEP_S: Final = 30
"""Source: RFC 6238, 5.2."""


def fresh_secret() -> str:
    """A new secret of 160 bits, as apps take it. Source: RFC 4226, 4."""
    return pyotp.random_base32()


def address(secret: str, name: str, company: str) -> str:
    """What an app scans."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=company)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The thirty seconds that a code belongs to: these, or the ones just before or after; else None."""
    digits = "".join(code.split())
    here = int(now.timestamp()) // _STEP_S
    totp = pyotp.TOTP(secret)
    for step in (here, here - 1, here + 1):
        if secrets.compare_digest(totp.at(step * _STEP_S).encode(), digits.encode()):
            return step
    return None


def begin(user: User, secret: str, seal: bytes, step: int) -> list[str]:
    """From now on a code is asked after the password; answers the recovery codes, for once."""
    user.second_factor = Fernet(seal).encrypt(secret.encode()).decode()
    user.second_step = step
    return renew(user)


def renew(user: User) -> list[str]:
    """New recovery codes; the old ones are worth nothing any more."""
    codes = [
        "-".join("".join(secrets.choice(_SIGNS) for _ in range(5)) for _ in range(3))
        for _ in range(RECOVERY_CODES)
    ]
    user.recovery = [_digest(code) for code in codes]
    return codes


def end(user: User) -> None:
    """A password is enough again."""
    user.second_factor = user.second_step = user.recovery = None


def accepts(user: User, code: str, seal: bytes, now: datetime) -> str | None:
    """Is this the user's code now, or one of their recovery codes? It is used up; answers which.

    Answers `code`, `recovery` or None.
    """
    if user.second_factor is None:
        return None
    try:
        secret = Fernet(seal).decrypt(user.second_factor.encode()).decode()
    except InvalidToken:
        secret = ""
    step = step_of(secret, code, now) if secret else None
    if step is not None and step > (user.second_step or 0):
        user.second_step = step
        return "code"
    said = _digest(code)
    if user.recovery and said in user.recovery:
        user.recovery = [each for each in user.recovery if each != said]
        return "recovery"
    return None


def _digest(code: str) -> str:
    """Recovery codes have 74 bits: a plain digest gives none of them away."""
    plain = "".join(sign for sign in code.lower() if sign in _SIGNS)
    return hashlib.sha256(plain.encode()).hexdigest()
