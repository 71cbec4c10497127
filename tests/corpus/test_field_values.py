"""The values of a record's fields: taken as exporters write them where that loses nothing."""

import pytest

from askdoc.models import Provenance
from tests.corpus.json_lines import lines, one, rejected, remarked, with_answer, with_author


@pytest.mark.parametrize(("value", "read_as"), [(7, "7"), (0, "0"), (2**70, str(2**70)), ("a/b c", "a/b c")])
def test_an_id_may_be_a_whole_number(value: object, read_as: str) -> None:
    """Numbers as ids become texts."""
    assert one({"id": value, "title": "Q?"}).id == read_as


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript://example.org/%0aalert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://example.org",
        "//example.org/a",
        "example.org",
        "https://",
        "http://:80",
        "http://[",
        "https:example.org",
        "https://exa mple.org",
        "https://example.org/a\nb",
        "https://example.org/\u202eb",
    ],
)
def test_only_web_addresses_become_links(url: str) -> None:
    """Addresses that are no plain http or https are refused, however they are written."""
    assert "'url' must be an http or https address" in rejected(lines({"title": "Q?", "url": url}))


@pytest.mark.parametrize("url", ["https://example.org", "HTTPS://Example.org/ä?b=c#d", " http://127.0.0.1:8000/a "])
def test_a_web_address_is_kept_as_it_stands(url: str) -> None:
    """Addresses are kept but for white space around them."""
    assert one({"title": "Q?", "url": url}).url == url.strip()


@pytest.mark.parametrize("written", [12, 12.0, "12", "+12", " 12 ", "12.0", "12.00"])
def test_a_whole_number_is_taken_as_exporters_write_it(written: object) -> None:
    """Numbers as texts and with a point are taken where nothing is lost, and nothing needs to be said."""
    assert one(with_answer(votes=written)).answers[0].votes == 12
    assert one(with_author(review_count=written)).answers[0].author.review_count == 12


@pytest.mark.parametrize(
    ("written", "votes"), [("1,234", 1234), ("-3", -3), ("−3", -3), ("1,234,567.0", 1_234_567), ("", None), (" ", None)]
)
def test_a_number_as_a_text_may_have_a_sign_and_thousands(written: str, votes: int | None) -> None:
    """Thousands are parted by commas, and an empty text is a missing number."""
    assert one(with_answer(votes=written)).answers[0].votes == votes


@pytest.mark.parametrize(
    ("written", "stars"),
    [
        ("4.8", 4.8),
        ("4,8", 4.8),
        ("4.8/5", 4.8),
        ("4.8 out of 5", 4.8),
        ("5 out of 5 stars", 5.0),
        (5, 5.0),
        ("", None),
    ],
)
def test_stars_are_taken_as_exporters_write_them(written: object, stars: float | None) -> None:
    """Stars may be a text, of five or by themselves."""
    assert one(with_author(rating=written)).answers[0].author.rating == stars


@pytest.mark.parametrize(("written", "accepted"), [("true", True), ("True", True), ("false", False), ("", False)])
def test_true_and_false_may_be_texts(written: str, accepted: bool) -> None:
    """What a table's export writes for yes and no is taken."""
    assert one(with_answer(accepted=written)).answers[0].accepted is accepted


@pytest.mark.parametrize("written", ["2024-05-01T23:30:00-05:00", "2024-05-01 03:00:00", "May 1, 2024", "2024-05-01"])
def test_a_time_stamp_is_kept_as_the_day_that_it_names(written: str) -> None:
    """The answer's date is an ISO day, and nothing needs to be said of it."""
    assert one(with_answer(date=written)).answers[0].date == "2024-05-01"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (1425340800, "2015-03-03"),
        (1425340800.0, "2015-03-03"),
        ("1425340800", "2015-03-03"),
        (1425340800000, "2015-03-03"),
        (20240501, "2024-05-01"),
        (2024, "2024"),
    ],
)
def test_a_number_as_a_date_is_read_with_a_remark(written: object, day: str) -> None:
    """Seconds since 1970 are a day in UTC, and the report says what was made of them."""
    question, (remark,) = remarked(with_answer(date=written))
    assert question.answers[0].date == day
    assert f"read as {day}" in remark.reason


@pytest.mark.parametrize("written", ["01/05/2024", "yesterday", "2024-02-30", 7, 0, True, [], {"$date": 1}, "x" * 500])
def test_a_date_that_is_none_is_left_out_with_a_remark(written: object) -> None:
    """The answer is kept without it, for the date is not the doctor's words."""
    question, (remark,) = remarked(with_answer(date=written))
    assert question.answers[0].date is None
    assert "'answers[0].date' is no date that is certain" in remark.reason
    assert len(str(remark)) < 300


@pytest.mark.parametrize("written", ["2026-05-01", " 2026-05-01T23:30:00-05:00", "May 1, 2026", "20260501"])
def test_the_day_of_an_import_is_kept_in_iso_form(written: str) -> None:
    """In whatever clear form it was written, without its time."""
    question = one(with_answer() | {"provenance": {"imported": written}})
    assert question.provenance == Provenance(imported="2026-05-01")


def test_a_sha256_is_kept_in_small_letters() -> None:
    """Programs write its digits either way."""
    question = one(with_answer() | {"provenance": {"sha256": " " + "0A" * 32}})
    assert question.provenance == Provenance(sha256="0a" * 32)
