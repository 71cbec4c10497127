"""Expands a query by the field's other names for what it names: "nose job" by "rhinoplasty"."""

from collections.abc import Sequence
from dataclasses import dataclass

from askdoc.phrase_matching import contains
from askdoc.query.spelling import TermCounts, frequency
from askdoc.query.terminology import Phrase, Terminology, phrase
from askdoc.text import WRITTEN_WORD, singular, words

MOST_NAMES = 4
"""Synonyms that are added to one query."""
MOST_NAMED = 16
"""Names of one query for which synonyms are sought, whether or not the corpus has any."""
NAMES_EACH = 2
"""Synonyms that are added for one name."""


@dataclass(frozen=True, slots=True)
class SynonymExpander:
    """Expands queries for one corpus."""

    terminology: Terminology
    terms: TermCounts

    def expand(self, query: str) -> tuple[str, tuple[str, ...]]:
        """Return the query with the synonyms of what it names, and those synonyms.

        They stand beside the name in brackets, and in its place where the corpus lacks it.
        """
        matches = list(WRITTEN_WORD.finditer(query))
        tokens = [singular("".join(words(match[0]))) for match in matches]
        parts: list[str] = []
        added: dict[str, None] = {}
        at = named = 0
        for span in self.terminology.synonym_trie.segment(tokens):
            if len(added) >= MOST_NAMES or named >= MOST_NAMED:
                break
            if not span.is_phrase:
                continue
            named += 1
            name = tuple(tokens[span.start : span.end])
            synonyms = self._synonyms(name, tokens)[: MOST_NAMES - len(added)]
            if synonyms:
                added.update(dict.fromkeys(synonyms))
                start, end = matches[span.start].start(), matches[span.end - 1].end()
                listed = ", ".join(synonyms)
                parts += [query[at:end], f" ({listed})"] if self._frequency(name) else [query[at:start], listed]
                at = end
        return "".join([*parts, query[at:]]), tuple(added)

    def _synonyms(self, name: Phrase, tokens: Sequence[str]) -> list[str]:
        """The synonyms that the corpus has more of and the query does not say, the most frequent first."""
        own = self._frequency(name)
        usable = [
            (count, synonym)
            for synonym in self.terminology.synonyms[name]
            if (count := self._frequency(phrase(synonym))) > own and not contains(tokens, phrase(synonym))
        ]
        return [synonym for _, synonym in sorted(usable, key=lambda pair: -pair[0])[:NAMES_EACH]]

    def _frequency(self, name: Phrase) -> int:
        """How many answers hold the rarest word of a name: the name itself is not more frequent."""
        return min(frequency(self.terms, word) for word in name)
