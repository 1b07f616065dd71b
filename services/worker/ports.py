"""Is a port free to listen on? Asked before anything is started, so that the answer is a sentence."""

from __future__ import annotations

import contextlib
import errno
import socket
import time
from typing import Final

HIGHEST: Final = 65534
"""The highest port that head office can take: the doorbell takes the next one."""


class PortRefused(Exception):
    """Nothing can listen there; the message is fit to show."""


def check(host: str, port: int) -> None:
    """Raise PortRefused where head office cannot listen on `port`, or its doorbell on the next."""
    for each in (port, port + 1):
        try:
            family, kind, proto, _, address = socket.getaddrinfo(
                host, each, type=socket.SOCK_STREAM
            )[0]
            with socket.socket(family, kind, proto) as trial:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                trial.bind(address)
                trial.listen(1)
        except OSError as error:
            raise PortRefused(_why(error, host, port, each)) from error


def wait(host: str, port: int, seconds: float) -> None:
    """Wait until head office's ports are free again, at most so long."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(PortRefused):
            check(host, port)
            return
        time.sleep(0.1)


def _why(error: OSError, host: str, port: int, taken: int) -> str:
    which = f"Port {taken}" + (" (the doorbell's)" if taken != port else "")
    if error.errno == errno.EADDRINUSE:
        return f"{which} is in use already. Stop what listens there, or name another with --port."
    if error.errno == errno.EACCES:
        return f"{which} may only be used by root. Name one above 1023 with --port."
    return f"{host} is no address of this machine: {error.strerror or error}."
