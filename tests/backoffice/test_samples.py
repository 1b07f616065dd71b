"""The editor's sample receipts are what a till sells, and not what somebody wrote by hand.

TRESEN_GOLDEN=write sells them anew.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from backoffice.layouts import samples
from schemas import xml
from schemas.keys import Digest, StaffKey
from schemas.receipt import Receipt
from tests.pretend.branch import Chain
from tests.pretend.slips import NAMES, shop, sold

WRITES = os.environ.get("TRESEN_GOLDEN") == "write"


def plain(receipt: Receipt, language: str) -> bytes:
    """The receipt without what is of its own till and day: keys, digests, its stamp."""
    kept = replace(
        receipt, cashier=StaffKey("mira"), language=language, digest=Digest("0" * 64), revision=1,
        settings=None, stamp=None, ref=None, software="sample",
    )  # fmt: skip
    return xml.dump(kept)


@pytest.mark.parametrize("language", samples.LANGUAGES)
def test_samples_are_what_a_till_sells(tmp_path: Path, language: str) -> None:
    chain = Chain(tmp_path)
    till = shop(chain, language)
    found = {name: plain(receipt, language) for name, receipt in sold(till)}
    till.close()
    chain.office.close()
    if WRITES:
        for name, data in found.items():
            (samples.FOLDER / f"{name}-{language}.xml").write_bytes(data)
    assert set(found) == set(NAMES)
    for name, data in found.items():
        assert data == (samples.FOLDER / f"{name}-{language}.xml").read_bytes(), name
