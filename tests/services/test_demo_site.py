"""Where the demo is built: in memory where there is room, and nothing stays there whatever happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.demo import building


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for memory, with as much room as is wanted."""
    place = tmp_path / "shm"
    place.mkdir()
    monkeypatch.setattr(building, "_MEMORY", place)
    monkeypatch.setattr(building, "_ROOM", 1)
    return place


def spoilt(directory: Path, memory: Path) -> None:
    """A build in the middle of which the disk is full."""
    with building._site(directory) as site:
        assert site.parent == memory
        (site / "half").write_text("built")
        raise OSError("no room")


def test_a_full_disk_says_so_and_leaves_nothing_in_memory(memory: Path, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no room"):
        spoilt(tmp_path / "demo", memory)
    assert list(memory.iterdir()) == []


def test_what_a_killed_build_left_is_cleared_by_the_next(memory: Path, tmp_path: Path) -> None:
    with building._site(tmp_path / "demo") as site:
        kept = site
    kept.mkdir()
    (kept / "half").write_text("built")
    with building._site(tmp_path / "demo") as site:
        assert (site, list(site.iterdir())) == (kept, [])


@pytest.mark.parametrize("room", [True, False])
def test_without_room_or_memory_it_is_built_where_it_stays(
    memory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: bool
) -> None:
    if room:
        memory.rmdir()
    else:
        monkeypatch.setattr(building, "_ROOM", 1 << 80)
    with building._site(tmp_path / "demo") as site:
        assert site == tmp_path / "demo"
