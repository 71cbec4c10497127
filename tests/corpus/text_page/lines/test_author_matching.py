"""Matching authors: a signature is known for the doctor who signs."""

import pytest

from askdoc.corpus.text_page.lines import authors
from askdoc.corpus.text_page.lines.author_matching import could_be_same_doctor


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Bert Ames, DO", "Bert Ames, DO\nBoise Physician\n4.2 out of 5 stars", True),
        ("Dr. Ames", "Bert Ames, DO", True),
        ("B. Ames", "Bert Ames, DO", True),
        ("Bert Ames", "Bert J. Ames, DO, FACS", True),
        ("Bert Ames MD", "Bert Ames, MD", True),
        ("Bert Ames Jr.", "Bert Ames, DO", True),
        ("Bert Ames, DO", "Bea Ames, MD", False),
        ("Bert Ames, DO", "Bert Holm, DO", False),
        ("Boise Physician", "Boise Physician\n4.2 out of 5 stars", True),
        ("Boise Physician", "Bert Ames, DO\nBoise Physician", True),
        ("Boise Physician\n4.1 out of 5 stars", "Boise Physician\n4.2 out of 5 stars", False),
        ("Boise Physician", "Reno Physician", False),
        ("Demonstration answer, Pharmacy", "Demonstration answer, Pharmacy", False),
    ],
)
def test_a_signature_is_known_for_the_doctor_who_signs(one: str, other: str, same: bool) -> None:
    """A family name and what of the first name is there, or the title alone, tells one doctor from two."""
    assert could_be_same_doctor(authors.parse(one), authors.parse(other)) is same
    assert could_be_same_doctor(authors.parse(other), authors.parse(one)) is same
