"""Who may change an index folder: the builder that holds its lock, and nobody else."""

from pathlib import Path

import pytest
from filelock import FileLock

from askdoc.index import activation
from askdoc.index.activation import IndexWriter
from askdoc.index.folder import IndexFolder
from tests.making import names

CHANGES = ("activate", "keep", "point", "rollback", "undo", "remove_leftovers", "seal")


def test_a_folder_itself_cannot_be_changed(two: Path) -> None:
    """Readers have nothing that activates, keeps, or goes back; only the writer has."""
    assert not set(CHANGES) & set(dir(IndexFolder(two)))
    assert set(CHANGES) <= set(dir(IndexWriter))


def test_without_the_lock_nothing_can_be_changed(two: Path) -> None:
    """A writer cannot be made without the lock, nor used once it is given back."""
    folder = IndexFolder(two)
    newer, older = names(two)
    with pytest.raises(RuntimeError, match="is not held"):
        IndexWriter(folder, FileLock(two / activation.LOCK))
    with activation.locked(folder) as writer:
        writer.point(older)
    for change in (
        lambda: writer.point(newer),
        lambda: writer.keep([newer]),
        lambda: writer.rollback(lambda path: path),
        lambda: writer.undo(lambda path: path),
        lambda: writer.activate(two / newer, "another", before=None),
        lambda: writer.seal(two / newer, folder.check(newer).manifest),
        writer.remove_leftovers,
    ):
        with pytest.raises(RuntimeError, match="is not held"):
            change()
    assert folder.current() == older
    assert folder.generations() == [newer, older]


def test_the_lock_of_another_folder_is_none(two: Path, tmp_path: Path) -> None:
    """Whoever holds the lock of one index can change no other."""
    with (
        FileLock(tmp_path / activation.LOCK) as lock,
        pytest.raises(RuntimeError, match="is not held"),
    ):
        IndexWriter(IndexFolder(two), lock)
