"""The calls of tills over HTTP: an allow-list of routes under /link, each call signed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

import flask
from werkzeug.exceptions import RequestEntityTooLarge

from schemas import signature, xml
from schemas.authorisation import Question
from schemas.status import Status
from services.database.headoffice import HeadOffice
from services.gateway import address, enrol
from services.gateway.desk import Desk
from services.link import frames
from services.link.http_client import signed_text
from services.link.office import OfficeRefused, Past

LARGEST_BODY: Final = 16 * 1024 * 1024
MOST_ENTRIES: Final = 1_000
"""Entries of one upload: five times what a till sends at once. More are refused unread."""
_LARGEST_NUMBER: Final = 2**31 - 1
_NAME: Final = re.compile(r"([0-9A-Za-z]{1,12})-([0-9A-Za-z]{1,12})")
_FRAME: Final = re.compile(r"([0-9A-Za-z]{1,12})/([0-9]{1,9})")


def caller(
    office: HeadOffice, method: str, target: str, headers: dict[str, str], body: bytes
) -> Desk:
    """The desk of the till that signed this call; raises OfficeRefused for anybody else."""
    name = headers.get("Tresen-Till", "")
    parts = _NAME.fullmatch(name)
    if parts is None:
        raise OfficeRefused("This call does not say which till it is from.")
    with office.looking() as connection:
        key = signature.public_key(enrol.known_key(connection, name))
    try:
        text = signed_text(method, target, name, body)
        signature.check(key, signature.CALL, text, headers.get("Tresen-Signature", ""))
    except signature.SignatureDamaged as error:
        raise OfficeRefused("This call is not signed by that till.") from error
    return Desk(office, parts.group(1), parts.group(2))


def blueprint(
    office: HeadOffice, doorbell: str | None, public: str | None = None
) -> flask.Blueprint:
    """The routes; `doorbell` is where tills may wait to be told of changes.

    public  the address that tills keep (see address.py); None: not configured
    """
    link = flask.Blueprint("link", __name__, url_prefix="/link")

    def desk() -> Desk:
        request = flask.request
        target = request.full_path.removesuffix("?")
        return caller(office, request.method, target, dict(request.headers), _body())

    link.register_error_handler(OfficeRefused, lambda error: (str(error), 403))
    for unsound in (frames.FramesRefused, xml.DocumentRefused):
        link.register_error_handler(unsound, lambda error: (str(error), 400))

    @link.post("/enrol")
    def enrol_() -> flask.Response:
        form = flask.request.form
        trusted = signature.public_text(office.replica_key())
        here = address.for_tills(public, flask.request.url_root, dict(flask.request.headers))
        with office.session() as session:
            answer = enrol.enrol(
                session, form.get("code", ""), form.get("key", ""), here, doorbell, trusted,
                _past(form),
            )  # fmt: skip
        return _xml(xml.dump(answer))

    @link.post("/status")
    def status() -> flask.Response:
        desk().report(xml.load(Status, _body()))
        return flask.Response(status=204)

    @link.post("/authorise")
    def authorise() -> flask.Response:
        return _xml(xml.dump(desk().authorise(xml.load(Question, _body()))))

    _replica(link, desk)
    _journal(link, desk)
    return link


def _replica(link: flask.Blueprint, desk: Callable[[], Desk]) -> None:
    """What tills fetch."""

    @link.get("/replica/<scope>/snapshot")
    def snapshot(scope: str) -> flask.Response:
        path = desk().snapshot_file(scope)
        answer = flask.send_file(path, "application/gzip", conditional=False, etag=False)
        answer.set_etag(path.name)
        answer.make_conditional(flask.request)
        return answer

    @link.get("/replica/<scope>/changes")
    def changes(scope: str) -> flask.Response:
        after = min(max(0, flask.request.args.get("after", 0, int)), _LARGEST_NUMBER)
        found = desk().changes(scope, after)
        if found is None:
            return flask.Response(status=204)
        if not found:
            return flask.Response(status=304, headers={"ETag": f'"{after}"'})
        body = frames.pack((f"changes/{n}", each) for n, each in enumerate(found))
        return flask.Response(frames.compressed(body), content_type="application/gzip")


def _journal(link: flask.Blueprint, desk: Callable[[], Desk]) -> None:
    """What tills bring."""

    @link.post("/journal")
    def journal() -> flask.Response:
        taker = desk()
        entries = []
        for name, data in frames.unpack(frames.decompressed(_body()), MOST_ENTRIES):
            parts = _FRAME.fullmatch(name)
            if parts is None:
                raise frames.FramesRefused(f"“{name}” is not series and number")
            entries.append((parts.group(1), int(parts.group(2)), data))
        return _xml(xml.dump(taker.upload(entries)))

    @link.get("/journal")
    def acknowledged() -> flask.Response:
        return _xml(xml.dump(desk().acknowledged()))


def _past(form: Mapping[str, str]) -> Past:
    """What a box says that it has been."""
    entries, newest = form.get("entries", ""), form.get("newest", "").split()
    known = len(newest) == 3 and newest[1].isascii() and newest[1].isdecimal()
    return Past(
        form.get("till", "")[:30],
        int(entries) if entries.isascii() and entries.isdecimal() and len(entries) < 12 else 0,
        tuple(form.get("trusts", "").split()),
        (newest[0], int(newest[1][:9]), newest[2]) if known else None,
    )


def _body() -> bytes:
    if (flask.request.content_length or 0) > LARGEST_BODY:
        raise RequestEntityTooLarge
    return flask.request.get_data(cache=True)


def _xml(data: bytes) -> flask.Response:
    return flask.Response(data, content_type="application/xml")
