"""The safety gate: a question to the notice that must be read first, if any."""

import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from askdoc.countries import Country
from askdoc.models import Level, Notice
from askdoc.safety.assertion import CUE, MASK, NAMES, Assertion, Assertions
from askdoc.safety.features import Outcome, Weigher, features, spoken
from askdoc.safety.normalization import Spelling, fold, parted, words
from askdoc.safety.notices import Detection, Notices
from askdoc.safety.phrases import Mention, PhraseMatcher, phrases
from askdoc.safety.rules import Place, Rule, Rulebook
from askdoc.safety.segments import pieces
from askdoc.safety.similarity import KernelRidge
from askdoc.safety.table import Table, shipped
from askdoc.safety.unread_languages import UnreadLanguages
from askdoc.safety.vital_signs import VitalSigns

_log = logging.getLogger(__name__)

# Chosen on the sentences that may be read, by fits that saw none like the one judged;
# benchmarks/relevance/safety.py prints what they give.
_SURE = 0.5
"""Similarity to the alarming examples that counts without any rule."""
_UNMEASURED = 0.15
"""How much more is asked for with a model that the gate was not measured with, and in Spanish."""
_SUPPORTED = 0.35
"""Similarity that is enough beside several signs that are harmless alone."""
_UNLIKELY = 0.4
"""Likeness below which a rule's finding is taken for a coincidence and gets the quieter notice."""
_LONG_DOUBT = 0.1
"""How much more is asked for of a long message: whoever tells a whole story says much that alarms in a short one."""
_WORTH = 0.1
"""What must speak for an alarm in a piece of a long message before it is embedded."""
_MOSTLY = 0.5
"""Share of the likeness that must be one to examples of crisis for a crisis."""
_CORPUS_SHARE = 0.1
"""Share of a corpus's passages in a language from which on questions in it are answered."""
_ENGLISH = "en"
_KNOWN = 0.25
"""Share of the words that must be known English ones for nearness to count."""
_LETTERS = re.compile(r"[a-z]+")
_LONGEST = 4000
"""Characters that are read; what is longer is cut in the middle, so that the time is bounded."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the words of a question say: what was found, what it stands under, and what both amount to.

    ``said`` is what they say for an alarm and for a crisis; ``piece`` the part of a long message that is judged by
    itself as well, with what its words say.
    """

    place: Place
    scopes: Assertions
    outcomes: tuple[Outcome, ...]
    language: str
    said: tuple[float, float] = (0.0, 0.0)
    piece: tuple[str, tuple[float, float]] | None = None
    is_long: bool = False
    is_read: bool = True
    """Whether enough of the words are known for nearness to count."""
    unread: Detection | None = None
    """What is found of a question in a language that is not read; then nothing else is looked for."""

    @property
    def pieces(self) -> tuple[str, ...]:
        """The texts whose embeddings ``Gate.judge`` takes below the question's own; none of a short question."""
        return (self.piece[0],) if self.piece else ()


class Similarity(NamedTuple):
    """How alarming a question is, how much of that is crisis, and how alarming it is at most, as a whole or in part."""

    alarm: float
    crisis: float
    most: float


class Gate:
    """Looks at a question before anything is retrieved. It keeps nothing of it."""

    def __init__(self, the_table: Table, *, country: Country, nearness: KernelRidge | None) -> None:
        self._weigh = Weigher(the_table.weights.seen, the_table.weights.said)
        self._nearness = nearness
        languages = the_table.languages
        self._notices = Notices(the_table, country)
        self._education = self._notices.of(Detection(Level.EDUCATION))
        self._skip = frozenset(word.strip() for language in languages for word in language["skip"].split(","))
        self._owners = the_table.owners
        self._lexicon = PhraseMatcher(_lists(languages), skip=self._skip)
        self._spelling = Spelling(the_table.spelled, protected=the_table.protected)
        self._measures = VitalSigns({k: v for language in languages for k, v in language["numbers"].items()})
        self._rules = Rulebook.read(the_table.rules["rule"])
        # Once one firm rule has fired, soft ones add nothing.
        self._settled = frozenset(rule.name for rule in self._rules.rules if rule.soft)
        self._telling: dict[str, frozenset[str]] = {
            language["code"]: frozenset(phrases(language["telling"])) for language in languages
        }
        english, spanish = _vocabularies(the_table)
        self._unread = UnreadLanguages(english=_small(languages[0]), spanish=spanish)
        self._english = english | (self._weigh.words - spanish)
        self._known = self._english | spanish

    @classmethod
    def load(
        cls, *, country: str = "US", vectors: NDArray[np.float32] | None = None, table: Table | None = None
    ) -> "Gate":
        """The gate with the shipped table, unless another is given.

        ``vectors`` (n, width) are the inner vectors of ``examples.sentences()``, row for row; without them the patterns
        decide alone.
        """
        the_table = table or shipped()
        nearness = None
        if vectors is not None:
            nearness = KernelRidge(
                np.asarray(vectors, dtype=np.float32),
                [one.level for one in the_table.examples],
                known=the_table.weights.known,
                fitted=(the_table.weights.shares, the_table.weights.given),
            )
        return cls(the_table, country=Country.find(country), nearness=nearness)

    def answering(self, passages: Sequence[str]) -> "Gate":
        """The same gate before a corpus: below its notice, questions in the languages of these passages are answered.

        A language counts that a tenth of them are in.
        """
        counts = Counter(map(self._unread.language, passages))
        languages = {code for code, count in counts.items() if code and _CORPUS_SHARE * len(passages) <= count}
        if not languages:
            return self
        gate = copy(self)
        gate._notices = self._notices.answering(languages)
        return gate

    def check(self, question: str, vector: NDArray[np.float32] | None = None) -> Notice | None:
        """The notice for a question, or None: ``look`` and ``judge`` in one."""
        return self.judge(self.look(question), vector)

    def pieces(self, question: str) -> tuple[str, ...]:
        """The texts whose embeddings ``check`` takes below the question's own."""
        if self._unread.language(question):
            return ()
        piece = self._piece(pieces(_bounded(question)))
        return (piece[0],) if piece else ()

    def look(self, question: str) -> Assessment | None:
        """What a question's words say, before its embedding is known; None where that failed. Never raises."""
        try:
            return self._look(question)
        except Exception as error:
            _failed(error)
            return None

    def judge(self, look: Assessment | None, vector: NDArray[np.float32] | None = None) -> Notice | None:
        """The notice for what was looked at, or None; ``vector`` is its inner vector, where there is one.

        ``vector`` is (dim,), or (m, dim) with those of the look's ``pieces`` below the question's own.

        Never raises: where anything fails, the quieter notice is shown and the error is logged without the
        question.
        """
        if look is None:
            return self._education
        try:
            finding = self._decide(look, self._likeness_of(look, vector))
            return None if finding.level is None else self._notices.of(finding)
        except Exception as error:
            _failed(error)
            return self._education

    def find(self, question: str, vector: NDArray[np.float32] | None = None) -> Detection:
        """What the notice is built from: for measuring and for changing rules."""
        look = self._look(question)
        return self._decide(look, self._likeness_of(look, vector))

    def _look(self, question: str) -> Assessment:
        question = _bounded(question)
        foreign = self._unread.language(question)
        folded = self._fold(question)
        place, scopes = self._read("" if foreign else folded)
        if foreign:
            return Assessment(place, scopes, (), foreign, unread=self._found(question, foreign))
        outcomes = tuple(self._outcomes(place, scopes))
        language = self._language(folded)
        read = self._is_read(folded, language)
        if self._nearness is None or not read:  # the patterns decide alone
            return Assessment(place, scopes, outcomes, language, is_read=read)
        said = self._weigh(features(place, scopes, outcomes), spoken(folded))
        cut = pieces(question)
        return Assessment(place, scopes, outcomes, language, said, self._piece(cut), is_long=bool(cut))

    def _found(self, question: str, language: str) -> Detection:
        """What is found of a question in a language that is not read: the gravest phrases, or that it is in it."""
        level = self._unread.gravest(question, language) or Level.EDUCATION
        return Detection(level, ("unread",), language, ("unread",))

    def _piece(self, cut: Sequence[str]) -> tuple[str, tuple[float, float]] | None:
        """The part of a long message that is judged by itself as well, or None, with what its words say.

        That which speaks most for an alarm: to embed all would double the time of every long message, and finds hardly
        more (docs/safety.md).
        """
        weighed = [(self._weigh(*self.seen(part)), part) for part in cut]
        said, part = max(weighed, default=((0.0, 0.0), ""))
        return (part, said) if said[0] >= _WORTH else None

    def _likeness_of(self, look: Assessment, vector: NDArray[np.float32] | None) -> Similarity | None:
        """How alarming a question is, by its vector and by what is in it."""
        if self._nearness is None or vector is None or look.unread or not look.is_read:
            return None
        near = self._nearness(np.atleast_2d(vector))
        whole = _sum(near[0], look.said)
        if look.piece is None or len(near) < 2:
            return Similarity(*whole, most=whole[0])
        # The piece was chosen for what speaks against it, so it alone accuses every long message.
        piece = _sum(near[1], look.piece[1])
        return Similarity((whole[0] + piece[0]) / 2, (whole[1] + piece[1]) / 2, most=max(whole[0], piece[0]))

    def seen(self, question: str) -> tuple[set[str], set[str]]:
        """The names of what the patterns saw, and the words that were said: for fitting ``weights.npz``."""
        folded = self._fold(question)
        place, scopes = self._read(folded)
        return features(place, scopes, self._outcomes(place, scopes)), spoken(folded)

    def _fold(self, question: str) -> str:
        """Lower case without accents, and without what cannot be seen."""
        return parted(fold(question), known=self._known.__contains__)

    def _read(self, folded: str) -> tuple[Place, Assertions]:
        """What is found in a folded text, and what it stands under."""
        text = words(folded, known=self._lexicon.knows, mend=self._spelling.mend, skip=self._skip, owners=self._owners)
        found = _unmasked(self._lexicon.find(text.tokens))
        place = Place([one for one in found if one.concept[0] != CUE], text.sentence)
        for sign in self._measures.find(text.tokens, place.by_concept):
            place.by_concept.setdefault(sign.concept, []).append(sign)
        return place, Assertions(text, found, place=place)

    def _outcomes(self, place: Place, scopes: Assertions) -> Iterator[Outcome]:
        """Every rule that matched, until one firm rule has settled the matter."""
        done: set[str] = set()
        for hit in self._rules.hits(place, done=done):
            scope = scopes.of(hit)
            told = scope is None and not hit.rule.soft and scopes.is_told(hit.parts)
            outcome = Outcome(hit, scope, told)
            if outcome.fires and not hit.rule.soft:
                done.update(self._settled, (hit.rule.name,))
            yield outcome

    def _language(self, folded: str) -> str:
        """The language whose small words the question has most of; the first one where none tells."""
        said = folded.split()
        counts = {code: sum(map(small.__contains__, said)) for code, small in self._telling.items()}
        return max(counts, key=lambda code: counts[code])

    def _is_read(self, folded: str, language: str) -> bool:
        """Whether a text is in a language that is read: nearness takes much Latin and nonsense for alarming."""
        said = _LETTERS.findall(folded)
        known = sum(map(self._english.__contains__, said))
        return language != _ENGLISH or known >= _KNOWN * len(said)

    def _decide(self, look: Assessment, likeness: Similarity | None) -> Detection:
        if look.unread:
            return look.unread
        outcomes, language = look.outcomes, look.language
        firm = [one.hit.rule for one in outcomes if one.fires and not one.hit.rule.soft]
        soft = [one.hit.rule for one in outcomes if (one.fires and one.hit.rule.soft) or one.told]
        asked = [one.hit.rule for one in outcomes if one.scope is Assertion.QUESTION]
        quiet = [one.hit.rule for one in outcomes if one.scope not in (None, Assertion.QUESTION)]
        if likeness is not None:
            firm, asked, near = self._weighed(look, likeness, firm, soft, asked)
            if near is not None:
                return near
        if firm:
            levels = {rule.level for rule in firm}
            level = Level.CRISIS if Level.CRISIS in levels else Level.EMERGENCY
            topics = tuple(dict.fromkeys(rule.topic for rule in firm))
            return Detection(level, topics, language, tuple(dict.fromkeys(rule.name for rule in firm)))
        return self._ask(look, asked=asked, quiet=quiet)

    def _weighed(
        self, look: Assessment, likeness: Similarity, firm: list[Rule], soft: list[Rule], asked: list[Rule]
    ) -> tuple[list[Rule], list[Rule], Detection | None]:
        """The firm and the asked rules beside nearness, and what nearness finds without any of its level."""
        alarm, crisis, most = likeness
        if firm and most < _UNLIKELY:
            sure = [rule for rule in firm if rule.sure]
            return sure, [*(rule for rule in firm if not rule.sure), *asked], None
        nearer = Level.CRISIS if crisis > alarm * _MOSTLY else Level.EMERGENCY
        told = any(rule.level is nearer for rule in firm)
        if told or alarm < self._limit(look, soft) or look.scopes.elsewhere:
            return firm, asked, None
        near = [rule for rule in soft if rule.level is nearer]
        if near or any(rule.sure for rule in firm):
            return [*firm, *near], asked, None
        topics = ("crisis" if nearer is Level.CRISIS else "other", *(rule.topic for rule in firm))
        names = ("nearness", *(rule.name for rule in firm))
        level = Level.CRISIS if any(rule.level is Level.CRISIS for rule in firm) else nearer
        return firm, asked, Detection(level, tuple(dict.fromkeys(topics)), look.language, tuple(dict.fromkeys(names)))

    def _limit(self, look: Assessment, soft: list[Rule]) -> float:
        """The likeness that is enough without a firm rule."""
        doubt = 0.0 if self._nearness is None or self._nearness.measured else _UNMEASURED
        doubt += _UNMEASURED if look.language != _ENGLISH else 0.0
        doubt += _LONG_DOUBT if look.is_long else 0.0
        return doubt + (_SUPPORTED if len(soft) > 1 and not look.scopes.asks else _SURE)

    @staticmethod
    def _ask(look: Assessment, *, asked: list[Rule], quiet: list[Rule]) -> Detection:
        """Whether the quieter notice is due: the question is about an emergency, or denies a crisis."""
        place, scopes, language = look.place, look.scopes, look.language
        spoken = [rule for rule in asked if not rule.soft]
        if not spoken and any(rule.topic == "crisis" and not rule.soft for rule in quiet):
            spoken = [rule for rule in quiet if rule.topic == "crisis"]
        if spoken:
            return Detection(
                Level.EDUCATION, tuple(rule.topic for rule in spoken), language, tuple(r.name for r in spoken)
            )
        if scopes.names_crisis:
            return Detection(Level.EDUCATION, ("crisis",), language, ("crisis_topic",))
        for name in sorted(NAMES & place.by_concept.keys()):
            for one in place.of((name,)):
                if scopes.of_parts([one]) in (None, Assertion.QUESTION) and not scopes.is_told([one]):
                    topic = "crisis" if name in ("suicide", "suicidal", "selfharm") else "other"
                    return Detection(Level.EDUCATION, (topic,), language, (name,))
        return Detection(None, language=language)


def _small(language: Mapping[str, Any]) -> frozenset[str]:
    """The small words of a language that is read."""
    return _spelled(language[key] for key in ("telling", "skip", "owners"))


def _spelled(lists: Iterable[str]) -> frozenset[str]:
    """Every word in some lists of the table, stems as they stand."""
    return frozenset(word for text in lists for one in phrases(text) for word in one.replace("*", "").split())


def _vocabularies(table: Table) -> tuple[frozenset[str], frozenset[str]]:
    """The words that are known of each of the two languages."""
    english, spanish = (_small(one) | _spelled(one["words"].values()) for one in table.languages)
    return english | table.protected, spanish


def _failed(error: Exception) -> None:
    # Neither the message nor the traceback of a foreign error is logged: both may quote the question.
    _log.error("the safety gate failed (%s); showing the education notice", type(error).__name__)


def _bounded(question: str) -> str:
    """What is read of a question: both ends of one that is too long."""
    return question if len(question) <= _LONGEST else f"{question[: _LONGEST // 2]}\n{question[-_LONGEST // 2 :]}"


def _sum(near: NDArray[np.float32], said: tuple[float, float]) -> tuple[float, float]:
    return float(near[0]) + said[0], float(near[1]) + said[1]


def _lists(languages: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, str]]:
    for language in languages:
        yield language["words"]
        yield {CUE + name: text for name, text in language["cues"].items()}
        yield {CUE + name: text for name, text in language["idioms"].items()}


def _unmasked(found: list[Mention]) -> list[Mention]:
    """Without the concepts inside a saying, save where the concept's own phrase is the longer one."""
    masked: dict[int, int] = {}  # for each token, the length of the longest saying over it
    for one in found:
        if one.concept == MASK:
            for at in range(one.start, one.end):
                masked[at] = max(masked.get(at, 0), one.end - one.start)
    if not masked:
        return found
    return [
        one
        for one in found
        if one.concept[0] == CUE or all(masked.get(at, 0) < one.end - one.start for at in range(one.start, one.end))
    ]
