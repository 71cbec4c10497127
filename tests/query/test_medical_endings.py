"""Tests for ``askdoc.query.medical_endings``: against the patterns that it replaces."""

import re

import pytest

from askdoc.query import medical_endings
from askdoc.query.terminology import Terminology

NAME = re.compile(
    r"(?:itis|osis|iasis|oma|emia|aemia|pathy|algia|ectomy|plasty|otomy|ostomy|oscopy|plegia|uria|penia|cillin|mycin|azole"
    r"|statin|pril|sartan|olol|oxacin|prazole|cycline|caine|zepam|zolam|triptan|gliptin|gliflozin|glutide|mab|tinib|vir)s?$"
)
DRUG = re.compile(
    r"(?:cillin|mycin|azole|statin|pril|sartan|olol|oxacin|cycline|caine|zepam|zolam|triptan|gliptin|gliflozin|glutide|mab"
    r"|tinib|vir|dipine|oxetine|prazine|thiazide|parin|profen|idone|apine|sone|solone)$"
)
FIELD = Terminology.shipped()
WORDS = sorted(FIELD.vocabulary | {f"{word}s" for word in FIELD.vocabulary} | set().union(*FIELD.classes.values()))


def test_endings_tell_what_the_patterns_told() -> None:
    """Of every word of the terminology, in both numbers, and of everyday words."""
    assert [word for word in WORDS if medical_endings.is_name(word) != bool(NAME.search(word))] == []
    assert [word for word in WORDS if medical_endings.is_drug(word) != bool(DRUG.search(word))] == []


@pytest.mark.parametrize("word", ["bronchitis", "statins", "liposarcoma", "omeprazole"])
def test_a_name_of_the_field_is_told_by_its_ending(word: str) -> None:
    """In the singular and in a plural in -s, whether or not a table has it."""
    assert medical_endings.is_name(word)


def test_some_drugs_are_told_only_beside_a_known_one() -> None:
    """Everyday words end in -sone and -idone, too."""
    assert medical_endings.is_drug("prednisone")
    assert not medical_endings.is_name("prednisone")
