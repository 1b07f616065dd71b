"""The pages: what they show is what was sold, and what is typed is taken or kept."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from backoffice import words
from backoffice.stylesheet import stylesheet
from schemas.keys import ArticleKey, Barcode
from schemas.receipt import Receipt
from services.database import articles, prices
from services.database.organisation import Device
from services.database.sales import EntryRow, QuarantineRow
from tests.backoffice.conftest import Person
from tests.pretend.branch import MILK, Chain


def price(chain: Chain, key: str = MILK.key) -> str | None:
    """What an article costs now."""
    with chain.office.reading() as session:
        row = prices.current_prices(session, [key], datetime.now(UTC)).get(key)
        return row.amount.number if row else None


def seen(page: str) -> str:
    """The row's version that a page holds."""
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found
    return found.group(1)


def test_no_word_is_missing_in_any_language() -> None:
    sets = {language: set(words.catalogue(language)) for language in words.LANGUAGES}
    assert sets["de"] == sets["en"] == sets["es"]
    for key in sets["de"]:
        fields = {
            frozenset(re.findall(r"\{(\w+)\}", words.catalogue(language)[key]))
            for language in words.LANGUAGES
        }
        assert len(fields) == 1, key


def test_the_style_sheet_is_small_and_has_the_tokens() -> None:
    sheet = stylesheet()
    assert len(sheet) < 40_000
    assert b"--go:#0B6B4F" in sheet and b"[data-theme=dark]" in sheet
    assert not re.search(rb"(?<!scroll-)(?:margin|padding|border)-(?:left|right)", sheet)


@pytest.mark.parametrize(
    "path",
    ["/", "/?branch=014", "/articles/", "/articles/?q=mil&sort=-number", "/articles/40122",
     "/articles/40122/price", "/receipts/", "/receipts/?period=all&q=0,00", "/turnover/",
     "/turnover/?by=day&period=month", "/turnover/?by=article&from=2020-01-01", "/tills/",
     "/tills/014-1", "/branches/", "/quarantine", "/cash/", "/cash/?only=difference",
     "/cash/?show=events", "/cash/?show=bags&period=month"],
)  # fmt: skip
@pytest.mark.parametrize("language", ["de", "en", "es"])
def test_every_page_opens_in_every_language(jana: Person, path: str, language: str) -> None:
    jana.post("/me", language=language)
    answer = jana.get(path)
    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.text


@pytest.mark.parametrize("path", ["/nothing", "/articles/none", "/tills/none", "/?branch=none",
                                  "/receipts/014-1/1/99"])  # fmt: skip
def test_what_is_not_there_is_said_with_the_next_step(jana: Person, path: str) -> None:
    answer = jana.get(path)
    assert answer.status_code == 404
    assert "Zur Übersicht" in answer.text


def test_a_price_is_changed_and_undone(chain: Chain, jana: Person) -> None:
    version = seen(jana.get("/articles/40122/price").text)
    answer = jana.post("/articles/40122/price", htmx=True, amount="1,49", when="now", seen=version)
    assert answer.status_code == 200 and "1,49" in answer.text
    assert price(chain) == "1.49"
    note = re.search(r'name="note" value="([^"]+)"', answer.text)
    assert note
    answer = jana.post("/articles/40122/undo", htmx=True, note=note.group(1))
    assert "Zurückgenommen" in answer.text
    assert price(chain) == "1.39"


def test_without_script_a_price_is_changed_by_an_ordinary_form(chain: Chain, jana: Person) -> None:
    answer = jana.post("/articles/40122/price", amount="1,55", when="now")
    assert answer.status_code == 303
    assert "Rückgängig" in jana.get(answer.location).text
    assert price(chain) == "1.55"


def test_in_a_branch_a_price_is_the_branchs_own(chain: Chain, jana: Person) -> None:
    jana.post("/articles/40122/price?branch=014", htmx=True, amount="1,29", when="now")
    assert price(chain) == "1.39"
    assert "1,29" in jana.get("/articles/?branch=014&q=40122").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "kein Preis"), ("zwei", "kein Preis"), ("-1", "kein Preis"), ("1.234", "zweierlei"),
     ("99999999999", "zu hoch"), ("1,1234567", "EUR hat 2 Stellen"), ("<b>", "kein Preis"),
     ("1,999", "EUR hat 2 Stellen"), ("12.9999", "EUR hat 2 Stellen"), ("0,00", "über 0"),
     ("0", "über 0"), (",", "kein Preis")],
)  # fmt: skip
def test_what_is_no_price_is_refused_and_kept_in_the_field(
    chain: Chain, jana: Person, typed: str, said: str
) -> None:
    answer = jana.post("/articles/40122/price", htmx=True, amount=typed, when="now")
    assert answer.status_code == 422
    assert said in answer.text and 'aria-invalid="true"' in answer.text
    assert f'value="{typed.replace("<", "&lt;").replace(">", "&gt;")}"' in answer.text
    assert price(chain) == "1.39"


def test_a_price_may_begin_later_but_not_in_the_past(chain: Chain, jana: Person) -> None:
    later = (datetime.now(UTC) + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    answer = jana.post("/articles/40122/price", htmx=True, amount="1,59", when="at", at=later)
    assert "tag info" in answer.text and price(chain) == "1.39"
    for at in ("2020-01-01T00:00", "", "soon"):
        answer = jana.post("/articles/40122/price", htmx=True, amount="1,59", when="at", at=at)
        assert answer.status_code == 422


def test_two_editors_meet_and_nothing_is_lost(chain: Chain, jana: Person) -> None:
    version = seen(jana.get("/articles/40122/price").text)
    chain.price(MILK.key, "1.79")
    answer = jana.post("/articles/40122/price", htmx=True, amount="1,49", when="now", seen=version)
    assert answer.status_code == 409
    assert "test hat das um" in answer.text and "1,79" in answer.text
    assert price(chain) == "1.79"
    again = seen(answer.text)
    answer = jana.post("/articles/40122/price", htmx=True, amount="1,49", when="now", seen=again)
    assert answer.status_code == 200 and price(chain) == "1.49"


def test_a_hostile_name_is_only_a_name(chain: Chain, jana: Person) -> None:
    name = '<script>alert("x")</script>'
    with chain.office.session() as session:
        articles.put(session, replace(MILK, de=name), "test")
    for path in ("/articles/", "/articles/40122", "/articles/40122/price"):
        page = jana.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_articles_without_a_price_are_a_task(jana: Person) -> None:
    assert "1 Artikel ohne Preis" in jana.get("/").text
    page = jana.get("/articles/?task=price").text
    assert "Rätsel" in page and "Pils" not in page


def test_a_number_that_is_sought_comes_before_what_only_holds_it(
    chain: Chain, jana: Person
) -> None:
    with chain.office.session() as session:
        for key, name in (("10013", "Aal"), ("7", "Bohnen 1001"), ("1001", "Zwieback"),
                          ("91001", "Ananas"), ("10011", "Zimt")):  # fmt: skip
            articles.put(session, replace(MILK, key=ArticleKey(key), de=name, codes=()), "test")

    def found(question: str) -> list[str]:
        return re.findall(r'data-l="Nummer">(\w+)<', jana.get(f"/articles/?q={question}").text)

    assert found("1001") == ["1001", "10011", "10013", "91001", "7"]
    assert found("1001&sort=name") == ["10013", "91001", "7", "10011", "1001"]
    assert found("1001&sort=-number")[0] == "91001"
    assert found("bohnen") == ["7"]


def test_htmx_gets_the_list_alone(jana: Person) -> None:
    part = jana.get("/articles/?q=pils", **{"HX-Request": "true"})
    assert "<html" not in part.text and "Pils" in part.text
    assert "HX-Request" in part.headers["Vary"]
    whole = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in jana.get("/articles/?q=pils", **whole).text


def test_a_receipt_is_shown_as_it_was_printed(chain: Chain, jana: Person) -> None:
    with chain.till("014-1") as till:
        till.scan(Barcode("4012345678901"))
        receipt, *_ = till.pay([])
        printed = [row.text for row in till.prints.rows(receipt)]
    chain.look("014-1")
    page = jana.get(f"/receipts/014-1/{receipt.series}/{receipt.number}").text
    for text in printed:
        assert text in page
    xml = jana.get(f"/receipts/014-1/{receipt.series}/{receipt.number}.xml")
    assert xml.mimetype == "application/xml" and b"<entry" in xml.data
    for wanted in (str(receipt.number), "1,39", "1.39", "014-1", f"014-1 {receipt.number}"):
        assert f">{receipt.number}</a>" in jana.get(f"/receipts/?q={wanted}").text, wanted
    assert f">{receipt.number}</a>" not in jana.get("/receipts/?q=9,99").text
    assert jana.get("/receipts/?q=xyz!").status_code == 422


def test_turnover_is_what_was_sold_whichever_way_it_is_cut(chain: Chain, jana: Person) -> None:
    for name, many in (("014-1", 2), ("014-2", 3)):
        with chain.till(name) as till:
            for _ in range(many):
                till.scan(Barcode("4012345678901"))
            till.pay([])
        chain.look(name)
    for by in ("branch", "day", "article"):
        page = jana.get(f"/turnover/?by={by}&period=today").text
        assert "6,95" in page, by
    assert "6,95" in jana.get("/receipts/?article=40122").text


def test_a_code_is_shown_once_and_a_till_is_shut_out_and_let_in(chain: Chain, jana: Person) -> None:
    page = jana.post("/tills/014-2/code").text
    code = re.search(r'id="code">([0-9A-Z-]{23})<', page)
    assert code and f"--code {code.group(1)}" in page
    assert code.group(1) not in jana.get("/tills/014-2").text
    chain.box("014-1")
    for act, shut in (("revoke", True), ("restore", False)):
        assert jana.post(f"/tills/014-1/{act}").status_code == 303
        with chain.office.reading() as session:
            device = session.get(Device, "014-1")
            assert device is not None and (device.revoked_at is not None) is shut


def test_a_code_for_a_till_that_has_a_machine_says_that_it_is_shut_out(
    chain: Chain, jana: Person
) -> None:
    word = words.catalogue("de")["tills.code.replaces"]
    assert word not in jana.post("/tills/014-1/code").text
    chain.box("014-1")
    assert word in jana.post("/tills/014-1/code").text


def test_a_code_names_the_address_that_is_configured_or_says_what_to_set(
    chain: Chain, jana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = jana.client.application.config
    monkeypatch.setattr("backoffice.access.is_public", lambda _: False)  # her session stays hers
    config["OFFICE_ADDRESS"] = "https://office.example"
    assert "--office https://office.example " in jana.post("/tills/014-2/code").text
    config["OFFICE_ADDRESS"] = None
    form = {"csrf_token": jana.token("/tills/")}
    headers = {"X-Forwarded-For": "10.0.0.9"}
    answer = jana.client.post("/tills/014-2/code", data=form, headers=headers)
    assert answer.status_code == 409
    assert "TRESEN_OFFICE_URL=https://" in answer.text and 'id="code"' not in answer.text


def test_a_fault_of_ours_is_said_and_logged(
    chain: Chain, jana: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("services.evaluation.tills.tills", lambda *_: 1 / 0)
    answer = jana.get("/tills/")
    assert answer.status_code == 500 and "Hier ist etwas kaputt" in answer.text
    assert "page failed path=/tills/" in caplog.text


def milk_sold(chain: Chain, name: str = "014-1") -> Receipt:
    """One milk, paid in cash and sent up."""
    with chain.till(name) as till:
        till.scan(Barcode("4012345678901"))
        receipt, *_ = till.pay([])
    chain.look(name)
    return receipt


def test_a_receipt_with_an_unknown_stamp_is_shown_without_its_rows(
    chain: Chain, jana: Person
) -> None:
    receipt = milk_sold(chain)
    with chain.office.session() as session:
        entry = session.scalars(sa.select(EntryRow).where(EntryRow.kind == "receipt")).one()
        entry.document = entry.document.replace(b'scheme="plain"', b'scheme="atlantis"')
    page = jana.get(f"/receipts/014-1/{receipt.series}/{receipt.number}")
    assert page.status_code == 200
    assert "„atlantis“ ist hier nicht bekannt" in page.text and f"Bon {receipt.number}" in page.text


def test_a_receipts_page_speaks_the_readers_language(chain: Chain, jana: Person) -> None:
    receipt = milk_sold(chain)
    address = f"/receipts/014-1/{receipt.series}/{receipt.number}"
    assert receipt.stamp is not None
    first = receipt.stamp.chain[:8]
    for language, tender, stamp, rate in (
        ("de", "Bar", "Eigene Kette, ohne Signatur nach Gesetz, gestempelt", "Klasse, Satz"),
        ("en", "Cash", "Our own chain, no signature by law, stamped", "Class, rate"),
        ("es", "Efectivo", "Cadena propia, sin firma legal, sellado", "Clase, tipo"),
    ):
        jana.post("/me", language=language)
        assert f'<td class="drop">{tender}</td>' in jana.get("/receipts/").text
        page = jana.get(address).text
        assert stamp in page and rate in page and "plain, signed" not in page
        assert re.search(rf"{first} \w+: \w+", page)  # the slip's row of the chain has its label


def test_the_taxes_of_a_receipt_have_four_heads(chain: Chain, jana: Person) -> None:
    receipt = milk_sold(chain)
    page = jana.get(f"/receipts/014-1/{receipt.series}/{receipt.number}").text
    table = page.partition("<h2>Steuern</h2>")[2].partition("</table>")[0]
    assert re.findall(r"<th scope=\"col\"[^>]*>([^<]+)<", table) == [
        "Klasse, Satz", "Netto", "Steuer", "Brutto",
    ]  # fmt: skip
    assert "B 7 %" in table


def test_a_receipt_of_a_far_day_says_its_year_and_that_the_clock_was_wrong(
    chain: Chain, jana: Person
) -> None:
    far = datetime(2031, 11, 25, 10, tzinfo=UTC)
    with chain.till("014-1", lambda: far) as till:
        till.scan(Barcode("4012345678901"))
        till.pay([])
    chain.look("014-1")
    for path in ("/", "/receipts/?period=all"):
        page = jana.get(path).text
        assert "25.11.2031" in page and "Uhr ging vor" in page, path
    milk_sold(chain, "014-2")
    assert "Uhr ging vor" not in jana.get("/receipts/").text


def test_no_blank_stands_before_a_comma(jana: Person) -> None:
    heading = jana.get("/receipts/").text.partition("calendar-blank")[2].partition("</summary>")[0]
    assert re.search(r"<span>Heute<span[^>]*>, ", heading)


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("line 1: Element 'receipt': The attribute 'x' is not allowed.", "format"),
        ("<entry>: “1,0” is not an amount", "format"),
        ("the document has 5000000 bytes, more than 4194304", "format"),
        ("the entry is of till 014-9", "elsewhere"),
        ("the entry is number 3 of series 1", "elsewhere"),
        ("the receipt is of series 7", "elsewhere"),
        ("the entry is of 1970-01-01", "moment"),
        ("receipt 93 does not add up: lines 100, total 90", "sums"),
        ("receipt 3 is in EUR and holds USD", "sums"),
        ("receipt 3 is practice", "practice"),
        ("tax class A is there twice", "twice"),
        ("receipt 7 has no stamp", "stamp"),
        ("“atlantis” is no fiscal module", "stamp"),
        ("receipt 7 was changed after it was stamped", "stamp"),
        ("the entry is not chained to entry 6 as it came", "chain"),
        ("receipt number 7 came before, in entry 9", "number"),
        ("another content has been sent under this number before", "content"),
        ("its rows cannot be made: integer out of range", "rows"),
        ("something that nobody has thought of", "other"),
    ],
)
def test_why_something_was_put_aside_is_said_plainly(
    chain: Chain, jana: Person, reason: str, kind: str
) -> None:
    with chain.office.session() as session:
        session.add(
            QuarantineRow(
                branch="014", till="1", series="1", number=7, digest="0" * 64, document=b"<x/>",
                reason=reason, received_at=datetime.now(UTC),
            )
        )  # fmt: skip
    said = html.escape(words.word("de", f"quarantine.{kind}"), quote=False)
    page = jana.get("/quarantine").text
    assert f"<b>{said}</b><small>{html.escape(reason).replace('&#x27;', '&#39;')}</small>" in page
