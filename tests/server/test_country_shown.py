"""The country that is set: its numbers and wording on every surface, and no other country's."""

import html
import re
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from askdoc import bootstrap
from askdoc.countries import numbers
from askdoc.index.generation import Generation
from askdoc.models import own_disclaimer
from askdoc.server.app import create_app
from askdoc.server.middleware import MAX_BODY_BYTES
from tests.server.doubles import BROWSER, FixedProvider

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
        clients.append(TestClient(create_app(FixedProvider(responder), country=country)))
        return clients[-1].__enter__()

    yield client
    for entered in clients:
        entered.__exit__(None, None, None)


def texts(client: TestClient) -> Iterator[str]:
    """Everything that a reader can be shown without a page of the corpus being quoted."""
    for question in (EMERGENCY, CRISIS, "how do I change the tyre of a bicycle"):
        yield client.post("/v1/ask", json={"question": question}).text
        yield html.unescape(client.post("/", data={"question": question}, headers=BROWSER).text)
    yield client.post("/v1/ask", json={"question": " "}).text
    yield client.post("/v1/ask", content=b" " * (MAX_BODY_BYTES + 1)).text
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
