"""Receipts by e-mail: on record at the till, sent by head office once, as far as SMTP can promise it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import sqlalchemy as sa

from backoffice import create_app
from schemas.keys import Barcode, KeyRefused, mail_address
from services.database import people
from services.database.mails import MailRow
from services.mailing import letter, post, queue
from services.mailing.post import Outcome
from services.register.columns import Row
from services.register.refusal import StepRefused
from tests.backoffice.conftest import PASSWORD
from tests.pretend.branch import Chain
from tests.pretend.post_office import PostOffice, post_office
from tests.pretend.processes import processes, until
from tests.pretend.slips import written

ANNA = "anna.meyer+shop@mail.example"
MILK = Barcode("4012345678901")
NOW = datetime.now(UTC)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    """A post office on this machine."""
    with post_office(tmp_path / "post") as opened:
        yield opened


def place(port: int) -> post.PostOffice:
    """The way to it."""
    return post.PostOffice("127.0.0.1", port, "none", "receipts@elbmarkt.example")


def rows(chain: Chain) -> list[MailRow]:
    """What is queued."""
    with chain.office.reading() as session:
        return list(session.scalars(sa.select(MailRow).order_by(MailRow.number)))


def sold(chain: Chain, address: str = ANNA) -> str:
    """A bottle of milk whose receipt goes by e-mail; answers the slip as text."""
    with chain.till("014-1") as till:
        till.scan(MILK)
        till.mailing.during(address)
        receipt, _ = till.pay()
        slip = written(till.prints.rows(receipt))
    chain.look("014-1")
    return slip


def test_during_the_sale_and_after_it_each_is_sent_once(
    any_chain: Chain, office: PostOffice
) -> None:
    chain = any_chain
    with chain.till("014-1") as till:
        till.scan(MILK)
        till.mailing.during("  bea@mail.example ")
        assert till.pay()[0].mail == "bea@mail.example"
        till.scan(MILK)
        last, _ = till.pay()
        till.mailing.after(last, ANNA)
        text = [row.text.rstrip() for row in till.prints.rows(last)]
    for _ in range(2):
        chain.look("014-1")
    assert [(row.receipt, row.state) for row in rows(chain)] == [(1, "waiting"), (2, "waiting")]
    assert queue.once(chain.office, place(office.port)) == 2
    assert queue.once(chain.office, place(office.port)) == 0
    assert {row.state for row in rows(chain)} == {"sent"}
    first, second = office.letters()
    assert (first["To"], second["To"]) == ("bea@mail.example", ANNA)
    assert second["From"] == "Elbmarkt <receipts@elbmarkt.example>"
    assert second["Subject"] == "Bon 014-1-1-2 · Elbmarkt"
    body = second.get_body(("plain",))
    assert body is not None
    assert [line.rstrip() for line in body.get_content().splitlines()] == text
    (page,) = second.iter_attachments()
    assert page.get_filename() == "014-1-1-2.html"
    assert "Milch" in page.get_content() and '<span class="d"><b>Summe' in page.get_content()


def test_a_death_after_the_receipt_loses_no_letter(chain: Chain) -> None:
    """The address lies in the receipt itself: there is no moment with the one and not the other."""
    with chain.till("014-1") as till:
        till.scan(MILK)
        till.mailing.during(ANNA)
    with chain.till("014-1") as till:  # it died and came back with the sale in hand
        assert till.basket.mail == ANNA
        till.pay()
    with chain.till("014-1") as till:
        assert till.basket.mail is None
    chain.look("014-1")
    assert [row.address for row in rows(chain)] == [ANNA]


def test_practice_is_sent_to_nobody(chain: Chain) -> None:
    with chain.till("014-1") as till:
        till.train(training=True)
        till.scan(MILK)
        till.mailing.during(ANNA)
        receipt, _ = till.pay()
        assert receipt.mail is None
        with pytest.raises(StepRefused):
            till.mailing.after(receipt, ANNA)


@pytest.mark.parametrize(
    "text",
    ["", "anna", "a@b", "a@b.c", "anna@mail.example\r\nBcc: x@y.example", "a b@mail.example",
     "a@mail.example, b@mail.example", "<a@mail.example>", '"a"@mail.example', "a@-x.example",
     "ä@mail.example", "a@mäil.example", ".a@mail.example", "a..b@mail.example", "a@[127.0.0.1]",
     "a" * 65 + "@mail.example", "a@" + "b" * 250 + ".example", "a@mail.example\n", "a@mail.example\0"],
)  # fmt: skip
def test_what_is_no_address_is_refused_and_not_repeated(chain: Chain, text: str) -> None:
    with pytest.raises(KeyRefused) as refused:
        mail_address(text)
    assert not text or text not in str(refused.value)
    if text.strip() == text and text:
        with chain.till("014-1") as till:
            till.scan(MILK)
            with pytest.raises(StepRefused, match="no e-mail address"):
                till.mailing.during(text)


def test_a_head_is_never_ended_by_what_stands_in_it() -> None:
    rows_ = (Row("<b>Käse</b> & \u00a3"), Row("Summe", bold=True, double=True))
    made = letter.made(
        rows_, name="014-1-1-2", company="Elb\r\nBcc: x@y.example <markt>", sender="r@e.example",
        to=ANNA, language="de", identity="receipt-1", at=NOW,
    )  # fmt: skip
    again = message_from_bytes(made.as_bytes(policy=policy.SMTP), policy=policy.default)
    assert again["Bcc"] is None and again["Message-ID"] == "<receipt-1@e.example>"
    page = again.get_payload(1).get_content()  # type: ignore[union-attr]
    assert "&lt;b&gt;Käse&lt;/b&gt; &amp; £" in page and "<b>Summe" in page
    for bad in ("x@y.example\r\nBcc: z@y.example", "x y@z.example"):
        with pytest.raises(ValueError):  # noqa: PT011 (the library's own words)
            letter.made(
                rows_, name="1", company="E", sender="r@e.example", to=bad, language="de",
                identity="1", at=NOW,
            )  # fmt: skip


def test_busy_is_tried_again_later_and_unknown_never(chain: Chain, office: PostOffice) -> None:
    sold(chain)
    office.mood("busy")
    assert queue.once(chain.office, place(office.port)) == 1
    (row,) = rows(chain)
    assert (row.state, row.tries, row.said) == ("waiting", 1, "451 4.3.0 try again later")
    assert queue.once(chain.office, place(office.port)) == 0, "it waits before the next try"
    office.mood("unknown")
    later = datetime.now(UTC) + timedelta(minutes=3)
    assert queue.once(chain.office, place(office.port), later) == 1
    (row,) = rows(chain)
    assert (row.state, row.said) == ("refused", "550 5.1.1 … user unknown")
    office.mood("well")
    assert queue.once(chain.office, place(office.port), later + timedelta(days=1)) == 0
    assert office.letters() == []


def test_an_answer_that_was_lost_is_perhaps_and_the_letter_keeps_its_name(
    chain: Chain, office: PostOffice
) -> None:
    sold(chain)
    office.mood("cut")
    queue.once(chain.office, place(office.port))
    (row,) = rows(chain)
    assert (row.state, row.perhaps, row.tries) == ("waiting", True, 1)
    office.mood("well")
    queue.once(chain.office, place(office.port), datetime.now(UTC) + timedelta(minutes=5))
    (row,) = rows(chain)
    assert (row.state, row.perhaps, row.tries) == ("sent", True, 2)
    names = [each["Message-ID"] for each in office.letters()]
    assert len(names) == 2 and len(set(names)) == 1


def test_a_worker_that_died_while_sending_is_found_and_its_letter_sent_again(chain: Chain) -> None:
    sold(chain)

    class Death(BaseException):
        pass

    def dies(*_: object) -> Outcome:
        raise Death

    with pytest.raises(Death):
        queue.once(chain.office, place(1), send=dies)
    assert [row.state for row in rows(chain)] == ["sending"]
    assert queue.once(chain.office, place(1), send=_good) == 0, "somebody may still be at it"
    later = datetime.now(UTC) + queue.LEASE + timedelta(seconds=1)
    assert queue.once(chain.office, place(1), later, _good) == 1
    (row,) = rows(chain)
    assert (row.state, row.perhaps) == ("sent", True)


def _good(*_: object) -> Outcome:
    return Outcome("sent")


def test_of_two_workers_one_sends(any_chain: Chain) -> None:
    sold(any_chain)
    sent = []

    def send(*_: object) -> Outcome:
        sent.append(1)
        assert queue.once(any_chain.office, place(1), send=send) == 0  # the other looks meanwhile
        return Outcome("sent")

    queue.once(any_chain.office, place(1), send=send)
    assert sent == [1]


def test_of_two_workers_that_saw_the_same_letter_one_takes_it(any_chain: Chain) -> None:
    sold(any_chain)
    key = ("014", "1", "1", rows(any_chain)[0].number)
    start, took = threading.Barrier(4), list[bool]()

    def take() -> None:
        start.wait()
        took.append(queue._take(any_chain.office, key, NOW))

    workers = [threading.Thread(target=take) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert sorted(took) == [False, False, False, True]


def test_the_waits_grow_and_end_after_three_days(chain: Chain) -> None:
    sold(chain)
    now, waits = datetime.now(UTC), []
    while rows(chain)[0].state == "waiting":
        queue.once(chain.office, place(1), now, lambda *_: Outcome("later", "away"))
        row = rows(chain)[0]
        waits.append(row.next_at - now)
        now = max(now + timedelta(seconds=1), row.next_at)
    assert waits[0] == timedelta(minutes=2) and max(waits) == timedelta(hours=4)
    assert row.said == "given up after three days: away" and len(waits) < 40


def test_no_post_office_there_is_later_and_never_perhaps(chain: Chain) -> None:
    sold(chain)
    queue.once(chain.office, place(1))
    (row,) = rows(chain)
    assert (row.state, row.perhaps) == ("waiting", False)
    assert row.said == "the line to the post office broke: ConnectionRefusedError"


def test_an_address_stands_in_no_log(
    chain: Chain, office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        sold(chain)
        for mood in ("busy", "unknown"):
            office.mood(mood)
            queue.once(chain.office, place(office.port), datetime.now(UTC) + timedelta(hours=1))
    assert "mail.example" not in caplog.text
    assert all("@" not in (row.said or "") for row in rows(chain))


def test_the_worker_sends_as_a_process_and_the_office_shows_it(
    chain: Chain, office: PostOffice
) -> None:
    sold(chain)
    environment = {
        "TRESEN_SMTP_HOST": "127.0.0.1", "TRESEN_SMTP_PORT": str(office.port),
        "TRESEN_SMTP_TLS": "none", "TRESEN_SMTP_SENDER": "r@elbmarkt.example",
    }  # fmt: skip
    with pytest.MonkeyPatch.context() as patch, processes(chain) as run:
        for name, value in environment.items():
            patch.setenv(name, value)
        office.mood("slow")
        run.start("worker", "office", "worker", *run.office)
        until(lambda: rows(chain)[0].state == "sending", "a worker is at it")
        run.kill("worker")
        office.mood("well")
        with chain.office.writing() as connection:  # ten minutes later
            connection.execute(sa.update(MailRow).values(began_at=NOW - timedelta(hours=1)))
        run.start("worker", "office", "worker", *run.office)
        until(lambda: rows(chain)[0].state == "sent", "the next one sends it")
    assert rows(chain)[0].perhaps is True
    assert len({each["Message-ID"] for each in office.letters()}) == 1


def test_the_list_says_what_became_of_each_without_the_address(chain: Chain) -> None:
    sold(chain)
    queue.once(chain.office, place(1), send=lambda *_: Outcome("refused", "550 no such user"))
    with chain.office.session() as session:
        people.make_user(session, "jana", PASSWORD, language="en", branch=None)
    app = create_app(chain.office.directory)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/sign-in", data={"name": "jana", "password": PASSWORD})
    page = client.get("/receipts/mails?show=refused").text
    assert "550 no such user" in page and "a…@mail.example" in page and "anna" not in page
    assert "No receipt went by e-mail" in client.get("/receipts/mails?show=sent").text
    app.extensions["office"].close()


def test_a_till_sends_its_own_receipts_only(chain: Chain) -> None:
    with chain.till("014-1") as till:
        till.scan(MILK)
        receipt, _ = till.pay()
        from schemas.journal import Note  # noqa: PLC0415

        for name in ("014-2-1-1", "015-1-1-1", "x", "", "014-1-1-x"):
            till.book.record(Note("mail", till.now(), till.whoever.key, reason=name, mail=ANNA))
        till.mailing.after(receipt, ANNA)
    chain.look("014-1")
    assert [(row.receipt_series, row.receipt) for row in rows(chain)] == [("1", 1)]


def test_a_receipt_that_has_not_come_yet_is_waited_for(chain: Chain) -> None:
    with chain.office.writing() as connection:
        connection.execute(
            sa.insert(MailRow).values(
                branch="014", till="1", series="1", number=9, receipt_series="1", receipt=77,
                address=ANNA, state="waiting", perhaps=False, tries=0, made_at=NOW, next_at=NOW,
            )
        )  # fmt: skip
    queue.once(chain.office, place(1), send=_good)
    (row,) = rows(chain)
    assert (row.state, row.said, row.tries) == ("waiting", "the receipt has not come yet", 0)


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"TRESEN_SMTP_TLS": "ssl"}, "none of starttls"),
        ({"TRESEN_SMTP_TLS": "none"}, "only for a post office on this machine"),
        ({"TRESEN_SMTP_PORT": "x"}, "no port"),
        ({"TRESEN_SMTP_SENDER": "x\r\ny@z.example"}, "no e-mail address"),
        ({"TRESEN_SMTP_SENDER": "r@e.example", "TRESEN_SMTP_PASSWORD_FILE": "/nowhere"}, "cannot be read"),
    ],
)  # fmt: skip
def test_a_post_office_that_cannot_be_used_is_said(environment: dict[str, str], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        post.configured({"TRESEN_SMTP_HOST": "smtp.example", **environment})
    assert post.configured({}) is None


def test_a_post_office_takes_its_usual_port() -> None:
    found = post.configured({"TRESEN_SMTP_HOST": "s.example", "TRESEN_SMTP_SENDER": "r@e.example"})
    assert found == post.PostOffice("s.example", 587, "starttls", "r@e.example")
