"""The hunt for slow questions keeps what it should."""

from collections.abc import Sequence
from typing import cast

import pytest

from askdoc.responder import LONGEST_QUESTION, Parts, Responder
from benchmarks.speed import worst_questions
from benchmarks.speed.worst_questions import Hunt, Input, Machine, Vocabularies, kinds, made_by_hand, timed_in_turn

KNOWN = Vocabularies(("gout", "eczema"), ("tennis elbow",), ("chest pain",))


class Counting(Machine):
    """A machine on which a question takes as many milliseconds as it has letters."""

    def __init__(self) -> None:
        super().__init__(cast(Responder, None), cast(Parts, None))

    def cost(self, input_: Input, rounds: int = 1) -> float | None:
        return float(len(input_.question)) or None

    def timed(self, input_: Input, reply: float) -> worst_questions.Timing:
        return worst_questions.Timing(input_.name, reply, 0.0, 0.0, 0.0)


def asked(*inputs: Input) -> Hunt:
    """A hunt that has met some inputs."""
    hunt = Hunt(Counting(), 0.0)
    for input_ in inputs:
        hunt.meet(input_)
    return hunt


def test_of_each_family_the_worst_is_kept() -> None:
    """With questions before it or without; what is refused counts for nothing."""
    best, worse, worst = Input("letters + emoji", "a"), Input("letters", "aa"), Input("letters + digits", "aaa")
    after, refused = Input("letters", "aaaa", ("why?",)), Input("names", "")
    assert asked(best, worst, worse, after, refused).candidates() == [after, worst]


def test_every_kind_of_piece_is_tried_at_the_greatest_length() -> None:
    """Alone, glued together, and before a short question."""
    inputs = list(made_by_hand(KNOWN))
    assert len(inputs) > 3 * len(kinds(KNOWN))
    assert max(len(input_.question) for input_ in inputs) == LONGEST_QUESTION
    assert any(input_.context for input_ in inputs)


@pytest.mark.parametrize("messages", [("aaaa", "aa", "aaa"), ("aaa",)])
def test_the_worst_come_first_and_are_compared_with_the_median_message(messages: Sequence[str]) -> None:
    """No more than are shown."""
    inputs = [Input(f"kind {number}", "a" * number) for number in range(1, 15)]
    shown, median = timed_in_turn(Counting(), inputs, messages)
    assert [timing.reply for timing in shown] == [float(number) for number in range(14, 4, -1)]
    assert median == 3.0
    assert shown[0].line(median).startswith("| kind 14 | 14.0 | 4.7 |")
