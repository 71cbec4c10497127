"""The promises that the nouns keep by construction."""

import pytest

from askdoc.models import (
    DEFAULT_DISCLAIMER,
    NO_ANSWER_ADVICE,
    Answer,
    Author,
    Confidence,
    Level,
    Match,
    Notice,
    Passage,
    Question,
    Reply,
    Source,
    own_disclaimer,
)


def match(disclaimer: str | None = None, name: str = "q") -> Match:
    answer = Answer(id=f"{name}:1", body="Rest. Then move.", author=Author(title="Springfield Physician"))
    question = Question(id=name, title="Why?", source=Source("q.txt", 1), answers=(answer,), disclaimer=disclaimer)
    return Match(Passage(question, answer, 0, 5), 0.5)


def test_a_passage_is_always_a_piece_of_its_answer() -> None:
    """Its text is cut from the body, and bounds outside the body are refused."""
    found = match().passage
    assert found.text == "Rest."
    for start, end in ((-1, 3), (3, 3), (0, 99)):
        with pytest.raises(ValueError, match="must be a piece of its answer"):
            Passage(found.question, found.answer, start, end)


def test_a_reply_cannot_be_made_with_a_disclaimer_of_ones_own_or_without() -> None:
    """The field follows from the pages quoted; nobody passes it."""
    with pytest.raises(TypeError):
        Reply("why", Confidence.NONE, "i", disclaimer="")  # type: ignore[call-arg]
    assert Reply("why", Confidence.NONE, "i").disclaimer == DEFAULT_DISCLAIMER


def test_the_pages_own_wording_stands_in_the_reply_once() -> None:
    """Each wording is shown once, and the project's own stands for pages that carry none."""
    matches = (match("Ask your doctor.", "a"), match(None, "b"), match("Ask your doctor.", "c"))
    reply = Reply("why", Confidence.STRONG, "i", matches)
    assert reply.disclaimer == f"Ask your doctor.\n\n{DEFAULT_DISCLAIMER}"
    assert reply.document()["disclaimer"] == reply.disclaimer


@pytest.mark.parametrize(
    ("emergency", "page", "helps"),
    [
        ("911", "In an emergency call 911.", False),
        ("999", "In an emergency call 911.", True),
        (None, "In an emergency call 911.", True),
        ("999", "Call 911 in America, 999 in Britain.", False),
        ("999", "Ask your doctor about form 9115.", False),
    ],
)
def test_no_page_leaves_a_reader_with_another_country_s_number_alone(
    emergency: str | None, page: str, *, helps: bool
) -> None:
    """A page's wording stays as it is, and below it stands the project's own where the page names only 911."""
    reply = Reply("why", Confidence.STRONG, "i", (match(page),), emergency=emergency)
    assert reply.disclaimer == "\n\n".join([page, own_disclaimer(emergency)] if helps else [page])


def test_no_confidence_means_no_answers_and_the_other_way_round() -> None:
    """A reply that has nothing shows nothing."""
    with pytest.raises(ValueError, match="without confidence"):
        Reply("why", Confidence.NONE, "i", (match(),))
    with pytest.raises(ValueError, match="without confidence"):
        Reply("why", Confidence.STRONG, "i")


def test_a_notice_that_closes_the_answers_stands_alone() -> None:
    """A quieter one above answers that may be shown does not."""
    quiet, loud = Level.EDUCATION, Level.CRISIS
    for level, allowed, alone in ((quiet, True, False), (quiet, False, True), (loud, False, True)):
        notice = Notice(level, "title", "text", answers_allowed=allowed)
        reply = Reply("q", Confidence.NONE, "i", notice=notice)
        assert reply.is_notice_alone is alone
        assert reply.advice == (None if alone else NO_ANSWER_ADVICE)


def test_advice_is_for_those_who_got_no_answer() -> None:
    """It says that silence is no good news; beside answers it would be noise."""
    assert Reply("q", Confidence.NONE, "i").advice == NO_ANSWER_ADVICE
    assert Reply("q", Confidence.PARTIAL, "i", (match(),)).advice is None


@pytest.mark.parametrize(
    ("author", "words"),
    [
        (Author(rating=4.3, review_count=12), "4.3 out of 5, 12 reviews"),
        (Author(rating=5.0, review_count=1), "5 out of 5, 1 review"),
        (Author(rating=4.0), "4 out of 5"),
        (Author(review_count=1204), "1,204 reviews"),
        (Author(), None),
    ],
)
def test_stars_are_words(author: Author, words: str | None) -> None:
    """A screen reader reads them, and nothing is invented where the page has none."""
    assert author.stars == words


def test_a_doctor_without_a_name_is_shown_as_the_page_shows_them() -> None:
    """The title stands in the name's place; without either, that is said."""
    assert Author(title="Springfield Physician").shown_name == "Springfield Physician"
    assert Author().shown_name == "Doctor not named on the page"


def test_the_document_is_the_one_agreed_on() -> None:
    """The names on the wire are a contract; they may be added to, not changed."""
    document = Reply("why", Confidence.STRONG, "i", (match(),)).document()
    assert set(document) >= {
        "question", "notice", "confidence", "about", "searched_also", "answers", "related", "disclaimer", "index_id",
        "took_ms",
    }  # fmt: skip
    assert set(document["answers"][0]) >= {
        "answer_id", "question_id", "question", "url", "headline", "passage", "start", "end", "highlights", "sha256",
        "doctor", "votes", "date", "relevance",
    }  # fmt: skip
    assert set(document["answers"][0]["doctor"]) >= {
        "name", "title", "specialty", "location", "rating", "review_count",
    }  # fmt: skip
