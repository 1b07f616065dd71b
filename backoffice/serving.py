"""Commands that run head office: serve, worker, publish."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Mapping

import click

from backoffice import opened
from services.database.headoffice import HeadOffice, HeadOfficeRefused
from services.exporting import hooks
from services.exporting.post import Gate
from services.gateway import address
from services.importing import steps
from services.mailing import post, queue
from services.worker import jobs, ports
from services.worker.watch import Child, Watched


@click.command()
@opened.with_office
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, ports.HIGHEST),
              help="The doorbell takes the next one.")  # fmt: skip
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64),
              help="Processes that answer.")  # fmt: skip
@click.option("--plain-http", is_flag=True,
              help="Serve others than this machine without TLS: for a closed network only.")  # fmt: skip
def serve(head: HeadOffice, host: str, port: int, workers: int, plain_http: bool) -> None:
    """Serve head office's pages and answer its tills; the doorbell is one port above.

    Ends with 1 where the pages' process dies; the doorbell is started again.
    """
    try:
        refuse_plain(host, os.environ, plain_http)
        head.session_secret()
        ports.check(host, port)
    except (ValueError, HeadOfficeRefused) as error:
        opened.refuse(error, 2)
    except ports.PortRefused as error:
        opened.refuse(error)
    head.migrate()
    watched = Watched(_children(head, host, port, workers), lambda text: click.echo(text, err=True))
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    watched.start()
    click.echo(f"Head office: http://{host}:{port}")
    why = None
    while not stopping and why is None:
        time.sleep(0.2)
        why = watched.look()
    watched.stop()
    if why and not stopping:
        ports.wait(host, port, 5)  # gunicorn's workers notice within a second that they are orphans
        opened.refuse(f"{why} Head office is not served any more; start it again.")


def refuse_plain(host: str, environment: Mapping[str, str], plain_http: bool) -> None:
    """Raise ValueError where passwords and sessions would go over a plain line without anybody's will."""
    public = address.checked(environment.get(address.SETTING)) or ""
    if host in {"127.0.0.1", "::1", "localhost"} or public.startswith("https:") or plain_http:
        return
    raise ValueError(
        f"Head office would be served at {host} without TLS. Put a proxy with a certificate before it, "
        f"set {address.SETTING}=https://…, or say --plain-http for a closed network."
    )


def _children(head: HeadOffice, host: str, port: int, workers: int) -> list[Child]:
    url = f"http://{host}:{port + 1}"
    environment = {
        **os.environ,
        "TRESEN_DIRECTORY": str(head.directory),
        "TRESEN_DATABASE": head.url,
        "TRESEN_DOORBELL": os.environ.get("TRESEN_DOORBELL", url),
    }
    pages = [
        sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--threads", "64",
        "--workers", str(workers), "--bind", f"{host}:{port}", "--keep-alive", "30",
        "--graceful-timeout", "3", "--no-control-socket",
        "--log-level", "warning", "backoffice.wsgi:application()",
    ]  # fmt: skip
    bell = [sys.executable, "-m", "services.gateway.serve_doorbell", host, str(port + 1)]
    return [
        Child("The pages' process", pages, environment, again=False),
        Child("The doorbell", bell, environment),
    ]


@click.command()
@opened.with_office
def worker(head: HeadOffice) -> None:
    """Publish what is edited, do imports, tell other programs, send e-mails, until Ctrl-C.

    Where the post office is stands in the environment: TRESEN_SMTP_HOST and _SENDER; _PORT, _TLS
    (starttls, tls, none), _USER and _PASSWORD_FILE where they are not the usual. Without it, letters
    wait. Programs are told over HTTPS at public addresses only: TRESEN_HOOKS_PRIVATE=1 also lets
    addresses of the own network be told, TRESEN_HOOKS_CA names whom to trust there.
    """
    try:
        place = post.configured(os.environ)
    except ValueError as error:
        opened.refuse(error, 2)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    if place is not None:
        threading.Thread(target=queue.run, args=(head, place, stop), daemon=True).start()
    gate = Gate.configured(os.environ)
    threading.Thread(target=steps.run, args=(head, stop), daemon=True).start()
    threading.Thread(target=hooks.run, args=(head, gate, stop), daemon=True).start()
    jobs.run(head, stop)


@click.command()
@opened.with_office
def publish(head: HeadOffice) -> None:
    """Publish what waits, once, by hand."""
    click.echo(f"{jobs.once(head)} changes published.")
