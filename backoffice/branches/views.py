"""The organisation: company, regions, branches and tills."""

from __future__ import annotations

from typing import Any

import flask

from backoffice import access, database, frame
from services.database import organisation
from services.evaluation import places, tills

branches = flask.Blueprint("branches", __name__, url_prefix="/branches")


@branches.get("/")
def tree() -> Any:
    """The tree as far as the person may see it, with how each till is."""
    session, place = database.session(), frame.place()
    states = tills.tills(session, place.branch, frame.now())
    return flask.render_template(
        "branches/tree.html",
        root=places.tree(session, place.branch),
        states={each.unit.key: each for each in states},
        whole=access.branch() is None,
        profiles=organisation.units(session, "profile") if access.branch() is None else [],
        said=flask.request.args.get("said"),
        # Hundreds of links: what they have in common is worked out once.
        stems={
            "unit": flask.url_for("units.one", kind="-", key="-").removesuffix("-/-"),
            "branch": flask.url_for("home.overview", branch="-").removesuffix("-"),
            "tills": flask.url_for("tills.all_", branch="-").removesuffix("-"),
        },
    )
