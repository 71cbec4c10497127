"""Answers questions with replies. All of policy is here: notices, follow-ups, second searches, what is held back."""

import math
import threading
import time
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol, TypeVar

import numpy as np

from askdoc.embedder.protocol import Awaited, Embedder, Vectors
from askdoc.errors import QuestionError
from askdoc.models import DEFAULT_EMERGENCY, Answer, Confidence, ContentLabels, Notice, Question, Reply
from askdoc.query.completion import Suggestions
from askdoc.query.followup import ResolvedFollowup
from askdoc.query.rewriting import QueryRewrite
from askdoc.retriever import Query, Ranking, SearchResult
from askdoc.safety.gate import Assessment
from askdoc.text import visible

LONGEST_QUESTION = 1000
"""Characters after Unicode normalisation (NFC)."""
LONG_TOKENS = 160
"""Tokens of a text above which its other wording is searched with its own vectors: a word or two of so many move them
by little, and encoding is most of what a question costs."""
LONG_ASIDE_TOKENS = 80
"""Tokens above which nothing is encoded beside the question for the gate and the context: no segment, which in a human
language has at most some 70, and no follow-up with its topic, which is searched with the vectors of the question."""
MOST_ANSWERS = 20
DEFAULT_ANSWERS = 3
CONFIDENCE_ORDER = {Confidence.NONE: 0, Confidence.PARTIAL: 1, Confidence.STRONG: 2}
NOTICE_ORDER = (None, "education", "emergency", "crisis")
"""The levels of notices, gravest last."""
Found = TypeVar("Found", SearchResult, Ranking)
Search = Callable[[Sequence[int], Sequence[Query]], list[Found]]
"""Searches queries, each with the place of the question it belongs to."""


@dataclass(frozen=True, slots=True)
class AskRequest:
    """A question as it came in; ``context`` holds the questions before it, oldest first."""

    question: str
    max_answers: int = DEFAULT_ANSWERS
    context: tuple[str, ...] = ()


class AnswerSearch(Protocol):
    """Relevance, as ``askdoc.retriever.Retriever`` has it."""

    def analyze(self, texts: Sequence[str], vectors: Callable[[], Vectors]) -> list[Query]: ...
    def retrieve(self, queries: Sequence[Query], *, limits: Sequence[int]) -> list[SearchResult]: ...
    def rank(self, query: Query, *, limit: int) -> Ranking: ...


class SafetyGate(Protocol):
    """The gate that sees a question before anything is searched. It never raises."""

    def assess(self, question: str) -> Assessment | None: ...
    def decide(self, assessment: Assessment | None, vectors: Vectors | None = None) -> Notice | None: ...


class ContextResolver(Protocol):
    """Resolves a follow-up by the questions before it."""

    def resolve(self, question: str, context: Sequence[str]) -> ResolvedFollowup: ...


class Rewriter(Protocol):
    """Offers a question in other words."""

    def rewrite(self, question: str) -> QueryRewrite: ...


class AnswerStore(Protocol):
    """The whole answers of the corpus."""

    def answer(self, answer_id: str) -> tuple[Question, Answer] | None: ...
    def asked(self) -> Iterable[tuple[str, str]]: ...
    @property
    def labels(self) -> ContentLabels: ...


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts that a responder is made of."""

    embedder: Embedder
    retriever: AnswerSearch
    answers: AnswerStore
    gate: SafetyGate
    followups: ContextResolver
    rewriter: Rewriter
    emergency: str | None = DEFAULT_EMERGENCY
    """The emergency number that the disclaimer names; None where the country's is not known."""


@dataclass(frozen=True, slots=True)
class _CheckedRequest:
    """A request that can be answered: its question cleaned, its follow-up resolved."""

    question: str
    followup: ResolvedFollowup
    max_answers: int


@dataclass(frozen=True, slots=True)
class _OtherWording:
    """A question in other words that can be searched; ``vector`` (d,) waits for its vector.

    A long question has None: its own vector serves.
    """

    rewrite: QueryRewrite
    vector: Callable[[], Vectors] | None


@dataclass(frozen=True, slots=True)
class _JudgedRequest:
    """A checked request with its query and its other wording, if there is one; ``notice`` must be read first."""

    checked: _CheckedRequest
    query: Query
    wording: _OtherWording | None
    notice: Notice | None

    @property
    def answers_allowed(self) -> bool:
        """Whether answers may be shown below the notice."""
        return self.notice is None or self.notice.answers_allowed


class Responder:
    """Quotes the answers that are found. It never writes a sentence of its own about health."""

    def __init__(self, parts: Parts, *, index_id: str) -> None:
        self._parts = parts
        self.index_id = index_id
        self._suggestions: Suggestions | None = None
        self._making_suggestions = threading.Lock()

    def reply(self, question: str, *, max_answers: int = DEFAULT_ANSWERS, context: Sequence[str] = ()) -> Reply:
        """Reply to a question. ``context`` holds the questions asked before it, oldest first.

        Raises QuestionError where the question is empty or too long, the context too much, or too many answers
        are asked for.
        """
        [reply] = self.reply_many([AskRequest(question, max_answers, tuple(context))])
        if isinstance(reply, QuestionError):
            raise reply
        return reply

    def reply_many(self, requests: Sequence[AskRequest]) -> list[Reply | QuestionError]:
        """Reply to several questions at once, which costs less than each alone; errors stand in their places."""
        began = time.perf_counter()
        checked = [self._checked(request) for request in requests]
        judged = self._judged([request for request in checked if not isinstance(request, QuestionError)])
        replies = (
            self._reply(request, result, searched_also, began)
            for request, (result, searched_also) in zip(judged, self._results(judged), strict=True)
        )
        return [request if isinstance(request, QuestionError) else next(replies) for request in checked]

    def rank(self, question: str, *, most: int) -> Ranking:
        """The ranking behind a reply, before anything is held back. Raises QuestionError as ``reply`` does."""
        texts = [visible(cleaned(question))]
        encoding = self._parts.embedder.begin(texts)
        wordings = self._other_wordings(texts)
        queries = self._parts.retriever.analyze(texts, lambda: encoding().vectors)

        def search(_: Sequence[int], queries: Sequence[Query]) -> list[Ranking]:
            return [self._parts.retriever.rank(query, limit=most) for query in queries]

        return self._searched_again(queries, wordings, search([0], queries), search)[0][0]

    def answer(self, answer_id: str) -> tuple[Question, Answer] | None:
        """A whole answer by its id or its key, with its question, or None."""
        return self._parts.answers.answer(answer_id)

    @property
    def labels(self) -> ContentLabels:
        """The corpus's own statement of what its text is, where no doctor wrote it."""
        return self._parts.answers.labels

    @property
    def suggestions(self) -> Suggestions:
        """The questions that have answers, to be found while one is typed. Made once, which takes its time.

        Whoever asks for them meanwhile waits: many who type would else make them many times.
        """
        with self._making_suggestions:
            if self._suggestions is None:
                self._suggestions = Suggestions(self._parts.answers.asked())
            return self._suggestions

    def _checked(self, request: AskRequest) -> _CheckedRequest | QuestionError:
        """The request checked, or why it cannot be answered."""
        if not 1 <= request.max_answers <= MOST_ANSWERS:
            return QuestionError(f"Ask for 1 to {MOST_ANSWERS} answers, not {request.max_answers}.")
        try:
            question = cleaned(request.question)
            followup = self._parts.followups.resolve(visible(question), request.context)
        except QuestionError as error:
            return error
        return _CheckedRequest(question, followup, request.max_answers)

    def _other_wordings(self, texts: Sequence[str]) -> list[_OtherWording | None]:
        """Each text in other words, or None; their vectors are begun at once, beside those of the texts.

        Hardly any is made in vain, as few questions that can be put otherwise are sure to be answered as they stand.
        """
        rewrites = [self._parts.rewriter.rewrite(text) for text in texts]
        places = [n for n, rewrite in enumerate(rewrites) if rewrite.new_terms and rewrite.text != texts[n]]
        is_long = self._longer([texts[n] for n in places], LONG_TOKENS)
        short = [n for n, long in zip(places, is_long, strict=True) if not long]
        encoding = self._parts.embedder.begin([rewrites[n].text for n in short]) if short else None
        wordings = {n: _OtherWording(rewrites[n], None) for n in places}
        if encoding is not None:
            vectors = {n: partial(_vector, encoding, row) for row, n in enumerate(short)}
            wordings |= {n: _OtherWording(rewrites[n], vector) for n, vector in vectors.items()}
        return [wordings.get(n) for n in range(len(texts))]

    def _judged(self, checked: Sequence[_CheckedRequest]) -> list[_JudgedRequest]:
        """Let the gate judge each question, as it stands and with the topic it carries; all are embedded at once.

        The gate looks at the words, and the retriever scores them, while the vectors are made.
        """
        gate, embedder = self._parts.gate, self._parts.embedder
        encoded_as = self._encoded_as(checked)
        if not encoded_as:
            return []
        texts, encoded = list(encoded_as), list(dict.fromkeys(encoded_as.values()))
        encoding = embedder.begin(encoded)
        assessments = {text: gate.assess(text) for text in texts}
        segments = self._short_segments([assessments[text] for text in encoded])
        encoding_segments = embedder.begin(segments) if segments else None
        wordings = self._other_wordings([request.followup.text for request in checked])
        rows = [encoded.index(source) for source in encoded_as.values()]
        queries = dict(zip(texts, self._parts.retriever.analyze(texts, lambda: encoding().vectors[rows]), strict=True))
        inner = dict(zip(encoded, encoding().inner, strict=True))
        inner_of_segments = dict(zip(segments, encoding_segments().inner if encoding_segments else (), strict=True))
        notices = {}
        for text, source in encoded_as.items():
            own = (inner_of_segments[segment] for segment in _segments(assessments[source]) if segment in segments)
            vectors = np.array([inner[source], *own])
            notices[text] = gate.decide(assessments[text], vectors)
        return [
            _JudgedRequest(
                request,
                queries[request.followup.text],
                wording,
                _graver(notices[request.question], notices[request.followup.text]),
            )
            for request, wording in zip(checked, wordings, strict=True)
        ]

    def _encoded_as(self, checked: Sequence[_CheckedRequest]) -> dict[str, str]:
        """The texts that are judged or searched, each with the one whose vectors it takes: a follow-up with the topic
        that it carries has those of the question, where that is long."""
        carrying = [request for request in checked if request.followup.text != request.question]
        is_long = self._longer([request.question for request in carrying], LONG_ASIDE_TOKENS)
        sources = {request.question: request.question for request in checked}
        for request, long in zip(carrying, is_long, strict=True):
            sources.setdefault(request.followup.text, request.question if long else request.followup.text)
        return sources

    def _short_segments(self, assessments: Iterable[Assessment | None]) -> list[str]:
        """The segments that are to be encoded, each once."""
        segments = list(dict.fromkeys(segment for assessment in assessments for segment in _segments(assessment)))
        is_long = self._longer(segments, LONG_ASIDE_TOKENS)
        return [segment for segment, long in zip(segments, is_long, strict=True) if not long]

    def _longer(self, texts: Sequence[str], most: int) -> list[bool]:
        """Whether each text has more than so many tokens."""
        return [tokens > most for tokens in self._parts.embedder.lengths(texts)] if texts else []

    def _results(self, judged: Sequence[_JudgedRequest]) -> list[tuple[SearchResult, tuple[str, ...]]]:
        """The result of each request, all searched together, with the words of a second search that did better.

        Nothing is searched where no answer may be shown below the notice.
        """
        allowed = [request for request in judged if request.answers_allowed]
        queries, wordings = [request.query for request in allowed], [request.wording for request in allowed]

        def search(places: Sequence[int], queries: Sequence[Query]) -> list[SearchResult]:
            limits = [allowed[place].checked.max_answers for place in places]
            return self._parts.retriever.retrieve(queries, limits=limits)

        results = iter(self._searched_again(queries, wordings, search(range(len(allowed)), queries), search))
        nothing = SearchResult(Confidence.NONE, (), (), -math.inf)
        return [next(results) if request.answers_allowed else (nothing, ()) for request in judged]

    def _reply(
        self, request: _JudgedRequest, result: SearchResult, searched_also: tuple[str, ...], began: float
    ) -> Reply:
        return Reply(
            question=request.checked.question,
            notice=request.notice,
            confidence=result.confidence,
            answers=result.matches,
            related=result.related,
            # The topic is one of answers: where none are allowed, none is named.
            about=request.checked.followup.about if request.answers_allowed else None,
            searched_also=searched_also,
            emergency=self._parts.emergency,
            index_id=self.index_id,
            took_ms=1000 * (time.perf_counter() - began),
        )

    def _searched_again(
        self,
        queries: Sequence[Query],
        wordings: Sequence[_OtherWording | None],
        firsts: Sequence[Found],
        search: Search[Found],
    ) -> list[tuple[Found, tuple[str, ...]]]:
        """The better of two results where the first is not sure and the question can be searched in other words.

        With the words, where the second result is the better one.
        A result in other words is never strong: nobody asked for them.
        """
        results: list[tuple[Found, tuple[str, ...]]] = [(first, ()) for first in firsts]
        unsure = {
            place: wording
            for place, wording in enumerate(wordings)
            if wording and firsts[place].confidence is not Confidence.STRONG
        }
        if unsure:
            seconds = search(list(unsure), self._reworded(queries, unsure))
            for (place, wording), second in zip(unsure.items(), seconds, strict=True):
                if _certainty(second) > _certainty(firsts[place]):
                    results[place] = _at_most_partial(second), wording.rewrite.new_terms
        return results

    def _reworded(self, queries: Sequence[Query], wordings: Mapping[int, _OtherWording]) -> list[Query]:
        """The queries of other wordings, which are given by the places of the queries that they stand for."""
        texts = [wording.rewrite.text for wording in wordings.values()]
        return self._parts.retriever.analyze(
            texts,
            lambda: np.array(
                [wording.vector() if wording.vector else queries[place].vector for place, wording in wordings.items()]
            ),
        )


def _vector(encoding: Awaited, row: int) -> Vectors:
    """Wait for the vector (d,) of one text of several."""
    vector: Vectors = encoding().vectors[row]
    return vector


def _segments(assessment: Assessment | None) -> tuple[str, ...]:
    return assessment.segments if assessment else ()


def _graver(one: Notice | None, other: Notice | None) -> Notice | None:
    """The notice that matters more; the first of two that matter alike."""
    return max((one, other), key=lambda notice: NOTICE_ORDER.index(notice.level.value if notice else None))


def _certainty(found: SearchResult | Ranking) -> tuple[int, float]:
    """How sure a search is. Where two show nothing, the nearest questions are still the surer one's."""
    return CONFIDENCE_ORDER[found.confidence], found.certainty


def _at_most_partial(found: Found) -> Found:
    """The result of words that the program put into the question's place: partial at most."""
    return found if found.confidence is Confidence.NONE else replace(found, confidence=Confidence.PARTIAL)


def cleaned(question: str) -> str:
    """The question in NFC, without white space around it. Raises QuestionError where it cannot be asked."""
    text = unicodedata.normalize("NFC", question).strip()
    if not any(unicodedata.category(letter)[0] in "LN" for letter in visible(text)):
        raise QuestionError("The question is empty. Type what you would like to know.")
    if len(text) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(text):,} characters; at most {LONGEST_QUESTION:,} can be read. Shorten it."
        )
    if any(0xD800 <= ord(letter) < 0xE000 for letter in text):
        raise QuestionError("The question holds half of a character. Type it again.")
    return text
