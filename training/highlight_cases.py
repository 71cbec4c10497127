"""Which sentences to mark: the cases of mas_valid, and how chosen sentences agree with the experts'.

``python -m training.highlight_cases`` tells it of the marks that are served, passage by passage.
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
from training.datasets import counselchat, lengths, plain, rows

SHARE = 0.25
SHORTEST = 4
"""Sentences of fewer words are left out, on both sides."""


@dataclass(frozen=True)
class Case:
    """A question, the sentences of each answer, and the sentences that experts took (in plain letters)."""

    question: str
    answers: list[list[str]]
    gold: list[str]
    bodies: list[str]

    @property
    def sentences(self) -> list[str]:
        return [text for answer in self.answers for text in answer]


def split(text: str) -> list[str]:
    """Sentences by their last sign, those of three words or fewer left out."""
    return [piece for piece in re.split(r"(?<=[.!?])\s+", text) if len(plain(piece).split()) >= SHORTEST]


def cases() -> list[Case]:
    """All questions of the set."""
    return [
        Case(
            row["question"],
            [split(answer["body"]) for answer in row["answers"]],
            list(map(plain, split(row["extractive"]))),
            [answer["body"] for answer in row["answers"]],
        )
        for row in rows("mas_valid")
    ]


def agrees(one: str, other: str) -> bool:
    """Whether one of two plain sentences contains the other."""
    return one in other or other in one


def agreed(case: Case) -> NDArray[np.bool_]:
    """(sentences,) which of them an expert took."""
    return np.array([any(agrees(plain(text), gold) for gold in case.gold) for text in case.sentences])


def quarter(scores: Sequence[NDArray[np.float64]], share: float = SHARE) -> list[NDArray[np.bool_]]:
    """Choose this share of all sentences together, and at least one of each question."""
    together = np.sort(np.concatenate(scores))[::-1]
    least = together[round(share * len(together)) - 1]
    return [(one >= least) | (one == one.max()) for one in scores]


def f1(found: Sequence[Case], chosen: Sequence[NDArray[np.bool_]]) -> tuple[float, float, float, float]:
    """Precision, recall, F1 of their means and the share chosen, in percent."""
    precision, recall = [], []
    for case, marks in zip(found, chosen, strict=True):
        taken = [plain(text) for text, mark in zip(case.sentences, marks, strict=True) if mark]
        precision.append(np.mean([any(agrees(text, gold) for gold in case.gold) for text in taken]))
        recall.append(np.mean([any(agrees(text, gold) for text in taken) for gold in case.gold]))
    p, r = 100 * float(np.mean(precision)), 100 * float(np.mean(recall))
    share = 100 * float(np.concatenate(list(chosen)).mean())
    return p, r, 2 * p * r / (p + r), share


@dataclass(frozen=True)
class Served:
    """A passage as it is served, and how many sentences of its answer stand before it and after it."""

    text: str
    before: int
    after: int


def served(body: str, *, tokens: int = 200) -> list[Served]:
    """The passages of an answer as the index cuts them."""
    return [
        Served(body[start:end], len(answer_sentences(body[:start])), len(answer_sentences(body[end:])))
        for start, end in passages.spans(body, measure=lengths, limit=tokens)
    ]


def marked(case: Case, highlighter: Highlighter, terms: Mapping[str, float], *, placed: bool) -> tuple[float, float]:
    """Precision and recall of the marks in all passages of a case; not ``placed``: each as if an answer began there."""
    taken = []
    for one in (one for body in case.bodies for one in served(body)):
        place = {"before": one.before, "after": one.after} if placed else {}
        taken += [plain(one.text[start:end]) for start, end in highlighter.highlight(one.text, terms, **place)]
    right = [any(agrees(text, gold) for gold in case.gold) for text in taken]
    reached = [any(agrees(text, gold) for text in taken) for gold in case.gold]
    return float(np.mean(right)), float(np.mean(reached))


def main() -> None:
    tokenizer, term_weights, data = Tokenizer(), TermWeights.shipped(), counselchat()
    body, title = (InvertedIndex.build(map(tokenizer, texts)) for texts in (data.bodies, data.titles))
    highlighter = Highlighter.shipped(tokenizer, body)
    for name, placed in (("as if each passage began an answer", False), ("each passage in its place", True)):
        found = []
        for case in cases():
            terms = term_weights.weigh(case.question, tokenizer=tokenizer, body=body, title=title)
            found.append(marked(case, highlighter, terms, placed=placed))
        p, r = 100 * np.mean(found, axis=0)
        print(f"{name}: precision {p:.1f} recall {r:.1f} F1 {2 * p * r / (p + r):.1f}")


if __name__ == "__main__":
    main()
