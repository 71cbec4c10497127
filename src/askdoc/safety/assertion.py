"""What a finding stands under: a denial, the past, a question about the subject, an animal, a story."""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

from askdoc.safety.normalization import NormalizedText
from askdoc.safety.phrases import Mention
from askdoc.safety.rules import Hit, Place

CUE = "~"
"""Before the name of a cue, so that it can be no concept of a rule."""
MASK = CUE + "masked"
_FORWARD = ("research", "hypothetical", "prevention", "price", "occupation")
# Concepts that say who and when; a denial or a question is about the others.
_NEUTRAL = frozenset(
    [
        "self",
        "person",
        "now",
        "child",
        "baby",
        "help",
        "have",
        "think",
        "others",
        "hours",
        "feel",
        "thirdsay",
        "finaltime",
    ]
)
# Names of conditions: "had a stroke" without a date tells of the past more often than of today.
NAMES = frozenset(
    [
        "heartattack",
        "stroke",
        "sepsis",
        "anaphylaxis",
        "clot",
        "meningitis",
        "occlusion",
        "ectopic",
        "preeclampsia",
        "dka",
        "torsion",
        "cauda",
        "appendix",
        "retinal",
        "comp",
        "condition",
        "seizure",
        "overdose",
        "suicide",
        "suicidal",
        "selfharm",
        "chestpain",
        "allergicreaction",
        "carbonmonoxide",
        "poisonous",
        "choking",
        "unconscious",
        "aneurysm",
    ]
)
# Phrases that begin with a denial which may reach beyond them: "don't want to die", "don't feel suicidal".
_OPEN = frozenset({"dontwant", "weaknumb", "numbonly"})
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_LIST_REACH = 20
_DENIAL_REACH = 8


class Assertion(StrEnum):
    """Why a finding does not count as happening now."""

    NEGATION = "negation"
    PAST = "past"
    ANIMAL = "animal"
    FICTION = "fiction"
    QUESTION = "question"
    """Asked about, feared, priced or prevented: the quieter notice."""


class Assertions:
    """The scopes of one question."""

    def __init__(self, words: NormalizedText, found: Iterable[Mention], *, place: Place) -> None:
        self._words = words
        self._place = place
        everything = list(found)
        self._cues: dict[str, list[Mention]] = {}
        self._long: dict[int, list[Mention]] = {}
        """For each token, the phrases of several words that cover it."""
        for one in everything:
            if one.concept.startswith(CUE):
                self._cues.setdefault(one.concept[1:], []).append(one)
            if one.end - one.start > 1 and (one.concept in (MASK, CUE + "pseudo") or one.concept[0] != CUE):
                for at in range(one.start, one.end):
                    self._long.setdefault(at, []).append(one)
        self._clause = self._fine_clauses()
        self._dated = {
            self._clause[at] for at, token in enumerate(words.tokens) if len(token) == 4 and _YEAR.fullmatch(token)
        }
        self._denials: dict[int, list[int]] = {}
        """For each token, the cues that deny it."""
        for cue, end in self._denied():
            for at in range(cue.end, end):
                self._denials.setdefault(at, []).append(cue.start)
        self._today = {self._clause[one.start] for one in place.of(("now",))}
        self._past: dict[int, bool] = {}
        self._personal = words.owned | {one.start for one in self._cues.get("personal", ())}
        self._own = words.owned | {one.start for one in self._cues.get("firstperson", ())}
        self._asking: dict[int, list[tuple[str, Mention]]] = {}
        for name, cue in self._asked():
            self._asking.setdefault(words.sentence[cue.start], []).append((name, cue))
        self._animals = self._animal_tokens()

    @property
    def elsewhere(self) -> bool:
        """Whether an animal or a story is spoken of, which nearness in meaning cannot tell from a person."""
        return bool(self._animals) or bool(self._cues.get("fiction"))

    @property
    def asks(self) -> bool:
        """Whether some part of the message asks in general, fears, prices or prevents."""
        return bool(self._asking)

    @property
    def cues(self) -> Iterable[str]:
        """The names of the cues that stand anywhere."""
        return self._cues.keys()

    @property
    def names_crisis(self) -> bool:
        """Whether suicide is spoken of as a subject."""
        return bool(self._cues.get("crisis_topic"))

    def of(self, hit: Hit) -> Assertion | None:
        """The scope that a hit stands under, or None where it counts."""
        signs = [part for part in hit.parts if part.concept not in _NEUTRAL] or list(hit.parts)
        scope = self.of_parts(signs, crisis=hit.rule.topic == "crisis", methods=hit.rule.name == "methods")
        # An animal that bites is the subject of the sentence, and a person the one who is hurt.
        return None if scope is Assertion.ANIMAL and hit.rule.topic == "bite" else scope

    def of_parts(self, signs: list[Mention], *, crisis: bool = False, methods: bool = False) -> Assertion | None:
        """The scope of some findings together."""
        head = min(part.start for part in signs)
        for part in signs:
            for cue in self._denials.get(part.start, ()):
                if not any(one.start <= cue < one.end for one in signs):  # "don't want" denies no "live"
                    return Assertion.NEGATION
        if methods:  # whatever the pretext
            return None
        if any(self._is_past(part) for part in signs):
            return Assertion.PAST
        if not crisis and head in self._animals:
            return Assertion.ANIMAL
        if self._is_fiction(head):
            return Assertion.FICTION
        if any(self._asks(asked, head, crisis=crisis) for asked in self._asking.get(self._words.sentence[head], ())):
            return Assertion.QUESTION
        return None

    def is_told(self, signs: Iterable[Mention]) -> bool:
        """Whether a condition's name stands after "had" or "after", and nothing makes it today's."""
        sentence = self._words.sentence
        for part in signs:
            if part.concept not in NAMES:
                continue
            number = sentence[part.start]
            fresh = any(
                sentence[one.start] == number for name in ("now", "help", "think") for one in self._place.of((name,))
            )
            if not fresh and any(0 <= part.start - one.end <= 1 for one in self._cues.get("had", ())):
                return True
        return False

    # ---- denials ----

    def _consumed(self, cue: Mention, *, want: bool = False) -> bool:
        """Whether a longer phrase has used the cue up: "not breathing" denies nothing."""
        return any(
            cue.end <= one.end and one.end - one.start > cue.end - cue.start and (want or one.concept not in _OPEN)
            for one in self._long.get(cue.start, ())
        )

    def _denied(self) -> Iterator[tuple[Mention, int]]:
        words = self._words
        stops = {one.start for one in self._cues.get("butword", ())}
        joins = {one.start for one in self._cues.get("join", ())}
        lists = [one.start for one in self._cues.get("listword", ())]
        subjects = words.owned | {one.start for one in self._place.of(("self", "person"))}
        for cue in self._cues.get("negation", ()):
            if self._consumed(cue):
                continue
            number = words.sentence[cue.start]
            end, last = cue.end, min(cue.end + _LIST_REACH, len(words.tokens))
            listed = words.tokens[cue.start].startswith("den")
            while end < last and words.sentence[end] == number:
                if end in stops and end > cue.end:
                    break
                if end in joins and end + 1 in subjects:
                    break
                if words.clause[end] != words.clause[end - 1]:
                    goes_on = listed or any(end < at <= end + 10 and words.sentence[at] == number for at in lists)
                    if not goes_on or end in subjects or end in stops:
                        break
                    listed = True
                if not listed and end - cue.end >= _DENIAL_REACH:
                    break
                end += 1
            yield cue, end

    # ---- the past ----

    def _fine_clauses(self) -> list[int]:
        """Clauses that also end at "and", "but" and "now", as a tale does between what was and what is."""
        breaks = {one.start for one in self._cues.get("parting", ())}
        fine, added = [], 0
        for at, number in enumerate(self._words.clause):
            added += at in breaks
            fine.append(number * 1000 + added)
        return fine

    def _is_past(self, part: Mention) -> bool:
        known = self._past.get(part.start)
        if known is None:
            known = self._past[part.start] = self._lies_past(part)
        return known

    def _lies_past(self, part: Mention) -> bool:
        clause = self._clause[part.start]
        if clause in self._today:
            return False
        for cue in self._cues.get("past_back", ()):
            if self._clause[cue.start] == clause:
                opens = cue.start < 3 or self._clause[cue.start - 3] != clause
                if part.start < cue.start or opens:
                    return True
        return clause in self._dated or any(
            self._clause[cue.start] == clause and cue.end <= part.start <= cue.end + 8
            for cue in self._cues.get("past_ahead", ())
        )

    # ---- questions about the subject ----

    def _asked(self) -> Iterator[tuple[str, Mention]]:
        for name in _FORWARD:
            for cue in self._cues.get(name, ()):
                if not self._consumed(cue, want=True):
                    yield name, cue
        # "Can filler cause …", "Does flossing …": a question whose subject is nobody in particular.
        seconds = {one.start for one in self._cues.get("notopening", ())} | self._words.owned
        sentence = self._words.sentence
        for cue in self._cues.get("opening", ()):
            first = cue.start == 0 or sentence[cue.start - 1] != sentence[cue.start]
            if first and cue.end not in seconds and cue.end < len(sentence):
                yield "research", cue

    def _asks(self, asked: tuple[str, Mention], head: int, *, crisis: bool) -> bool:
        name, cue = asked
        if crisis and name != "research":
            return False
        return head >= cue.start and not any(at in self._personal for at in range(cue.end, head + 1))

    def _is_fiction(self, head: int) -> bool:
        sentence = self._words.sentence
        for cue in self._cues.get("fiction", ()):
            if sentence[cue.start] != sentence[head] or self._consumed(cue, want=True):
                continue
            low, high = min(cue.end, head), max(cue.start, head)
            if not any(low <= at <= high and at != cue.start for at in self._own):
                return True
        return False

    # ---- animals ----

    def _animal_tokens(self) -> frozenset[int]:
        """The tokens of which an animal is the nearest subject before; "he" takes up the last one named."""
        animals = {one.start for one in self._place.of(("animal",))}
        if not animals:
            return frozenset()
        people = {one.start for one in self._place.of(("person",))}
        own = {one.start for one in self._cues.get("firstperson", ())}
        pronouns = {one.start for one in self._cues.get("personal", ())} - own
        named = current = False
        tokens: set[int] = set()
        first = min(animals)
        if not any(at < first for at in people | own):
            tokens.update(range(first))
        for at in range(len(self._words.tokens)):
            if at in animals:
                named = current = True
            elif at in pronouns:
                current = named
            elif at in people:
                named = current = False
            elif at in own:
                current = False
            if current:
                tokens.add(at)
        return frozenset(tokens)
