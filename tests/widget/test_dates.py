"""Dates: the day that is named, in every time zone."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import Host
from .driver import EYES, Chat

SHOWN = {
    "2023-04-11": "April 11, 2023",
    "2024-02-29": "February 29, 2024",
    "2023-01-01": "January 1, 2023",
    "1969-12-31": "December 31, 1969",
    "2023-04": "April 2023",
    "2023": "2023",
    "2023-02-31": "2023-02-31",
    "spring 2019": "spring 2019",
    "2023-04-11T23:30:00-08:00": "April 11, 2023",
    "2023-04-11T00:10:00+09:00": "April 11, 2023",
}


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati", "UTC"])
def test_a_date_is_the_day_it_names_everywhere(new_page: Callable[..., Any], host: Host, zone: str) -> None:
    """A day, a month or a year is shown as written, west and east of Greenwich."""
    page = new_page(timezone_id=zone)
    dates = iter(SHOWN)

    def dated(route: Any) -> None:
        response = route.fetch()
        reply = response.json()
        for answer in reply["answers"]:
            answer["date"] = next(dates)
        route.fulfill(response=response, body=json.dumps(reply))

    page.route("**/v1/ask", dated)
    chat = Chat(page, host.floating()).open()
    for _ in range(len(SHOWN) // 2):
        chat.ask(EYES)
    cards = chat.find("article")
    for place, shown in enumerate(SHOWN.values()):
        facts = " · ".join(cards.nth(place).locator("p.small").all_inner_texts()).split(" · ")
        assert shown in facts


def test_a_download_is_dated_as_the_reader_s_clock_was(new_page: Callable[..., Any], host: Host) -> None:
    """An evening's conversation in Los Angeles is not tomorrow's."""
    page = new_page(timezone_id="America/Los_Angeles")
    page.clock.set_fixed_time("2024-03-01T02:00:00Z")
    chat = Chat(page, host.floating()).open()
    chat.ask(EYES)
    page.locator("summary").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as Markdown").click()
    text = Path(download.value.path()).read_text("utf-8")
    assert "2024-02-29" in text
    assert "2024-03-01" not in text
