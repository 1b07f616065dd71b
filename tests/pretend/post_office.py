"""A post office: a real SMTP server as a process of its own, that misbehaves on demand.

`python -m tests.pretend.post_office PORT FOLDER`; each letter it takes is a file in FOLDER. What it
does is told by the file FOLDER/mood: well (also without one), busy (451 to the letter), unknown (550
to the address), cut (takes the letter and breaks the line before it says so), slow.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.pretend.processes import environment, free_ports, until


class PostOffice:
    """The running process, as a test sees it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_ports()
        folder.mkdir(exist_ok=True)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.pretend.post_office", str(self.port), str(folder)],
            env=environment(),
        )
        until((folder / "open").exists, "the post office opens")

    def mood(self, name: str) -> None:
        """How it behaves from now on."""
        (self.folder / "mood").write_text(name)

    def letters(self) -> list[EmailMessage]:
        """What it has taken, oldest first."""
        found = sorted(self.folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]

    def close(self) -> None:
        """Close it."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()


@contextlib.contextmanager
def post_office(folder: Path) -> Iterator[PostOffice]:
    """A post office, closed at the end."""
    made = PostOffice(folder)
    try:
        yield made
    finally:
        made.close()


class _Clerk:
    """What the server asks for each step; the names are aiosmtpd's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _mood(self) -> str:
        with contextlib.suppress(FileNotFoundError):
            return (self._folder / "mood").read_text()
        return "well"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._mood() == "unknown":
            return f"550 5.1.1 <{address}>: user unknown"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        mood = self._mood()
        if mood == "busy":
            return "451 4.3.0 try again later"
        if mood == "slow":
            await asyncio.sleep(1.5)
        path = self._folder / f"{uuid.uuid4()}.eml"
        content = envelope.content
        path.with_suffix(".new").write_bytes(content if isinstance(content, bytes) else b"")
        path.with_suffix(".new").rename(path)
        if mood == "cut":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 taken"


async def _serve(port: int, folder: Path) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(_Clerk(folder), hostname="post.example"), "127.0.0.1", port
    )
    (folder / "open").write_text(str(os.getpid()))
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), Path(sys.argv[2])))
