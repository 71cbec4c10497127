"""Words a detection as a notice in the question's language, with a country's numbers to call."""

from collections.abc import Container, Mapping
from copy import copy
from typing import Self

from askdoc.countries import Country
from askdoc.models import Contact, Level, Notice
from askdoc.safety.detection import Detection
from askdoc.safety.scripts import OTHER
from askdoc.safety.table import Table, shipped
from askdoc.safety.unread_languages import UnreadLanguage, unread_languages

_KINDS = {"violence": "violence", "poison": "poison", "overdose": "poison"}
"""Topics of an emergency that have words of their own."""
_TAKEN = frozenset({"poison", "overdose", "bleeding"})
"""Topics where something was done to the body already: the ambulance comes before the line to talk to."""
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur"})


class Notices:
    """Makes the notices of one country, in all languages that the table has words in."""

    def __init__(self, table: Table, country: Country) -> None:
        self._country = country
        self._answered: Container[str] = ()
        """Languages that are not read, in which questions may be answered below the notice."""
        self._wordings: Mapping[str, Mapping[str, str]] = {
            language["code"]: language["notice"] for language in table.languages
        }
        self._closed = frozenset(table.rules["topics"]["closed"].replace(" ", "").split(","))

    @classmethod
    def shipped(cls, country: Country) -> Self:
        """Make the notices in the words that are shipped."""
        return cls(shipped(), country)

    def answering(self, languages: Container[str]) -> Self:
        """Return notices that let questions in some of the languages that are not read be answered below."""
        notices = copy(self)
        notices._answered = languages
        return notices

    def of(self, detection: Detection) -> Notice:
        """Word a detection; one without a level gets the education notice."""
        if detection.language not in self._wordings:
            return self._unread(detection)
        wording = self._wordings[detection.language]
        number: str = self._country.emergency or wording["local_number"]
        line: str = self._country.crisis_line or wording["local_line"]
        level, topics = detection.level or Level.EDUCATION, detection.topics
        return Notice(
            level=level,
            title=wording[f"{_heading(level, topics)}_title"].format(number=number),
            text=wording[f"{_kind(level, topics)}_text"].format(number=number, line=line),
            contacts=self._contacts(level, topics, label=wording["call_label"]),
            answers_allowed=level is Level.EDUCATION or self._closed.isdisjoint(topics),
            language=detection.language,
        )

    def first(self) -> dict[str, dict[str, Notice]]:
        """The notices that a client can show before the server answers: by language, then by name.

        ``emergency`` and ``crisis`` are the plain ones, ``taken`` is a crisis in which something was swallowed already.
        """
        loud = {
            "emergency": (Level.EMERGENCY, ()),
            "crisis": (Level.CRISIS, ("crisis",)),
            "taken": (Level.CRISIS, ("crisis", "overdose")),
        }
        return {
            code: {name: self.of(Detection(level, topics, code)) for name, (level, topics) in loud.items()}
            for code in self._wordings
        }

    def _unread(self, detection: Detection) -> Notice:
        """The notice for a question in a language that is not read: whom to call, whatever was asked."""
        level, code = detection.level or Level.EDUCATION, detection.language
        language = unread_languages()["en" if code == OTHER else code]
        unread, call, talk = self._sentences(language)
        answered = level is Level.EDUCATION and code in self._answered
        title, *rest = {
            Level.EMERGENCY: (call, unread),
            Level.CRISIS: (talk or call, call if talk else "", unread),
            Level.EDUCATION: (call, talk) if answered else (unread, call, talk),
        }[level]
        if code == OTHER:
            rest += [text for other in self._country.languages for text in self._sentences(unread_languages()[other])]
        return Notice(
            level=level,
            title=title,
            text=" ".join(filter(None, rest)),
            contacts=self._everyone(level, label=language.sentences["label"]),
            answers_allowed=answered,
            language=language.code,
        )

    def _sentences(self, language: UnreadLanguage) -> tuple[str, str, str]:
        """Three sentences: that the language is not read, whom to call, whom to talk to ("" where there is no line)."""
        said, line = language.sentences, self._country.crisis_line
        number = self._country.emergency or said["local"]
        if line and language.code in _RIGHT_TO_LEFT:
            line = line.replace(" ", "\u00a0")  # with blanks the groups would be shown in reverse order
        return said["unread"], said["call"].format(number=number), said["talk"].format(line=line) if line else ""

    def _everyone(self, level: Level, *, label: str) -> tuple[Contact, ...]:
        call, talk = self._emergency(label), self._country.lines("crisis")
        return (*talk, *call) if level is Level.CRISIS else (*call, *talk)

    def _contacts(self, level: Level, topics: tuple[str, ...], *, label: str) -> tuple[Contact, ...]:
        """Whom to call: in a crisis the line to talk to comes first, unless something was taken already."""
        call, talk = self._emergency(label), self._country.lines("crisis")
        others = tuple(topic for topic in ("poison", "violence") if topic in topics)
        if "overdose" in topics and "poison" not in topics:
            others = ("poison", *others)
        rest = self._country.lines(*others)
        if "crisis" not in topics:
            return (*call, *rest)
        return (*call, *talk, *rest) if _is_taken(level, topics) else (*talk, *call, *rest)

    def _emergency(self, label: str) -> tuple[Contact, ...]:
        return (Contact(label=label, call=self._country.emergency),) if self._country.emergency else ()


def _is_taken(level: Level, topics: tuple[str, ...]) -> bool:
    """Whether something was done already, so that a crisis needs the ambulance first."""
    return level is Level.CRISIS and not _TAKEN.isdisjoint(topics)


def _heading(level: Level, topics: tuple[str, ...]) -> str:
    """The key of a title in a language's words: every emergency has the same one."""
    return level.value if level is Level.EMERGENCY else _kind(level, topics)


def _kind(level: Level, topics: tuple[str, ...]) -> str:
    """The key of a text in a language's words."""
    if level is Level.EMERGENCY:
        return next((text for topic, text in _KINDS.items() if topic in topics), level.value)
    if _is_taken(level, topics):
        return "taken"
    if level is Level.EDUCATION and "crisis" in topics:
        return "education_crisis"
    return level.value
