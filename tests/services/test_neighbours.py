"""A parked sale passes to another till of the branch: once, whatever breaks on the way."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from schemas import signature, xml
from schemas.neighbour import Neighbour
from schemas.passing import Call, Passed, Shelf
from services.disk import durable
from services.disk.box import Box
from services.link import identity
from services.neighbours import folders
from services.neighbours.calls import NeighbourAway
from services.neighbours.http_client import HttpNeighbour
from services.neighbours.owner import Owner
from services.neighbours.rounds import Rounds
from services.neighbours.serve import Port, Refused
from services.register.refusal import StepRefused
from tests.pretend.bad_line import BadLine, bad_line
from tests.pretend.branch import MILK, Chain, euros
from tests.pretend.neighbours import holders, meet, park, want, wants

ONE, TWO = "014-1", "014-2"
CLAIM = "c" * 32


def rounds_of(box: Box, name: str, owners: dict[str, Owner] | None = None) -> Rounds:
    """A till's rounds; with `owners` there is no line between."""
    line: Callable[[Neighbour], Owner] | None = (lambda n: owners[n.key]) if owners else None
    return Rounds(box, name, identity.device_key(box), line)


def test_parked_here_and_gone_on_with_there_over_real_sockets(chain: Chain) -> None:
    boxes = meet(chain, ONE, TWO)
    one, two = chain.till(ONE), chain.till(TWO)
    ref = park(one, 2).ref
    there, here = rounds_of(boxes[0], ONE), rounds_of(boxes[1], TWO)
    there.once()
    assert here.once() is False
    (beside,) = two.parking.fetching.around()
    assert (beside.till, beside.name, beside.reached) == (ONE, "Kasse 1", True)
    assert [(w.lines, w.first, w.total) for w in beside.waiting] == [(2, "Milch", euros("2.78"))]
    want(two, ONE)
    assert here.once() is False
    (passed,) = two.parking.take_in()
    assert (passed.state, passed.holder) == ("given", TWO)
    assert one.parking.all() == []
    with pytest.raises(StepRefused, match="Till 014-2 has this receipt now"):
        one.parking.recall(ref)
    assert two.parking.recall(ref).total == euros("2.78")
    receipt, _ = two.pay()
    assert receipt.ref == ref and receipt.till == "2"
    one.parking.take_in()
    here.once()
    assert holders(boxes, ref) == ["014-2 sold"] and wants(boxes[1]) == []
    assert list(folders.brought(boxes[1]).iterdir()) == []
    for each in (there, here, one, two):
        each.close()


def test_a_till_begins_though_its_agent_is_deciding(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    boxes = meet(chain, ONE, TWO)
    with chain.till(ONE) as one:
        ref = park(one).ref
    here = rounds_of(boxes[1], TWO, {ONE: Owner(boxes[0], ONE)})
    here.once()
    with chain.till(TWO) as two:
        want(two, ONE)
    here.once()
    monkeypatch.setattr(folders, "_PATIENCE_S", 0.05)
    with folders.deciding(boxes[1]), chain.till(TWO) as again:
        assert again.parking.all() == []
    with chain.till(TWO) as again:
        assert [parked.ref for parked in again.parking.all()] == [ref]
    here.close()


def test_the_price_of_now_counts_and_an_article_gone_meanwhile_keeps_the_old_one(
    chain: Chain,
) -> None:
    boxes = meet(chain, ONE, TWO)
    one = chain.till(ONE)
    ref = park(one).ref
    chain.price(MILK.key, "1.99")
    chain.look(TWO)  # the other till is a revision ahead
    two, owner = chain.till(TWO), Owner(boxes[0], ONE)
    here = rounds_of(boxes[1], TWO, {ONE: owner})
    here.once()
    want(two, ONE)
    here.once()
    two.parking.take_in()
    assert two.parking.recall(ref).total == euros("1.99")
    one.close()
    two.close()


def test_the_same_claim_again_gets_the_same_answer_and_others_are_told_who_has_it(
    chain: Chain,
) -> None:
    (box, _) = meet(chain, ONE, TWO)
    one, owner = chain.till(ONE), Owner(box, ONE)
    park(one)
    (waiting,) = owner.shelf(TWO).waiting
    first = owner.claim(TWO, CLAIM, waiting.parking)
    again = Owner(box, ONE).claim(TWO, CLAIM, waiting.parking)
    assert xml.dump(first) == xml.dump(again) and first.state == "given"
    other = owner.claim("014-3", "d" * 32, waiting.parking)
    assert (other.state, other.holder, other.parked) == ("taken", TWO, None)
    stolen = owner.claim("014-3", CLAIM, waiting.parking)
    assert (stolen.state, stolen.parked) == ("taken", None), "a claim is its own till's only"
    assert owner.shelf(TWO).waiting == ()
    one.close()


def test_what_its_own_till_has_in_hand_is_given_to_nobody(chain: Chain) -> None:
    (box, _) = meet(chain, ONE, TWO)
    one, owner = chain.till(ONE), Owner(box, ONE)
    ref = park(one).ref
    (waiting,) = owner.shelf(TWO).waiting
    one.parking.recall(ref)
    assert owner.claim(TWO, CLAIM, waiting.parking) == Passed(CLAIM, "gone", holder=ONE)
    one.close()


def test_while_a_sale_is_still_in_hand_too_it_is_not_given(chain: Chain) -> None:
    """Parked on disk and not yet out of the hand: a death now must find one of the two."""
    (box, _) = meet(chain, ONE, TWO)
    one, owner = chain.till(ONE), Owner(box, ONE)
    one.scan("4012345678901")  # type: ignore[arg-type]
    hand = (box.hand / "basket.xml").read_bytes()
    one.parking.park()
    (box.hand / "basket.xml").write_bytes(hand)
    (waiting,) = owner.shelf(TWO).waiting
    with pytest.raises(NeighbourAway):
        owner.claim(TWO, CLAIM, waiting.parking)
    assert folders.gift(box, waiting.parking) is None
    one.close()
    one = chain.till(ONE)  # what died is parked in truth, and out of the hand
    assert one.basket.is_empty
    assert owner.claim(TWO, CLAIM, waiting.parking).state == "given"
    one.close()


def test_a_claim_that_was_released_is_never_given_however_late_it_comes(chain: Chain) -> None:
    (box, _) = meet(chain, ONE, TWO)
    one, owner = chain.till(ONE), Owner(box, ONE)
    ref = park(one).ref
    (waiting,) = owner.shelf(TWO).waiting
    assert owner.release(TWO, CLAIM, waiting.parking).state == "void"
    assert Owner(box, ONE).claim(TWO, CLAIM, waiting.parking).state == "void"
    assert holders([box], ref) == ["014-1 parked"]
    one.close()


def test_what_was_given_before_it_was_released_comes_all_the_same(chain: Chain) -> None:
    boxes = meet(chain, ONE, TWO)
    one, two, owner = chain.till(ONE), chain.till(TWO), Owner(boxes[0], ONE)
    ref = park(one).ref
    here = rounds_of(boxes[1], TWO, {ONE: owner})
    here.once()
    asked = want(two, ONE)
    owner.claim(TWO, asked.claim, asked.parking)  # and the answer is lost
    two.parking.fetching.withdraw(asked)
    assert here.once() is False
    (passed,) = two.parking.take_in()
    assert passed.state == "given" and holders(boxes, ref) == ["014-2 parked"]
    one.close()
    two.close()


def test_two_tills_and_the_owner_at_once_and_one_of_them_has_it(
    tmp_path: Path, many: Callable[[int, int], int]
) -> None:
    chain = Chain(tmp_path)
    boxes = meet(chain, ONE, TWO)
    one, owner = chain.till(ONE), Owner(boxes[0], ONE)
    who: dict[str, int] = {}
    for turn in range(many(40, 400)):
        ref = park(one).ref
        (waiting,) = owner.shelf(TWO).waiting
        start, got = threading.Barrier(3), list[str]()

        def claim(till: str, sign: str) -> None:
            start.wait()  # noqa: B023 (joined before the next turn)
            claim = f"{turn:030x}{sign}"  # noqa: B023
            if owner.claim(till, claim, waiting.parking).state == "given":  # noqa: B023
                got.append(till)  # noqa: B023

        def recall() -> None:
            start.wait()  # noqa: B023
            with contextlib.suppress(StepRefused):
                one.parking.recall(ref)  # noqa: B023
                got.append(ONE)  # noqa: B023

        acts = [
            threading.Thread(target=claim, args=(TWO, "aa")),
            threading.Thread(target=claim, args=("014-3", "bb")),
            threading.Thread(target=recall),
        ]
        for each in acts:
            each.start()
        for each in acts:
            each.join()
        assert len(got) == 1
        who[got[0]] = who.get(got[0], 0) + 1
        if got == [ONE]:
            one.abort()
        one.parking.take_in()
    assert len(who) > 1, "it was a race in truth"
    one.close()
    chain.office.close()


@pytest.mark.parametrize("way", ["up", "down"])
def test_a_line_cut_at_any_byte_loses_and_doubles_nothing(
    chain: Chain, way: str, many: Callable[[int, int], int]
) -> None:
    boxes = meet(chain, ONE, TWO)
    one, two = chain.till(ONE), chain.till(TWO)
    there = rounds_of(boxes[0], ONE)
    there.once()
    assert there._port is not None
    known = there._known
    step = many(173, 17)
    with bad_line(int(there._port.address.rpartition(":")[2])) as line:
        bent = replace(known[ONE], address=f"127.0.0.1:{line.port}")
        key = identity.device_key(boxes[1])
        here = Rounds(boxes[1], TWO, key, lambda _: HttpNeighbour(bent, key))
        for cut in range(0, 2200, step):
            ref = park(one).ref
            _whole(line)
            here.once()
            want(two, ONE)
            setattr(line, way, cut)
            here.once()
            assert len(holders(boxes, ref)) <= 1, "never in two places"
            _whole(line)
            here.once()
            two.parking.take_in()
            assert holders(boxes, ref) == ["014-2 parked"]
            two.parking.recall(ref)
            two.pay()
            one.parking.take_in()
    for each in (there, here, one, two):
        each.close()


def _whole(line: BadLine) -> None:
    line.up = line.down = None


def test_a_till_that_is_off_is_said_with_what_it_had(chain: Chain) -> None:
    boxes = meet(chain, ONE, TWO)
    one, two = chain.till(ONE), chain.till(TWO)
    park(one)
    there, here = rounds_of(boxes[0], ONE), rounds_of(boxes[1], TWO)
    there.once()
    here.once()
    asked = want(two, ONE)
    there.close()
    assert here.once() is True, "what is wanted has no answer yet"
    (beside,) = two.parking.fetching.around()
    assert (beside.reached, len(beside.waiting)) == (False, 1) and beside.seen is not None
    again = rounds_of(boxes[1], TWO)  # the agent died too: what it saw before is not forgotten
    again.once()
    assert two.parking.fetching.around()[0].waiting == beside.waiting
    assert one.parking.all(), "it stays with its till"
    assert [w.claim for w in wants(boxes[1])] == [asked.claim]
    for each in (here, again, one, two):
        each.close()


def test_it_is_known_only_while_head_office_lets_it_in(chain: Chain) -> None:
    from services.gateway import enrol  # noqa: PLC0415 (head office's end, for this one test)

    boxes = meet(chain, ONE, TWO)
    there = rounds_of(boxes[0], ONE)
    there.once()
    assert sorted(there._known) == [ONE, TWO]
    with chain.office.session() as session:
        enrol.revoke(session, TWO)
    chain.publish()
    chain.look(ONE)
    there.once()
    assert sorted(there._known) == [ONE]
    with chain.office.session() as session:
        enrol.restore(session, TWO)
    chain.publish()
    chain.look(ONE)
    there.once()
    assert sorted(there._known) == [ONE, TWO]
    there.close()


def test_nobody_else_gets_an_answer(chain: Chain) -> None:
    boxes = meet(chain, ONE, TWO)
    there = rounds_of(boxes[0], ONE)
    there.once()
    port: Port | None = there._port
    assert port is not None
    mine = identity.device_key(boxes[1])
    body = xml.dump(Call("shelf", TWO, ONE, "a" * 32))
    good = signature.signature(mine, signature.NEIGHBOUR, b"call\n" + body)
    assert xml.load(Shelf, port.answered(body, good)[0]) == Shelf(ONE)
    strangers = signature.signature(signature.new_key(), signature.NEIGHBOUR, b"call\n" + body)
    elsewhere = xml.dump(Call("shelf", "015-1", ONE, "a" * 32))
    to_another = xml.dump(Call("shelf", TWO, "014-9", "a" * 32))
    for data, signed in (
        (body, ""),
        (body, strangers),
        (body.replace(b'nonce="a', b'nonce="b'), good),
        (body, signature.signature(mine, signature.CALL, b"call\n" + body)),
        (elsewhere, signature.signature(mine, signature.NEIGHBOUR, b"call\n" + elsewhere)),
        (to_another, signature.signature(mine, signature.NEIGHBOUR, b"call\n" + to_another)),
        (b"<!DOCTYPE x><x/>", good),
        (xml.dump(Call("claim", TWO, ONE, "a" * 32)), good),
    ):
        with pytest.raises(Refused):
            port.answered(data, signed)
    there.close()


def test_an_answer_that_another_wrote_is_not_believed(chain: Chain) -> None:
    boxes = meet(chain, ONE, TWO)
    there, here = rounds_of(boxes[0], ONE), rounds_of(boxes[1], TWO)
    here.once()
    there.once()
    known = here._known[ONE]
    key = identity.device_key(boxes[1])
    stranger = signature.public_text(signature.new_key())
    assert HttpNeighbour(known, key).shelf(TWO) == Shelf(ONE)
    with pytest.raises(NeighbourAway, match="not sound"):
        HttpNeighbour(replace(known, public=stranger), key).shelf(TWO)
    there.close()
    here.close()


def test_what_came_and_was_sold_does_not_come_again_though_the_disk_failed_between(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    boxes = meet(chain, ONE, TWO)
    one, two, owner = chain.till(ONE), chain.till(TWO), Owner(boxes[0], ONE)
    ref = park(one).ref
    here = rounds_of(boxes[1], TWO, {ONE: owner})
    here.once()
    want(two, ONE)
    here.once()
    with monkeypatch.context() as broken:
        broken.setattr(two.parking.fetching, "forget", _fails)
        with pytest.raises(durable.DiskRefused):
            two.parking.take_in()
        with pytest.raises(durable.DiskRefused):
            two.parking.recall(ref)
    two.parking.recall(ref)
    two.pay()
    assert two.parking.take_in() == [] and holders(boxes, ref) == ["014-2 sold"]
    one.close()
    two.close()


def _fails(_: object) -> None:
    raise durable.DiskRefused(OSError(5, "pretend"))


def test_it_comes_back_to_where_it_was_parked_first(chain: Chain) -> None:
    boxes = meet(chain, ONE, TWO)
    one, two = chain.till(ONE), chain.till(TWO)
    ref = park(one).ref
    owners = {ONE: Owner(boxes[0], ONE), TWO: Owner(boxes[1], TWO)}
    here, there = rounds_of(boxes[1], TWO, owners), rounds_of(boxes[0], ONE, owners)
    for _ in range(2):
        for asks, rounds, owner in ((two, here, ONE), (one, there, TWO)):
            rounds.once()
            want(asks, owner)
            rounds.once()
            asks.parking.take_in()
            asks.parking.recall(ref)
            asks.parking.park()
    assert holders(boxes, ref) == ["014-1 parked"]
    one.parking.recall(ref)
    one.close()
    one = chain.till(ONE)  # and a death now does not take it for what was given away before
    assert one.basket.total == euros("1.39") and holders(boxes, ref) == ["014-1 in hand"]
    one.close()
    two.close()
