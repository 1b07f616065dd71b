"""What is typed about people: users of head office, cashiers, and roles with limits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Final

from werkzeug.datastructures import MultiDict

from backoffice.words import LANGUAGES
from schemas.keys import Digest, KeyRefused, RoleKey, StaffKey
from schemas.staff import Right, Role, Staff
from services.database import people
from services.database.people import User
from services.register import permission

_NAME: Final = re.compile(r"[0-9A-Za-z_][0-9A-Za-z_.@\-]{0,59}")
_MOST: Final = {permission.PERCENT: Decimal(100), permission.AMOUNT: Decimal(1_000_000)}


@dataclass
class UserForm:
    """A user as typed; `wrong`: by field, the word that says what is the matter."""

    typed: dict[str, str]
    wrong: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, form: MultiDict[str, str], known: User | None, roles: set[str], branches: set[str]
    ) -> UserForm:
        """What the form says; roles and branches are those that may be given."""
        typed = {
            name: " ".join(form.get(name, "")[:200].split())
            for name in ("name", "shown", "language", "branch", "role")
        }
        also = dict.fromkeys(each for each in form.getlist("also") if each != typed["branch"])
        typed["also"] = " ".join(also)[:2000]
        made = cls(typed)
        if known is not None:
            typed["name"] = known.name
        elif not _NAME.fullmatch(typed["name"]):
            made.wrong["name"] = "users.wrong.name"
        if not typed["shown"] or not typed["shown"].isprintable():
            made.wrong["shown"] = "users.wrong.shown"
        if typed["language"] not in LANGUAGES:
            made.wrong["language"] = "people.wrong.choose"
        if typed["branch"] and typed["branch"] not in branches:
            made.wrong["branch"] = "people.wrong.choose"
        if not set(also) <= branches or (also and not typed["branch"]):
            made.wrong["also"] = "users.wrong.also"
        if typed["role"] not in roles and not (known and known.role == typed["role"]):
            made.wrong["role"] = "users.wrong.role"
        return made

    @classmethod
    def shown(cls, user: User) -> UserForm:
        """The form of somebody who is known."""
        return cls({
            "name": user.name, "shown": user.shown, "language": user.language,
            "branch": user.branch or "", "role": user.role, "also": " ".join(user.also or ()),
        })  # fmt: skip


@dataclass
class CashierForm:
    """Somebody at the tills as typed. `pin`: what was typed of it, never shown again."""

    typed: dict[str, str]
    branches: tuple[str, ...] = ()
    pin: str = ""
    badge: str = ""
    wrong: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, form: MultiDict[str, str], known: Staff | None, roles: set[str], may: set[str]
    ) -> CashierForm:
        """What the form says. `may`: the branches that whoever fills it in may give."""
        names = ("key", "name", "role", "language")
        typed = {each: " ".join(form.get(each, "")[:200].split()) for each in names}
        made = cls(typed, tuple(dict.fromkeys(form.getlist("where"))))
        if known is not None:
            typed["key"] = known.key
        else:
            made.pin, made.badge = form.get("pin", "").strip()[:20], form.get("badge", "").strip()
            _check_new(made)
        if not typed["name"] or not typed["name"].isprintable():
            made.wrong["name"] = "cashiers.wrong.name"
        if typed["role"] not in roles:
            made.wrong["role"] = "people.wrong.choose"
        if typed["language"] and typed["language"] not in LANGUAGES:
            made.wrong["language"] = "people.wrong.choose"
        if not made.branches or not set(made.branches) <= may:
            made.wrong["where"] = "cashiers.wrong.where"
        return made

    @classmethod
    def shown(cls, person: Staff, branches: tuple[str, ...]) -> CashierForm:
        """The form of somebody who is known."""
        typed = {
            "key": person.key, "name": person.name, "role": person.role,
            "language": person.language or "",
        }  # fmt: skip
        return cls(typed, branches)

    def person(self, pin: str, badge: Digest | None) -> Staff:
        """The person, with the digests of PIN and badge."""
        typed = self.typed
        made = Staff(StaffKey(typed["key"]), typed["name"], RoleKey(typed["role"]), pin)
        return replace(made, language=typed["language"] or None, badge=badge)


def _check_new(made: CashierForm) -> None:
    try:
        people.cashier_key(made.typed["key"])
    except KeyRefused:
        made.wrong["key"] = "cashiers.wrong.key"
    if not is_pin(made.pin):
        made.wrong["pin"] = "cashiers.wrong.pin"
    if made.badge and not is_badge(made.badge):
        made.wrong["badge"] = "cashiers.wrong.badge"


def is_pin(text: str) -> bool:
    """Four digits that not everybody tries first."""
    plain = text.isascii() and text.isdigit() and len(text) == 4
    return plain and len(set(text)) > 1 and text not in {"1234", "4321", "0123"}


def is_badge(text: str) -> bool:
    """Can this be the code on a badge? Eight signs at least, so that it is not guessed."""
    return 8 <= len(text) <= 48 and text.isascii() and text.isprintable() and " " not in text


@dataclass
class RolesForm:
    """The matrix of rights and roles as typed.

    roles  all roles as they would be
    wrong  cells that cannot be what they say, as (role, right) → what was typed
    """

    roles: list[Role]
    wrong: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, form: MultiDict[str, str], known: list[Role], language: str) -> RolesForm:
        """What the form says of each role; a right that it has no row for stays as it is."""
        made, rows = cls([]), set(form.getlist("right"))
        for role in known:
            before = by_right(role)
            rights = [each for name, each in before.items() if name not in permission.RIGHTS]
            for name, kind in permission.RIGHTS.items():
                cell = f"{role.key}|{name}"
                if name not in rows:
                    rights.extend([before[name]] if name in before else [])
                    continue
                if not form.get(f"has|{cell}"):
                    continue
                text = form.get(f"most|{cell}", "").strip()[:20] if kind else ""
                limit = _limit(text, kind, language)
                if text and limit is None:
                    made.wrong[role.key, name] = text
                rights.append(Right(name, limit))
            made.roles.append(replace(role, rights=tuple(rights)))
        return made


def _limit(text: str, kind: str | None, language: str) -> Decimal | None:
    if not text or kind is None:
        return None
    plain = text.replace(",", ".") if language != "en" else text
    try:
        limit = Decimal(plain)
    except InvalidOperation:
        return None
    fits = limit.is_finite() and 0 <= limit <= _MOST[kind] and plain.isascii()
    exponent = limit.as_tuple().exponent
    return (
        limit
        if fits and isinstance(exponent, int) and exponent >= -2 and "e" not in plain.lower()
        else None
    )


def limit_text(limit: Decimal | None, language: str) -> str:
    """A limit as people write it."""
    plain = "" if limit is None else f"{limit.normalize():f}"
    return plain if language == "en" else plain.replace(".", ",")


def by_right(role: Role) -> Mapping[str, Right]:
    """The rights of a role by their names."""
    return {each.name: each for each in role.rights}
