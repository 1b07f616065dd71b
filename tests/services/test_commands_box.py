"""A box's commands, used wrongly: a sentence, an exit code, and no folder that was not there."""

from __future__ import annotations

import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas import signature, xml
from schemas.enrolment import Enrolment
from schemas.journal import Acknowledgement, Refused, Through
from services.agent import enrolling
from services.disk.box import Box, BoxRefused
from services.gateway import enrol
from services.link import identity
from services.link.http_client import HttpEnrolling
from services.link.office import OfficeRefused, OfficeUnreachable, Past
from services.spool import upload
from tests.pretend.branch import MILK, Chain
from tests.services.test_commands import run, said


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("box", "status"), 1), (("box", "verify"), 1), (("box", "list"), 1),
        (("agent", "run", "--box"), 1), (("agent", "run", "--once", "--box"), 1),
        (("till", "sell", "-", "--box"), 2),
    ],
)  # fmt: skip
def test_a_folder_that_is_no_box_is_refused_and_not_made(
    tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    where = tmp_path / "typo" / "box"
    said(run(*arguments, str(where), text="{}"), code, f"{where} is not enrolled")
    assert not (tmp_path / "typo").exists()


# Enrolment


class DirectEnrolling:
    """Head office without any line between. `lost`: it answers, and the answer gets lost."""

    def __init__(self, chain: Chain, *, lost: bool = False) -> None:
        self._chain = chain
        self._lost = lost

    def enrol(self, code: str, public_key: str, past: Past) -> Enrolment:
        """As the gateway does."""
        trusted = signature.public_text(self._chain.office.replica_key())
        with self._chain.office.session() as session:
            who = enrol.enrol(session, code, public_key, "http://127.0.0.1:1", None, trusted, past)
        if self._lost:
            raise OfficeUnreachable("the line broke during a call")
        return who


def code_for(chain: Chain, till: str) -> str:
    """A code from head office."""
    with chain.office.session() as session:
        return enrol.make_code(session, till, "test")


def test_an_enrolment_that_is_refused_leaves_no_trace(chain: Chain, tmp_path: Path) -> None:
    box = Box(tmp_path / "boxes" / "of" / "014-1")
    with pytest.raises(OfficeRefused, match="not known"):
        enrolling.enrol(box, DirectEnrolling(chain), "AAAAA")
    assert not (tmp_path / "boxes").exists()
    (tmp_path / "boxes").mkdir()
    with pytest.raises(OfficeRefused):
        enrolling.enrol(box, DirectEnrolling(chain), "AAAAA")
    assert list((tmp_path / "boxes").iterdir()) == []


def test_an_answer_that_is_lost_loses_no_code(chain: Chain, tmp_path: Path) -> None:
    box, code = Box(tmp_path / "014-1"), code_for(chain, "014-1")
    with pytest.raises(OfficeUnreachable):
        enrolling.enrol(box, DirectEnrolling(chain, lost=True), code)
    assert enrolling.enrol(box, DirectEnrolling(chain), code).name == "014-1"


def test_a_box_stays_the_till_that_it_was(chain: Chain) -> None:
    box = chain.box("014-1")
    other = code_for(chain, "014-2")
    with pytest.raises(OfficeRefused, match="This box is till 014-1, and the code is for 014-2"):
        enrolling.enrol(box, DirectEnrolling(chain), other)
    assert identity.enrolment(box).name == "014-1"
    empty = Box(chain.directory / "boxes" / "new")
    assert enrolling.enrol(empty, DirectEnrolling(chain), other).name == "014-2"


def sold(chain: Chain, name: str) -> Box:
    """The box of a till that has sold something and not sent it."""
    with chain.till(name) as till:
        till.scan(MILK.codes[0].value)
        till.pay([(till.catalogue.tenders()[0].key, till.basket.total)])
    return chain.box(name)


def test_the_same_till_can_be_enrolled_again_in_the_same_box(chain: Chain) -> None:
    box = sold(chain, "014-1")
    again = enrolling.enrol(box, DirectEnrolling(chain), code_for(chain, "014-1"))
    assert (again.name, again.series) == ("014-1", "2")
    chain.look("014-1")
    assert upload.waiting(box)[0] == 0, "what waited has gone up"


def test_without_its_identity_the_journal_says_which_till_a_box_is(chain: Chain) -> None:
    box = sold(chain, "014-1")
    chain.look("014-1")
    box.identity.write_text("rubbish")
    with pytest.raises(OfficeRefused, match="This box is till 014-1"):
        enrolling.enrol(box, DirectEnrolling(chain), code_for(chain, "014-2"))
    again = enrolling.enrol(box, DirectEnrolling(chain), code_for(chain, "014-1"))
    assert again.name == "014-1", "head office has what the box says it acknowledged"


def test_a_journal_of_another_chain_is_refused(chain: Chain, tmp_path: Path) -> None:
    box = sold(chain, "014-1")
    other = Chain(tmp_path / "other")
    code = code_for(other, "014-1")
    with pytest.raises(
        OfficeRefused, match=r"sales that this head office does not know \(1 entries\)"
    ):
        enrolling.enrol(box, DirectEnrolling(other), code)
    chain.look("014-1")
    with pytest.raises(OfficeRefused, match="Enrol till 014-1 in an empty folder; the code can"):
        enrolling.enrol(box, DirectEnrolling(other), code)
    empty = Box(tmp_path / "empty")
    assert enrolling.enrol(empty, DirectEnrolling(other), code).series == "1"
    other.office.close()


def test_a_key_that_is_damaged_is_a_sentence(chain: Chain) -> None:
    box = chain.box("014-1")
    (box.keys / "device.pem").write_text("rubbish")
    said(run("agent", "run", "--once", "--box", str(box.path)), 1, "device.pem", "enrol this box")
    said(run("agent", "run", "--box", str(box.path)), 1, "device.pem", "enrol this box")
    enrol_ = ("box", "enrol", "--office", "http://127.0.0.1:9", "--code", "A", str(box.path))
    said(run(*enrol_), 1, "Move that file away")
    assert identity.enrolment(box).name == "014-1"
    with pytest.raises(BoxRefused):
        identity.device_key(box)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("office.example", "is no address of a head office; write it as in https://"),
        ("https://", "is no address"), ("https://x:99999", "is no address"),
        ("https://[::1", "is no address"), ("https://a b", "is no address"), ("", "is no address"),
        ("ftp://office.example", "is no address"),
        ("http://office.example", "only https is allowed"),
        ("http://127.0.0.1:9", "Head office is not answering. Check the address http://127"),
        ("https://127.0.0.1:9", "Head office is not answering. Check the address"),
    ],
)  # fmt: skip
def test_an_address_that_leads_nowhere_is_a_sentence(
    tmp_path: Path, address: str, reason: str
) -> None:
    box = tmp_path / "boxes" / "new"
    said(run("box", "enrol", "--code", "AAAAA", str(box), "--office", address), 1, reason)
    assert not (tmp_path / "boxes").exists()


class Website(http.server.BaseHTTPRequestHandler):
    """Something that is no head office."""

    def do_POST(self) -> None:
        """A page, whatever is asked; /denied and /gone say so."""
        self.send_response(403 if "denied" in self.path else 404 if "gone" in self.path else 200)
        self.end_headers()
        self.wfile.write(b"<html>Welcome</html>")

    def log_message(self, *args: object) -> None:
        """Be quiet."""


@pytest.fixture
def website() -> Iterator[str]:
    """The address of a website."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Website) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("", "What answered there is no head office. Check the address"),
        ("/denied", "There is no head office, but a page (403). Check the address"),
        ("/gone", "Head office answered 404. Check the address"),
    ],
)
def test_a_website_that_is_no_head_office_is_said(
    tmp_path: Path, website: str, path: str, reason: str
) -> None:
    box = tmp_path / "new"
    said(run("box", "enrol", "--code", "A", str(box), "--office", website + path), 1, reason)
    assert not box.exists()
    with pytest.raises(OfficeUnreachable):
        HttpEnrolling(website).enrol("A", "B", Past())


# Looking


def test_status_says_what_the_agent_says_in_lines(chain: Chain) -> None:
    box = str(chain.box("014-1").path)
    said(run("box", "status", box), 0, "Agent           has not run here yet", "chain: none yet")
    chain.look("014-1")
    said(
        run("box", "status", box), 0, "Till            014-1", "Receipts wait   0", "chain: 1",
        "Agent           version ", "Line            online", "Last contact    20",
    )  # fmt: skip
    assert "<status" not in run("box", "status", box).output
    (Path(box) / "status" / "agent.xml").write_text("<rubbish")
    said(run("box", "status", box), 0, "agent.xml is damaged")


def test_status_says_what_is_wrong_with_the_mirror(chain: Chain) -> None:
    chain.look("014-1")
    box = chain.box("014-1")
    (box.mirror / "chain" / "current").write_text("rubbish")
    said(run("box", "status", str(box.path)), 0, "chain: damaged: ", "branch-014: 1", "Disk free")


def test_what_head_office_refused_stays_noted_and_is_said(chain: Chain) -> None:
    box = chain.box("014-1")
    through = (Through("1", 3, xml.digest(b"")),)
    upload.keep(box, Acknowledgement(through, (Refused("1", 2, "it does not add up"),)))
    upload.keep(box, Acknowledgement(through))
    upload.keep(box, Acknowledgement(through, (Refused("1", 3, "it is of 1999"),)))
    upload.keep(box, Acknowledgement(through, (Refused("1", 3, "it is of 1999"),)))
    assert [each.number for each in upload.put_aside(box)] == [2, 3]
    said(
        run("box", "status", str(box.path)), 0, "Refused         2 entries",
        "series 1, number 2: it does not add up", "series 1, number 3: it is of 1999",
    )  # fmt: skip


def test_verify_finds_what_is_missing_or_damaged_of_the_agents(chain: Chain) -> None:
    box = chain.box("014-1")
    said(run("box", "verify", str(box.path)), 1, "mirror/chain: this master data has not come yet")
    box = sold(chain, "014-1")
    chain.look("014-1")
    said(run("box", "verify", str(box.path)), 0, "All is well")
    (box.spool / "acknowledged.xml").write_text("<rubbish")
    said(run("box", "verify", str(box.path)), 1, "acknowledged.xml: line 1")
    chain.look("014-1")
    shutil.rmtree(box.mirror / "branch-014")
    said(run("box", "verify", str(box.path)), 1, "mirror/branch-014: this master data has not come")
