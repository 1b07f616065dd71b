"""What a till sounds like while it works: each tone on a thread of its own, beside what is seen."""

from __future__ import annotations

from typing import Final

from pos_qt.background import Background
from pos_qt.peripherals.speaker import SoundCard, Speaker
from pos_qt.presenters.shown import Strip
from schemas.settings import Settings

_USUAL: Final = 50
_MOST: Final = 3
"""So many tones may wait; what comes later would be heard when it is over."""
_DEVICES: Final = frozenset({"hard-drive", "warning-octagon", "printer"})
"""The icons of strips about something that does not work."""


class Sounds:
    """Plays what happens. The thread begins with the first tone; a tone that comes late is not played."""

    def __init__(self, speaker: Speaker | None = None) -> None:
        """See the class; without `speaker` it is the computer's sound card."""
        self._speaker: Speaker = speaker or SoundCard()
        self._line: Background | None = None
        self._volume, self._beeps = _USUAL, False
        self._waiting = 0

    def tune(self, own: Settings) -> None:
        """As loud as the settings say."""
        self._volume = _USUAL if own.volume is None else own.volume
        self._beeps = bool(own.beeps)

    def play(self, tone: str) -> None:
        """Play a tone, unless the till is still at the ones before."""
        if not self._volume or self._waiting >= _MOST:
            return
        if self._line is None:
            self._line = Background("till-sound")
        self._waiting += 1
        volume = self._volume
        self._line.run(lambda: self._speaker.play(tone, volume), self._played, self._played)

    def sold(self) -> None:
        """Something was scanned or tapped, and is in the receipt."""
        if not self._beeps:
            self.play("sold")

    def strip(self, strip: Strip) -> None:
        """A strip has opened."""
        if strip.icon in _DEVICES:
            self.play("fault")
        elif strip.kind == "danger":
            self.play("unknown")
        elif strip.kind == "warn":
            self.play("decide")

    def close(self) -> None:
        """Let the sound card go."""
        if self._line is not None:
            self._line.close(1)
        self._speaker.close()

    def _played(self, _: object) -> None:
        self._waiting -= 1
