"""Under which address tills reach head office: what they keep at enrolment and call from then on."""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping
from typing import Final

from services.link.office import OfficeRefused

SETTING: Final = "TRESEN_OFFICE_URL"
"""The environment's name for it."""
_LOOPBACK: Final = {"127.0.0.1", "localhost", "::1"}
_PROXY: Final = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto")


def checked(configured: str | None) -> str | None:
    """The address as configured, None where it is not; raises ValueError for one that no till calls."""
    address = (configured or "").strip().rstrip("/")
    if not address:
        return None
    where = urllib.parse.urlsplit(address)
    plain = where.scheme == "http" and where.hostname in _LOOPBACK
    if not (where.hostname and (where.scheme == "https" or plain)) or where.query or where.fragment:
        raise ValueError(f"{SETTING}={address} is not an address as in https://office.example")
    return address


def for_tills(configured: str | None, asked: str, headers: Mapping[str, str]) -> str:
    """The address that tills keep. Raises OfficeRefused, which says what to set, where none is known.

    What a caller writes into its Host header is not believed, but for this machine's own name: so
    the demo needs no setting. Behind a proxy even that is the proxy's word, and not where tills are.

    asked    the address that this request came to, by its Host header
    headers  the request's
    """
    if configured:
        return configured
    here = asked.rstrip("/")
    own = urllib.parse.urlsplit(here).hostname in _LOOPBACK
    if own and not any(each in headers for each in _PROXY):
        return here
    raise OfficeRefused(
        "Head office does not know under which address tills reach it, so none can be enrolled. Set "
        f"{SETTING}=https://… where head office is served, and start it again; the code stays good."
    )
