"""Pictures of articles for programs: one by one, under the article's number."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Final

from sqlalchemy.orm import Session

from backoffice.api import models, plain
from backoffice.api.models import Writing
from backoffice.api.operation import Call, Told, operation
from backoffice.api.problem import CallRefused
from backoffice.api.writing import NUMBER, WRONG, one
from schemas.keys import ArticleKey
from schemas.picture import Picture
from services.database import pictures
from services.database.articles import ArticleRow
from services.database.pictures import PictureRow
from services.importing.pictures import LARGEST_UPLOAD, PictureRefused, made

LARGEST: Final = LARGEST_UPLOAD // 3 * 4 + 64 * 1024
"""Bytes of a call that brings a picture, as base64."""


@operation("GET", "/articles/{number}/picture", "articles:read", answers=models.PictureSaid,
           keys={"number": NUMBER}, wrong=(404,))  # fmt: skip
def get_picture(call: Call) -> Told:
    """The picture of an article."""
    row = call.session.get(PictureRow, call.path["number"])
    webp = pictures.webp(call.session, row.digest) if row else None
    if row is None or webp is None:
        raise CallRefused(404, "There is no picture of an article with this number.")
    return Told(plain.picture(row, webp), etag=row.digest)


def _tag(number: str) -> Callable[[Session], str | None]:
    def now(session: Session) -> str | None:
        if session.get(ArticleRow, number, with_for_update=True) is None:
            raise CallRefused(404, "There is no article with this number.")
        return pictures.of(session, [number]).get(number)

    return now


@operation("PUT", "/articles/{number}/picture", "articles:write", answers=models.Outcome,
           query=Writing, body=models.PictureBody, keys={"number": NUMBER}, wrong=WRONG,
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
        raise CallRefused(422, "", [("image", "is not base64")]) from error
    try:
        webp = made(sent)
    except PictureRefused as error:
        raise CallRefused(422, "", [("image", str(error))]) from error

    def put(session: Session, picture: Picture, by: str) -> str:
        before = pictures.of(session, [number]).get(number)
        if before == picture.digest:
            return "unchanged"
        pictures.put(session, picture, by)
        return "changed" if before else "created"

    return one(call, Picture(ArticleKey(number), webp), put, number, _tag(number))


@operation("DELETE", "/articles/{number}/picture", "articles:write", answers=models.Outcome,
           query=Writing, keys={"number": NUMBER}, wrong=(403, 409, 412))  # fmt: skip
def delete_picture(call: Call) -> Told:
    """Take an article's picture away; where it has none, nothing changes."""
    number = call.path["number"]

    def remove(session: Session, _: None, by: str) -> str:
        had = number in pictures.of(session, [number])
        pictures.remove(session, number, by)
        return "removed" if had else "unchanged"

    return one(call, None, remove, number, _tag(number))
