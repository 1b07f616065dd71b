"""States of the till with sets and models."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from schemas.keys import ArticleKey
from tests.pretend.scene import Scene
from tests.pretend.setgoods import SET, SHIRT


def _set(scene: Scene) -> None:
    scene.scan("1002", SET.codes[0].value)
    scene.face.ages.jump()
    scene.press("Space")
    scene.face.sale.add(1)


def _why(scene: Scene) -> None:
    _set(scene)
    scene.face.discount.why(2)


def _returning(scene: Scene) -> None:
    _set(scene)
    scene.pay()
    scene.face.returning.found(str(scene.face.desk.till.last.number))  # type: ignore[union-attr]
    scene.idle()
    scene.face.sheets.tap("set 2")


def _variant(scene: Scene) -> None:
    scene.face.variants.pressed(ArticleKey(SHIRT.key))


def _found(scene: Scene) -> None:
    scene.face.search.open("vereins")
    scene.idle()
    scene.rest(0.1)


STATES: Final[dict[str, Callable[[Scene], None]]] = {
    "set": _set, "set-why": _why, "set-return": _returning, "variant": _variant,
    "variants-found": _found,
}  # fmt: skip
