"""The basket in hand: on disk after each step, whole or as it was before."""

from __future__ import annotations

from pathlib import Path

from schemas import xml
from schemas.receipt import Basket
from services.disk import durable


def save(hand: Path, basket: Basket) -> None:
    """Keep `basket`; raises DiskRefused where the disk does not."""
    durable.replace(hand / "basket.xml", xml.dump(basket))


def load(hand: Path) -> Basket | None:
    """The basket that was in hand; None where there was none.

    An unsound one is set aside as evidence: the till must be able to begin.
    """
    path = hand / "basket.xml"
    try:
        return xml.load(Basket, path.read_bytes())
    except FileNotFoundError:
        return None
    except xml.DocumentRefused:
        path.rename(path.with_name("basket.damaged.xml"))
        return None


def clear(hand: Path) -> None:
    """There is no sale in hand any more."""
    durable.remove(hand / "basket.xml")
