"""The country that is set: its numbers and wording on every surface, and no other country's."""

import html
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from fastapi.testclient import TestClient

from askdoc import bootstrap
from askdoc.cli.main import commands
from askdoc.countries import Country, numbers
from askdoc.errors import UsageError
from askdoc.index.generation import Generation
from askdoc.models import own_disclaimer
from askdoc.safety import Notices
from askdoc.server.app import create_app
from askdoc.server.middleware import LARGEST_BODY
from askdoc.settings import Settings
from tests.cli.test_cli import README, run
from tests.server.test_api import BROWSER, FixedDesk

CRISIS = "I want to kill myself"
EMERGENCY = "I can't breathe"
OWN = "How long does a bruise last?"
Open = Callable[[str], TestClient]


@pytest.fixture
def served(tiny_index: Generation) -> Iterator[Open]:
    """A server for a country."""
    clients: list[TestClient] = []

    def client(country: str) -> TestClient:
        responder = bootstrap.responder(tiny_index, shared=bootstrap.Shared(country))
        clients.append(TestClient(create_app(FixedDesk(responder), country=country)))
        return clients[-1].__enter__()

    yield client
    for one in clients:
        one.__exit__(None, None, None)


def texts(client: TestClient) -> Iterator[str]:
    """Everything that a reader can be shown without a page of the corpus being quoted."""
    for question in (EMERGENCY, CRISIS, "how do I change the tyre of a bicycle"):
        yield client.post("/v1/ask", json={"question": question}).text
        yield html.unescape(client.post("/", data={"question": question}, headers=BROWSER).text)
    yield client.post("/v1/ask", json={"question": " "}).text
    yield client.post("/v1/ask", content=b" " * (LARGEST_BODY + 1)).text
    yield client.get("/v1/answers/nothing").text
    yield client.get("/v1/notices").text
    for path in ("/", "/docs", "/answers/nothing", "/nowhere"):
        yield html.unescape(client.get(path, headers=BROWSER).text)
    yield html.unescape(client.post("/", data={"question": ""}, headers=BROWSER).text)


@pytest.mark.parametrize("country", ["GB", "DE", "AU"])
def test_no_surface_names_another_country_s_number(served: Open, country: str) -> None:
    """Notices, disclaimers, errors, the form's hint and the page for programs all follow the setting."""
    number = numbers()[country]["emergency"]
    for text in texts(served(country)):
        assert number in text
        assert not re.search(r"\b(911|988)\b", text), text


def test_a_country_without_numbers_gets_words_and_no_number(served: Open) -> None:
    """Least of all the default country's."""
    for text in texts(served("BR")):
        assert "your local emergency number" in text
        assert not re.search(r"\b(911|988|999|112)\b", text), text


def test_the_default_is_the_united_states(served: Open) -> None:
    """As the README says."""
    for text in texts(served("US")):
        assert "911" in text


def test_the_hint_names_the_number(served: Open) -> None:
    """Before anything is asked."""
    assert "In an emergency, call 999 first." in served("GB").get("/", headers=BROWSER).text
    assert "In an emergency, call your local emergency number first." in served("BR").get("/", headers=BROWSER).text


@pytest.mark.parametrize("level", ["emergency", "crisis"])
def test_spanish_without_a_number_has_one_article(level: str) -> None:
    """The words for a number stand behind "al", which holds the article already."""
    first = Notices.shipped(Country.find("BR")).first()["es"][level]
    assert "llame al número de emergencias" in f"{first.title} {first.text}".replace("ahora ", "")
    assert "al el" not in f"{first.title} {first.text}"


def test_a_page_s_own_disclaimer_stays_word_for_word(served: Open) -> None:
    """It is quoted as the doctors' words are, whatever number it names."""
    client = served("GB")
    reply = client.post("/v1/ask", json={"question": OWN, "max_answers": 1}).json()
    assert reply["disclaimer"] == "For education only; this is no medical advice."
    answer = client.get(f"/v1/answers/{reply['answers'][0]['answer_id']}").json()
    assert answer["disclaimer"] == reply["disclaimer"]


def test_in_a_crisis_the_line_to_talk_to_comes_before_the_emergency_number(served: Open) -> None:
    """In the reply, in the page, and in what a client says before the reply is there."""
    client = served("GB")
    first = client.get("/v1/notices").json()["notices"]["en"]["crisis"]
    reply = client.post("/v1/ask", json={"question": CRISIS}).json()["notice"]
    assert reply == first
    assert [line["call"] for line in reply["contacts"]] == ["116 123", None, "999"]
    page = client.post("/", data={"question": CRISIS}, headers=BROWSER).text
    assert page.index("tel:116123") < page.index("tel:999")


def test_a_client_is_told_the_first_notices_in_the_server_s_words(served: Open) -> None:
    """Each kind of alarm, in every language that is read, with the country and the disclaimer."""
    document = served("IE").get("/v1/notices").json()
    assert (document["country"], document["emergency"]) == ("IE", "112")
    assert document["disclaimer"] == own_disclaimer("112")
    assert {language: set(levels) for language, levels in document["notices"].items()} == {
        "en": {"emergency", "crisis", "taken"},
        "es": {"emergency", "crisis", "taken"},
    }
    assert document["notices"]["es"]["crisis"]["language"] == "es"
    assert "112" in document["notices"]["es"]["emergency"]["title"]


def options(command: click.Command) -> set[str]:
    return {name for one in command.params for name in one.opts}


def test_every_command_that_shows_numbers_takes_the_country() -> None:
    """And every option that the README names is there on some command."""
    for name in ("ask", "serve", "embed", "info"):
        assert "--country" in options(commands.commands[name]), name
    every = set().union(*(options(command) for command in commands.commands.values()))
    named = re.findall(r"^\| `ASKDOC_\w+` \| `(--\w+)`", README.read_text("utf-8"), re.MULTILINE)
    assert set(named) <= every


def test_the_readme_names_the_countries_of_the_table() -> None:
    """No more and no less."""
    row = next(line for line in README.read_text("utf-8").splitlines() if "ASKDOC_COUNTRY" in line)
    assert set(re.findall(r"\b[A-Z]{2}\b", row)) == set(numbers())


@pytest.mark.parametrize(
    ("options", "environ", "source"),
    [
        ({"country": "Germany"}, {}, "option --country"),
        ({}, {"ASKDOC_COUNTRY": "germany"}, "environment ASKDOC_COUNTRY"),
    ],
)
def test_a_wrong_country_is_refused_with_its_source(
    tmp_path: Path, options: dict[str, object], environ: dict[str, str], source: str
) -> None:
    """At the start, before anything is asked."""
    with pytest.raises(UsageError, match=rf"country \({source}\): .*Did you mean DE\?"):
        Settings.load(options, environ, file=tmp_path / "askdoc.toml")


def test_a_wrong_country_in_the_file_is_refused(tmp_path: Path) -> None:
    """Like one on the command line."""
    (tmp_path / "askdoc.toml").write_text('country = "USA"\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"file .*Did you mean US\?"):
        Settings.load({}, {}, file=tmp_path / "askdoc.toml")


def test_a_country_is_kept_in_capitals(tmp_path: Path) -> None:
    """So that ``info`` shows what is meant."""
    assert Settings.load({"country": "gb"}, {}, file=tmp_path / "askdoc.toml").country == "GB"


@pytest.mark.parametrize("command", [["ask", "why"], ["serve"], ["info"], ["embed"]])
def test_the_command_line_refuses_what_is_no_country(command: list[str], tmp_path: Path) -> None:
    """Exit code 2 and one sentence."""
    done = run(*command, "--country", "XX", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "'XX' is no country's code" in done.stderr
    assert "Traceback" not in done.stderr


def replied(country: str, question: str, index: Generation) -> dict[str, Any]:
    document = bootstrap.responder(index, shared=bootstrap.Shared(country)).reply(question).document()
    loaded: dict[str, Any] = json.loads(json.dumps(document))
    return loaded


def test_a_library_s_reply_follows_the_country_too(tiny_index: Generation) -> None:
    """Without a server."""
    assert replied("GB", "how do I change a tyre", tiny_index)["disclaimer"] == own_disclaimer("999")
    assert replied("BR", "how do I change a tyre", tiny_index)["disclaimer"] == own_disclaimer(None)
