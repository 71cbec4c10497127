"""Counts how many labelled sentences a safety gate raises an alarm for."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from askdoc.models import Level
from askdoc.safety import Gate
from training.embedding import CachedEmbedder
from training.safety_sentences import LabelledSentence

ALARMS = (Level.EMERGENCY, Level.CRISIS)


@dataclass(frozen=True, slots=True)
class AlarmCount:
    """Of ``count`` sentences with one label: how many raised an alarm, and how many exactly the labelled one."""

    count: int
    alarms: int
    exact: int

    @property
    def share(self) -> float:
        """The share that raised an alarm."""
        return self.alarms / self.count


def count_alarms(
    gate: Gate, sentences: Sequence[LabelledSentence], embed: CachedEmbedder | None
) -> dict[str, AlarmCount]:
    """The counts of each label; without an embedder the patterns judge alone."""
    total: Counter[str] = Counter()
    raised: Counter[str] = Counter()
    exact: Counter[str] = Counter()
    for label, text in sentences:
        notice = gate.check(text, embed.inner([text, *gate.segments(text)]) if embed else None)
        level = notice.level if notice else None
        total[label] += 1
        raised[label] += level in ALARMS
        exact[label] += level is not None and level.value == label
    return {label: AlarmCount(total[label], raised[label], exact[label]) for label in total}
