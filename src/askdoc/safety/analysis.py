"""Reads a question's words: concept mentions, their assertion status, and the rules that match them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from askdoc.safety.assertion import AssertionScopes
from askdoc.safety.features import RuleOutcome, pattern_features, word_ngrams
from askdoc.safety.normalization import DeletionIndex, NormalizedText, fold, join_split_words, tokenize
from askdoc.safety.phrases import CUE, ConceptMatcher, expand_phrases, without_masked
from askdoc.safety.rules import MentionIndex, Rulebook
from askdoc.safety.table import KnownWords, Table
from askdoc.safety.vital_signs import VitalSigns

_ENGLISH = "en"
_LEAST_KNOWN = 0.25
"""Share of an English question's words that must be known for similarity to count."""
_LATIN_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class PatternAnalysis:
    """What the patterns found in one question; ``outcomes`` are the rules that matched, in the table's order."""

    folded: str
    """The question in lower case, without accents and invisible characters."""
    language: str
    """Code of the question's language, one of those that are read."""
    mentions: MentionIndex
    assertions: AssertionScopes
    outcomes: tuple[RuleOutcome, ...]
    is_readable: bool
    """Whether enough of the words are known: similarity takes much Latin and nonsense for alarming."""

    def features(self) -> tuple[set[str], set[str]]:
        """The names of the pattern features and of the word n-grams."""
        return pattern_features(self.mentions, self.assertions, self.outcomes), word_ngrams(self.folded)


class PatternAnalyzer:
    """Analyses questions by one table."""

    def __init__(self, table: Table, known: KnownWords) -> None:
        self._skipped = table.skipped
        self._possessives = table.owners
        self._concepts = ConceptMatcher(table.concept_lists(), skip=self._skipped)
        self._spelling = DeletionIndex(known.of_concepts, protected=table.protected)
        self._vital_signs = VitalSigns(table.numbers)
        self._rules = Rulebook.read(table.rules["rule"])
        self._soft = frozenset(rule.name for rule in self._rules.rules if rule.soft)
        self._function_words: dict[str, frozenset[str]] = {
            language["code"]: frozenset(expand_phrases(language["telling"])) for language in table.languages
        }
        self._english = known.english
        self._known = known.english | known.spanish

    def analyze(self, question: str) -> PatternAnalysis:
        """Find the concepts of a question, what they stand under, and the rules that they fulfil."""
        folded = join_split_words(fold(question), known=self._known.__contains__)
        text = self._tokenized(folded)
        found = without_masked(self._concepts.find(text.tokens))
        mentions = MentionIndex((mention for mention in found if mention.concept[0] != CUE), text.sentence)
        for sign in self._vital_signs.find(text.tokens, mentions.by_concept):
            mentions.by_concept.setdefault(sign.concept, []).append(sign)
        assertions = AssertionScopes(text, found, mentions=mentions)
        language = self._language(folded)
        return PatternAnalysis(
            folded,
            language,
            mentions,
            assertions,
            outcomes=tuple(self._outcomes(mentions, assertions)),
            is_readable=self._is_readable(folded, language),
        )

    def _tokenized(self, folded: str) -> NormalizedText:
        return tokenize(
            folded,
            known=self._concepts.knows,
            correct=self._spelling.correct,
            skip=self._skipped,
            possessives=self._possessives,
        )

    def _outcomes(self, mentions: MentionIndex, assertions: AssertionScopes) -> Iterator[RuleOutcome]:
        """Every match of every rule, save that once a firm rule has fired, it and the soft rules add nothing more."""
        done: set[str] = set()
        for match in self._rules.matches(mentions, done=done):
            status = assertions.status_of(match)
            is_history = status is None and not match.rule.soft and assertions.is_history(match.mentions)
            outcome = RuleOutcome(match, status, is_history)
            if outcome.fires and not match.rule.soft:
                done.update(self._soft, (match.rule.name,))
            yield outcome

    def _language(self, folded: str) -> str:
        """The language whose function words the question has most of; the first one where none tells."""
        words = folded.split()
        counts = {code: sum(map(some.__contains__, words)) for code, some in self._function_words.items()}
        return max(counts, key=lambda code: counts[code])

    def _is_readable(self, folded: str, language: str) -> bool:
        words = _LATIN_WORD.findall(folded)
        return language != _ENGLISH or sum(map(self._english.__contains__, words)) >= _LEAST_KNOWN * len(words)
