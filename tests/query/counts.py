"""A small corpus's words with their document frequencies."""

from collections.abc import Sequence
from dataclasses import dataclass

COUNTS = {
    "rhinoplasty": 5, "nose": 30, "job": 4, "hives": 9, "eczema": 40, "psoriasis": 12, "itching": 20, "pain": 90,
    "tired": 11, "infection": 30, "clot": 2, "clots": 1, "cloth": 2, "lisinopril": 6, "tummy": 3, "tuck": 3,
    "toddler": 2, "scar": 50, "scab": 1,
}  # fmt: skip


@dataclass(frozen=True)
class Counted:
    """The counts, and some words that the language knows."""

    def count(self, word: str) -> int:
        return COUNTS.get(word, 0)

    def of_length(self, length: int) -> Sequence[str]:
        return [word for word in COUNTS if len(word) == length]

    def ordinary(self, word: str) -> bool:
        return word in {"tyre", "cook", "toddler", "tired", "cloth"}
