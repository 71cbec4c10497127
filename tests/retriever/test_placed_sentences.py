"""Placed sentences: how an answer is split, and what of a passage tells nothing."""

from askdoc.models import Answer, Passage, Question, Source
from askdoc.retriever.placed_sentences import PlacedSentences, answer_sentences


def passage(body: str, *, start: int = 0, end: int | None = None, title: str = "Is it bad?") -> Passage:
    answer = Answer("a", body)
    page = Question("q", title, Source("p.txt", 1), answers=(answer,))
    return Passage(page, answer, start, len(body) if end is None else end)


def test_a_passage_is_placed_in_its_answer() -> None:
    """What stands before a passage counts, and so does what stands behind it."""
    body = "Rest is good for you. Salt is bad for you. Cold helps to calm it. Tea is warm, too."
    placed = PlacedSentences.of(passage(body, start=body.index("Cold"), end=body.index(" Tea")))
    assert (placed.first, placed.count, placed.texts) == (2, 4, ["Cold helps to calm it."])


def test_a_sentence_cut_by_the_passage_is_counted_once() -> None:
    """The passage before ends within it and this one begins there: it has one place, in either."""
    body = "One helps a little bit. Two helps, but slowly and not at all times. Three helps a little bit."
    cut = body.index("but slowly")
    before, after = PlacedSentences.of(passage(body, end=cut)), PlacedSentences.of(passage(body, start=cut))
    assert (before.first, after.first, before.count, after.count) == (0, 1, 3, 3)
    assert before.texts[-1] == "Two helps,"
    assert after.texts[0] == "but slowly and not at all times."


def test_what_tells_nothing_is_known_without_a_question() -> None:
    """A question, a scrap, a heading, and the page's title behind a label; not a sentence that tells something."""
    body = "Title: Is it bad?\nIs it that bad? Yes.\n\nHow to rest at home:\nIt is gone after two weeks."
    placed = PlacedSentences.of(passage(body, title="Is it bad"))
    assert list(zip(placed.texts, placed.empty, strict=True)) == [
        ("Title: Is it bad?", True),
        ("Is it that bad?", True),
        ("Yes.", True),
        ("How to rest at home:", True),
        ("It is gone after two weeks.", False),
    ]
    assert placed.keys[0] == "is it bad"


def test_sentences_end_where_a_reader_ends_them() -> None:
    """Items and headings are sentences of their own; an abbreviation ends none."""
    body = (
        "Treatment at home\nRest it for 5 hrs. before and approx. 2 days after.\n\n"
        "- Rest it\n- Cool it well. Then wait."
    )
    found = [body[start:end] for start, end in answer_sentences(body)]
    assert found == [
        "Treatment at home",
        "Rest it for 5 hrs. before and approx. 2 days after.",
        "- Rest it",
        "- Cool it well.",
        "Then wait.",
    ]
