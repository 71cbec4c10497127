"""Measures abstention: wrong silence beside wrong answers, and how well the certainty tells the one from the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from askdoc.evaluation.intervals import Auroc, Share

AUROC_ADVICE = (
    "Where the area is low, fewer wrong silences are bought with more wrong answers: only pages and titles that tell "
    "more make both rare."
)


class EstimateRow(NamedTuple):
    """One line of a table: a figure's name, the questions that it is of, its value or None, and its interval."""

    name: str
    questions: str
    value: float | None
    interval: tuple[float, float]


class Outcome(NamedTuple):
    """What became of one question.

    ``answerable``: whether any answer fits; ``first_fits``, ``three_fit``: whether the first one does, and one of the
    first three; ``refused``: whether the confidence is ``none``, so that nothing is shown.
    """

    answerable: bool
    first_fits: bool
    three_fit: bool
    refused: bool
    certainty: float


@dataclass(frozen=True, slots=True)
class Abstention:
    """The two errors of abstaining, and how well the certainty tells apart what should be shown and what should not.

    ``wrong_silence``: of the questions whose first answer fits, those refused; ``wrong_answers``: of the questions
    without any answer that fits, those answered. ``auroc_three``: of the certainty, questions with a fitting answer
    among the first three against all others; ``auroc_answerable``: questions with any fitting answer against others.
    """

    wrong_silence: Share
    wrong_answers: Share
    auroc_three: Auroc
    auroc_answerable: Auroc

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> Self:
        """Count the outcomes of all questions."""
        right = [outcome.refused for outcome in outcomes if outcome.first_fits]
        unanswerable = [not outcome.refused for outcome in outcomes if not outcome.answerable]
        return cls(
            wrong_silence=Share(sum(right), len(right)),
            wrong_answers=Share(sum(unanswerable), len(unanswerable)),
            auroc_three=_auroc([(outcome.three_fit, outcome.certainty) for outcome in outcomes]),
            auroc_answerable=_auroc([(outcome.answerable, outcome.certainty) for outcome in outcomes]),
        )

    def document(self) -> dict[str, Any]:
        """The figures as plain values, ready for JSON."""
        return {
            "wrong_silence": self.wrong_silence.document(),
            "wrong_answers": self.wrong_answers.document(),
            "auroc": {"first_three_fit": self.auroc_three.document(), "answerable": self.auroc_answerable.document()},
        }

    def rows(self) -> tuple[EstimateRow, ...]:
        """The figures as the lines of a table."""
        shares = {"wrong silence": self.wrong_silence, "wrong answers": self.wrong_answers}
        aurocs = {"AUROC, first three fit or not": self.auroc_three, "AUROC, answerable or not": self.auroc_answerable}
        return (
            *(
                EstimateRow(name, f"{share.hits:,} of {share.count:,}", share.value, share.interval)
                for name, share in shares.items()
            ),
            *(
                EstimateRow(name, f"{auroc.positives:,} and {auroc.negatives:,}", auroc.value, auroc.interval)
                for name, auroc in aurocs.items()
            ),
        )

    def sentences(self) -> tuple[str, ...]:
        """What each of the figures means, and what to do about it."""
        return (
            _silence_sentence(self.wrong_silence),
            _answers_sentence(self.wrong_answers),
            _auroc_sentence("a fitting answer among its first three", self.auroc_three),
            _auroc_sentence("any fitting answer", self.auroc_answerable),
            AUROC_ADVICE,
        )


def _auroc(kinds: Sequence[tuple[bool, float]]) -> Auroc:
    return Auroc.of([number for kind, number in kinds if kind], [number for kind, number in kinds if not kind])


def _silence_sentence(share: Share) -> str:
    if not share.count:
        return "Wrong silence cannot be told: no question's first answer fits. See to the ranking first."
    return (
        f"Wrong silence: of {share.count:,} questions whose first answer fits, {share.hits:,} got no answer. Who "
        "asks them is told that there is none, though it is there. To lower it, give the pages titles that say what "
        "they are about, in words that people use, and make the index anew."
    )


def _answers_sentence(share: Share) -> str:
    if not share.count:
        return (
            "Wrong answers cannot be told: every question has a fitting answer. Add questions that the corpus does not "
            "answer to --queries, without a line in --qrels."
        )
    return (
        f"Wrong answers: of {share.count:,} questions without a fitting answer, {share.hits:,} got one all the "
        "same. Who asks them reads something that is not the answer. To lower it, add pages on what they ask."
    )


def _auroc_sentence(kind: str, auroc: Auroc) -> str:
    if auroc.value is None:
        lacking = "has" if not auroc.positives else "lacks"
        return f"AUROC cannot be told: no question {lacking} {kind}. Add such questions to --queries."
    return (
        f"AUROC: of two questions, one with {kind} and one without, the first has the higher certainty in "
        f"{100 * auroc.value:.1f} % of all pairs; 50 % is chance."
    )
