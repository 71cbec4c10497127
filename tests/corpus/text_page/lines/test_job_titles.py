"""Titles: specialty and place only where they are certain."""

import pytest

from askdoc.corpus.text_page.lines import authors


@pytest.mark.parametrize(
    ("title", "specialty", "location"),
    [
        ("San Francisco Plastic Surgeon", "Plastic Surgeon", "San Francisco"),
        ("Fort Worth Facial Plastic Surgeon", "Facial Plastic Surgeon", "Fort Worth"),
        ("Washington DC Physician", None, "Washington DC"),
        ("Washington, DC Dentist", "Dentist", "Washington, DC"),
        ("St. Louis Oculoplastic Surgeon", "Oculoplastic Surgeon", "St. Louis"),
        ("New York Pediatric Dermatologist", "Pediatric Dermatologist", "New York"),
        ("São Paulo Orthodontist", "Orthodontist", "São Paulo"),
        ("Plastic Surgeon", "Plastic Surgeon", None),
        ("Board Certified Plastic Surgeon", "Plastic Surgeon", None),
        ("Cleft Lip Surgeon", "Surgeon", None),
        ("Mohs Surgeon", "Surgeon", None),
        ("Sleep Specialist", None, None),
        ("Women’s Health Nurse", "Nurse", None),
        ("Weight Loss Doctor", None, None),
        ("Holistic Dentist", "Dentist", None),
        ("Chief of Surgery", None, None),
        ("Staff, Family medicine", "Family medicine", None),
        ("Rest, ice and medicine", None, None),
        ("Demonstration answer, Allergy and immunology", "Allergy and immunology", None),
        ("Demonstration answer, Sleep medicine", "Sleep medicine", None),
    ],
)
def test_a_title_gives_field_and_place_only_where_they_are_certain(
    title: str, specialty: str | None, location: str | None
) -> None:
    """A field needs a profession that names one; a place needs words that can be nothing else."""
    author = authors.parse(f"Jane Roe, MD\n{title}")
    assert (author.title, author.specialty, author.location) == (title, specialty, location)
