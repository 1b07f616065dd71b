"""The seam: a finished receipt in, a stamp out. The sale never knows which country it is in."""

from __future__ import annotations

import importlib
from typing import Protocol, cast

from schemas.keys import Digest
from schemas.receipt import Receipt, Stamp


class FiscalModule(Protocol):
    """What the law of one country adds to a receipt."""

    def finish(self, receipt: Receipt, previous: Digest) -> Stamp:
        """The stamp of `receipt` (which has none yet), after the stamp whose chain is `previous`.

        An outage is a state of the stamp, never an error: selling goes on.
        """

    def verify(self, receipt: Receipt, previous: Digest) -> str | None:
        """What is wrong with a stamped receipt, in a sentence; None where nothing is."""

    def receipt_rows(self, stamp: Stamp) -> tuple[str, ...]:
        """What the law wants printed."""


def module(name: str) -> FiscalModule:
    """The module that settings call `name`; raises ValueError where there is none."""
    if not name.isidentifier():
        raise ValueError(f"“{name}” is no fiscal module")
    try:
        return cast(FiscalModule, importlib.import_module(f"services.fiscal.{name}").MODULE)
    except (ImportError, AttributeError) as error:
        raise ValueError(f"“{name}” is no fiscal module") from error
