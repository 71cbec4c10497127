"""Stored questions find their own pages, or are named."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from askdoc import bootstrap
from askdoc.cli import evaluate
from askdoc.cli.render.evaluation import self_check_text
from askdoc.errors import UsageError
from askdoc.evaluation import known_items
from askdoc.index.generation import Generation
from askdoc.models import Answer, Question, Source
from tests.evaluation.scripted import Scripted
from tests.making import make_whole, opened, responder


def test_every_stored_question_finds_its_own_page(tiny_index: Generation) -> None:
    """Every stored question finds its page, or another of its title; what cannot be asked is listed."""
    responder = bootstrap.responder(tiny_index)
    assert known_items.check_self(responder, tiny_index.documents.asked()).document() == {
        "asked": 2, "missed": [], "unaskable": [], "untitled": 0,
    }  # fmt: skip
    stored = [("bruise", "How long does a bruise last?"), ("x", "Zebra quantum carburettor"), ("y", "y" * 1001)]
    found = known_items.check_self(responder, stored)
    assert (found.asked, [name for name, _ in found.missed], [name for name, _ in found.unaskable]) == (2, ["x"], ["y"])


@pytest.mark.parametrize(("title", "code"), [("one", 0), ("three", 1)], ids=["found", "missed"])
def test_a_stored_question_that_is_missed_makes_the_command_fail(
    title: str, code: int, tiny_index: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stored question that is missed is named, and the exit code is 1."""

    class Stored(Scripted):
        def answer(self, answer_id: str) -> tuple[Question, Answer]:
            return Question(answer_id, "one", Source("q.txt", 1)), Answer(answer_id, "Rest.")

    monkeypatch.setattr(bootstrap, "open_generation", lambda _: tiny_index)
    monkeypatch.setattr(bootstrap, "responder", lambda _: Stored())
    monkeypatch.setattr(type(tiny_index.documents), "asked", lambda _: [("page", title)])
    done = CliRunner().invoke(evaluate.evaluate, ["--self"])
    assert done.exit_code == code
    assert ("- page: three" in done.output) == bool(code)


def test_stored_questions_find_their_own_page(corpus_folder: Path, tmp_path: Path) -> None:
    """Each comes first for its own title; one that does not is named."""
    index = tmp_path / "index"
    make_whole(corpus_folder, index)
    made = opened(index)
    questions = known_items.sample(made.documents, 10)
    assert [asked.question_id for asked in questions] == ["bruise", "tea"]
    assert list(known_items.missed(responder(made), questions)) == []
    assert list(known_items.missed(responder(made), [known_items.KnownItem("green tea and teeth", "bruise")])) == [
        "The question of bruise finds tea first."
    ]


def test_golden_questions_come_from_a_file(tmp_path: Path) -> None:
    """A line that is none is named."""
    path = tmp_path / "golden.jsonl"
    path.write_text('{"question": "Tea?", "question_id": "tea"}\n\n', encoding="utf-8")
    assert known_items.read(path) == [known_items.KnownItem("Tea?", "tea")]
    for line in ('{"question": "Tea?"}', "[]", "no", '{"question": " ", "question_id": "tea"}'):
        path.write_text(line, encoding="utf-8")
        with pytest.raises(UsageError, match=r"golden\.jsonl:1 is no golden question"):
            known_items.read(path)
    with pytest.raises(UsageError, match="cannot be read"):
        known_items.read(tmp_path / "gone")


def test_titles_that_say_nothing_are_not_asked(partly_titled: Generation) -> None:
    """They are counted and told, and a trial passes them over."""
    documents = partly_titled.documents
    assert known_items.untitled(documents) == 1
    check = known_items.check_self(bootstrap.responder(partly_titled), documents.asked(), untitled=1)
    assert (check.asked, check.document()["untitled"]) == (2, 1)
    assert "1 stored questions are not asked: their titles say nothing" in self_check_text(check)
    assert [item.question_id for item in known_items.sample(documents, 10)] == ["bruise", "tea"]
