"""Signing canonical bytes, and who may sign what.

A signed document is the document's bytes, a line break, and one processing instruction that holds
who signed and the signature (Ed25519, RFC 8032) over purpose and SHA-256 of the bytes before it.
So a signed file is still one XML file, and its signature is checked before anything parses it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

REPLICA: Final = "replica"
"""What head office signs: snapshots and changes of master data."""
CALL: Final = "call"
"""What a till's agent signs: each call to head office."""
NEIGHBOUR: Final = "neighbour"
"""What a till's agent signs: each call to another till of its branch, and each answer to one."""

_TAIL: Final = re.compile(rb"\n<\?signature ([a-z]+) ([0-9a-f]{16}) ([A-Za-z0-9+/=]{88})\?>\n?\Z")
_LONGEST_TAIL: Final = 160


class SignatureDamaged(ValueError):
    """The bytes are not what was signed, or nobody who may sign them did."""


def new_key() -> Ed25519PrivateKey:
    """A fresh private key."""
    return Ed25519PrivateKey.generate()


def private_bytes(key: Ed25519PrivateKey) -> bytes:
    """`key` as PEM (PKCS 8); the folder's rights protect it."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def private_key(pem: bytes) -> Ed25519PrivateKey:
    """The private key in `pem`; raises SignatureDamaged where there is none."""
    try:
        key = serialization.load_pem_private_key(pem, None)
    except ValueError as error:
        raise SignatureDamaged("the key file is damaged") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SignatureDamaged("the key file holds another kind of key")
    return key


def public_text(key: Ed25519PrivateKey | Ed25519PublicKey) -> str:
    """The public half as documents carry it: base64 of its 32 bytes."""
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    return base64.b64encode(public.public_bytes_raw()).decode()


def public_key(text: str) -> Ed25519PublicKey:
    """The public key written `text`; raises SignatureDamaged where it is none."""
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))
    except ValueError as error:
        raise SignatureDamaged("this is no public key") from error


def key_id(text: str) -> str:
    """A short name for a public key: the first 16 digits of its digest."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _covered(purpose: str, data: bytes) -> bytes:
    return b"tresen 1 " + purpose.encode() + b"\0" + hashlib.sha256(data).digest()


def signature(key: Ed25519PrivateKey, purpose: str, data: bytes) -> str:
    """The signature over `data` for one purpose, in base64."""
    return base64.b64encode(key.sign(_covered(purpose, data))).decode()


def check(key: Ed25519PublicKey, purpose: str, data: bytes, signed: str) -> None:
    """Raise SignatureDamaged unless `signed` is this key's signature over `data` for `purpose`."""
    try:
        raw = base64.b64decode(signed, validate=True)
        # the last bits of a base64 text say nothing, and must be nought
        if base64.b64encode(raw).decode() != signed:
            raise ValueError
        key.verify(raw, _covered(purpose, data))
    except (InvalidSignature, ValueError) as error:
        raise SignatureDamaged("the signature does not fit") from error


def sign(key: Ed25519PrivateKey, purpose: str, data: bytes) -> bytes:
    """`data` with its signature behind it."""
    who = key_id(public_text(key))
    return data + f"\n<?signature {purpose} {who} {signature(key, purpose, data)}?>\n".encode()


def opened(signed: bytes, purpose: str, trusted: Mapping[str, Ed25519PublicKey]) -> bytes:
    """The bytes that were signed for `purpose` by one of the `trusted` keys (by key id).

    Raises SignatureDamaged where no trusted signature covers them.
    """
    tail = _TAIL.search(signed, max(0, len(signed) - _LONGEST_TAIL))
    if tail is None:
        raise SignatureDamaged("the document is not signed, or cut short")
    if tail.group(1).decode() != purpose:
        raise SignatureDamaged(f"signed for “{tail.group(1).decode()}”, not for “{purpose}”")
    key = trusted.get(tail.group(2).decode())
    if key is None:
        raise SignatureDamaged("signed by a key that is not trusted")
    data = signed[: tail.start()]
    check(key, purpose, data, tail.group(3).decode())
    return data
