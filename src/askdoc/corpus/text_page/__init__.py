"""Reads a page of a question-and-answer site, saved as plain text.

A page goes one way: bytes → text → lines of one page (``page_lines``, ``page_breaks``) → blocks (``tokenization``) →
answers' blocks without the site's own (``boilerplate_removal``) → candidate bylines, scored
(``segmentation.scored_blocks``) → a reading: which of them end an answer (``segmentation.boundaries``) → checked
(``segmentation.consistency``) → parts → question (``page_parts``), with ``remarks``. ``lines`` tells what a single line
or byline may be; ``page_parser`` leads.

A page is refused (``AmbiguousPage``) where counter, votes and scores do not agree, a check speaks against the reading,
or boilerplate stands within an answer: words are never given to a doctor on a guess.
"""

from askdoc.corpus.text_page.page import TextPage

__all__ = ["TextPage"]
