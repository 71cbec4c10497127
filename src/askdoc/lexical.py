"""Text → BM25 term weights: one tokenizer, one set of statistics, the same numbers for every store.

A field (all titles, all passages, …) is one `Lexicon`. On disk it is four files:

| file | content |
|---|---|
| `words-FIELD.json` | `{"format", "size": rows, "terms": [stems, sorted]}` |
| `words-FIELD-starts.npy` | int64 (terms + 1): where each term's postings begin |
| `words-FIELD-rows.npy` | int32: the rows that hold the term, ascending |
| `words-FIELD-weights.npy` | float32: the term's BM25 weight in that row, inverse document frequency included |

The same texts always give the same bytes. The arrays can be mapped instead of read.
"""

import io
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

FORMAT = 1
PARTS = ("starts", "rows", "weights")
K1 = 1.2
B = 0.75

WORD = re.compile(r"[^\W_]+")
APOSTROPHE = re.compile(r"(?<=\w)['’ʼ](?=\w)")
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


def words(text: str) -> list[str]:
    """The words of a text in lower case, in order: letters and digits, compatibility forms folded."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return WORD.findall(APOSTROPHE.sub("", folded))


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


class Lexicon:
    """BM25 over the rows of one field."""

    def __init__(
        self,
        terms: Sequence[str],
        starts: NDArray[np.int64],
        rows: NDArray[np.int32],
        weights: NDArray[np.float32],
        *,
        size: int,
    ) -> None:
        self.terms = tuple(terms)
        self.starts, self.rows, self.weights = starts, rows, weights
        self.size = size
        self._places = {term: place for place, term in enumerate(self.terms)}
        counts: NDArray[np.int64] = np.diff(np.asarray(starts)).astype(np.int64)
        self.idf: NDArray[np.float32] = inverse_frequency(counts, size)
        self.unseen_idf = float(inverse_frequency(np.zeros(1, np.int64), size)[0])

    @classmethod
    def build(cls, texts: Sequence[Sequence[str]], *, k1: float = K1, b: float = B) -> Self:
        """From the stems of each row. An empty row matches nothing."""
        counted = [Counter(stems) for stems in texts]
        postings: dict[str, list[tuple[int, int]]] = {}
        for row, counts in enumerate(counted):
            for term, count in counts.items():
                postings.setdefault(term, []).append((row, count))
        terms = sorted(postings)
        starts = np.zeros(len(terms) + 1, np.int64)
        np.cumsum([len(postings[term]) for term in terms], out=starts[1:])
        pairs = np.array([pair for term in terms for pair in postings[term]], np.int64).reshape(-1, 2)
        lengths = np.array([counts.total() for counts in counted], np.float64)
        mean = lengths.mean() if lengths.any() else 1.0
        rows, often = pairs[:, 0], pairs[:, 1].astype(np.float64)
        weights = often * (k1 + 1) / (often + k1 * (1 - b + b * lengths[rows] / mean))
        frequency: NDArray[np.int64] = np.diff(starts).astype(np.int64)
        weights *= np.repeat(inverse_frequency(frequency, len(texts)), frequency)
        return cls(terms, starts, rows.astype(np.int32), weights.astype(np.float32), size=len(texts))

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
        starts, rows, weights = (
            # A plain view of the mapped array: numpy's own class for them costs a microsecond at every slice.
            np.load(folder / f"words-{name}-{part}.npy", mmap_mode=mode, allow_pickle=False).view(np.ndarray)
            for part in PARTS
        )
        return cls(head["terms"], starts, rows, weights, size=head["size"])

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
