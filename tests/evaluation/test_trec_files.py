"""Files with their faults, and runs that others can read."""

import re
from pathlib import Path

import ir_measures
import pytest

from askdoc.errors import UsageError
from askdoc.evaluation import metrics, trec_files
from tests.evaluation.scripted import QRELS, QUERIES, Scripted

EVALUATION = metrics.evaluate(Scripted(), QUERIES, QRELS)


def test_a_run_read_by_another_program_gives_the_same_figures(tmp_path: Path) -> None:
    """A run read by ir-measures gives the same figures, since equal scores are written so that their order survives."""
    path = tmp_path / "run.txt"
    lines = (
        line
        for result in EVALUATION.results
        for line in trec_files.run_lines(result.id, result.ranking.answers, result.ranking.confidence.value)
    )
    trec_files.write(path, lines)
    assert path.read_text(encoding="utf-8").splitlines()[0] == "q1 Q0 a 1 0.899999976 strong"
    qrels = [ir_measures.Qrel(query, answer, grade) for query in ("q1", "q2") for answer, grade in QRELS[query].items()]
    run = ir_measures.read_trec_run(str(path))
    again = ir_measures.calc_aggregate([ir_measures.RR, ir_measures.nDCG @ 10], qrels, run)
    assert again[ir_measures.RR] == pytest.approx(EVALUATION.measures["MRR"])
    assert again[ir_measures.nDCG @ 10] == pytest.approx(EVALUATION.measures["nDCG@10"])


def test_white_space_in_an_id_does_not_part_the_columns() -> None:
    """White space in an id is written as %20."""
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
    """A bad line of queries is refused with file, line, and what to do."""
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
    """A bad line of judgements is refused with file, line, and what to do."""
    path = tmp_path / "r.tsv"
    path.write_bytes(data)
    with pytest.raises(UsageError, match=re.escape(words)):
        trec_files.qrels(path)


def test_good_files_are_read_whatever_made_them(tmp_path: Path) -> None:
    """Files with a byte order mark, carriage returns and other fields are read."""
    path = tmp_path / "q.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"id": "a", "text": "x", "more": 1}\r\n')
    assert trec_files.queries(path) == {"a": "x"}
    path.write_bytes(b"q1\ta b\t2\r\nq1\tc\t-1\r\n")
    assert trec_files.qrels(path) == {"q1": {"a b": 2, "c": -1}}
    with pytest.raises(UsageError, match="cannot be read"):
        trec_files.queries(tmp_path / "none")
    with pytest.raises(UsageError, match="cannot be written"):
        trec_files.write(tmp_path / "no" / "where", [])
