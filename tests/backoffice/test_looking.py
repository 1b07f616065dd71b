"""Who may only look: every page is read, and none holds a form, or a button, that would be refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from lxml import html

from backoffice import areas
from services.database.duties import AREAS, CHANGE, SEE
from tests.pretend import officescene
from tests.pretend.officescene import Scene

READER = dict.fromkeys(AREAS, SEE)
WRITER = dict.fromkeys(AREAS, CHANGE)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Head office after a month's work."""
    made = officescene.build(Path(tmp_path_factory.mktemp("office")), a_day=1)
    yield made
    made.close()


def acts(app: Flask, path: str, page: str) -> set[str]:
    """The endpoints that a page's forms, buttons and parts would send something to."""
    tree: Any = html.fromstring(page)
    sent = [each.get("action") or path for each in tree.xpath("//form[@method='post']")]
    sent += [str(each) for each in tree.xpath("//@hx-post")]
    sent += [str(each) for each in tree.xpath("//button/@formaction")]
    adapter = app.url_map.bind("localhost")
    there = [urlsplit(urljoin(path, each)).path for each in sent]  # as a browser reads it
    return {adapter.match(each, method="POST")[0] for each in there}


def asked(scene: Scene, who: str) -> dict[str, tuple[int, str, str]]:
    """All pages as somebody sees them: status, path, text."""
    client, found = scene.client(who), {}
    for name, path in officescene.pages(scene.parts).items():
        answer = client.get(path)
        found[name] = (answer.status_code, path, answer.text)
    return found


def form_alone(app: Flask, path: str) -> bool:
    """Is the page nothing but a form?"""
    adapter = app.url_map.bind("localhost")
    return path != "/nothing-here" and adapter.match(urlsplit(path).path)[0] in areas.FORMS


def test_who_may_only_look_reads_all_pages_and_is_offered_no_act(scene: Scene) -> None:
    for name, (status, path, text) in asked(scene, "ina").items():
        wanted = 403 if form_alone(scene.app, path) else 404 if name == "missing" else 200
        assert status == wanted, name
        refused = {
            each for each in acts(scene.app, path, text)
            if not areas.allowed(READER, each, "POST")
        }  # fmt: skip
        assert refused == set(), (name, refused)
        tree: Any = html.fromstring(text)
        lost = {str(each) for each in tree.xpath("//main//@form")} - {
            str(each) for each in tree.xpath("//form/@id")
        }
        assert lost == set(), (name, lost)


def test_no_page_leads_to_one_that_would_be_refused(scene: Scene) -> None:
    adapter = scene.app.url_map.bind("localhost")
    for who in ("ina", "bea"):
        client, tried = scene.client(who), set()
        for name, (status, _, text) in asked(scene, who).items():
            if status != 200:
                continue
            tree: Any = html.fromstring(text)
            for href in {str(each).partition("#")[0] for each in tree.xpath("//main//a/@href")}:
                if not href.startswith("/"):
                    continue
                kind = adapter.match(urlsplit(href).path)
                if (kind[0], name) in tried or kind[0] == "exports.export":
                    continue
                tried.add((kind[0], name))
                answer = client.get(href, buffered=False)
                answer.close()
                assert answer.status_code < 400, (who, name, href)


def test_who_may_write_is_offered_every_act_somewhere(scene: Scene) -> None:
    offered: set[str] = set()
    for name, (status, path, text) in asked(scene, "jana").items():
        assert status == 404 if name == "missing" else status == 200, (name, status)
        offered |= acts(scene.app, path, text)
    rules = {
        rule.endpoint
        for rule in scene.app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and rule.endpoint.partition(".")[0] in areas.OF
    }
    assert rules - offered <= ELSEWHERE, rules - offered


ELSEWHERE = {
    "door.enter", "door.check_second", "tills.restore", "articles.take_back", "changes.propose",
    "me.renew_codes", "me.end_second_factor", "me.end_others", "users.make", "vouchers.block",
    "interfaces.again", "saved.drop", "changes.approve", "log.undo", "promotions.make",
    "pictures.take_back",
}  # fmt: skip
"""Acts that this scene's pages do not offer: what they are for is not there in it."""
