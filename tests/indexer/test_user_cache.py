"""The user's cache gives back what it was given, or nothing, and never stands in a build's way."""

import errno
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from askdoc.indexer import user_cache
from askdoc.indexer.user_cache import ABANDONED_S, MOST_ENTRIES, UserCache, key_of
from tests.making import spoil

KEY = key_of(made="a test")
FILES = {"one": b"1" * 1000, "two": b"", "three": b"line\nline\n"}


@pytest.fixture
def cache(tmp_path: Path) -> UserCache:
    """A cache with one entry."""
    cache = UserCache(tmp_path / "home" / "cache" / "askdoc")
    cache.put(KEY, FILES)
    return cache


def names(cache: UserCache) -> set[str]:
    return {path.name for path in cache.folder.iterdir()}


def aged(path: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


def test_an_entry_comes_back_as_it_was_put(cache: UserCache) -> None:
    """Every file, byte for byte, in another process too, as nothing is held in memory."""
    assert UserCache(cache.folder).get(KEY) == FILES
    assert names(cache) == {KEY}


def test_folder_and_entries_are_private(cache: UserCache) -> None:
    """Nobody else reads or writes them."""
    assert [path.stat().st_mode & 0o777 for path in (cache.folder, cache.folder / KEY)] == [0o700, 0o600]


def test_another_key_is_another_entry(cache: UserCache) -> None:
    """Also where an entry was put under another's name."""
    other = key_of(made="another test")
    assert cache.get(other) is None
    (cache.folder / KEY).rename(cache.folder / other)
    assert cache.get(other) is None


def test_an_entry_that_is_damaged_or_torn_is_none_and_is_replaced(cache: UserCache) -> None:
    """One bit flipped, the end missing, nothing there, another format: none is taken, and the next put mends it."""
    path = cache.folder / KEY
    whole = path.read_bytes()
    for damaged in (b"", whole[:20], whole[:-1], whole + b"x", b"other" + whole[5:]):
        path.write_bytes(damaged)
        assert cache.get(KEY) is None
    path.write_bytes(whole)
    spoil(path)
    assert cache.get(KEY) is None
    cache.put(KEY, FILES)
    assert cache.get(KEY) == FILES


def test_what_others_could_have_written_is_not_taken(cache: UserCache) -> None:
    """A file or a folder that others may write to, or a link: the hash inside vouches for none of them."""
    path = cache.folder / KEY
    for place, private in ((path, 0o600), (cache.folder, 0o700)):
        for more in (0o020, 0o002):
            place.chmod(private | more)
            assert cache.get(KEY) is None
        place.chmod(private)
        assert cache.get(KEY) == FILES
    path.rename(cache.folder.parent / "elsewhere")
    path.symlink_to(cache.folder.parent / "elsewhere")
    assert cache.get(KEY) is None


@pytest.mark.parametrize("part", ["", KEY])
def test_what_another_user_owns_is_not_taken(cache: UserCache, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither an entry nor a folder."""
    if os.geteuid() == 0:
        os.chown(cache.folder / part, 12345, -1)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert cache.get(KEY) is None


def test_root_makes_nothing_in_another_users_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With sudo and that user's HOME; the user could neither use nor remove what root leaves there."""
    if os.geteuid() == 0:
        os.chown(tmp_path, 12345, -1)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    UserCache(tmp_path / ".cache" / "askdoc").put(KEY, FILES)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("call", ["mkstemp", "write", "replace", "mkdir"])
def test_a_folder_that_cannot_be_written_to_costs_one_line(
    tmp_path: Path, call: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A read-only home, a full disk: nothing is raised, nothing is left, and the line says what it means."""

    def refused(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    module = tempfile if call == "mkstemp" else os
    monkeypatch.setattr(module, call, refused)
    cache = UserCache(tmp_path / "askdoc")
    cache.put(KEY, FILES)
    monkeypatch.undo()
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []
    [line] = caplog.messages
    assert "cannot be used (No space left on device)" in line
    assert cache.get(KEY) is None


def test_a_cache_that_can_only_be_read_is_read(cache: UserCache, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in an image that was made with it: that it was used cannot be noted there."""

    def refused(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "utime", refused)
    assert cache.get(KEY) == FILES


def test_without_a_home_there_is_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user without HOME and without a name, as in some containers."""
    for name in ("HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)

    def unknown(_: int) -> None:
        raise KeyError

    monkeypatch.setattr("pwd.getpwuid", unknown)
    assert UserCache.located() is None


def test_the_users_cache_follows_the_platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """XDG_CACHE_HOME places it; so a container can."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert UserCache.located() == UserCache(tmp_path / "askdoc")


def test_the_entries_used_longest_ago_go_first(cache: UserCache) -> None:
    """Used, not made; what is no entry stays."""
    keys = [key_of(number=number) for number in range(MOST_ENTRIES + 1)]
    (cache.folder / KEY).unlink()
    (cache.folder / "notes.txt").write_text("mine")
    for age, key in enumerate(reversed(keys[:-1])):
        cache.put(key, FILES)
        aged(cache.folder / key, 1000 + age)
    assert cache.get(keys[0]) == FILES
    cache.put(keys[-1], FILES)
    assert names(cache) == {*keys} - {keys[1]} | {"notes.txt"}


def test_the_cache_is_bounded_in_bytes(cache: UserCache, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also by an entry that is too large alone: it does not stay."""
    monkeypatch.setattr(user_cache, "MOST_BYTES", 1500)
    aged(cache.folder / KEY, 10)
    second = key_of(made="a second test")
    cache.put(second, FILES)
    assert names(cache) == {second}
    cache.put(KEY, {"large": b"x" * 2000})
    assert names(cache) == set()


def test_what_a_killed_build_has_left_goes_after_an_hour(cache: UserCache) -> None:
    """A younger one may be another builder's, at work."""
    for name, age in (("old", ABANDONED_S + 60), ("young", 60)):
        path = cache.folder / f"{key_of(made=name)}.{name}.tmp"
        path.write_bytes(b"part")
        aged(path, age)
    cache.put(KEY, FILES)
    assert names(cache) == {KEY, f"{key_of(made='young')}.young.tmp"}


PUT = """
import os, sys
from pathlib import Path
from askdoc.indexer.user_cache import UserCache, key_of
cache, key = UserCache(Path(sys.argv[1])), key_of(made="a race")
files = {"data": b"the same of all" * 100_000}
if sys.argv[2] == "killed":
    os.replace = lambda *_: os.kill(os.getpid(), 9)
for _ in range(20):
    cache.put(key, files)
    assert cache.get(key) == files
"""


def test_two_builders_at_once_both_leave_a_whole_entry(tmp_path: Path) -> None:
    """Neither waits, neither fails, and at every moment an entry that is there is whole."""
    command = [sys.executable, "-c", PUT, str(tmp_path / "askdoc"), ""]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    assert [(builder.communicate()[1], builder.returncode) for builder in both] == [("", 0)] * 2
    assert names(UserCache(tmp_path / "askdoc")) == {key_of(made="a race")}


def test_a_builder_killed_while_it_writes_leaves_no_entry(tmp_path: Path) -> None:
    """SIGKILL before the rename: the next builder finds nothing, waits for nobody, and makes its own."""
    cache, key = UserCache(tmp_path / "askdoc"), key_of(made="a race")
    done = subprocess.run([sys.executable, "-c", PUT, str(cache.folder), "killed"], check=False)
    assert (done.returncode, cache.get(key)) == (-9, None)
    cache.put(key, FILES)
    assert cache.get(key) == FILES
