"""The parts of relevance, each by itself: order, folding, marks, weights of words, signals, confidence."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from askdoc.index.bm25 import InvertedIndex, Tokenizer
from askdoc.models import Answer, Author, Confidence
from askdoc.retriever.candidates import CandidateGenerator
from askdoc.retriever.confidence import CONFIDENCE_FEATURES, Calibration, ConfidenceWeights, confidence_features
from askdoc.retriever.feature_names import COLUMN, FEATURES
from askdoc.retriever.fusion import Fusion
from askdoc.retriever.highlight import Highlighter
from askdoc.retriever.offline.near_duplicates import first_by_doctor, near_copies, sketches
from askdoc.retriever.offline.prepare import InMemory
from askdoc.retriever.query import Query
from askdoc.retriever.query_adapter import QueryAdapter, normalized
from askdoc.retriever.ranking import NEAR_TIE, collapse, endorsement, ranked
from askdoc.retriever.statistics import PASSAGE, QUESTION, CollectionStatistics, ScoreDistribution
from askdoc.retriever.term_weights import TermWeights
from askdoc.retriever.topicality import Topicality

TOKENIZER = Tokenizer()


# --- order and folding --------------------------------------------------------------------------------------------

SCORES = st.lists(st.tuples(st.floats(-5, 5, width=32), st.floats(0, 3, width=32)), max_size=30)


@given(SCORES)
def test_standing_never_lifts_an_answer_over_a_more_relevant_one(pairs: list[tuple[float, float]]) -> None:
    """Whatever votes and stars say, no answer passes one that is more relevant by more than a near-tie."""
    scores = np.array([score for score, _ in pairs], np.float32)
    standings = np.array([value for _, value in pairs], np.float32)
    found = ranked(scores, standings)
    assert sorted(found.tolist()) == list(range(len(pairs)))
    for place, earlier in enumerate(found):
        assert all(scores[later] - scores[earlier] <= NEAR_TIE + 1e-6 for later in found[place:])


def test_standing_orders_near_ties() -> None:
    """Of two answers that fit equally well, the accepted one goes first."""
    assert ranked(
        np.array([1.0, 1.0 + NEAR_TIE / 2, 0.0], np.float32), np.array([2.0, 0.0, 3.0], np.float32)
    ).tolist() == [
        0,
        1,
        2,
    ]


def test_what_is_not_known_counts_nothing() -> None:
    """No votes and no stars is no better than votes against."""
    assert endorsement(Answer("a", "x")) == endorsement(Answer("a", "x", votes=-3)) == 0
    assert endorsement(Answer("a", "x", accepted=True)) > endorsement(Answer("a", "x", votes=2))
    assert endorsement(Answer("a", "x", author=Author(rating=4.5))) > 0


def test_near_copies_become_one_card() -> None:
    """The best of several near copies is shown, with the number of the others."""
    cards = collapse(np.array([2, 0, 1, 3]), np.array([0, 1, 0, 3], np.int32), limit=2)
    assert [(card.place, card.other_doctors) for card in cards] == [(2, 1), (1, 0)]


def test_only_other_doctors_are_counted() -> None:
    """Of four near copies by two doctors, one is shown and one other doctor counted, whoever is shown."""
    doctors = np.array([0, 1, 0, 1], np.int32)
    for places in ([2, 0, 1, 3], [3, 1, 2, 0]):
        cards = collapse(np.array(places), np.zeros(4, np.int32), limit=2, doctors=doctors)
        assert [(card.place, card.other_doctors) for card in cards] == [(places[0], 1)]
    assert collapse(np.array([0, 2]), np.zeros(4, np.int32), limit=2, doctors=doctors)[0].other_doctors == 0


def test_doctors_are_told_apart_among_near_copies_alone() -> None:
    """Each answer has the number of the first copy by its doctor; elsewhere nobody is compared."""
    anna, bert = Author("Anna Holm, MD", "Toledo Dentist"), Author("Bert Ames, DO", "Boise Dentist")
    authors = [anna, bert, Author("Dr. Anna Holm"), bert, anna]
    assert first_by_doctor(authors, np.array([0, 0, 0, 3, 0], np.int32)).tolist() == [0, 1, 0, 3, 0]


def test_copies_are_told_by_runs_of_words() -> None:
    """A changed ending is a near copy; the same words about something else are not."""
    text = "Rest the knee for two weeks, then walk a little more each day."
    other = "Rest the hand for six months, then run not any more at all."
    assert copies_of([text, f"{text} Please!", other], [0, 0, 0]) == [0, 0, 2]


def test_under_two_questions_nearly_every_word_must_be_the_same() -> None:
    """A text copied to another page is folded; one made after the same pattern about something else is not."""
    pattern = " ".join(f"word{n}" for n in range(40)) + " {} " + " ".join(f"more{n}" for n in range(40))
    bodies = [pattern.format("hives"), pattern.format("lupus"), pattern.format("HIVES!"), "x", "x"]
    assert copies_of(bodies, [0, 1, 2, 3, 4]) == [0, 1, 0, 3, 3]
    assert copies_of(bodies, [0, 0, 2, 3, 4]) == [0, 0, 0, 3, 3]


def test_boilerplate_is_looked_through_in_no_time_and_still_one_card() -> None:
    """Three hundred copies of one text are one card."""
    assert set(copies_of(["See your doctor about this before you do anything else."] * 300, range(300))) == {0}


def copies_of(bodies: list[str], questions: Iterable[int]) -> list[int]:
    return list(near_copies(bodies, np.array(list(questions), np.int32), sketches(bodies)))


# --- marks --------------------------------------------------------------------------------------------------------


@pytest.fixture
def highlighter() -> Highlighter:
    body = InvertedIndex.build([TOKENIZER("swelling lasts two weeks"), TOKENIZER("cold helps")])
    return Highlighter.shipped(TOKENIZER, body)


def test_the_sentence_with_the_words_asked_for_is_marked(highlighter: Highlighter) -> None:
    """Of sentences alike in place and length, the one that holds the words goes first."""
    texts = ["The cold helps a little there.", "The swelling lasts two weeks."]
    scores = highlighter.scores(texts, {"swell": 1.0, "last": 0.5})
    alone = highlighter.scores(texts, {})
    assert scores[1] - alone[1] > scores[0] - alone[0]


@given(st.text(max_size=300))
def test_marks_are_offsets_within_the_passage(text: str) -> None:
    """They are ascending, apart, and never outside; the text itself is not touched."""
    highlighter = Highlighter.shipped(TOKENIZER, InvertedIndex.build([["swell"]]))
    end = 0
    for start, stop in highlighter.highlight(text, {"swell": 1.0}):
        assert end <= start < stop <= len(text)
        assert text[start:stop].strip() == text[start:stop]
        end = stop


def test_no_source_is_marked(highlighter: Highlighter) -> None:
    """However well a line of sources fits, it answers nothing: before the answer, amid it, and alone."""
    line = "Source: swelling lasts two weeks. Swelling (https://example.org/swelling)."
    for passage in (f"Cold helps.\n\n{line}", f"{line}\nCold helps.", f"Rest.\n{line}\nCold helps.", line):
        found = highlighter.highlight(passage, {"swell": 1.0, "last": 1.0})
        assert not [span for span in found if "well" in passage[slice(*span)]]
        assert bool(found) == (passage != line)


def test_marks_go_by_the_passage_s_place_in_its_answer(highlighter: Highlighter) -> None:
    """What speaks for an answer's first sentences does not speak for those of a later passage."""
    texts = ["Cold helps.", "Rest helps.", "Heat helps.", "Salt helps."]
    first, later = (highlighter.scores(texts, {}, before=before, after=4) for before in (0, 12))
    assert first[0] - first[3] > later[0] - later[3]
    long, short = (highlighter.scores(texts, {}, before=12, after=after) for after in (40, 0))
    assert long != short


# --- words of a message ---------------------------------------------------------------------------------------------


def test_filler_weighs_less_than_what_is_asked_about() -> None:
    """Thanks and greetings do not matter; the condition does."""
    body = InvertedIndex.build([TOKENIZER(text) for text in ("rosacea treatment", "hope health", "skin", "acne")] * 5)
    found = TermWeights.shipped().weigh(
        "Hello dear doctor, I hope you are well. What is the treatment for rosacea? Regards",
        tokenizer=TOKENIZER,
        body=body,
        title=body,
    )
    assert max(found, key=lambda stem: found[stem]) in {"rosacea", "treatment"}
    assert found["rosacea"] > found["dear"]
    assert found["rosacea"] > found["regard"]


def test_a_message_without_words_has_no_terms() -> None:
    """Function words alone leave nothing to weigh."""
    body = InvertedIndex.build([[]])
    assert TermWeights.shipped().weigh("what is it?", tokenizer=TOKENIZER, body=body, title=body) == {}


# --- the adapter ---


def test_a_lens_survives_its_file_and_keeps_length_one() -> None:
    """What is read back turns vectors as what was written, but for the rounding to bytes."""
    draw = np.random.default_rng(0)
    adapter = QueryAdapter(draw.normal(size=(8, 2)).astype(np.float32), draw.normal(size=(2, 8)).astype(np.float32))
    again = QueryAdapter.parse(adapter.document("tiny"))
    vectors = normalized(draw.normal(size=(3, 8)))
    np.testing.assert_allclose(np.linalg.norm(again(vectors), axis=1), 1, rtol=1e-5)
    assert (again(vectors) * adapter(vectors)).sum(axis=1).min() > 0.99


def test_another_model_has_no_lens() -> None:
    """The shipped adapter and the shipped form of topics fit one model."""
    for table in (QueryAdapter, Topicality):
        assert table.shipped("tiny") is None
        assert table.shipped("all-MiniLM-L6-v2") is not None


# --- topic ----------------------------------------------------------------------------------------------------------


def topic(dimension: int = 4) -> Topicality:
    """A form whose arrays are small whole numbers, so that bytes hold them exactly."""
    draw = np.random.default_rng(2)
    shapes = {"diagonal": (2, dimension), "down": (2, dimension, 3), "up": (2, 3, dimension)}
    shapes |= {"passage": (dimension,), "question": (dimension,)}
    arrays = {name: draw.integers(-3, 4, size=shape).astype(np.float32) for name, shape in shapes.items()}
    for array in arrays.values():
        array.flat[0] = 127
    signals = np.zeros(len(FEATURES), np.float32)
    signals[COLUMN["cover"]] = 0.5
    return Topicality(**arrays, features=signals)


def test_a_form_of_topics_survives_its_file() -> None:
    """The same odds come of what is read back, and they are those of the formula."""
    form = topic()
    again = Topicality.parse(form.document("tiny"))
    question, best, first = AXES[1], AXES[:3], AXES[1:]
    signals = np.full((3, len(FEATURES)), 2.0, np.float32)
    found = [one.odds(question, *_products(one, question, best, first), signals) for one in (form, again)]
    adapted = [form.diagonal[n] * question + question @ form.down[n] @ form.up[n] for n in range(2)]
    wanted = best @ (adapted[0] + form.passage) + first @ adapted[1] + 1 + question @ form.question
    np.testing.assert_allclose(found, [wanted, wanted], rtol=1e-5)


def _products(
    form: Topicality, question: np.ndarray, best: np.ndarray, first: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    forms = form.projections(question)
    return best @ forms[0], first @ forms[1]


def test_a_form_with_an_unknown_signal_is_refused() -> None:
    """A table of another version is not silently misread."""
    with pytest.raises(ValueError, match="does not know"):
        Topicality.parse({"features": {"sparkle": 1.0}, "arrays": {}})


# --- signals --------------------------------------------------------------------------------------------------------


def generator(
    texts: list[list[str]], titles: list[str], vectors: np.ndarray, title_vectors: np.ndarray
) -> CandidateGenerator:
    """An index over passages by answer; one answer to each question."""
    body = InvertedIndex.build([TOKENIZER(text) for pieces in texts for text in pieces])
    title = InvertedIndex.build([TOKENIZER(text) for text in titles])
    answer_of = np.repeat(np.arange(len(texts)), [len(pieces) for pieces in texts]).astype(np.int32)
    spread = {PASSAGE: ScoreDistribution.build(vectors, answer_of)}
    fields = {PASSAGE: vectors}
    if titles:
        spread[QUESTION] = ScoreDistribution.build(title_vectors, np.arange(len(titles), dtype=np.int32))
        fields[QUESTION] = title_vectors
    own = np.arange(len(texts), dtype=np.int32)
    statistics = CollectionStatistics.of(answer_of, own, spread)
    return CandidateGenerator(InMemory(fields), statistics, body, title)


def asked(text: str, vector: np.ndarray) -> Query:
    return Query(text, np.stack([vector, vector]), dict.fromkeys(TOKENIZER(text), 1.0))


AXES = np.eye(4, dtype=np.float32)


def test_a_candidate_has_its_best_passage_and_all_signals() -> None:
    """The passage nearest to the question stands for its answer."""
    found = generator([["cold water", "warm tea"], ["green tea"]], ["cold", "tea"], AXES[:3], AXES[:2]).generate(
        [asked("warm tea", AXES[1])]
    )[0]
    assert found.answers.tolist() == [0, 1]
    assert found.passages[0] == 1
    assert found.features[0, COLUMN["best"]] > found.features[1, COLUMN["best"]]
    assert found.features[0, COLUMN["any_cover"]] == pytest.approx(1)
    assert found.cosines[0].tolist() == [1, 0]
    assert found.nearest_questions[0] == 1


def test_the_form_of_topics_looks_at_the_best_and_the_first_passage() -> None:
    """Of an answer in two passages, the second of which fits."""
    form = topic()
    index = generator([["cold water", "warm tea"], ["green tea"]], ["cold", "tea"], AXES[:3], AXES[:2])
    found = replace(index, topicality=form).generate([asked("warm tea", AXES[1])])[0]
    best, first = AXES[found.passages], AXES[[0, 2]]
    wanted = form.odds(AXES[1], *_products(form, AXES[1], best, first), found.features)
    np.testing.assert_allclose(found.topic_odds, wanted, rtol=1e-5)
    assert not index.generate([asked("warm tea", AXES[1])])[0].topic_odds.any()
    gone = found.without(np.array([True, False]))
    assert gone.topic_odds.tolist() == found.topic_odds[1:].tolist()


@pytest.mark.parametrize(
    ("texts", "titles", "vectors"),
    [
        ([["one answer"]], ["a question"], AXES[:1]),
        ([["the same"], ["the same"], ["the same"]], ["q", "q", "q"], AXES[[0, 0, 0]]),
        ([["the"], ["of"]], ["is", "it"], AXES[:2]),
        ([["no titles"], ["here"]], [], AXES[:2]),
    ],
    ids=["one answer", "all alike", "no words", "no titles"],
)
@pytest.mark.parametrize("question", ["a question", "zebra", "what is it"])
def test_every_signal_is_a_number(
    texts: list[list[str]], titles: list[str], vectors: np.ndarray, question: str
) -> None:
    """One row, equal scores, no word in common: nothing becomes infinite or undefined."""
    found = generator(texts, titles, vectors, vectors[: len(titles)]).generate([asked(question, AXES[3])])[0]
    assert found.features.shape == (len(texts), len(FEATURES))
    assert np.isfinite(found.features).all()
    scores = Fusion.shipped().scores(found.features, titles=bool(titles))
    assert np.isfinite(scores).all()
    assert np.isfinite(confidence_features(asked(question, AXES[3]), found, scores)).all()


def test_several_questions_are_collected_as_each_alone() -> None:
    """Searching together changes no number."""
    index = generator([["cold water"], ["green tea"], ["warm milk"]], ["cold", "tea", "milk"], AXES[:3], AXES[:3])
    questions = [asked("cold", AXES[0]), asked("tea milk", AXES[2])]
    for together, alone in zip(index.generate(questions), (index.generate([one])[0] for one in questions), strict=True):
        np.testing.assert_array_equal(together.features, alone.features)
    assert index.generate([]) == []


def test_ground_survives_its_file() -> None:
    """Everything is read back, and the same statistics gives the same bytes."""
    statistics = generator([["a b", "c"], ["d"]], ["q", "r"], AXES[:3], AXES[:2]).statistics
    again = CollectionStatistics.load(statistics.dump())
    assert again.dump() == statistics.dump()
    assert again.passage_starts.tolist() == [0, 2, 3]
    assert again.distributions[PASSAGE].mean_and_deviation(AXES[:1]) == statistics.distributions[
        PASSAGE
    ].mean_and_deviation(AXES[:1])


def test_spread_is_that_of_all_scores() -> None:
    """Mean and deviation of a query's scores follow from those of the vectors."""
    vectors = normalized(np.random.default_rng(1).normal(size=(50, 6)))
    spread = ScoreDistribution.build(vectors, np.arange(50, dtype=np.int32))
    scores = vectors @ vectors[7]
    mean, deviation = spread.mean_and_deviation(vectors[7:8])
    assert (mean[0, 0], deviation[0, 0]) == pytest.approx((scores.mean(), scores.std()), rel=1e-4)


# --- fusion and confidence ------------------------------------------------------------------------------------------


def test_a_table_with_an_unknown_signal_is_refused() -> None:
    """A table of another version is not silently misread."""
    with pytest.raises(ValueError, match="does not know"):
        Fusion.parse({"tables": {"both": {"sparkle": [1.0, 0.0]}}})


def _signs(cosine: float, count: int = 40) -> np.ndarray:
    draw = np.random.default_rng(3)
    signs = draw.normal(0.5, 0.05, size=(count, len(CONFIDENCE_FEATURES))).astype(np.float32)
    signs[:, CONFIDENCE_FEATURES.index("cosine")] += cosine
    return signs


def test_calibration_keeps_the_covered_and_refuses_the_foreign() -> None:
    """Of the questions it was found by, nineteen in twenty pass, and what is far off does not."""
    table = ConfidenceWeights.parse({"bias": 0.0} | {name: float(name == "cosine") for name in CONFIDENCE_FEATURES})
    covered, uncovered = _signs(0.5), _signs(-0.8)
    calibration = Calibration.fit(covered, uncovered, table)
    said = [calibration.confidence(calibration.certainty(one)) for one in covered]
    assert sum(word is not Confidence.NONE for word in said) >= 38
    assert said.count(Confidence.STRONG) >= 20
    assert all(calibration.confidence(calibration.certainty(one)) is Confidence.NONE for one in uncovered)
    assert Calibration.parse(calibration.document()) == calibration


def test_no_candidates_is_no_confidence() -> None:
    """An empty search is refused whatever the calibration says."""
    table = ConfidenceWeights.shipped(titles=True)
    nothing = np.zeros(len(CONFIDENCE_FEATURES), np.float32)
    calibration = Calibration.fit(
        np.zeros((0, len(CONFIDENCE_FEATURES)), np.float32), np.zeros((0, len(CONFIDENCE_FEATURES)), np.float32), table
    )
    assert calibration.confidence(calibration.certainty(nothing)) is Confidence.NONE
