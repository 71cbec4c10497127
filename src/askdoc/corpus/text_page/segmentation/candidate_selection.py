"""Selects the candidate bylines of a page by their scores, or by the vote lines around them."""

from dataclasses import dataclass
from typing import Optional

from askdoc.corpus.text_page import weights
from askdoc.corpus.text_page.segmentation.scored_blocks import ScoredBlocks


@dataclass(frozen=True, slots=True)
class OtherCandidates:
    """Positions of blocks within answers for which no score speaks, but which could be bylines."""

    fitting: list[int]
    """Blocks with the form of a byline that stand where one would."""
    doubtful: list[int]
    """Blocks of answers without votes that could be bylines, hold them, or be headlines of other answers."""


@dataclass(frozen=True, slots=True)
class _Chain:
    """Candidates that are selected together, linked from the last to the first, with the sum of their scores."""

    score: float
    last: int
    above: Optional["_Chain"]


def select_by_score(page: ScoredBlocks) -> list[int]:
    """Select the candidates with the greatest sum of scores, each with text between it and the one above.

    The best chain for each beginning of the page extends the best chain that ends above the text (dynamic programming).
    """
    best: list[_Chain | None] = []  # the best chain among the blocks up to each
    text = -1  # the last block above that is no vote line
    for n, block in enumerate(page.blocks):
        chain = best[-1] if best else None
        if page.is_candidate(n) and text >= 0:
            above = best[text - 1] if text > 0 else None
            longer = _Chain(page.score(n) + (above.score if above else 0.0), n, above)
            chain = longer if chain is None or longer.score >= chain.score else chain
        best.append(chain)
        text = n if not block.is_vote else text
    return _positions(best[-1] if best else None)


def _positions(chain: _Chain | None) -> list[int]:
    positions = []
    while chain is not None:
        positions.append(chain.last)
        chain = chain.above
    return positions[::-1]


def select_by_votes(page: ScoredBlocks) -> list[int]:
    """Select one candidate between each vote line and the beginning of the next answer, where there is one."""
    selected = []
    for n, vote in enumerate(page.votes):
        first = vote + 1
        while first < len(page.blocks) and page.blocks[first].is_vote:
            first += 1
        below = page.votes[n + 1] if n + 1 < len(page.votes) else None
        candidate = _last_candidate(page, first) if below is None else _candidate_above_vote(page, first, below)
        if candidate is not None:
            selected.append(candidate)
    return selected


def _candidate_above_vote(page: ScoredBlocks, first: int, vote: int) -> int | None:
    """The candidate right above a vote line, or above the headline that stands there; ``first`` is the text's first."""
    candidates = [n for n in (vote - 2, vote - 1) if n > first and _could_be_byline_above_vote(page, n, vote)]
    return max(candidates, key=lambda n: (page.line_score(n), -n), default=None)


def _could_be_byline_above_vote(page: ScoredBlocks, n: int, vote: int) -> bool:
    """Whether the first or second block above a vote line could be a byline: the second only above a headline."""
    if page.line_scores[n] is None:
        return False
    if n == vote - 2:
        return page.blocks[vote - 1].is_short_line and (page.is_candidate(n) or page.has_form_only(n))
    return page.is_candidate(n) or (page.has_form_only(n) and not page.blocks[n].is_short_line)


def _last_candidate(page: ScoredBlocks, first: int) -> int | None:
    """The candidate for the last answer, whose text begins at ``first``: what stands above the page's closing words."""
    candidates = []
    for n in range(first + 1, len(page.blocks)):
        left = len(page.blocks) - n - 1
        is_at_close = page.is_at_close(n)
        if page.is_candidate(n) or (page.has_form_only(n) and (is_at_close or left == 1)):
            has_text_below = left > 1 and not is_at_close
            candidates.append((page.score(n) + (weights.TEXT_BELOW if has_text_below else 0.0), n))
    return max(candidates)[1] if candidates else None


def other_candidates(page: ScoredBlocks, selected: list[int]) -> OtherCandidates:
    """Find the blocks within the answers above each selected byline that could be bylines as well."""
    fitting, doubtful = [], []
    first = 0
    for end in [*selected, len(page.blocks)]:
        has_votes = bool(page.votes_within(first, end))
        for n in range(first, end):
            if not page.has_text(first, n) or (n + 1 == end and end < len(page.blocks)):
                continue
            if page.has_form_only(n) and page.is_in_place(n):
                fitting.append(n)
                first = n + 1
            elif not has_votes and page.could_be_boundary(n):
                doubtful.append(n)
        first = end + 1
    return OtherCandidates(fitting, doubtful)
