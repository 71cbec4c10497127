"""Scores which sentences are marked: the cases of mas_valid, and how a choice agrees with that of experts.

python -m training.highlight_cases      precision and recall of the marks that are served, passage by passage
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from askdoc.corpus import passages
from askdoc.index.bm25 import InvertedIndex, Tokenizer
from askdoc.retriever.highlight import Highlighter, answer_sentences
from askdoc.retriever.term_weights import TermWeights
from training.datasets import MOST_TOKENS, counselchat, lengths, plain, rows

SHARE = 0.25
"""The share of all sentences that is chosen, so that precision and recall of two rules can be compared."""
SHORTEST = 4
"""Sentences of fewer words are left out, on both sides."""


@dataclass(frozen=True)
class HighlightCase:
    """A question, the sentences of each answer, and ``gold``: those that experts took, in plain letters."""

    question: str
    answers: list[list[str]]
    gold: list[str]
    bodies: list[str]

    @property
    def sentences(self) -> list[str]:
        """The sentences of all answers, one answer after another."""
        return [text for answer in self.answers for text in answer]


def split(text: str) -> list[str]:
    """Sentences by the sign at their end, without those of three words or fewer."""
    return [piece for piece in re.split(r"(?<=[.!?])\s+", text) if len(plain(piece).split()) >= SHORTEST]


def cases() -> list[HighlightCase]:
    """The cases of mas_valid."""
    return [
        HighlightCase(
            row["question"],
            [split(answer["body"]) for answer in row["answers"]],
            list(map(plain, split(row["extractive"]))),
            [answer["body"] for answer in row["answers"]],
        )
        for row in rows("mas_valid")
    ]


def agrees(sentence: str, gold: str) -> bool:
    """Whether one of two plain sentences contains the other."""
    return sentence in gold or gold in sentence


def agreed(case: HighlightCase) -> NDArray[np.bool_]:
    """(sentences,) whether an expert took each."""
    return np.array([any(agrees(plain(text), gold) for gold in case.gold) for text in case.sentences])


def quarter(scores: Sequence[NDArray[np.float64]]) -> list[NDArray[np.bool_]]:
    """Choose ``SHARE`` of all sentences together, the highest scores first, and at least one of each question."""
    together = np.sort(np.concatenate(scores))[::-1]
    least = together[round(SHARE * len(together)) - 1]
    return [(one >= least) | (one == one.max()) for one in scores]


def f1(judged: Sequence[HighlightCase], chosen: Sequence[NDArray[np.bool_]]) -> tuple[float, float, float, float]:
    """Precision, recall, F1 of their means and the share chosen, in percent."""
    precision, recall = [], []
    for case, marks in zip(judged, chosen, strict=True):
        taken = [plain(text) for text, mark in zip(case.sentences, marks, strict=True) if mark]
        precision.append(np.mean([any(agrees(text, gold) for gold in case.gold) for text in taken]))
        recall.append(np.mean([any(agrees(text, gold) for text in taken) for gold in case.gold]))
    p, r = 100 * float(np.mean(precision)), 100 * float(np.mean(recall))
    share = 100 * float(np.concatenate(list(chosen)).mean())
    return p, r, 2 * p * r / (p + r), share


@dataclass(frozen=True)
class PlacedPassage:
    """A passage, and how many sentences of its answer stand before it and after it."""

    text: str
    before: int
    after: int


def placed_passages(body: str) -> list[PlacedPassage]:
    """The passages of an answer as the index cuts them."""
    return [
        PlacedPassage(body[start:end], len(answer_sentences(body[:start])), len(answer_sentences(body[end:])))
        for start, end in passages.spans(body, measure=lengths, limit=MOST_TOKENS)
    ]


def marked(
    case: HighlightCase, highlighter: Highlighter, terms: Mapping[str, float], *, placed: bool
) -> tuple[float, float]:
    """Precision and recall of the marks in all passages of a case; not ``placed``: each as if an answer began there."""
    taken = []
    for passage in (passage for body in case.bodies for passage in placed_passages(body)):
        place = {"before": passage.before, "after": passage.after} if placed else {}
        taken += [plain(passage.text[start:end]) for start, end in highlighter.highlight(passage.text, terms, **place)]
    right = [any(agrees(text, gold) for gold in case.gold) for text in taken]
    reached = [any(agrees(text, gold) for text in taken) for gold in case.gold]
    return float(np.mean(right)), float(np.mean(reached))


def main() -> None:
    """Print how the served marks agree with the experts, each passage in its place and as if an answer began there."""
    tokenizer, term_weights, data = Tokenizer(), TermWeights.shipped(), counselchat()
    body, title = (InvertedIndex.build(map(tokenizer, texts)) for texts in (data.bodies, data.titles))
    highlighter = Highlighter.shipped(tokenizer, body)
    for name, placed in (("as if each passage began an answer", False), ("each passage in its place", True)):
        figures = []
        for case in cases():
            terms = term_weights.weigh(case.question, tokenizer=tokenizer, body=body, title=title)
            figures.append(marked(case, highlighter, terms, placed=placed))
        p, r = 100 * np.mean(figures, axis=0)
        print(f"{name}: precision {p:.1f} recall {r:.1f} F1 {2 * p * r / (p + r):.1f}")


if __name__ == "__main__":
    main()
