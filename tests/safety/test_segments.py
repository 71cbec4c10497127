"""A long message split into segments, so that one sentence in the middle counts."""

import numpy as np
import pytest

from askdoc.models import Level
from askdoc.safety import Gate, examples
from askdoc.safety.segments import LONG_MESSAGE, MOST_SEGMENTS, split_segments
from askdoc.safety.table import shipped


def test_a_short_message_is_not_cut() -> None:
    """It costs one embedding, as before."""
    assert split_segments("My gums bleed. What helps?") == ()


@pytest.mark.parametrize("end", [". ", "\n", " and then "])
@pytest.mark.parametrize("times", [6, 40, 400])
def test_a_long_message_keeps_every_word_in_a_few_segments(end: str, times: int) -> None:
    """With full stops, with lines, and without either."""
    message = end.join(["the cream made my skin rather dry"] * times)
    cut = split_segments(message)
    assert 2 <= len(cut) <= MOST_SEGMENTS
    assert " ".join(cut).replace(".", "").split() == message.replace(".", "").split()


LOREM = "lorem ipsum dolor sit amet consectetur"


def test_a_message_without_a_sign_costs_one_embedding(near: Gate) -> None:
    """However long it is."""
    assert near.segments(". ".join(["What can I eat after whitening"] * LONG_MESSAGE)) == ()


def test_one_segment_alone_can_raise_the_notice(near: Gate) -> None:
    """The rest of the message is ordinary, and so is its vector as a whole; the segment with the sign is judged too."""
    labels = [example.level for example in shipped().examples]
    vectors = np.eye(len(examples.sentences()), dtype=np.float32)
    sign = "since tonight a severe pain all over"
    message = ". ".join([*[LOREM] * 3, sign, *[LOREM] * 2])
    assert near.segments(message) == (sign,)
    ordinary = vectors[[labels.index(None)] * 2]
    alarming = ordinary.copy()
    alarming[1] = vectors[labels.index(Level.EMERGENCY)]
    assert near.detect(message, ordinary).level is None
    assert near.detect(message, alarming).level is Level.EMERGENCY
