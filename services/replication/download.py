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
        changes = office.changes(scope, now.revision)
        if changes is not None:
            try:
                for signed in changes:
                    store.take_changes(scope, signed)
            except MirrorDamaged as damage:
                log.warning("changes refused scope=%s why=%s", scope, damage)
            else:
                return bool(changes)
    store.take_snapshot(scope, office.snapshot(scope))
    _after_snapshot(office, store, scope)
    return True


def _after_snapshot(office: Office, store: Store, scope: str) -> None:
    now = store.standing(scope)
    assert now is not None
    for signed in office.changes(scope, now.revision) or ():
        store.take_changes(scope, signed)
