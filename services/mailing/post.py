"""The way to the post office: SMTP, and what its answers mean for a letter."""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Final

from schemas.keys import KeyRefused, mail_address

TIMEOUT_S: Final = 30.0
_LOOPBACK: Final = {"127.0.0.1", "localhost", "::1"}
_WAYS: Final = {"starttls": 587, "tls": 465, "none": 25}
_ADDRESS: Final = re.compile(r"\S+@\S+")


@dataclass(frozen=True, slots=True)
class PostOffice:
    """Where letters go.

    tls  starttls, tls from the first byte, or none (to this machine only)
    """

    host: str
    port: int
    tls: str
    sender: str
    user: str | None = None
    password: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a letter.

    state  sent; refused (for good); later (nothing was taken); perhaps (nobody can know)
    """

    state: str
    said: str | None = None


def configured(environment: Mapping[str, str]) -> PostOffice | None:
    """The post office that the environment names; None where it names none.

    Raises ValueError with a sentence for one that cannot be used.
    """
    host = environment.get("TRESEN_SMTP_HOST", "").strip()
    if not host:
        return None
    tls = environment.get("TRESEN_SMTP_TLS", "starttls")
    if tls not in _WAYS:
        raise ValueError(f"TRESEN_SMTP_TLS={tls} is none of starttls, tls, none")
    if tls == "none" and host not in _LOOPBACK:
        raise ValueError("TRESEN_SMTP_TLS=none is only for a post office on this machine")
    port = environment.get("TRESEN_SMTP_PORT", str(_WAYS[tls]))
    if not (port.isdecimal() and 0 < int(port) < 65536):
        raise ValueError(f"TRESEN_SMTP_PORT={port} is no port")
    try:
        sender = mail_address(environment.get("TRESEN_SMTP_SENDER", ""))
    except KeyRefused as refused:
        raise ValueError(f"TRESEN_SMTP_SENDER: {refused}") from refused
    file = environment.get("TRESEN_SMTP_PASSWORD_FILE")
    try:
        password = Path(file).read_text().strip() if file else None
    except OSError as error:
        raise ValueError(f"TRESEN_SMTP_PASSWORD_FILE cannot be read: {error.strerror}") from error
    return PostOffice(host, int(port), tls, sender, environment.get("TRESEN_SMTP_USER"), password)


def send(office: PostOffice, to: str, letter: EmailMessage) -> Outcome:
    """Hand a letter over, and say what became of it. Never raises for what a post office does."""
    data = letter.as_bytes(policy=SMTP)
    handed = False
    try:
        with _open(office) as line:
            _expect(line.mail(office.sender), "the post office refuses our sender")
            code, said = line.rcpt(to)
            if code not in {250, 251}:
                return _no(code, said)
            handed = True
            code, said = line.data(data)
            return Outcome("sent") if code == 250 else _no(code, said)
    except smtplib.SMTPDataError as error:  # it did not want to hear it
        return _no(error.smtp_code, error.smtp_error)
    except _Unwilling as error:
        return Outcome("later", str(error))
    except (smtplib.SMTPException, OSError) as error:
        why = f"the line to the post office broke: {type(error).__name__}"
        return Outcome("perhaps" if handed else "later", why)


class _Unwilling(Exception):
    """The post office does not serve us just now; that says nothing about the letter."""


@contextlib.contextmanager
def _open(office: PostOffice) -> Iterator[smtplib.SMTP]:
    context = ssl.create_default_context()
    name = "tresen.invalid"  # our own name is nobody's business
    line: smtplib.SMTP
    if office.tls == "tls":
        line = smtplib.SMTP_SSL(office.host, office.port, name, timeout=TIMEOUT_S, context=context)
    else:
        line = smtplib.SMTP(office.host, office.port, name, timeout=TIMEOUT_S)
    try:
        line.ehlo_or_helo_if_needed()
        if office.tls == "starttls":
            line.starttls(context=context)
            line.ehlo()
        if office.user is not None:
            line.login(office.user, office.password or "")
        yield line
    finally:
        # What was taken is taken: a line that breaks at the farewell changes nothing.
        with contextlib.suppress(smtplib.SMTPException, OSError):
            line.quit()
        line.close()


def _expect(answer: tuple[int, bytes], otherwise: str) -> None:
    code, said = answer
    if code != 250:
        raise _Unwilling(f"{otherwise}: {_plain(code, said)}")


def _no(code: int, said: bytes | str) -> Outcome:
    return Outcome("refused" if code >= 500 else "later", _plain(code, said))


def _plain(code: int, said: bytes | str) -> str:
    """What a post office said, without addresses: those are nobody's business but the receiver's."""
    text = said.decode("ascii", "replace") if isinstance(said, bytes) else said
    text = "".join(sign if sign.isprintable() else " " for sign in text)
    return f"{code} {_ADDRESS.sub('…', text)}"[:280]
