"""Keys: the names that records are known by, each its own type; and what may be written in one."""

from __future__ import annotations

import re
from typing import Final, NewType

ArticleKey = NewType("ArticleKey", str)
"""The article's number in this company; also its PLU."""
GroupKey = NewType("GroupKey", str)
ModelKey = NewType("ModelKey", str)
TaxClass = NewType("TaxClass", str)
SupplierKey = NewType("SupplierKey", str)
CustomerKey = NewType("CustomerKey", str)
ProgrammeKey = NewType("ProgrammeKey", str)
VoucherNumber = NewType("VoucherNumber", str)
TaxZone = NewType("TaxZone", str)
TenderKey = NewType("TenderKey", str)
StaffKey = NewType("StaffKey", str)
RoleKey = NewType("RoleKey", str)
LayoutKey = NewType("LayoutKey", str)
KeyboardKey = NewType("KeyboardKey", str)
BranchKey = NewType("BranchKey", str)
TillKey = NewType("TillKey", str)
"""The till's number within its branch."""
PromotionKey = NewType("PromotionKey", str)
Barcode = NewType("Barcode", str)
"""What a scanner reads. Case counts; leading zeros count."""
Digest = NewType("Digest", str)
"""SHA-256 of stored bytes, as 64 lower-case hexadecimal digits."""

_KEY: Final = re.compile(r"[0-9A-Za-z_](?:[0-9A-Za-z_.\- ]{0,38}[0-9A-Za-z_.\-])?")
_PLACE: Final = re.compile(r"[0-9A-Za-z]{1,12}")
_CODE: Final = re.compile(r"[!-~](?:[ -~]{0,46}[!-~])?")


class KeyRefused(ValueError):
    """What was written cannot be a key; the message is fit to show."""


def article_key(text: str) -> ArticleKey:
    """`text` as an article number: 1 to 40 letters, digits, `_ . -` and inner spaces."""
    if not _KEY.fullmatch(text):
        raise KeyRefused(f"“{text[:60]}” cannot be an article number")
    return ArticleKey(text)


def place_key(text: str) -> str:
    """`text` as the key of a branch or till: 1 to 12 letters and digits, since folders bear it."""
    if not _PLACE.fullmatch(text):
        raise KeyRefused(f"“{text[:60]}” cannot be the key of a branch or till")
    return text


def barcode(text: str) -> Barcode:
    """`text` as a code that a scanner can read: 1 to 48 printable ASCII characters."""
    if not _CODE.fullmatch(text):
        raise KeyRefused(f"“{text[:60]}” cannot be a barcode")
    return Barcode(text)


_MAIL: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)


def mail_address(text: str) -> str:
    """`text` as an e-mail address; no sign in it can end a header. Source: RFC 5321, 4.1.2, 4.5.3.

    Raises KeyRefused, which does not repeat what was written: it may be somebody's address.
    """
    if len(text) > 254 or len(text.partition("@")[0]) > 64 or not _MAIL.fullmatch(text):
        raise KeyRefused("this is no e-mail address")
    return text


def till_name(branch: str, till: str) -> str:
    """How a till is called in the whole company, as in `014-2`."""
    return f"{branch}-{till}"
