"""The report is one page."""

import re
from dataclasses import replace
from html import escape

from askdoc.evaluation import html_report, metrics
from askdoc.evaluation.abstention import Abstention
from tests.evaluation.scripted import NONE, QRELS, QUERIES, SCRIPT, Scripted

EVALUATION = metrics.evaluate(Scripted(), QUERIES, QRELS)


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


def test_the_report_names_both_errors_of_abstaining() -> None:
    """Wrong silence and wrong answers are told with counts, interval and what to do; the refused are listed."""
    silent = replace(SCRIPT["one"], confidence=NONE)
    refused = metrics.QueryResult("q8", "why <so>?", silent, {"a": 1}, 1.0)
    results = (*EVALUATION.results, refused)
    abstention = Abstention.of([result.outcome for result in results])
    page = html_report.page(replace(EVALUATION, results=results, abstention=abstention), index_id="i")
    assert '<td>wrong silence</td><td>1 of 2</td><td class="number">50.0 %</td><td>9.5–90.5 %</td>' in page
    assert all(escape(sentence) in page for sentence in abstention.sentences())
    assert "Right and refused (1)" in page
    assert "why &lt;so&gt;?" in page


def test_what_cannot_be_told_is_said() -> None:
    """A set without questions of one kind has no number in its place."""
    answerable = [result for result in EVALUATION.results if result.relevant]
    abstention = Abstention.of([result.outcome for result in answerable])
    page = html_report.page(replace(EVALUATION, abstention=abstention), index_id="i")
    assert "<td>wrong answers</td><td>0 of 0</td><td>not known</td><td></td>" in page
    assert "nan" not in page
