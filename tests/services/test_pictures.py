"""Pictures travel apart from prices, by the same revisions; sets, history and undo know them."""

from __future__ import annotations

import os

import pytest
import sqlalchemy as sa

from schemas import xml
from schemas.keys import ArticleKey
from schemas.picture import LARGEST, Picture
from services.database import (
    audit,
    changes,
    changesets,
    history,
    pictures,
    records,
    releasing,
    undoing,
)
from services.database.audit import Entry
from services.database.changes import PICTURES, Change, Revision
from services.database.changesets import SetRefused
from services.link import identity
from services.mirror import index, store
from services.mirror.catalogue import Catalogue
from services.mirror.pictures import Pictures
from tests.pretend.branch import BEER, MILK, Chain
from tests.pretend.photograph import BLUE, RED, webp


def give(chain: Chain, picture: Picture) -> None:
    with chain.office.session() as session:
        records.put(session, picture, PICTURES, "jana")
        audit.note(session, "jana", "change")
    chain.publish()


def test_a_picture_is_one_element_and_comes_back_as_it_was() -> None:
    picture = Picture(MILK.key, webp(RED))
    assert xml.load(Picture, xml.dump(picture)) == picture
    assert b"\n" not in xml.dump(picture)
    with pytest.raises(changes.RecordRefused):
        changes.sound(Picture(MILK.key, b"x" * (LARGEST + 1)))
    with pytest.raises(changes.RecordRefused):
        changes.sound(Picture(MILK.key, b""))


def test_a_picture_reaches_the_till_and_a_price_does_not_send_it_again(any_chain: Chain) -> None:
    chain = any_chain
    give(chain, Picture(MILK.key, webp(RED)))
    chain.look("014-1")
    box = chain.box("014-1")
    shown = Pictures(box.mirror)
    with chain.till("014-1") as till:
        first = till.catalogue.pictured(MILK.key)
        assert first and till.catalogue.pictured(BEER.key) is None
    assert shown.webp(MILK.key) == webp(RED)
    assert shown.webp(BEER.key) is None
    with chain.office.reading() as session:
        standing = changes.revision(session, PICTURES)
        assert standing is not None
        before = standing.number
    chain.price(MILK.key, "1.49")
    chain.look("014-1")
    with chain.office.reading() as session:
        standing = changes.revision(session, PICTURES)
        assert standing is not None and standing.number == before
        brought = session.scalars(sa.select(Revision.document).where(Revision.scope == "chain"))
        assert not any(b"webp=" in document for document in brought)
    give(chain, Picture(MILK.key, webp(BLUE)))
    chain.look("014-1")
    with chain.till("014-1") as till:
        assert till.catalogue.pictured(MILK.key) not in {None, first}
    assert shown.webp(MILK.key) == webp(BLUE)
    trusted = identity.trusted(identity.enrolment(box))
    assert store.verify(box.mirror, trusted) == []


def test_a_picture_that_is_taken_away_leaves_the_till(chain: Chain) -> None:
    give(chain, Picture(MILK.key, webp(RED)))
    chain.look("014-1")
    with chain.office.session() as session:
        records.remove(session, "picture", MILK.key, PICTURES, "jana")
    chain.publish()
    chain.look("014-1")
    with chain.till("014-1") as till:
        assert till.catalogue.pictured(MILK.key) is None
    assert Pictures(chain.box("014-1").mirror).webp(MILK.key) is None


def test_a_till_that_begins_reads_no_picture(chain: Chain) -> None:
    give(chain, Picture(MILK.key, webp(RED)))
    chain.look("014-1")
    box = chain.box("014-1")
    spoilt = index.write(box.mirror / index.FILE)
    spoilt.execute("update record set data = x'00' where kind = 'picture'")
    spoilt.close()
    catalogue = Catalogue(box.mirror, "014", "till-014-1")  # type: ignore[arg-type]
    assert catalogue.pictured(MILK.key)
    assert catalogue.keyboard() and catalogue.search("milch")
    catalogue.close()
    assert Pictures(box.mirror).webp(MILK.key) is None, "what cannot be read is as if it were not"


def test_a_set_holds_a_picture_back_until_it_is_released_and_undone(any_chain: Chain) -> None:
    chain = any_chain
    chain.look("014-1")
    new = Picture(MILK.key, webp(RED))
    with chain.office.session() as session:
        number = changesets.make(session, "Winter", "jana").id
        changesets.collect(session, number, [(new, PICTURES)], "jana")
    with chain.office.session() as session:
        assert pictures.of(session, [MILK.key]) == {}
        review = changesets.review(session, changesets.edits(session, number))
        assert [each.field for each in review[0].differences] == ["key", "webp"]
        with pytest.raises(SetRefused):
            releasing.release(session, number, "jana", branches=["014"])
    with chain.office.session() as session:
        releasing.release(session, number, "jana")
    chain.publish()
    with chain.office.session() as session:
        assert pictures.of(session, [MILK.key]) == {MILK.key: new.digest}
        assert releasing.reached(session, number)[number].ready == ()
    chain.look("014-1")
    with chain.office.session() as session:
        assert releasing.reached(session, number)[number].ready == ("014-1",)
        releasing.undo(session, number, "jana")
        assert pictures.of(session, [MILK.key]) == {}
        assert pictures.webp(session, new.digest) == new.webp, "the history still shows it"


def test_undoing_an_entry_puts_the_picture_before_it_back(any_chain: Chain) -> None:
    chain = any_chain
    give(chain, Picture(MILK.key, webp(RED)))
    give(chain, Picture(MILK.key, webp(BLUE)))
    with chain.office.session() as session:
        last = session.scalars(sa.select(Entry).order_by(Entry.number.desc())).first()
        assert last is not None
        undoing.undo(session, [last.token], "jana")
    with chain.office.session() as session:
        assert pictures.document(session, MILK.key) == Picture(MILK.key, webp(RED))
        steps = history.of(session, "picture", MILK.key)
        assert len(steps) == 3 and {d.field for d in steps[0].differences} == {"webp"}


def test_the_same_picture_is_kept_once_whoever_has_it(any_chain: Chain) -> None:
    with any_chain.office.session() as session:
        for article in (MILK, BEER):
            records.put(session, Picture(article.key, webp(RED)), PICTURES, "jana")
        records.put(session, Picture(MILK.key, webp(RED)), PICTURES, "jana")
    with any_chain.office.session() as session:
        kept = sa.select(sa.func.count()).select_from(pictures.PictureFile)
        assert session.scalar(kept) == 1


def test_many_pictures_are_published_in_revisions_that_a_till_can_take(chain: Chain) -> None:
    chain.look("014-1")
    with chain.office.session() as session:
        for n in range(360):  # some 23 MB as text
            picture = Picture(ArticleKey(f"P{n}"), os.urandom(LARGEST))
            changes.record(session, picture, PICTURES, "jana")
    assert chain.publish() == 360
    with chain.office.reading() as session:
        query = sa.select(sa.func.length(Revision.document)).where(Revision.scope == PICTURES)
        sizes = list(session.scalars(query))
        waiting = sa.select(sa.func.count()).where(Change.revision.is_(None))
        assert session.scalar(waiting) == 0
    assert max(sizes) < 17 * 2**20 and sum(sizes) > 20 * 2**20
    chain.look("014-1")
    assert Pictures(chain.box("014-1").mirror).webp("P359")
