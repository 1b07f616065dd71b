"""Head office's commands, used wrongly: a sentence, an exit code, and nothing half-done."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from schemas.keys import RoleKey, StaffKey
from schemas.staff import Staff
from services.database import changes, people
from services.database.changes import Change, RecordRefused
from services.database.headoffice import HeadOffice
from services.database.organisation import Unit
from services.database.people import StaffRow, User
from services.till.signin import pin_digest
from tests.pretend.branch import Chain
from tests.services.test_commands import run, said


@pytest.fixture
def at(chain: Chain) -> tuple[str, str]:
    """The option that names the chain's head office."""
    return ("--directory", str(chain.office.directory))


def test_office_commands_say_what_is_wrong(
    tmp_path: Path, chain: Chain, at: tuple[str, str]
) -> None:
    said(run("office", "enrolment-code", "014-9", *at), 1, "There is no till 014-9")
    empty = HeadOffice(tmp_path / "fresh")
    empty.migrate()
    empty.close()
    fresh = ("--directory", str(tmp_path / "fresh"))
    said(run("office", "migrate", *fresh), 0, "up to date")
    table = tmp_path / "a.csv"
    table.write_text("number,price\n1,x\n")
    said(run("office", "import-articles", str(table), *fresh), 2, "no company yet")
    said(run("office", "add-branch", "001", "Dresden", *fresh), 1, "no company")
    said(run("office", "import-articles", str(table), *at), 1, "line 2", "not an amount")
    assert "not an amount" in (tmp_path / "a-errors.csv").read_text()
    said(run("office", "publish", *at), 0, "0 changes published")


def test_a_chain_is_set_up_by_commands_alone(tmp_path: Path) -> None:
    office = ("--directory", str(tmp_path / "office"))
    said(run("office", "set-up", "--company", "Elbmarkt", "--tax", "A:19", *office), 2, "A=19")
    assert not (tmp_path / "office").exists()
    said(run("office", "set-up", "--company", "Elbmarkt", *office), 0, "Elbmarkt is set up")
    said(run("office", "add-branch", "0-1", "Dresden", *office), 1, "cannot be the key")
    said(run("office", "add-branch", "001", "Dresden", "--tills", "2", *office), 0, "001-1, 001-2")
    cashier = ("office", "add-cashier", "001", "mira", "Mira", *office, "--pin")
    said(run(*cashier, "12"), 2, "four digits")
    said(run(*cashier, "1111"), 0, "Mira can sign in")
    table = tmp_path / "a.csv"
    table.write_text("number,name_de,price\n1,Brot,2.50\n")
    said(run("office", "import-articles", str(table), *office), 0, "new        1")
    said(run("office", "publish", *office), 0, "changes published")


@pytest.mark.parametrize(
    "arguments",
    [
        ("migrate",), ("add-branch", "001", "Dresden"), ("serve",), ("worker",), ("publish",),
        ("add-cashier", "001", "mira", "Mira", "--pin", "1111"), ("enrolment-code", "001-1"),
        ("create-user", "eva", "--password", "long enough"), ("receipts",),
        ("import-articles", __file__),
    ],
)  # fmt: skip
def test_where_there_is_no_head_office_nothing_is_made(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    wrong = tmp_path / "typo"
    result = run("office", *arguments, "--directory", str(wrong))
    said(result, 2, f"There is no head office in {wrong}. Begin one: tresen office set-up")
    assert not wrong.exists()


def test_a_database_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "office.sqlite").write_text("rubbish " * 200)
    said(run("office", "receipts", "--directory", str(tmp_path)), 2, "cannot be opened")
    nowhere = ("--database", "postgresql://x@127.0.0.1:1/x", "--directory", str(tmp_path))
    said(run("office", "receipts", *nowhere), 2, "cannot be opened")
    said(run("office", "receipts", "--database", "://", *nowhere[2:]), 2, "no address")


def test_a_database_elsewhere_needs_the_folder_with_its_keys(
    tmp_path: Path, postgresql: str
) -> None:
    elsewhere = ("--database", postgresql, "--directory")
    where = tmp_path / "office"
    said(run("office", "receipts", *elsewhere, str(where)), 2, "There is no head office in")
    assert not where.exists()
    said(run("office", "set-up", "--company", "Elbmarkt", *elsewhere, str(where)), 0, "is set up")
    said(run("office", "receipts", *elsewhere, str(where)), 0)
    wrong = tmp_path / "typo"
    said(run("office", "publish", *elsewhere, str(wrong)), 2, f"{wrong} has not its keys")
    assert not wrong.exists()


def test_a_chain_is_set_up_once(chain: Chain, at: tuple[str, str]) -> None:
    again = run("office", "set-up", "--company", "Other", "--tax", "A=50", *at)
    said(again, 2, "Elbmarkt is set up in", "already; nothing was changed", "add-branch")
    assert waiting(chain) == 0


@pytest.mark.parametrize(
    ("option", "value", "reason"),
    [
        ("--currency", "Euro", "not a currency"), ("--time-zone", "Berlin", "not a time zone"),
        ("--time-zone", "../x", "not a time zone"), ("--company", " ", "1 to 200 signs"),
        ("--tax", "A=101", "A=19"), ("--tax", "A=1e1", "A=19"), ("--tax", "Ä=1", "A=19"),
    ],
)  # fmt: skip
def test_a_set_up_with_something_wrong_begins_nothing(
    tmp_path: Path, option: str, value: str, reason: str
) -> None:
    where = tmp_path / "office"
    arguments = ("office", "set-up", "--company", "X", option, value, "--directory", str(where))
    said(run(*arguments), 2, reason)
    assert not where.exists()


def waiting(chain: Chain) -> int:
    """How many changes wait to be published."""
    with chain.office.reading() as session:
        return changes.waiting(session)


def units(chain: Chain) -> int:
    """How many places the chain has."""
    with chain.office.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Unit)) or 0


def test_a_branch_that_is_there_is_not_added_again(chain: Chain, at: tuple[str, str]) -> None:
    before = units(chain)
    said(run("office", "add-branch", "014", "Other", *at), 1, "Branch 014 is there already")
    for many in ("0", "-1", "100", "x"):
        said(run("office", "add-branch", "015", "New", "--tills", many, *at), 2, "--tills")
    said(run("office", "add-branch", "015", "\a", *at), 2, "signs that can be printed")
    assert (units(chain), waiting(chain)) == (before, 0)


def test_nothing_that_tills_refuse_can_be_published(chain: Chain, at: tuple[str, str]) -> None:
    bad = run("office", "add-cashier", "014", "../x", "X", "--pin", "1111", *at)
    said(bad, 1, "“../x” cannot be a cashier's key; use 1 to 40 letters")
    nowhere = run("office", "add-cashier", "099", "eva", "Eva", "--pin", "1111", *at)
    said(nowhere, 1, "There is no branch “099”; there are: 014")
    with chain.office.reading() as session:
        assert {row.key for row in session.scalars(sa.select(StaffRow))} == {"mira"}
    assert waiting(chain) == 0
    good = run("office", "add-cashier", "014", "eva", "Eva", "--pin", "1111", *at)
    said(good, 0, "Eva can sign in")
    assert waiting(chain) == 1


@pytest.mark.parametrize("key", ["../x", "", "x" * 41, "a\a"])
def test_a_record_is_checked_at_the_edit(chain: Chain, key: str) -> None:
    person = Staff(StaffKey(key), "X", RoleKey("cashier"), pin_digest("1111"))
    with pytest.raises(RecordRefused, match="no till would take this staff in"):
        put(chain, person, "014")
    with chain.office.reading() as session:
        assert session.get(StaffRow, (key, "014")) is None
        assert not list(session.scalars(sa.select(Change).where(Change.key == key)))


def test_a_record_goes_to_tills_that_can_be(chain: Chain) -> None:
    person = Staff(StaffKey("eva"), "Eva", RoleKey("cashier"), pin_digest("1111"))
    with pytest.raises(RecordRefused, match=r"no tills at “branch-\.\./x”"):
        put(chain, person, "../x")


def put(chain: Chain, person: Staff, branch: str) -> None:
    """Keep somebody at a branch."""
    with chain.office.session() as session:
        people.put_staff(session, person, branch, "test")


def test_a_new_password_changes_nothing_else(chain: Chain, at: tuple[str, str]) -> None:
    user = ("office", "create-user", "eva", *at, "--password")
    said(run(*user, "seven.."), 1, "at least 8 signs")
    said(run(*user, "long enough", "--branch", "099"), 1, "There is no branch “099”")
    assert eva(chain) is None
    given = ("--shown", "Eva Ost", "--language", "es", "--branch", "014")
    said(run(*user, "long enough", *given), 0, "eva can sign in")
    said(run(*user, "another one"), 0, "eva can sign in")
    found = eva(chain)
    assert found is not None
    assert (found.shown, found.language, found.branch) == ("Eva Ost", "es", "014")
    with chain.office.reading() as session:
        assert people.signed_in(session, "eva", "another one") is not None
        assert people.signed_in(session, "eva", "long enough") is None
    said(run(*user, "another one", "--branch", ""), 0)
    found = eva(chain)
    assert found is not None
    assert (found.shown, found.branch) == ("Eva Ost", None)


def eva(chain: Chain) -> User | None:
    """Eva's user."""
    with chain.office.reading() as session:
        return session.get(User, "eva")


def test_a_dry_run_says_per_article_what_changes_and_writes_nothing(
    chain: Chain, at: tuple[str, str], tmp_path: Path
) -> None:
    table = tmp_path / "a.csv"
    table.write_text("number,name_de,price,extra\n40122,Vollmilch,1.45,x\n1,Neu,x,x\n")
    dry = ("office", "import-articles", str(table), "--dry-run", *at)
    said(
        run(*dry), 1, "40122  name_de: Milch → Vollmilch; price: 1.39 EUR → 1.45 EUR from",
        "name_de: 1", "price: 1", "columns not known here: extra", "line 3", "--errors FILE would",
    )  # fmt: skip
    assert [path.name for path in tmp_path.glob("*.csv")] == ["a.csv"]
    said(run(*dry, "--errors", str(tmp_path / "e.csv")), 1, "see ")
    assert (tmp_path / "e.csv").exists()
    assert waiting(chain) == 0


def test_a_long_dry_run_shows_the_first_unless_all_are_asked_for(
    chain: Chain, at: tuple[str, str], tmp_path: Path
) -> None:
    table = tmp_path / "a.csv"
    rows = "".join(f"A{n},one\n" for n in range(50))
    table.write_text("number,name_de\n" + rows)
    said(run("office", "import-articles", str(table), *at), 0, "new        50")
    table.write_text("number,name_de\n" + rows.replace("one", "two"))
    dry = ("office", "import-articles", str(table), "--dry-run", *at)
    said(run(*dry), 0, "A39  ", "and 10 more; --all", "name_de: 50")
    assert "A40  " not in run(*dry).output
    said(run(*dry, "--all"), 0, "A49  name_de: one → two")


def test_a_code_for_a_till_that_has_a_box_says_that_it_is_shut_out(
    chain: Chain, at: tuple[str, str]
) -> None:
    first = run("office", "enrolment-code", "014-1", *at)
    assert first.stderr == ""
    chain.box("014-1")
    second = run("office", "enrolment-code", "014-1", *at)
    assert "that box is shut out" in second.stderr
    assert len(second.stdout.strip()) == len("AAAAA-AAAAA-AAAAA-AAAAA")
