"""The command `tresen`: loads a room's commands by name, only when one of them is called."""

from __future__ import annotations

import importlib
from typing import Final, cast

import click

_ROOT: Final = {
    "demo": ("services.demo.cli:demo", "Try Tresen: a sample chain with tills, on this machine."),
    "office": ("backoffice.cli:office", "Head office: serve it, import articles, list receipts."),
    "till": ("", "A till: with its screen, or without."),
    "agent": ("services.agent.cli:agent", "The till's agent: sales up, master data down."),
    "box": ("services.agent.cli:box", "A till's box: enrol it, look at it, verify it."),
}
_TILL: Final = {
    "run": ("pos_qt.cli:run", "Open the till's screen."),
    "sell": ("services.till.cli:sell", "Sell from JSON lines, without a screen."),
    "x": ("services.till.cli:x_report", "How the period stands; it changes no figure."),
    "z": ("services.till.cli:z_report", "Close the period, also without a line to head office."),
}


class Rooms(click.Group):
    """Commands that are imported when they are called, so that `tresen` answers at once."""

    def __init__(self, name: str, rooms: dict[str, tuple[str, str]], help: str) -> None:  # noqa: A002
        super().__init__(name, help=help)
        self._rooms = rooms

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands' names."""
        return list(self._rooms)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command called `cmd_name`."""
        if cmd_name not in self._rooms:
            return None
        where, _ = self._rooms[cmd_name]
        if not where:
            return Rooms("till", _TILL, _ROOT["till"][1])
        module, _, name = where.partition(":")
        return cast(click.Command, getattr(importlib.import_module(module), name))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each command with one sentence, without importing it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self._rooms.items()])


main = Rooms(
    "tresen", _ROOT, "Tresen: tills that never lose a sale, and head office in the browser."
)

if __name__ == "__main__":
    main(prog_name="tresen")
