"""The corpus folder: every file is read or told of, and one bad file stops nothing."""

import hashlib
import os
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

import pytest

from askdoc.corpus import loader
from askdoc.corpus.jsonl import JsonlReader
from askdoc.corpus.reader import HEAD_LENGTH, Finding, RowResult
from askdoc.corpus.text_page.page import TextPage
from askdoc.errors import CorpusError
from askdoc.models import Answer, Question, Source

PAGE = "Does cold help?\n\nDoctor Answers 1\n\nIce helps.\n\nJane Roe, MD\n"
RECORD = '{"title": "Does heat help?", "answers": [{"body": "No."}]}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A corpus of one page and one record."""
    (tmp_path / "a.txt").write_text(PAGE, encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(RECORD, encoding="utf-8")
    return tmp_path


def reasons(read: loader.Corpus) -> list[tuple[str, str]]:
    return [(str(finding.source), finding.reason) for finding in read.rejected]


def allow_heads_alone(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Fail where a file of this name is read beyond its head, other than piece by piece into a buffer."""

    class Guarded(FileIO):
        def read(self, size: int | None = -1) -> bytes:
            assert size == HEAD_LENGTH
            return super().read(size)

    def opened(path: Path, mode: str, *, buffering: int) -> FileIO:
        return Guarded(path, mode) if path.name == name else FileIO(path, mode)

    monkeypatch.setattr(Path, "open", opened)


def test_a_folder_is_read_in_the_order_of_its_paths(folder: Path) -> None:
    """Pages and records of all folders below come sorted by path, the same every time."""
    (folder / "c").mkdir()
    (folder / "c" / "a.TXT").write_text(PAGE, encoding="utf-8")
    (folder / "a-b.txt").write_text(PAGE, encoding="utf-8")
    read = loader.read(folder)
    assert [question.id for question in read.questions] == ["a-b", "a", "b-1", "c/a"]
    assert (read.rows, read.findings) == (4, ())
    assert read == loader.read(folder)


def test_every_file_has_its_hash(folder: Path) -> None:
    """The hashes are those of the bytes, by relative path."""
    assert loader.read(folder).files == {
        "a.txt": hashlib.sha256(PAGE.encode()).hexdigest(),
        "b.jsonl": hashlib.sha256(RECORD.encode()).hexdigest(),
    }


def test_notes_and_hidden_files_are_passed_over(folder: Path) -> None:
    """README.md, other notes, hidden files and hidden folders are no part of the corpus."""
    for name in ("README.md", "notes.rst", ".hidden.txt", ".git/page.txt", "sub/.cache/page.txt", "sub/readme.MD"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("No page.", encoding="utf-8")
    read = loader.read(folder)
    assert sorted(read.files) == ["a.txt", "b.jsonl"]
    assert not read.findings


def test_an_unknown_kind_of_file_is_told_of(folder: Path) -> None:
    """A file that no reader knows is rejected with the kinds that are known."""
    for name in ("a.pdf", "b.docx", "c", "d.txt.gz", "e.json"):
        (folder / name).write_bytes(b"x")
    read = loader.read(folder)
    assert [place for place, _ in reasons(read)] == ["a.pdf:1", "b.docx:1", "c:1", "d.txt.gz:1", "e.json:1"]
    assert all("No reader" in reason for _, reason in reasons(read))
    assert all("*.txt" in finding.hint and "*.jsonl" in finding.hint for finding in read.rejected)


def test_bad_files_stop_nothing(folder: Path) -> None:
    """Broken pages and records are findings with file and line; the others are read, and rows add up."""
    (folder / "aa.txt").write_bytes(b"\x00")
    (folder / "ab.txt").write_bytes(b"")
    (folder / "ba.jsonl").write_bytes(b"{\n" + RECORD.encode() + b"\xff\n")
    (folder / "bb.jsonl").write_bytes(b"")
    read = loader.read(folder)
    assert [question.id for question in read.questions] == ["a", "b-1", "ba-2"]
    assert [place for place, _ in reasons(read)] == ["aa.txt:1", "ab.txt:1", "ba.jsonl:1", "ba.jsonl:3"]
    assert [str(finding.source) for finding in read.remarks] == ["bb.jsonl:1"]
    assert read.rows == len(read.questions) + len(read.rejected) == 7


def test_a_file_that_may_not_be_read_is_told_of(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file without permission is a finding; simulated, for some users may read everything."""

    def refuse(path: Path, mode: str, *, buffering: int) -> FileIO:
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return FileIO(path, mode)

    monkeypatch.setattr(Path, "open", refuse)
    read = loader.read(folder)
    assert reasons(read) == [("a.txt:1", "The file cannot be read (Permission denied).")]
    assert [question.id for question in read.questions] == ["b-1"]
    assert read.files["a.txt"] == "unreadable: Permission denied"


def test_a_link_to_nothing_is_told_of(folder: Path) -> None:
    """A dangling link is a finding; a link to a file is the file."""
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    (folder / "here.txt").symlink_to(folder / "a.txt")
    read = loader.read(folder)
    assert [question.id for question in read.questions] == ["a", "b-1", "here"]
    assert [place for place, _ in reasons(read)] == ["gone.txt:1"]
    assert "No such file" in reasons(read)[0][1]


def test_a_link_to_a_folder_is_not_followed_and_told_of(folder: Path) -> None:
    """Links may lead in a circle, so they are not followed; and nothing is passed over in silence."""
    (folder / "loop").symlink_to(folder)
    read = loader.read(folder)
    assert [place for place, _ in reasons(read)] == ["loop:1"]
    assert "links to folders are not followed" in reasons(read)[0][1]


@pytest.mark.parametrize(("name", "size"), [("big.txt", TextPage.largest + 1), ("big.jsonl", JsonlReader.largest + 1)])
def test_a_file_that_is_too_large_is_never_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, size: int
) -> None:
    """The size is looked at first: of a file above its reader's limit nothing is read but the head."""
    with (folder / name).open("wb") as file:
        file.truncate(size)
    allow_heads_alone(monkeypatch, name)
    read = loader.read(folder)
    ((place, reason),) = reasons(read)
    assert place == f"{name}:1"
    assert reason.startswith(f"The file is too large: {size:,} bytes")
    assert read.files[name] == "unreadable: " + reason.removeprefix("The file is too large: ").removesuffix(".")
    assert [question.id for question in read.questions] == ["a", "b-1"]


def test_a_file_of_no_known_kind_is_hashed_without_being_held(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A film in the folder is told of, and its hash is that of its bytes."""
    film = b"film" * 100_000
    (folder / "c.mp4").write_bytes(film)
    allow_heads_alone(monkeypatch, "c.mp4")
    assert loader.read(folder).files["c.mp4"] == hashlib.sha256(film).hexdigest()


@pytest.mark.parametrize("name", ["more.json", "more.NDJSON"])
def test_json_by_another_name_is_told_how_to_be_read(folder: Path, name: str) -> None:
    """Records in a file of another name are reported with the name that would be read."""
    (folder / name).write_text(RECORD, encoding="utf-8")
    (finding,) = loader.read(folder).rejected
    assert "*.jsonl" in finding.hint
    assert "such a name" in finding.hint


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_does_not_hold_up_the_reading(folder: Path) -> None:
    """What is no regular file is told of without waiting for it."""
    os.mkfifo(folder / "pipe.txt")
    assert reasons(loader.read(folder)) == [("pipe.txt:1", "The file cannot be read (it is no regular file).")]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a\nb.txt", r"a\x0ab.txt"),
        ("a\x1b[31m.txt", r"a\x1b[31m.txt"),
        (os.fsdecode(b"a\xff.txt"), r"a\xff.txt"),
        ("a\u202eb.txt", r"a\u202eb.txt"),
        ("a\\b.txt", r"a\\b.txt"),
    ],
)
def test_a_name_that_cannot_be_shown_is_written_with_escapes(folder: Path, name: str, written: str) -> None:
    """In the report and in ids; the page is read, and what was done is remarked."""
    try:
        (folder / name).write_text(PAGE, encoding="utf-8")
    except OSError:
        pytest.skip("the file system refuses such a name")
    read = loader.read(folder)
    assert read.rejected == ()
    assert written in read.files
    assert written.removesuffix(".txt") in {question.id for question in read.questions}
    (finding,) = read.remarks
    assert (finding.source.file, "Rename" in finding.hint) == (written, True)
    assert str(finding).isprintable()


def test_a_path_that_is_too_long_is_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders can be nested deeper than the system takes a path."""
    monkeypatch.chdir(folder)
    for _ in range(20):
        Path("d" * 250).mkdir()
        os.chdir("d" * 250)
    with pytest.raises(CorpusError, match="Shorten it"):
        loader.read(folder)


@pytest.mark.parametrize("name", ["page one.txt", "früh.txt", "頁.txt", "a'b&c.txt"])
def test_a_name_may_hold_any_letters(folder: Path, name: str) -> None:
    """Spaces and letters of any script are fine in a file's name."""
    (folder / name).write_text(PAGE, encoding="utf-8")
    assert name.removesuffix(".txt") in {question.id for question in loader.read(folder).questions}


def test_an_id_is_used_once(folder: Path) -> None:
    """A question or answer whose id is taken, by whatever kind of file, is rejected and names the other place."""
    rows = [
        '{"id": "a", "title": "Q?"}',
        '{"title": "Q?", "answers": [{"id": "a:1", "body": "x"}]}',
        '{"id": "new", "title": "Q?", "answers": [{"id": "a", "body": "x"}]}',
        '{"id": "new", "title": "Q?"}',
    ]
    (folder / "c.jsonl").write_text("\n".join(rows), encoding="utf-8")
    read = loader.read(folder)
    assert [question.id for question in read.questions] == ["a", "b-1", "new"]
    assert reasons(read) == [
        ("c.jsonl:1", "The id of question 'a' is already used at a.txt:1."),
        ("c.jsonl:2", "The id of answer 'a:1' is already used at a.txt:1."),
        ("c.jsonl:4", "The id of question 'new' is already used at c.jsonl:3."),
    ]
    assert read.rows == 6


def test_a_rejected_question_takes_no_ids(folder: Path) -> None:
    """The ids of a question that is left out stay free for others."""
    answers = '"answers": [{"id": "x", "body": "x"}]'
    rows = [f'{{"id": "a", "title": "Q?", {answers}}}', f'{{"title": "Q?", {answers}}}']
    (folder / "c.jsonl").write_text("\n".join(rows), encoding="utf-8")
    assert [question.id for question in loader.read(folder).questions] == ["a", "b-1", "c-2"]


def test_an_empty_folder_is_an_empty_corpus(tmp_path: Path) -> None:
    """A folder without files is read; that nothing can be asked of it is for others to say."""
    assert loader.read(tmp_path) == loader.Corpus((), (), {}, 0)


@pytest.mark.parametrize("make_file", [False, True])
def test_a_missing_folder_is_an_error(tmp_path: Path, make_file: bool) -> None:
    """No folder, or a file in its place: a plain sentence, and the exit code for a bad corpus."""
    path = tmp_path / "corpus"
    if make_file:
        path.write_text(PAGE, encoding="utf-8")
    with pytest.raises(CorpusError, match=r"There is no corpus folder .* --corpus") as raised:
        loader.read(path)
    assert raised.value.exit_code == 3


def test_a_folder_that_may_not_be_entered_is_an_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a whole folder cannot be listed, the build stops: an index without it would look complete."""

    def scan(path: str) -> Iterator[object]:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", scan)
    with pytest.raises(CorpusError, match=r"cannot be read \(Permission denied\)") as raised:
        loader.read(folder)
    assert raised.value.exit_code == 3


class Fixed:
    """A reader of text files that gives the same results whatever is in them."""

    kind = "*.txt"
    largest = 1000

    def __init__(self, *results: RowResult | Finding) -> None:
        self.results = results

    def detects(self, name: str, head: bytes) -> bool:
        return name.endswith(".txt")

    def read(self, file: str, data: bytes) -> Iterator[RowResult | Finding]:
        yield from self.results


def test_a_row_that_is_neither_used_nor_rejected_is_found_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rejection outside of a row does not add up with the rows, and the build stops."""
    rejection = Finding(Source("a.txt", 1), "The row is bad.", "Mend it.")
    monkeypatch.setattr(loader, "READERS", (Fixed(rejection), *loader.READERS))
    with pytest.raises(AssertionError, match=r"a\.txt: 0 rows, but 0 used and 1 rejected"):
        loader.read(folder)


def test_a_file_of_which_a_reader_says_nothing_is_found_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is passed over in silence: without a row there is a remark at least, or the build stops."""
    monkeypatch.setattr(loader, "READERS", (Fixed(), *loader.READERS))
    with pytest.raises(AssertionError, match=r"a\.txt: 0 rows, but 0 used and 0 rejected"):
        loader.read(folder)
    remark = Finding(Source("a.txt", 1), "The file is empty.", "Fill it.", kept=True)
    monkeypatch.setattr(loader, "READERS", (Fixed(remark), *loader.READERS))
    assert loader.read(folder).findings == (remark,)


class Cards:
    """A made-up format: below a line that names it, each line is a question and its answer around a bar."""

    kind = "cards"
    largest = 1000

    def detects(self, name: str, head: bytes) -> bool:
        return head.startswith(b"%CARDS 1\n")

    def read(self, file: str, data: bytes) -> Iterator[RowResult | Finding]:
        for number, line in enumerate(data.decode().splitlines()[1:], 2):
            source = Source(file, number)
            title, _, body = line.partition("|")
            if body:
                answer = Answer(f"{file}-{number}:1", body)
                yield RowResult(Question(f"{file}-{number}", title, source, answers=(answer,)))
            else:
                yield RowResult(Finding(source, "The card has no bar.", "Write 'question|answer'."))
        yield Finding(Source(file, 1), "Cards are read by a reader on trial.", "Check them.", kept=True)


def test_a_new_format_is_one_reader_and_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that goes by the head alone reads its format under any name, and the others read on as before."""
    for name in ("cards", "cards.txt", "cards.unknown"):
        (folder / name).write_bytes(b"%CARDS 1\nDoes cold help?|Yes.\nDoes heat?\n")
    (folder / "other.bin").write_bytes(b"% no cards")
    monkeypatch.setattr(loader, "READERS", (Cards(), *loader.READERS))
    read = loader.read(folder)
    assert [question.id for question in read.questions] == ["a", "b-1", "cards-2", "cards.txt-2", "cards.unknown-2"]
    assert [place for place, _ in reasons(read)] == ["cards:3", "cards.txt:3", "cards.unknown:3", "other.bin:1"]
    assert [str(finding.source) for finding in read.remarks] == ["cards:1", "cards.txt:1", "cards.unknown:1"]
    assert read.rejected[-1].hint == "Known kinds: cards, *.txt, *.jsonl."
    assert read.rows == 9


def test_a_reader_sees_no_more_than_the_head_of_a_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a file is, what detects its format is given its first bytes, and what reads it all of them."""
    seen: list[bytes] = []

    class Watching(Fixed):
        def detects(self, name: str, head: bytes) -> bool:
            seen.append(head)
            return False

    whole = (PAGE + " " * HEAD_LENGTH).encode()
    (folder / "a.txt").write_bytes(whole)
    monkeypatch.setattr(loader, "READERS", (Watching(), *loader.READERS))
    read = loader.read(folder)
    assert seen == [whole[:HEAD_LENGTH], RECORD.encode()]
    assert read.files["a.txt"] == hashlib.sha256(whole).hexdigest()
    assert [question.id for question in read.questions] == ["a", "b-1"]
