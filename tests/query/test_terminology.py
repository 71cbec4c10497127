"""The field's tables: what may stand in them."""

import pytest

from askdoc.query.terminology import SHORTEST, Terminology, phrase
from askdoc.text import words

FIELD = Terminology.shipped()


def test_there_are_many_groups_and_every_entry_has_three_letters() -> None:
    """Short entries mean too many things; an entry that is alone helps nobody."""
    assert len({frozenset((name, *map(phrase, others))) for name, others in FIELD.synonyms.items()}) >= 150
    assert all(sum(map(len, name)) >= SHORTEST for name in FIELD.synonyms)
    assert all(FIELD.synonyms.values())


@pytest.mark.parametrize(("group", "fault"), [(["nose job", "ab"], "shorter"), (["mole", "moles"], "twice")])
def test_a_bad_entry_is_refused(group: list[str], fault: str) -> None:
    """Too short, or there already in the plural."""
    with pytest.raises(ValueError, match=fault):
        Terminology.of({"any": [group]}, {}, {})


def test_two_medicines_are_never_the_same() -> None:
    """Only the brand and the generic name of one medicine stand together."""
    for name in ("prednisone", "prednisolone", "hydralazine", "hydroxyzine", "losartan"):
        assert phrase(name) not in FIELD.synonyms
        assert name in FIELD.drugs


def test_names_are_compared_without_case_plural_and_apostrophe() -> None:
    """As people type them."""
    assert phrase("Athlete’s Foot") == phrase("athletes foot")
    assert phrase("Water Pills") == phrase("water pill")
    assert words("Crow's-feet, ½ ＡＢ") == ["crows", "feet", "1", "2", "ab"]
