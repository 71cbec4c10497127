"""Lists the labelled example sentences that the gate compares a question with."""

from askdoc.safety.table import shipped

TABLE_VERSION = shipped().version
"""Version of the examples: an index holds their vectors and records this beside them."""


def sentences() -> tuple[str, ...]:
    """Return the example sentences whose inner vectors ``Gate.load`` takes, in the table's order."""
    return tuple(example.text for example in shipped().examples)
