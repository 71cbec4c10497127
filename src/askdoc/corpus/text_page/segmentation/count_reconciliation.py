"""Reconciles the candidate bylines of a page with the number of answers that the page claims.

Taking a byline too many gives a part of an answer to nobody, and one too few gives one doctor's words to another. So
where counter, vote lines and scores do not agree, the page is refused with ``AmbiguousPage``, and never guessed at.
"""

import re

from askdoc.corpus.text_page import weights
from askdoc.corpus.text_page.ambiguity import AmbiguousPage
from askdoc.corpus.text_page.lines import authors, bylines
from askdoc.corpus.text_page.lines.author_matching import could_be_same_doctor
from askdoc.corpus.text_page.lines.line_shape import ends_in_colon
from askdoc.corpus.text_page.segmentation.candidate_selection import (
    other_candidates,
    select_by_score,
    select_by_votes,
)
from askdoc.corpus.text_page.segmentation.reading import Reading
from askdoc.corpus.text_page.segmentation.scored_blocks import ScoredBlocks
from askdoc.corpus.text_page.segmentation.segments import AnswerRange, Selection, ranges_above
from askdoc.text import plain

_LEADS_TO_NAME = re.compile(
    r"\b(?:(?:see|ask|for|call|visit|try|contact|consult|meet|find|is|are|was|by|with|to|and|or|like|named|dr\.?|doctor)"
    r"|(?:my|our|your|a|an|the|this|trusted|good) (?:\w+ )?(?:colleague|partner|friend|doctor|surgeon|specialist))$"
    r"|\b(?:recommend|refer)",
    re.IGNORECASE,
)
"""Words with which a sentence goes on into a name: ``If you live in Texas, see``."""


def select(page: ScoredBlocks, claimed: int) -> Selection:
    """Select the bylines of a page that claims to have ``claimed`` answers. Raises ``AmbiguousPage``."""
    by_votes = _select_by_votes(page, claimed)
    if by_votes and len(by_votes) == claimed:
        return _voted(page, by_votes)
    by_score = select_by_score(page)
    if len(by_score) == claimed:
        return _require_settled(page, by_score, has_votes=bool(by_votes))
    if by_votes:
        return _voted(page, by_votes)
    return _drop_surplus(page, by_score, claimed) if len(by_score) > claimed else _add_missing(page, by_score, claimed)


def _select_by_votes(page: ScoredBlocks, claimed: int) -> list[int]:
    """Select by votes where there is a vote line for each answer, the first at the top or below the first headline."""
    return select_by_votes(page) if claimed and len(page.votes) == claimed and page.votes[0] <= 1 else []


def _voted(page: ScoredBlocks, selected: list[int]) -> Selection:
    """Take the bylines that the vote lines select; those in which no word says so are guessed."""
    return Selection(selected, [n for n in selected if page.has_form_only(n)], [])


def _require_settled(page: ScoredBlocks, selected: list[int], *, has_votes: bool) -> Selection:
    """Take as many candidates as the page claims, unless one stands within text and the count may fit by chance."""
    loose = [n for n in selected if not page.is_strong(n) and not page.is_in_place(n)]
    unsure = [n for n in loose if not page.has_certain_line(n)]
    others = other_candidates(page, selected)
    other_bylines = [n for n in others.doubtful if page.has_form_only(n)]
    if (loose and (has_votes or others.fitting)) or (unsure and other_bylines):
        n = (unsure or loose)[0]
        reason = "This may be a doctor's line or a part of the text, and another line may be a doctor's instead."
        raise AmbiguousPage(page.blocks[n].first_line, reason)
    return Selection(selected, unsure, [])


def _drop_surplus(page: ScoredBlocks, selected: list[int], claimed: int) -> Selection:
    """Read the candidates beyond the claimed number as text where they plainly are a part of it.

    Otherwise all count only where each has its own vote line; the page then claims a wrong number.
    """
    surplus = _without_rating(page, selected, claimed) or _plainly_text(page, selected, claimed)
    if surplus is not None:
        return surplus
    if all(page.is_strong(answer.byline) and page.has_one_vote(answer) for answer in ranges_above(selected)):
        return Selection(selected, [], [])
    weakest = min(selected, key=page.score)
    places = f"{len(selected)} places look like a doctor's; this one is in doubt."
    raise AmbiguousPage(page.blocks[weakest].first_line, f"The page says it has {claimed} answers, but {places}")


def _without_rating(page: ScoredBlocks, selected: list[int], claimed: int) -> Selection | None:
    """Read candidates without a rating as colleagues' names where the text announces them and the others settle it."""
    rated = [n for n in selected if bylines.has_rating(page.blocks[n].text)]
    named = [n for n in selected if n not in rated]
    if not claimed or len(rated) != claimed or not all(_is_announced(page, n) for n in named):
        return None
    reading = Reading(page, rated, ranges_above(rated), is_counted=True)
    return Selection(rated, [], named) if reading.is_settled_by_ratings else None


def _plainly_text(page: ScoredBlocks, selected: list[int], claimed: int) -> Selection | None:
    """Read candidates as text that plainly are a part of it, where the claimed number of clearly surer ones is left."""
    if not claimed:
        return None
    dropped = [n for at, n in enumerate(selected[:-1], 1) if _is_part_of_text(page, n, selected[at:])]
    kept = sorted(set(selected) - set(dropped))
    if len(kept) != claimed or min(map(page.score, kept)) - max(map(page.score, dropped)) < weights.MARGIN:
        return None
    return Selection(kept, [], [n for n in dropped if page.is_likely(n)])


def _is_announced(page: ScoredBlocks, n: int) -> bool:
    """Whether the sentence above a byline goes on into it: ``If you live in Texas, see``."""
    above = page.blocks[n - 1] if n > 1 and not page.blocks[n - 2].is_vote else None
    if above is None or above.is_vote or page.is_before_vote(n) or page.is_likely(n - 2):
        return False
    text = plain(above.text.rsplit("\n", 1)[-1])
    return ends_in_colon(text) or (above.is_heading and bool(_LEADS_TO_NAME.search(text)))


def _is_part_of_text(page: ScoredBlocks, n: int, below: list[int]) -> bool:
    """Whether a candidate plainly is a part of an answer: a signature, a heading, the beginning of a list of doctors.

    ``below`` are the candidates below it, one of which ends the answer.
    """
    if not page.names_doctor(n):
        return not page.is_strong(n) and not (page.has_certain_line(n) and page.is_in_place(n))
    end = next((m for m in below if bylines.is_titled(page.blocks[m].text)), None)
    if end is None or bylines.is_titled(page.blocks[n].text) or page.is_before_vote(n):
        return False
    above = plain(page.blocks[n - 1].text) if n else ""
    own, signed = authors.parse(page.blocks[end].text), authors.parse(page.blocks[n].text)
    return ends_in_colon(above) or could_be_same_doctor(signed, own)


def _add_missing(page: ScoredBlocks, selected: list[int], claimed: int) -> Selection:
    """Add candidates for which no score speaks, only where they stand in place and make up the claimed number.

    A page may simply hold fewer answers than the site did. But where nothing shows that an answer is one, the words in
    it may be those of two doctors, the first of whom got lost.
    """
    if selected and all(_has_template_vote(page, answer) for answer in ranges_above(selected)):
        # The template wrote a line for each answer, so each answer begins where its line stands.
        return Selection(selected, [], [])
    others = other_candidates(page, selected)
    if others.fitting and len(others.fitting) == claimed - len(selected):
        return Selection(sorted([*selected, *others.fitting]), others.fitting, [])
    last = selected[-1] if selected else -1
    doubtful = [n for n in [*others.fitting, *others.doubtful] if n < last] or _possible_boundaries(page, selected)
    if doubtful:
        reason = (
            f"The page says it has {claimed} answers; {len(selected)} could be read, and another may end or begin here."
        )
        raise AmbiguousPage(page.blocks[min(doubtful)].first_line, reason)
    return Selection(selected, [], [])


def _has_template_vote(page: ScoredBlocks, answer: AnswerRange) -> bool:
    """Whether an answer begins with a vote line as the site's template wrote it."""
    votes = page.votes_within(answer.first, min(answer.first + 1, answer.byline) + 1)
    return bool(votes) and page.blocks[votes[0]].is_template_residue


def _possible_boundaries(page: ScoredBlocks, selected: list[int]) -> list[int]:
    """Where another answer might begin: in any of the answers that holds more than a headline and one line."""
    return [
        min(answer.first + 1, answer.byline - 1) for answer in ranges_above(selected) if page.could_hold_two(answer)
    ]
