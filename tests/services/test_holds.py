"""What head office holds for a sale is free again when the sale is gone, and not before."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from schemas import xml
from schemas.authorisation import Answer, Question
from services.agent import holds
from services.authorising import carry
from services.link.office import OfficeUnreachable
from tests.pretend.branch import Chain, euros
from tests.services import test_clientele
from tests.services.test_clientele import ACCOUNT, IBAN, anna, milk
from tests.services.test_clientele import holds as held_there

club = test_clientele.shop
LATER = 3600.0


def let_go(chain: Chain) -> int:
    return holds.let_go(chain.box("014-1"), chain.desk("014-1"), time.time() + LATER)


def notes(chain: Chain) -> list[Path]:
    return list(carry.held(chain.box("014-1")).glob("*.xml"))


class Slow:
    """An office that hears a question only after `then` has happened at the till."""

    def __init__(self, office: object, then: object) -> None:
        self._office, self._then = office, then

    def authorise(self, question: Question) -> Answer:
        """Late, and the answer is lost on its way."""
        self._then()  # type: ignore[operator]
        self._office.authorise(question)  # type: ignore[attr-defined]
        raise OfficeUnreachable("the line broke")


def test_an_answer_that_comes_after_the_sale_was_given_up_holds_nothing_for_long(
    club: Chain,
) -> None:
    with club.till("014-1") as till:
        milk(till, 3)
        till.clientele.choose(anna(till))
        question = till.authority.question("account", "20418", euros("4.17"))
        assert question is not None

        def give_up() -> None:
            till.abort()
            club.look("014-1")

        till.authority.put(question, patience_s=0)
        asks = till.box.asks / f"{question.id}.xml"
        asks.write_bytes(xml.dump(question))
        assert carry.carry(till.box, Slow(club.desk("014-1"), give_up)) == 1  # type: ignore[arg-type]
        assert held_there(club) == 1
        club.look("014-1")
        assert held_there(club) == 1, "the question may still be on its way"
        assert let_go(club) == 1
        assert (held_there(club), notes(club)) == (0, [])
        assert let_go(club) == 0


def test_what_is_held_for_a_sale_in_hand_parked_or_not_sent_stays(club: Chain) -> None:
    with club.till("014-1") as till, club.line("014-1"):
        milk(till, 3)
        till.clientele.choose(anna(till))
        till.authority.ask("account", "20418", euros("4.17"))
        assert (let_go(club), held_there(club)) == (0, 1)
        till.parking.park()
        assert (let_go(club), held_there(club)) == (0, 1)
        till.parking.recall(till.parking.all()[0].ref)
        assert (let_go(club), held_there(club)) == (0, 1)
        till.pay([(ACCOUNT, euros("4.17"))])
        assert (let_go(club), held_there(club)) == (0, 1), "head office has no receipt yet"
        club.look("014-1")
        assert held_there(club) == 0
        let_go(club)
        assert notes(club) == []


def test_a_sale_that_leaves_no_record_leaves_no_hold(club: Chain) -> None:
    with club.till("014-1") as till, club.line("014-1"):
        milk(till, 3)
        till.authority.ask("debit", IBAN, euros("4.17"))
        till.forget()
        assert held_there(club) == 1
        assert (let_go(club), held_there(club)) == (1, 0)


def test_a_void_that_is_being_prepared_keeps_its_hold(club: Chain) -> None:
    with club.till("014-1") as till:
        question = Question("1" * 32, "debit", "void 014-1-1-1", IBAN, euros("1.00"))
        (till.box.asks / "1.xml").write_bytes(xml.dump(question))
        carry.carry(till.box, club.desk("014-1"))
        box, desk, now = till.box, club.desk("014-1"), time.time()
        assert holds.let_go(box, desk, now + holds.VOID_GRACE_S - 60) == 0
        assert holds.let_go(box, desk, now + holds.VOID_GRACE_S + 60) == 1
        assert held_there(club) == 0


def test_what_nobody_can_read_is_no_reason_to_stop(club: Chain) -> None:
    with club.till("014-1") as till:
        question = Question("1" * 32, "debit", "gone", IBAN, euros("1.00"))
        (till.box.asks / "1.xml").write_bytes(xml.dump(replace(question, sale="gone")))
        carry.carry(till.box, club.desk("014-1"))
        (carry.held(till.box) / "0.xml").write_bytes(b"<question")
        assert (let_go(club), held_there(club), notes(club)) == (1, 0, [])
