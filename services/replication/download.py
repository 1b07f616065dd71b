"""Download: bring a till's mirror to what head office has published, scope by scope."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from services.link.office import Office
from services.mirror.store import MirrorDamaged, Store

log = logging.getLogger(__name__)


def download(office: Office, store: Store, scopes: Iterable[str]) -> bool:
    """Bring each scope up to date; says whether anything was new.

    Raises OfficeUnreachable, OfficeRefused, DiskRefused. What fails its checks is asked for once
    more as a snapshot; MirrorDamaged where that fails them too. The last good state stays in force.
    """
    came = [_download_scope(office, store, scope) for scope in scopes]
    return any(came)


def _download_scope(office: Office, store: Store, scope: str) -> bool:
    now = store.standing(scope)
    if now is not None:
        try:
            came = _changes(office, store, scope)
        except MirrorDamaged as damage:
            log.warning("changes refused scope=%s why=%s", scope, damage)
        else:
            if came is not None:
                return came
    store.take_snapshot(scope, office.snapshot(scope))
    _changes(office, store, scope)
    return True


def _changes(office: Office, store: Store, scope: str) -> bool | None:
    """Take changes until there are no more; says whether any came. None: ask for a snapshot."""
    came = False
    while True:
        now = store.standing(scope)
        assert now is not None
        changes = office.changes(scope, now.revision)
        if not changes:
            return came if changes is not None else None
        for signed in changes:
            store.take_changes(scope, signed)
        came = True
