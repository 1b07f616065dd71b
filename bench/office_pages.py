"""Head office's pages and change sets on a big chain, against one bare count over the same articles.

python -m bench.office_pages [--database postgresql://…] [--articles 100000] [--branches 300] [--tills 1000]
Limits: any list page and search 100 ms server time, an inline save 80 ms, of 95 in 100 calls; 5,000
prices in one change set: looked at in 2 s, released in 5 s, undone in 10 s; the first page 150 kB over
the wire, the style sheet 40 kB. Calls go through the application without a network. CPU holds where
others work too.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import re
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from flask.testing import FlaskClient

from backoffice import create_app, stylesheet
from schemas.keys import ArticleKey
from schemas.money import UnitPrice
from schemas.price import Price
from services.database import changesets, people, releasing
from services.database.articles import ArticleCode, ArticleGroup, ArticleRow
from services.database.headoffice import HeadOffice
from services.database.organisation import Device, Unit
from services.database.prices import PriceRow
from tests.pretend.branch import Chain

PASSWORD = "only for measuring"
WORDS = ("Milch", "Käse", "Brot", "Saft", "Wein", "Seife", "Kaffee", "Tee", "Nudeln", "Öl")
KINDS = ("Bio", "frisch", "Alpen", "Premium", "klein", "groß", "1 kg", "0,5 l", "mild", "rot")
PAGES = (
    "/articles/", "/articles/?page=900", "/articles/?sort=number", "/articles/?task=price",
    "/prices/", "/prices/coming", "/promotions/", "/changes/", "/log/", "/tills/", "/branches/",
    "/customers/", "/receipts/", "/cash/", "/turnover/", "/",
)  # fmt: skip
SEARCHES = ("milch", "bio käse", "a0099123", "4000000500005", "öl rot", "zzz", "1 kg frisch")


def fill(office: HeadOffice, articles: int, branches: int, tills: int) -> None:
    """Rows as an import and a set-up would leave them."""
    now, began = datetime.now(UTC), datetime(2023, 1, 1, tzinfo=UTC)
    names = [f"{WORDS[n % 10]} {KINDS[n // 10 % 10]} {n}" for n in range(articles)]
    with office.engine.begin() as connection:
        for table, rows in (
            (ArticleGroup, [{"key": f"g{n}", "de": f"Gruppe {n}"} for n in range(200)]),
            (ArticleRow, [
                {"key": f"A{n:07d}", "de": name, "group_key": f"g{n % 200}", "unit": "pcs", "tax": "B",
                 "version": 1, "changed_by": "bench", "changed_at": now,
                 "words": f"a{n:07d} {name.casefold()} {4000000000000 + n * 10}", "priced": n % 50 > 0}
                for n, name in enumerate(names)
            ]),
            (ArticleCode, [
                {"value": str(4000000000000 + n * 10), "article": f"A{n:07d}", "pack": 1, "position": 0}
                for n in range(articles)
            ]),
            (PriceRow, [
                {"article": f"A{n:07d}", "branch": "", "begins": began, "special": False,
                 "price_list": "", "customers": "", "fine": 139000 + n, "currency": "EUR",
                 "sample": False, "changed_by": "bench", "changed_at": now}
                for n in range(articles) if n % 50
            ]),
            (Unit, [
                {"kind": "branch", "key": f"B{n:03d}", "name": f"Ort {n}", "secret": "", "parent_kind": "region",
                 "parent_key": "east"} for n in range(branches)
            ] + [
                {"kind": "till", "key": f"B{n % branches:03d}-{n // branches + 1}", "name": "Kasse",
                 "secret": "00", "parent_kind": "branch", "parent_key": f"B{n % branches:03d}"}
                for n in range(tills)
            ]),
            (Device, [
                {"till": f"B{n % branches:03d}-{n // branches + 1}", "public_key": "x", "contact_at": now,
                 "said_at": now, "waiting": 0, "mirror_revision": 1, "mirrored": {"chain": 1}}
                for n in range(tills)
            ]),
        ):  # fmt: skip
            connection.execute(sa.insert(table.__table__), rows)
        connection.execute(sa.text("analyze"))


def spread(times: list[float]) -> str:
    """Median and the 95th of 100, in milliseconds."""
    ordered = sorted(times)
    return f"p50 {ordered[len(ordered) // 2] * 1e3:.1f} ms, p95 {ordered[int(len(ordered) * 0.95)] * 1e3:.1f} ms"


def timed(call: object) -> tuple[float, float]:
    """Wall and CPU seconds of a call."""
    wall, cpu = time.perf_counter(), time.process_time()
    call()  # type: ignore[operator]
    return time.perf_counter() - wall, time.process_time() - cpu


def get(client: FlaskClient, path: str) -> None:
    """A page; it must be there."""
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)


def pages(client: FlaskClient, rounds: int, bare: float) -> None:
    """Every list page, and every search; `bare` is the bare count, in seconds."""
    for title, paths in (("lists", PAGES), ("searches", [f"/articles/?q={q}" for q in SEARCHES])):
        walls, cpus = [], []
        for path in paths:
            get(client, path)
            some = [timed(lambda p=path: get(client, p)) for _ in range(rounds)]
            walls += [w for w, _ in some]
            cpus += [c for _, c in some]
            print(f"  {path}: {spread([w for w, _ in some])}, CPU {spread([c for _, c in some])}")
        ratio = sorted(cpus)[len(cpus) // 2] / bare
        print(f"{title}: {spread(walls)}; CPU {spread(cpus)} (limit 100); ratio {ratio:.1f}")


def saves(client: FlaskClient, many: int) -> None:
    """Prices changed in place."""
    page = client.get("/tills/").text
    token = re.search(r'csrf_token" value="([^"]+)"', page)
    assert token
    walls, cpus = [], []
    for n in range(many):
        form = {"csrf_token": token.group(1), "amount": f"2,{n % 90 + 10}", "when": "now"}
        path = f"/articles/A{n * 37 + 1:07d}/price"

        def save(path: str = path, form: dict[str, str] = form) -> None:
            answer = client.post(path, data=form, headers={"HX-Request": "true"})
            assert answer.status_code == 200, answer.status_code

        wall, cpu = timed(save)
        walls.append(wall)
        cpus.append(cpu)
    print(f"inline save: {spread(walls)}; CPU {spread(cpus)} (limit 80)")


def one_set(office: HeadOffice, client: FlaskClient, many: int) -> None:
    """So many prices in one change set."""
    now = datetime.now(UTC)
    documents = [
        (Price(ArticleKey(f"A{n:07d}"), now, UnitPrice.parse("3.33", "EUR")), "chain")
        for n in range(1, many + 1)
    ]
    with office.session() as session:
        number = changesets.make(session, "bench", "bench").id
        collected = timed(lambda: changesets.collect(session, number, documents, "bench"))
    looked = timed(lambda: get(client, f"/changes/{number}"))

    def release() -> None:
        with office.session() as session:
            releasing.release(session, number, "bench")

    def undo() -> None:
        with office.session() as session:
            assert releasing.undo(session, number, "bench").restored == many

    for title, (wall, cpu), limit in (
        ("collected", collected, None), ("looked at", looked, 2), ("released", timed(release), 5),
        ("undone", timed(undo), 10),
    ):  # fmt: skip
        print(
            f"{many} prices {title}: {wall:.2f} s, CPU {cpu:.2f} s"
            + (f" (limit {limit})" if limit else "")
        )


def sizes(client: FlaskClient) -> None:
    """The first page over the wire, with all that it loads; and the style sheet."""
    page = client.get("/").data
    whole = len(gzip.compress(page))
    for address in set(re.findall(rb'(?:href|src)="(/(?:static/[^"#]+|office\.css[^"]*))', page)):
        data = client.get(address.decode()).data
        whole += len(data) if b".woff2" in address else len(gzip.compress(data))
    fonts = sum(
        path.stat().st_size
        for path in (Path(stylesheet.__file__).parent / "static" / "fonts").glob(
            "*latin*normal.woff2"
        )
        if "ext" not in path.name and "700" not in path.name
    )
    print(f"first page: {(whole + fonts) / 1000:.0f} kB gzipped with its fonts (limit 150); "
          f"style sheet {len(stylesheet.stylesheet()) / 1000:.1f} kB (limit 40)")  # fmt: skip


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database")
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--branches", type=int, default=300)
    parser.add_argument("--tills", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=10)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        chain = Chain(Path(folder), wanted.database)
        with chain.office.session() as session:
            people.make_user(session, "jana", PASSWORD, language="de")
        fill(chain.office, wanted.articles, wanted.branches, wanted.tills)
        app = create_app(chain.office.directory, wanted.database)
        app.config["WTF_CSRF_ENABLED"] = True
        client = app.test_client()
        token = re.search(r'csrf_token" value="([^"]+)"', client.get("/sign-in").text)
        assert token
        form = {"name": "jana", "password": PASSWORD, "csrf_token": token.group(1)}
        assert client.post("/sign-in", data=form).status_code == 303
        count = (
            sa.select(sa.func.count())
            .select_from(ArticleRow)
            .where(ArticleRow.words.like("%milch%"))
        )
        gc.collect()
        gc.freeze()  # what was made for filling is no part of a server
        with chain.office.reading() as session:
            bare = [timed(lambda: session.scalar(count))[0] for _ in range(wanted.rounds)]
        print(f"bare: one count of %milch% over {wanted.articles} articles: {spread(bare)}")
        sizes(client)
        pages(client, wanted.rounds, sorted(bare)[len(bare) // 2])
        saves(client, 100)
        one_set(chain.office, client, 5000)
        app.extensions["office"].close()
        chain.office.close()


if __name__ == "__main__":
    main()
