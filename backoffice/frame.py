"""What every page stands in: scope and period from the URL, navigation, words and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import flask
import sqlalchemy as sa

from backoffice import access, database, stylesheet
from backoffice.shown import Shown
from backoffice.words import LANGUAGES, catalogue, word
from services.database.people import User
from services.evaluation import places
from services.evaluation.places import Place
from services.evaluation.turnover import Days

EARLIEST: Final = date(1970, 1, 1)
LATEST: Final = date(2999, 12, 31)
"""The days that a page may be asked for: whatever lies outside is taken for the nearest of them."""
PERIODS: Final = ("today", "yesterday", "week", "month", "days30")
NAVIGATION: Final = (
    ("", (("home.overview", "squares-four", "nav.overview"),)),
    ("nav.selling", (("turnover.report", "chart-bar", "nav.turnover"),
                     ("receipts.found", "receipt", "nav.receipts"),
                     ("cash.all_", "coins", "nav.cash"),
                     ("clients.found", "users", "nav.customers"))),
    ("nav.assortment", (("articles.found", "package", "nav.articles"),
                         ("prices.grid", "tag", "nav.prices"),
                         ("promotions.all_", "percent", "nav.promotions"),
                         ("labels.due", "barcode", "nav.labels"),
                        ("imports.all_", "upload-simple", "nav.imports"))),
    ("nav.branches", (("branches.tree", "storefront", "nav.tree"),
                      ("tills.all_", "cash-register", "nav.tills"),
                      ("rules.all_", "gear-six", "nav.rules"),
                      ("layouts.all_", "paint-brush", "nav.layouts"),
                      ("keyboards.all_", "keyboard", "nav.keyboards"),
                      ("cashiers.all_", "user-circle", "nav.cashiers"))),
    ("nav.control", (("changes.all_", "stack", "nav.changes"),
                     ("log.all_", "clock-counter-clockwise", "nav.log"),
                     ("interfaces.all_", "plugs-connected", "nav.interfaces"),
                     ("users.all_", "key", "nav.users"))),
)  # fmt: skip
"""Groups of the navigation, each with its pages: endpoint, icon, word."""
BELONGS: Final = {
    "live": "home", "editing": "articles", "grouping": "articles", "suppliers": "articles", "models": "articles", "privacy": "clients",
    "vouchers": "clients", "units": "branches", "roles": "cashiers", "duties": "users",
}  # fmt: skip
"""Groups of pages that lie under another one's page of the navigation."""
LETTERS: Final = {
    "home.overview": "o", "turnover.report": "t", "receipts.found": "r", "cash.all_": "m",
    "clients.found": "c", "articles.found": "a", "prices.grid": "p", "promotions.all_": "s",
    "labels.due": "l", "imports.all_": "i", "branches.tree": "b", "tills.all_": "k", "rules.all_": "v",
    "layouts.all_": "d", "keyboards.all_": "y", "cashiers.all_": "e", "changes.all_": "x",
    "log.all_": "g", "interfaces.all_": "w", "users.all_": "u",
}  # fmt: skip
"""The letter that leads to a page after G: the same in all languages."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days that are looked at, and the name of the choice that gave them."""

    key: str
    days: Days


def install(app: flask.Flask) -> None:
    """Hand words, numbers and addresses to every template."""
    app.context_processor(_given)
    app.add_template_global(asset)
    app.add_template_global(here)
    app.add_template_filter(who)


def now() -> datetime:
    """The moment of this request: one and the same wherever it is asked for."""
    if "now" not in flask.g:
        flask.g.now = datetime.now(UTC)
    moment: datetime = flask.g.now
    return moment


def anew() -> None:
    """Take the moment anew: after a change that holds from now on, and in an answer that lasts."""
    flask.g.pop("now", None)
    flask.g.pop("shown", None)


def place() -> Place:
    """What this page looks at: the branch in its URL, or the only one that the person may see.

    A branch that is not there, or not theirs, is not found.
    """
    if "place" not in flask.g:
        own = access.branch()
        wanted = flask.request.values.get("branch") or own
        if own and wanted != own:
            flask.abort(404)
        try:
            flask.g.place = places.place(database.session(), wanted, access.person().own)
        except LookupError:
            flask.abort(404)
    found: Place = flask.g.place
    return found


def may_see(branch: str) -> None:
    """Not found, where the person may not see this branch."""
    own = access.branch()
    if own and own != branch:
        flask.abort(404)


def shown() -> Shown:
    """Writes for this reader."""
    if "shown" not in flask.g:
        flask.g.shown = Shown(access.language(), place().zone, now())
    found: Shown = flask.g.shown
    return found


def period(default: str = "today") -> Period:
    """The period in the URL: by name, or from a day to another."""
    today = now().astimezone(place().zone).date()
    values = flask.request.values
    first, last = _day(values.get("from")), _day(values.get("to"))
    if first or last:
        begin, end = first or last or today, last or today
        return Period("days", Days(min(begin, end), max(begin, end)))
    key = values.get("period", default)
    key = key if key in PERIODS or key == "all" else default
    return Period(key, _named(key, today))


def _named(key: str, today: date) -> Days:
    if key == "yesterday":
        return Days(today - timedelta(days=1), today - timedelta(days=1))
    if key == "week":
        return Days(today - timedelta(days=today.weekday()), today)
    if key == "month":
        return Days(today.replace(day=1), today)
    if key == "days30":
        return Days(today - timedelta(days=29), today)
    return Days(today, today)


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return min(max(day, EARLIEST), LATEST) if day else None


def kept() -> dict[str, Any]:
    """Scope and period as the URL has them, for links to other pages."""
    names = ("branch", "period", "from", "to")
    return {name: flask.request.values[name] for name in names if flask.request.values.get(name)}


def here(**changed: object) -> str:
    """This page's address with some of its question changed; None takes a part out of it."""
    view = flask.request.view_args or {}
    values: dict[str, Any] = {**flask.request.args.to_dict(), **changed}
    wanted = {key: value for key, value in values.items() if value not in {None, ""}}
    return flask.url_for(flask.request.endpoint or "home.overview", **{**wanted, **view})


def asset(name: str) -> str:
    """The address of a static file, which changes when the file does."""
    known: dict[str, str] = flask.g.setdefault("assets", {})
    if name not in known:  # a long list shows its icons a thousand times
        path = flask.current_app.static_folder
        assert path is not None
        version = stylesheet.stamp(database.office().directory.__class__(path) / name)
        known[name] = flask.url_for("static", filename=name, v=version)
    return known[name]


def navigation() -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The navigation as this person has it: what they may not see is absent."""
    groups = [(head, [page for page in pages if access.may(page[0])]) for head, pages in NAVIGATION]
    return [(head, pages) for head, pages in groups if pages]


def who(name: str) -> str:
    """What somebody who changed something is called; programs and commands as they call themselves."""
    if "people" not in flask.g:
        rows = database.session().execute(sa.select(User.name, User.shown))
        flask.g.people = {row.name: row.shown for row in rows}
    return str(flask.g.people.get(name, name))


def whole_number(name: str, default: int, most: int = 10**9) -> int:
    """A number from 1 up in the URL; the default where it is none."""
    found = flask.request.args.get(name, default, int)
    return min(max(1, found), most)


def _given() -> dict[str, Any]:
    user = flask.g.get("user")
    language = access.language()
    given: dict[str, Any] = {
        "t": lambda key, **values: word(language, key, **values),
        "named": lambda kind, key: catalogue(language).get(f"{kind}.{key}", key),
        "language": language,
        "languages": LANGUAGES,
        "theme": user.theme if isinstance(user, User) else "light",
        "sheet": flask.url_for("sheet", v=stylesheet.stylesheet_stamp()),
        "user": user,
    }
    if isinstance(user, User) and not flask.g.get("bare"):
        given |= {
            "place": place(), "shown": shown(), "now": now(), "navigation": navigation(),
            "kept": kept(), "periods": PERIODS, "letters": LETTERS,
            "belongs": BELONGS, "own_branch": access.branch(),
            "read_only": not access.may(flask.request.endpoint or "", "POST"),
        }  # fmt: skip
    return given
