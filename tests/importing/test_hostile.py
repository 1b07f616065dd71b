"""Files that mean harm: bombs, far cells, entities, wrong endings; each is refused, and cheaply."""

from __future__ import annotations

import contextlib
import io
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from services.importing import batches, columns, sheet
from services.importing.sheet import SheetRefused
from tests.pretend.branch import Chain

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)


def workbook(rows: str, strings: str = "", prolog: str = "") -> bytes:
    """A workbook whose sheet holds these rows, packed as Excel packs it."""
    made = openpyxl.Workbook()
    made.active["A1"] = "number"  # type: ignore[index]
    packed = io.BytesIO()
    made.save(packed)
    out = io.BytesIO()
    with (
        zipfile.ZipFile(packed) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            data = before.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = (
                    f'<?xml version="1.0"?>{prolog}<worksheet xmlns="http://schemas.openxmlformats.org/'
                    f'spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'
                ).encode()
            if name == "xl/sharedStrings.xml" and strings:
                data = strings.encode()
            after.writestr(name, data)
    return out.getvalue()


HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>number</t></is></c></row>'


def written(tmp_path: Path, data: bytes) -> Path:
    """A file with these bytes."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    return path


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_unread(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", _TYPES)
        piece = b" " * (64 * 1024 * 1024)
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(5):
                part.write(piece)
    path, began = written(tmp_path, out.getvalue()), time.process_time()
    assert path.stat().st_size < 1_000_000
    with pytest.raises(SheetRefused, match="unpacks to more"):
        sheet.read(path)
    assert time.process_time() - began < 1


def test_a_cell_at_the_far_end_does_not_make_all_before_it(tmp_path: Path) -> None:
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    path, began = written(tmp_path, workbook(HEAD + far)), time.process_time()
    assert sheet.read(path).rows == []
    wide = HEAD.replace("A1", "XFD1")
    with pytest.raises(SheetRefused):
        sheet.read(written(tmp_path, workbook(wide)))
    assert time.process_time() - began < 30


def test_entities_are_not_blown_up(tmp_path: Path) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    prolog = f'<!DOCTYPE x [<!ENTITY l0 "lol">{laughs}]>'
    row = '<row r="2"><c r="A2" t="inlineStr"><is><t>&l9;</t></is></c></row>'
    path, began = written(tmp_path, workbook(HEAD + row, prolog=prolog)), time.process_time()
    with contextlib.suppress(SheetRefused):
        assert len(str(sheet.read(path).rows)) < 100_000
    assert time.process_time() - began < 5


def test_a_file_of_the_machine_is_not_read_in(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("topsecret")
    prolog = f'<!DOCTYPE x [<!ENTITY s SYSTEM "file://{secret}">]>'
    row = '<row r="2"><c r="A2" t="inlineStr"><is><t>&s;</t></is></c></row>'
    path = written(tmp_path, workbook(HEAD + row, prolog=prolog))
    with contextlib.suppress(SheetRefused):
        assert "topsecret" not in str(sheet.read(path).rows)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0\1\2",
        b"PK\x03\x04nonsense",
        b"\n\n\n",
        b"PK\x03\x04" + b"\0" * 1000,
        b'"',
        b"\xff\xfea\0",
    ],
)
def test_what_is_no_table_is_said_and_not_kept(chain: Chain, data: bytes) -> None:
    with pytest.raises(SheetRefused):
        batches.begin(chain.office, io.BytesIO(data + b""), "a.csv", "jana")
    assert list(batches.folder(chain.office).iterdir()) == []


def test_a_file_that_is_too_large_is_given_up_on_the_way(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "LARGEST_UPLOAD", 3 * 1024 * 1024)
    endless = io.BytesIO(b"number\n" + b"1\n" * 3_000_000)
    with pytest.raises(SheetRefused, match="larger"):
        batches.begin(chain.office, endless, "a.csv", "jana")
    assert endless.tell() < 5 * 1024 * 1024
    assert list(batches.folder(chain.office).iterdir()) == []


def test_a_table_with_too_many_rows_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet, "MOST_ROWS", 1000)
    path = tmp_path / "a.csv"
    path.write_text("number\n" + "1\n" * 1001)
    with pytest.raises(SheetRefused, match="more than 1,000 rows"):
        sheet.read(path, most=1000)


@pytest.mark.parametrize("key", ["../a", "a/b", "", "a.b", "ä"])
def test_no_key_leads_out_of_the_folder(chain: Chain, key: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        batches.path_of(chain.office, key)


def test_headers_of_any_kind_do_no_harm(chain: Chain, tmp_path: Path) -> None:
    text = "number;\ud800".encode("utf-8", "surrogatepass") + b";a\x07b;<script>;" + b"x" * 5000
    key = batches.begin(chain.office, io.BytesIO(text + b"\n1;2;3;4;5\n"), "a.csv", "jana")
    assert batches.path_of(chain.office, key).exists()
    assert columns.headed([]) == 0
