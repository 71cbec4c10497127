"""Reads a page of a question-and-answer site, saved as plain text.

1. ``page_lines``, ``page_breaks``: bytes → text → lines → the lines of each page, ``page_head`` above the answers.
2. ``tokenization``, ``boilerplate_removal``: lines → ``blocks`` → blocks without the site's own.
3. ``segmentation``: candidate bylines → scored → readings → the one that fits the answer counter → checked.
4. ``page_parts``, ``answer_parts``, ``remarks``: the answers' blocks → question, and what a person should check.

``page_parser`` takes these steps in order; ``lines`` tells what a single line or byline may be. A page is refused
(``AmbiguousPage``) where counter, votes and scores do not agree, where a check speaks against the reading, or where
boilerplate stands within an answer.
"""

from askdoc.corpus.text_page.page import TextPage

__all__ = ["TextPage"]
