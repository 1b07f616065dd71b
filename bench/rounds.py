"""What all benchmarks share: rounds in turn, medians with their spread."""

from __future__ import annotations

import statistics
from collections.abc import Callable


def in_turn(ours: Callable[[], float], bare: Callable[[], float], rounds: int = 5) -> str:
    """Seconds of both, A B A B …, and their ratio round by round."""
    ours()
    bare()
    pairs = [(ours(), bare()) for _ in range(rounds)]
    left = statistics.median(a for a, _ in pairs)
    right = statistics.median(b for _, b in pairs)
    ratios = sorted(a / b for a, b in pairs)
    return (
        f"ours {left * 1e3:.3f} ms, bare {right * 1e3:.3f} ms, ratio {statistics.median(ratios):.2f}"
        f" ({ratios[0]:.2f} to {ratios[-1]:.2f}), {rounds} rounds"
    )
