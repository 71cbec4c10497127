"""Text → BM25 term weights: one tokenizer, one set of statistics, the same numbers for every store.

A field (all titles, all passages, …) is one `Lexicon`. On disk it is five files:

| file | content |
|---|---|
| `words-FIELD.json` | `{"format", "size": rows, "terms": [stems, sorted]}` |
| `words-FIELD-starts.npy` | int64 (terms + 1): where each term's postings begin |
| `words-FIELD-rows.npy` | int32: the rows that hold the term, ascending |
| `words-FIELD-counts.npy` | uint16: how often it occurs there; a later build carries them over |
| `words-FIELD-weights.npy` | float32: the term's BM25 weight in that row, inverse document frequency included |

The same texts always give the same bytes. The arrays can be mapped instead of read.
"""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from askdoc.text import words

FORMAT = 2
PARTS = ("starts", "rows", "counts", "weights")
K1 = 1.2
B = 0.75
MOST = 65_535
"""No more occurrences in one row are counted."""

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
    """Text → stems. Keeps the stem of every word it has met, since stemming is the slow part."""

    def __init__(self) -> None:
        import Stemmer

        self._stem = Stemmer.Stemmer("english").stemWord
        self._known: dict[str, str] = {}

    def __call__(self, text: str) -> list[str]:
        """The stems of the text in order, without stop words."""
        return [self.stem(word) for word in words(text) if word not in STOP_WORDS]

    def stem(self, word: str) -> str:
        """The stem of one word in lower case."""
        found = self._known.get(word)
        if found is None:
            found = str(self._stem(word))
            if len(self._known) < 200_000:  # a server must not grow with what is typed into it
                self._known[word] = found
        return found


class InvertedIndex:
    """BM25 over the rows of one field."""

    def __init__(
        self,
        terms: Sequence[str],
        starts: NDArray[np.int64],
        rows: NDArray[np.int32],
        counts: NDArray[np.uint16],
        weights: NDArray[np.float32],
        *,
        size: int,
    ) -> None:
        self.terms = tuple(terms)
        self.starts, self.rows, self.counts, self.weights = starts, rows, counts, weights
        self.size = size
        self._places = {term: place for place, term in enumerate(self.terms)}
        self.idf: NDArray[np.float32] = inverse_frequency(np.diff(starts), size)
        self.unseen_idf = float(inverse_frequency(np.zeros(1, np.int64), size)[0])

    @classmethod
    def build(cls, texts: Iterable[Sequence[str]]) -> Self:
        """From the stems of each row. An empty row matches nothing."""
        return cls._weighted(_occurrences(texts))

    def carried(self, new_from: NDArray[np.int32], texts: Iterable[Sequence[str]]) -> Self:
        """The same as ``build`` gives, of rows that are mostly these.

        ``new_from`` (rows,): which row of these each new one repeats, or -1; ``texts``: the stems of those at -1.
        """
        unknown = np.flatnonzero(new_from < 0).astype(np.int32)
        fresh = _occurrences(texts)
        fresh = replace(fresh, rows=unknown[fresh.rows], size=len(new_from))
        return self._weighted(_merged(self._spread(new_from), fresh))

    def _spread(self, new_from: NDArray[np.int32]) -> "_Occurrences":
        """The occurrences in the rows that repeat one of these."""
        order = np.argsort(new_from, kind="stable").astype(np.int32)
        begins = np.searchsorted(new_from[order], np.arange(self.size + 1))
        times = np.diff(begins)[self.rows]
        places = np.repeat(np.arange(len(self.terms)), np.diff(self.starts))
        within = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
        rows = order[np.repeat(begins[self.rows], times) + within]
        return _Occurrences(self.terms, np.repeat(places, times), rows, np.repeat(self.counts, times), len(new_from))

    @classmethod
    def _weighted(cls, found: "_Occurrences") -> Self:
        lengths = np.bincount(found.rows, found.counts, minlength=found.size)
        mean = lengths.mean() if lengths.any() else 1.0
        often = found.counts.astype(np.float64)
        weights = often * (K1 + 1) / (often + K1 * (1 - B + B * lengths[found.rows] / mean))
        frequency = np.bincount(found.places, minlength=len(found.terms))
        weights *= np.repeat(inverse_frequency(frequency, found.size), frequency)
        starts = np.concatenate([[0], np.cumsum(frequency)])
        return cls(found.terms, starts, found.rows, found.counts, weights.astype(np.float32), size=found.size)

    def dump(self, name: str) -> dict[str, bytes]:
        """The files of the field ``name`` with their bytes; the same texts always give the same."""
        head = {"format": FORMAT, "size": self.size, "terms": self.terms}
        files = {f"words-{name}.json": json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()}
        for part in PARTS:
            file = io.BytesIO()
            np.save(file, np.ascontiguousarray(getattr(self, part)), allow_pickle=False)
            files[f"words-{name}-{part}.npy"] = file.getvalue()
        return files

    @classmethod
    def open(cls, folder: Path, name: str, *, mapped: bool = True) -> Self:
        """Read a dumped field; mapped arrays are read from disk as they are needed. Raises ValueError."""
        head = json.loads((folder / f"words-{name}.json").read_text(encoding="utf-8"))
        if head["format"] != FORMAT:
            raise ValueError(f"the words of {name} are in format {head['format']}, not {FORMAT}")
        # NumPy cannot map an empty array.
        mode: Literal["r"] | None = "r" if mapped and head["terms"] else None
        starts, rows, counts, weights = (
            # A plain view of the mapped array: numpy's own class for them costs a microsecond at every slice.
            np.load(folder / f"words-{name}-{part}.npy", mmap_mode=mode, allow_pickle=False).view(np.ndarray)
            for part in PARTS
        )
        return cls(head["terms"], starts, rows, counts, weights, size=head["size"])

    def __contains__(self, term: str) -> bool:
        return term in self._places

    def rarity(self, term: str) -> float:
        """Inverse document frequency; a term that no row holds counts as rarer than any."""
        place = self._places.get(term)
        return self.unseen_idf if place is None else float(self.idf[place])

    def frequency(self, term: str) -> int:
        """How many rows hold the term."""
        return len(self.postings(term)[0])

    def postings(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The rows that hold the term, ascending, and its weight in each."""
        place = self._places.get(term)
        if place is None:
            return self.rows[:0], self.weights[:0]
        part = slice(int(self.starts[place]), int(self.starts[place + 1]))
        return self.rows[part], self.weights[part]

    def scores(self, weighted: Mapping[str, float]) -> NDArray[np.float32]:
        """(size,) float32: the weighted sum of the terms' weights in every row; 0 where none occurs."""
        total = np.zeros(self.size, np.float32)
        for term, weight in weighted.items():
            rows, values = self.postings(term)
            total[rows] += np.float32(weight) * values
        return total


def inverse_frequency(counts: NDArray[np.int64], size: int) -> NDArray[np.float32]:
    """BM25's inverse document frequency as Lucene has it: never negative."""
    frequency = counts.astype(np.float64)
    return np.log1p((size - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Occurrences:
    """Which term (a place among ``terms``, which are sorted) stands in which row, how often; by term, then by row."""

    terms: Sequence[str]
    places: NDArray[np.int64]
    rows: NDArray[np.int32]
    counts: NDArray[np.uint16]
    size: int


def _occurrences(texts: Iterable[Sequence[str]]) -> _Occurrences:
    ids: dict[str, int] = {}
    lengths, every = [], []
    for stems in texts:
        lengths.append(len(stems))
        every += [ids.setdefault(stem, len(ids)) for stem in stems]
    terms = sorted(ids)
    rank = np.zeros(len(ids), np.int64)
    rank[[ids[term] for term in terms]] = np.arange(len(ids))
    size = len(lengths)
    rows = np.repeat(np.arange(size), lengths)
    pairs, counts = np.unique(rank[np.array(every, np.int64)] * size + rows, return_counts=True)
    places, rows = np.divmod(pairs, max(size, 1))
    return _Occurrences(terms, places, rows.astype(np.int32), np.minimum(counts, MOST).astype(np.uint16), size)


def _merged(one: _Occurrences, other: _Occurrences) -> _Occurrences:
    """Both together, over the same number of rows; terms that none holds are left out."""
    held = {part.terms[place] for part in (one, other) for place in np.unique(part.places).tolist()}
    terms = sorted(held)
    place_of = {term: place for place, term in enumerate(terms)}
    renamed = [np.array([place_of.get(term, -1) for term in part.terms], np.int64) for part in (one, other)]
    places = np.concatenate([renamed[0][one.places], renamed[1][other.places]])
    rows = np.concatenate([one.rows, other.rows])
    counts = np.concatenate([one.counts, other.counts])
    order = np.argsort(places * one.size + rows, kind="stable")
    return _Occurrences(terms, places[order], rows[order], counts[order], one.size)
