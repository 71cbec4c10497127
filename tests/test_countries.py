"""Whom to call in a country, and what counts as the name of one."""

import re

import pytest

from askdoc.countries import TOPICS, Country, country_code, numbers
from askdoc.errors import UsageError
from askdoc.models import DEFAULT_DISCLAIMER, DEFAULT_EMERGENCY, own_disclaimer
from askdoc.settings import DEFAULT_COUNTRY
from tests.conftest import ROOT

EMERGENCY = {
    "US": "911", "CA": "911", "GB": "999", "IE": "112", "AU": "000", "NZ": "111", "IN": "112", "DE": "112",
    "FR": "112", "ES": "112", "MX": "911",
}  # fmt: skip
CRISIS = {
    "US": "988", "CA": "988", "GB": "116 123", "IE": "116 123", "AU": "13 11 14", "NZ": "1737", "IN": "14416",
    "DE": "0800 111 0 111", "FR": "3114", "ES": "024", "MX": "800 911 2000",
}  # fmt: skip
VIOLENCE = {
    "US": "1-800-799-7233", "CA": "211", "GB": "0808 2000 247", "IE": "1800 341 900", "AU": "1800 737 732",
    "NZ": "0800 733 843", "IN": "181", "DE": "116 016", "FR": "3919", "ES": "016", "MX": "800 822 4460",
}  # fmt: skip


def test_the_numbers_are_the_official_ones() -> None:
    """The table has the numbers that are written out here a second time, so that a slip in it is seen."""
    assert {code: Country.find(code).emergency for code in numbers()} == EMERGENCY
    assert {code: Country.find(code).crisis_line for code in numbers()} == CRISIS
    assert {code: Country.find(code).lines("violence")[0].call for code in numbers()} == VIOLENCE


def test_the_readme_names_the_countries_of_the_table() -> None:
    """No more and no less."""
    row = next(line for line in (ROOT / "README.md").read_text("utf-8").splitlines() if "ASKDOC_COUNTRY" in line)
    assert set(re.findall(r"\b[A-Z]{2}\b", row)) == set(numbers())


def test_every_country_names_its_source() -> None:
    """A number without an official page behind it must not be in the table, and none is there that nobody can dial."""
    for code, entry in numbers().items():
        assert country_code(code) == code
        assert entry["source"], code
        for topic in TOPICS:
            for line in entry.get(topic, ()):
                dialled = [line[way] for way in ("call", "text") if way in line]
                assert dialled, (code, line)
                assert all(re.fullmatch(r"[0-9][0-9 -]+", number) for number in dialled), (code, line)


@pytest.mark.parametrize("text", ["de", " DE ", "De"])
def test_a_code_may_be_written_in_small_letters(text: str) -> None:
    """Letter case and blanks around a country's code make no difference."""
    assert Country.find(text).emergency == "112"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("uk", "GB"),
        ("UK", "GB"),
        ("USA", "US"),
        ("usa", "US"),
        ("United States", "US"),
        ("America", "US"),
        ("Germany", "DE"),
        ("germny", "DE"),
        ("GERMANY", "DE"),
        ("Deutschland", "DE"),
        ("DEU", "DE"),
        ("England", "GB"),
        ("Great Britain", "GB"),
        ("Brasil", "BR"),
        ("Brazil", "BR"),
        ("South Korea", "KR"),
    ],
)
def test_another_name_of_a_country_is_refused_with_its_code(text: str, meant: str) -> None:
    """The refusal names the code that was meant, and the countries whose numbers are known."""
    with pytest.raises(UsageError, match=f"Did you mean {meant}\\? Give the two letters") as caught:
        Country.find(text)
    for code in numbers():
        assert code in str(caught.value)


@pytest.mark.parametrize("text", ["XX", "ZZ", "", "1", "U", "DE,FR", "D\u0415", "EU", "Ruritania"])
def test_what_is_no_country_is_refused(text: str) -> None:
    """The refusal ends with what to do, and suggests no country."""
    with pytest.raises(UsageError, match=r"number'\. Give the two letters of ISO 3166\.$"):
        country_code(text)


@pytest.mark.parametrize("code", ["BR", "JP", "AQ"])
def test_a_country_outside_the_table_has_no_number(code: str) -> None:
    """A real country that the table lacks is accepted, and no number is invented for it."""
    country = Country.find(code)
    assert (country.code, country.emergency, country.crisis_line, country.lines(*TOPICS)) == (code, None, None, ())


def test_the_disclaimer_names_the_country_s_number() -> None:
    """The disclaimer names the number of the reader's country, or none: never another country's."""
    assert "call 999 or your local emergency number." in own_disclaimer("999")
    assert "call your local emergency number." in own_disclaimer(None)
    assert not re.search("[0-9]", own_disclaimer(None))
    assert Country.find(DEFAULT_COUNTRY).emergency == DEFAULT_EMERGENCY
    assert own_disclaimer(DEFAULT_EMERGENCY) == DEFAULT_DISCLAIMER
