"""What stands on the disk is what was written, or the write has failed."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from askdoc import durable


def test_write_gives_the_hash_of_what_stands_there(tmp_path: Path) -> None:
    """In pieces or at once: the same bytes, the same hash, and nobody may write to them again."""
    told = durable.write(tmp_path / "file", [b"one ", memoryview(b"two")])
    assert (tmp_path / "file").read_bytes() == b"one two"
    assert told == durable.digest(tmp_path / "file")
    assert (tmp_path / "file").stat().st_mode & 0o222 == 0


def test_write_replaces_nothing(tmp_path: Path) -> None:
    """A file that is there already is somebody else's."""
    (tmp_path / "file").write_bytes(b"theirs")
    with pytest.raises(FileExistsError):
        durable.write(tmp_path / "file", [b"ours"])
    assert (tmp_path / "file").read_bytes() == b"theirs"


def test_a_disk_that_takes_a_few_bytes_at_a_time_gets_them_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system may write less than it is asked to, without an error."""
    real = os.write
    monkeypatch.setattr(os, "write", lambda file, data: real(file, data[:3]))
    durable.write(tmp_path / "file", [b"0123456789"])
    assert (tmp_path / "file").read_bytes() == b"0123456789"


def test_a_disk_that_gives_back_other_bytes_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is read back before it counts as written."""
    real = os.write
    monkeypatch.setattr(os, "write", lambda file, data: real(file, bytes(byte ^ 1 for byte in data)))
    with pytest.raises(OSError, match="other bytes"):
        durable.write(tmp_path / "file", [b"0123456789"])


def test_replace_fails_without_a_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old file stays, and no temporary one."""
    durable.replace(tmp_path / "file", b"old")

    def full(file: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="full"):
        durable.replace(tmp_path / "file", b"new")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def _link(path: Path) -> None:
    path.symlink_to(path.parent / "else")


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, _link])
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, make: Callable[[Path], object]) -> None:
    """A pipe would make a reader wait for ever."""
    (tmp_path / "else").write_bytes(b"else")
    make(tmp_path / "file")
    with pytest.raises(OSError, match=r"not a|directory"):
        durable.content(tmp_path / "file")
    with pytest.raises(OSError, match=r"not a|directory"):
        durable.digest(tmp_path / "file", follow=False)
