"""Selecting candidate bylines: by the greatest sum of scores, or by the vote lines."""

from askdoc.corpus.text_page import block_splitting
from askdoc.corpus.text_page.segmentation.candidate_selection import (
    other_candidates,
    select_by_score,
    select_by_votes,
)
from askdoc.corpus.text_page.segmentation.scored_blocks import ScoredBlocks
from tests.corpus.text_page.bylines import AMES, HOLM, LUND

TEXT = "It fades within 12 days."


def scored(*blocks: str) -> ScoredBlocks:
    return ScoredBlocks(block_splitting.split("\n\n".join(blocks).split("\n"), 0))


def test_each_selected_byline_has_text_above_it() -> None:
    """Of candidates without text between them, the one with the greatest score is selected."""
    assert select_by_score(scored(HOLM, TEXT, AMES, TEXT, LUND)) == [2, 4]
    assert select_by_score(scored(TEXT, "Dr. Ames", HOLM)) == [2]
    assert select_by_score(scored(TEXT, TEXT)) == []


def test_one_byline_is_selected_for_each_vote_line() -> None:
    """A byline stands between a vote line and the beginning of the next answer, with or without a headline."""
    assert select_by_votes(scored("+3", TEXT, HOLM, "+4", TEXT, AMES)) == [2, 5]
    assert select_by_votes(scored("+3", TEXT, HOLM, "Cold helps", "+4", TEXT, AMES)) == [2, 6]
    assert select_by_votes(scored("+3", TEXT, "+4", TEXT, AMES)) == [4]


def test_a_bare_name_in_a_bylines_place_is_another_candidate() -> None:
    """A name without a degree fits above a heading, and is no candidate within a text."""
    page = scored(TEXT, "Anna Muster", "Cold helps", TEXT, AMES)
    others = other_candidates(page, select_by_score(page))
    assert others.fitting == [1]
    assert others.doubtful == []
