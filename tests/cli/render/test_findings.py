"""Many findings of one kind are summed up: a report has an end."""

from askdoc.cli.render.findings import MAX_KINDS, MAX_LISTED, finding_lines
from askdoc.corpus.reader import Finding
from askdoc.models import Source


def finding(number: int, reason: str) -> Finding:
    return Finding(Source(f"page-{number}.txt", number), reason, "Mend it.")


def test_a_few_findings_are_all_shown() -> None:
    """With file, line, reason and hint."""
    lines = finding_lines([finding(number, f"Reason {number}.") for number in range(MAX_LISTED)])
    assert lines[3] == "  - page-3.txt:3: Reason 3. Mend it."
    assert len(lines) == MAX_LISTED


def test_many_findings_are_summed_up_by_kind() -> None:
    """The most frequent first, with count and places; names and numbers make no other kind."""
    found = [finding(1, "It is odd."), *(finding(n, f"The id '{n}' is used at b.txt:{n}.") for n in range(2, 20_000))]
    first, count, *rest = (" ".join(line.split()) for line in finding_lines(found))
    assert first == "- page-2.txt:2: The id '2' is used at b.txt:2. Mend it."
    assert count.startswith("19,998 times in all, also at page-3.txt:3, page-4.txt:4, page-5.txt:5, … 19,994 more")
    assert rest == ["- page-1.txt:1: It is odd. Mend it.", "Each of them is listed with --json."]


def test_many_kinds_of_findings_have_an_end_too() -> None:
    """The rest is counted."""
    words = ["".join(chr(97 + int(digit)) for digit in f"{number:04}") for number in range(1000)]
    found = [finding(number, f"It is {word}.") for number, word in enumerate(words)]
    lines = finding_lines(found)
    assert len(lines) == MAX_KINDS + 2
    assert "- and 988 of 988 other kinds." in lines[-2]
