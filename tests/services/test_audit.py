"""The audit log: one entry a transaction, chained; who changes one byte afterwards is found."""

from __future__ import annotations

import sqlalchemy as sa

from schemas.article import Article
from schemas.keys import ArticleKey, TaxClass
from schemas.money import UnitPrice
from services.database import articles, audit, history, organisation, people, prices, undoing
from services.database.audit import Entry
from services.database.changes import Change
from services.worker import anchor
from tests.pretend.branch import MILK, Chain, renamed


def _entries(chain: Chain) -> list[Entry]:
    with chain.office.reading() as session:
        return list(session.scalars(sa.select(Entry).order_by(Entry.number)))


def test_each_transaction_is_one_entry_in_an_unbroken_chain(any_chain: Chain) -> None:
    before = len(_entries(any_chain))
    any_chain.price(MILK.key, "1.49")
    with any_chain.office.session() as session:
        audit.note(session, "jana", "sign-in", "jana")
    with any_chain.office.session() as session:
        articles.put(session, renamed(MILK, "Vollmilch"), "jana")
        articles.put(session, renamed(MILK, "Milch 3,8 %"), "jana")
    entries = _entries(any_chain)
    assert [(e.act, e.by, e.many) for e in entries[before:]] == [
        ("change", "test", 1), ("sign-in", "jana", 0), ("change", "jana", 2),
    ]  # fmt: skip
    assert [e.number for e in entries] == list(range(1, len(entries) + 1))
    with any_chain.office.reading() as session:
        assert audit.verify(session) == audit.Verdict(len(entries))
        assert audit.head(session) == (len(entries), entries[-1].digest)


def test_what_was_given_up_leaves_no_entry(chain: Chain) -> None:
    before = len(_entries(chain))
    try:
        with chain.office.session() as session:
            articles.put(session, renamed(MILK, "Nie"), "jana")
            raise RuntimeError
    except RuntimeError:
        pass
    assert len(_entries(chain)) == before


def test_one_byte_changed_afterwards_is_found_at_its_entry(any_chain: Chain) -> None:
    any_chain.price(MILK.key, "1.49")
    any_chain.price(MILK.key, "1.59")
    number = _entries(any_chain)[-2].number
    with any_chain.office.session() as session:
        change = session.scalars(
            sa.select(Change).where(Change.kind == "price").order_by(Change.id.desc())
        ).all()[1]
        assert change.document is not None
        change.document = change.document.replace(b"1.49", b"1.39")
    with any_chain.office.reading() as session:
        verdict = audit.verify(session)
    assert (verdict.broken, verdict.why) == (number, "changes")


def test_an_entry_that_was_rewritten_taken_out_or_cut_off_is_found(chain: Chain) -> None:
    for text in ("1.49", "1.59", "1.69"):
        chain.price(MILK.key, text)
    with chain.office.reading() as session:
        head = audit.head(session)
    last = head[0]
    with chain.office.session() as session:
        forged = session.begin_nested()
        session.get_one(Entry, last - 1).by = "nobody"
        session.flush()
        verdict = audit.verify(session)
        assert (verdict.broken, verdict.why) == (last - 1, "digest")
        forged.rollback()
        taken = session.begin_nested()
        session.delete(session.get_one(Entry, last - 1))
        session.flush()
        assert audit.verify(session).why == "gap"
        taken.rollback()
        session.begin_nested()
        session.delete(session.get_one(Entry, last))
        session.flush()
        assert audit.verify(session).broken is None, (
            "what is cut off shows against a kept head only"
        )
        assert audit.verify(session, head).broken == last


def test_the_history_of_a_record_says_each_field(chain: Chain) -> None:
    with chain.office.session() as session:
        articles.put(session, renamed(MILK, "Vollmilch"), "jana")
    with chain.office.reading() as session:
        steps = history.of(session, "article", MILK.key)
        assert [(d.field, d.before, d.after) for d in steps[0].differences] == [
            ("de", "Milch", "Vollmilch")
        ]
        assert steps[0].by == "jana"
        assert steps[-1].new
        assert {d.field for d in steps[-1].differences} >= {"key", "code[4012345678918].pack"}
        again = history.between(session, steps[-1].change, steps[0].change)
        assert again == steps[0].differences


def test_undoing_an_entry_puts_back_all_but_what_others_changed_since(any_chain: Chain) -> None:
    with any_chain.office.session() as session:
        token = audit.note(session, "jana", "import", "spring.csv")
        articles.put(session, renamed(MILK, "Falsch"), "jana")
        articles.put(session, people_article(), "jana")
        prices.change_price(session, MILK.key, _price("9.99"), "jana")
    with any_chain.office.session() as session:
        articles.put(session, renamed(people_article(), "Neuer Name"), "tom")
    any_chain.publish()
    with any_chain.office.session() as session:
        done = undoing.undo(session, [token], "jana")
    assert done.restored == 2
    assert [(left.kind, left.key, left.by) for left in done.left] == [("article", "777", "tom")]
    with any_chain.office.reading() as session:
        assert session.get_one(articles.ArticleRow, MILK.key).de == "Milch"
        assert session.get_one(articles.ArticleRow, "777").de == "Neuer Name"
        assert {row.amount for row in prices.prices_of(session, MILK.key)} == {_price("1.39")}
        assert audit.verify(session).broken is None
        assert _entries(any_chain)[-1].act == "undo"


def test_undoing_what_was_new_takes_it_away_from_the_tills_too(chain: Chain) -> None:
    with chain.office.session() as session:
        token = audit.note(session, "jana", "import")
        articles.put(session, people_article(), "jana")
    chain.publish()
    chain.look("014-1")
    with chain.till("014-1") as till:
        assert till.catalogue.by_key(people_article().key) is not None
    with chain.office.session() as session:
        undoing.undo(session, [token], "jana")
    chain.publish()
    chain.look("014-1")
    with chain.till("014-1") as till:
        assert till.catalogue.by_key(people_article().key) is None


def test_an_undo_is_undone_in_its_turn_and_new_units_stay(chain: Chain) -> None:
    with chain.office.session() as session:
        token = audit.note(session, "jana", "change")
        articles.put(session, renamed(MILK, "Vollmilch"), "jana")
        fresh = organisation.Unit(kind="branch", key="099", name="Neu", parent_kind="region",
                                  parent_key="east")  # fmt: skip
        organisation.add(session, fresh, "jana")
    with chain.office.session() as session:
        back = audit.note(session, "jana", "undo")
        done = undoing.undo(session, [token], "jana")
        assert (done.restored, done.lasting) == (1, [("org-unit", "branch 099")])
        assert session.get_one(articles.ArticleRow, MILK.key).de == "Milch"
        assert session.get(organisation.Unit, ("branch", "099")) is not None
    with chain.office.session() as session:
        assert undoing.undo(session, [back], "tom").restored == 1
        assert session.get_one(articles.ArticleRow, MILK.key).de == "Vollmilch"


def test_people_who_sign_in_are_no_record_and_yet_on_record(chain: Chain) -> None:
    with chain.office.session() as session:
        people.make_user(session, "tom", "lang genug")
        audit.note(session, "jana", "user-made", "tom", said={"branch": ["", "014"]})
    last = _entries(chain)[-1]
    assert (last.act, last.subject, last.said) == ("user-made", "tom", {"branch": ["", "014"]})


def people_article() -> Article:
    """An article that is not there yet."""
    return Article(ArticleKey("777"), "Neu", tax=TaxClass("B"))


def _price(text: str) -> UnitPrice:
    return UnitPrice.parse(text, "EUR")


def test_a_log_that_is_cut_off_is_found_against_the_head_kept_outside(chain: Chain) -> None:
    chain.price(MILK.key, "1.49")
    assert anchor.keep(chain.office)
    kept = anchor.kept(chain.office)
    assert kept is not None
    chain.price(MILK.key, "1.59")
    with chain.office.session() as session:
        session.execute(sa.delete(Entry).where(Entry.number >= kept[0]))
    assert not anchor.keep(chain.office), "what was kept is evidence, and not written over"
    assert anchor.kept(chain.office) == kept
    with chain.office.reading() as session:
        assert audit.verify(session).broken is None
        assert audit.verify(session, anchor.kept(chain.office)).broken == kept[0]
