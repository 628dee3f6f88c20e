"""A file is there whole or as it was before, whatever happens while it is written."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from acuerdo.domain.errors import StorageError
from acuerdo.files import beside, whole_file, write_whole


def test_pieces_become_a_file_with_its_folder(tmp_path: Path) -> None:
    target = tmp_path / "new" / "notes.txt"
    write_whole(target, [b"one ", b"two"])
    assert target.read_bytes() == b"one two"
    assert target.stat().st_mode & 0o777 == 0o644
    assert list(target.parent.iterdir()) == [target]


def test_what_was_there_stays_until_the_new_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "notes.txt"
    target.write_bytes(b"old")

    def pieces() -> Iterator[bytes]:
        yield b"half of the new"
        raise KeyError("interrupted")

    with pytest.raises(KeyError):
        write_whole(target, pieces())
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "notes.txt"

    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(StorageError, match="the notes could not be written: No space") as raised:
        write_whole(target, pieces(), "the notes")
    assert raised.value.where == str(target)
    assert "room on the disk" in raised.value.fix
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="could not be written"):
        write_whole(tmp_path / "file" / "notes.txt", [b"x"])
    with pytest.raises(StorageError, match="could not be written"):
        write_whole(tmp_path, [b"x"])


def test_a_link_keeps_pointing_to_the_file_it_names(tmp_path: Path) -> None:
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_bytes(b"old")
    link.symlink_to(real)
    write_whole(link, [b"new"])
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_a_pipe_is_written_to_directly(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    with whole_file(pipe) as stream:
        stream.write(b"through the pipe")
    reader.join(timeout=10)
    assert read == [b"through the pipe"]
    assert pipe.is_fifo()


def test_other_programs_can_write_to_a_path_beside(tmp_path: Path) -> None:
    target = tmp_path / "weights.bin"
    with beside(target) as part:
        assert part.parent == tmp_path
        part.write_bytes(b"weights")
        assert not target.exists()
    assert target.read_bytes() == b"weights"
