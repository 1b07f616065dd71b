"""Handing one message over: by HTTPS only, to a public address only, which is looked up once.

Whoever may name an address could else make head office call machines that only head office reaches
(server-side request forgery). The address that was checked is the one that is called; a redirection
is not followed. Source: OWASP, SSRF Prevention Cheat Sheet.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import socket
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import urllib3

_CONNECT_S: Final = 5.0
_ANSWER_S: Final = 10.0
_READ: Final = 2048
"""Bytes of an answer that are looked at."""
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_PREFIX: Final = "whsec_"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressRefused(ValueError):
    """No message is sent there; the message says why."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What may be called. `private`: also addresses of the own network; `ca`: whom to trust besides."""

    private: bool = False
    ca: str | None = None

    @classmethod
    def configured(cls, environment: Mapping[str, str]) -> Gate:
        """As the environment says: TRESEN_HOOKS_PRIVATE=1, TRESEN_HOOKS_CA=FILE."""
        return cls(
            environment.get("TRESEN_HOOKS_PRIVATE") == "1", environment.get("TRESEN_HOOKS_CA")
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status, or none and why."""

    status: int | None
    said: str


def checked(url: str) -> str:
    """An address as it is kept; raises AddressRefused where it is no https address."""
    try:
        parts = urllib.parse.urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise AddressRefused("This is no address.") from error
    host = parts.hostname or ""
    if parts.scheme != "https" or not host:
        raise AddressRefused("Write it as in https://erp.example/tresen")
    if parts.username or parts.password or parts.fragment:
        raise AddressRefused("The address holds a name, a password or a fragment.")
    plain = url.strip()
    if not plain.isascii() or not plain.isprintable() or " " in plain or len(plain) > 500:
        raise AddressRefused("The address holds signs that no address has.")
    if port is not None and not 0 < port < 65536:
        raise AddressRefused("This is no port.")
    return plain


def is_public(address: Address) -> bool:
    """May anybody on the internet have this address? What an IPv6 address wraps counts too."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None and not is_public(inner):
            return False
        if address.ipv4_mapped is not None:
            return True
    return address.is_global and not address.is_multicast


def looked_up(host: str, port: int, gate: Gate) -> str:
    """The one address that is called; raises AddressRefused where any of the name's is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressRefused(f"{host} is not known") from error
    addresses = [str(each[4][0]).partition("%")[0] for each in found]
    for text in addresses:
        if not gate.private and not is_public(ipaddress.ip_address(text)):
            raise AddressRefused(f"{host} is not on the internet")
    return addresses[0]


def signature(secret: str, name: str, at: int, body: bytes) -> str:
    """What the receiver checks a message by. Source: Standard Webhooks 1.0, symmetric signatures."""
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = f"{name}.{at}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def send(url: str, secret: str, name: str, body: bytes, at: int, gate: Gate) -> Answer:
    """Hand a message over; answers what came back, whatever it is."""
    try:
        parts = urllib.parse.urlsplit(checked(url))
        host, port = parts.hostname or "", parts.port or 443
        where = looked_up(host, port, gate)
    except AddressRefused as error:
        return Answer(None, str(error))
    headers = {
        "Host": host if port == 443 else f"{host}:{port}",
        "Content-Type": "application/json",
        "User-Agent": "Tresen",
        "webhook-id": name,
        "webhook-timestamp": str(at),
        "webhook-signature": signature(secret, name, at, body),
    }
    pool = urllib3.HTTPSConnectionPool(
        where, port, server_hostname=host, assert_hostname=host, ca_certs=gate.ca, maxsize=1,
        timeout=urllib3.Timeout(connect=_CONNECT_S, read=_ANSWER_S), cert_reqs="CERT_REQUIRED",
    )  # fmt: skip
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        answer = pool.urlopen(
            "POST", target, body, headers, retries=False, redirect=False, assert_same_host=False,
            preload_content=False, decode_content=False,
        )  # fmt: skip
        text = answer.read(_READ).decode("utf-8", "replace")
        answer.close()
    except urllib3.exceptions.HTTPError as error:
        return Answer(None, type(error).__name__)
    finally:
        pool.close()
    said = "".join(sign for sign in text if sign.isprintable())[:200]
    return Answer(answer.status, said)
