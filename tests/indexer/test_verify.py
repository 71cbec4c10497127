"""``askdoc verify`` names what is wrong, and tells damage from a corpus that has moved on."""

import hashlib
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from askdoc import bootstrap
from askdoc.errors import BuildError, IndexUnusable
from askdoc.evaluation import known_items
from askdoc.index import activation, checked
from askdoc.index.documents import DocumentStore
from askdoc.index.field_texts import misaligned
from askdoc.index.folder import TRIES, IndexFolder
from askdoc.indexer import verify
from askdoc.settings import Settings
from tests import tiny
from tests.conftest import PAGE
from tests.making import edit, make, make_whole, opened, point, responder


@pytest.fixture
def index(corpus_folder: Path, tmp_path: Path) -> Path:
    make(corpus_folder, tmp_path / "index")
    return tmp_path / "index"


def verdict(index: Path, corpus: Path) -> verify.VerificationReport:
    return verify.corpus(verify.files(IndexFolder(index)), corpus)


def forged(index: Path, name: str, data: bytes) -> None:
    """Another file in a generation that vouches for it: as a faulty build would leave it."""
    active = IndexFolder(index).active()
    (active.path / name).unlink()
    building = index / "gen-forged.tmp"
    active.path.rename(building)
    (building / "manifest.json").unlink()
    files = {**active.manifest.files, name: (hashlib.sha256(data).hexdigest(), len(data))}
    (building / name).write_bytes(data)
    with activation.locked(IndexFolder(index)) as writer:
        writer.activate(building, writer.seal(building, replace(active.manifest, files=files)), before=None)


def reworded(index: Path, statement: str) -> bytes:
    """The words of the active generation after a change."""
    data = sqlite3.connect(":memory:")
    data.deserialize((IndexFolder(index).active().path / "documents.sqlite").read_bytes())
    data.execute(statement)
    data.commit()
    changed = data.serialize()
    data.close()
    return changed


def test_a_sound_index_has_nothing_wrong(index: Path, corpus_folder: Path) -> None:
    """Every file hashed, every passage compared."""
    found = verdict(index, corpus_folder)
    assert (found.wrong, found.remarks, found.up_to_date) == ((), (), True)
    assert (found.files, found.passages) == (1 + len(IndexFolder(index).active().manifest.files), 3)


def test_every_damaged_file_is_named(index: Path, corpus_folder: Path) -> None:
    """All of them, not only the first; of the generation in reserve too."""
    first = IndexFolder(index).current()
    edit(corpus_folder)
    second = make(corpus_folder, index).path.name
    for name in (f"{first}/documents.sqlite", f"{second}/vectors-passage.faiss", f"{second}/vectors-question.faiss"):
        (index / name).unlink()
        (index / name).write_bytes(b"x")
    wrong = " ".join(verdict(index, corpus_folder).wrong)
    for name in (f"{first}/documents.sqlite", f"{second}/vectors-passage.faiss", f"{second}/vectors-question.faiss"):
        assert f"{name} is damaged" in wrong


def test_a_broken_current_is_wrong(index: Path, corpus_folder: Path) -> None:
    """Even if a reader can do without it."""
    (index / "CURRENT").unlink()
    assert "CURRENT names no generation" in verdict(index, corpus_folder).wrong[0]


def test_a_changed_corpus_is_no_damage(index: Path, corpus_folder: Path) -> None:
    """It is told apart: a remark with what to run."""
    edit(corpus_folder)
    (corpus_folder / "new.txt").write_text("x")
    found = verdict(index, corpus_folder)
    assert (found.wrong, found.up_to_date) == ((), False)
    assert "2 files: bruise.txt, new.txt" in found.remarks[0]


def test_a_corpus_that_is_gone_is_no_damage(index: Path, tmp_path: Path) -> None:
    """The hashes are checked all the same."""
    found = verdict(index, tmp_path / "gone")
    assert (found.wrong, found.up_to_date) == ((), None)
    assert found.files > 1
    assert "could not be compared" in found.remarks[0]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE answer SET record = replace(record, 'two weeks', 'ten weeks')", "not a piece of its page, byte for"),
        ("UPDATE answer SET record = replace(record, 'Anna', 'Hanna')", "bruise is not stored as it stands"),
        ("UPDATE question SET record = replace(record, 'How long', 'How short')", "bruise is not stored as it stands"),
        ('UPDATE passage SET "end" = "end" - 1 WHERE row = 0', "do not hold every word"),
        ("DELETE FROM passage WHERE row = 0", "do not hold every word"),
        ("DELETE FROM question WHERE id = 'tea'", "tea of more.jsonl is not in the index"),
        ("UPDATE question SET id = 'coffee' WHERE id = 'tea'", "coffee is in the index and not in more.jsonl"),
    ],
)
def test_words_that_differ_from_the_corpus_are_found(
    index: Path, corpus_folder: Path, statement: str, words: str
) -> None:
    """Though every hash agrees: a faulty build, not a faulty disk."""
    forged(index, "documents.sqlite", reworded(index, statement))
    assert any(words in sentence for sentence in verdict(index, corpus_folder).wrong)


def test_what_is_no_part_of_the_index_is_remarked(index: Path, corpus_folder: Path) -> None:
    """Other files, and what a killed build has left."""
    (IndexFolder(index).active().path / "notes.txt").write_text("x")
    (index / "gen-20200101T000000000Z.tmp").mkdir()
    found = verdict(index, corpus_folder)
    assert found.wrong == ()
    assert len(found.remarks) == 2


def pushed_out(index: Path, corpus: Path) -> None:
    """Two builds: what was active before them is removed."""
    for number in range(2):
        (corpus / "new.txt").write_text(PAGE.replace("bruise", f"bruise {number}"), encoding="utf-8")
        make(corpus, index)


STEPS = [
    (checked, "read_manifest"),
    (checked, "damage"),
    (IndexFolder, "leftovers"),
    (verify, "CheckedGeneration"),
    (verify, "read_corpus"),
    (DocumentStore, "open"),
    (bootstrap, "_open"),
]


@pytest.mark.parametrize(("place", "name"), STEPS, ids=[name for _, name in STEPS])
def test_what_a_build_removes_meanwhile_is_no_damage(
    corpus_folder: Path, index: Path, monkeypatch: pytest.MonkeyPatch, place: object, name: str
) -> None:
    """At whatever step of a verification: it looks again, and tells of the index that is there now."""
    monkeypatch.setattr(bootstrap, "_trained", lambda _: tiny.TinyEmbedder())
    monkeypatch.setattr(bootstrap, "responder", lambda _: None)
    left, real = [index], getattr(place, name)

    def meanwhile(*words: object, **named: object) -> object:
        if left:
            pushed_out(left.pop(), corpus_folder)
        return real(*words, **named)

    monkeypatch.setattr(place, name, meanwhile)
    settled = Settings(corpus=corpus_folder, index=index, model="tiny")
    found = bootstrap.verify_index(settled, questions=0)
    assert (found.wrong, left) == ((), [])
    assert found.checked


def test_an_index_that_never_rests_is_not_called_damaged(index: Path) -> None:
    """After some tries it is said what hinders."""
    tries = []

    def look() -> verify.VerificationReport:
        tries.append(1)
        point(index, f"gen-20200101T00000000{len(tries)}Z-0123456789abcdef")
        return verify.VerificationReport(None, wrong=("gone",))

    with pytest.raises(BuildError, match="again and again"):
        verify.steadily(IndexFolder(index), look)
    assert len(tries) == TRIES


def test_damage_in_an_index_that_rests_is_told_at_once(index: Path) -> None:
    """There is nothing to look for again; an error is passed on."""
    tries = []

    def look() -> verify.VerificationReport:
        tries.append(1)
        return verify.VerificationReport(None, wrong=("damaged",))

    assert verify.steadily(IndexFolder(index), look).wrong == ("damaged",)
    assert len(tries) == 1

    def fail() -> verify.VerificationReport:
        raise IndexUnusable("damaged")

    with pytest.raises(IndexUnusable, match="damaged"):
        verify.steadily(IndexFolder(index), fail)


def test_no_index_is_refused(tmp_path: Path) -> None:
    """There is nothing to verify."""
    with pytest.raises(IndexUnusable, match="There is no index"):
        verify.files(IndexFolder(tmp_path))


def test_vectors_in_another_order_are_found(corpus_folder: Path, tmp_path: Path) -> None:
    """Hashes agree, words agree; yet the rows belong to other texts."""
    index = tmp_path / "index"
    make_whole(corpus_folder, index)
    from askdoc.index.vectors.faiss_flat import FaissFlat

    assert misaligned(opened(index), most=50) == []
    rows = tiny.TinyEmbedder().encode(["Does green tea stain teeth?", "How long does a bruise last?"])
    forged(index, "vectors-question.faiss", bytes(FaissFlat.build(rows).dump()))
    made = opened(index)
    assert "Row 0 of vectors-question.faiss is not its text's vector" in misaligned(made, most=50)[0]
    with pytest.raises(IndexUnusable, match="not sound"):
        known_items.trial(made, responder(made))
