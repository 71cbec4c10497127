"""The pages as a browser sees them: a plain form, replies, whole answers and the description."""

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from askdoc.models import DEFAULT_DISCLAIMER, NO_ANSWER_ADVICE, Confidence
from askdoc.server.app import create_app
from tests.making import make_whole, opened, responder
from tests.server.doubles import ARABIC, BROWSER, GERMAN, QUESTION, FixedProvider


def test_the_page_shows_what_was_searched_for_beside_the_question(client: TestClient) -> None:
    """So that nobody wonders at an answer to other words."""
    page = client.post("/", data={"question": "How long does a bruisse last?"}, headers=BROWSER).text
    assert "Searched also for: bruise" in page


def test_the_page_works_as_a_plain_form(client: TestClient) -> None:
    """Doctor, stars as text, headline, passage and disclaimer stand in the page; the question went in the body."""
    page = client.post("/", data={"question": QUESTION}, headers=BROWSER).text
    page = page.replace("<mark>", "").replace("</mark>", "")
    for words in (
        "Anna Example, MD",
        "Springfield Dermatologist",
        "4.5 out of 5, 3 reviews",
        "Patience",
        "A bruise fades within two weeks. It turns yellow first.",
        "For education only; this is no medical advice.",
        "+2 votes",
    ):
        assert words in page, words
    assert 'method="post"' in page
    assert 'method="get"' not in page


def test_the_page_says_when_it_has_nothing(client: TestClient) -> None:
    """That no answer fits, and what to do; no question about something else is offered."""
    page = client.post("/", data={"question": "zebra quantum carburettor"}, headers=BROWSER).text
    assert f">{Confidence.NONE.sentence}</h2>" in page
    assert f'<p class="advice">{NO_ANSWER_ADVICE}</p>' in page
    assert "<blockquote" not in page
    assert 'id="related"' not in page
    assert DEFAULT_DISCLAIMER in page.replace("&#39;", "'")


def test_the_page_shows_what_is_wrong_with_a_question(client: TestClient) -> None:
    """Beside the box, with the text kept."""
    response = client.post("/", data={"question": "x" * 1001}, headers=BROWSER)
    assert response.status_code == 422
    assert "1,001 characters" in response.text
    assert "x" * 1001 in response.text


def test_the_question_is_escaped_in_the_page(client: TestClient) -> None:
    """What a person types is text, never markup."""
    page = client.post("/", data={"question": "<script>alert(1)</script> bruise"}, headers=BROWSER).text
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_whole_answer_has_a_page(client: TestClient) -> None:
    """For the link below each card."""
    page = client.get("/answers/bruise%3A2", headers=BROWSER).text
    assert "Cold helps on the first day." in page
    assert "Shelbyville Dentist" in page
    assert "For education only; this is no medical advice." in page


def test_docs_need_nothing_from_elsewhere(client: TestClient) -> None:
    """Pages load from this server alone, and the endpoints are described."""
    for path in ("/docs", "/"):
        page = client.get(path, headers=BROWSER).text
        assert not re.findall(r"""(?:src|href|action)=["'](?:https?:)?//""", page)
    assert "/v1/ask" in client.get("/docs").text
    assert "/v1/ask" in client.get("/openapi.json").json()["paths"]


def test_a_question_that_has_to_wait_is_kept_in_its_box(starting: TestClient) -> None:
    """Nobody types it twice because the server was starting."""
    page = starting.post("/", data={"question": QUESTION}, headers=BROWSER)
    assert (page.status_code, f">{QUESTION}</textarea>" in page.text) == (503, True)


ARABIC_PAGE = (
    '{"title": "كم يدوم الزكام؟", "details": "منذ أسبوع", "answers": [{"id": "ar", "headline": "الراحة", '
    '"body": "يدوم الزكام أسبوعا. اشرب الماء.", "date": "2024-05-01T23:30:00-05:00", '
    '"author": {"name": "آنا هولم"}}]}\n'
)


@pytest.fixture
def arabic(tmp_path: Path) -> Iterator[TestClient]:
    """A server over one page in Arabic."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "ar.jsonl").write_text(ARABIC_PAGE, encoding="utf-8")
    make_whole(tmp_path / "corpus", tmp_path / "index")
    with TestClient(create_app(FixedProvider(responder(opened(tmp_path / "index")))), headers=BROWSER) as found:
        yield found


def test_what_the_corpus_says_has_its_own_direction_and_no_language_is_claimed(arabic: TestClient) -> None:
    """Question, headline, passage, doctor and what was typed turn with their script; the page's words stay English."""
    reply = arabic.post("/", data={"question": "كم يدوم الزكام؟"}).text
    whole = arabic.get("/answers/ar").text
    in_whole = ["كم يدوم", "منذ", "الراحة", "يدوم الزكام", "آنا"]
    for page, quoted in ((reply, ["كم يدوم", "الراحة", "آنا هولم"]), (whole, in_whole)):
        assert '<html lang="en">' in page
        for words in quoted:
            assert re.search(rf'<(\w+)[^>]* lang="" dir="auto"[^>]*>{words}', page), words
    assert re.search(r'<textarea[^>]* lang="" dir="auto"[^>]*>كم يدوم', reply)
    assert re.search(r'<blockquote lang="" dir="auto">', reply)
    for near in re.findall(r"<button[^>]*link[^>]*>", reply):
        assert 'lang="" dir="auto"' in near


@pytest.mark.parametrize(("question", "language"), [(GERMAN, "de"), (ARABIC, "ar"), ("Mein Kind atmet nicht", "de")])
def test_the_page_marks_the_notice_s_language_and_says_nothing_of_answers(
    client: TestClient, question: str, language: str
) -> None:
    """A screen reader pronounces it and the browser sets its direction; no answer was looked for, so none is missed."""
    page = client.post("/", data={"question": question}, headers=BROWSER).text
    assert f'lang="{language}" dir="auto"' in page
    assert "tel:911" in page
    assert "tel:988" in page
    assert Confidence.NONE.sentence not in page
    assert NO_ANSWER_ADVICE not in page


def test_the_whole_answer_shows_its_date_in_words(arabic: TestClient) -> None:
    """As the day that it names, whatever the time zone."""
    assert '<time datetime="2024-05-01">May 1, 2024</time>' in arabic.get("/answers/ar").text


def test_the_page_holds_the_widget_around_its_form(client: TestClient) -> None:
    """One element, one script from this server, one that the policy names, and inside the form that works without."""
    page = client.get("/", headers={"accept": "text/html"})
    assert re.search(r"<askdoc-chat>\s*<form.*</form>\s*</askdoc-chat>", page.text, re.DOTALL)
    assert re.findall(r"<script[^>]*>", page.text) == ["<script>", '<script type="module" src="widget/v1/askdoc.js">']
    policy = page.headers["content-security-policy"]
    [inline] = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    assert f"'sha256-{base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()}'" in policy
    for part in ("script-src 'self'", "connect-src 'self'", "require-trusted-types-for 'script'"):
        assert part in policy
