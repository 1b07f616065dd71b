"""Pictures of articles for programs: one by one, under the article's number."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Final

import sqlalchemy as sa

from backoffice.api import goods, models, paging, plain, wares
from backoffice.api.models import AskedSince, Collecting
from backoffice.api.operation import Call, Told, operation
from backoffice.api.problem import missing, wrong
from backoffice.api.putting import NUMBER, WRONG, Into, Kind, one
from schemas.keys import ArticleKey
from schemas.picture import Picture
from services.database import pictures
from services.database.changes import PICTURES
from services.database.pictures import PictureRow
from services.importing.pictures import LARGEST_UPLOAD, PictureRefused, made

LARGEST: Final = LARGEST_UPLOAD // 3 * 4 + 64 * 1024
"""Bytes of a call that brings a picture, as base64."""


PICTURE: Final = Kind(
    Picture, PICTURES, lambda session, key, _lock: pictures.document(session, key)
)


@operation("GET", "/pictures", "articles:read", answers=wares.PictureListed, many=True,
           query=AskedSince)  # fmt: skip
def list_pictures(call: Call) -> Told:
    """Which articles have a picture, by article; a digest tells whether it is another now."""
    query = paging.since(call, sa.select(PictureRow), PictureRow.changed_at)
    rows, following = paging.listed(call, query, PictureRow.article)
    names = ("article", "digest", "changed_at", "changed_by")
    said = [{name: getattr(row, name) for name in names} for row in rows]
    return paging.page(call, said, following)


def _picture(call: Call) -> tuple[PictureRow, bytes]:
    row = call.session.get(PictureRow, call.path["number"])
    webp = pictures.webp(call.session, row.digest) if row else None
    if row is None or webp is None:
        raise missing("api.no-picture")
    return row, webp


@operation("GET", "/articles/{number}/picture", "articles:read", answers=wares.PictureSaid,
           keys={"number": NUMBER}, wrong=(404,))  # fmt: skip
def get_picture(call: Call) -> Told:
    """The picture of an article."""
    row, webp = _picture(call)
    return Told(plain.picture(row, webp), etag=row.digest)


@operation("GET", "/articles/{number}/picture.webp", "articles:read", raw="image/webp",
           keys={"number": NUMBER}, wrong=(404,))  # fmt: skip
def get_picture_file(call: Call) -> Told:
    """The picture of an article, as a file."""
    row, webp = _picture(call)
    return Told(webp, etag=row.digest)


def _tag(number: str) -> Callable[[Into], str | None]:
    def now(into: Into) -> str | None:
        if into.left(goods.ARTICLE, number, lock=True) is None:
            raise missing("api.no-article", number=number)
        picture = into.left(PICTURE, number)
        return picture.digest if picture is not None else None

    return now


@operation("PUT", "/articles/{number}/picture", "articles:write", answers=models.Outcome, made=True,
           query=Collecting, body=wares.PictureBody, keys={"number": NUMBER}, wrong=WRONG,
           largest=LARGEST)  # fmt: skip
def put_picture(call: Call) -> Told:
    """Give an article a picture, or another one.

    It is cut square from its middle and made small; its metadata is removed. So what is read
    afterwards is not what was sent; the same file again changes nothing.
    """
    number = call.path["number"]
    try:
        sent = base64.b64decode(call.body.image, validate=True)
    except ValueError as error:  # letters beyond ASCII, or no base64
        raise wrong("image", "api.no-base64") from error
    try:
        webp = made(sent)
    except PictureRefused as error:
        raise wrong("image", error.said, name="image", **error.parts) from error

    def put(into: Into, picture: Picture) -> str:
        if into.collects:
            pictures.shelve(into.session, picture.webp)  # whoever reviews the set sees it
        return into.put(PICTURE, picture)

    return one(call, Picture(ArticleKey(number), webp), put, number, _tag(number))


@operation("DELETE", "/articles/{number}/picture", "articles:write", answers=models.Outcome,
           query=Collecting, keys={"number": NUMBER}, wrong=(403, 409, 412))  # fmt: skip
def delete_picture(call: Call) -> Told:
    """Take an article's picture away; where it has none, nothing changes."""
    number = call.path["number"]
    return one(call, None, lambda into, _: into.remove(PICTURE, number), number, _tag(number))
