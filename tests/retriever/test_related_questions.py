"""Related questions are near to what was asked, and answered."""

import numpy as np
import pytest

from askdoc.models import RelatedQuestion
from askdoc.retriever.features import Candidates
from askdoc.retriever.related_questions import MAX_RELATED, RelatedQuestions
from tests.retriever import toys

TITLES = ["What is gout?", "What is acne?", "How is a broken toe treated?", "Why do I snore?", "Can I fly?"]
MESSAGE = "Hello doctor, since Monday I cannot put my shoe on, and my neighbour thinks that it is gout."


class Titles:
    """Texts that stand at their rows' numbers; ``read`` remembers which were read."""

    def __init__(self, titles: list[str]) -> None:
        self.titles = titles
        self.read: list[int] = []

    def related(self, row: int) -> RelatedQuestion:
        self.read.append(row)
        return RelatedQuestion(str(row), self.titles[row])


def offered(
    text: str, cosines: list[float], *, titles: list[str] = TITLES, shown: tuple[str, ...] = ()
) -> tuple[list[str], list[int]]:
    """The titles that are offered for a question with such cosines to the titles, and the rows that were read."""
    own = np.eye(len(titles) + 1, dtype=np.float32)
    vectors = np.stack([cos * own[-1] + np.sqrt(1 - cos**2) * own[row] for row, cos in enumerate(cosines)])
    made = toys.generator([["An answer."] for _ in titles], titles, vectors, vectors)
    query = toys.query(text, own[-1])
    texts = Titles(titles)
    related = RelatedQuestions(texts, made.statistics, made.title).of(query, made.generate([query])[0], shown=shown)
    return [one.question for one in related], texts.read


@pytest.mark.parametrize(
    ("text", "cosine", "near"),
    [
        (MESSAGE, 0.65, True),
        ("My toe is red and hot.", 0.65, True),
        (MESSAGE, 0.45, True),
        ("My toe is red and hot.", 0.45, False),
        (MESSAGE, 0.35, False),
    ],
)
def test_a_title_is_near_in_meaning_or_in_meaning_and_words(text: str, cosine: float, near: bool) -> None:
    """A cosine of 0.6 is enough, 0.4 where the question has the title's own words, less never."""
    assert offered(text, [cosine, 0.1, 0.1, 0.1, 0.1])[0] == ["What is gout?"] * near


def test_a_title_must_have_most_of_its_words_in_the_question() -> None:
    """One word of three is not what a title is about; a title of stop words alone has none to share."""
    cosines = [0.1, 0.1, 0.45, 0.1, 0.1]
    assert offered("my toe hurts", cosines)[0] == []
    assert offered("i have a broken toe, is it treated by ice", cosines)[0] == [TITLES[2]]
    assert offered("what is it", [0.45, 0.1], titles=["What is it?", "Is it gout?"])[0] == []


def test_what_is_about_nothing_stored_is_offered_nothing_and_nothing_is_read() -> None:
    """There always is a nearest question; where none can be near, no text is fetched."""
    assert offered("hi", [0.3, 0.2, 0.1, 0.1, 0.1]) == ([], [])


def test_at_most_three_are_offered_nearest_first() -> None:
    """Each wording once, and none whose answer is shown already."""
    cosines = [0.7, 0.9, 0.8, 0.95, 0.75]
    nearest = [TITLES[row] for row in (3, 1, 2, 4, 0)]
    assert offered("?", cosines)[0] == nearest[:MAX_RELATED]
    assert offered("?", cosines, shown=("what is acne",))[0] == [nearest[0], *nearest[2:4]]
    assert offered("?", [0.9, 0.8, 0.7], titles=["What is gout?", "what is GOUT", "Can I fly?"])[0] == [
        "What is gout?",
        "Can I fly?",
    ]


def test_a_question_that_is_no_candidate_is_not_offered() -> None:
    """A nearest question of which no passage is weighed has no cosine, and is passed over."""
    texts = Titles(TITLES)
    made = toys.generator([["a"], ["b"]], TITLES[:2], toys.AXES[:2], toys.AXES[:2])
    query = toys.query("What is gout?", toys.AXES[0])
    generated = made.generate([query])[0]
    related = RelatedQuestions(texts, made.statistics, made.title)
    assert [one.question for one in related.of(query, generated, shown=())] == ["What is gout?"]
    assert related.of(query, Candidates.none(generated.nearest_questions), shown=()) == ()
