"""Tags: short words on articles, found by one step in an index, taken from files as people write them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import xml
from schemas.article import MOST_TAGS, Article, TagRefused, tags
from services.database import articles, bulk, changes
from services.evaluation import assortment
from services.importing import articles as importing
from services.importing import sheet
from tests.pretend.branch import BEER, CHEESE, MILK, Chain


def test_a_tag_is_one_short_word_in_small_letters() -> None:
    assert tags(["Bio", "bio", " Summer  Sale ", "käse", ""]) == ("bio", "käse", "summer-sale")
    for bad in ("-x", "a,b", "a;b", "a|b", "x" * 41, "<b>", "=1+1", "\u202ex"):
        with pytest.raises(TagRefused):
            tags([bad])
    with pytest.raises(TagRefused):
        tags([f"t{n}" for n in range(MOST_TAGS + 1)])


@given(st.lists(st.text(max_size=50), max_size=30))
def test_whatever_is_taken_as_tags_is_taken_by_tills(words: list[str]) -> None:
    try:
        found = tags(words)
    except TagRefused:
        return
    document = replace(MILK, tags=found)
    assert xml.load(Article, changes.sound(document)) == document
    assert tags(found) == found


def test_an_article_of_before_is_read_and_written_as_before() -> None:
    before = b'<article xmlns="urn:tresen:1" key="1" tax="A" unit="pcs"></article>'
    assert xml.dump(xml.load(Article, before)) == before


def found(chain: Chain, tag: str) -> list[str]:
    with chain.office.reading() as session:
        rows = session.scalars(assortment.matching(tag=tag))
        return sorted(row.key for row in rows)


def known(chain: Chain) -> list[str]:
    with chain.office.reading() as session:
        return articles.tags(session)


def test_articles_are_found_by_what_they_are_tagged_with_now(any_chain: Chain) -> None:
    chain = any_chain
    assert known(chain) == []
    with chain.office.session() as session:
        articles.put(session, replace(MILK, tags=("bio", "kühl")), "jana")
        bulk.put(session, [bulk.prepared(replace(CHEESE, tags=("bio",)))], "jana")
    assert (known(chain), found(chain, "bio")) == (["bio", "kühl"], [CHEESE.key, MILK.key])
    with chain.office.reading() as session:
        rows = session.scalars(assortment.matching("bio mil"))
        assert [row.key for row in rows] == [MILK.key], "the search reads tags too"
        row = session.get_one(articles.ArticleRow, MILK.key)
        assert row.document() == replace(MILK, tags=("bio", "kühl"))
    with chain.office.session() as session:
        bulk.put(session, [bulk.prepared(replace(MILK, tags=("kühl",)))], "jana")
        articles.put(session, replace(BEER, tags=("abend",)), "jana")
    assert (known(chain), found(chain, "bio")) == (["abend", "bio", "kühl"], [CHEESE.key])
    with chain.office.session() as session:
        articles.remove(session, BEER.key, "jana")
        bulk.remove(session, "article", [CHEESE.key], "jana")
    assert known(chain) == ["kühl"]


def test_a_file_with_tags_says_them_and_one_without_leaves_them(
    chain: Chain, tmp_path: Path
) -> None:
    with chain.office.session() as session:
        articles.put(session, replace(BEER, tags=("abend",)), "jana")
    text = (
        "Handle,Title,Vendor,Type,Tags,Variant SKU,Variant Price,Variant Barcode\n"
        f'milk,Milk,Hof,Food,"Bio, Summer Sale",{MILK.key},1.29,4012345678901\n'
        f"milk,,,,,M2,2.29,\n"
        f"bad,Bad,Hof,Food,<b>,M3,1.29,\n"
    )
    plan = _plan(chain, tmp_path, text)
    assert plan.articles[MILK.key].tags == ("bio", "summer-sale")
    assert plan.articles["M2"].tags == ("bio", "summer-sale"), "a product's further rows"  # type: ignore[index]
    assert [row.line for row in plan.faulty] == [4] and "<b>" in plan.faulty[0].reason
    said = {each.field: each.after for each in plan.differences[MILK.key]}
    assert said["tags"] == "bio, summer-sale"
    plan = _plan(chain, tmp_path, f"number,name_de\n{BEER.key},Helles\n")
    assert plan.articles[BEER.key].tags == ("abend",)
    plan = _plan(chain, tmp_path, f"number,tags\n{BEER.key},\n")
    assert plan.articles[BEER.key].tags == ()


def _plan(chain: Chain, folder: Path, text: str) -> importing.Plan:
    path = folder / "file.csv"
    path.write_text(text, encoding="utf-8")
    with chain.office.session() as session:
        return importing.plan(session, sheet.read(path), importing.ground(session, "B"))
