"""Leftovers of a page: named with their place, never taken out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askdoc.corpus import markup_residue


def kinds(text: str) -> list[str]:
    return [left.what for left in markup_residue.find(text)]


@pytest.mark.parametrize(
    ("text", "what", "sample"),
    [
        ("Don&#39;t", "an HTML entity", "&#39;"),
        ("Don&#x27;t", "an HTML entity", "&#x27;"),
        ("a&nbsp;b", "an HTML entity", "&nbsp;"),
        ("Tom &amp; Ann", "an HTML entity", "&amp;"),
        ("Don&amp;#39;t", "an HTML entity", "&amp;"),
        ("<p>Rest.</p>", "an HTML tag", "<p>"),
        ("Rest.<br/>Ice.", "an HTML tag", "<br/>"),
        ("Rest.<BR>Ice.", "an HTML tag", "<BR>"),
        ('<a href="https://example.org">here</a>', "an HTML tag", '<a href="https://example.org">'),
        ("<!-- ad -->Rest.", "an HTML tag", "<!--"),
        ("[url=https://example.org]here[/url]", "a tag in square brackets", "[url=https://example.org]"),
        ("[b]Rest[/b]", "a tag in square brackets", "[/b]"),
        ("# Rest", "Markdown", "#"),
        ("Well.\n\n## Rest", "Markdown", "##"),
        ("**Rest** well.", "Markdown", "**Rest**"),
        ("__Rest__ well.", "Markdown", "__Rest__"),
        ("_Rest_ well.", "Markdown", "_Rest_"),
        ("See [here](https://example.org).", "Markdown", "[here](https://example.org)"),
        ("```\nRest\n```", "Markdown", "```"),
        ("Don\\u2019t", "an escape that was never read", "\\u2019"),
        ("Rest.\\n\\nIce.", "an escape that was never read", "\\n"),
        ("Don\\'t", "an escape that was never read", "\\'"),
        ("Don\ufffdt", "a character that was lost", "\ufffd"),
        ("Rest\x07", "a control character", "\x07"),
    ],
)
def test_each_kind_is_named(text: str, what: str, sample: str) -> None:
    """Entities, tags, markup, escapes and lost characters are told of with what was found."""
    left = next(left for left in markup_residue.find(text) if left.what == what)
    assert (left.sample, text[left.start :].startswith(sample)) == (sample, True)
    assert left.reason.isprintable()


@pytest.mark.parametrize(
    "text",
    [
        "", "Rest & ice; then walk.", "R&D; AT&T", "a < b and b > c", "<3", "It is <1 in 10.",
        "Temperature <38; pulse >100",
        "2 * 3 * 4", "* ice\n* rest", "- ice", "#1 cause", "No. #5", "snake_case_name", "5*10", "[1] Smith",
        "[see below]",
        "C:\\name", "and/or \\ both", "100%", "می‌کشد", "in\u00adfection", "👩🏽‍⚕️", "Line\tone\nLine two", "___", "****",
        "Mail a@b.org <a@b.org>", "<doctor>", "&unknown;", "<P so\n\nit is> so", "a (b)[c]", "{{ voteCount }}",
    ],
)  # fmt: skip
def test_plain_text_has_none(text: str) -> None:
    """Signs that people write are no leftovers."""
    assert kinds(text) == []


def test_a_kind_is_told_of_once_with_its_count() -> None:
    """A page full of tags gets one remark on them, at the first."""
    (finding,) = markup_residue.in_page("page.txt", "Q?\n\n<p>One.</p>\n\n<p>Two.</p>")
    assert str(finding.source) == "page.txt:3"
    assert finding.kept
    assert "'<p>' (in 4 places)" in finding.reason


def test_a_long_leftover_is_shortened() -> None:
    """What is shown of it has a sane length."""
    (left,) = markup_residue.find(f'<a href="{"x" * 500}">')
    assert len(left.reason) < 80


@given(st.text(alphabet="&<>[]()#*_\\;:/=aub1 \n\x07\ufffd", max_size=80))
def test_any_text_can_be_looked_at(text: str) -> None:
    """Nothing raises, and every place is one in the text."""
    assert all(0 <= left.start < len(text) and left.reason.isprintable() for left in markup_residue.find(text))
