"""The nouns: frozen records from the corpus to the reply, without I/O."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
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
    """The day, month or year that the page names, as ISO writes it; the same in every time zone."""
    accepted: bool = False

    @property
    def key(self) -> str:
        """Name of the answer in addresses: 128 bits of the id's SHA-256, in hexadecimal.

        Ids are the corpus's own words, slashes and dots among them: proxies rewrite those, and logs would show what
        a reader looked at.
        """
        return hashlib.sha256(self.id.encode("utf-8", "surrogatepass")).hexdigest()[:32]

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
    """How many other doctors say nearly the same, in answers that are folded into this one."""
    source: tuple[int, int] | None = None
    """Offsets, in the body, of the lines below the passage that say where the answer's facts come from."""

    @property
    def source_text(self) -> str | None:
        """The lines that say where the facts come from, word for word."""
        return None if self.source is None else self.passage.answer.body[slice(*self.source)]

    @property
    def goes_on(self) -> bool:
        """Whether the answer says more after the passage than where its facts come from."""
        body = self.passage.answer.body
        return bool(body[self.passage.end : self.source[0] if self.source else len(body)].strip())


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
class Labels:
    """What the corpus says that its text is, where no doctor wrote it: how many pages carry each wording."""

    pages: int
    counts: tuple[tuple[str, int], ...] = ()
    """Label and number of pages, the most frequent first."""


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
        """Whether there is a notice that stands alone: then not a word is said about answers that are missing."""
        if self.notice is None or self.answers:
            return False
        return self.notice.level is not Level.EDUCATION or not self.notice.answers_allowed

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
            "related": [related_document(question) for question in self.related],
            "disclaimer": self.disclaimer,
            "index_id": self.index_id,
            "took_ms": round(self.took_ms, 1),
        }


def disclaimer(pages: Iterable[str | None], *, emergency: str | None = DEFAULT_EMERGENCY) -> str:
    """The wordings of the pages quoted, each once, in order; the project's own where a page carries none.

    It stands below, too, where a page names another country's emergency number: nobody is left with that alone.
    """
    own = own_disclaimer(emergency)
    found = dict.fromkeys(page or own for page in pages)
    if not found or any(map(partial(_misleads, emergency), found)):
        found[own] = None
    return "\n\n".join(found)


def _misleads(emergency: str | None, wording: str) -> bool:
    """Whether a wording names the default country's emergency number alone, and another is meant."""
    named = re.findall(r"\d+", wording)
    return emergency != DEFAULT_EMERGENCY and DEFAULT_EMERGENCY in named and emergency not in named


def related_document(related: Related) -> dict[str, Any]:
    """A stored question that is offered, as plain values."""
    return {"question_id": related.question_id, "question": related.question}


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


def _names_document(question: Question, answer: Answer) -> dict[str, Any]:
    """What an answer and its question are called, as plain values."""
    return {
        "answer_id": answer.id,
        "answer_key": answer.key,
        "question_id": question.id,
        "question": question.title,
    }


def _attribution_document(answer: Answer) -> dict[str, Any]:
    """Whose an answer is, how it was received, and the hash that proves it unaltered, as plain values."""
    return {
        "sha256": answer.sha256,
        "doctor": author_document(answer.author),
        "votes": answer.votes,
        "date": answer.date,
        "accepted": answer.accepted,
    }


def match_document(match: Match) -> dict[str, Any]:
    """One quoted passage as plain values."""
    question, answer = match.passage.question, match.passage.answer
    return {
        **_names_document(question, answer),
        "url": question.url,
        "headline": answer.headline,
        "passage": match.passage.text,
        "start": match.passage.start,
        "end": match.passage.end,
        "length": len(answer.body),
        "highlights": [list(span) for span in match.highlights],
        **_attribution_document(answer),
        "source": match.source and {"text": match.source_text, "start": match.source[0], "end": match.source[1]},
        "goes_on": match.goes_on,
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


def answer_document(question: Question, answer: Answer, *, emergency: str | None = DEFAULT_EMERGENCY) -> dict[str, Any]:
    """A whole answer with its body, its doctor and its disclaimer as plain values."""
    return {
        **_names_document(question, answer),
        "details": question.details,
        "url": question.url,
        "topics": list(question.topics),
        "headline": answer.headline,
        "body": answer.body,
        **_attribution_document(answer),
        "disclaimer": disclaimer([question.disclaimer], emergency=emergency),
    }
