"""A till's identity: its enrolment and its device key, kept in the box."""

from __future__ import annotations

from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from schemas import signature, xml
from schemas.enrolment import Enrolment
from services.disk import durable
from services.disk.box import Box, BoxRefused


def enrolment(box: Box) -> Enrolment:
    """Who this box is; raises BoxRefused where it has not been enrolled."""
    try:
        return xml.load(Enrolment, box.identity.read_bytes())
    except FileNotFoundError:
        raise BoxRefused(
            f"{box.path} is not enrolled. Make a code in head office, then: tresen box enrol"
        ) from None
    except xml.DocumentRefused as error:
        raise BoxRefused(f"{box.identity} is damaged: {error}") from error


def trusted(who: Enrolment) -> Mapping[str, Ed25519PublicKey]:
    """Head office's keys, by key id."""
    return {signature.key_id(text): signature.public_key(text) for text in who.trusted}


def device_key(box: Box) -> Ed25519PrivateKey:
    """The key that signs this till's calls; made at the first ask.

    Raises BoxRefused where its file is damaged.
    """
    path = box.keys / "device.pem"
    try:
        return signature.private_key(path.read_bytes())
    except FileNotFoundError:
        key = signature.new_key()
        durable.create(path, signature.private_bytes(key))
        return key
    except signature.SignatureDamaged as error:
        raise BoxRefused(
            f"{path}: {error}. Move that file away, make a code in head office, and enrol this box "
            "again: tresen box enrol"
        ) from error


def keep(box: Box, who: Enrolment) -> None:
    """Keep what head office answered to the code."""
    durable.replace(box.identity, xml.dump(who))
