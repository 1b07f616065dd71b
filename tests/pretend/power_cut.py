"""A disk of its own whose power can be cut: an ext4 file system in a file, shut down for real."""

from __future__ import annotations

import contextlib
import fcntl
import os
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_SHUTDOWN: Final = 0x8004587D
"""FS_IOC_SHUTDOWN. Source: linux/fs.h; ext4 takes it like xfs."""
_NO_LOG_FLUSH: Final = 2
"""What is in memory only is gone, as when the power goes."""


class Disk:
    """The disk. `path` is where it is mounted."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "disk"
        self._image = folder / "disk.img"
        self.path.mkdir()
        with self._image.open("wb") as image:
            image.truncate(96 * 1024 * 1024)
        subprocess.run(["mkfs.ext4", "-q", "-F", self._image], check=True)
        self._mount()

    def _mount(self) -> None:
        subprocess.run(["mount", "-o", "loop", self._image, self.path], check=True)

    def cut(self) -> None:
        """The power goes: nothing more reaches the disk, and what was not durable is gone."""
        handle = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, _SHUTDOWN, struct.pack("I", _NO_LOG_FLUSH))
        finally:
            os.close(handle)

    def restore(self) -> None:
        """The power comes back. Whoever used the disk must have ended."""
        self.release()
        self._mount()

    def release(self) -> None:
        """Take the disk away."""
        subprocess.run(["umount", self.path], check=True)


@contextlib.contextmanager
def disk(folder: Path) -> Iterator[Disk]:
    """A disk whose power can be cut."""
    made = Disk(folder)
    try:
        yield made
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            made.release()
