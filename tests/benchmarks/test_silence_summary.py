"""The tables of wrong silence."""

from benchmarks.relevance.silence_figures import Figures, SilenceLine, sampled
from benchmarks.relevance.silence_sets import AS_THEY_ARE, CORPORA, NEUTRAL, OTHER, cases
from benchmarks.relevance.silence_summary import COLUMNS, document, losses, markdown, never_worse, summary
from tests.training.collections_in_memory import small_collection


def line(group: str, name: str, plain: str = "", *, gain: str = "", **figures: float) -> SilenceLine:
    """A line with some figures."""
    found: Figures = {"ndcg": 70.0, **figures}
    return SilenceLine(group, name, plain or name, 50, 40, found, {"gain": gain} if gain else {})


def test_a_line_has_a_cell_for_every_column_and_none_for_what_was_not_measured() -> None:
    """No figure is made up."""
    written = markdown(line(OTHER, "x", passed=0.25))
    assert written.count("|") == len(COLUMNS) + 1
    assert "| 0.25 |" in written
    assert "None" not in written


def test_a_rule_is_never_worse_where_it_keeps_as_much() -> None:
    """Equal is no worse; the interval stands beside."""
    assert never_worse(SilenceLine(OTHER, "x", "x", 1, 1, {"gain": 0.0}, {"gain": "+0.0"})) == "yes, +0.0"
    assert never_worse(SilenceLine(OTHER, "x", "x", 1, 1, {"gain": -0.1}, {"gain": "-0.1"})) == "no, -0.1"
    assert never_worse(line(OTHER, "x")) == ""


def test_what_neutral_titles_cost_is_told_beside_the_same_without_titles() -> None:
    """In points of nDCG@10."""
    plain, changed = line(AS_THEY_ARE, "a", ndcg=80.0), line(NEUTRAL, "a, numbered", "a", ndcg=72.0)
    assert losses([changed], [plain, changed]) == [-8.0]
    assert losses([changed], [changed]) == []


def test_the_summary_counts_every_collection_alike_and_names_the_worst() -> None:
    """Long messages are no other words, and the collection without titles is no neutral title."""
    lines = [
        line(AS_THEY_ARE, "silver", "silver, no titles", refused=40.0, passed=0.1),
        line(NEUTRAL, "silver, no titles", refused=90.0, passed=0.0),
        line(NEUTRAL, "silver, numbered", "silver, no titles", refused=10.0, ndcg=69.0),
        line(OTHER, "mediqa messages", refused=20.0),
        line(OTHER, "covid", refused=4.0),
        line(AS_THEY_ARE, "paraphrases", refused=8.0),
        line(CORPORA, "medquad, 50 pages", uncovered=12.0, uncovered_at_95=30.0),
    ]
    told = {one.name.split(":")[0] + one.name[-8:]: one for one in summary(lines)}
    values = {name: list(one.values) for name, one in told.items()}
    assert values["neutral titles refused"] == [10.0]
    assert values["long messages refused"] == [40.0, 20.0]
    assert values["other words refused"] == [4.0, 8.0]
    assert (
        told["long messages refused"]
        .markdown()
        .startswith("| long messages: right first answers refused | 30.0 | 40.0")
    )
    assert document(lines).count("\n| ") == len(lines) + len(told) + 1


def test_every_case_has_its_own_name_and_names_a_case_without_titles() -> None:
    """So that lines can be found again, and changed titles compared."""
    found = list(cases())
    names = [case.name for case in found]
    assert len(set(names)) == len(names)
    assert {case.plain for case in found} <= set(names)


def test_a_sample_keeps_question_topic_and_grades_together() -> None:
    """In their order, and all where there are no more."""
    data = small_collection()
    some = sampled(data, 3)
    assert len(some.questions) == 3
    for question, topic, grades in zip(some.questions, some.topics, some.grades, strict=True):
        place = data.questions.index(question)
        assert (data.topics[place], data.grades[place]) == (topic, grades)
    assert sampled(data, 100).questions == data.questions
