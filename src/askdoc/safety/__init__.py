"""What must be read first: a question to the notice that comes before any answer."""

from askdoc.safety.gate import Gate
from askdoc.safety.notices import Notices
from askdoc.safety.table import shipped

__all__ = ["TABLE_VERSION", "Gate", "Notices", "examples"]

TABLE_VERSION = shipped().version
"""Changes when an example changes: an index holds the examples' embeddings and records this beside them."""


def examples() -> tuple[str, ...]:
    """The written example sentences whose embeddings ``Gate.load`` takes, in the table's order."""
    return tuple(example.text for example in shipped().examples)
