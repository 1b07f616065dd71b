"""The doorbell: one asyncio process that holds every till's waiting connection and rings them all.

A till sends one signed GET /doorbell and keeps the line; each ring is one event of a
text/event-stream. Nothing travels here but the ring: a till that hears it asks for changes.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Final

from services.database import bells
from services.database.headoffice import HeadOffice
from services.gateway import routes
from services.link.office import OfficeRefused

log = logging.getLogger(__name__)

BEAT_S: Final = 15
"""Seconds between signs of life, so that a dead line is noticed on both ends."""
_LARGEST_HEAD: Final = 8192
_HELLO: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n"
    b"Connection: close\r\n\r\n: hello\n\n"
)


class Doorbell:
    """Holds the lines of tills that wait."""

    def __init__(self, office: HeadOffice) -> None:
        self._office = office
        self._lines: set[asyncio.StreamWriter] = set()

    async def run(self, host: str, port: int) -> None:
        """Serve until cancelled."""
        listening = bells.listen(self._office, "doorbell")
        loop = asyncio.get_running_loop()
        loop.add_reader(listening.fileno(), self._rung, listening)
        server = await asyncio.start_server(self._line, host, port, limit=_LARGEST_HEAD)
        try:
            async with server:
                while True:
                    await asyncio.sleep(BEAT_S)
                    self._say(b": beat\n\n")
        finally:
            loop.remove_reader(listening.fileno())
            listening.close()

    def _rung(self, listening: bells.Listening) -> None:
        listening.drain()
        self._say(b"data: changed\n\n")

    def _say(self, what: bytes) -> None:
        for line in list(self._lines):
            line.write(what)

    async def _line(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
            await asyncio.to_thread(self._admit, head)
        except (OfficeRefused, ValueError) as refusal:
            text = str(refusal).encode()
            writer.write(b"HTTP/1.1 403 Forbidden\r\nConnection: close\r\n")
            writer.write(b"Content-Length: %d\r\n\r\n" % len(text) + text)
            writer.close()
            return
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            writer.close()
            return
        writer.write(_HELLO)
        self._lines.add(writer)
        try:
            await reader.read()  # a till says nothing more; this ends when its line does
        except (OSError, asyncio.CancelledError):
            pass  # the line, or this whole process, ends
        finally:
            self._lines.discard(writer)
            with contextlib.suppress(OSError):
                writer.close()

    def _admit(self, head: bytes) -> None:
        first, *rows = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        if (method, target) != ("GET", "/doorbell"):
            raise OfficeRefused("There is only the doorbell here.")
        headers = {}
        for row in rows:
            name, colon, value = row.partition(":")
            if colon:
                headers[name.strip().title()] = value.strip()
        routes.caller(self._office, method, target, headers, b"")
