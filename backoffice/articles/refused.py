"""What a field of a form cannot hold."""

from __future__ import annotations


class FieldRefused(ValueError):
    """What stands in a field cannot be; `said` names the sentence, `parts` fill it."""

    def __init__(self, said: str, **parts: object) -> None:
        self.said = said
        self.parts = parts
        super().__init__(said)
