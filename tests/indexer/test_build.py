"""A build embeds what is new, changes nothing it need not, and fails without harm."""

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from askdoc import filename_escaping
from askdoc.cli.render.report import report_document, report_text
from askdoc.embedder import ModelFiles, Prompt, Side
from askdoc.embedder.model_files import TABLES
from askdoc.embedder.prompts import NO_PROMPT
from askdoc.embedder.protocol import BatchCallback, Vectors
from askdoc.errors import BuildError, CorpusError, IndexUnusable
from askdoc.index import activation, checked
from askdoc.index.folder import IndexFolder
from askdoc.index.manifest import Manifest
from askdoc.indexer import build, pipeline, previous, verify
from askdoc.indexer.build import Indexer
from askdoc.indexer.pipeline import EmbeddingModel
from askdoc.retriever.artifacts import Artifacts
from askdoc.retriever.learned_tables import FILES, ModelTables, TablesOrigin
from tests import tiny
from tests.conftest import PAGE, RECORD, UNTITLED_RECORD
from tests.making import (
    edit,
    indexer,
    make,
    make_whole,
    opened,
    own_tables,
    point,
    responder,
    rolled_back,
    tree,
    undone,
    write_tables,
)


@pytest.fixture
def index(corpus_folder: Path, tmp_path: Path) -> Path:
    """The little corpus, indexed."""
    make(corpus_folder, tmp_path / "index")
    return tmp_path / "index"


def plan(corpus: Path, index: Path) -> build.BuildPlan:
    return indexer(corpus, index).plan()


def timeless(manifest: Manifest) -> bytes:
    return replace(manifest, created="").dump()


def test_an_unchanged_corpus_changes_nothing(corpus_folder: Path, index: Path) -> None:
    """Not a byte and not a time in the whole folder."""
    before = tree(index)
    model = tiny.TinyEmbedder()
    report = make(corpus_folder, index, model)
    assert (report.changed, report.embedded, model.asked) == (False, 0, [])
    assert tree(index) == before


def test_one_edited_answer_embeds_one_answer(corpus_folder: Path, index: Path) -> None:
    """The file keeps its name and its length; only what it says differs."""
    edit(corpus_folder)
    model = tiny.TinyEmbedder()
    report = make(corpus_folder, index, model)
    [passage] = {text for text in model.asked if "orange" in text}
    assert passage == "A bruise fades within two weeks. It turns orange first."
    assert report.embedded == 1
    assert (report.changes.changed, report.changes.unchanged) == (1, 2)


def test_a_deleted_page_disappears(corpus_folder: Path, tmp_path: Path) -> None:
    """From what is counted, and from what is answered."""
    index = tmp_path / "whole"
    make_whole(corpus_folder, index)
    (corpus_folder / "more.jsonl").unlink()
    report = make_whole(corpus_folder, index)
    assert (report.changes.removed, report.changes.pages_removed) == (1, ("tea",))
    assert "tea" not in str(responder(opened(index)).reply("Does green tea stain teeth?").document()["answers"])


def test_a_renamed_page_is_embedded_from_the_cache(corpus_folder: Path, index: Path) -> None:
    """Its ids change with its name; its texts are known."""
    (corpus_folder / "bruise.txt").rename(corpus_folder / "black-and-blue.txt")
    report = make(corpus_folder, index)
    assert (report.changes.added, report.changes.removed, report.embedded) == (2, 2, 0)


def test_the_safety_examples_are_encoded_once(corpus_folder: Path, index: Path) -> None:
    """A later build takes their vectors over as they stand; one with another table makes them anew."""
    edit(corpus_folder)
    model = tiny.TinyEmbedder()
    make(corpus_folder, index, model)
    assert "Help." not in model.asked
    make(corpus_folder, index, model, full=True)
    assert "Help." in model.asked


@dataclass
class Faster:
    """Gives a model and remembers that it was asked."""

    model: tiny.TinyEmbedder | None
    asked: int = 0

    def __call__(self, weights: ModelFiles) -> tiny.TinyEmbedder | None:
        self.asked += 1
        return self.model


class Otherwise(tiny.TinyEmbedder):
    """Computes other vectors than its like."""

    def encode(
        self, texts: Sequence[str], *, side: Side = Side.QUERY, on_batch: BatchCallback | None = None
    ) -> Vectors:
        return super().encode(texts, on_batch=on_batch)[:, ::-1]


def made(corpus: Path, index: Path, faster: Faster, progress: tiny.Quiet) -> tiny.TinyEmbedder:
    """The model that an index was made with beside the faster one."""
    model = tiny.TinyEmbedder()
    embedding = EmbeddingModel(tiny.WEIGHTS, ModelTables.plain(), lambda _: model, faster)
    Indexer(corpus, IndexFolder(index), embedding).build(trial=lambda generation: None, progress=progress)
    return model


def test_many_texts_are_embedded_where_it_is_faster(
    corpus_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A GPU is not woken for a few; where there is none, or it computes otherwise, the model does it all by itself."""
    title = "How long does a bruise last?"
    few = Faster(tiny.TinyEmbedder())
    made(corpus_folder, tmp_path / "few", few, tiny.Quiet())
    assert few.asked == 0
    monkeypatch.setattr(pipeline, "GPU_FROM", 2)
    monkeypatch.setattr(pipeline, "GPU_COMPARED", 2)
    gpu = tiny.TinyEmbedder()
    made(corpus_folder, tmp_path / "many", Faster(gpu), tiny.Quiet())
    assert title in gpu.asked
    for model in (None, Otherwise()):
        progress = tiny.Quiet()
        own = made(corpus_folder, tmp_path / str(model is None), Faster(model), progress)
        assert title in own.asked
        assert any("left alone" in step for step in progress.steps) is (model is not None)


def test_dry_run_tells_and_writes_nothing(corpus_folder: Path, index: Path) -> None:
    """Added, changed, removed, unchanged and rejected, in answers and by page; the tree stays as it was."""
    edit(corpus_folder)
    record = json.loads((corpus_folder / "more.jsonl").read_text(encoding="utf-8"))
    new = [{**record, "id": "ice", "answers": [{"body": "Ice helps."}, {"body": "So does rest."}]}, {"title": ""}]
    (corpus_folder / "more.jsonl").write_text("".join(json.dumps(row) + "\n" for row in new), encoding="utf-8")
    before = tree(index)
    found = plan(corpus_folder, index)
    changes = found.changes
    assert (changes.added, changes.changed, changes.removed, changes.unchanged) == (2, 1, 1, 1)
    assert (changes.pages_added, changes.pages_changed, changes.pages_removed) == (("ice",), ("bruise",), ("tea",))
    assert (len(found.corpus.rejected), found.anew) == (1, None)
    assert tree(index) == before
    report = make(corpus_folder, index)
    assert report.changes == changes


def test_a_page_that_moves_in_its_file_has_not_changed(corpus_folder: Path, index: Path) -> None:
    """A line above it pushes it down; that is no change of the page."""
    path = corpus_folder / "more.jsonl"
    path.write_text("\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert not plan(corpus_folder, index).changes.any


def test_an_edited_title_changes_the_answers_below_it(corpus_folder: Path, index: Path) -> None:
    """They are shown, and found, below it."""
    path = corpus_folder / "bruise.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("a bruise last?", "any bruise last?"), encoding="utf-8")
    assert plan(corpus_folder, index).changes.changed == 2


def test_a_new_title_that_an_answer_begins_with_cuts_it_anew(corpus_folder: Path, index: Path) -> None:
    """The same body has other passages below another title, in a later build as in a first one."""
    path = corpus_folder / "bruise.txt"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("A bruise fades", "How long does a bruise last? It fades"), encoding="utf-8")
    model = tiny.TinyEmbedder()
    make(corpus_folder, index, model)
    assert {text for text in model.asked if "fades" in text} == {"It fades within two weeks. It turns yellow first."}
    path.write_text(path.read_text(encoding="utf-8").replace("How long", "How very long", 1), encoding="utf-8")
    make(corpus_folder, index, model)
    assert [text for text in model.asked if text.startswith("How long does a bruise last? It fades")]
    assert verify.corpus(verify.files(IndexFolder(index)), corpus_folder).wrong == ()


def test_full_ignores_the_cache_and_gives_the_same(corpus_folder: Path, index: Path) -> None:
    """Every text is embedded, and every byte but the time comes out as before."""
    before = IndexFolder(index).active().manifest
    report = make(corpus_folder, index, full=True)
    assert report.embedded == 5
    assert timeless(report.manifest) == timeless(before)
    assert report.manifest.index_id == before.index_id


def test_however_it_is_built_the_manifest_is_the_same(corpus_folder: Path, index: Path, tmp_path: Path) -> None:
    """At once, edited into place, or rebuilt without a cache: byte for byte, but for the time."""
    edit(corpus_folder)
    edited = make(corpus_folder, index).manifest
    shutil.rmtree(index / "cache")
    (index / "CURRENT").unlink()
    at_once = make(corpus_folder, tmp_path / "other").manifest
    assert timeless(edited) == timeless(at_once)


def test_what_is_carried_over_is_as_if_worked_out_anew(corpus_folder: Path, tmp_path: Path) -> None:
    """Words, their counts, near copies and calibration: after edits, moves and removals the same bytes."""
    grown, at_once = tmp_path / "grown", tmp_path / "at-once"
    bruise = (corpus_folder / "bruise.txt").read_text(encoding="utf-8")
    make_whole(corpus_folder, grown)
    (corpus_folder / "again.txt").write_text(bruise.replace("bruise", "burn"), encoding="utf-8")
    make_whole(corpus_folder, grown)
    edit(corpus_folder)
    (corpus_folder / "0.txt").write_bytes((corpus_folder / "again.txt").read_bytes())
    (corpus_folder / "again.txt").unlink()
    last = make_whole(corpus_folder, grown)
    assert timeless(last.manifest) == timeless(make_whole(corpus_folder, at_once).manifest)


class Prompted(tiny.TinyEmbedder):
    """A model with a prompt for queries, which keeps what was embedded on each side."""

    def __init__(self) -> None:
        super().__init__()
        self.prompts = {Side.QUERY: Prompt("query: "), Side.DOCUMENT: NO_PROMPT}
        self.on: dict[Side, list[str]] = {side: [] for side in Side}

    def encode(
        self, texts: Sequence[str], *, side: Side = Side.QUERY, on_batch: BatchCallback | None = None
    ) -> Vectors:
        self.on[side] += texts
        return super().encode(self.prompts[side].before(texts), side=side, on_batch=on_batch)


def test_passages_are_embedded_as_documents_and_titles_as_queries(corpus_folder: Path, tmp_path: Path) -> None:
    """A text that is both gets a vector of each, and the next build finds both in the cache."""
    both = "Does a bruise need rest?"
    record = RECORD.replace("Green tea stains less than black tea. Rinse with water.", both)
    (corpus_folder / "more.jsonl").write_text(record.replace("Does green tea stain teeth?", both), encoding="utf-8")
    model, index = Prompted(), tmp_path / "index"
    made = indexer(corpus_folder, index, model).build(trial=lambda made: None, progress=tiny.Quiet())
    documents = opened(index).documents
    passages = [documents.passage(row).text for row in range(len(documents.answer_of))]
    assert sorted(model.on[Side.DOCUMENT]) == sorted(passages)
    assert {"How long does a bruise last?", both} <= set(model.on[Side.QUERY])
    assert made.embedded == 5
    edit(corpus_folder)
    assert indexer(corpus_folder, index, model).build(trial=lambda made: None, progress=tiny.Quiet()).embedded == 1


class Dying(tiny.TinyEmbedder):
    """Dies after some batches."""

    def encode(
        self, texts: Sequence[str], *, side: Side = Side.QUERY, on_batch: BatchCallback | None = None
    ) -> Vectors:
        assert on_batch is not None

        def then(places: list[int], vectors: Vectors) -> None:
            on_batch(places, vectors)
            if places[0] == 2:
                raise KeyboardInterrupt

        return super().encode(texts, on_batch=then)


def test_an_interrupted_build_goes_on_where_it_was(corpus_folder: Path, tmp_path: Path) -> None:
    """Every finished batch is reused, nothing temporary stays, and the result is that of one go."""
    place = tmp_path / "index"
    with pytest.raises(KeyboardInterrupt):
        make(corpus_folder, place, Dying())
    assert {path.name for path in place.iterdir()} == {"cache"}
    resumed = make(corpus_folder, place)
    assert resumed.embedded == 2
    assert timeless(resumed.manifest) == timeless(make(corpus_folder, tmp_path / "other").manifest)


def test_another_model_or_version_is_noticed(corpus_folder: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same name with other weights is another model; a new askdoc may cut otherwise."""
    model = EmbeddingModel(replace(tiny.WEIGHTS, fingerprint="2" * 64), ModelTables.plain(), tiny.TinyEmbedder.load)
    assert "have changed" in str(replace(indexer(corpus_folder, index), model=model).plan().anew)
    monkeypatch.setattr(previous, "__version__", "999")
    assert "this is 999" in str(plan(corpus_folder, index).anew)
    assert make(corpus_folder, index).changed


def test_two_generations_stay(corpus_folder: Path, index: Path) -> None:
    """The active one and the one before it."""
    for number in range(3):
        (corpus_folder / "new.txt").write_text(f"Title {number}?\n\nDoctor Answers 1\n\nYes.\n\nJo Example, MD\n")
        last = IndexFolder(index).active().path.name
        make(corpus_folder, index)
        assert len(IndexFolder(index).generations()) <= 2
    assert last in IndexFolder(index).generations()


def test_an_empty_corpus_is_refused_and_the_index_stays(corpus_folder: Path, index: Path) -> None:
    """A folder that was not mounted must not empty a service."""
    before = tree(index)
    for path in corpus_folder.iterdir():
        path.unlink()
    with pytest.raises(CorpusError, match="No page"):
        make(corpus_folder, index)
    with pytest.raises(CorpusError, match="There is no corpus folder"):
        make(corpus_folder / "gone", index)
    assert tree(index) == before


@pytest.mark.parametrize("there", [True, False])
def test_where_nothing_comes_of_a_build_nothing_is_left(corpus_folder: Path, tmp_path: Path, there: bool) -> None:
    """No lock, and no folder that was made for the index; a folder that was there stays."""
    place = tmp_path / "some" / "where" / "index"
    if there:
        place.mkdir(parents=True)
    for path in corpus_folder.iterdir():
        path.unlink()
    (corpus_folder / "notes.txt").write_text("Buy milk.", encoding="utf-8")
    for corpus in (corpus_folder, corpus_folder / "gone"):
        with pytest.raises(CorpusError):
            make(corpus, place)
        assert list(tmp_path.rglob("lock")) == []
        assert place.exists() is (tmp_path / "some").exists() is there


def test_a_lock_that_was_there_stays(corpus_folder: Path, index: Path) -> None:
    """Another builder may be waiting for it."""
    (index / "lock").touch()
    with pytest.raises(CorpusError):
        make(corpus_folder / "gone", index)
    assert (index / "lock").exists()


def test_the_reasons_come_with_the_refusal(corpus_folder: Path, index: Path) -> None:
    """Where nothing can be used, each file, line, reason and hint is known to whoever asked."""
    for path in corpus_folder.iterdir():
        path.unlink()
    (corpus_folder / "notes.txt").write_text("Buy milk.", encoding="utf-8")
    with pytest.raises(build.NothingUsable, match=r"No page in .* could be used \(1 rejected\)") as refused:
        make(corpus_folder, index)
    assert [finding.source.file for finding in refused.value.corpus.rejected] == ["notes.txt"]
    with pytest.raises(build.NothingUsable):
        plan(corpus_folder, index)


def test_an_index_folder_that_is_none_is_a_plain_message(corpus_folder: Path, tmp_path: Path) -> None:
    """A file in its place, or above it."""
    (tmp_path / "file").touch()
    for place in (tmp_path / "file", tmp_path / "file" / "index"):
        with pytest.raises(BuildError, match=r"cannot be written .* Name a folder with --index\."):
            make(corpus_folder, place)
    with pytest.raises(IndexUnusable, match="Name a folder with --index"):
        IndexFolder(tmp_path / "file").active()


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "No space left .* Free some space"),
        (errno.EACCES, "Permission denied.* Mend its permissions"),
        (errno.EROFS, "Read-only file system.* --index"),
        (errno.EIO, "Input/output error.* Run: askdoc index"),
    ],
)
def test_a_disk_that_refuses_is_a_plain_message(
    corpus_folder: Path, index: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    """With what to do; what is served stays, and nothing temporary is left."""
    edit(corpus_folder)
    before = {name for name in tree(index) if not name.startswith("cache")}

    def refuse(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", refuse)
        with pytest.raises(BuildError, match=words):
            make(corpus_folder, index)
    assert {name for name in tree(index) if not name.startswith("cache")} == before
    IndexFolder(index).active()


def test_too_little_memory_is_a_plain_message(
    corpus_folder: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same, whether numpy or the model asks for it."""
    edit(corpus_folder)

    def refuse(*_: object, **__: object) -> Vectors:
        raise MemoryError

    monkeypatch.setattr(tiny.TinyEmbedder, "encode", refuse)
    with pytest.raises(BuildError, match=r"memory is not enough .* What is served stays whole"):
        make(corpus_folder, index)
    assert not list(index.glob("*.tmp"))


def test_a_generation_that_does_not_answer_is_not_activated(corpus_folder: Path, index: Path) -> None:
    """It is tried before it takes the place of one that works."""
    edit(corpus_folder)
    before = IndexFolder(index).current()

    def refuse(made: object) -> None:
        raise IndexUnusable("It found no answer.")

    with pytest.raises(BuildError, match=r"was not taken\. It found no answer\."):
        indexer(corpus_folder, index).build(trial=refuse, progress=tiny.Quiet())
    assert (IndexFolder(index).current(), list(index.glob("*.tmp"))) == (before, [])


@pytest.mark.parametrize("written", [b"{", b"\xff", b"[]", b"{}\n"])
def test_an_index_that_cannot_be_read_back_is_not_activated(
    corpus_folder: Path, index: Path, monkeypatch: pytest.MonkeyPatch, written: bytes
) -> None:
    """What was written is opened as a reader opens it: a manifest that nobody can read is found before it is named."""
    edit(corpus_folder)
    before = tree(index)
    monkeypatch.setattr(Manifest, "dump", lambda _: written)
    with pytest.raises(BuildError, match="does not work and was not taken"):
        make(corpus_folder, index)
    changed = {name for name, state in tree(index).items() if before.get(name) != state}
    assert all(name.startswith("cache") for name in changed)


NAMES = [
    *(b"caf\xe9.txt", b"a\nb.txt", b"a\x1b[2Jb.txt"),
    *(b"\xed\xa0\x80.txt", b"a\xe2\x80\xaeb.txt", b"\xff" * 120 + b".txt"),
]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_whose_name_is_no_text_is_indexed_and_found_again(
    corpus_folder: Path, tmp_path: Path, name: bytes
) -> None:
    """The next build, the comparison with the corpus and the answers' ids all know it by one readable name."""
    try:
        (corpus_folder / os.fsdecode(name)).write_bytes(PAGE.replace("bruise", "burn").encode())
        (corpus_folder / os.fsdecode(name + b".pdf")).write_bytes(b"x")
    except OSError:
        pytest.skip("the file system refuses such a name")
    report = make(corpus_folder, tmp_path / "index")
    active = IndexFolder(tmp_path / "index").active()
    json.loads((active.path / "manifest.json").read_bytes().decode())
    assert active.manifest == report.manifest
    assert {filename_escaping.original(written) for written in active.manifest.corpus} > {os.fsdecode(name)}
    [page] = [page for page in opened(tmp_path / "index").documents.pages() if "burn" in page.title]
    assert filename_escaping.original(page.id) + ".txt" == os.fsdecode(name)
    assert verify.corpus(verify.files(IndexFolder(tmp_path / "index")), corpus_folder).up_to_date
    assert not make(corpus_folder, tmp_path / "index").changed


HOLD = """
import sys, time
from pathlib import Path
from askdoc.index import activation, checked
from askdoc.index.folder import IndexFolder
with activation.locked(IndexFolder(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(3600)
"""


def test_one_builder_at_a_time_and_a_dead_one_holds_nothing(
    corpus_folder: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second is told so; after a kill -9 the lock file is still there, and in nobody's way."""
    monkeypatch.setattr(activation, "PATIENCE_S", 0.05)
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(index)], stdout=subprocess.PIPE)
    assert holder.stdout
    with holder.stdout:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(BuildError, match="Another askdoc index is at work"):
            make(corpus_folder, index)
        holder.kill()
        holder.wait()
    assert (index / "lock").exists()
    assert not make(corpus_folder, index).changed


def test_a_server_tidies_up_only_when_no_builder_is_at_work(corpus_folder: Path, index: Path) -> None:
    """What a killed build left is gone after the next start; what a living one writes is left alone."""
    (index / "gen-20200101T000000000Z.tmp").mkdir()
    (index / "cache" / "x.vectors.tmp").write_bytes(b"")
    folder = IndexFolder(index)
    with activation.locked(folder):
        activation.tidy(folder)
        assert len(folder.leftovers()) == 2
    activation.tidy(folder)
    assert folder.leftovers() == []
    activation.tidy(IndexFolder(index / "nowhere"))
    assert not (index / "nowhere").exists()


def test_rollback_goes_back_and_index_does_not_undo_it(corpus_folder: Path, index: Path) -> None:
    """Until the corpus changes, the one that was left stays away; a second rollback says what else to do."""
    first = IndexFolder(index).current()
    edit(corpus_folder)
    second = make(corpus_folder, index).path.name
    left, taken = rolled_back(index)
    assert (left, taken.path.name, IndexFolder(index).current()) == (second, first, first)
    report = make(corpus_folder, index)
    assert (report.changed, report.held, IndexFolder(index).current()) == (False, second, first)
    with pytest.raises(IndexUnusable, match="askdoc rollback --undo"):
        rolled_back(index)
    assert IndexFolder(index).current() == first


def test_a_rollback_can_be_undone(corpus_folder: Path, index: Path) -> None:
    """Once; then there is nothing to undo."""
    edit(corpus_folder)
    second = make(corpus_folder, index).path.name
    rolled_back(index)
    assert undone(index)[0] == second == IndexFolder(index).current()
    assert not make(corpus_folder, index).changed
    with pytest.raises(IndexUnusable, match="no rollback to undo"):
        undone(index)


def test_after_a_rollback_the_next_build_keeps_the_good_one(corpus_folder: Path, index: Path) -> None:
    """The one that was left goes; what is fallen back to is the one that was served."""
    first = IndexFolder(index).current()
    edit(corpus_folder)
    second = make(corpus_folder, index).path.name
    rolled_back(index)
    (corpus_folder / "more.jsonl").unlink()
    third = make(corpus_folder, index).path.name
    assert IndexFolder(index).generations() == [third, first]
    assert second not in IndexFolder(index).generations()
    assert not (index / "HELD").exists()


def test_rollback_takes_nothing_that_is_damaged(corpus_folder: Path, index: Path) -> None:
    """It is checked first; the active one stays."""
    first = IndexFolder(index).current() or ""
    edit(corpus_folder)
    second = make(corpus_folder, index).path.name
    (index / first / "documents.sqlite").unlink()
    with pytest.raises(IndexUnusable, match=f"no older index .* {first}/documents.sqlite cannot be read"):
        rolled_back(index)
    assert IndexFolder(index).current() == second


def test_a_generation_that_was_never_activated_is_cleared(corpus_folder: Path, index: Path) -> None:
    """A build killed between its last two steps leaves a whole generation that nobody chose."""
    first = IndexFolder(index).current() or ""
    edit(corpus_folder)
    second = make(corpus_folder, index).path.name
    point(index, first)
    report = make(corpus_folder, index)
    assert report.changed
    assert report.embedded == 0
    assert second not in IndexFolder(index).generations()


def test_the_clock_may_go_backwards(corpus_folder: Path, tmp_path: Path) -> None:
    """A build is later than all before it, whatever the clock says, for the newest is what is fallen back to."""
    first = make(corpus_folder, tmp_path / "index")
    future = first.manifest.created.replace(first.manifest.created[:4], "2099")
    data = replace(first.manifest, created=future)
    activation_name = checked.generation_name(future, data.dump())
    shutil.copytree(first.path, tmp_path / "index" / activation_name)
    (tmp_path / "index" / activation_name / "manifest.json").unlink()
    (tmp_path / "index" / activation_name / "manifest.json").write_bytes(data.dump())
    point(tmp_path / "index", activation_name)
    edit(corpus_folder)
    second = make(corpus_folder, tmp_path / "index")
    assert second.manifest.created > future
    assert IndexFolder(tmp_path / "index").generations()[0] == second.path.name


def test_dry_run_leaves_no_trace(corpus_folder: Path, tmp_path: Path) -> None:
    """Not even an index folder, or a lock in one."""
    indexer(corpus_folder, tmp_path / "index").plan()
    assert not (tmp_path / "index").exists()


def test_a_build_says_when_the_model_cannot_be_exported(corpus_folder: Path, tmp_path: Path) -> None:
    """The index is made all the same, and its questions need sentence-transformers."""
    progress = tiny.Quiet()
    report = indexer(corpus_folder, tmp_path / "index").build(trial=lambda made: None, progress=progress)
    assert any("cannot be exported; questions will need sentence-transformers" in step for step in progress.steps)
    assert not report.manifest.model.exported
    assert "Encoder       sentence-transformers\n" in report_text(report)
    assert "could not be exported" in report_text(report)
    assert report_document(report)["encoder"] == "sentence-transformers"


def test_an_index_carries_the_tables_of_its_model(corpus_folder: Path, tmp_path: Path) -> None:
    """Whoever opens it ranks with them, wherever the model's folder is; the shipped ones are not carried."""
    tables = own_tables(tmp_path)
    make(corpus_folder, tmp_path / "own", tables=tables)
    shutil.rmtree(tmp_path / TABLES)
    assert Artifacts.open(opened(tmp_path / "own")).tables == tables
    make(corpus_folder, tmp_path / "plain")
    assert Artifacts.open(opened(tmp_path / "plain")).tables == ModelTables.plain()


def test_other_tables_make_a_new_generation(corpus_folder: Path, index: Path, tmp_path: Path) -> None:
    """Its confidence is calibrated with them and no text embedded again; a rollback brings the earlier ones back."""
    before = IndexFolder(index).active().manifest.extra
    first, second = own_tables(tmp_path, seed=1), own_tables(tmp_path, seed=2)
    assert "tables" in str(indexer(corpus_folder, index, tables=first).plan().anew)
    for tables in (first, second):
        report = make(corpus_folder, index, tables=tables)
        assert (report.changed, report.embedded) == (True, 0)
        assert report.manifest.extra != before
        assert Artifacts.open(opened(index)).tables == tables
    assert not make(corpus_folder, index, tables=second).changed
    rolled_back(index)
    assert Artifacts.open(opened(index)).tables == first


def test_tables_of_another_model_are_not_opened(corpus_folder: Path, index: Path, tmp_path: Path) -> None:
    """Whoever puts together what does not belong together gets no answers ranked by it."""
    write_tables(tmp_path, weights="9" * 64)
    others = ModelTables(TablesOrigin.OWN, {name: (tmp_path / name).read_bytes() for name in FILES})
    make(corpus_folder, index, tables=others)
    with pytest.raises(ValueError, match="made for another model"):
        Artifacts.open(opened(index))


def test_titles_that_say_nothing_are_told(corpus_folder: Path, tmp_path: Path) -> None:
    """How many, an example and what to do, also where nothing has changed; nothing where all titles say something."""
    assert "titles say nothing" not in report_text(make(corpus_folder, tmp_path / "titled"))
    (corpus_folder / "untitled.jsonl").write_text(UNTITLED_RECORD, encoding="utf-8")
    for report in (make(corpus_folder, tmp_path / "index"), make(corpus_folder, tmp_path / "index")):
        text = " ".join(report_text(report).split())
        assert 'No title 1 1 of 3 titles say nothing of their answers, such as "Question 7".' in text
        assert "make the question itself the title, then run: askdoc index" in text
        document = report_document(report)
        assert (document["untitled"], document["untitled_example"]) == (1, "Question 7")


def test_a_title_that_begins_to_say_something_is_told_anew(corpus_folder: Path, tmp_path: Path) -> None:
    """A later build gives what a full one gives, whichever titles said nothing before."""
    record = corpus_folder / "untitled.jsonl"
    for title in ("Question 7", "What helps a jaw that clicks?", "Ask the doctor"):
        record.write_text(UNTITLED_RECORD.replace("Question 7", title), encoding="utf-8")
        report = make(corpus_folder, tmp_path / "index")
        whole = make(corpus_folder, tmp_path / f"whole {title}", full=True)
        assert report.manifest.files == whole.manifest.files
        assert report.manifest.untitled == int("jaw" not in title)


def test_a_corpus_without_a_title_that_says_anything_answers(corpus_folder: Path, tmp_path: Path) -> None:
    """Its field of titles is empty, and its answers are found by their text."""
    for path in corpus_folder.iterdir():
        path.unlink()
    (corpus_folder / "untitled.jsonl").write_text(UNTITLED_RECORD, encoding="utf-8")
    report = make_whole(corpus_folder, tmp_path / "index")
    assert report.manifest.fields == {"passage": 1, "question": 0}
    ranking = responder(opened(tmp_path / "index")).rank("a jaw that clicks", most=1)
    assert [name for name, _ in ranking.answers] == ["jaw-1"]
