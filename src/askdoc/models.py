"""The nouns of askdoc, from a question with its answers in the corpus to the reply that quotes them.

All are frozen and do no I/O. Three promises are kept by construction:

- **verbatim**: a ``Passage`` is two offsets into an answer's body, so its text cannot differ from what was published;
- **attributed**: a passage carries its ``Answer``, and that its ``Author``;
- **disclaimed**: a ``Reply`` derives its disclaimer from what it quotes; it can be neither passed nor left out.

The functions ``…_document`` write the nouns as plain values for JSON: the wire format, which every surface shares.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any

DEFAULT_EMERGENCY = "911"
"""The emergency number of the default country, the United States."""
LOCAL_NUMBER = "your local emergency number"
"""What stands for the number where a country's is not known."""


def own_disclaimer(emergency: str | None) -> str:
    """The project's disclaimer, for pages without one; it names a country's emergency number, or none for None."""
    number = f"{emergency} or {LOCAL_NUMBER}" if emergency else LOCAL_NUMBER
    return (
        "For educational use only. These passages are no substitute for the advice of your own physician. "
        f"In a medical emergency, call {number}. "
        "Reading them does not create a doctor–patient relationship."
    )


DEFAULT_DISCLAIMER = own_disclaimer(DEFAULT_EMERGENCY)
"""The project's disclaimer for the default country."""


class Confidence(StrEnum):
    """How sure the retriever is that the passages quoted answer the question; ``NONE`` means that none is quoted."""

    STRONG = "strong"
    PARTIAL = "partial"
    NONE = "none"

    @property
    def sentence(self) -> str:
        """What it tells a reader."""
        return CONFIDENCE_SENTENCES[self]


CONFIDENCE_SENTENCES = {
    Confidence.STRONG: "These answers fit your question.",
    Confidence.PARTIAL: "These answers seem to be about your subject, but may not answer just what you asked.",
    Confidence.NONE: "No answer here fits your question.",
}
"""The widget has the same sentences, in its languages."""
NO_ANSWER_ADVICE = (
    "Try other words, such as the name of an illness or a part of the body. If you are worried, ask a doctor: "
    "finding nothing here does not mean that nothing is wrong."
)
"""What a reader can do who got no answer. Silence must not be taken for good news."""


class Level(StrEnum):
    """The severity of a notice, gravest first: it decides how prominently the notice is shown."""

    EMERGENCY = "emergency"
    """Signs of a medical emergency: call for help at once."""
    CRISIS = "crisis"
    """Thoughts of suicide or self-harm: lines to call."""
    EDUCATION = "education"
    """The question is about an emergency or crisis, but nobody seems to be in one: passages are for reading."""


@dataclass(frozen=True, slots=True)
class Author:
    """The doctor who wrote an answer, as the page shows them; None is what the page does not say."""

    name: str | None = None
    """With degrees, as it stands: ``Anna Example, MD``."""
    title: str | None = None
    """The line below the name, as it stands: ``Springfield Dermatologist``."""
    specialty: str | None = None
    """What the title or the record says of it, where that is certain: ``Dermatology``."""
    location: str | None = None
    """What the title or the record says of the place, where that is certain: ``Springfield``."""
    rating: float | None = None
    """Stars out of five, the mean of the reviews."""
    review_count: int | None = None
    url: str | None = None
    """The doctor's page."""

    @property
    def shown_name(self) -> str:
        """The name, else the title, else words that say that neither is known."""
        return self.name or self.title or "Doctor not named on the page"

    @property
    def stars(self) -> str | None:
        """Rating and reviews in words, ``4.3 out of 5, 12 reviews``; None where the page has neither."""
        count = self.review_count
        reviews = None if count is None else f"{count:,} review{'' if count == 1 else 's'}"
        if self.rating is None:
            return reviews
        stars = f"{self.rating:g} out of 5"
        return f"{stars}, {reviews}" if reviews else stars


@dataclass(frozen=True, slots=True)
class Answer:
    """One doctor's published answer."""

    id: str
    """Unique in the corpus."""
    body: str
    """The answer's text, word for word, spelling and spacing included."""
    headline: str | None = None
    """A line that the page shows above the body."""
    author: Author = Author()
    votes: int | None = None
    """Readers' votes for it, less those against it; None where the page does not count them."""
    date: str | None = None
    """The day, month or year that the page names, by ISO 8601: ``2024-05-01``, ``2024-05`` or ``2024``."""
    accepted: bool = False
    """Whether the asker, or the site, marked it as the answer."""

    @property
    def key(self) -> str:
        """The answer's name in URLs: the first 128 bits of its id's SHA-256, as 32 hexadecimal digits.

        An id may hold slashes and dots, which proxies rewrite, and words, by which a log would show what was read.
        """
        return hashlib.sha256(self.id.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    @property
    def sha256(self) -> str:
        """SHA-256 of the whole body in UTF-8, in hexadecimal: it lets a reader prove a quotation unaltered."""
        return hashlib.sha256(self.body.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Source:
    """A place in the corpus."""

    file: str
    """Path relative to the corpus folder."""
    line: int
    """Counted from 1."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an imported question came from. It is kept for whoever looks after the corpus, and is not on the wire."""

    address: str | None = None
    """The URL that it was fetched from."""
    imported: str | None = None
    """The day or time of the import, as ISO 8601 writes it."""
    sha256: str | None = None
    """Hash of the bytes that were imported, in hexadecimal."""


@dataclass(frozen=True, slots=True)
class Question:
    """A published question with its answers, as one page or record of the corpus holds them.

    ``topics`` are the page's own tags. ``disclaimer`` is the page's own wording, shown wherever one of its answers is
    quoted; None where it carries none. ``url`` is where the page was published.
    """

    id: str
    """Unique in the corpus."""
    title: str
    """The question itself, in a line or a few."""
    source: Source
    details: str | None = None
    """What the asker wrote below the title."""
    answers: tuple[Answer, ...] = ()
    url: str | None = None
    topics: tuple[str, ...] = ()
    disclaimer: str | None = None
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A verbatim piece of one answer, with the answer and the question that must be shown beside it.

    Raises ValueError where the offsets do not lie in the body, or nothing lies between them.
    """

    question: Question
    answer: Answer
    start: int
    """Offset in the answer's body, in code points."""
    end: int
    """Offset of the first code point behind the passage."""

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= len(self.answer.body):
            raise ValueError(
                f"a passage must be a piece of its answer: {self.start}:{self.end} of "
                f"{len(self.answer.body)} characters in {self.answer.id}"
            )

    @property
    def text(self) -> str:
        """The passage word for word, cut from the body."""
        return self.answer.body[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Match:
    """A passage that was retrieved for a question."""

    passage: Passage
    score: float
    """Relevance to the question, from 0 to 1; higher is more relevant."""
    highlights: tuple[tuple[int, int], ...] = ()
    """Start and end of the sentences to mark: offsets in the passage's text, in code points."""
    alike: int = 0
    """How many other doctors gave near-duplicates of this answer, which are left out."""
    source: tuple[int, int] | None = None
    """Start and end, in the answer's body, of the lines that name the sources of its facts; None without such lines."""

    @property
    def source_text(self) -> str | None:
        """The lines that name the sources of the answer's facts, word for word; None without such lines."""
        return None if self.source is None else self.passage.answer.body[slice(*self.source)]

    @property
    def goes_on(self) -> bool:
        """Whether the answer has more text after the passage than the lines that name its sources."""
        body = self.passage.answer.body
        return bool(body[self.passage.end : self.source[0] if self.source else len(body)].strip())


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to turn to in an emergency or crisis."""

    label: str
    """Whose line it is, in the notice's language."""
    call: str | None = None
    """The telephone number, as it is dialled."""
    text: str | None = None
    """The number to send a text message to."""
    url: str | None = None
    """A page or a chat."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A safety notice: what must be read before anything else."""

    level: Level
    title: str
    text: str
    contacts: tuple[Contact, ...] = ()
    answers_allowed: bool = True
    """Whether passages may be shown below: not where they could name methods or doses, or delay a call."""
    language: str = "en"
    """The language of title and text, by BCP 47."""


@dataclass(frozen=True, slots=True)
class RelatedQuestion:
    """A stored question that is near to the question asked, offered for further reading."""

    question_id: str
    question: str


@dataclass(frozen=True, slots=True)
class ContentLabels:
    """The labels of pages that no doctor wrote, such as ``Sample. No doctor wrote it.``: how many pages carry each."""

    pages: int
    """All pages that have answers, labelled or not."""
    counts: tuple[tuple[str, int], ...] = ()
    """Label and number of pages, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is shown in reply to a question, on every surface.

    Raises ValueError where there is confidence without answers, or answers without confidence.
    """

    question: str
    """As it was asked."""
    confidence: Confidence
    index_id: str
    """The generation of the index that answered."""
    answers: tuple[Match, ...] = ()
    """The passages quoted, best first."""
    related: tuple[RelatedQuestion, ...] = ()
    """The nearest first."""
    notice: Notice | None = None
    """To be read first; None where the safety gate found nothing."""
    about: str | None = None
    """The topic that a follow-up takes from the questions before it, in a few words; None for a question of its own."""
    searched_also: tuple[str, ...] = ()
    """Words that were searched for beside those of the question: corrected spelling and synonyms."""
    took_ms: float = 0.0
    """Milliseconds that the reply took."""
    emergency: str | None = DEFAULT_EMERGENCY
    """The emergency number that the project's disclaimer names; None where the country's is not known."""
    disclaimer: str = field(init=False)
    """See ``disclaimer()``; paragraphs are parted by a blank line."""

    @property
    def is_notice_alone(self) -> bool:
        """Whether the notice is all that is shown: then nothing is said of answers that are missing."""
        if self.notice is None or self.answers:
            return False
        return self.notice.level is not Level.EDUCATION or not self.notice.answers_allowed

    @property
    def advice(self) -> str | None:
        """What to do where there is no answer; None where there are some, or where the notice is all that is shown."""
        return None if self.answers or self.is_notice_alone else NO_ANSWER_ADVICE

    def __post_init__(self) -> None:
        if (self.confidence is Confidence.NONE) != (not self.answers):
            raise ValueError("a reply without confidence has no answers, and a reply with answers has some")
        pages = (match.passage.question.disclaimer for match in self.answers)
        object.__setattr__(self, "disclaimer", disclaimer(pages, emergency=self.emergency))

    def document(self) -> dict[str, Any]:
        """The reply as plain values, ready for JSON: what ``ask --json`` and ``POST /v1/ask`` give."""
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
    """Join the disclaimers of the pages quoted, each wording once; the project's own stands for a page without one.

    The project's own is added where there is no page, and where a page's names the emergency number of another country.
    """
    own = own_disclaimer(emergency)
    wordings = dict.fromkeys(page or own for page in pages)
    if not wordings or any(map(partial(_misleads, emergency), wordings)):
        wordings[own] = None
    return "\n\n".join(wordings)


def _misleads(emergency: str | None, wording: str) -> bool:
    """Whether a wording names the default country's emergency number and not the one of the reader's country."""
    named = re.findall(r"\d+", wording)
    return emergency != DEFAULT_EMERGENCY and DEFAULT_EMERGENCY in named and emergency not in named


def related_document(related: RelatedQuestion) -> dict[str, Any]:
    """A stored question that is offered, as plain values."""
    return {"question_id": related.question_id, "question": related.question}


def author_document(author: Author) -> dict[str, Any]:
    """A doctor as plain values."""
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
    """A quoted passage as plain values, with the doctor and the question that must be shown beside it."""
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
    """A whole answer as plain values, with its question, doctor and disclaimer."""
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
