"""The one page for customers: a receipt by its sealed address; whoever has it needs no sign-in."""

from __future__ import annotations

import hmac
import re
from typing import Any, Final

import flask

from backoffice import database
from services.database import organisation
from services.evaluation import receipts as questions
from services.register import sliplink

slips = flask.Blueprint("slips", __name__, url_prefix="/slip")
_NAME: Final = re.compile(
    r"([0-9A-Za-z]{1,12})-([0-9A-Za-z]{1,12})-([0-9A-Za-z]{1,12})-([0-9]{1,9})"
)


@slips.get("/<receipt>/<seal>")
def one(receipt: str, seal: str) -> Any:
    """The slip as it was printed; a sentence where it has not come up yet; else not found."""
    session = database.session()
    company = organisation.company(session)
    name = _NAME.fullmatch(receipt)
    if company is None or name is None or not seal.isascii():
        flask.abort(404)
    if not hmac.compare_digest(sliplink.seal(receipt, company.secret), seal):
        flask.abort(404)
    branch, till, series, number = name.groups()
    found = questions.show(session, branch, till, series, int(number))
    if found is not None and found.settings is not None:
        flask.g.language = found.receipt.language or found.settings.language
    answer = flask.make_response(
        flask.render_template("slips/one.html", name=receipt, found=found, company=company.name)
    )
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
