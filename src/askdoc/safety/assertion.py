"""Tells the assertion status of mentions: denied, past, asked about, of an animal or of a story.

Cues in the text open scopes, as in NegEx (Chapman et al., 2001) and ConText (Harkema et al., 2009); a mention in a
scope bears its status, unless a longer phrase has used the cue up: "not breathing" denies nothing.
"""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

from askdoc.safety.normalization import NormalizedText
from askdoc.safety.phrases import CUE, MASK, Mention
from askdoc.safety.rules import MentionIndex, RuleMatch

_FORWARD_CUES = ("research", "hypothetical", "prevention", "price", "occupation")
"""Cues whose scope is what follows them in the sentence."""
_PARTICIPANTS = frozenset((
    "self", "person", "now", "child", "baby", "help", "have", "think", "others", "hours", "feel", "thirdsay",
    "finaltime",
))  # fmt: skip
"""Concepts that say who and when; a denial or a question is about the others."""
CONDITIONS = frozenset((
    "heartattack", "stroke", "sepsis", "anaphylaxis", "clot", "meningitis", "occlusion", "ectopic", "preeclampsia",
    "dka", "torsion", "cauda", "appendix", "retinal", "comp", "condition", "seizure", "overdose", "suicide",
    "suicidal", "selfharm", "chestpain", "allergicreaction", "carbonmonoxide", "poisonous", "choking", "unconscious",
    "aneurysm",
))  # fmt: skip
"""Names of conditions: "had a stroke" without a date tells of the past more often than of today."""
_OPEN_PHRASES = frozenset({"dontwant", "weaknumb", "numbonly"})
"""Concepts that begin with a denial which may reach beyond them: "don't want to die", "don't feel suicidal"."""
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_LIST_REACH = 20
_DENIAL_REACH = 8
"""Tokens that a denial reaches to in a list ("no pain, fever or cough"), and otherwise."""
_LIST_LOOKAHEAD = 10
"""Tokens after a comma within which "or", "nor" and the like tell that a list goes on."""
_PAST_REACH = 8
"""Tokens that a cue of the past ("history of") reaches ahead."""


class AssertionStatus(StrEnum):
    """Why a mention does not count as present; the values are in the names of features."""

    NEGATION = "negation"
    PAST = "past"
    ANIMAL = "animal"
    FICTION = "fiction"
    QUESTION = "question"
    """Asked about, feared, priced or prevented: the education notice."""


class AssertionScopes:
    """The scopes that the cues of one question open."""

    def __init__(self, text: NormalizedText, found: Iterable[Mention], *, mentions: MentionIndex) -> None:
        """``found`` are all mentions, those of cues too; ``mentions`` those of concepts."""
        self._text = text
        self._mentions = mentions
        self._cues: dict[str, list[Mention]] = {}
        self._phrases: dict[int, list[Mention]] = {}
        """For each token, the phrases of several words that cover it."""
        for one in found:
            if one.concept.startswith(CUE):
                self._cues.setdefault(one.concept[1:], []).append(one)
            if one.end - one.start > 1 and (one.concept in (MASK, CUE + "pseudo") or one.concept[0] != CUE):
                for at in range(one.start, one.end):
                    self._phrases.setdefault(at, []).append(one)
        self._clause = self._fine_clauses()
        self._dated = {
            self._clause[at] for at, token in enumerate(text.tokens) if len(token) == 4 and _YEAR.fullmatch(token)
        }
        self._denials: dict[int, list[int]] = {}
        """For each token, the starts of the cues that deny it."""
        for cue, end in self._negations():
            for at in range(cue.end, end):
                self._denials.setdefault(at, []).append(cue.start)
        self._today = {self._clause[one.start] for one in mentions.of(("now",))}
        self._past: dict[int, bool] = {}
        self._personal = text.owned | {one.start for one in self._cues.get("personal", ())}
        self._own = text.owned | {one.start for one in self._cues.get("firstperson", ())}
        self._questions: dict[int, list[tuple[str, Mention]]] = {}
        """For each sentence, the cues of questions by name."""
        for name, cue in self._question_cues():
            self._questions.setdefault(text.sentence[cue.start], []).append((name, cue))
        self._animals = self._animal_tokens()

    @property
    def elsewhere(self) -> bool:
        """Whether an animal or a story is spoken of, which similarity cannot tell from a person."""
        return bool(self._animals) or bool(self._cues.get("fiction"))

    @property
    def asks(self) -> bool:
        """Whether some part of the message asks in general, fears, prices or prevents."""
        return bool(self._questions)

    @property
    def cues(self) -> Iterable[str]:
        """The names of the cues that stand anywhere."""
        return self._cues.keys()

    @property
    def names_crisis(self) -> bool:
        """Whether suicide is spoken of as a subject."""
        return bool(self._cues.get("crisis_topic"))

    def status_of(self, match: RuleMatch) -> AssertionStatus | None:
        """The status of a rule's match, or None where it counts as present."""
        signs = [one for one in match.mentions if one.concept not in _PARTICIPANTS] or list(match.mentions)
        status = self.status_of_mentions(
            signs, is_crisis=match.rule.topic == "crisis", is_of_methods=match.rule.name == "methods"
        )
        # An animal that bites is the subject of the sentence, and a person the one who is hurt.
        return None if status is AssertionStatus.ANIMAL and match.rule.topic == "bite" else status

    def status_of_mentions(
        self, mentions: list[Mention], *, is_crisis: bool = False, is_of_methods: bool = False
    ) -> AssertionStatus | None:
        """The status of some mentions together, or None where they count as present.

        Whoever asks for methods of suicide is in earnest, whatever the pretext.
        """
        head = min(one.start for one in mentions)
        if self._is_denied(mentions):
            return AssertionStatus.NEGATION
        if is_of_methods:
            return None
        if any(map(self._is_past, mentions)):
            return AssertionStatus.PAST
        if not is_crisis and head in self._animals:
            return AssertionStatus.ANIMAL
        if self._is_fiction(head):
            return AssertionStatus.FICTION
        if self._is_asked(head, is_crisis=is_crisis):
            return AssertionStatus.QUESTION
        return None

    def is_history(self, mentions: Iterable[Mention]) -> bool:
        """Whether a condition's name stands after "had" or "after", and nothing makes it today's."""
        sentence = self._text.sentence
        for mention in mentions:
            if mention.concept not in CONDITIONS:
                continue
            number = sentence[mention.start]
            is_fresh = any(
                sentence[one.start] == number for name in ("now", "help", "think") for one in self._mentions.of((name,))
            )
            if not is_fresh and any(0 <= mention.start - one.end <= 1 for one in self._cues.get("had", ())):
                return True
        return False

    # ---- denials ----

    def _is_denied(self, mentions: list[Mention]) -> bool:
        """Whether a cue denies one of the mentions from outside: "don't want" denies no "live"."""
        for mention in mentions:
            for cue in self._denials.get(mention.start, ()):
                if not any(one.start <= cue < one.end for one in mentions):
                    return True
        return False

    def _is_used_up(self, cue: Mention, *, by_open: bool = False) -> bool:
        """Whether a longer phrase has used the cue up; ``by_open``: even one that begins with an open denial."""
        return any(
            cue.end <= one.end
            and one.end - one.start > cue.end - cue.start
            and (by_open or one.concept not in _OPEN_PHRASES)
            for one in self._phrases.get(cue.start, ())
        )

    def _negations(self) -> Iterator[tuple[Mention, int]]:
        """Each cue of a denial, and the token at which its scope ends."""
        stops = {one.start for one in self._cues.get("butword", ())}
        joins = {one.start for one in self._cues.get("join", ())}
        list_words = [one.start for one in self._cues.get("listword", ())]
        subjects = self._text.owned | {one.start for one in self._mentions.of(("self", "person"))}
        for cue in self._cues.get("negation", ()):
            if not self._is_used_up(cue):
                yield cue, self._negation_end(cue, stops, joins, list_words, subjects)

    def _negation_end(
        self, cue: Mention, stops: set[int], joins: set[int], list_words: list[int], subjects: frozenset[int]
    ) -> int:
        tokens, sentence, clause = self._text.tokens, self._text.sentence, self._text.clause
        number = sentence[cue.start]
        end, last = cue.end, min(cue.end + _LIST_REACH, len(tokens))
        is_list = tokens[cue.start].startswith("den")
        while end < last and sentence[end] == number:
            if (end in stops and end > cue.end) or (end in joins and end + 1 in subjects):
                break
            if clause[end] != clause[end - 1]:
                goes_on = is_list or any(
                    end < at <= end + _LIST_LOOKAHEAD and sentence[at] == number for at in list_words
                )
                if not goes_on or end in subjects or end in stops:
                    break
                is_list = True
            if not is_list and end - cue.end >= _DENIAL_REACH:
                break
            end += 1
        return end

    # ---- the past ----

    def _fine_clauses(self) -> list[int]:
        """For each token the number of its clause; clauses also end at "and", "but" and "now", as in a tale."""
        breaks = {one.start for one in self._cues.get("parting", ())}
        fine, added = [], 0
        for at, number in enumerate(self._text.clause):
            added += at in breaks
            fine.append(number * 1000 + added)
        return fine

    def _is_past(self, mention: Mention) -> bool:
        known = self._past.get(mention.start)
        if known is None:
            known = self._past[mention.start] = self._lies_past(mention)
        return known

    def _lies_past(self, mention: Mention) -> bool:
        clause = self._clause[mention.start]
        if clause in self._today:
            return False
        for cue in self._cues.get("past_back", ()):
            if self._clause[cue.start] == clause:
                opens_clause = cue.start < 3 or self._clause[cue.start - 3] != clause
                if mention.start < cue.start or opens_clause:
                    return True
        return clause in self._dated or any(
            self._clause[cue.start] == clause and cue.end <= mention.start <= cue.end + _PAST_REACH
            for cue in self._cues.get("past_ahead", ())
        )

    # ---- questions about the subject ----

    def _question_cues(self) -> Iterator[tuple[str, Mention]]:
        for name in _FORWARD_CUES:
            for cue in self._cues.get(name, ()):
                if not self._is_used_up(cue, by_open=True):
                    yield name, cue
        # "Can filler cause …", "Does flossing …": a question whose subject is nobody in particular.
        subjects = {one.start for one in self._cues.get("notopening", ())} | self._text.owned
        sentence = self._text.sentence
        for cue in self._cues.get("opening", ()):
            is_first = cue.start == 0 or sentence[cue.start - 1] != sentence[cue.start]
            if is_first and cue.end not in subjects and cue.end < len(sentence):
                yield "research", cue

    def _is_asked(self, head: int, *, is_crisis: bool) -> bool:
        """Whether a cue of a question stands before a token with no person between; in a crisis, one of research."""
        for name, cue in self._questions.get(self._text.sentence[head], ()):
            reaches = head >= cue.start and (not is_crisis or name == "research")
            if reaches and not any(at in self._personal for at in range(cue.end, head + 1)):
                return True
        return False

    # ---- stories and animals ----

    def _is_fiction(self, head: int) -> bool:
        """Whether a cue of a story stands in a token's sentence, with no "I" or "my" between."""
        sentence = self._text.sentence
        for cue in self._cues.get("fiction", ()):
            if sentence[cue.start] != sentence[head] or self._is_used_up(cue, by_open=True):
                continue
            low, high = min(cue.end, head), max(cue.start, head)
            if not any(low <= at <= high and at != cue.start for at in self._own):
                return True
        return False

    def _animal_tokens(self) -> frozenset[int]:
        """The tokens of which an animal is the nearest subject before; "he" takes up the last one named."""
        animals = {one.start for one in self._mentions.of(("animal",))}
        if not animals:
            return frozenset()
        people = {one.start for one in self._mentions.of(("person",))}
        own = {one.start for one in self._cues.get("firstperson", ())}
        pronouns = {one.start for one in self._cues.get("personal", ())} - own
        is_last_named = is_subject = False
        tokens: set[int] = set()
        first = min(animals)
        if not any(at < first for at in people | own):
            tokens.update(range(first))
        for at in range(len(self._text.tokens)):
            if at in animals:
                is_last_named = is_subject = True
            elif at in pronouns:
                is_subject = is_last_named
            elif at in people:
                is_last_named = is_subject = False
            elif at in own:
                is_subject = False
            if is_subject:
                tokens.add(at)
        return frozenset(tokens)
