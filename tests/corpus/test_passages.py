"""Passages: verbatim pieces of answers that the model reads whole."""

import re
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askdoc.corpus import passages
from askdoc.corpus.text_page.page import TextPage
from askdoc.models import Answer, Passage, Question, Source
from tests.corpus.reading import flat


class Words:
    """Counts words and signs; remembers how often it was asked and for how much."""

    def __init__(self) -> None:
        self.calls = 0
        self.letters = 0

    def __call__(self, texts: Sequence[str]) -> list[int]:
        self.calls += 1
        self.letters += sum(map(len, texts))
        return [len(re.findall(r"\w+|[^\w\s]", text)) for text in texts]


def letters(texts: Sequence[str]) -> list[int]:
    """Counts every code point, white space too: a whole is longer than its parts."""
    return list(map(len, texts))


def cut(body: str, limit: int) -> list[str]:
    """The passages of a body, as texts."""
    return [body[start:end] for start, end in passages.spans(body, measure=Words(), limit=limit)]


def bare(text: str) -> str:
    return "".join(text.split())


BODIES = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.sampled_from(
            [
                "Ice helps. ",
                "See Dr. Roe, e.g. today! ",
                "\n\n",
                "\r\n",
                "👩🏽‍⚕️",
                "e\u0301",
                "\xa0",
                "…",
                "a" * 90,
                "日本語。",
            ]
        ),
    ),
    max_size=25,
).map("".join)


@given(body=BODIES, limit=st.integers(1, 40))
def test_passages_are_pieces_that_hold_every_letter_once(body: str, limit: int) -> None:
    """Passages are slices of the body, in order, apart, and together all of it but white space."""
    for measure in (Words(), letters):
        spans = passages.spans(body, measure=measure, limit=limit)
        texts = [body[start:end] for start, end in spans]
        assert all(0 <= start < end <= len(body) for start, end in spans)
        assert all(left[1] <= right[0] for left, right in pairwise(spans))
        assert all(text == text.strip() for text in texts)
        assert bare("".join(texts)) == bare(body)
        assert spans == passages.spans(body, measure=measure, limit=limit)


@given(body=BODIES, limit=st.integers(1, 40))
def test_no_passage_is_longer_than_the_limit(body: str, limit: int) -> None:
    """Each passage fits, also where a whole measures more than the sum of its pieces."""
    for measure in (Words(), letters):
        spans = passages.spans(body, measure=measure, limit=limit)
        assert all(length <= limit for length in measure([body[start:end] for start, end in spans]))


@given(words=st.lists(st.text("abcdefgh", min_size=1, max_size=12), max_size=60), limit=st.integers(12, 60))
def test_words_are_not_cut(words: list[str], limit: int) -> None:
    """Where every word fits, passages begin and end with whole words."""
    body = " ".join(words)
    spans = passages.spans(body, measure=letters, limit=limit)
    assert [word for start, end in spans for word in body[start:end].split()] == words


def test_a_short_answer_is_one_passage() -> None:
    """What fits is quoted whole, paragraphs and all."""
    assert cut("Ice helps.\n\nSo does rest.", 20) == ["Ice helps.\n\nSo does rest."]


def test_passages_end_with_sentences() -> None:
    """Where sentences fit, no sentence is cut, and abbreviations and numbers do not end one."""
    body = "Dr. Roe paid $3.50 for ice. It helped. Was it cold? Yes! It was."
    sentences = ["Dr. Roe paid $3.50 for ice.", "It helped.", "Was it cold?", "Yes!", "It was."]
    assert [body[start:end] for start, end in passages.sentences(body)] == sentences
    assert cut(body, 12) == [sentences[0], "It helped. Was it cold? Yes! It was."]


def test_passages_are_few_and_even() -> None:
    """As few passages as the limit allows, and none a mere remnant."""
    body = " ".join(f"One two three four {n}." for n in range(10))
    assert [len(text.split()) for text in cut(body, 48)] == [25, 25]
    assert [len(text.split()) for text in cut(body, 59)] == [25, 25]
    assert len(cut(body, 60)) == 1


def test_a_long_sentence_is_cut_between_words() -> None:
    """A sentence above the limit gives pieces of whole words."""
    body = "word " * 50 + "end."
    texts = cut(body, 20)
    assert len(texts) >= 3
    assert " ".join(texts) == body


def test_a_word_above_the_limit_is_cut_between_letters() -> None:
    """Only a word that cannot fit is cut, and never between a letter and its accent or within an emoji."""
    body = "e\u0301" * 8 + " 👩🏽‍⚕️👩🏽‍⚕️"
    spans = passages.spans(body, measure=letters, limit=7)
    texts = [body[start:end] for start, end in spans]
    assert all(re.fullmatch("(e\u0301)+|(👩🏽‍⚕️)+| +", text) for text in texts), texts


@pytest.mark.parametrize(
    "body",
    [
        "😀 One. 😀😀 Two is here.",
        "e\u0301té. Deux\u0301 mots.",
        "a\xa0b.  c\u3000d. ",
        "日本語です。はい。",
        "\tOne.\n\n\n  Two.\n- x\n- y",
    ],
)
def test_offsets_count_code_points(body: str) -> None:
    """Emoji, accents and odd spaces do not shift what is quoted."""
    for limit in (1, 3, 5, 50):
        for start, end in passages.spans(body, measure=Words(), limit=limit):
            assert body[start:end] == body[start:end].strip() != ""
        assert bare("".join(cut(body, limit))) == bare(body)


def test_a_page_with_windows_line_ends_is_quoted_as_it_is_kept() -> None:
    """Offsets are those of the body as read, with plain line ends."""
    page = "Q?\r\n\r\nDoctor Answers 1\r\n\r\n😀 One.\r\n\r\nTwo\r\nis here.\r\n\r\nJane Roe, MD\r\n"
    (question,) = flat(TextPage(), "page.txt", page.encode())
    assert isinstance(question, Question)
    found = list(passages.cut(question, measure=Words(), limit=4))
    assert [passage.text for passage in found] == ["😀 One.", "Two\nis here."]
    assert all(passage.text == question.answers[0].body[passage.start : passage.end] for passage in found)


def test_passages_come_in_the_order_of_the_page() -> None:
    """All answers of a question are cut, one after the other, each passage knowing its own."""
    answers = tuple(Answer(id=str(n), body=f"First {n}. Then {n}.") for n in range(3))
    question = Question(id="q", title="Q?", source=Source("q.txt", 1), answers=answers)
    found = list(passages.cut(question, measure=Words(), limit=3))
    assert [(passage.answer.id, passage.text) for passage in found] == [
        (str(n), f"{word} {n}.") for n in range(3) for word in ("First", "Then")
    ]
    assert all(passages.restore(question, p.answer, p.start, p.end) == p for p in found)


@pytest.mark.parametrize("bounds", [(-1, 3), (0, 0), (3, 2), (0, 99)])
def test_a_passage_outside_its_answer_is_refused(bounds: tuple[int, int]) -> None:
    """An index with wrong offsets cannot quote what the doctor did not write."""
    question = Question(id="q", title="Q?", source=Source("q.txt", 1), answers=(Answer(id="a", body="Words."),))
    with pytest.raises(ValueError, match="piece of its answer"):
        passages.restore(question, question.answers[0], *bounds)
    with pytest.raises(ValueError, match="piece of its answer"):
        Passage(question, question.answers[0], *bounds)


@pytest.mark.parametrize("body", ["", " ", "\n\n\t\xa0"])
def test_white_space_gives_no_passage(body: str) -> None:
    """A body without a letter has nothing to quote."""
    assert cut(body, 5) == []


def test_a_limit_below_one_is_refused() -> None:
    """A passage needs room for one token."""
    with pytest.raises(ValueError, match="one token"):
        passages.spans("One.", measure=Words(), limit=0)


@pytest.mark.parametrize(
    "body",
    [
        "Ice helps on the first day. " * 7_000,
        "word " * 40_000,
        "a" * 200_000,
        "a b " * 20_000 + "x" * 120_000,
        ". " * 100_000,
        "-" * 200_000,
    ],
    ids=["sentences", "one sentence", "one word", "words and a word", "stops", "dashes"],
)
def test_a_huge_answer_is_measured_a_few_times(body: str) -> None:
    """The measure is asked for batches, and for no more text than the body many times over."""
    measure = Words()
    spans = passages.spans(body, measure=measure, limit=200)
    assert bare("".join(body[start:end] for start, end in spans)) == bare(body)
    assert measure.calls <= 40
    assert measure.letters <= 40 * len(body)


def test_a_splitter_that_loses_its_place_loses_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the sentence splitter gives offsets that do not fit the text, the rest is taken as one piece."""
    wrong = [
        {"start_index": 0, "end_index": 5, "text": "One. "},
        {"start_index": 6, "end_index": 9, "text": "Two."},
    ]
    monkeypatch.setattr(passages, "get_sentence_boundaries", lambda language, text: wrong)
    assert cut("One. Two. Three.", 2) == ["One.", "Two.", "Three."]


@pytest.mark.parametrize(
    "opening",
    [
        "What helps a bruise?",
        "Q: What helps a bruise?\nA:",
        "## What helps a bruise\n",
        "**Question: what helps a bruise?**\n\n**Answer:**",
        "WHAT HELPS A BRUISE…",
    ],
)
def test_a_title_that_a_body_begins_with_is_in_no_passage(opening: str) -> None:
    """It is shown above the passage anyway; the answer below it is held to the last letter."""
    body, title = f"{opening} Cold helps. It fades within two weeks.", "What helps a bruise?"
    spans = passages.spans(body, title=title, measure=Words(), limit=3)
    assert [body[start:end] for start, end in spans] == ["Cold helps.", "It fades within", "two weeks."]
    assert spans[0][0] == passages.begin(body, title)


@pytest.mark.parametrize(
    "body",
    [
        "What helps a bruise?",
        "Q: What helps a bruise?\nA: …",
        "What helps a bruise is cold.",
        "What helps? A bruise fades.",
        "Cold. What helps a bruise? Nothing else.",
        "What helps a bruise?\n\nSource: Example Library",
    ],
)
def test_a_body_without_an_answer_below_its_title_stays_whole(body: str) -> None:
    """A title alone, one that goes on and one amid the answer are the doctor's answer."""
    assert passages.begin(body, "What helps a bruise?") == 0
    assert passages.begin(body, "") == 0
