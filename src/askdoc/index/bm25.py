"""Inverted index of one field: the rows that hold each term, and its BM25 weight in each of them.

A field (all titles, all passages, …) is one `InvertedIndex`. On disk it is five files:

| file | content |
|---|---|
| `words-FIELD.json` | `{"format", "size": rows, "terms": [stems, sorted]}` |
| `words-FIELD-starts.npy` | int64 (terms + 1): where each term's postings begin |
| `words-FIELD-rows.npy` | int32: the rows that hold the term, ascending |
| `words-FIELD-counts.npy` | uint16: how often it occurs there; a later build carries them over |
| `words-FIELD-weights.npy` | float32: the term's BM25 weight in that row, inverse document frequency included |

The same texts always give the same bytes. The arrays can be mapped instead of read.
"""

import json
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from askdoc.index import array_codec
from askdoc.text import words

FORMAT = 2
PARTS = ("starts", "rows", "counts", "weights")
"""The fields of ``PostingArrays``, each a file."""
K1 = 1.2
"""BM25's saturation of term frequency, as Lucene sets it."""
B = 0.75
"""BM25's normalisation by length, as Lucene sets it."""
BLOCK = 1 << 20
"""Occurrences that are handled together: all those of a large field at once would take gigabytes."""
MOST_STEMS = 200_000
"""Words whose stems are kept: 30 MB."""
MAX_COUNT = 65_535
"""The most occurrences in one row that are counted: what a uint16 holds."""

# Function words alone. Question words stay out of the index; what they ask for is told by their neighbours.
STOP_WORDS = frozenset(
    [
        "a",
        "about",
        "after",
        "again",
        "all",
        "also",
        "am",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "because",
        "been",
        "before",
        "being",
        "but",
        "by",
        "can",
        "cannot",
        "could",
        "did",
        "do",
        "does",
        "doing",
        "done",
        "down",
        "each",
        "either",
        "else",
        "ever",
        "every",
        "few",
        "for",
        "from",
        "further",
        "get",
        "gets",
        "getting",
        "got",
        "had",
        "has",
        "have",
        "having",
        "he",
        "her",
        "here",
        "hers",
        "herself",
        "him",
        "himself",
        "his",
        "how",
        "however",
        "i",
        "if",
        "im",
        "in",
        "into",
        "is",
        "it",
        "its",
        "itself",
        "ive",
        "just",
        "let",
        "like",
        "many",
        "may",
        "me",
        "might",
        "more",
        "most",
        "much",
        "must",
        "my",
        "myself",
        "no",
        "nor",
        "not",
        "now",
        "of",
        "off",
        "on",
        "once",
        "only",
        "or",
        "other",
        "our",
        "ours",
        "out",
        "over",
        "own",
        "please",
        "same",
        "shall",
        "she",
        "should",
        "since",
        "so",
        "some",
        "still",
        "such",
        "than",
        "thank",
        "thanks",
        "that",
        "the",
        "their",
        "theirs",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "through",
        "to",
        "too",
        "under",
        "until",
        "up",
        "upon",
        "us",
        "very",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "whether",
        "which",
        "while",
        "who",
        "whom",
        "whose",
        "why",
        "will",
        "with",
        "within",
        "without",
        "would",
        "you",
        "your",
        "yours",
        "yourself",
        "dont",
        "doesnt",
        "didnt",
        "isnt",
        "arent",
        "wasnt",
        "werent",
        "cant",
        "couldnt",
        "wont",
        "wouldnt",
        "shouldnt",
        "hasnt",
        "havent",
        "hadnt",
        "theres",
        "thats",
        "whats",
    ]
)


class Tokenizer:
    """Text → stems. ``keeps`` the stem of every word it meets: for a corpus's words, never for a question's."""

    def __init__(self, *, keeps: bool = True) -> None:
        import Stemmer

        self._stem = Stemmer.Stemmer("english", 0).stemWord  # 0: it has a memory of its own, which asks nobody
        self._keeps = keeps
        self._known: dict[str, str] = {}

    def __call__(self, text: str) -> list[str]:
        """The stems of the text in order, without stop words."""
        return self.stems(words(text))

    def stems(self, found: Iterable[str]) -> list[str]:
        """The stems of a text's words in order, without stop words."""
        return [self.stem(word) for word in found if word not in STOP_WORDS]

    def stem(self, word: str) -> str:
        """The stem of one word in lower case."""
        if not self._keeps:
            return str(self._stem(word))
        found = self._known.get(word)
        if found is None:
            found = str(self._stem(word))
            if len(self._known) < MOST_STEMS:
                self._known[word] = found
        return found


@dataclass(frozen=True, slots=True)
class PostingArrays:
    """The posting lists of all terms one after the other, each by ascending row; see the module for the arrays."""

    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    counts: NDArray[np.uint16]
    weights: NDArray[np.float32]


class InvertedIndex:
    """The postings of one field with their BM25 weights (Robertson and Zaragoza 2009, inverse frequency as Lucene)."""

    def __init__(self, terms: Sequence[str], lists: PostingArrays, *, size: int) -> None:
        self.terms = tuple(terms)
        self.size = size
        self._lists = lists
        self._places = {term: place for place, term in enumerate(self.terms)}
        self._idf = inverse_frequency(np.diff(lists.starts), size)
        self.unseen_idf = float(inverse_frequency(np.zeros(1, np.int64), size)[0])

    @classmethod
    def build(cls, texts: Iterable[Sequence[str]]) -> Self:
        """Count and weigh the stems of each row. An empty row matches nothing."""
        return cls._weighted(_count(texts))

    def rebuilt(self, row_map: NDArray[np.int32], texts: Iterable[Sequence[str]]) -> Self:
        """Build the index of other rows, most of which repeat rows of this one; byte for byte what ``build`` gives.

        ``row_map`` (rows,): the row of this index that each new row repeats, or -1; ``texts``: the stems of those
        at -1.
        """
        new_rows = np.flatnonzero(row_map < 0).astype(np.int32)
        counted = _count(texts)
        counted = replace(counted, rows=new_rows[counted.rows], size=len(row_map))
        return self._weighted(_merged(self._repeated(row_map), counted))

    def _repeated(self, row_map: NDArray[np.int32]) -> "_Occurrences":
        """The occurrences in the new rows that repeat a row of this index."""
        order = np.argsort(row_map, kind="stable").astype(np.int32)
        begins = np.searchsorted(row_map[order], np.arange(self.size + 1))
        lists = self._lists
        times = np.diff(begins)[lists.rows]
        places = np.repeat(np.arange(len(self.terms)), np.diff(lists.starts))
        within = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
        rows = order[np.repeat(begins[lists.rows], times) + within]
        return _Occurrences(self.terms, np.repeat(places, times), rows, np.repeat(lists.counts, times), len(row_map))

    @classmethod
    def _weighted(cls, counted: "_Occurrences") -> Self:
        lengths = np.bincount(counted.rows, counted.counts, minlength=counted.size)
        mean = lengths.mean() if lengths.any() else 1.0
        frequency = np.bincount(counted.places, minlength=len(counted.terms))
        idf = inverse_frequency(frequency, counted.size)
        weights = np.empty(len(counted.rows), np.float32)
        for start in range(0, len(weights), BLOCK):
            part = slice(start, start + BLOCK)
            counts = counted.counts[part].astype(np.float64)
            own = counts * (K1 + 1) / (counts + K1 * (1 - B + B * lengths[counted.rows[part]] / mean))
            weights[part] = own * idf[counted.places[part]]
        starts = np.concatenate([[0], np.cumsum(frequency)])
        return cls(counted.terms, PostingArrays(starts, counted.rows, counted.counts, weights), size=counted.size)

    def dump(self, name: str) -> dict[str, bytes]:
        """Give the files of the field ``name`` with their bytes; the same texts always give the same."""
        head = {"format": FORMAT, "size": self.size, "terms": self.terms}
        files = {f"words-{name}.json": json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()}
        for part in PARTS:
            files[f"words-{name}-{part}.npy"] = array_codec.dump(getattr(self._lists, part))
        return files

    @classmethod
    def open(cls, folder: Path, name: str) -> Self:
        """Open a dumped field, its arrays mapped. Raises OSError, or ValueError where it is none."""
        head = json.loads((folder / f"words-{name}.json").read_text(encoding="utf-8"))
        if head["format"] != FORMAT:
            raise ValueError(f"the words of {name} are in format {head['format']}, not {FORMAT}")
        lists = PostingArrays(*(array_codec.mapped(folder / f"words-{name}-{part}.npy") for part in PARTS))
        return cls(head["terms"], lists, size=head["size"])

    def __contains__(self, term: str) -> bool:
        return term in self._places

    def rarity(self, term: str) -> float:
        """Inverse document frequency; a term that no row holds counts as rarer than any."""
        place = self._places.get(term)
        return self.unseen_idf if place is None else float(self._idf[place])

    @cached_property
    def row_rarities(self) -> NDArray[np.float64]:
        """(rows,) the sum of the rarities of each row's terms, each term once."""
        lists, totals = self._lists, np.zeros(self.size)
        rarities = np.repeat(self._idf, np.diff(lists.starts))
        for start in range(0, len(rarities), BLOCK):
            part = slice(start, start + BLOCK)
            np.add.at(totals, lists.rows[part].astype(np.intp), rarities[part].astype(np.float64))
        return totals

    def postings(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The rows that hold the term, ascending, and its weight in each."""
        place = self._places.get(term)
        if place is None:
            return self._lists.rows[:0], self._lists.weights[:0]
        part = slice(int(self._lists.starts[place]), int(self._lists.starts[place + 1]))
        return self._lists.rows[part], self._lists.weights[part]


def inverse_frequency(counts: NDArray[np.int64], size: int) -> NDArray[np.float32]:
    """BM25's inverse document frequency as Lucene has it: never negative."""
    frequency = counts.astype(np.float64)
    return np.log1p((size - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Occurrences:
    """Occurrences ordered by term, then by row: ``terms[places[n]]`` stands ``counts[n]`` times in row ``rows[n]``.

    ``terms`` are sorted; ``size`` is the number of rows.
    """

    terms: Sequence[str]
    places: NDArray[np.int64]
    rows: NDArray[np.int32]
    counts: NDArray[np.uint16]
    size: int


def _count(texts: Iterable[Sequence[str]]) -> _Occurrences:
    """Count the stems of each row."""
    ids: dict[str, int] = {}
    lengths, stem_ids = array("i"), array("i")
    for stems in texts:
        lengths.append(len(stems))
        stem_ids.extend([ids.setdefault(stem, len(ids)) for stem in stems])
    terms = sorted(ids)
    rank = np.zeros(len(ids), np.int64)
    rank[[ids[term] for term in terms]] = np.arange(len(ids))
    size = len(lengths)
    pairs = rank[np.frombuffer(stem_ids, np.int32)]
    pairs *= size
    pairs += np.repeat(np.arange(size, dtype=np.int32), np.frombuffer(lengths, np.int32))
    pairs.sort()
    is_first = np.ones(len(pairs), bool)
    np.not_equal(pairs[1:], pairs[:-1], out=is_first[1:])
    counts = np.minimum(np.diff(np.flatnonzero(is_first), append=len(pairs)), MAX_COUNT).astype(np.uint16)
    places, rows = np.divmod(pairs[is_first], max(size, 1))
    return _Occurrences(terms, places, rows.astype(np.int32), counts, size)


def _merged(left: _Occurrences, right: _Occurrences) -> _Occurrences:
    """Unite two sets of occurrences over the same rows; terms that no row holds are left out."""
    held = {part.terms[place] for part in (left, right) for place in np.unique(part.places).tolist()}
    terms = sorted(held)
    place_of = {term: place for place, term in enumerate(terms)}
    renamed = [np.array([place_of.get(term, -1) for term in part.terms], np.int64) for part in (left, right)]
    places = np.concatenate([renamed[0][left.places], renamed[1][right.places]])
    rows = np.concatenate([left.rows, right.rows])
    counts = np.concatenate([left.counts, right.counts])
    order = np.argsort(places * left.size + rows, kind="stable")
    return _Occurrences(terms, places[order], rows[order], counts[order], left.size)
