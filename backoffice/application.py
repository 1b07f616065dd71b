"""The application: head office's pages, and the calls of its tills beside them."""

from __future__ import annotations

import os
from pathlib import Path

import flask
from flask_wtf.csrf import CSRFProtect

from backoffice import access, errors, frame, headers, htmx, pace, saved, stylesheet
from backoffice import database as bound
from backoffice.api import pages as api_pages
from backoffice.api import views as api
from backoffice.articles import editing, grouping, models, pictures
from backoffice.articles import views as articles
from backoffice.branches import units
from backoffice.branches import views as branches
from backoffice.cash import views as cash
from backoffice.changes import keeping, log
from backoffice.changes import views as changes
from backoffice.clientele import privacy, vouchers
from backoffice.clientele import views as clientele
from backoffice.exports import views as exports
from backoffice.home import live
from backoffice.home import views as home
from backoffice.imports import views as imports
from backoffice.keyboards import views as keyboards
from backoffice.labels import views as labels
from backoffice.layouts import views as layouts
from backoffice.people import account, cashiers, door, officeroles, roles, users
from backoffice.prices import views as prices
from backoffice.promotions import views as promotions
from backoffice.receipts import views as receipts
from backoffice.rules import views as rules
from backoffice.slips import views as slips
from backoffice.tills import views as tills
from backoffice.turnover import views as turnover
from services.database.headoffice import HeadOffice
from services.gateway import address, routes

PAGES = (
    home.home, live.live, articles.articles, receipts.receipts, turnover.turnover, tills.tills,
    branches.branches, cash.cash, clientele.clients, slips.slips, editing.editing,
    grouping.grouping, models.models, pictures.pictures, labels.labels, saved.saved,
    promotions.promotions,
    changes.changes, log.log, door.door, account.me, users.users, officeroles.duties,
    cashiers.cashiers, roles.roles, units.units, privacy.privacy, vouchers.vouchers,
    prices.prices, imports.imports, exports.exports, api_pages.interfaces, layouts.pages,
    keyboards.pages, rules.rules,
)  # fmt: skip


def create_app(directory: Path, database: str | None = None) -> flask.Flask:
    """Head office of a directory, over its SQLite file or the database that a URL names."""
    office = HeadOffice(directory, database)
    pace.forget()
    app = flask.Flask(__name__)
    app.config.update(
        SECRET_KEY=office.session_secret(),
        PACED=True,
        MAX_CONTENT_LENGTH=routes.LARGEST_BODY,
        MAX_FORM_PARTS=2_000,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=True,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
        OFFICE_ADDRESS=address.checked(os.environ.get(address.SETTING)),
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.add_url_rule("/office.css", "sheet", _sheet)
    for install in (htmx.install, headers.install, frame.install, errors.install):
        install(app)
    bound.install(app, office)
    access.install(app)
    guard = CSRFProtect(app)
    app.before_request(keeping.gather)  # after both guards: nothing is collected for a stranger
    for pages in PAGES:
        app.register_blueprint(pages)
    register_gateway(app, office, guard)
    guard.exempt(api.api)
    app.register_blueprint(api.api)
    return app


def register_gateway(app: flask.Flask, office: HeadOffice, guard: CSRFProtect) -> None:
    """The calls of tills under /link: signed each for itself, so without session and form token."""
    calls = routes.blueprint(
        office, os.environ.get("TRESEN_DOORBELL"), app.config["OFFICE_ADDRESS"]
    )
    guard.exempt(calls)
    app.register_blueprint(calls)


def _sheet() -> flask.Response:
    return flask.Response(stylesheet.stylesheet(), mimetype="text/css")
