"""Decides what a follow-up is about, from the questions before it: rules of language, no model.

"and how long does it last?" keeps the topic, "what about rosacea?" takes another one and keeps what was wanted of the
old one, and a question that stands alone carries nothing. docs/followups.md tells the rules and how well they do.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from askdoc.errors import QuestionError
from askdoc.query import followup_patterns
from askdoc.query.terminology import WORD, Terminology, singular
from askdoc.text import visible, words

MOST_CONTEXT = 10
LONGEST_CONTEXT = 1000
"""Characters of one earlier question after Unicode normalisation (NFC)."""
LONGEST_ABOUT = 60
MOST_POINTERS = 20
"""Pronouns of one question that are looked at."""
MOST_WORDS = 250
"""Words of one question that are looked at: plain language has fewer in so many characters, gibberish twice as many."""
Rarity = Callable[[str], float]
"""How rare a word is in the corpus: from 0, in every text, to 1, in none."""

SHORT_WORDS = 3
"""A question with so many words of its own, none of them a name, is held to stand alone."""


class TopicTransition(StrEnum):
    """What becomes of the topic."""

    NONE = "none"
    KEEP = "keep"
    SWITCH = "switch"


@dataclass(frozen=True, slots=True)
class ResolvedFollowup:
    """``text`` is what to search for; ``about`` the topic carried into it, in a few words, or None."""

    text: str
    about: str | None
    transition: TopicTransition


@dataclass(frozen=True, slots=True)
class _Topic:
    name: str | None = None
    wanted: str | None = None


@dataclass(frozen=True, slots=True)
class _Word:
    """``kind`` is name, small, aspect, symptom, part, person or own."""

    text: str
    start: int
    end: int
    kind: str


def validated_context(context: Sequence[str]) -> tuple[str, ...]:
    """The earlier questions as they are read: NFC, without blank ones. Raises QuestionError."""
    if len(context) > MOST_CONTEXT:
        raise QuestionError(
            f"The context has {len(context):,} questions; at most {MOST_CONTEXT} can be read. Send the last ones only."
        )
    found = []
    for entry in context:
        if len(entry) > 4 * LONGEST_CONTEXT:  # normalising takes time of its own, and never shortens to a quarter
            raise _long(len(entry))
        text = visible(unicodedata.normalize("NFC", entry)).strip()
        if len(text) > LONGEST_CONTEXT:
            raise _long(len(text))
        if any(0xD800 <= ord(letter) < 0xE000 for letter in text):
            raise QuestionError("The context holds half of a character. Send it again.")
        if words(text):
            found.append(text)
    return tuple(found)


def _long(length: int) -> QuestionError:
    return QuestionError(
        f"A question in the context has {length:,} characters; at most {LONGEST_CONTEXT:,} can be read. Shorten it."
    )


@dataclass(frozen=True, slots=True)
class FollowupResolver:
    """Reads conversations with the field's names and one corpus's rarity of words."""

    field: Terminology
    rarity: Rarity

    def resolve(self, question: str, context: Sequence[str]) -> ResolvedFollowup:
        """What to search for, given the questions before, oldest first. Raises QuestionError for a bad context."""
        topic = _Topic()
        for earlier in validated_context(context):
            topic = self._read(earlier, topic)[1]
        return self._read(question, topic)[0] if topic.name else ResolvedFollowup(question, None, TopicTransition.NONE)

    def _read(self, question: str, topic: _Topic) -> tuple[ResolvedFollowup, _Topic]:
        """One turn: what to search for, and what the conversation is about after it."""
        if followup_patterns.RESET.search(question):
            topic = _Topic()
        bare = followup_patterns.LEAD.sub("", question)
        bare = bare if words(bare) else question
        read = self._words(bare)
        own = _Topic(self._name(read), _wanted(bare) or topic.wanted)
        transition = self._turn(bare, read) if topic.name else TopicTransition.NONE
        if transition is TopicTransition.SWITCH and own.name:
            pattern = _wanted(bare) or topic.wanted or "{}"
            return ResolvedFollowup(pattern.format(_residue(bare) or own.name), None, transition), own
        if transition is TopicTransition.KEEP and topic.name:
            return ResolvedFollowup(_joined(bare, topic.name), topic.name, transition), replace(
                topic, wanted=own.wanted
            )
        return ResolvedFollowup(question, None, TopicTransition.NONE), replace(
            own, wanted=_wanted(bare)
        ) if own.name else topic

    def _turn(self, question: str, read: Sequence[_Word]) -> TopicTransition:
        names = [word for word in read if word.kind == "name"]
        refers = self._refers(question, read)
        joined = bool(followup_patterns.JOINED.match(question) or followup_patterns.OPENING.match(question))
        rest = _rest(question)
        if not names:
            return TopicTransition.NONE if self._stands_alone(read, joined=joined or refers) else TopicTransition.KEEP
        if refers or followup_patterns.ADDED.match(rest):
            return TopicTransition.KEEP
        if followup_patterns.SAME.search(question):
            return TopicTransition.SWITCH
        if followup_patterns.COMPARED.search(rest) and joined:
            return TopicTransition.KEEP
        if (joined or question.rstrip().endswith("?")) and _elliptic(rest, read):
            return TopicTransition.SWITCH
        asked = singular(words(question)[-1])
        return (
            TopicTransition.KEEP
            if asked in ("help", "work") and not _wanted(rest.replace(asked, ""))
            else TopicTransition.NONE
        )

    def _refers(self, question: str, read: Sequence[_Word]) -> bool:
        """Whether a pronoun points to something before this question."""
        empty = [range(*found.span()) for found in islice(followup_patterns.EMPTY_IT.finditer(question), MOST_POINTERS)]
        for found in islice(followup_patterns.REFERRING.finditer(question), MOST_POINTERS):
            pointer = found[0].lower()
            if pointer == "it" and any(found.start() in span for span in empty):
                continue
            before = [word for word in read if word.end <= found.start()]
            if pointer in followup_patterns.PERSON_WORDS and any(word.kind == "person" for word in before):
                continue
            if re.search(r"\b(?:for|against)\s+\w+$", question[: found.end()], re.IGNORECASE):
                # "an antibiotic for that": a medicine is not what it is taken for.
                before = [word for word in before if singular(word.text.lower()) not in self.field.drugs]
            named = any(word.kind in ("name", "part", "symptom") for word in before)
            if not named and sum(word.kind == "own" for word in before) < 2:
                return True
        return False

    def _stands_alone(self, read: Sequence[_Word], *, joined: bool) -> bool:
        """Whether a question without a name has enough of its own: its part with its complaint, or several words."""
        if joined:
            return False
        kinds = [word.kind for word in read]
        own = kinds.count("own")
        firm = any(
            word.kind == "symptom" and place and read[place - 1].text.lower() in ("a", "an", "my", "treat", "of")
            for place, word in enumerate(read)
        )
        complaint = "symptom" in kinds and "part" in kinds
        return complaint or own >= SHORT_WORDS or (firm and own + kinds.count("part") > 0)

    def _words(self, question: str) -> list[_Word]:
        """The words of a question with what each does; a name of several words is one."""
        found = [(match[0], match.start(), match.end()) for match in islice(WORD.finditer(question), MOST_WORDS)]
        folded = [singular("".join(words(text))) for text, _, _ in found]
        named = {
            match.start(1)
            for rule in (followup_patterns.NAMING, followup_patterns.SYNDROME)
            for match in rule.finditer(question)
        }
        read, place = [], 0
        while place < len(found):
            size = self._longest(folded, place)
            start, end = found[place][1], found[place + max(size, 1) - 1][2]
            kind = "name" if size > 1 else self._kind(folded[place], known=bool(size), named=start in named)
            read.append(_Word(question[start:end], start, end, kind))
            place += max(size, 1)
        return read

    def _longest(self, folded: Sequence[str], place: int) -> int:
        """Words of the longest name that begins here; 0 for none."""
        sizes = range(min(self.field.longest, len(folded) - place), 0, -1)
        return next((n for n in sizes if tuple(folded[place : place + n]) in self.field.names), 0)

    def _kind(self, word: str, *, known: bool, named: bool) -> str:
        kinds = self.field.classes
        if word in kinds["symptom"]:
            return "symptom"
        if known:
            return "name"
        for kind in ("part", "person", "aspect", "small"):
            if word in kinds[kind]:
                return kind
        if followup_patterns.ENDED.search(word) or (named and len(word) > 3 and self.rarity(word) > 0.5):
            return "name"
        return "own" if word.isalpha() and len(word) > 2 else "small"

    def _name(self, read: Sequence[_Word]) -> str | None:
        """The topic of a question: its names with the words beside them, else its complaint, else its rarest words."""
        if any(word.kind == "name" for word in read):
            return _short(_spans(read))
        weak = [word for word in read if word.kind in ("part", "symptom", "own")]
        rarest = sorted(weak, key=lambda word: (word.kind == "own", -self.rarity(word.text.lower())))[:5]
        return _short([[word] for word in weak if word in rarest])


def _spans(read: Sequence[_Word]) -> list[list[_Word]]:
    """The names of a question, each with the words that stand beside it."""
    spans: list[list[_Word]] = []
    last = -2
    for place, word in enumerate(read):
        if word.kind not in ("name", "own", "part", "symptom"):
            continue
        if place != last + 1 or not spans:
            spans.append([])
        spans[-1].append(word)
        last = place
    return [span for span in spans if any(word.kind == "name" for word in span)]


def _short(spans: Sequence[Sequence[_Word]]) -> str | None:
    """The words of the spans, as many as can be shown, each once."""
    found: list[str] = []
    for text in dict.fromkeys(" ".join(word.text for word in span) for span in spans):
        if len(" ".join([*found, text])) <= LONGEST_ABOUT:
            found.append(text)
    return " ".join(found) or None


def _wanted(question: str) -> str | None:
    """The form of question that asks for what this one wants, or None where it cannot be told."""
    lowered = question.lower()
    return next((form for cue, form in followup_patterns.WANTED if re.search(rf"\b(?:{cue})\b", lowered)), None)


def _elliptic(rest: str, read: Sequence[_Word]) -> bool:
    """Whether little but a name is said: no wish of its own, and no verb."""
    own = [word for word in read if word.kind not in ("small", "name")]
    return _wanted(rest) is None and len(words(rest)) <= 6 and len(own) <= 2 and not re.match(
        r"(?:what|why|when|where|who|how|which|is|are|can|could|does|do|should|will|would|i|my)\b", rest, re.IGNORECASE
    )  # fmt: skip


def _residue(question: str) -> str | None:
    """What a switching question names: "and for a slipped disc then?" → "a slipped disc"; None after "the same"."""
    if followup_patterns.SAME.search(question):
        return None
    return followup_patterns.ENDING.sub("", _rest(question)).strip() or None


def _rest(question: str) -> str:
    """The question without what joins it to the one before: "and what about", "for"."""
    return followup_patterns.FOR.sub("", followup_patterns.OPENING.sub("", followup_patterns.JOINED.sub("", question)))


def _joined(question: str, topic: str) -> str:
    """The question with the topic in its pronoun's place, else beside it."""
    rest = followup_patterns.JOINED.sub("", question)
    pronoun = re.search(r"\b(?:it|they|them)\b", rest, re.IGNORECASE)
    if pronoun and not followup_patterns.EMPTY_IT.search(rest):
        return f"{rest[: pronoun.start()]}{topic}{rest[pronoun.end() :]}"
    return f"{rest} ({topic})"
