"""Neighbours: the tills of a branch, as they know each other without head office."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.binding import attribute


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A till that the others of its branch may speak to, and whose signature they believe.

    key      the till's name in the whole company
    address  host and port in the branch's own network
    public   its box's public key (base64)
    """

    key: str = attribute()
    name: str = attribute()
    address: str = attribute()
    public: str = attribute()
