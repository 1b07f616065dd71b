"""Messages to programs of others: none lost, none doubled, none to where nobody outside may call."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import http.server
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from schemas.article import Group
from schemas.customer import Customer
from schemas.keys import (
    ArticleKey,
    Barcode,
    BranchKey,
    CustomerKey,
    GroupKey,
    ModelKey,
    PromotionKey,
)
from schemas.model import Axis, Model, Value
from schemas.picture import Picture
from schemas.promotion import Goods, Promotion
from services.database import customers, prices, privacy, records
from services.database.changes import CHAIN, PICTURES
from services.database.headoffice import HeadOffice
from services.database.hooks import EVENTS, Happening, HookMessage, HookRow, tell
from services.demo.chain import Seat
from services.exporting import hooks, post
from services.exporting.post import Answer, Gate
from tests.backoffice.test_cash import closed
from tests.pretend.branch import Chain

SECRET = base64.b64encode(b"s" * 32).decode()
NOW = datetime.now(UTC)


@dataclass
class Receiver:
    """A program of somebody else, behind real TLS; `status` is what it answers."""

    url: str = ""
    ca: str = ""
    status: int = 204
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


def certificate(folder: Path) -> Path:
    """A key and a certificate for localhost, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / "receiver.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )  # fmt: skip
    return path


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    """A receiver that listens."""
    found = Receiver()

    class Answering(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Take a message."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append(({n.lower(): v for n, v in self.headers.items()}, body))
            self.send_response(found.status)
            if found.status == 302:
                self.send_header("Location", "https://169.254.169.254/")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    path = certificate(tmp_path)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    found.url, found.ca = f"https://localhost:{server.server_port}/tresen?x=1", str(path)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


def listens(
    office: HeadOffice, url: str = "https://erp.example/", *events: str, branch: str | None = None
) -> int:
    """Somebody wants to hear; what was published before is not told."""
    hooks.feed(office)
    with office.session() as session:
        row = HookRow(url=url, events=" ".join(events or EVENTS), branch=branch, secret=SECRET,
                      state="on", made_by="jana", made_at=NOW)  # fmt: skip
        session.add(row)
        session.flush()
        return row.id


def sold(chain: Chain, name: str = "014-1") -> int:
    """One milk is sold and sent up."""
    with chain.till(name) as till:
        till.scan(Barcode("4012345678901"))
        receipt, *_ = till.pay()
    chain.look(name)
    return receipt.number


def messages(chain: Chain) -> list[HookMessage]:
    """All of them, in order."""
    with chain.office.reading() as session:
        return list(session.scalars(sa.select(HookMessage).order_by(HookMessage.id)))


def test_a_price_a_receipt_and_a_z_arrive_signed_and_once(
    any_chain: Chain, receiver: Receiver
) -> None:
    listens(any_chain.office, receiver.url, "price.changed", "receipt.received", "z.received")
    any_chain.price("40122", "1.49")
    number = sold(any_chain)
    closed(any_chain)
    gate = Gate(private=True, ca=receiver.ca)
    for _ in range(3):
        hooks.feed(any_chain.office)
        hooks.once(any_chain.office, gate)
    told = [json.loads(body) for _, body in receiver.got]
    assert sorted(each["type"] for each in told) == [
        "price.changed",
        "receipt.received",
        "z.received",
    ]
    by_type = {each["type"]: each["data"] for each in told}
    assert by_type["price.changed"]["amount"] == "1.49"
    assert (by_type["receipt.received"]["number"], by_type["receipt.received"]["total"]) == (
        number, "1.49",
    )  # fmt: skip
    headers, body = receiver.got[0]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.digest(base64.b64decode(SECRET), signed, hashlib.sha256)
    assert headers["webhook-signature"] == "v1," + base64.b64encode(digest).decode()
    assert headers["host"].startswith("localhost:")
    assert {row.state for row in messages(any_chain)} == {"sent"}


def test_the_signature_is_that_of_the_standard() -> None:
    """Source: the test vector of the Standard Webhooks libraries."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    made = post.signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_same_again_is_told_once(any_chain: Chain) -> None:
    listens(any_chain.office)
    for number in (1, 2, 2):
        happened = Happening("receipt.received", f"entry:014-1-1-{number}", "014", {})
        with any_chain.office.writing() as connection:
            tell(connection, [happened], NOW)
    assert [row.source[-1] for row in messages(any_chain)] == ["1", "2"]


def test_who_hears_of_one_branch_hears_of_no_other(tmp_path: Path) -> None:
    chain = Chain(tmp_path, seats=(Seat("014", "A", "1", 1), Seat("QUX", "B", "2", 1)))
    listens(chain.office, "https://erp.example/", branch="014")
    sold(chain, "QUX-1")
    assert messages(chain) == []
    sold(chain, "014-1")
    assert len(messages(chain)) == 1
    chain.office.close()


def test_what_is_given_up_in_a_transaction_is_not_told(chain: Chain) -> None:
    listens(chain.office)
    with contextlib.suppress(RuntimeError), chain.office.session() as session:
        for row in prices.prices_of(session, "40122"):
            prices.remove_price(session, row, "test")
        raise RuntimeError
    chain.publish()
    assert hooks.feed(chain.office) == 0 and messages(chain) == []


def answers(*statuses: int | None) -> Any:
    """A line that answers so, in turn, and the last for ever; `asked` counts."""
    asked: list[str] = []

    def send(url: str, secret: str, name: str, body: bytes, at: int, gate: Gate) -> Answer:
        asked.append(name)
        status = statuses[min(len(asked), len(statuses)) - 1]
        return Answer(status, "" if status else "TimeoutError")

    send.asked = asked  # type: ignore[attr-defined]
    return send


def test_a_hook_that_does_not_answer_is_tried_ever_more_seldom_then_stopped(chain: Chain) -> None:
    hook = listens(chain.office)
    for _ in range(3):
        sold(chain)
    send, at, waits = answers(None), datetime.now(UTC), []
    for _ in range(200):
        tried = hooks.once(chain.office, Gate(), at, send)
        with chain.office.reading() as session:
            row = session.get_one(HookRow, hook)
            if row.state == "stopped":
                break
            assert row.next_at is not None
            waits.append((row.next_at - at).total_seconds())
            assert tried == 1  # the others wait with it, and nobody is hammered
            assert hooks.once(chain.office, Gate(), at, send) == 0
            at = max(row.next_at, min(m.next_at for m in messages(chain)))
    assert waits[:4] == [5, 15, 45, 135] and max(waits) == 4 * 3600
    assert timedelta(days=5) < at - NOW < timedelta(days=5, hours=6)
    assert {row.state for row in messages(chain)} == {"waiting"}  # none is lost
    with chain.office.session() as session:
        back = session.get_one(HookRow, hook)
        back.state, back.next_at = "on", None
    send = answers(200)
    hooks.once(chain.office, Gate(), at + timedelta(days=1), send)
    assert len(send.asked) == 3 and {row.state for row in messages(chain)} == {"sent"}


def test_a_message_that_is_refused_holds_up_no_other(chain: Chain) -> None:
    listens(chain.office)
    for _ in range(2):
        sold(chain)
    send, at = answers(422, 200, 422), datetime.now(UTC)
    hooks.once(chain.office, Gate(), at, send)
    assert [row.state for row in messages(chain)] == ["waiting", "sent"]
    for _ in range(10):
        at += timedelta(hours=5)
        hooks.once(chain.office, Gate(), at, send)
    assert [row.state for row in messages(chain)] == ["refused", "sent"]
    assert messages(chain)[0].tries == 6


def test_a_message_whose_worker_died_goes_again_under_the_same_name(chain: Chain) -> None:
    listens(chain.office)
    sold(chain)
    at = datetime.now(UTC)

    def dies(*_: Any) -> Answer:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        hooks.once(chain.office, Gate(), at, dies)
    assert messages(chain)[0].state == "sending"
    send = answers(200)
    assert hooks.once(chain.office, Gate(), at + timedelta(minutes=1), send) == 0
    assert hooks.once(chain.office, Gate(), at + timedelta(minutes=3), send) == 1
    assert send.asked == [messages(chain)[0].name] and messages(chain)[0].state == "sent"


def test_what_is_said_of_one_record_is_told_in_its_order(any_chain: Chain) -> None:
    """A message that was refused once must not overwrite, when it goes again, what came after it."""
    listens(any_chain.office, "https://erp.example/", "price.changed")
    begins = datetime(2031, 1, 1, tzinfo=UTC)
    at = datetime.now(UTC)
    any_chain.price("40122", "1.49", begins)
    any_chain.price("40200", "0.99", begins)
    hooks.feed(any_chain.office, at)
    told: list[tuple[str, str]] = []
    answer = iter((422, 204))

    def send(url: str, secret: str, name: str, body: bytes, now: int, gate: Gate) -> Answer:
        data = json.loads(body)["data"]
        told.append((data["article"], data["amount"]))
        return Answer(next(answer, 204), "")

    hooks.once(any_chain.office, Gate(), at, send)
    any_chain.price("40122", "1.59", begins)
    hooks.feed(any_chain.office, at)
    assert hooks.once(any_chain.office, Gate(), at + timedelta(seconds=1), send) == 0
    assert told == [("40122", "1.49"), ("40200", "0.99")]  # the newer price waits behind the older
    hooks.once(any_chain.office, Gate(), at + timedelta(seconds=30), send)
    assert told[2:] == [("40122", "1.49"), ("40122", "1.59")]
    assert {row.state for row in messages(any_chain)} == {"sent"}


def test_models_groups_pictures_promotions_customers_and_cash_are_told(any_chain: Chain) -> None:
    listens(any_chain.office)
    begins = datetime(2031, 1, 1, tzinfo=UTC)
    week = Promotion(PromotionKey("week"), begins, "Woche", goods=(Goods(),), percent=Decimal(10))
    with any_chain.office.session() as session:
        for document, scope in (
            (Model(ModelKey("shirt"), "Hemd", axes=(Axis("Größe", (Value("M"),)),)), CHAIN),
            (Group(GroupKey("dairy"), "Molkerei"), CHAIN),
            (Picture(ArticleKey("40122"), b"RIFF\x00\x00\x00\x00WEBP"), PICTURES),
            (week, CHAIN),
        ):
            records.put(session, document, scope, "test")
        customers.put(session, Customer(CustomerKey("7"), "Anna"), "test")
    closed(any_chain)
    any_chain.publish()
    hooks.feed(any_chain.office)
    told = [json.loads(row.body) for row in messages(any_chain)]
    data = {each["type"]: each["data"] for each in told}
    assert set(EVENTS) - set(data) == {"article.changed", "price.changed"}
    assert data["model.changed"] == {"key": "shirt", "removed": False}
    assert data["picture.changed"] == {"article": "40122", "removed": False}
    assert data["promotion.changed"]["from"] == "2031-01-01T00:00:00+00:00"
    assert data["customer.changed"] == {"number": "7", "removed": False, "erased": False}
    moved = [each["data"] for each in told if each["type"] == "cash.moved"]
    assert {("pay-out", "4.00"), ("safe-drop", "50.00")} <= {
        (m["kind"], m["amount"]) for m in moved
    }
    with any_chain.office.session() as session:
        privacy.erase(session, "7", "test")
        records.remove(session, "picture", "40122", PICTURES, "test")
    any_chain.publish()
    hooks.feed(any_chain.office)
    gone = {row.event: json.loads(row.body)["data"] for row in messages(any_chain)[len(told) :]}
    assert gone["customer.changed"]["erased"] and gone["picture.changed"]["removed"]
    assert "Anna" not in json.dumps(gone)


def test_who_hears_of_one_branch_hears_of_its_customers_and_promotions_only(tmp_path: Path) -> None:
    chain = Chain(tmp_path, seats=(Seat("014", "A", "1", 1), Seat("QUX", "B", "2", 1)))
    listens(chain.office, "https://erp.example/", "customer.changed", "promotion.changed",
            branch="014")  # fmt: skip
    begins = datetime(2031, 1, 1, tzinfo=UTC)

    def promote(key: str, *branches: str) -> None:
        said = Promotion(PromotionKey(key), begins, "A", branches=tuple(map(BranchKey, branches)),
                         goods=(Goods(),), percent=Decimal(10))  # fmt: skip
        with chain.office.session() as session:
            records.put(session, said, CHAIN, "test")
        chain.publish()
        hooks.feed(chain.office)

    with chain.office.session() as session:
        customers.put(session, Customer(CustomerKey("7"), "Anna"), "test")
    promote("theirs", "QUX")
    assert messages(chain) == []
    promote("ours", "014", "QUX")
    promote("ours", "QUX")  # that it is theirs no more is their business too
    promote("all")
    assert [json.loads(row.body)["data"]["key"] for row in messages(chain)] == [
        "ours",
        "ours",
        "all",
    ]
    assert "QUX" not in "".join(row.body for row in messages(chain))
    chain.office.close()


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",
     "100.64.0.1", "224.0.0.1", "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1",
     "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:0:0:0:0:80ff:fffe", "ff02::1", "192.0.2.1"],
)  # fmt: skip
def test_no_address_of_an_own_network_is_public(address: str) -> None:
    assert not post.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_addresses_of_the_internet_are(address: str) -> None:
    assert post.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    ["http://erp.example/", "https://", "ftp://a/", "https://a:b@c/", "https://a/#f", "javascript:1",
     "https://a b/", "https://ä.example/", "https://a:99999/", "https://a/" + "x" * 500, "//a/",
     "https://a\r\nX: y/"],
)  # fmt: skip
def test_only_https_addresses_are_kept(url: str) -> None:
    with pytest.raises(post.AddressRefused):
        post.checked(url)


def test_nobody_inside_is_called_unless_head_office_says_so(receiver: Receiver) -> None:
    answer = post.send(receiver.url, SECRET, "msg_1", b"{}", 1, Gate(ca=receiver.ca))
    assert answer == Answer(None, "localhost is not on the internet") and receiver.got == []
    inside = Gate(private=True, ca=receiver.ca)
    assert post.send(receiver.url, SECRET, "msg_1", b"{}", 1, inside).status == 204
    receiver.status = 302
    assert post.send(receiver.url, SECRET, "msg_1", b"{}", 1, inside).status == 302
    assert len(receiver.got) == 2  # the redirection was not followed
    assert post.send(receiver.url, SECRET, "m", b"{}", 1, Gate(private=True)).status is None


def test_a_name_is_looked_up_once_and_that_address_is_called(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: str, *rest: Any, **more: Any) -> Any:
        asked.append(host)
        elsewhere = "127.0.0.1" if asked.count(host) == 1 else "127.0.0.2"
        return real(elsewhere if host == "localhost" else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    gate = Gate(private=True, ca=receiver.ca)
    assert post.send(receiver.url, SECRET, "msg_1", b"{}", 1, gate).status == 204
    assert asked.count("localhost") == 1
