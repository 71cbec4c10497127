"""The nouns: frozen records from the corpus to the reply, without I/O."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

DEFAULT_EMERGENCY = "911"
"""The emergency number of the default country."""
LOCAL_NUMBER = "your local emergency number"


def own_disclaimer(emergency: str | None) -> str:
    """The project's own wording, with a country's emergency number; with None it names no number."""
    number = f"{emergency} or {LOCAL_NUMBER}" if emergency else LOCAL_NUMBER
    return (
        "For educational use only. These passages are no substitute for the advice of your own physician. "
        f"In a medical emergency, call {number}. "
        "Reading them does not create a doctor–patient relationship."
    )


DEFAULT_DISCLAIMER = own_disclaimer(DEFAULT_EMERGENCY)


class Confidence(StrEnum):
    """How well the quoted passages fit the question."""

    STRONG = "strong"
    PARTIAL = "partial"
    NONE = "none"


class Level(StrEnum):
    """How loudly a notice must be shown."""

    EMERGENCY = "emergency"
    CRISIS = "crisis"
    EDUCATION = "education"


@dataclass(frozen=True, slots=True)
class Author:
    """The doctor, as the page shows them. Nothing is filled in that the page does not say."""

    name: str | None = None
    title: str | None = None
    specialty: str | None = None
    location: str | None = None
    rating: float | None = None
    """Stars out of five."""
    review_count: int | None = None
    url: str | None = None

    @property
    def shown_name(self) -> str:
        """What stands where a name is expected: the name, else the title, else plainly that there is none."""
        return self.name or self.title or "Doctor not named on the page"

    @property
    def stars(self) -> str | None:
        """The rating in words, ``4.3 out of 5, 12 reviews``, or None where the page has none."""
        count = self.review_count
        reviews = None if count is None else f"{count:,} review{'' if count == 1 else 's'}"
        if self.rating is None:
            return reviews
        stars = f"{self.rating:g} out of 5"
        return f"{stars}, {reviews}" if reviews else stars


@dataclass(frozen=True, slots=True)
class Answer:
    """One doctor's published answer; ``body`` is verbatim."""

    id: str
    body: str
    headline: str | None = None
    author: Author = Author()
    votes: int | None = None
    date: str | None = None
    accepted: bool = False

    @property
    def sha256(self) -> str:
        """Hash of the whole body in UTF-8, in hexadecimal: lets a reader prove that a quotation is unaltered."""
        return hashlib.sha256(self.body.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Source:
    """Where in the corpus something stands: a path relative to the corpus folder, and a line from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its answers, as one page or record holds them."""

    id: str
    title: str
    source: Source
    details: str | None = None
    answers: tuple[Answer, ...] = ()
    url: str | None = None
    topics: tuple[str, ...] = ()
    disclaimer: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A verbatim piece of one answer, with the answer and the question that must be shown beside it.

    The text is not stored but cut from the answer's body, so it cannot differ from it.
    ``start`` and ``end`` count code points in the body.
    """

    question: Question
    answer: Answer
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= len(self.answer.body):
            raise ValueError(
                f"a passage must be a piece of its answer: {self.start}:{self.end} of "
                f"{len(self.answer.body)} characters in {self.answer.id}"
            )

    @property
    def text(self) -> str:
        return self.answer.body[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Match:
    """A passage found. ``score`` is higher where nearer; ``highlights`` are pairs of offsets in the passage."""

    passage: Passage
    score: float
    highlights: tuple[tuple[int, int], ...] = ()
    alike: int = 0
    """How many other answers say nearly the same and are folded into this one."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to call: ``call`` and ``text`` are numbers as dialled, ``text`` by short message."""

    label: str
    call: str | None = None
    text: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """What must be read before anything else."""

    level: Level
    title: str
    text: str
    contacts: tuple[Contact, ...] = ()
    answers_allowed: bool = True
    """Whether answers may be shown below: never where they could name methods or doses, or delay the call."""
    language: str = "en"
    """The code of the language that title and text are in (BCP 47)."""


@dataclass(frozen=True, slots=True)
class Related:
    """A stored question that is near to the one asked."""

    question_id: str
    question: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What is shown. The disclaimer cannot be passed or left out: it follows from the pages quoted."""

    question: str
    confidence: Confidence
    index_id: str
    answers: tuple[Match, ...] = ()
    related: tuple[Related, ...] = ()
    notice: Notice | None = None
    about: str | None = None
    """The topic carried over from the questions before, in a few words."""
    searched_also: tuple[str, ...] = ()
    """Words that were searched for beside those of the question: repaired spelling and other names."""
    took_ms: float = 0.0
    emergency: str | None = DEFAULT_EMERGENCY
    """The emergency number that the project's own disclaimer names; None where the country's is not known."""
    disclaimer: str = field(init=False)

    @property
    def is_notice_alone(self) -> bool:
        """Whether there is an alarm and nothing else: then not a word is said about answers that are missing."""
        return bool(self.notice and self.notice.level is not Level.EDUCATION and not self.answers)

    def __post_init__(self) -> None:
        if (self.confidence is Confidence.NONE) != (not self.answers):
            raise ValueError("a reply without confidence has no answers, and a reply with answers has some")
        pages = (match.passage.question.disclaimer for match in self.answers)
        object.__setattr__(self, "disclaimer", disclaimer(pages, emergency=self.emergency))

    def document(self) -> dict[str, Any]:
        """The reply as plain values, ready for JSON: the same document on every surface."""
        return {
            "question": self.question,
            "notice": self.notice and notice_document(self.notice),
            "confidence": self.confidence.value,
            "about": self.about,
            "searched_also": list(self.searched_also),
            "answers": [match_document(match) for match in self.answers],
            "related": [{"question_id": near.question_id, "question": near.question} for near in self.related],
            "disclaimer": self.disclaimer,
            "index_id": self.index_id,
            "took_ms": round(self.took_ms, 1),
        }


def disclaimer(pages: Iterable[str | None], *, emergency: str | None = DEFAULT_EMERGENCY) -> str:
    """The wordings of the pages quoted, each once, in order; the project's own where a page carries none."""
    own = own_disclaimer(emergency)
    found = dict.fromkeys(page or own for page in pages)
    return "\n\n".join(found) if found else own


def author_document(author: Author) -> dict[str, Any]:
    """The doctor as plain values."""
    return {
        "name": author.name,
        "title": author.title,
        "specialty": author.specialty,
        "location": author.location,
        "rating": author.rating,
        "review_count": author.review_count,
        "url": author.url,
    }


def match_document(match: Match) -> dict[str, Any]:
    """One quoted passage as plain values."""
    question, answer = match.passage.question, match.passage.answer
    return {
        "answer_id": answer.id,
        "question_id": question.id,
        "question": question.title,
        "url": question.url,
        "headline": answer.headline,
        "passage": match.passage.text,
        "start": match.passage.start,
        "end": match.passage.end,
        "length": len(answer.body),
        "highlights": [list(span) for span in match.highlights],
        "sha256": answer.sha256,
        "doctor": author_document(answer.author),
        "votes": answer.votes,
        "date": answer.date,
        "accepted": answer.accepted,
        "alike": match.alike,
        "relevance": round(match.score, 4),
    }


def notice_document(notice: Notice) -> dict[str, Any]:
    """A notice as plain values."""
    return {
        "level": notice.level.value,
        "title": notice.title,
        "text": notice.text,
        "answers_allowed": notice.answers_allowed,
        "language": notice.language,
        "contacts": [
            {"label": contact.label, "call": contact.call, "text": contact.text, "url": contact.url}
            for contact in notice.contacts
        ],
    }


def answer_document(
    question: Question, answer: Answer, *, emergency: str | None = DEFAULT_EMERGENCY
) -> dict[str, Any]:
    """A whole answer with its body, its doctor and its disclaimer as plain values."""
    return {
        "answer_id": answer.id,
        "question_id": question.id,
        "question": question.title,
        "details": question.details,
        "url": question.url,
        "topics": list(question.topics),
        "headline": answer.headline,
        "body": answer.body,
        "sha256": answer.sha256,
        "doctor": author_document(answer.author),
        "votes": answer.votes,
        "date": answer.date,
        "accepted": answer.accepted,
        "disclaimer": disclaimer([question.disclaimer], emergency=emergency),
    }
