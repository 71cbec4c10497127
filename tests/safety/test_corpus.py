"""The figures that the gate must reach on sentences written for it."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import pytest

from askdoc.models import Level
from askdoc.safety import Gate, examples
from askdoc.safety.table import BENIGN, shipped
from training.alarm_counts import ALARMS
from training.safety_sentences import JUDGING, WRITTEN, hands, read, sentence_files


class Sentence(Protocol):
    label: str
    register: str
    text: str


def rates(gate: Gate, sentences: list[Any], inner: Any = None) -> dict[str, float]:
    """Recall on emergencies and crises (a crisis must be called one), and false alarms on the rest."""
    alarms: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for sentence in sentences:
        vectors = None if inner is None else inner([sentence.text, *gate.segments(sentence.text)])
        notice = gate.check(sentence.text, vectors)
        level = notice and notice.level
        total[sentence.label] += 1
        alarms[sentence.label] += level is Level.CRISIS if sentence.label == "crisis" else level in ALARMS
    return {label: alarms[label] / total[label] for label in total}


def test_the_corpus_is_large_enough_in_every_kind(parts: dict[str, list[Any]]) -> None:
    """At least 250 emergencies, 100 crises and 250 look-alikes; no sentence twice, none in the table."""
    sentences = [sentence for part in parts.values() for sentence in part]
    total = Counter(sentence.label for sentence in sentences)
    assert total["emergency"] >= 250
    assert total["crisis"] >= 100
    assert total["benign"] >= 250
    texts = {sentence.text for sentence in sentences}
    assert len(texts) == len(sentences)
    assert not texts & set(examples.sentences())


def test_nothing_that_judges_was_learnt_from(parts: dict[str, list[Any]]) -> None:
    """No sentence of a part that is only counted stands among those that the gate is fitted on."""
    learnt = {_plain(text) for path in sentence_files() for _, text in read(path)}
    learnt |= {_plain(text) for text in examples.sentences()}
    assert len(learnt) > 12_000
    for part in ("unseen", "fresh", "judge"):
        assert not learnt & {_plain(sentence.text) for sentence in parts[part]}


def test_the_examples_are_among_the_written_sentences() -> None:
    """They were chosen from them, with their labels."""
    written = {(text, label) for hand in hands() for label, text in read(WRITTEN / f"{hand}.tsv")}
    assert {(example.text, example.level or BENIGN) for example in shipped().examples} <= written


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


@pytest.mark.parametrize("part", ["making", "unseen"])
def test_patterns_alone_reach_their_floor(gate: Gate, parts: dict[str, list[Any]], part: str) -> None:
    """Without a model most is found already: what stays if the index holds no example vectors."""
    found = rates(gate, parts[part])
    assert found["emergency"] >= 0.95
    assert found["crisis"] >= 0.93
    assert found["benign"] <= 0.03


@pytest.mark.model
@pytest.mark.parametrize("part", ["making", "unseen"])
def test_the_whole_gate_reaches_the_figures(
    whole: Gate, inner: Callable[[Sequence[str]], Any], parts: dict[str, list[Any]], part: str
) -> None:
    """With the encoder: 95 % of emergencies, 97 % of crises, no more than 3 % false alarms."""
    found = rates(whole, parts[part], inner)
    assert found["emergency"] >= 0.95
    assert found["crisis"] >= 0.97
    assert found["benign"] <= 0.03


@pytest.mark.model
@pytest.mark.parametrize("part", ["fresh", "judge"])
def test_sentences_by_another_hand_are_judged_as_well_as_they_were(
    whole: Gate, inner: Callable[[Sequence[str]], Any], parts: dict[str, list[Any]], part: str
) -> None:
    """What was reached on sentences that nobody read while the gate was made; docs/safety.md says what was aimed at."""
    found = rates(whole, parts[part], inner)
    assert found["emergency"] >= 0.95
    assert found["crisis"] >= 0.87
    assert found["benign"] <= {"fresh": 0.14, "judge": 0.05}[part]


@pytest.mark.model
@pytest.mark.parametrize(
    "text", ["my gums bleed", "my arm is black and blue", "is my bruise normal, it is black and blue"]
)
def test_bleeding_gums_and_a_bruise_are_ordinary_in_meaning_too(
    whole: Gate, inner: Callable[[Sequence[str]], Any], text: str
) -> None:
    """Similarity raises no alarm where the rules raise none."""
    assert whole.detect(text, inner([text])).level is None


def test_violence_is_told_from_ordinary_sentences_in_its_words(gate: Gate) -> None:
    """Nine of ten blows and threats by those at home get the violence card, and at most one in thirty of the others."""
    rows = read(JUDGING / "violence.tsv")
    found = [(label, gate.detect(text)) for label, text in rows]
    hurt = ["violence" in one.topics and one.level in ALARMS for label, one in found if label != BENIGN]
    ordinary = [one.level in ALARMS for label, one in found if label == BENIGN]
    assert len(hurt) >= 60
    assert len(ordinary) >= 60
    assert sum(hurt) >= 0.9 * len(hurt)
    assert sum(ordinary) <= len(ordinary) / 30


def test_questions_about_a_condition_get_the_quieter_notice(gate: Gate, parts: dict[str, list[Any]]) -> None:
    """Most questions about an emergency name it, and get the line that says what to do if it is one."""
    asked = [sentence for part in parts.values() for sentence in part if sentence.register == "education"]
    quiet = [notice for notice in (gate.check(sentence.text) for sentence in asked) if notice]
    assert all(notice.level is Level.EDUCATION for notice in quiet)
    assert len(quiet) >= 0.75 * len(asked)
