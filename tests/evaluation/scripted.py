"""A system whose rankings are written down, with judgements on them."""

from askdoc.errors import QuestionError
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
    """A system that ranks by ``SCRIPT``."""

    def rank(self, question: str, *, most: int) -> Ranking:
        if len(question) > 50:
            raise QuestionError("The question is too long. Shorten it.")
        return SCRIPT[question]

    def answer(self, answer_id: str) -> tuple[Question, Answer] | None:
        if answer_id not in "abc":
            return None
        return Question(answer_id, f"title {answer_id}", Source("q.txt", 1)), Answer(answer_id, "Rest.")
