"""The scale behind the screen: asked again and again while a question wants to know, then left alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

from pos_qt.background import Background
from pos_qt.peripherals import selftest
from pos_qt.peripherals.devices import Plug, scale_of
from pos_qt.peripherals.scale import NotThere, Scale, ScaleRefused, Weight
from pos_qt.peripherals.selftest import Finding
from schemas.money import UnitPrice

_PAUSE_MS: Final = 200


class ScaleWatch(QObject):
    """One scale, on a thread of its own: a scale that is silent stops no sale."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._behind = Background("till-scale", self)
        self._currency = "EUR"
        self._plug: Plug[Scale] = Plug(lambda said: scale_of(said, self._currency), self._plugged)
        self.scale: Scale | None = None
        self._price: UnitPrice | None = None
        self._name = ""
        self._then: Callable[[Weight], None] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time)

    def use(self, setting: str | None, currency: str) -> None:
        """The scale that the settings name, or none."""
        self._currency = currency
        self._plug.change(setting)

    @property
    def fault(self) -> str:
        """Why the scale that the settings name could not be opened; empty where all is well."""
        return self._plug.fault

    def test(self, told: Callable[[Finding], None]) -> None:
        """Look once whether it weighs."""
        scale = self.scale
        if scale is not None:
            selftest.look([("scale", lambda: selftest.scale(scale))], self._behind, told)

    def ask(self, price: UnitPrice | None, name: str, then: Callable[[Weight], None]) -> bool:
        """Ask what lies on it until `rest`; False where there is no scale."""
        if self.scale is None:
            return False
        self._price, self._name, self._then = price, name, then
        self._timer.start(0)
        return True

    def rest(self) -> None:
        """Nobody wants to know any more."""
        self._then = None
        self._timer.stop()

    def close(self) -> None:
        """Let the scale go."""
        self.rest()
        self._behind.close()
        self._plug.unplug()

    def _plugged(self, scale: Scale | None) -> None:
        self.scale = scale

    def _on_time(self) -> None:
        scale, price, name = self.scale, self._price, self._name
        if scale is None:
            return

        def weigh() -> Weight:
            try:
                return scale.weight(price, name)
            except ScaleRefused:
                return scale.weight()

        self._behind.run(weigh, self._weighed, lambda error: self._weighed(NotThere(str(error))))

    def _weighed(self, weight: Weight) -> None:
        if self._then is not None:
            self._timer.start(_PAUSE_MS)
            self._then(weight)
