"""Dates and time stamps: the day that they name, or none."""

import json
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from askdoc import bootstrap
from askdoc.cli.render.reply import reply_text
from askdoc.cli.terminal import Glyphs
from askdoc.corpus.dates import epoch_day, iso_day
from askdoc.index.generation import Generation
from askdoc.server.app import create_app
from tests.server.doubles import FixedProvider

MAY_DAY = [
    "2024-05-01",
    " 2024-05-01\n",
    "2024-5-1",
    "2024/05/01",
    "2024.05.01",
    "20240501",
    "20240501T233000Z",
    "2024-05-01T23:30:00-05:00",
    "2024-05-01T23:30:00−05:00",
    "2024-05-01T00:10:00+14:00",
    "2024-05-01T23:59:60Z",
    "2024-05-01T23:30:00.123456+00:00",
    "2024-05-01T23:30:00.000Z",
    "2024-05-01T23:30:00+09:00[Asia/Tokyo]",
    "2024-05-01T23:30",
    "2024-05-01 03:00:00",
    "2024-05-01 03:00:00.0",
    "2024-05-01 03:00:00 UTC",
    "2024-05-01 03:00:00 +0000",
    "2024-05-01 3:00 PM",
    "2024-05-01 24:00:00",
    "2024-05-01Z",
    "2024-05-01+02:00",
    "May 1, 2024",
    "May 1st, 2024",
    "MAY 01 2024",
    "May 1 2024, 11:30 p.m.",
    "May\u00a01, 2024, 11:30\u202fPM",
    "May 1, 2024 at 3:00 PM EST",
    "Wednesday, May 1, 2024",
    "1 May 2024",
    "1st of May, 2024",
    "01-May-2024",
    "01-MAY-2024 23:30:00",
    "Wed, 01 May 2024 23:30:00 GMT",
    "Wed, 1 May 2024 23:30:00 -0500",
    "Wed May 01 2024 23:30:00 GMT-0500 (Central Daylight Time)",
    "Wed May  1 23:30:00 2024",
    "Wed May 01 23:30:00 +0000 2024",
    "Wed May  1 23:30:00 PDT 2024",
    "2024年5月1日",
]


@pytest.fixture(params=["UTC", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati"])
def zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """The machine's time zone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield request.param
    time.tzset()


@pytest.mark.parametrize("text", MAY_DAY)
def test_a_time_stamp_is_the_day_that_it_names(text: str) -> None:
    """Whatever the form and the zone, the day is the one that is written."""
    assert iso_day(text) == "2024-05-01"


def test_the_machines_time_zone_changes_nothing(zone: str) -> None:
    """Days are those that are named, and seconds since 1970 are UTC, on every machine."""
    assert {iso_day(text) for text in MAY_DAY} == {"2024-05-01"}
    assert epoch_day(1_425_340_800) == "2015-03-03"


@pytest.fixture
def corpus_folder(tmp_path: Path) -> Path:
    """A corpus of one record whose time stamp is another day in most of the world."""
    answer = {"id": "a", "body": "Dry air cracks the lining of the nose.", "date": "2024-05-01T23:30:00-05:00"}
    record = {"id": "q", "title": "Can dry air make a nose bleed?", "answers": [answer]}
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "more.jsonl").write_text(json.dumps(record), encoding="utf-8")
    return folder


def test_every_surface_shows_the_day_that_is_named(zone: str, tiny_index: Generation) -> None:
    """JSON, page and terminal show one and the same day, whatever the machine's time zone."""
    responder = bootstrap.responder(tiny_index)
    reply = responder.reply("Can dry air make a nose bleed?")
    assert [answer["date"] for answer in reply.document()["answers"]] == ["2024-05-01"]
    assert "2024-05-01\n" in reply_text(reply, Glyphs()) + "\n"
    with TestClient(create_app(FixedProvider(responder))) as client:
        assert client.get("/v1/answers/a").json()["date"] == "2024-05-01"
        page = client.get("/answers/a", headers={"accept": "text/html"}).text
    assert '<time datetime="2024-05-01">May 1, 2024</time>' in page
    assert "T23:30" not in page + reply_text(reply, Glyphs())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2024", "2024"),
        ("2024-05", "2024-05"),
        ("2024/05", "2024-05"),
        ("May 2024", "2024-05"),
        ("Sept. 2014", "2014-09"),
        ("2024年5月", "2024-05"),
        ("March 3, 2015", "2015-03-03"),
        ("Sep 30, 2014", "2014-09-30"),
        ("February 29, 2024", "2024-02-29"),
        ("25/12/2024", "2024-12-25"),
        ("12/25/2024 3:00 PM", "2024-12-25"),
        ("31.01.2024", "2024-01-31"),
        ("05/05/2024", "2024-05-05"),
    ],
)
def test_no_more_is_read_than_is_said(text: str, said: str) -> None:
    """A month stays a month, and two numbers are a day where only one of them can be the month."""
    assert iso_day(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "yesterday", "2 years ago", "soon", "May", "May 1", "1 May", "N/A", "null", "Invalid date", "NaN",
        "01/05/2024", "1.5.2024", "05-01-2024", "1/5/24", "1 May 24", "24-05-01",
        "2024-13-01", "2024-02-30", "2023-02-29", "2024-00-00", "0000-00-00 00:00:00", "0001-01-01T00:00:00Z",
        "9999-12-31", "2024-05-01T25:00", "2024-05-01T10:61", "13/13/2024", "May 32, 2024", "Mayor 1, 2024",
        "2024-W18-3", "2024-122", "202405", "12345678901", "٢٠٢٤-٠٥-٠١", "2024-05-01 or later", "\u017fep 1, 2024",
        "2024-05-01\n2024-05-02",
        "2024-05-01 - 2024-06-01", "a" * 10_000, "1" * 10_000,
    ],
)  # fmt: skip
def test_what_is_not_certain_is_no_date(text: str) -> None:
    """A day that may be another, that does not exist, or that stands for 'unknown' is not read."""
    assert iso_day(text) is None


@pytest.mark.parametrize(
    ("number", "day"),
    [
        (1_425_340_800, "2015-03-03"),
        (1_425_340_800.0, "2015-03-03"),
        (1_425_340_799, "2015-03-02"),
        (1_425_340_800_000, "2015-03-03"),
        (0, None),
        (-1, None),
        (7, None),
        (20_240_501, None),
        (2024, None),
        (10**18, None),
        (10**400, None),
        (float("inf"), None),
    ],
)
def test_seconds_and_milliseconds_are_days_in_utc(number: float, day: str | None) -> None:
    """Counts from 1970 are told by their size; others are no dates."""
    assert epoch_day(number) == day


@given(
    st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%B %d, %Y", "%d %b %Y", "%a, %d %b %Y", "%c"]),
)
def test_every_day_is_read(day: date, form: str) -> None:
    """Every day comes back from every form."""
    assert iso_day(day.strftime(form)) == day.isoformat()


@given(st.text(max_size=90) | st.from_regex(r"[0-9TZ:+\-/., ]{1,40}", fullmatch=True))
def test_any_text_is_a_date_or_none(text: str) -> None:
    """Nothing raises, and what is read is a part of an ISO day."""
    read = iso_day(text)
    assert read is None or (len(read) in (4, 7, 10) and read.replace("-", "").isascii())
