"""Names that are no bylines: signatures and colleagues where other doctors have titles."""

import pytest

from tests.corpus.text_page.samples import ROE, page, read


@pytest.mark.parametrize("name", ["Anna Muster", "Anna Muster, MD", "Dr. Muster"])
def test_a_name_alone_is_no_doctors_end_where_others_have_titles(name: str) -> None:
    """A signature or a colleague's name is written so; where others have titles or stars the page is left out."""
    question, (finding,) = read(page(f"Ice helps.\n\n{name}", f"Heat\n\nIt fades.\n\n{ROE}"))
    assert question is None
    assert (finding.source.line, finding.hint) == (7, "Add the doctor's title below the name, or take the line out.")


def test_a_name_that_may_end_an_answer_leaves_the_page_out() -> None:
    """Where one reading gives a doctor's words to another, the page is refused with the line in doubt."""
    question, (finding,) = read(page("Ice helps.\n\nAnna Muster", f"It fades.\n\n{ROE}"))
    assert question is None
    assert finding.source.line == 7
    assert "Doctor Answers" not in finding.reason
