"""The agent's small port for the other tills of its branch: one path, signed calls, few at a time."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schemas import signature, xml
from schemas.neighbour import Neighbour
from schemas.passing import Call, Passed, Shelf
from services.neighbours.calls import NeighbourAway, Neighbours
from services.neighbours.http_client import PATH, SIGNED, answer_text, call_text

log = logging.getLogger(__name__)

LARGEST_CALL: Final = 4096
_AT_ONCE: Final = 16
_PATIENCE_S: Final = 5.0
"""Seconds that a caller may take for each piece of its call."""


class Refused(Exception):
    """This call is not from a till of the branch, or is none that it may make."""


class Port(ThreadingHTTPServer):
    """Listens at one address for the tills in `known` (by name), which may change at any time."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 32

    def __init__(
        self,
        address: str,
        till: str,
        key: Ed25519PrivateKey,
        owner: Neighbours,
        known: Callable[[], dict[str, Neighbour]],
    ) -> None:
        """Raises OSError where this box cannot listen there."""
        self.address = address
        host, _, port = address.rpartition(":")
        host = host.strip("[]")
        if ":" in host:
            self.address_family = socket.AF_INET6
        self.till, self._key, self._owner, self._known = till, key, owner, known
        self._seats = threading.BoundedSemaphore(_AT_ONCE)
        super().__init__((host, int(port)), _Caller)
        threading.Thread(target=self.serve_forever, name="neighbours", daemon=True).start()

    def close(self) -> None:
        """Listen no longer."""
        self.shutdown()
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:
        """One more caller, unless all seats are taken: whoever is sent away asks again."""
        if not self._seats.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one caller; the seat is free again whatever happened."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._seats.release()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """A caller that went away, or sent what is no HTTP, harms nobody else."""
        log.info("neighbour's call broke off")

    def answered(self, body: bytes, signed: str) -> tuple[bytes, str]:
        """The answer to one call, and its signature; raises Refused or NeighbourAway."""
        try:
            call = xml.load(Call, body, LARGEST_CALL)
        except xml.DocumentRefused as error:
            raise Refused(str(error)) from error
        who = self._known().get(call.asker)
        if who is None or call.asked != self.till or call.asker == self.till:
            raise Refused("not a neighbour of this till")
        try:
            key = signature.public_key(who.public)
            signature.check(key, signature.NEIGHBOUR, call_text(body), signed)
        except signature.SignatureDamaged as error:
            raise Refused("not signed by that till") from error
        data = xml.dump(self._answer(call))
        text = answer_text(call.nonce, data)
        return data, signature.signature(self._key, signature.NEIGHBOUR, text)

    def _answer(self, call: Call) -> Shelf | Passed:
        if call.what == "shelf":
            return self._owner.shelf(call.asker)
        if call.claim is None or call.parking is None:
            raise Refused("it does not say what it wants")
        ask = self._owner.claim if call.what == "claim" else self._owner.release
        return ask(call.asker, call.claim, call.parking)


class _Caller(BaseHTTPRequestHandler):
    """One connection, one call."""

    server: Port
    timeout = _PATIENCE_S
    server_version = "tresen"
    sys_version = ""

    def do_POST(self) -> None:
        """One call; whatever is wrong with it is answered by a bare number."""
        length = self.headers.get("Content-Length", "")
        if self.path != PATH or not (length.isascii() and length.isdecimal()):
            self._say(404)
            return
        if len(length) > 9 or int(length) > LARGEST_CALL:
            self._say(413)
            return
        body = self.rfile.read(int(length))
        try:
            data, signed = self.server.answered(body, self.headers.get(SIGNED, ""))
        except Refused as refused:
            log.warning("neighbour refused why=%s", refused)
            self._say(403)
        except NeighbourAway as away:
            log.info("neighbour asked in vain why=%s", away)
            self._say(503)
        else:
            self._say(200, data, signed)

    def _say(self, status: int, data: bytes = b"", signed: str = "") -> None:
        with contextlib.suppress(OSError):  # whoever asked has gone: it asks again
            self.send_response(status)
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(len(data)))
            if signed:
                self.send_header(SIGNED, signed)
            self.end_headers()
            self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the library's name)
        """Nothing: what matters is logged where it is known."""
