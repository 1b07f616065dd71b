"""The calls over HTTPS, each signed with the till's device key. Loopback may go without TLS."""

from __future__ import annotations

import hashlib
import urllib.parse
from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

import urllib3
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schemas import signature, xml
from schemas.authorisation import Answer, Question
from schemas.enrolment import Enrolment
from schemas.journal import Acknowledgement
from schemas.status import Status
from services.link import frames
from services.link.office import OfficeNotReached, OfficeRefused, OfficeUnreachable, Past

D = TypeVar("D")
TIMEOUT: Final = urllib3.Timeout(connect=5, read=60)
HURRIED: Final = urllib3.Timeout(connect=2, read=3)
"""For what a cashier waits for."""
_LOOPBACK: Final = {"127.0.0.1", "localhost", "::1"}


def signed_text(method: str, target: str, till: str, body: bytes) -> bytes:
    """What a call's signature covers: method, path with query, till, digest of the body."""
    return "\n".join((method, target, till, hashlib.sha256(body).hexdigest())).encode()


def _pool(office: str, timeout: urllib3.Timeout = TIMEOUT) -> urllib3.PoolManager:
    try:
        where = urllib.parse.urlsplit(office)
        known = where.scheme in {"http", "https"} and where.hostname and where.port != 0
    except ValueError:
        known = False
    if not known or any(sign.isspace() for sign in office):
        raise OfficeRefused(
            f"“{office[:200]}” is no address of a head office; write it as in https://office.example"
        )
    if where.scheme != "https" and where.hostname not in _LOOPBACK:
        raise OfficeRefused(
            f"{office[:200]}: only https is allowed, but for this machine itself; write https://…"
        )
    return urllib3.PoolManager(retries=False, timeout=timeout, maxsize=2)


def _sent(
    pool: urllib3.PoolManager, method: str, url: str, body: bytes, headers: dict[str, str]
) -> urllib3.BaseHTTPResponse:
    try:
        answer = pool.request(method, url, body=body or None, headers=headers)
    except (urllib3.exceptions.HTTPError, UnicodeError) as error:
        kind = OfficeNotReached if isinstance(error, _BEFORE) else OfficeUnreachable
        raise kind(_cause(error)) from error
    if answer.status in {401, 403, 409, 410}:
        said = answer.data.decode(errors="replace")[:300]
        if said.lstrip().startswith("<"):
            raise OfficeNotReached(f"there is no head office, but a page ({answer.status})")
        raise OfficeRefused(said)
    if answer.status >= 500:
        raise OfficeUnreachable(f"head office answered {answer.status}")
    if answer.status >= 300 and answer.status != 304:
        raise OfficeNotReached(f"head office answered {answer.status}")
    return answer


_BEFORE: Final = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.SSLError,
    urllib3.exceptions.LocationValueError,
    UnicodeError,
)
"""Errors that come before anything has been sent."""


def _cause(error: Exception) -> str:
    if isinstance(error, urllib3.exceptions.NameResolutionError):
        return "no Internet: head office's name cannot be found"
    if isinstance(error, urllib3.exceptions.NewConnectionError):
        return "head office is not answering"
    if isinstance(error, urllib3.exceptions.SSLError):
        return "head office's certificate is not trusted here, or it does not speak https"
    if isinstance(error, urllib3.exceptions.TimeoutError):
        return "head office takes too long"
    if isinstance(error, _BEFORE):
        return "head office's address cannot be used"
    return "the line broke during a call"


class HttpEnrolling:
    """Enrolment over HTTP."""

    def __init__(self, office: str) -> None:
        self._office = office.rstrip("/")
        self._pool = _pool(office)

    def enrol(self, code: str, public_key: str, past: Past) -> Enrolment:
        """Make this till's key known; raises OfficeRefused for a code that is used or too old."""
        form = {"code": code, "key": public_key, "till": past.till, "entries": str(past.entries)}
        form["trusts"] = " ".join(past.trusts)
        form["newest"] = " ".join(map(str, past.newest or ()))
        body = urllib.parse.urlencode(form).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = _sent(self._pool, "POST", f"{self._office}/link/enrol", body, headers)
        try:
            return xml.load(Enrolment, answer.data)
        except xml.DocumentRefused as error:
            raise OfficeNotReached("what answered there is no head office") from error


class HttpOffice:
    """Head office, over HTTP."""

    def __init__(
        self, who: Enrolment, key: Ed25519PrivateKey, timeout: urllib3.Timeout = TIMEOUT
    ) -> None:
        self._who = who
        self._key = key
        self._office = who.office.rstrip("/")
        self._pool = _pool(who.office, timeout)

    def snapshot(self, scope: str) -> bytes:
        """A whole replica, signed."""
        answer = self._call("GET", f"/link/replica/{scope}/snapshot")
        return self._unpacked(answer.data, largest=xml.LARGEST_COLLECTION)

    def changes(self, scope: str, after: int) -> Sequence[bytes] | None:
        """The signed changes after a revision; None where a snapshot must come first."""
        answer = self._call("GET", f"/link/replica/{scope}/changes?after={after}")
        if answer.status == 304:
            return ()
        if answer.status == 204:
            return None
        return [data for _, data in self._frames(answer.data)]

    def upload(self, entries: Sequence[tuple[str, int, bytes]]) -> Acknowledgement:
        """Hand over entries."""
        body = frames.pack((f"{series}/{number}", data) for series, number, data in entries)
        packed = frames.compressed(body, 3)
        return _document(Acknowledgement, self._call("POST", "/link/journal", packed).data)

    def acknowledged(self) -> Acknowledgement:
        """What head office has of this till's journal."""
        return _document(Acknowledgement, self._call("GET", "/link/journal").data)

    def authorise(self, question: Question) -> Answer:
        """May a sale take so much of what is no money?"""
        answer = self._call("POST", "/link/authorise", xml.dump(question))
        return _document(Answer, answer.data)

    def report(self, status: Status) -> None:
        """Say how this till is."""
        self._call("POST", "/link/status", xml.dump(status))

    def listen(self) -> Iterator[None]:
        """Yields at each ring of head office's doorbell; ends when the line does.

        Raises OfficeUnreachable where nobody is there.
        """
        if self._who.doorbell is None:
            raise OfficeUnreachable("this head office has no doorbell")
        target = "/doorbell"
        try:
            answer = self._pool.request(
                "GET",
                self._who.doorbell.rstrip("/") + target,
                headers=self._headers("GET", target, b""),
                timeout=urllib3.Timeout(connect=5, read=45),
                preload_content=False,
            )
            if answer.status != 200:
                raise OfficeUnreachable(f"the doorbell answered {answer.status}")
            # Not stream(): that waits until a whole block has come, and a ring is a few bytes.
            while heard := answer.read1(1024):
                if b"data:" in heard or b"hello" in heard:
                    yield
        except urllib3.exceptions.HTTPError as error:
            raise OfficeUnreachable(_cause(error)) from error

    def close(self) -> None:
        """Let the connections go."""
        self._pool.clear()

    def _headers(self, method: str, target: str, body: bytes) -> dict[str, str]:
        text = signed_text(method, target, self._who.name, body)
        return {
            "Tresen-Till": self._who.name,
            "Tresen-Signature": signature.signature(self._key, signature.CALL, text),
            "Content-Type": "application/octet-stream",
        }

    def _call(self, method: str, target: str, body: bytes = b"") -> urllib3.BaseHTTPResponse:
        headers = self._headers(method, target, body)
        return _sent(self._pool, method, self._office + target, body, headers)

    def _unpacked(self, data: bytes, largest: int = frames.LARGEST) -> bytes:
        try:
            return frames.decompressed(data, largest)
        except frames.FramesRefused as error:
            raise OfficeUnreachable(f"the answer is damaged: {error}") from error

    def _frames(self, data: bytes) -> list[tuple[str, bytes]]:
        try:
            return frames.unpack(self._unpacked(data))
        except frames.FramesRefused as error:
            raise OfficeUnreachable(f"the answer is damaged: {error}") from error


def _document(cls: type[D], data: bytes) -> D:
    try:
        return xml.load(cls, data)
    except xml.DocumentRefused as error:
        raise OfficeUnreachable(f"the answer is damaged: {error}") from error
