"""Resolves a follow-up from the questions before it: which topic it carries over, by rules of language, no model.

"and how long does it last?" keeps the topic, "what about rosacea?" switches to another and keeps what was asked of the
old one, and a question that stands alone carries nothing. docs/followups.md tells the rules and how well they do.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import accumulate, islice

from askdoc.errors import QuestionError
from askdoc.query import followup_patterns as patterns
from askdoc.query.tagging import Rarity, TaggedWord, Tagger, WordRole
from askdoc.query.terminology import Terminology
from askdoc.text import singular, visible, words

MOST_CONTEXT = 10
"""Earlier questions that can be read."""
LONGEST_CONTEXT = 1000
"""Characters of one earlier question after Unicode normalisation (NFC)."""
READ_CONTEXT = 2000
"""Characters of all earlier questions that are read, the latest first: what was asked long before is no topic now."""
MOST_PRONOUNS = 20
"""Pronouns of one question that are looked at."""
SELF_CONTAINED_WORDS = 3
"""Words of its own from which on a question without a name is held to stand alone."""
_ELLIPTICAL_WORDS, _ELLIPTICAL_CONTENT = 6, 2
"""Words that an elliptical question has at most, and words beside its names that mean something."""
_ARTICLES = ("a", "an", "my", "treat", "of")
"""Words before a symptom that make it what a question is about."""


class TopicTransition(StrEnum):
    """What becomes of the conversation's topic."""

    NONE = "none"
    KEEP = "keep"
    SWITCH = "switch"


@dataclass(frozen=True, slots=True)
class ResolvedFollowup:
    """A question with its topic: ``text`` is what to search for, ``about`` the topic carried into it, or None."""

    text: str
    about: str | None
    transition: TopicTransition


@dataclass(frozen=True, slots=True)
class _Topic:
    """What a conversation is about, and what was asked of it last, as a template."""

    name: str | None = None
    intent: str | None = None


def validated_context(context: Sequence[str]) -> tuple[str, ...]:
    """Normalize the earlier questions (NFC) and leave blank ones out. Raises QuestionError for too many or too long."""
    if len(context) > MOST_CONTEXT:
        raise QuestionError(
            f"The context has {len(context):,} questions; at most {MOST_CONTEXT} can be read. Send the last ones only."
        )
    questions = []
    for entry in context:
        if len(entry) > 4 * LONGEST_CONTEXT:  # normalising takes time of its own, and never shortens to a quarter
            raise _too_long(len(entry))
        text = visible(unicodedata.normalize("NFC", entry)).strip()
        if len(text) > LONGEST_CONTEXT:
            raise _too_long(len(text))
        if any(0xD800 <= ord(letter) < 0xE000 for letter in text):
            raise QuestionError("The context holds half of a character. Send it again.")
        if words(text):
            questions.append(text)
    return tuple(questions)


def _too_long(length: int) -> QuestionError:
    return QuestionError(
        f"A question in the context has {length:,} characters; at most {LONGEST_CONTEXT:,} can be read. Shorten it."
    )


def _latest(questions: Sequence[str]) -> Sequence[str]:
    """The latest questions that have no more than ``READ_CONTEXT`` characters together, oldest first."""
    read = accumulate(len(question) for question in reversed(questions))
    count = sum(characters <= READ_CONTEXT for characters in read)
    return questions[len(questions) - count :]


@dataclass(frozen=True)
class FollowupResolver:
    """Resolves follow-ups by the field's terminology and one corpus's rarity of words."""

    terminology: Terminology
    rarity: Rarity

    def resolve(self, question: str, context: Sequence[str]) -> ResolvedFollowup:
        """Resolve a question by the questions before it, oldest first. Raises QuestionError for a bad context."""
        topic = _Topic()
        for earlier in _latest(validated_context(context)):
            topic = self._advance(earlier, topic)[1]
        if not topic.name:
            return ResolvedFollowup(question, None, TopicTransition.NONE)
        return self._advance(question, topic)[0]

    @cached_property
    def _tagger(self) -> Tagger:
        return Tagger(self.terminology, self.rarity)

    def _advance(self, question: str, topic: _Topic) -> tuple[ResolvedFollowup, _Topic]:
        """Resolve one turn by the topic before it; the second value is the topic after it."""
        if patterns.RESET.search(question):
            topic = _Topic()
        bare = patterns.ACKNOWLEDGEMENT.sub("", question)
        bare = bare if words(bare) else question
        tagged = self._tagger.tag(bare)
        name, intent = self._tagger.topic(tagged), patterns.intent_template(bare)
        transition = self._transition(bare, tagged) if topic.name else TopicTransition.NONE
        if transition is TopicTransition.SWITCH and name:
            template = intent or topic.intent or "{}"
            resolved = ResolvedFollowup(template.format(patterns.named_topic(bare) or name), None, transition)
            return resolved, _Topic(name, intent or topic.intent)
        if transition is TopicTransition.KEEP and topic.name:
            resolved = ResolvedFollowup(patterns.with_topic(bare, topic.name), topic.name, transition)
            return resolved, replace(topic, intent=intent or topic.intent)
        alone = ResolvedFollowup(question, None, TopicTransition.NONE)
        return alone, _Topic(name, intent) if name else topic

    def _transition(self, question: str, tagged: Sequence[TaggedWord]) -> TopicTransition:
        """Tell whether a question keeps the conversation's topic, switches to another, or stands alone."""
        is_anaphoric = self._has_anaphor(question, tagged)
        is_connected = bool(patterns.CONNECTIVE.match(question) or patterns.OPENING.match(question))
        rest = patterns.without_opening(question)
        if not any(word.role is WordRole.NAME for word in tagged):
            leans = is_connected or is_anaphoric
            return TopicTransition.KEEP if leans or not _is_self_contained(tagged) else TopicTransition.NONE
        if is_anaphoric or patterns.CIRCUMSTANCE.match(rest):
            return TopicTransition.KEEP
        if patterns.SAME.search(question):
            return TopicTransition.SWITCH
        if patterns.COMPARISON.search(rest) and is_connected:
            return TopicTransition.KEEP
        if (is_connected or question.rstrip().endswith("?")) and _is_elliptical(rest, tagged):
            return TopicTransition.SWITCH
        # "does ibuprofen help?", "would Botox work?": against what, the topic tells.
        verb = singular(words(question)[-1])
        if verb in ("help", "work") and not patterns.intent_template(rest.replace(verb, "")):
            return TopicTransition.KEEP
        return TopicTransition.NONE

    def _has_anaphor(self, question: str, tagged: Sequence[TaggedWord]) -> bool:
        """Whether a pronoun points to something before this question."""
        pleonastic = [range(*it.span()) for it in islice(patterns.PLEONASTIC_IT.finditer(question), MOST_PRONOUNS)]
        for anaphor in islice(patterns.ANAPHOR.finditer(question), MOST_PRONOUNS):
            pronoun = anaphor[0].lower()
            if pronoun == "it" and any(anaphor.start() in span for span in pleonastic):
                continue
            before = [word for word in tagged if word.end <= anaphor.start()]
            if pronoun in patterns.PERSONAL_PRONOUNS and any(word.role is WordRole.PERSON for word in before):
                continue
            if patterns.TAKEN_FOR.search(question[: anaphor.end()]):  # a drug is not what it is taken for
                before = [word for word in before if singular(word.text.lower()) not in self.terminology.drugs]
            if not _holds_antecedent(before):
                return True
        return False


def _holds_antecedent(tagged: Sequence[TaggedWord]) -> bool:
    """Whether a pronoun may stand for something among the words before it: a name, or two words that mean something."""
    roles = [word.role for word in tagged]
    is_named = any(role in (WordRole.NAME, WordRole.BODY_PART, WordRole.SYMPTOM) for role in roles)
    return is_named or roles.count(WordRole.CONTENT) > 1


def _is_self_contained(tagged: Sequence[TaggedWord]) -> bool:
    """Whether a question without a name has enough of its own: a symptom with its place, or several words."""
    roles = [word.role for word in tagged]
    content = roles.count(WordRole.CONTENT)
    places = roles.count(WordRole.BODY_PART)
    is_subject = any(
        word.role is WordRole.SYMPTOM and at and tagged[at - 1].text.lower() in _ARTICLES
        for at, word in enumerate(tagged)
    )
    is_complaint = WordRole.SYMPTOM in roles and places > 0
    return is_complaint or content >= SELF_CONTAINED_WORDS or (is_subject and content + places > 0)


def _is_elliptical(rest: str, tagged: Sequence[TaggedWord]) -> bool:
    """Whether little but a name is said: nothing is asked of it, and there is no verb."""
    content = [word for word in tagged if word.role not in (WordRole.FUNCTION, WordRole.NAME)]
    is_short = len(words(rest)) <= _ELLIPTICAL_WORDS and len(content) <= _ELLIPTICAL_CONTENT
    return is_short and patterns.intent_template(rest) is None and not patterns.QUESTION_WORD.match(rest)
