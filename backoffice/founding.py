"""Commands that begin a chain and let people in: set-up, add-branch, add-cashier, create-user."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy.orm import Session

from backoffice import opened
from schemas.keys import KeyRefused, RoleKey, barcode, place_key
from schemas.staff import Staff
from services.database import audit, beginning, duties, factor, headoffice, organisation, people
from services.database.headoffice import HeadOffice, HeadOfficeRefused
from services.till.signin import pin_digest

_LANGUAGE = click.Choice(["de", "en", "es"])


def _rates(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, Decimal]:
    rates = {}
    for each in given:
        found = re.fullmatch(r"([0-9A-Za-z]{1,40})=(\d{1,3}(?:\.\d{1,3})?)", each, re.ASCII)
        if found is None or Decimal(found.group(2)) > 100:
            raise click.BadParameter(f"“{each}” is not a class and its percent, as in A=19")
        rates[found.group(1)] = Decimal(found.group(2))
    return rates


def _currency(_: click.Context, __: click.Parameter, text: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", text):
        raise click.BadParameter(f"“{text}” is not a currency, as in EUR")
    return text


def _time_zone(_: click.Context, __: click.Parameter, text: str) -> str:
    try:
        ZoneInfo(text)
    except (ValueError, OSError, LookupError):
        raise click.BadParameter(f"“{text}” is not a time zone, as in Europe/Berlin") from None
    return text


@click.command(name="set-up")
@opened.options
@click.option("--company", required=True, callback=opened.named(),
              help="The company's name, as slips show it.")  # fmt: skip
@click.option("--address", default="", help="Lines separated by |.")
@click.option("--currency", default="EUR", show_default=True, callback=_currency)
@click.option("--time-zone", default="Europe/Berlin", show_default=True, callback=_time_zone)
@click.option("--language", type=_LANGUAGE, default="de", show_default=True)
@click.option("--tax", "taxes", multiple=True, default=("A=19", "B=7", "C=0"), show_default=True,
              callback=_rates, help="A tax class and its percent; prices include it.")  # fmt: skip
@click.option("--profile", type=click.Choice(["live", "test"]), default="live", show_default=True)
def set_up(
    directory: Path, database: str | None, company: str, address: str, currency: str,
    time_zone: str, language: str, taxes: dict[str, Decimal], profile: str,
) -> None:  # fmt: skip
    """Begin a chain: the company, its taxes, tenders and slip. Branches follow by add-branch."""
    try:
        begun = headoffice.is_begun(directory, database)
    except HeadOfficeRefused as error:
        opened.refuse(error, 2)
    head = HeadOffice(directory, database)
    if begun:
        _refuse_second(head, directory)
    head.migrate()
    head.replica_key()
    with head.session() as session:
        unit = organisation.Unit(
            kind="company", key="company", name=company, address=address, currency=currency,
            time_zone=time_zone, tax_zone="home", language=language, layout="standard",
            keyboard="main", profile=profile,
        )  # fmt: skip
        organisation.add(session, unit, beginning.BY)
        rates = {class_: (f"{percent} %", percent) for class_, percent in taxes.items()}
        beginning.rules(session, rates, "home")
    head.close()
    click.echo(f"{company} is set up. Add branches: tresen office add-branch KEY NAME")


def _refuse_second(head: HeadOffice, directory: Path) -> None:
    """A chain is set up once: doing it again would change all tills' taxes, tenders and slips."""
    with head.reading() as session:
        company = organisation.company(session)
    if company is not None:
        opened.refuse(
            f"{company.name} is set up in {directory} already; nothing was changed. "
            "Add branches: tresen office add-branch KEY NAME. "
            "For another chain name another folder with --directory.",
            2,
        )


def _check_branch(session: Session, key: str) -> None:
    if session.get(organisation.Unit, ("branch", key)) is None:
        there = ", ".join(unit.key for unit in organisation.units(session, "branch")) or "none yet"
        raise KeyRefused(f"there is no branch “{key[:60]}”; there are: {there}")


@click.command(name="add-branch")
@opened.with_office
@click.argument("key")
@click.argument("name", callback=opened.named())
@click.option("--address", help="Lines separated by |; else the company's.")
@click.option("--tills", type=click.IntRange(1, 99), default=1, show_default=True,
              help="How many tills it has.")  # fmt: skip
def add_branch(head: HeadOffice, key: str, name: str, address: str | None, tills: int) -> None:
    """Add a branch with its tills."""
    branch = organisation.Unit(
        kind="branch", key=place_key(key), name=name, address=address,
        parent_kind="company", parent_key="company",
    )  # fmt: skip
    with head.session() as session:
        if organisation.company(session) is None:
            raise KeyRefused("There is no company yet. Make one first: tresen office set-up")
        there = session.get(organisation.Unit, ("branch", key))
        if there is not None:
            raise KeyRefused(f"branch {key} is there already: {there.name}; nothing was changed")
        names = beginning.add_branch(session, branch, tills)
    click.echo(f"Tills: {', '.join(names)}. Enrol each: tresen office enrolment-code {names[0]}")


@click.command(name="add-cashier")
@opened.with_office
@click.argument("branch")
@click.argument("key")
@click.argument("name", callback=opened.named())
@click.option("--language", type=_LANGUAGE, default="de", show_default=True)
@click.option("--role", type=click.Choice(["cashier", "manager"]), default="cashier",
              show_default=True, help="What they may do: a manager may do everything.")  # fmt: skip
@click.option("--badge", help="The code on their badge; it signs them in.")
@click.password_option("--pin", help="Four digits.")
def add_cashier(
    head: HeadOffice, branch: str, key: str, name: str, language: str, role: str,
    badge: str | None, pin: str,
) -> None:  # fmt: skip
    """Let somebody sell at a branch's tills."""
    if not (pin.isascii() and pin.isdigit() and len(pin) == 4):
        raise click.BadParameter("a PIN has four digits")
    person = Staff(people.cashier_key(key), name, RoleKey(role), pin_digest(pin), language)
    with head.session() as session:
        _check_branch(session, branch)
        if badge is not None:
            person = replace(person, badge=organisation.badge_digest(session, barcode(badge)))
        people.put_staff(session, person, branch, beginning.BY)
    click.echo(f"{name} can sign in at the tills of {branch}.")


@click.command()
@opened.with_office
@click.argument("place")
@click.argument("name", type=click.Choice(sorted(n.rstrip("_") for n in organisation.RULES)))
@click.argument("value", required=False)
def rule(head: HeadOffice, place: str, name: str, value: str | None) -> None:
    """Set a rule of PLACE (company, a branch as 014, a till as 014-2); without VALUE take it away.

    Amounts are written as “20.00 EUR”, yes as true. What is below inherits it.
    """
    kind = "company" if place == "company" else "till" if "-" in place else "branch"
    name = next(each for each in organisation.RULES if each.rstrip("_") == name)
    if value is not None:
        try:
            organisation.RULES[name](value)
        except (ValueError, TypeError) as error:
            raise click.BadParameter(f"“{value[:40]}” cannot be a {name}: {error}") from error
    with head.session() as session:
        unit = session.get(organisation.Unit, (kind, place))
        if unit is None:
            raise KeyRefused(f"there is no {kind} “{place[:60]}”")
        rules = dict(unit.rules or {})
        rules.pop(name, None)
        unit.rules = rules | ({name: value} if value is not None else {})
        session.flush()
        organisation.announce(session, kind, place, beginning.BY)
    click.echo(f"{name.rstrip('_')} of {place}: {value if value is not None else 'as above it'}")


@click.command(name="create-user")
@opened.with_office
@click.argument("name", callback=opened.named(60))
@click.option("--shown", callback=opened.named(), help="The name as people know it.")
@click.option("--language", type=_LANGUAGE, help="At first en.")
@click.option("--branch", help="Sees this branch only; “” for the whole company.")
@click.option("--role", type=click.Choice(list(duties.BUILT_IN)),
              help="At first owner; of one branch manager.")  # fmt: skip
@click.option(
    "--lost-second-factor", is_flag=True, help="A password is enough until another is set up."
)
@click.password_option(help=f"At least {people.LEAST_SIGNS} signs.")
def create_user(
    head: HeadOffice, name: str, shown: str | None, language: str | None, branch: str | None,
    role: str | None, lost_second_factor: bool, password: str,
) -> None:  # fmt: skip
    """Make a user of head office, or give one a new password; what is not given stays."""
    with head.session() as session:
        if branch:
            _check_branch(session, branch)
        user = people.make_user(
            session, name, password, shown=shown, language=language, branch=branch, role=role
        )
        if lost_second_factor:
            factor.end(user)
        audit.note(session, beginning.BY, "user-made", name)
    click.echo(f"{name} can sign in now.")
