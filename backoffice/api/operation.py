"""Operations: each says its address, scope, what it asks for and answers; routes and document follow."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import pydantic
from sqlalchemy.orm import Session

from backoffice.api.models import Nothing
from backoffice.api.problem import CallRefused, missing, say
from services.database.headoffice import HeadOffice
from services.database.tokens import ApiToken
from services.evaluation import places
from services.evaluation.places import Place

LARGEST_BODY: Final = 4 * 1024 * 1024
"""Bytes of a call, where an operation does not say otherwise."""
OVERLAP: Final = timedelta(minutes=2)
"""`as_of` lies so far back, that what is being committed meanwhile is not missed by the next call."""


@dataclass
class Call:
    """One call: who makes it, where, when, and what it says.

    branch  the only one that the token sees; None: the whole company
    path    the parts of the address, by name
    """

    token: ApiToken
    session: Session
    office: HeadOffice
    now: datetime
    path: Mapping[str, str]
    query: Any
    body: Any = None
    match: str = ""
    none_match: str = ""

    @property
    def branch(self) -> str | None:
        """The only branch that the token sees."""
        return self.token.branch

    def place(self, branch: str | None = None) -> Place:
        """Where the call looks. Not found: a branch that is not there, or not the token's."""
        wanted = branch or self.branch
        if self.branch and wanted != self.branch:
            raise missing("api.not-its-branch")
        try:
            return places.place(self.session, wanted, (self.branch,) if self.branch else ())
        except LookupError as error:
            raise missing("api.no-branch", branch=branch) from error

    def sees(self, branch: str) -> bool:
        """Does the token see this branch?"""
        return self.branch in {None, branch}

    def only(self, wanted: str | None) -> str | None:
        """The branch that a list is narrowed to. Not found: one that is not the token's."""
        if wanted and not self.sees(wanted):
            raise missing("api.not-its-branch")
        return wanted or self.branch

    def of_the_company(self) -> None:
        """Refused, where the token is for one branch: this is the whole company's."""
        if self.branch is not None:
            raise CallRefused(403, say("api.company-only"))

    @property
    def as_of(self) -> datetime:
        """Up to when a list is sure to be complete."""
        return self.now - OVERLAP


@dataclass(frozen=True)
class Told:
    """An answer: what it says, its status, and its ETag where it has one."""

    said: Any
    status: int = 200
    etag: str | None = None


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked or done.

    keys     what the parts of the address must be like, by name
    answers  the model of what it answers; many: a page of them; none: a file of the type `raw`
    made     may it answer that something was made?
    wrong    the statuses of its refusals, beside those that each may have
    largest  bytes of a call
    """

    method: str
    address: str
    scope: str
    summary: str
    does: Callable[[Call], Told]
    answers: type[pydantic.BaseModel] | None = None
    many: bool = False
    raw: str = ""
    made: bool = False
    query: type[pydantic.BaseModel] = Nothing
    body: type[pydantic.BaseModel] | None = None
    bulk: bool = False
    keys: Mapping[str, str] = field(default_factory=dict)
    wrong: tuple[int, ...] = ()
    largest: int = LARGEST_BODY

    @property
    def name(self) -> str:
        """The function's name: the operation's id, and its endpoint."""
        return self.does.__name__

    @property
    def says_more(self) -> str:
        """What its docstring says after the first line."""
        return (self.does.__doc__ or "").partition("\n")[2].strip()


OPERATIONS: Final[list[Operation]] = []
"""All of them, in the order in which the document lists them."""
Does = Callable[[Call], Told]


def operation(method: str, address: str, scope: str, **more: Any) -> Callable[[Does], Does]:
    """Make a function an operation; its docstring's first line is the summary."""

    def made(does: Does) -> Does:
        summary = (does.__doc__ or "").partition("\n")[0].strip().rstrip(".")
        OPERATIONS.append(Operation(method, address, scope, summary, does, **more))
        return does

    return made


def cursor(*key: Any) -> str:
    """Where the next page begins, for `place_of`."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def place_of(text: str, kinds: tuple[type, ...]) -> tuple[Any, ...] | None:
    """What a cursor says: values of these kinds; None: the first page. Raises CallRefused."""
    if not text:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError) as error:
        raise CallRefused(400, say("api.cursor"), [("cursor", say("api.cursor"))]) from error
    fits = isinstance(found, list) and len(found) == len(kinds)
    if not fits or any(
        type(v) is not k or "\0" in str(v) for v, k in zip(found, kinds, strict=True)
    ):
        raise CallRefused(400, say("api.cursor"), [("cursor", say("api.cursor"))])
    return tuple(found)
