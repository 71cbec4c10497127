"""Lists the written example sentences that the gate compares a question with."""

from askdoc.safety.table import shipped

TABLE_VERSION = shipped().version
"""Changes when an example changes: an index holds the examples' embeddings and records this beside them."""


def sentences() -> tuple[str, ...]:
    """Lists the written example sentences whose embeddings ``Gate.load`` takes, in the table's order."""
    return tuple(example.text for example in shipped().examples)
