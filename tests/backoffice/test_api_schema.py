"""The open interface against its own document: whatever it is asked, it has no fault and says what it says."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import one_of
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from backoffice import create_app
from backoffice.api import entry
from backoffice.api.operation import OPERATIONS
from tests.backoffice.test_api import made, sold_to
from tests.conftest import THOROUGH
from tests.pretend.branch import Chain

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance,
          response_schema_conformance]  # fmt: skip


@pytest.fixture
def asked(any_chain: Chain, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Flask, str]]:
    """Head office with something of everything, and a token that may do all."""
    monkeypatch.setattr(entry, "_calls", entry.Buckets(10_000_000))
    sold_to(any_chain)
    token = made(any_chain)
    app = create_app(any_chain.office.directory, any_chain.office.url)
    yield app, token
    app.extensions["office"].close()


@pytest.mark.slow
def test_nothing_that_a_program_asks_breaks_it(asked: tuple[Flask, str]) -> None:
    app, token = asked
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    tried: dict[str, int] = {}
    for result in schema.get_all_operations():
        operation: Any = result.ok()  # type: ignore[union-attr]
        tried[operation.label] = _ask(operation, token)
    assert len(tried) == len(OPERATIONS)
    print(sum(tried.values()), "calls")
    assert sum(tried.values()) > 200


def _ask(operation: Any, token: str) -> int:
    """Ask one operation much that its document allows, and some that it does not; how often."""
    most, seconds = (400, 60.0) if THOROUGH else (20, 0.5)
    until, tried = time.monotonic() + seconds, 0

    @settings(
        max_examples=most, deadline=None, database=None, derandomize=not THOROUGH,
        suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate],
    )  # fmt: skip
    @given(case=schemathesis_cases(operation))
    def ask(case: Any) -> None:
        nonlocal tried
        if time.monotonic() > until:
            return
        tried += 1
        answer = case.call(headers={"Authorization": f"Bearer {token}"})
        case.validate_response(answer, checks=CHECKS)

    ask()
    return tried


def schemathesis_cases(operation: Any) -> Any:
    """Cases that fit the document, and cases that do not."""
    fits = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    return one_of(fits, operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
