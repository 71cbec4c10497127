"""Figures from rankings, files with their faults, and the report."""

import re
from pathlib import Path

import ir_measures
import pytest
from click.testing import CliRunner

from askdoc import bootstrap
from askdoc.cli import evaluate
from askdoc.errors import QuestionError, UsageError
from askdoc.evaluation import known_items, metrics, report, trec_files
from askdoc.index.generation import Generation
from askdoc.models import Answer, Confidence, Question, Source
from askdoc.retriever import Ranking

STRONG, PARTIAL, NONE = Confidence.STRONG, Confidence.PARTIAL, Confidence.NONE
SCRIPT = {
    "one": Ranking(STRONG, (("a", 0.9), ("b", 0.5), ("c", 0.4)), 2.0),
    "two": Ranking(PARTIAL, (("b", 0.6), ("a", 0.6), ("c", 0.6)), 3.0),
    "three": Ranking(NONE, (("c", 0.2),), -4.0),
    "four": Ranking(STRONG, (("c", 0.95),), 1.0),
}
QUERIES = {f"q{place}": text for place, text in enumerate(SCRIPT, 1)}
QRELS = {"q1": {"a": 2, "b": 0}, "q2": {"a": 1, "zz": 1}, "q4": {"c": 0}, "q9": {"a": 1}}


class Scripted:
    def rank(self, question: str, *, most: int) -> Ranking:
        if len(question) > 50:
            raise QuestionError("The question is too long. Shorten it.")
        return SCRIPT[question]

    def answer(self, answer_id: str) -> tuple[Question, Answer] | None:
        if answer_id not in "abc":
            return None
        return Question(answer_id, f"title {answer_id}", Source("q.txt", 1)), Answer(answer_id, "Rest.")


FOUND = metrics.evaluate(Scripted(), QUERIES, QRELS)


def test_the_measures_are_means_over_the_questions_that_have_an_answer() -> None:
    """One finds it first; the other second, of two that fit, one of them not in the index."""
    assert FOUND.answerable == 2
    ideal, second = 1 + 0.6309297535714575, 0.6309297535714575
    assert FOUND.measures == pytest.approx(
        {"nDCG@10": (1 + second / ideal) / 2, "MRR": 0.75, "P@1": 0.5, "Hit@1": 0.5, "Hit@3": 1.0, "Hit@10": 1.0}
    )
    assert (FOUND.unknown_answers, FOUND.unasked) == (1, 1)


def test_each_confidence_word_is_counted() -> None:
    """How many, how many begin with a fitting answer, and how many have none at all."""
    counts = {word.word.value: (word.count, word.first, word.first_three, word.unanswerable) for word in FOUND.words}
    assert counts == {"strong": (2, 1, 1, 1), "partial": (1, 0, 1, 0), "none": (1, 0, 0, 1)}


def test_the_abstention_curve_answers_the_surest_first() -> None:
    """By the word, then by the certainty, whatever the first scores are."""
    points = [(coverage, round(risk, 3)) for coverage, risk in FOUND.curve]
    assert points == [(0.25, 0.0), (0.5, 0.5), (0.75, 0.667), (1.0, 0.75)]


def test_a_run_read_by_another_program_gives_the_same_figures(tmp_path: Path) -> None:
    """Equal scores are written apart, so that the order survives; the word stands last."""
    path = tmp_path / "run.txt"
    lines = (
        line
        for result in FOUND.results
        for line in trec_files.run_lines(result.id, result.ranking.answers, result.ranking.confidence.value)
    )
    trec_files.write(path, lines)
    assert path.read_text(encoding="utf-8").splitlines()[0] == "q1 Q0 a 1 0.899999976 strong"
    qrels = [ir_measures.Qrel(query, answer, grade) for query in ("q1", "q2") for answer, grade in QRELS[query].items()]
    run = ir_measures.read_trec_run(str(path))
    again = ir_measures.calc_aggregate([ir_measures.RR, ir_measures.nDCG @ 10], qrels, run)
    assert again[ir_measures.RR] == pytest.approx(FOUND.measures["MRR"])
    assert again[ir_measures.nDCG @ 10] == pytest.approx(FOUND.measures["nDCG@10"])


def test_white_space_in_an_id_does_not_part_the_columns() -> None:
    """It is written as in an address."""
    assert next(trec_files.run_lines("q 1", [("my page:1", 0.5)], "strong")) == "q%201 Q0 my%20page:1 1 0.5 strong"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"id": "a", "text": "x"}\n\nx\n', ":3: this is not JSON"),
        (b'{"id": "a"}\n', ':1: "id" and "text"'),
        (b'{"id": 1, "text": "x"}\n', ':1: "id" and "text"'),
        (b"[]\n", ':1: "id" and "text"'),
        (b'{"id": " ", "text": "x"}\n', ":1: the id is empty"),
        (b'{"id": "a", "text": "x"}\n{"id": "a", "text": "y"}\n', ":2: the id a stands twice"),
        (b'{"id": "a", "text": "\xff"}\n', ":1: this is not UTF-8"),
        (b"\n", "there is no question"),
    ],
)
def test_a_bad_line_of_queries_is_named(tmp_path: Path, data: bytes, words: str) -> None:
    """File, line, and what to do."""
    path = tmp_path / "q.jsonl"
    path.write_bytes(data)
    with pytest.raises(UsageError, match=re.escape(words)) as raised:
        trec_files.queries(path)
    assert str(path) in str(raised.value)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"q1\ta\t1\nq1 b 1\n", ":2: three columns"),
        (b"q1\t\t1\n", ":1: three columns"),
        (b"q1\ta\t1\tmore\n", ":1: three columns"),
        (b"q1\ta\tgood\n", ":1: the grade is 'good'"),
        (b"q1\ta\t0.5\n", ":1: the grade is '0.5'"),
        (b"q1\ta\t1\nq1\ta\t0\n", ":2: q1 and a are judged twice"),
        (b"", "there is no judgement"),
    ],
)
def test_a_bad_line_of_judgements_is_named(tmp_path: Path, data: bytes, words: str) -> None:
    """File, line, and what to do."""
    path = tmp_path / "r.tsv"
    path.write_bytes(data)
    with pytest.raises(UsageError, match=re.escape(words)):
        trec_files.qrels(path)


def test_good_files_are_read_whatever_made_them(tmp_path: Path) -> None:
    """With a byte order mark, carriage returns and other fields."""
    path = tmp_path / "q.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"id": "a", "text": "x", "more": 1}\r\n')
    assert trec_files.queries(path) == {"a": "x"}
    path.write_bytes(b"q1\ta b\t2\r\nq1\tc\t-1\r\n")
    assert trec_files.qrels(path) == {"q1": {"a b": 2, "c": -1}}
    with pytest.raises(UsageError, match="cannot be read"):
        trec_files.queries(tmp_path / "none")
    with pytest.raises(UsageError, match="cannot be written"):
        trec_files.write(tmp_path / "no" / "where", [])


@pytest.mark.parametrize(
    ("queries", "qrels", "words"),
    [
        (QUERIES, {"q1": {"zz": 1}}, "none of the judged answers"),
        (QUERIES, {"q7": {"a": 1}}, "same question ids"),
        ({"q1": "x" * 60}, QRELS, "first cannot be asked"),
        ({"q1": "one", "q2": "x" * 60}, QRELS, "q2 cannot be asked"),
    ],
)
def test_files_that_do_not_belong_together_are_refused(
    queries: dict[str, str], qrels: trec_files.Qrels, words: str
) -> None:
    """Figures of nothing would look like figures."""
    with pytest.raises(UsageError, match=words):
        metrics.evaluate(Scripted(), queries, qrels)


def test_wilsons_interval() -> None:
    """Known values; nothing counted says nothing."""
    assert metrics.wilson(0, 0) == (0.0, 1.0)
    assert metrics.wilson(8, 10) == pytest.approx((0.490, 0.943), abs=0.001)
    assert metrics.wilson(0, 10)[0] == 0.0


def test_every_stored_question_finds_its_own_page(tiny_index: Generation) -> None:
    """Another page of the very same title counts as its own; what cannot be asked is said."""
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
    """Exit code 1, and the question is named."""

    class Stored(Scripted):
        def answer(self, answer_id: str) -> tuple[Question, Answer]:
            return Question(answer_id, "one", Source("q.txt", 1)), Answer(answer_id, "Rest.")

    monkeypatch.setattr(bootstrap, "open_generation", lambda _: tiny_index)
    monkeypatch.setattr(bootstrap, "responder", lambda _: Stored())
    monkeypatch.setattr(type(tiny_index.documents), "asked", lambda _: [("page", title)])
    done = CliRunner().invoke(evaluate.evaluate, ["--self"])
    assert done.exit_code == code
    assert ("- page: three" in done.output) == bool(code)


def test_the_report_is_one_page_that_loads_nothing(tmp_path: Path) -> None:
    """Two plots, described for who cannot see them; text is text."""
    queries = {**QUERIES, "<b>": "four"}
    page = report.page(metrics.evaluate(Scripted(), queries, QRELS), index_id="i")
    assert page.count("<svg") == page.count('role="img" aria-label="') == 2
    assert "strong: 1 of 3 right" in page
    assert "Sure and wrong (2)" in page
    assert "<b>" not in page
    assert "&lt;b&gt;" in page
    assert not re.findall(r"<script|<link|<img|https?:", page)
