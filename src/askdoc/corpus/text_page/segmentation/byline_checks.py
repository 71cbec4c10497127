"""Checks a reading's bylines for signatures, colleagues' names and wrong pairs of lines among them."""

import re
from collections import defaultdict

from askdoc.corpus.text_page.blocks import Block
from askdoc.corpus.text_page.lines import authors, bylines
from askdoc.corpus.text_page.lines.author_matching import could_be_same_doctor, surname
from askdoc.corpus.text_page.lines.line_shape import could_be_byline_line, ends_in_colon
from askdoc.corpus.text_page.lines.person_names import is_bare_name
from askdoc.corpus.text_page.segmentation.reading import Doubt, Doubts, Reading
from askdoc.corpus.text_page.segmentation.scored_blocks import ScoredBlocks
from askdoc.models import Author
from askdoc.text import plain

_RECOMMENDS = re.compile(
    r"\b(?:recommend|colleagues?|refer|near (?:you|me)|partners?|friends?|team|doctors?)\b", re.IGNORECASE
)
"""Words with which a list of other doctors begins."""
_MOST_COMPARED = 50
"""Doctors of one family name with whom another is compared: a page of thousands is read in linear time."""


def same_doctor_twice(reading: Reading) -> Doubts:
    """Find two bylines that name one doctor: the upper may be a signature, and the count fits by chance."""
    alike: dict[str, list[int]] = defaultdict(list)
    for n, author in enumerate(reading.authors):
        for other in alike[_identity(author)][-_MOST_COMPARED:]:
            if could_be_same_doctor(author, reading.authors[other]):
                yield _same_doctor(reading, other, n)
        alike[_identity(author)].append(n)
    titles = {author.title.casefold(): n for n, author in enumerate(reading.authors) if author.name and author.title}
    for n, author in enumerate(reading.authors):
        if not author.name and author.title and author.title.casefold() in titles:
            yield _same_doctor(reading, titles[author.title.casefold()], n)


def name_without_title(reading: Reading) -> Doubts:
    """Find a name alone where other bylines have titles or ratings: a signature, or a colleague's name."""
    is_titled = [bylines.is_titled(reading.page.blocks[n].text) for n in reading.bylines]
    if any(is_titled) and not all(is_titled):
        at = reading.bylines[is_titled.index(False)]
        yield Doubt(at, "This may be a doctor's line or a part of the text: other doctors here have a title or stars.")


def introduced_doctor(reading: Reading) -> Doubts:
    """Find a byline that the line above announces: a colleague, say, who is recommended."""
    blocks = reading.page.blocks
    for n in reading.bylines:
        above = plain(blocks[n - 1].text.rsplit("\n", 1)[-1]) if n else ""
        if _announces(above) and not blocks[n - 1].is_vote and not _is_only_answer(reading):
            yield Doubt(n, "The line above announces a doctor, who may be another than the one who answers.")


def adjacent_bylines(reading: Reading) -> Doubts:
    """Find another doctor's lines that touch a byline, so that either may end the answer.

    Where every byline has a rating and the page claims as many answers, lines without a rating above one are those of a
    colleague.
    """
    page, blocks, ends = reading.page, reading.page.blocks, frozenset(reading.bylines)
    for n, author in zip(reading.bylines, reading.authors, strict=True):
        is_rival = _names_another(page, n - 1, ends) and not _signs(blocks[n - 1], author)
        if is_rival and not (reading.is_settled_by_ratings and not bylines.has_rating(blocks[n - 1].text)):
            yield Doubt(n - 1, "Two doctors' lines follow each other, and either may end the answer.")
        if _names_another(page, n + 1, ends) and not _is_title_above_votes(page, n + 1):
            yield Doubt(n + 1, "Two doctors' lines follow each other without an answer between them.")


def name_apart_from_title(reading: Reading) -> Doubts:
    """Find a name that a blank line parts from its title where other bylines stand together: it may be another's."""
    gaps = [reading.page.blocks[n].gaps for n in reading.bylines]
    if all(gap and all(gap) for gap in gaps) or gaps == [(True,)] or _are_alike(reading, gaps):
        return
    for n, author in enumerate(reading.authors):
        if author.name and gaps[n][:1] == (True,):
            reason = "A blank line parts this name from the title below, which may be another doctor's."
            yield Doubt(reading.bylines[n], reason)


def missing_rating(reading: Reading) -> Doubts:
    """Find a byline within text that has no rating where others have."""
    page, has_rating = reading.page, reading.has_rating
    if reading.is_voted or not any(map(page.could_hold_two, reading.answers)):
        return
    if all(has_rating) or not any(has_rating):
        return
    is_parted = all(reading.is_headed) and not reading.inner_headings
    for n, byline in enumerate(reading.bylines):
        is_last = n + 1 == len(reading.bylines)
        if not has_rating[n] and not (is_last or page.is_before_vote(byline) or is_parted):
            yield Doubt(byline, "This may be a doctor's line or a part of the text: other doctors here have stars.")


def byline_in_paragraph(reading: Reading) -> Doubts:
    """Find a byline that has run into the end of a paragraph, so that the words go on to the next doctor."""
    for first, byline in reading.answers:
        for n in range(first, byline):
            if bylines.ends_in_byline(reading.page.blocks[n].text):
                yield Doubt(n, "A doctor's lines have run into this paragraph.")


def _identity(author: Author) -> str:
    """The key that bylines of one person share: the family name, or the title that stands in its place."""
    return surname(author) or (author.title or "").casefold()


def _same_doctor(reading: Reading, n: int, other: int) -> Doubt:
    upper, lower = sorted((reading.bylines[n], reading.bylines[other]))
    line = reading.page.blocks[lower].first_line
    return Doubt(upper, f"This line and line {line} name one doctor: one of them may be a signature.")


def _announces(line: str) -> bool:
    """Whether a line announces a doctor: it ends in a colon, or is a heading that recommends somebody."""
    if ends_in_colon(line):
        return True
    return could_be_byline_line(line) and not is_bare_name(line) and bool(_RECOMMENDS.search(line))


def _names_another(page: ScoredBlocks, n: int, ends: frozenset[int]) -> bool:
    """Whether a position is that of a block which names a doctor and is not one of the bylines ``ends``."""
    return 0 <= n < len(page.blocks) and n not in ends and page.names_doctor(n)


def _is_only_answer(reading: Reading) -> bool:
    """Whether a page has one answer, whose byline holds all that sites show of a doctor."""
    return len(reading.bylines) == 1 and reading.has_rating[0]


def _is_title_above_votes(page: ScoredBlocks, n: int) -> bool:
    """Whether a block is a headline above votes: a title, say, and no name."""
    text = page.blocks[n].text
    return page.is_before_vote(n) and not bylines.has_rating(text) and not bylines.has_credentialed_name(text)


def _signs(block: Block, author: Author) -> bool:
    """Whether a block is how the doctor below it signs: the same name with less beside it."""
    return not bylines.has_rating(block.text) and could_be_same_doctor(authors.parse(block.text), author)


def _are_alike(reading: Reading, gaps: list[tuple[bool, ...]]) -> bool:
    """Whether the lines of several bylines are parted by blank lines in one and the same way, each below a name."""
    return len(gaps) > 1 and len(set(gaps)) == 1 and all(author.name for author in reading.authors)
