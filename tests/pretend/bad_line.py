"""A bad line: a TCP relay on this machine that cuts each connection after some bytes."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator


class BadLine:
    """Relays to a port. `up` and `down` are the bytes after which the line is cut; None: never."""

    def __init__(self, port: int) -> None:
        self._to = port
        self.up: int | None = None
        self.down: int | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                self._open += [near, far]
                for here, there, most in ((near, far, self.up), (far, near, self.down)):
                    threading.Thread(
                        target=self._relay, args=(here, there, most), daemon=True
                    ).start()

    def _relay(self, here: socket.socket, there: socket.socket, most: int | None) -> None:
        passed = 0
        with contextlib.suppress(OSError):
            while data := here.recv(4096):
                if most is not None and passed + len(data) > most:
                    there.sendall(data[: most - passed])
                    break
                there.sendall(data)
                passed += len(data)
        for end in (here, there):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Cut everything."""
        for each in (self._listener, *self._open):
            each.close()


@contextlib.contextmanager
def bad_line(port: int) -> Iterator[BadLine]:
    """A bad line to a port of this machine."""
    line = BadLine(port)
    try:
        yield line
    finally:
        line.close()
