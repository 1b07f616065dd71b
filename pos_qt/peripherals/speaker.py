"""What a till sounds like: five tones, made of sines, on whatever sound card there is.

Frequencies and lengths are the design's, section 3.4. Each tone has a twin that is seen: a till
without a sound card lacks nothing.
"""

from __future__ import annotations

import array
import functools
import logging
import math
import sys
import threading
from collections.abc import Generator
from pathlib import Path
from typing import Final, Protocol

import miniaudio

log = logging.getLogger(__name__)

RATE: Final = 48_000
"""Samples a second."""
_FADE_S: Final = 0.004
"""A tone swells and fades so long: a sudden end clicks."""
_PATIENCE_S: Final = 1.0
_LOUD: Final = 100
_TOP: Final = 0.6 * 32767

TONES: Final[dict[str, tuple[tuple[tuple[int, ...], int], ...]]] = {
    "sold": (((1320,), 35),),
    "unknown": (((330,), 120), ((), 60), ((330,), 120)),
    "decide": (((660,), 90), ((880,), 120)),
    "paid": (((880, 1320), 160),),
    "fault": (((262,), 120), ((), 60), ((262,), 120), ((), 60), ((262,), 120)),
}
"""Each tone as parts: frequencies in Hz that sound together (none is silence), and milliseconds."""


class Speaker(Protocol):
    """Plays tones. It never raises: what is heard is seen too."""

    def play(self, tone: str, volume: int) -> None:
        """Play one of TONES to its end; `volume` from 0 to 100."""

    def close(self) -> None:
        """Let the sound card go."""


class Pretend:
    """Keeps what would be heard."""

    def __init__(self) -> None:
        self.played: list[str] = []

    def play(self, tone: str, volume: int) -> None:
        """See Speaker."""
        if volume:
            self.played.append(tone)

    def close(self) -> None:
        """See Speaker."""


class SoundCard:
    """The computer's sound card. Where there is none, that is logged once and nothing is heard."""

    def __init__(self, backends: tuple[miniaudio.Backend, ...] | None = None) -> None:
        """See the class; `backends` are the sound systems to try, else all that make a sound."""
        self._backends = list(backends) if backends is not None else _real()
        self._device: miniaudio.PlaybackDevice | None = None
        self._is_deaf = False

    def play(self, tone: str, volume: int) -> None:
        """See Speaker; it takes as long as the tone, so it belongs on a thread of its own."""
        if not volume or self._is_deaf:
            return
        over = threading.Event()
        try:
            if self._device is None:
                self._device = miniaudio.PlaybackDevice(
                    miniaudio.SampleFormat.SIGNED16, 1, RATE, 20, backends=self._backends
                )
            stream = _stream(waveform(tone, volume), over)
            next(stream)
            self._device.start(stream)
            over.wait(_PATIENCE_S)
            self._device.stop()
        except (miniaudio.MiniaudioError, OSError) as error:
            self._is_deaf = True
            log.warning("no sound why=%s", error)

    def close(self) -> None:
        """See Speaker."""
        if self._device is not None:
            self._device.close()
            self._device = None


def _real() -> list[miniaudio.Backend]:
    """Sound systems that can be heard; ALSA complains aloud where there is no card, so it is not asked."""
    deaf = {miniaudio.Backend.NULL}
    if sys.platform == "linux" and not Path("/dev/snd").exists():
        deaf.add(miniaudio.Backend.ALSA)
    return [each for each in miniaudio.Backend if each not in deaf]


@functools.lru_cache(maxsize=32)
def waveform(tone: str, volume: int) -> bytes:
    """A tone as 16-bit samples of one channel."""
    samples = array.array("h")
    for frequencies, milliseconds in TONES[tone]:
        many = RATE * milliseconds // 1000
        fade = RATE * _FADE_S
        for n in range(many):
            swell = min(1.0, n / fade, (many - n) / fade)
            height = sum(math.sin(2 * math.pi * f * n / RATE) for f in frequencies)
            height /= max(1, len(frequencies))
            samples.append(round(_TOP * volume / _LOUD * swell * height))
    return samples.tobytes()


def _stream(data: bytes, over: threading.Event) -> Generator[bytes, int, None]:
    """What the sound card asks for, frame by frame; then silence, and `over` is set."""
    wanted = yield b""
    at = 0
    while True:
        part = data[at : at + 2 * wanted]
        if not part:
            over.set()
        at += len(part)
        wanted = yield part.ljust(2 * wanted, b"\0")
