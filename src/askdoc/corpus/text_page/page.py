"""Reads the files of one format: pages of a question-and-answer site, saved as plain text.

The page, from top to bottom, with blank lines between its blocks::

    Can I …?                             the question; further lines up to the counter are its details
    Doctor Answers 2                     the answer counter: how many answers the page claims to have
    A headline                           may be missing
    +3                                   votes, or residue of the site's template, or nothing
    Paragraphs …                         the body, kept to the letter
    Jane Roe, MD                         the byline: a name, a title, or both …
    Springfield Dermatologist            …
    4.8 out of 5 stars 20 reviews        … and a rating, if any
    …                                    further answers
    A closing paragraph                  the page's own disclaimer, if any
"""

from collections.abc import Iterator

from askdoc.corpus import markup_residue
from askdoc.corpus.reader import Finding, RowResult
from askdoc.corpus.text_page import page_file, page_parser
from askdoc.corpus.text_page.page_file import PageFile
from askdoc.models import Question, Source


class TextPage:
    """The reader of text pages: one page is one row; most files hold one."""

    kind = "*.txt"
    largest = page_file.LARGEST_PAGE

    def detects(self, name: str, head: bytes) -> bool:  # noqa: ARG002 - pages have no signature
        return name.lower().endswith(".txt")

    def read(self, file: str, data: bytes) -> Iterator[RowResult | Finding]:
        loaded = page_file.load(file, data)
        if isinstance(loaded, Finding):
            yield RowResult(loaded)
            return
        rows = [page_parser.parse(page) for page in loaded.pages()]
        yield from rows
        if len(rows) > 1:
            yield _second_page(loaded)
        if any(isinstance(row.outcome, Question) for row in rows):
            yield from loaded.remarks
            yield from markup_residue.in_page(file, "\n".join(loaded.lines))


def _second_page(file: PageFile) -> Finding:
    """The remark on a file of several pages, at the second one's first line."""
    reason = f"The file holds {len(file.ranges)} pages; this is where the second begins."
    hint = "Check it; a file for each page keeps their ids as they are."
    return Finding(Source(file.file, file.ranges[1].first + 1), reason, hint, kept=True)
