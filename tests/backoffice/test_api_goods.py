"""What a merchandise system writes: variants, sets, suppliers, prices, promotions, pictures; and reads again."""

from __future__ import annotations

import base64
import io
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from services.database import supplies
from services.database.changes import Change
from tests.backoffice.test_api import House, errors, house

__all__ = ["house"]
SHIRT = {"de": "T-Shirt", "tax": "A", "axes": [{"name": "Größe", "values": ["S", "M"]},
                                              {"name": "Farbe", "values": ["weiß"]}]}  # fmt: skip
WEEK: dict[str, Any] = {
    "de": "Milchwoche", "from": "2031-01-05T06:00:00+01:00", "until": "2031-01-11T20:00:00+01:00",
    "goods": [{"articles": ["40122"], "many": 3}], "percent": "100", "cheapest": 1,
    "days": [1, 6], "begin_time": "08:00", "most": 2,
}  # fmt: skip
PNG = io.BytesIO()
Image.new("RGB", (300, 200), (200, 30, 30)).save(PNG, "PNG")


def noted(house: House) -> int:
    """How many changes programs have made."""
    with house.chain.office.reading() as session:
        many = sa.select(sa.func.count()).select_from(Change).where(Change.by == "api:Nordhandel")
        return session.scalar(many) or 0


def test_a_model_and_its_variants_are_written_and_read(house: House) -> None:
    program = house.program()
    assert program.put("/models/shirt", SHIRT).status_code == 201
    assert program.put("/models/shirt", SHIRT).json["unchanged"] == ["shirt"]
    variant = {"number": "700-S", "de": "T-Shirt S", "tax": "A", "model": "shirt",
               "options": ["S", "weiß"]}  # fmt: skip
    assert program.put("/articles", [variant]).json["created"] == ["700-S"]
    said = program.get("/models/shirt")
    assert said.json["variants"] == [{"article": "700-S", "options": ["S", "weiß"]}]
    assert [axis["values"] for axis in said.json["axes"]] == [["S", "M"], ["weiß"]]
    listed = program.get("/articles?model=shirt").json["items"]
    assert [each["number"] for each in listed] == ["700-S"]
    later = {**SHIRT, "de": "Hemd"}
    assert program.put("/models/shirt", later, **{"If-Match": '"x"'}).status_code == 412
    assert program.put("/models/shirt", later, **{"If-Match": said.headers["ETag"]}).json["changed"]
    for body, field in (
        ({**variant, "options": ["XL", "weiß"]}, "options"),
        ({**variant, "options": ["S"]}, "options"),
        ({**variant, "model": "coat"}, "model"),
        ({**variant, "number": "shirt"}, "number"),
        ({**variant, "group": "nowhere"}, "group"),
        ({**variant, "branches": ["999"]}, "branches"),
        ({**variant, "asks": ["answer"]}, "question"),
        ({**variant, "least": "5.00", "most": "2.00"}, "most"),
    ):
        assert errors(program.put("/articles", [body])).keys() == {f"[0].{field}"}, field
    for model, field in (
        ({**SHIRT, "axes": []}, "axes"),
        ({**SHIRT, "axes": [{"name": "G", "values": ["S", "S"]}]}, "axes[0].values"),
        ({**SHIRT, "tax": "Q"}, "tax"),
        ({"axes": SHIRT["axes"]}, "de"),
    ):
        assert errors(program.put("/models/coat", model)).keys() == {field}, field
    assert errors(program.put("/models/40122", SHIRT)).keys() == {"key"}


def test_what_an_article_body_does_not_name_stays(house: House) -> None:
    program = house.program()
    whole = {"de": "Kiste", "tax": "A", "tags": ["Regional"], "branches": ["014"], "fixed": True,
             "asks": ["price"], "size": {"quantity": "0.75", "unit": "l"}, "least": "1.00"}  # fmt: skip
    assert program.put("/articles/box", whole).status_code == 201
    assert program.put("/articles/box", {"de": "Kiste", "tax": "A"}).json["unchanged"] == ["box"]
    said = program.get("/articles/box").json
    assert (said["tags"], said["branches"], said["fixed"]) == (["regional"], ["014"], True)
    assert (said["asks"], said["size"]["quantity"], said["least"]) == (["price"], "0.75", "1.00")
    program.put("/articles/box", {"de": "Kiste", "tax": "A", "size": None, "branches": []})
    said = program.get("/articles/box").json
    assert (said["size"], said["branches"], said["least"]) == (None, [], "1.00")
    for asked in ("tag=Regional", "branch=014"):
        found = program.get(f"/articles?{asked}").json["items"]
        assert "box" in [each["number"] for each in found]
    assert program.get("/articles?code=4012345678918").json["items"][0]["number"] == "40122"
    part = {"de": "Paket", "tax": "A", "parts": [{"article": "40122", "quantity": "2"}]}
    assert program.put("/articles/pack", part).status_code == 201
    assert program.get("/articles/pack").json["parts"] == [{"article": "40122", "quantity": "2"}]
    bad = {**part, "parts": [{"article": "pack"}]}
    assert errors(program.put("/articles/pack", bad)).keys() == {"parts"}


def test_suppliers_and_what_they_deliver_at_which_cost(house: House) -> None:
    program = house.program()
    assert program.put("/suppliers/nord", {"name": "Nordmilch"}).status_code == 201
    assert program.put("/suppliers", [{"key": "sued", "name": "Süd"}]).json["created"] == ["sued"]
    buys = [
        {"article": "40122", "supplier": "nord", "cost": "0.891", "pack": 12, "main": True,
         "order_code": "NM-1"},
        {"article": "40122", "supplier": "sued", "cost": "0.85"},
    ]  # fmt: skip
    assert program.put("/supplies", buys).json["created"] == ["40122|nord", "40122|sued"]
    before = noted(house)
    assert program.put("/supplies", buys).json["unchanged"] == ["40122|nord", "40122|sued"]
    assert noted(house) == before
    found = program.get("/supplies?article=40122").json["items"]
    assert [(each["supplier"], each["cost"], each["main"]) for each in found] == [
        ("nord", "0.891", True), ("sued", "0.85", False),
    ]  # fmt: skip
    with house.chain.office.reading() as session:
        assert supplies.costs(session, ["40122"])["40122"].number == "0.891"
    first = program.get("/supplies?limit=1").json
    assert program.get(f"/supplies?limit=1&cursor={first['next']}").json["items"] == found[1:]
    since = datetime.now(UTC).isoformat().replace("+", "%2B")
    assert program.get(f"/supplies?changed_since={since}").json["items"] == []
    assert program.get(f"/suppliers?changed_since={since}").json["items"] == []
    assert program.call("DELETE", "/supplies/40122/sued").json["removed"] == ["40122|sued"]
    assert program.call("DELETE", "/supplies/40122/sued").json["unchanged"] == ["40122|sued"]
    missing = [{"article": "none", "supplier": "nord"}, {"article": "40122", "supplier": "none"}]
    assert errors(program.put("/supplies", missing)).keys() == {"[0].article", "[1].supplier"}
    for path in ("/suppliers", "/supplies", "/suppliers/nord"):
        assert house.program(branch="014").get(path).status_code == 403


def test_a_price_of_every_kind_and_what_holds_when(house: House) -> None:
    program = house.program()
    price = {"article": "40122", "from": "2031-01-01T00:00:00Z", "amount": "1.49"}
    special = {**price, "from": "2031-02-01T00:00:00Z", "until": "2031-03-01T00:00:00Z",
               "amount": "0.99"}  # fmt: skip
    rows = [price, special, {**price, "branch": "014", "amount": "1.45"},
            {**price, "customers": "staff", "amount": "1.20"},
            {**price, "price_list": "station", "amount": "1.99"}]  # fmt: skip
    assert len(program.put("/prices", rows).json["created"]) == 5
    assert len(program.put("/prices", rows).json["unchanged"]) == 5

    def now(asked: str) -> tuple[str, str, str]:
        found = program.get(f"/prices/current?article=40122&{asked}").json["items"]
        return found[0]["amount"], found[0]["rule"], found[0]["base"]

    assert now("at=2030-01-01T00:00:00Z") == ("1.39", "base", "1.39")
    assert now("at=2031-01-02T00:00:00Z") == ("1.49", "base", "1.49")
    assert now("at=2031-01-02T00:00:00Z&branch=014") == ("1.45", "base", "1.45")
    assert now("at=2031-02-02T00:00:00Z&branch=014") == ("0.99", "special", "1.45")
    assert now("at=2031-01-02T00:00:00Z&customers=staff") == ("1.20", "customer", "1.49")
    listed = program.get("/prices?price_list=station").json["items"]
    assert [each["amount"] for each in listed] == ["1.99"]
    away = "/prices?article=40122&from=2031-02-01T00:00:00Z&special=true"
    assert program.call("DELETE", away).json["removed"] == ["40122|"]
    assert program.call("DELETE", away).json["unchanged"] == ["40122|"]
    assert now("at=2031-02-02T00:00:00Z") == ("1.49", "base", "1.49")
    first = program.get("/prices/current?limit=2").json
    rest = program.get(f"/prices/current?limit=2&cursor={first['next']}").json
    keys = [each["article"] for each in (*first["items"], *rest["items"])]
    assert keys == ["30871", "40122", "40200"]  # 99 has no price
    near = house.program(branch="014")
    assert near.call("DELETE", away).status_code == 422
    assert near.get("/prices/current?branch=999").status_code == 404


def test_promotions_are_written_whole_and_reach_tills(house: House) -> None:
    program = house.program()
    assert program.put("/promotions/week", WEEK).status_code == 201
    assert program.put("/promotions/week", WEEK).json["unchanged"] == ["week"]
    said = program.get("/promotions/week")
    for name in ("de", "goods", "cheapest", "days", "begin_time", "most"):
        mine = WEEK[name]
        if name == "goods":
            mine = [{"articles": ["40122"], "groups": [], "not_articles": [], "not_groups": [],
                     "many": 3}]  # fmt: skip
        assert said.json[name] == mine, name
    again = {
        k: v
        for k, v in said.json.items()
        if k not in {"key", "document", "changed_at", "changed_by"}
    }
    assert program.put("/promotions/week", again).json["unchanged"] == ["week"]
    tiers = {"de": "Staffel", "from": "2031-01-05T06:00:00Z", "goods": [{}],
             "tiers": [{"pieces": 3, "percent": "5"}, {"value": "50.00", "off": "5.00"}]}  # fmt: skip
    assert program.put("/promotions", [{**tiers, "key": "tiers"}]).json["created"] == ["tiers"]
    house.chain.publish()
    listed = program.get("/promotions?limit=1").json
    assert [each["key"] for each in listed["items"]] == ["tiers"] and listed["next"]
    for body, field in (
        ({**WEEK, "off": "1.00"}, "percent"),
        ({**WEEK, "percent": None}, "percent"),
        ({**WEEK, "percent": "0"}, "percent"),
        ({**WEEK, "until": "2030-01-01T00:00:00Z"}, "until"),
        ({**WEEK, "goods": [{"articles": ["none"]}]}, "goods[0].articles"),
        ({**WEEK, "goods": [{"not_groups": ["none"]}]}, "goods[0].not_groups"),
        ({**WEEK, "branches": ["999"]}, "branches"),
        ({**tiers, "tiers": [{"pieces": 3, "value": "1.00", "percent": "5"}]}, "tiers[0]"),
        ({**tiers, "percent": "5"}, "tiers"),
        ({**WEEK, "de": ""}, "de"),
    ):
        assert errors(program.put("/promotions/bad", body)).keys() == {field}, field
    with house.chain.office.reading() as session:
        found = session.scalars(sa.select(Change.kind).where(Change.kind == "promotion")).all()
    assert len(found) == 2


def test_a_picture_is_listed_and_read_as_a_file(house: House) -> None:
    program = house.program()
    image = base64.b64encode(PNG.getvalue()).decode()
    assert program.put("/articles/40122/picture", {"image": image}).status_code == 201
    (listed,) = program.get("/pictures").json["items"]
    file = program.get("/articles/40122/picture.webp")
    assert file.content_type == "image/webp" and file.data[8:12] == b"WEBP"
    assert file.headers["ETag"] == f'"{listed["digest"]}"'
    unchanged = program.get(
        "/articles/40122/picture.webp", **{"If-None-Match": file.headers["ETag"]}
    )
    assert unchanged.status_code == 304
    assert program.get("/articles/40200/picture.webp").status_code == 404


@pytest.mark.parametrize(
    ("language", "title", "detail"),
    [
        ("de-DE,de;q=0.9", "Einige Felder sind falsch", "fehlt"),
        ("es", "Algunos campos no son correctos", "falta"),
        ("", "Some fields are wrong", "is missing"),
        ("fr", "Some fields are wrong", "is missing"),
    ],
)
def test_refusals_speak_the_caller_s_language(
    house: House, language: str, title: str, detail: str
) -> None:
    asks = {"Accept-Language": language} if language else {}
    answer = house.program().put("/articles/40122", {}, **asks)
    assert answer.json["title"] == title and errors(answer) == {"tax": detail}
    assert answer.headers["Content-Language"] in {"de", "en", "es"}


def test_rows_may_stand_for_themselves(house: House) -> None:
    program = house.program()
    rows = [{"number": "8001", "tax": "A", "de": "Eins"}, {"number": "8002", "tax": "Q"},
            {"tax": "A"}, {"number": "8003", "tax": "A", "codes": [{"value": "40123455"}]},
            {"number": "8004", "tax": "A", "de": "Vier"}]  # fmt: skip
    said = program.put("/articles?partial=true", rows).json
    assert said["created"] == ["8001", "8004"]
    assert [(each["row"], each["key"], each["errors"][0]["field"]) for each in said["refused"]] == [
        (1, "8002", "tax"), (2, "", "number"), (3, "8003", "codes[0].value"),
    ]  # fmt: skip
    assert program.get("/articles/8003").status_code == 404
    assert program.get("/articles/8004").status_code == 200
    dry = program.put("/articles?partial=true&dry_run=true", [{"number": "8005", "tax": "A"}]).json
    assert dry["created"] == ["8005"] and program.get("/articles/8005").status_code == 404
    assert program.put("/articles?partial=true", {"no": "list"}).status_code == 422
