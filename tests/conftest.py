"""What all tests share: hypothesis profiles, counts, and a real PostgreSQL of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from tests.pretend.branch import Chain
from tests.pretend.processes import free_ports

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
THOROUGH = os.environ.get("TRESEN_THOROUGH") == "1"
settings.register_profile(
    "quick", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("thorough", max_examples=2000, deadline=None)
settings.load_profile("thorough" if THOROUGH else "quick")


@pytest.fixture
def many() -> Callable[[int, int], int]:
    """`many(quick, thorough)`: how often something is repeated."""
    return lambda quick, thorough: thorough if THOROUGH else quick


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    """A small chain on SQLite."""
    made = Chain(tmp_path)
    yield made
    made.office.close()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL cluster that lives as long as the tests."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    assert binaries, "PostgreSQL is not installed; ./tresen test installs it"
    folder = Path(tempfile.mkdtemp(prefix="tresen-pg-"))
    who: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        who = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]
    port = free_ports()
    run = binaries[-1]
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": "/"}
    subprocess.run(  # noqa: PLW1510 (in quiet)
        [*who, run / "initdb", "-D", folder / "data", "-U", "tresen", "-A", "trust", "-E", "UTF8"],
        **quiet,  # type: ignore[call-overload]
    )
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    control = [*who, run / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log"]
    subprocess.run(  # noqa: PLW1510 (in quiet)
        [*control, "-o", options, "start"], **quiet
    )  # type: ignore[call-overload]
    yield f"postgresql://tresen@127.0.0.1:{port}"
    subprocess.run(  # noqa: PLW1510 (in quiet)
        [*control, "-m", "immediate", "stop"], **quiet
    )  # type: ignore[call-overload]
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgresql(postgresql_server: str) -> str:
    """The URL of a fresh database."""
    name = f"t{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{postgresql_server}/postgres", autocommit=True) as connection:
        connection.execute(f'create database "{name}"')
    return f"{postgresql_server}/{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def any_chain(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Chain]:
    """A small chain, once on SQLite and once on PostgreSQL."""
    url = request.getfixturevalue("postgresql") if request.param == "postgresql" else None
    made = Chain(tmp_path, url)
    yield made
    made.office.close()
