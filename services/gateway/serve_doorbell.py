"""The doorbell's process: `python -m services.gateway.serve_doorbell HOST PORT`."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

from services.database.headoffice import HeadOffice
from services.gateway.doorbell import Doorbell


async def _serve(host: str, port: int) -> None:
    office = HeadOffice(
        Path(os.environ["TRESEN_DIRECTORY"]), os.environ.get("TRESEN_DATABASE") or None
    )
    serving = asyncio.create_task(Doorbell(office).run(host, port))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, serving.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await serving


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], int(sys.argv[2])))
