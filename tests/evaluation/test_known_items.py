"""Stored questions find their own pages, or are named."""

import pytest
from click.testing import CliRunner

from askdoc import bootstrap
from askdoc.cli import evaluate
from askdoc.evaluation import known_items
from askdoc.index.generation import Generation
from askdoc.models import Answer, Question, Source
from tests.evaluation.scripted import Scripted


def test_every_stored_question_finds_its_own_page(tiny_index: Generation) -> None:
    """Every stored question finds its page, or another of its title; what cannot be asked is listed."""
    responder = bootstrap.responder(tiny_index)
    assert known_items.check_self(responder, tiny_index.documents.asked()).document() == {
        "asked": 2, "missed": [], "unaskable": [],
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
