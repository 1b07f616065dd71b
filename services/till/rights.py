"""Who may do what at this till, and the approval of a second person, on the spot or by telephone."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from schemas.keys import StaffKey
from schemas.receipt import Approval
from schemas.staff import Role, Staff
from services.mirror.catalogue import Catalogue
from services.register import permission
from services.register.refusal import StepRefused
from services.till import signin


class Rights:
    """The rights of whoever is signed in, and approvals that wait to be used, each once."""

    def __init__(
        self,
        catalogue: Catalogue,
        hand: Path,
        who: Callable[[], Staff | None],
        now: Callable[[], datetime],
        up: Callable[[], float],
        fresh: Callable[[], None] = lambda: None,
    ) -> None:
        """`fresh` raises StepRefused where the list of people is too old to trust (see freshness)."""
        self._catalogue = catalogue
        self._hand = hand
        self._who = who
        self._now = now
        self._up = up
        self._fresh = fresh
        self._approved: list[Approval] = []
        self._challenge: str | None = None
        self.unattended = False

    def need(self, right: str, value: Decimal | None = None) -> Approval | None:
        """Go on only where the cashier may, or somebody approved it; answers that approval.

        value  in percent or currency units, as the right's limit counts
        Raises StepRefused.
        """
        if self.may(right, value):
            return None
        approval = self._approval(right, value)
        if approval is not None:
            self._approved.remove(approval)
            return approval
        refused = permission.refused(self._role(), right)
        refused.values["value"] = value  # what an approval of it must reach
        raise refused

    def check(self, right: str, value: Decimal | None = None) -> None:
        """As `need`, but an approval is not used up yet: for steps that need several rights."""
        if not self.may(right, value) and self._approval(right, value) is None:
            self.need(right, value)

    def _approval(self, right: str, value: Decimal | None) -> Approval | None:
        wanted = (right, _text(value))
        return next((each for each in self._approved if (each.right, each.value) == wanted), None)

    def may(self, right: str, value: Decimal | None = None) -> bool:
        """May the cashier do this alone?"""
        return self.unattended or permission.allows(self._role(), right, value)

    def approve(
        self, person: Staff, pin: str, right: str, value: Decimal | None = None
    ) -> Approval:
        """A second person allows one use of a right with their PIN; they are signed off at once.

        Raises SignInRefused for a wrong PIN, StepRefused where they may not do it either.
        """
        newest = self._catalogue.person_now(person.key)
        if newest is None:
            raise StepRefused("not-here", person=person.name)
        self._fresh()
        signin.check(self._hand, newest, pin, self._now(), self._up())
        role = self._catalogue.role(newest.role)
        if not permission.allows(role, right, value):
            raise permission.refused(role, right)
        return self._keep(Approval(right, newest.key, self._now(), "pin", _text(value)))

    def approve_by_badge(self, code: str, right: str, value: Decimal | None = None) -> Approval:
        """A second person allows one use of a right with their badge; never the cashier's own.

        Raises SignInRefused for a badge of nobody, StepRefused where they may not do it either.
        """
        self._fresh()
        person = signin.by_badge(self._hand, self._catalogue, code, self._now(), self._up())
        who, role = self._who(), self._catalogue.role(person.role)
        if who is not None and person.key == who.key:
            raise StepRefused("wrong-approval")
        if not permission.allows(role, right, value):
            raise permission.refused(role, right)
        return self._keep(Approval(right, person.key, self._now(), "badge", _text(value)))

    def challenge(self) -> str:
        """Six digits to read to head office over the telephone; they hold for one answer."""
        self._challenge = f"{secrets.randbelow(1_000_000):06d}"
        return self._challenge

    def approve_by_code(self, said: str, right: str, value: Decimal | None = None) -> Approval:
        """Head office's answer to the challenge allows one use.

        Raises StepRefused for a wrong one, SignInRefused after too many of them.
        """
        key, challenge = self._catalogue.own.approval_key, self._challenge
        self._challenge = None  # one try: a wrong answer needs a new challenge
        if not key or not challenge:
            raise StepRefused("wrong-approval")
        try:
            signin.attempt(
                self._hand / "wrong.code",  # people's begin with "wrong-"
                lambda: permission.answers(key, challenge, right, value, said),
                self._now(), self._up(),
            )  # fmt: skip
        except signin.SignInRefused as refused:
            if refused.until is None:
                raise StepRefused("wrong-approval") from refused
            raise
        return self._keep(
            Approval(right, StaffKey("head-office"), self._now(), "code", _text(value))
        )

    def forget(self) -> None:
        """Approvals that were not used are void: the sale they were for is over."""
        self._approved.clear()

    def _role(self) -> Role | None:
        who = self._who()
        return self._catalogue.role(who.role) if who else None

    def _keep(self, approval: Approval) -> Approval:
        self._approved.append(approval)
        return approval


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"
