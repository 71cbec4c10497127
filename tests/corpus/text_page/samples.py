"""Pages of one question, of which the truth is known, and what the reader makes of them."""

from collections.abc import Callable

from askdoc.corpus.reader import Finding
from askdoc.corpus.text_page.page import TextPage
from askdoc.models import Answer, Question
from tests.corpus.reading import flat

RESIDUE = "{{ voteCount >= 0 ? '+' + (voteCount + 1) : (voteCount + 1) }}"


ROE = "Jane Roe, MD\nSpringfield Dermatologist\n4.8 out of 5 stars 20 reviews"


POE = "Shelbyville Dentist\n4.3 out of 5 stars 1 review"


LEE = "Ann Lee, DDS\nOgdenville Orthodontist"


DISCLAIMER = "These answers are for educational purposes. In an emergency, call 911."


def read(page: str | bytes) -> tuple[Question | None, list[Finding]]:
    """The question of a page, if it has one, and the findings."""
    data = page if isinstance(page, bytes) else page.encode()
    items = list(flat(TextPage(), "folder/page.txt", data))
    questions = [item for item in items if isinstance(item, Question)]
    findings = [item for item in items if isinstance(item, Finding)]
    assert len(questions) + sum(not finding.kept for finding in findings) == 1, "one page is one row"
    return (questions[0] if questions else None), findings


def clean(page: str | bytes, *, but: str = "") -> Question:
    """The question of a page that nothing is to be remarked on, or nothing ``but`` one thing."""
    question, findings = read(page)
    assert not [finding for finding in findings if finding.reason != but], findings
    assert question is not None
    return question


def page(*answers: str, claimed: int | None = None, disclaimer: str | None = DISCLAIMER) -> str:
    """A page of answers, each given as it stands on the page."""
    count = len(answers) if claimed is None else claimed
    blocks = ["Does cold help?", f"Doctor Answers {count}", *answers, *([disclaimer] if disclaimer else [])]
    return "\n\n".join(blocks) + "\n"


def bodies(question: Question) -> list[str]:
    return [answer.body for answer in question.answers]


def only(text: str) -> Answer:
    """The one answer of a page that holds ``text`` and a doctor's lines."""
    (answer,) = clean(page(text)).answers
    return answer


ENCODINGS: list[Callable[[str], bytes]] = [
    lambda text: text.encode(),
    lambda text: text.encode("utf-8-sig"),
    lambda text: text.encode("utf-16"),
    lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    lambda text: text.replace("\n", "\r\n").encode(),
    lambda text: text.replace("\n", "\r\n").encode("utf-16"),
    lambda text: text.replace("\n", "\r").encode(),
    lambda text: text.rstrip("\n").encode(),
    lambda text: text.replace("\n\n", "\n \t\n\xa0\n").encode(),
]
