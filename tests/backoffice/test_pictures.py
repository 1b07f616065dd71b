"""Pictures and tags in head office: brought, replaced, taken away, put back, reviewed; by page and by call."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from backoffice.words import catalogue
from schemas.picture import Picture, digest
from services.database import articles, people, pictures
from services.database.changes import PICTURES, Change
from tests.backoffice.conftest import PASSWORD, Person
from tests.backoffice.test_api import Program, made
from tests.backoffice.test_editing import FORM
from tests.pretend.branch import BEER, CHEESE, MILK, Chain
from tests.pretend.photograph import BLUE, RED, bomb, plain, striped, webp

PAGE = f"/articles/{MILK.key}"


def bring(person: Person, data: bytes, name: str = "milch.jpg", key: str = MILK.key) -> Any:
    """Upload a file as an article's picture."""
    values: Any = {
        "csrf_token": person.token("/tills/"),
        "picture": FileStorage(io.BytesIO(data), name),
    }
    boundary, body = encode_multipart(MultiDict(values))
    kind = f"multipart/form-data; boundary={boundary}"
    return person.client.post(f"/articles/{key}/picture", data=body, content_type=kind)


def now(chain: Chain, key: str = MILK.key) -> str | None:
    """The digest of an article's picture."""
    with chain.office.reading() as session:
        return pictures.of(session, [key]).get(key)


def test_a_picture_is_brought_replaced_taken_away_and_put_back(chain: Chain, jana: Person) -> None:
    first = bring(jana, plain(RED))
    assert first.status_code == 303 and now(chain) == digest(webp(RED))
    page = jana.get(first.location).text
    assert f"/pictures/{digest(webp(RED))}.webp" in page
    assert "Ersetzen" in page and "Entfernen" in page
    second = bring(jana, plain(BLUE))
    assert now(chain) == digest(webp(BLUE))
    assert jana.post(f"{PAGE}/picture/undo", note=note(jana, second)).status_code == 303
    assert now(chain) == digest(webp(RED))
    late = jana.post(f"{PAGE}/picture/undo", note=note(jana, second))
    assert "seither" in jana.get(late.location).text and now(chain) == digest(webp(RED))
    gone = jana.post(f"{PAGE}/picture", act="remove")
    assert now(chain) is None
    assert "Noch kein eigenes Bild" in jana.get(PAGE).text
    jana.post(f"{PAGE}/picture/undo", note=note(jana, gone))
    assert now(chain) == digest(webp(RED))
    forged = jana.post(f"/articles/{BEER.key}/picture/undo", note=note(jana, second))
    assert "nicht mehr" in jana.get(forged.location).text and now(chain, BEER.key) is None
    assert jana.post("/articles/nothing/picture", act="remove").status_code == 404


def note(person: Person, answer: Any) -> str:
    found = re.search(r'name="note" value="([^"]+)"', person.get(answer.location).text)
    assert found
    return found.group(1)


def test_the_same_file_again_changes_nothing_to_take_back(chain: Chain, jana: Person) -> None:
    bring(jana, plain(RED))
    again = bring(jana, plain(RED))
    assert "pictured" not in again.location


def test_a_picture_is_served_for_ever_and_as_what_it_is(jana: Person, stranger: Person) -> None:
    bring(jana, striped())
    found = re.search(r"/pictures/[0-9a-f]{64}\.webp", jana.get(PAGE).text)
    assert found
    answer = jana.get(found.group())
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.data[:4] == b"RIFF"
    assert stranger.get(found.group()).status_code == 303
    for other in ("0" * 64, "../x", "g" * 64, "A" * 64):
        assert jana.get(f"/pictures/{other}.webp").status_code == 404


@pytest.mark.parametrize("language", ["de", "en", "es"])
def test_a_refused_file_is_told_what_happened_and_what_to_do(
    chain: Chain, app: Flask, language: str
) -> None:
    with chain.office.session() as session:
        people.make_user(session, "kim", PASSWORD, language=language)
    kim = Person(app.test_client())
    kim.sign_in("kim")
    bring(kim, plain(RED))
    words = catalogue(language)
    for data, said in (
        (b"<script>alert(1)</script>", "no-picture"), (bomb(60_000, 60_000), "too-many-pixels"),
        (plain(RED)[:200], "broken"), (striped("PNG", (90, 20)), "too-small"),
        (b"\xff\xd8" * 5_300_000, "too-large"),
    ):  # fmt: skip
        answer = bring(kim, data, "<b>x.jpg")
        assert answer.status_code == 422, said
        told = re.search(r'<p class="summary" role="alert"[^>]*>(.*?)</p>', answer.text)
        assert told and "&lt;b&gt;x.jpg" in told.group(1)
        sentence = words[f"picture.{said}"]
        assert (
            told.group(1).endswith(sentence.rpartition(". ")[2].split("{")[0].rstrip())
            or "{" in (sentence.rpartition(". ")[2])
        )
        assert sentence.count(". ") >= 2 or sentence.count(";") >= 1, "what happened, what it means"
    empty = kim.post(f"{PAGE}/picture")
    assert empty.status_code == 422 and words["picture.none"] in empty.text
    assert now(chain) == digest(webp(RED)), "the picture is as it was"


def test_what_is_far_too_large_is_refused_unread(chain: Chain, jana: Person) -> None:
    assert bring(jana, b"\xff" * (33 * 2**20)).status_code == 413
    assert now(chain) is None


def test_who_sees_one_branch_sees_pictures_and_changes_none(
    chain: Chain, app: Flask, jana: Person
) -> None:
    bring(jana, plain(RED))
    bea = Person(app.test_client())
    bea.sign_in("bea")
    page = bea.get(PAGE).text
    address = f"/pictures/{digest(webp(RED))}.webp"
    assert address in page and bea.get(address).status_code == 200
    assert 'type="file"' not in page
    assert bring(bea, plain(BLUE)).status_code == 404
    assert bea.post(f"{PAGE}/picture", act="remove").status_code == 404
    assert now(chain) == digest(webp(RED))


def test_a_set_shows_both_pictures_and_holds_them_back(chain: Chain, jana: Person) -> None:
    bring(jana, plain(RED))
    jana.post("/changes/", title="Winter")
    bring(jana, plain(BLUE))
    assert now(chain) == digest(webp(RED))
    page = jana.get(PAGE).text
    assert f"/pictures/{digest(webp(BLUE))}.webp" in page and "im Änderungssatz" in page
    review = jana.get("/changes/1").text
    for colour in (RED, BLUE):
        address = f"/pictures/{digest(webp(colour))}.webp"
        assert address in review and jana.get(address).status_code == 200
    assert base64.b64encode(webp(BLUE)).decode()[:40] not in review, "nobody reads base64"
    assert "Milch" in review
    jana.post("/changes/1/release", when="now", reach="all")
    assert now(chain) == digest(webp(BLUE))
    history = jana.get(f"/log/of/picture/{MILK.key}").text
    assert all(f"/pictures/{digest(webp(c))}.webp" in history for c in (RED, BLUE))
    jana.post("/changes/1/undo")
    assert now(chain) == digest(webp(RED))


def test_lists_and_keyboards_show_the_photograph(chain: Chain, jana: Person) -> None:
    address = f"/pictures/{digest(webp(RED))}.webp"
    bring(jana, plain(RED))
    for page in ("/articles/", "/articles/?q=milch"):
        assert jana.get(page).text.count(address) == 1
    jana.post("/keyboards/", key="side")
    jana.post("/keyboards/side", act=f"put-0-0-{MILK.key}", seen="", tab="0")
    board = jana.get("/keyboards/side").text
    assert f'href="{address}"' in board and "statt der Zeichnung" in board


def test_a_change_of_name_or_price_writes_no_picture(chain: Chain, jana: Person) -> None:
    bring(jana, plain(RED))
    jana.post(f"{PAGE}/edit", **{**FORM, "codes": ""})
    jana.post(f"{PAGE}/price", amount="1,59", when="now")
    with chain.office.reading() as session:
        query = sa.select(sa.func.count()).where(Change.scope == PICTURES)
        assert session.scalar(query) == 1
    assert now(chain) == digest(webp(RED))


def test_programs_give_read_and_take_away_pictures(any_chain: Chain) -> None:
    from backoffice import create_app  # noqa: PLC0415

    app = create_app(any_chain.office.directory, any_chain.office.url)
    program = Program(app.test_client(), made(any_chain))
    path = f"/articles/{MILK.key}/picture"
    body = {"image": base64.b64encode(plain(RED)).decode()}
    assert program.get(path).status_code == 404
    assert program.put(f"{path}?dry_run=true", body).json["created"] == [MILK.key]
    assert program.get(path).status_code == 404
    first = program.put(path, body)
    assert (first.status_code, first.json["created"]) == (201, [MILK.key])
    assert program.put(path, body).json["unchanged"] == [MILK.key]
    read = program.get(path)
    assert base64.b64decode(read.json["image"]) == webp(RED)
    assert (read.json["type"], read.json["digest"]) == ("image/webp", digest(webp(RED)))
    tag = read.headers["ETag"]
    assert program.get(path, **{"If-None-Match": tag}).status_code == 304
    other = {"image": base64.b64encode(plain(BLUE)).decode()}
    assert program.put(path, other, **{"If-Match": '"other"'}).status_code == 412
    assert program.put(path, other, **{"If-Match": tag}).json["changed"] == [MILK.key]
    assert program.call("DELETE", path, **{"If-Match": tag}).status_code == 412
    assert program.call("DELETE", f"{path}?dry_run=true").json["removed"] == [MILK.key]
    assert program.call("DELETE", path).json["removed"] == [MILK.key]
    assert program.call("DELETE", path).json["unchanged"] == [MILK.key]
    for bad in (
        {"image": "%%%"},
        {"image": "größer"},
        {"image": base64.b64encode(b"GIF89a").decode()},
        {},
    ):
        answer = program.put(path, bad)
        assert answer.status_code == 422 and answer.json["errors"][0]["field"] == "image"
    for method in ("PUT", "DELETE"):
        assert program.call(method, "/articles/none/picture", body).status_code == 404
    near = Program(app.test_client(), made(any_chain, branch="014"))
    assert near.put(path, body).status_code == 403
    assert near.call("DELETE", path).status_code == 403
    app.extensions["office"].close()


def test_programs_read_and_write_tags_and_leave_what_they_do_not_name(
    chain: Chain, app: Flask
) -> None:
    program = Program(app.test_client(), made(chain))
    path = f"/articles/{MILK.key}"
    body = {"de": "Milch", "tax": "B", "tags": ["Bio", "kühl"]}
    assert program.put(path, body).json["changed"] == [MILK.key]
    assert program.get(path).json["tags"] == ["bio", "kühl"]
    assert program.put(path, {"de": "Milch", "tax": "B"}).json["unchanged"] == [MILK.key]
    assert program.put(path, {**body, "tags": ["<b>"]}).json["errors"][0]["field"] == "tags"
    program.put(path, {**body, "tags": []})
    assert program.get(path).json["tags"] == []


def _tags(chain: Chain, key: str) -> tuple[str, ...]:
    with chain.office.reading() as session:
        return session.get_one(articles.ArticleRow, key).document().tags


def test_tags_are_typed_filtered_by_and_changed_for_many(
    chain: Chain, jana: Person, tmp_path: Path
) -> None:
    form = {**FORM, "codes": "4012345678901"}
    bad = jana.post(f"{PAGE}/edit", **form, tags="bio, " + "x" * 41)
    assert bad.status_code == 422 and 'href="#tags"' in bad.text and "höchstens 40" in bad.text
    assert jana.post(f"{PAGE}/edit", **form, tags="Bio, regional kühl").status_code == 303
    assert _tags(chain, MILK.key) == ("bio", "kühl", "regional")
    assert 'value="bio, kühl, regional"' in jana.get(f"{PAGE}/edit").text
    assert "/articles/?tag=bio" in jana.get(PAGE).text
    found = jana.get("/articles/?tag=bio").text
    assert "1 Artikel mit dem Schlagwort" in found and "Pils" not in found
    jana.post("/articles/bulk", act="tag", to_tag="Abend", pick=[BEER.key, CHEESE.key])  # type: ignore[arg-type]
    assert _tags(chain, BEER.key) == (), "a set holds it back"
    assert "abend" in jana.get("/changes/1").text
    jana.post("/changes/1/release", when="now", reach="all")
    assert (_tags(chain, BEER.key), _tags(chain, CHEESE.key)) == (("abend",), ("abend",))
    jana.post("/articles/bulk", act="untag", to_tag="abend", all="yes", tag="abend")
    jana.post("/changes/2/release", when="now", reach="all")
    assert _tags(chain, BEER.key) == ()
    assert (
        "said=bulk.tag.bad"
        in jana.post("/articles/bulk", act="tag", to_tag="<b>", pick=BEER.key).location
    )
    assert "kein Schlagwort" in jana.get("/articles/?said=bulk.tag.bad").text
    listed = jana.get("/export/articles.csv?tag=bio").text
    assert "bio, kühl, regional" in listed and "Pils" not in listed


def test_a_picture_of_another_kind_of_article_is_named_in_the_log(
    chain: Chain, jana: Person
) -> None:
    bring(jana, plain(RED))
    page = jana.get("/log/").text
    assert "Milch" in page and "Bild" in page
    assert isinstance(Picture(MILK.key, webp(RED)).digest, str)
