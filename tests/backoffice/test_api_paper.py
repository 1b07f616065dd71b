"""docs/api.md as a foreign developer takes it: its commands are run as they stand, with curl, over HTTP."""

from __future__ import annotations

import os
import re
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from backoffice.api.operation import OPERATIONS
from services.database.hooks import EVENTS
from services.exporting import post
from tests.backoffice.test_api import House, house, made

__all__ = ["house"]
PAPER = Path(__file__).parents[2] / "docs" / "api.md"


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any, **__: Any) -> None:
        """Say nothing."""


def blocks(kind: str) -> list[str]:
    """The paper's blocks of a kind."""
    return re.findall(rf"```{kind}\n(.*?)```", PAPER.read_text(encoding="utf-8"), re.DOTALL)


def test_every_command_of_the_paper_does_what_it_says(house: House) -> None:
    server = make_server("127.0.0.1", 0, house.app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        script = "\n".join(blocks("sh"))
        surroundings = {
            "PATH": os.environ["PATH"], "TOKEN": made(house.chain), "LC_ALL": "C.UTF-8",
            "OFFICE": f"http://127.0.0.1:{server.server_port}",
        }  # fmt: skip
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script], env=surroundings, capture_output=True,
            text=True, timeout=120, check=False,
        )  # fmt: skip
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert done.returncode == 0, (done.stdout[-600:], done.stderr)
    promised = re.findall(r"^# → (.*)$", script, re.MULTILINE)
    assert len(promised) >= 8
    said = done.stdout
    for each in promised:  # in the order in which the paper says them
        assert each in said, each
        said = said[said.index(each) :]


def test_the_paper_s_check_of_a_signature_takes_ours_and_no_other() -> None:
    there: dict[str, Any] = {}
    exec(blocks("python")[0], there)  # it is our own paper
    secret, body, now = (
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        b'{"type":"z.received"}',
        time.time(),
    )
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(int(now))}
    headers["webhook-signature"] = post.signature(secret, "msg_1", int(now), body)
    is_ours = there["is_ours"]
    assert is_ours(secret, headers, body)
    assert not is_ours(secret, headers, body + b" ")
    assert not is_ours(secret, {**headers, "webhook-id": "msg_2"}, body)
    old = str(int(now) - 3600)
    stale = {"webhook-id": "msg_1", "webhook-timestamp": old,
             "webhook-signature": post.signature(secret, "msg_1", int(old), body)}  # fmt: skip
    assert not is_ours(secret, stale, body)


def test_the_paper_names_every_event_and_resource() -> None:
    text = PAPER.read_text(encoding="utf-8")
    for event in EVENTS:
        assert event in text, event
    for each in OPERATIONS:
        assert each.address.split("/")[1] in text, each.address
