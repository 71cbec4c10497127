"""The report is one page."""

import re

from askdoc.evaluation import html_report, metrics
from tests.evaluation.scripted import QRELS, QUERIES, Scripted


def test_the_report_is_one_page_that_loads_nothing() -> None:
    """The report has two plots with descriptions, escapes its texts, and refers to no other file."""
    queries = {**QUERIES, "<b>": "four"}
    page = html_report.page(metrics.evaluate(Scripted(), queries, QRELS), index_id="i")
    assert page.count("<svg") == page.count('role="img" aria-label="') == 2
    assert "strong: 1 of 3 right" in page
    assert "Sure and wrong (2)" in page
    assert "<b>" not in page
    assert "&lt;b&gt;" in page
    assert not re.findall(r"<script|<link|<img|https?:", page)
