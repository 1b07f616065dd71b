"""Commands, used wrongly: a sentence, an exit code, never a trace."""

from __future__ import annotations

import json

from click.testing import CliRunner, Result

from schemas.keys import Barcode
from services.cli import main
from tests.pretend.branch import Chain


def run(*arguments: str, text: str | None = None) -> Result:
    """`tresen …` in this process."""
    return CliRunner().invoke(main, list(arguments), input=text)


def said(result: Result, code: int, *parts: str) -> None:
    """The command ended with `code`, said each part, and showed no trace."""
    assert result.exit_code == code, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    for part in parts:
        assert part in result.output
    assert "Traceback" not in result.output


def test_every_command_explains_itself() -> None:
    for room in ("demo", "office", "till", "agent", "box"):
        said(run(room, "--help"), 0, "Usage: tresen")
    said(run("--help"), 0, "never lose a sale")


def test_a_second_till_process_on_one_box_is_refused(chain: Chain) -> None:
    box = str(chain.box("014-1").path)
    with chain.till("014-1"):
        said(run("till", "sell", "--box", box, "-", text="{}"), 2, "sells on this box already")


def test_an_open_sale_on_the_screen_is_not_mixed_with_a_file(chain: Chain) -> None:
    with chain.till("014-1") as till:
        till.scan(till.catalogue.search("Milch")[0].codes[0].value)
    box = str(chain.box("014-1").path)
    said(run("till", "sell", "--box", box, "-", text="{}"), 2, "A sale is open on this till")


SALES = [
    ("not json", "not JSON"),
    ("[1]", "not one JSON object"),
    ("{}", "needs lines"),
    ('{"lines": [{}]}', "no “scan”"),
    ('{"lines": [{"scan": "nope"}]}', "No article has the code nope"),
    ('{"lines": [{"scan": "40122", "quantity": "x"}]}', "must be a plain number"),
    ('{"lines": [{"scan": "40122", "quantity": "0"}]}', "more than nothing"),
    ('{"lines": [{"scan": "40122", "quantity": "0.5"}]}', "whole pieces"),
    ('{"lines": [{"scan": "40122", "quantity": NaN}]}', "not JSON"),
    ('{"lines": [{"scan": "40122", "price": "1,5"}]}', "must be a plain number"),
    ('{"lines": [{"scan": "99"}]}', "no price"),
    ('{"lines": [{"scan": "40122"}], "at": "yesterday"}', "not a date"),
    ('{"lines": [{"scan": "40122"}], "tip": 1}', "no “tip”"),
    (
        '{"lines": [{"scan": "40122"}], "tenders": [{"tender": "cash", "amount": "1.00"}]}',
        "missing",
    ),
    ('{"lines": [{"scan": "40122"}], "tenders": [{"tender": "gold", "amount": "9"}]}', "not known"),
    ('{"lines": [{"scan": "40122"}], "tenders": [{"tender": "card", "amount": "9"}]}', "no change"),
    ('{"lines": [{"scan": "40122"}], "tenders": [1]}', "Tender 1"),
]


def test_a_bad_sale_is_refused_and_the_next_goes_on(chain: Chain) -> None:
    box = chain.box("014-1")
    chain.look("014-1")
    good = '{"ref": "a", "lines": [{"scan": "40122"}]}'
    text = "\n".join([sale for sale, _ in SALES] + [good, good])
    result = run("till", "sell", "--box", str(box.path), "-", text=text)
    assert result.exit_code == 1
    answers = [json.loads(line) for line in result.output.splitlines()]
    for answer, (sale, reason) in zip(answers, SALES, strict=False):
        assert reason in answer["refused"], sale
    assert answers[-1] == answers[-2]
    assert answers[-1]["number"] == 1


def test_only_demo_and_test_chains_take_a_time_from_outside(chain: Chain) -> None:
    from services.database import organisation  # noqa: PLC0415

    with chain.office.session() as session:
        session.get_one(organisation.Unit, ("company", "company")).profile = "live"
        organisation.announce(session, "till", "014-1", "test")
    chain.publish()
    chain.box("014-1")
    chain.look("014-1")
    sale = '{"at": "2010-12-01T08:26:00+00:00", "lines": [{"scan": "40122"}]}'
    result = run("till", "sell", "--box", str(chain.box("014-1").path), "-", text=sale)
    assert "demo or test chain" in json.loads(result.output)["refused"]


def test_rules_are_inherited_and_a_wrong_one_changes_nothing(chain: Chain) -> None:
    folder = str(chain.office.directory)
    assert (
        run("office", "rule", "--directory", folder, "company", "return_days", "30").exit_code == 0
    )
    assert run("office", "rule", "--directory", folder, "014-2", "return_days", "7").exit_code == 0
    wrong = run("office", "rule", "--directory", folder, "company", "voucher_budget", "much")
    assert wrong.exit_code == 2
    assert "cannot be a voucher_budget" in wrong.output
    assert run("office", "rule", "--directory", folder, "099", "return_days", "7").exit_code != 0
    chain.publish()
    with chain.till("014-1") as one, chain.till("014-2") as two:
        assert (one.catalogue.own.return_days, two.catalogue.own.return_days) == (30, 7)
    assert run("office", "rule", "--directory", folder, "014-2", "return_days").exit_code == 0
    chain.publish()
    chain.look("014-2")
    with chain.till("014-2") as two:
        assert two.catalogue.own.return_days == 30


def test_a_period_is_closed_without_a_screen(chain: Chain) -> None:
    with chain.till("014-1") as till:
        till.scan(Barcode("4012345678901"))
        till.pay()
    box = str(chain.box("014-1").path)
    x = run("till", "x", "--box", box)
    assert (x.exit_code, "X-BERICHT" in x.output, "1,39" in x.output) == (0, True, True)
    z = run("till", "z", "--box", box)
    assert (z.exit_code, "Z-BERICHT 1" in z.output) == (0, True)
    assert "Z-BERICHT 2" in run("till", "z", "--box", box).output
    assert run("till", "z", "--box", box + "-none").exit_code == 2
