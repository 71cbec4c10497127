"""Tags the words of a question with the role that each plays in it, by which its topic is named."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from askdoc.query import followup_patterns, medical_endings
from askdoc.query.terminology import Terminology
from askdoc.text import WRITTEN_WORD, singular, words

MOST_WORDS = 250
"""Words of one question that are looked at: plain language has fewer in so many characters, gibberish twice as many."""
LONGEST_TOPIC = 60
"""Characters of a topic: it is shown beside the answers."""
_MOST_RARE = 5
"""Words that name a topic where no name stands in the question."""
_SHORTEST_RARE_NAME = 4
_LEAST_RARITY = 0.5
"""Letters and rarity from which on a word that stands where names stand ("symptoms of …") is taken for one."""

Rarity = Callable[[str], float]
"""How rare a word is in the corpus (scaled inverse document frequency): from 0, in every text, to 1, in none."""


class WordRole(StrEnum):
    """What a word does in a question; the values but ``name`` and ``own`` are the keys of ``classes.toml``."""

    NAME = "name"
    FUNCTION = "small"
    """Grammar, common verbs, time and measure."""
    ASPECT = "aspect"
    """What is asked of a topic: "cost", "recovery"."""
    SYMPTOM = "symptom"
    BODY_PART = "part"
    PERSON = "person"
    CONTENT = "own"
    """Any other word that carries meaning."""


_BY_LIST = (WordRole.BODY_PART, WordRole.PERSON, WordRole.ASPECT, WordRole.FUNCTION)


@dataclass(frozen=True, slots=True)
class TaggedWord:
    """A word of a question, or a name of several words, with its place and its role."""

    text: str
    start: int
    end: int
    role: WordRole


@dataclass(frozen=True, slots=True)
class Tagger:
    """Tags questions by the field's terminology and one corpus's rarity of words."""

    terminology: Terminology
    rarity: Rarity

    def tag(self, question: str) -> list[TaggedWord]:
        """Tag the words of a question, in order; a name of several words is one."""
        matches = list(islice(WRITTEN_WORD.finditer(question), MOST_WORDS))
        tokens = [singular("".join(words(match[0]))) for match in matches]
        named = {
            match.start(1)
            for pattern in (followup_patterns.NAMING, followup_patterns.SYNDROME)
            for match in pattern.finditer(question)
        }
        tagged = []
        for span in self.terminology.name_trie.segment(tokens):
            start, end = matches[span.start].start(), matches[span.end - 1].end()
            if span.end - span.start > 1:
                role = WordRole.NAME
            else:
                role = self._role(tokens[span.start], is_known=span.is_phrase, is_named=start in named)
            tagged.append(TaggedWord(question[start:end], start, end, role))
        return tagged

    def topic(self, tagged: Sequence[TaggedWord]) -> str | None:
        """Name a question's topic: its names with the words beside them, else its complaint, else its rarest words."""
        if any(word.role is WordRole.NAME for word in tagged):
            return _shortened(_noun_phrases(tagged))
        weak = [word for word in tagged if word.role in (WordRole.BODY_PART, WordRole.SYMPTOM, WordRole.CONTENT)]
        rarest = sorted(weak, key=lambda word: (word.role is WordRole.CONTENT, -self.rarity(word.text.lower())))
        return _shortened([word] for word in weak if word in rarest[:_MOST_RARE])

    def _role(self, word: str, *, is_known: bool, is_named: bool) -> WordRole:
        """The role of a word in the singular; ``is_known``: it is a name, ``is_named``: it stands where names stand."""
        classes = self.terminology.classes
        if word in classes[WordRole.SYMPTOM]:
            return WordRole.SYMPTOM
        if is_known:
            return WordRole.NAME
        for role in _BY_LIST:
            if word in classes[role]:
                return role
        is_rare_name = is_named and len(word) >= _SHORTEST_RARE_NAME and self.rarity(word) > _LEAST_RARITY
        if is_rare_name or medical_endings.is_name(word):
            return WordRole.NAME
        return WordRole.CONTENT if word.isalpha() and len(word) > 2 else WordRole.FUNCTION


def _noun_phrases(tagged: Sequence[TaggedWord]) -> Iterator[list[TaggedWord]]:
    """The names of a question, each with the words that carry meaning beside it."""
    phrases: list[list[TaggedWord]] = [[]]
    for word in tagged:
        if word.role in (WordRole.NAME, WordRole.CONTENT, WordRole.BODY_PART, WordRole.SYMPTOM):
            phrases[-1].append(word)
        elif phrases[-1]:
            phrases.append([])
    return (phrase for phrase in phrases if any(word.role is WordRole.NAME for word in phrase))


def _shortened(phrases: Iterable[Sequence[TaggedWord]]) -> str | None:
    """The words of the phrases, each phrase once, as many as can be shown; None for none."""
    chosen: list[str] = []
    for text in dict.fromkeys(" ".join(word.text for word in phrase) for phrase in phrases):
        if len(" ".join([*chosen, text])) <= LONGEST_TOPIC:
            chosen.append(text)
    return " ".join(chosen) or None
