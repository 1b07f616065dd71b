"""Calling another till of the branch: one signed document there, one signed document back.

The branch's network needs no certificates: both ends know each other's keys from head office, in
the mirror. What passes is signed, not sealed: who can listen in that network can read it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final, TypeVar

import urllib3
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schemas import signature, xml
from schemas.neighbour import Neighbour
from schemas.passing import Call, Passed, Shelf
from services.neighbours.calls import NeighbourAway

D = TypeVar("D")
PATH: Final = "/neighbour"
SIGNED: Final = "Tresen-Signature"
LARGEST_ANSWER: Final = 4 * 1024 * 1024
_TIMEOUT: Final = urllib3.Timeout(connect=2, read=6)


def answer_text(nonce: str, body: bytes) -> bytes:
    """What an answer's signature covers: the call it answers, and its bytes."""
    return f"answer\n{nonce}\n".encode() + body


def call_text(body: bytes) -> bytes:
    """What a call's signature covers; never what an answer's does."""
    return b"call\n" + body


@dataclass(frozen=True, slots=True)
class HttpNeighbour:
    """One other till, over the branch's network."""

    there: Neighbour
    key: Ed25519PrivateKey

    def shelf(self, asker: str) -> Shelf:
        """What is parked there. Raises NeighbourAway."""
        return self._asked(Shelf, Call("shelf", asker, self.there.key, _nonce()))

    def claim(self, asker: str, claim: str, parking: str) -> Passed:
        """Give me this parked sale. Raises NeighbourAway: then ask again, with the same claim."""
        return self._passed(Call("claim", asker, self.there.key, _nonce(), claim, parking))

    def release(self, asker: str, claim: str, parking: str) -> Passed:
        """I want it no more. Raises NeighbourAway: then ask again."""
        return self._passed(Call("release", asker, self.there.key, _nonce(), claim, parking))

    def _passed(self, call: Call) -> Passed:
        passed = self._asked(Passed, call)
        whole = passed.claim == call.claim and (passed.parked is not None) == (
            passed.state == "given"
        )
        if not whole:
            raise NeighbourAway("the answer does not fit the call")
        return passed

    def _asked(self, cls: type[D], call: Call) -> D:
        body = xml.dump(call)
        headers = {
            "Content-Type": "application/xml",
            SIGNED: signature.signature(self.key, signature.NEIGHBOUR, call_text(body)),
        }
        try:
            with urllib3.PoolManager(retries=False, timeout=_TIMEOUT) as pool:
                answer = pool.request(
                    "POST", f"http://{self.there.address}{PATH}", body=body, headers=headers,
                    preload_content=False, redirect=False,
                )  # fmt: skip
                data = answer.read(LARGEST_ANSWER + 1)
        except (urllib3.exceptions.HTTPError, OSError, UnicodeError) as error:
            raise NeighbourAway(f"{self.there.name} does not answer") from error
        if answer.status != 200 or len(data) > LARGEST_ANSWER:
            raise NeighbourAway(f"{self.there.name} answered {answer.status}")
        signed = answer.headers.get(SIGNED, "")
        try:
            key = signature.public_key(self.there.public)
            signature.check(key, signature.NEIGHBOUR, answer_text(call.nonce, data), signed)
            return xml.load(cls, data)
        except (signature.SignatureDamaged, xml.DocumentRefused) as error:
            raise NeighbourAway(f"the answer of {self.there.name} is not sound: {error}") from error


def _nonce() -> str:
    return secrets.token_hex(16)
