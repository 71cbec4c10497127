"""Notices in words that fit their language, whatever numbers a country has."""

import pytest

from askdoc.countries import Country
from askdoc.safety import Notices


@pytest.mark.parametrize("level", ["emergency", "crisis"])
def test_spanish_without_a_number_has_one_article(level: str) -> None:
    """The words for a number stand behind "al", which holds the article already."""
    first = Notices.shipped(Country.find("BR")).first()["es"][level]
    assert "llame al número de emergencias" in f"{first.title} {first.text}".replace("ahora ", "")
    assert "al el" not in f"{first.title} {first.text}"
