"""Finds titles that say nothing of their answers, to count them as missing: "Question 17", a clinic's name.

A title is read without numbers and the names of its page's doctors. Where only placeholders are left, words that name a
question and whom it is put to, it says nothing. Titles that read alike are judged together: they say something if their
answers are nearer to them, in meaning or in words, than those of other pages are. A title of its own that is more than
placeholders, or a question, is always kept: on one page, nothing tells a vague title from a patient's own words.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from askdoc.index.bm25 import Tokenizer
from askdoc.retriever.array_types import AnyRows, Floats, Mask, Rows
from askdoc.text import singular, words

PLACEHOLDERS = (
    "advice", "anonymous", "answer", "ask", "blog", "case", "clinician", "column", "comment", "concern", "consult",
    "consultation", "day", "dear", "doctor", "dr", "email", "enquiry", "example", "expert", "faq", "forum", "fw",
    "fwd", "general", "guest", "health", "hello", "help", "hi", "info", "information", "inquiry", "issue", "md",
    "medical", "member", "message", "month", "name", "need", "new", "nurse", "online", "page", "patient", "physician",
    "post", "problem", "professional", "q", "qa", "query", "question", "re", "reader", "reply", "response", "sample",
    "sir", "specialist", "staff", "subject", "team", "thread", "title", "topic", "unknown", "untitled", "urgent",
    "user", "visitor", "week",
)  # fmt: skip
"""Words that name a question, an answer, or who asks and answers, and nothing that is asked about."""
QUESTION_WORDS = frozenset(
    ["are", "can", "could", "did", "do", "does", "how", "is", "should", "what", "when", "where", "which", "who", "why"]
)
"""How a sentence begins that asks something."""
MIN_QUESTION = 4
"""Words of the shortest question that may say something with common words alone, as "When is help needed?" does."""
MIN_RANK = 0.8
"""The least share of other pages whose answers lie farther from titles that say something than their own answers do.

Half where a title says nothing. Of 1,612 titles that stand on several pages of MedQuAD, 1,595 reach 0.8 by meaning.
"""
FEW_PAGES = 5
"""On fewer pages chance alone may reach such a rank, or miss it, so there the words decide beside it."""
MIN_WORDS_FOUND = 0.5
"""The share of a title's words that answers hold, from which it says something though it stands on few pages."""
MIN_OTHERS = 5
"""Where fewer pages have other titles, a title is compared with all pages: one that stands on all tells none apart."""
OTHER_PAGES, JUDGED_PAGES = 512, 256
"""Pages that titles are compared with, and pages of one title that are looked at, evenly spread over the corpus."""
Wording = tuple[str, ...]
"""Stems of a title in order."""


@dataclass(frozen=True)
class TitleAssessment:
    """Assesses the titles of a corpus by the passages of their pages.

    ``titles``, ``doctors`` (pages,): the title of each page, and the names of its doctors in one text;
    ``passages``: the texts of all passages, and ``page_of`` (passages,) the page's row of each, ascending;
    ``title_vectors`` (pages, d), ``passage_vectors`` (passages, d): their unit vectors.
    """

    titles: Sequence[str]
    doctors: Sequence[str]
    passages: Sequence[str]
    page_of: AnyRows
    title_vectors: Floats
    passage_vectors: Floats

    def uninformative(self) -> Mask:
        """(pages,) those whose titles say nothing of their answers."""
        read = [self._read(row) for row in range(len(self.titles))]
        found = np.array([self._is_placeholder(row, title) for row, title in enumerate(read)], bool)
        stems = [tuple(map(self._stems.stem, title)) for title in read]
        few: dict[int, Wording] = {}
        for rows in _alike(np.flatnonzero(~found).tolist(), stems):
            if len(rows) < FEW_PAGES:
                few |= dict.fromkeys(rows, self._frame(rows, read[rows[0]]) or stems[rows[0]])
            else:
                found[rows] = not self._tell_apart(np.array(rows))
        for rows in _alike(few, few):
            found[rows] = len(rows) > 1 and not self._tell_apart(np.array(rows))
        return found

    def _read(self, row: int) -> list[str]:
        """The words of a title without numbers, single letters and the names of the page's doctors."""
        names = {singular(word) for word in words(self.doctors[row])}
        read = (word for word in words(self.titles[row]) if len(word) > word.isascii() and not word.isdigit())
        unnumbered = ((word, word.rstrip("0123456789")) for word in read if singular(word) not in names)
        return [base if base in PLACEHOLDERS else word for word, base in unnumbered]

    def _is_placeholder(self, row: int, read: Sequence[str]) -> bool:
        """Whether nothing but placeholders is left of a title, and it is no question either."""
        asked = words(self.titles[row])
        is_question = len(asked) >= MIN_QUESTION and asked[0] in QUESTION_WORDS
        return not self._content(read) and not (read and is_question)

    def _content(self, read: Iterable[str]) -> set[str]:
        """The stems of the words that are more than placeholders."""
        return set(self._stems(" ".join(read))) - self._placeholders

    def _frame(self, rows: Sequence[int], read: Sequence[str]) -> Wording:
        """The placeholders of a title whose other words most of its pages lack ("Question from Leeds"), else none."""
        frame = tuple(stem for word in read for stem in self._stems(word) if stem in self._placeholders)
        if not frame:
            return ()
        content = self._content(read)
        lacking = sum(content.isdisjoint(self._held(row)) for row in rows)
        return frame if lacking > len(rows) / 2 else ()

    def _tell_apart(self, rows: Rows) -> bool:
        """Whether titles that read alike tell the answers of their pages from those of other pages."""
        own = _spread(rows[np.diff(self._starts)[rows] > 0], JUDGED_PAGES)
        if not len(own):
            return True
        are_others = ~np.isin(self._sample, rows)
        if are_others.sum() < MIN_OTHERS:
            are_others[:] = True
        return self._rank_by_meaning(own, are_others) >= MIN_RANK or self._words_tell(own, are_others)

    def _rank_by_meaning(self, own: Rows, are_others: Mask) -> float:
        """The mean share of other pages whose answers lie farther from a title than its own answers do."""
        vectors = self.title_vectors[own]
        passages, starts = self._sampled_vectors
        distant = np.maximum.reduceat(vectors @ passages.T, starts, axis=1)[:, are_others]
        near = [(self.passage_vectors[self._passages_of(row)] @ self.title_vectors[row]).max() for row in own.tolist()]
        return _rank(np.array(near), distant)

    def _words_tell(self, own: Rows, are_others: Mask) -> bool:
        """Whether answers hold their title's words; where it stands on many pages, more of them than others do."""
        wanted = [self._content(self._read(row)) for row in own.tolist()]
        shares = np.array([_share(some, self._held(row)) for some, row in zip(wanted, own.tolist(), strict=True)])
        if len(own) < FEW_PAGES:
            return bool(shares.mean() >= MIN_WORDS_FOUND)
        held = [self._held(row) for row in self._sample[are_others].tolist()]
        return _rank(shares, np.array([[_share(some, page) for page in held] for some in wanted])) >= MIN_RANK

    def _held(self, row: int) -> set[str]:
        """The stems of a page's passages."""
        return set(self._stems(" ".join(self.passages[self._passages_of(row)])))

    def _passages_of(self, row: int) -> slice:
        return slice(int(self._starts[row]), int(self._starts[row + 1]))

    @cached_property
    def _stems(self) -> Tokenizer:
        return Tokenizer()

    @cached_property
    def _placeholders(self) -> set[str]:
        """The stems of the placeholders."""
        return {self._stems.stem(word) for word in PLACEHOLDERS}

    @cached_property
    def _starts(self) -> Rows:
        """(pages + 1,) the first passage of each page."""
        return np.searchsorted(self.page_of, np.arange(len(self.titles) + 1))

    @cached_property
    def _sample(self) -> Rows:
        """The pages with passages that titles are compared with."""
        return _spread(np.flatnonzero(np.diff(self._starts) > 0), OTHER_PAGES)

    @cached_property
    def _sampled_vectors(self) -> tuple[Floats, Rows]:
        """The vectors of the sample's passages, and where those of each page begin among them."""
        rows = np.flatnonzero(np.isin(self.page_of, self._sample))
        return self.passage_vectors[rows], np.searchsorted(self.page_of[rows], self._sample)


def _alike(rows: Iterable[int], wordings: Sequence[Wording] | Mapping[int, Wording]) -> Iterable[list[int]]:
    """The rows grouped by their wording."""
    groups: defaultdict[Wording, list[int]] = defaultdict(list)
    for row in rows:
        groups[wordings[row]].append(row)
    return groups.values()


def _spread(rows: Rows, most: int) -> Rows:
    """At most so many of the rows, evenly spread."""
    return rows[:: max(1, -(-len(rows) // most))]


def _share(wanted: set[str], held: set[str]) -> float:
    """The share of the wanted stems that are held; none of none."""
    return len(wanted & held) / max(len(wanted), 1)


def _rank(own: Floats, others: Floats) -> float:
    """The mean share of other values (n, m) that the own ones (n,) exceed; equal ones count half."""
    exceeded = (own[:, None] > others).astype(np.float32) + (own[:, None] == others) / np.float32(2)
    return float(exceeded.mean())
