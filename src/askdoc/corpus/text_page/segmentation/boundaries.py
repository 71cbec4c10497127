"""Finds the boundaries of the answers on a page: the bylines that end them, and the text above each.

Nothing but the byline tells where an answer ends, and an answer may itself contain lines that look like one. So
candidate bylines are selected to fit the number of answers that the page claims, the reading that comes out is checked,
and a page on which a doubt is left is refused with ``AmbiguousPage``, and never guessed at.
"""

from askdoc.corpus.text_page import answer_headlines, weights
from askdoc.corpus.text_page.ambiguity import AmbiguousPage
from askdoc.corpus.text_page.blocks import Block
from askdoc.corpus.text_page.lines import authors, bylines
from askdoc.corpus.text_page.lines.author_matching import could_be_same_doctor
from askdoc.corpus.text_page.segmentation import consistency, count_reconciliation
from askdoc.corpus.text_page.segmentation.candidate_selection import select_by_score
from askdoc.corpus.text_page.segmentation.reading import Reading
from askdoc.corpus.text_page.segmentation.scored_blocks import ScoredBlocks
from askdoc.corpus.text_page.segmentation.segments import AnswerRange, Segmentation, Selection, ranges_above
from askdoc.text import plain


def find(blocks: list[Block], claimed: int) -> Segmentation:
    """Segment the blocks of a page that claims to have ``claimed`` answers. Raises ``AmbiguousPage``."""
    page = ScoredBlocks(blocks)
    consistency.require_text_first(page)
    selection = count_reconciliation.select(page, claimed)
    answers, orphans = _answers(page, selection.bylines, claimed)
    with_text = [answer.byline for answer in answers]
    reading = Reading(page, with_text, answers, is_counted=len(with_text) == claimed)
    consistency.require_consistent(reading)
    lookalikes = sorted({*selection.lookalikes, *_colleagues(reading)})
    return Segmentation(Selection(selection.bylines, selection.guessed, lookalikes), answers, orphans)


def find_without_count(blocks: list[Block], *, has_counter: bool) -> Segmentation:
    """Segment the blocks of a page that does not say how many answers it has. Raises ``AmbiguousPage``.

    Only a page on which every answer has a clear byline and a clear beginning is read. Unless a counter without a
    number stands above the blocks (``has_counter``), the first of them may be the question's details.
    """
    page = ScoredBlocks(blocks)
    if has_counter:
        consistency.require_text_first(page)
    selected = select_by_score(page)
    _require_strong(page, selected)
    answers = ranges_above(selected)
    if not has_counter:
        answers[0] = AnswerRange(_first_block(page, selected[0]), selected[0])
    _require_one_form(page, answers)
    consistency.require_consistent(Reading(page, selected, answers))
    return Segmentation(Selection(selected, [], []), answers, [])


def _answers(page: ScoredBlocks, selected: list[int], claimed: int) -> tuple[list[AnswerRange], list[int]]:
    """Find the text of each answer, and where text begins that has no byline.

    A vote line within an answer begins another, if the byline between was lost: nobody's words are given to somebody
    else. Where the count fits, a number may be the answer's own, if a sentence goes on around it.
    """
    answers, orphans = [], []
    ranges = ranges_above(selected)
    has_headlines = not any(page.blocks[first].is_vote for first, byline in ranges if first < byline)
    for first, byline in ranges:
        begin = first
        for vote in page.votes_within(first + 2, byline):
            if len(selected) == claimed and not page.blocks[vote].is_template_residue:
                _require_continued_sentence(page.blocks, vote, byline)
            else:
                has_headline = has_headlines and vote - 1 > begin and page.blocks[vote - 1].is_short_line
                begin = vote - has_headline
        has_text = page.has_text(begin, byline)
        if begin > first or not has_text:
            orphans.append(first)
        if has_text:
            answers.append(AnswerRange(begin, byline))
    return answers, orphans


def _require_continued_sentence(blocks: list[Block], vote: int, byline: int) -> None:
    """Raise ``AmbiguousPage`` unless the line below a number goes on with a sentence, of which it is a part."""
    if vote + 1 < byline and plain(blocks[vote + 1].text)[:1].islower():
        return
    reason = "This may be a vote line, and another answer may begin here, or it is a part of the text."
    raise AmbiguousPage(blocks[vote].first_line, reason)


def _colleagues(reading: Reading) -> list[int]:
    """The blocks within answers that look like bylines of others: complete, or right above the answer's own byline."""
    page = reading.page
    return [
        n
        for (first, byline), author in zip(reading.answers, reading.authors, strict=True)
        for n in range(first + 1, byline)
        if page.is_likely(n)
        and (n + 1 == byline or bylines.is_complete(page.blocks[n].text))
        and not could_be_same_doctor(authors.parse(page.blocks[n].text), author)
    ]


def _require_strong(page: ScoredBlocks, selected: list[int]) -> None:
    """Raise ``AmbiguousPage`` unless there are bylines, and each is one beyond reasonable doubt by its lines."""
    for n in selected:
        if page.line_score(n) < weights.STRONG:
            reason = "Nothing says how many answers there are, and this may be a doctor's line or not."
            raise AmbiguousPage(page.blocks[n].first_line, reason)
    if not selected:
        line = page.blocks[0].first_line if page.blocks else 1
        raise AmbiguousPage(line, "Nothing says how many answers there are, and no line names a doctor.")


def _first_block(page: ScoredBlocks, byline: int) -> int:
    """The first block of the first answer, below the details. Raises ``AmbiguousPage`` where it cannot be told."""
    votes = page.votes_within(0, byline)
    headings = [n for n in range(byline - 1) if page.blocks[n].is_heading and not page.blocks[n + 1].is_vote]
    if len(votes) == 1:
        return max(0, votes[0] - 1)
    if not votes and len(headings) == 1:
        return headings[0]
    if byline == 1:
        return 0
    raise AmbiguousPage(page.blocks[0].first_line, "Nothing says where the answers begin.")


def _require_one_form(page: ScoredBlocks, answers: list[AnswerRange]) -> None:
    """Raise ``AmbiguousPage`` unless all answers are of one form, in which none can hold another's beginning."""
    if all(map(page.has_one_vote, answers)):
        return
    texts = [page.blocks[first:byline] for first, byline in answers]
    is_headed = not any(page.votes_within(*answer) for answer in answers) and all(answer_headlines.headed(texts))
    for answer in answers:
        at = _second_beginning(page, answer) if is_headed else _unsure_beginning(page, answer)
        if at is not None:
            reason = "Nothing says how many answers there are, and another may begin here."
            raise AmbiguousPage(page.blocks[at].first_line, reason)


def _second_beginning(page: ScoredBlocks, answer: AnswerRange) -> int | None:
    """The first line within a headed answer that could be another's headline."""
    inner = range(answer.first + 1, answer.byline - 1)
    return next((n for n in inner if page.blocks[n].could_be_headline), None)


def _unsure_beginning(page: ScoredBlocks, answer: AnswerRange) -> int | None:
    """The first block of an answer without a headline, unless the answer is a single paragraph without votes."""
    is_single = answer.byline - answer.first <= 1 and not page.could_hold_two(answer)
    return None if is_single and not page.votes_within(*answer) else answer.first
