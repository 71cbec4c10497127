"""A conversation: cards as the pages wrote them, notices first, follow-ups, stored questions."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from askdoc.models import NO_ANSWER_ADVICE, Confidence

from .conftest import Host
from .double import _LIDS, _SLEEP, RequestLog
from .driver import ELEMENT, EYES, Chat, heard


def test_nothing_of_the_panel_loads_before_it_is_opened(page: Any, host: Host, seen: RequestLog) -> None:
    """A page that embeds the widget pays for the loader alone."""
    chat = Chat(page, host.floating())
    assert [path.rpartition("/")[2] for path in seen.paths] == ["askdoc.js"]
    chat.open()
    assert len([path for path in seen.paths if "panel.js" in path]) == 1


def test_a_card_shows_the_passage_word_for_word(page: Any, host: Host) -> None:
    """The passage keeps every character, white space too, and is marked at code points, not at UTF-16 units."""
    chat = Chat(page, host.floating()).open()
    reply = chat.ask(EYES)
    first, second = (chat.find("blockquote").nth(place) for place in range(2))
    assert first.text_content() == reply["answers"][0]["passage"]
    assert second.text_content() == _LIDS.answers[1].body
    assert chat.find("mark").all_text_contents() == [
        "Most people notice a difference within two weeks.",
        "Yes, they help.",
    ]
    assert "🙂" in first.text_content()
    assert first.evaluate("quote => getComputedStyle(quote).whiteSpace") == "pre-wrap"


def test_a_card_shows_the_doctor_as_the_page_does(page: Any, host: Host) -> None:
    """Name or title, standing, stars in words, votes, date and source stand on the card; nothing is said twice."""
    chat = Chat(page, host.floating()).open()
    chat.ask(EYES)
    named, titled = (chat.find("article").nth(place) for place in range(2))
    text = named.inner_text()
    for fact in (
        "Example Doctor, MD",
        "Portland Ophthalmologist",
        "4.8 out of 5, 126 reviews",
        "Warmth first, then patience",
        "Accepted answer · +14 votes · April 11, 2023",
        "Source: pages.example",
    ):
        assert fact in text
    links = named.get_by_role("link")
    assert [links.nth(place).get_attribute("href") for place in range(2)] == [
        "https://pages.example/doctors/mara-ellington",
        "https://pages.example/eyes/warm-compresses",
    ]
    assert links.last.get_attribute("rel") == "noreferrer"
    assert text.count("Portland") == 1
    assert titled.get_by_role("heading").inner_text() == "San Antonio Optometrist"
    assert "4.3 out of 5, 12 reviews" in titled.inner_text()
    assert chat.find(".verdict").inner_text() == "These answers fit your question."
    assert "In answer to: " in chat.find(".turn").inner_text()


def test_doctors_of_one_question_stand_side_by_side_where_there_is_room(page: Any, host: Host) -> None:
    """Two answers to one question are neighbours in the wide panel, and follow each other in the narrow one."""
    chat = Chat(page, host.floating()).open()
    chat.ask(EYES)

    def tops() -> list[float]:
        return [chat.find("article").nth(place).bounding_box()["y"] for place in range(2)]

    assert tops()[0] < tops()[1]
    page.get_by_role("button", name="Wider panel").click()
    assert tops()[0] == tops()[1]


def test_every_block_ends_with_the_disclaimer(page: Any, host: Host) -> None:
    """Answers, no answer, an error and the empty panel all carry one; a page's own wording comes first."""
    chat = Chat(page, host.floating()).open()
    assert "educational use only" in chat.find(".empty .disclaimer").inner_text()
    for question in (EYES, "Can I take melatonin?", "Which violin strings are best?", "a wrong question"):
        chat.ask(question)
    turns = chat.find(".turn")
    assert [turns.nth(place).locator("> :last-child.disclaimer").count() for place in range(4)] == [1, 1, 1, 1]
    assert turns.nth(1).locator(".disclaimer").inner_text() == _SLEEP.disclaimer
    assert "educational use only" in turns.nth(3).locator(".disclaimer").inner_text()


def test_the_whole_answer_can_be_read(page: Any, host: Host) -> None:
    """The whole body takes the passage's place, the sentence still marked, with its disclaimer; and back again."""
    chat = Chat(page, host.floating()).open()
    chat.ask(EYES)
    card = chat.find("article").first
    passage = card.locator("blockquote").text_content()
    card.get_by_role("button", name="Read the whole answer").click()
    card.locator("[aria-expanded=true]").wait_for()
    assert card.locator("blockquote").text_content() == _LIDS.answers[0].body
    assert card.locator("mark").all_text_contents() == ["Most people notice a difference within two weeks."]
    assert card.locator(".disclaimer").count() == 1
    card.get_by_role("button", name="Show the passage only").click()
    assert card.locator("blockquote").text_content() == passage
    assert card.locator(".disclaimer").count() == 0


def test_a_passage_that_is_the_whole_answer_offers_nothing_more(page: Any, host: Host) -> None:
    """There is a button for the rest only where there is a rest."""
    chat = Chat(page, host.floating()).open()
    reply = chat.ask(EYES)
    whole = [answer["length"] == len(answer["passage"]) for answer in reply["answers"]]
    assert whole == [False, True]
    buttons = [chat.find("article").nth(place).get_by_role("button").all_inner_texts() for place in range(2)]
    assert buttons == [["Read the whole answer", "Copy"], ["Copy"]]


def test_cuts_are_told_of_outside_the_words(page: Any, host: Host) -> None:
    """Where a passage leaves words out, dots that are no part of it say so, until the whole answer is read."""
    chat = Chat(page, host.floating()).open()
    chat.ask(EYES)

    def dots(place: int) -> list[str]:
        script = "quote => ['::before', '::after'].map((side) => getComputedStyle(quote, side).content)"
        return list(chat.find("blockquote").nth(place).evaluate(script))

    assert dots(0) == ['"… "', '" …"']
    assert dots(1) == ["none", "none"]
    chat.find("article").first.get_by_role("button", name="Read the whole answer").click()
    chat.find("[aria-expanded=true]").wait_for()
    assert dots(0) == ["none", "none"]


def test_the_line_that_names_a_source_is_shown_as_the_source(page: Any, host: Host) -> None:
    """Where the server tells of it, it stands below the passage, which then does not seem to go on."""
    told = {"source": {"text": "Facts drawn from a demonstration leaflet", "start": 900, "end": 940}, "goes_on": False}

    def answered(route: Any) -> None:
        response = route.fetch()
        reply = response.json()
        reply["answers"][0].update(told)
        route.fulfill(response=response, body=json.dumps(reply))

    page.route("**/v1/ask", answered)
    chat = Chat(page, host.floating()).open()
    chat.ask(EYES)
    line = chat.find("article").first.get_by_text("Facts drawn from a demonstration leaflet")
    assert line.get_attribute("lang") == "en"
    dots = "quote => getComputedStyle(quote, '::after').content"
    assert chat.find("blockquote").first.evaluate(dots) == "none"


def test_an_answer_comes_whole(page: Any, host: Host) -> None:
    """Never piece by piece: the first words that appear are all the words there are."""
    chat = Chat(page, host.floating()).open()
    page.evaluate(
        f"""() => {{
            window.stages = new Set();
            const log = {ELEMENT}.shadowRoot.querySelector(".log");
            new MutationObserver(() => stages.add(log.querySelector(".cards")?.textContent ?? ""))
                .observe(log, {{childList: true, characterData: true, subtree: true}});
        }}"""
    )
    chat.ask(EYES)
    shown = chat.find(".cards").text_content()
    assert page.evaluate("[...stages]") == ["", shown]


def test_other_words_that_were_searched_are_told_of(page: Any, host: Host) -> None:
    """Where the server searched in other words as well, the reader sees which."""
    chat = Chat(page, host.floating()).open()
    chat.ask("ophthalmia")
    assert "Also searched for: inflamed eye" in chat.find(".turn").inner_text()


def test_an_answer_alike_is_counted(page: Any, host: Host) -> None:
    """Answers folded into one are told of in words."""
    chat = Chat(page, host.floating()).open()
    chat.ask("Can I take melatonin?")
    assert "also answered alike by 2 others" in chat.find("article").inner_text()


def test_answers_in_part_are_labelled_so(page: Any, host: Host) -> None:
    """Before the first card stands, in plain words, that they may not answer what was asked."""
    chat = Chat(page, host.floating()).open()
    chat.ask("Can I take melatonin?")
    assert chat.find(".turn > h3 + .verdict").inner_text() == Confidence.PARTIAL.sentence


@pytest.mark.parametrize(
    ("question", "level", "calls"),
    [
        ("chest pain since noon", "emergency", ["tel:911", "tel:18002221222"]),
        ("I feel hopeless", "crisis", ["tel:988", "sms:988", "tel:911"]),
    ],
)
def test_a_notice_comes_first(page: Any, host: Host, question: str, level: str, calls: list[str]) -> None:
    """The card with the numbers to call stands before everything else, and its heading says it is urgent."""
    chat = Chat(page, host.floating()).open()
    chat.ask(question)
    notice = chat.find(".turn > h3 + .notice")
    assert level in notice.get_attribute("class")
    assert notice.get_by_role("heading").text_content().startswith("Immediate action required: ")
    links = notice.locator(".call")
    assert links.first.evaluate("link => link === link.parentNode.firstChild")  # the words come after
    assert [links.nth(place).get_attribute("href") for place in range(links.count())] == calls
    assert links.first.bounding_box()["height"] >= 44


def test_an_alarm_without_answers_stands_alone(page: Any, host: Host) -> None:
    """Where only help is needed, nothing is said of missing answers and no other question is offered."""
    chat = Chat(page, host.floating()).open()
    chat.ask("I feel hopeless")
    assert chat.find(".turn .verdict, .turn .ask").count() == 0
    assert chat.find(".turn > .disclaimer").count() == 1


def test_a_notice_for_education_is_calm(page: Any, host: Host) -> None:
    """Advice to read first is not dressed up as an emergency."""
    chat = Chat(page, host.floating()).open()
    chat.ask("Can I take melatonin while pregnant?")
    assert chat.find(".notice").get_by_role("heading").text_content() == "During pregnancy, ask first"
    assert chat.find(".notice.loud").count() == 0


def test_no_answer_says_what_to_do_and_offers_near_questions(page: Any, host: Host, seen: RequestLog) -> None:
    """That nothing fits is said, then what to do, and a stored question can be asked with one press."""
    chat = Chat(page, host.floating()).open()
    chat.ask("Which violin strings are best?")
    assert chat.find(".turn > h3 + .verdict").inner_text() == Confidence.NONE.sentence
    assert chat.find(".verdict + p").inner_text() == NO_ANSWER_ADVICE
    assert chat.find(".near > p").inner_text() == "Questions like yours that have answers"
    chat.find(".turn").get_by_role("button", name="melatonin every night").click()
    chat.find(".turn").nth(1).locator("article").wait_for()
    assert seen.asked[-1] == {"question": _SLEEP.title, "max_answers": 3}


def test_follow_ups_carry_context_until_it_is_cleared(page: Any, host: Host, seen: RequestLog) -> None:
    """Earlier questions go along with a follow-up; what it is still about is shown and can be taken away."""
    chat = Chat(page, host.floating()).open()
    chat.ask(EYES)
    chat.ask("How long should I use them")
    assert "context" not in seen.asked[0]
    assert seen.asked[1]["context"] == [EYES]
    assert chat.find(".about").inner_text().startswith(f"Still about: {EYES}")
    page.get_by_role("button", name="Start a new subject").click()
    assert chat.find(".about").is_hidden()
    assert chat.focused() == "input"
    chat.ask("And something else")
    assert "context" not in seen.asked[2]


def test_context_stays_short(page: Any, host: Host, seen: RequestLog) -> None:
    """However long a subject is followed, at most three earlier questions are sent."""
    chat = Chat(page, host.floating()).open()
    for number in range(6):
        chat.ask(f"what about them {number}")
    assert seen.asked[-1]["context"] == [f"what about them {number}" for number in (2, 3, 4)]


def test_stored_questions_are_suggested_while_typing(page: Any, host: Host, seen: RequestLog) -> None:
    """Typing brings up stored questions as buttons; one press asks one, without context."""
    chat = Chat(page, host.floating()).open()
    assert chat.find(".empty .ask").first.inner_text() == _LIDS.title
    assert seen.suggested == [{"text": "", "limit": 4}]
    chat.ask(EYES)
    chat.input.press_sequentially("melatonin e")
    choice = chat.find(".likes .ask")
    choice.wait_for()
    heard(page, lambda: seen.suggested[-1] == {"text": "melatonin e", "limit": 4})
    choice.click()
    chat.find(".turn").nth(1).locator("article").wait_for()
    assert seen.asked[-1] == {"question": _SLEEP.title, "max_answers": 3}
    assert chat.input.input_value() == ""
    assert chat.focused() == "input"


def test_suggestions_can_be_switched_off(page: Any, host: Host, seen: RequestLog) -> None:
    """With data-suggest="off" not a letter leaves before the question is sent."""
    chat = Chat(page, host.floating('data-suggest="off"')).open()
    page.clock.install()
    chat.input.press_sequentially("melatonin every")
    page.clock.run_for(2000)
    chat.ask(EYES)  # so that what was on its way has arrived
    assert all(body["text"] == "" for body in seen.suggested)


def test_the_element_has_an_interface(page: Any, host: Host) -> None:
    """open, close, ask and clear can be called, and tell the page by events that hold no word of the question."""
    chat = Chat(page, host.floating())
    page.evaluate(
        """() => {
            window.heard = [];
            for (const name of ["open", "close", "ask", "answer", "error", "clear"])
              document.addEventListener(`askdoc-${name}`, ({type, detail}) => heard.push([type, detail]));
        }"""
    )
    reply = page.evaluate(f"{ELEMENT}.open({{question: 'dry eyes'}})")
    assert reply["confidence"] == "strong"
    page.evaluate(f"{ELEMENT}.ask('a wrong one')")
    page.evaluate(f"{ELEMENT}.clear()")
    assert chat.find(".turn").count() == 0
    page.evaluate(f"{ELEMENT}.close()")
    assert page.evaluate("heard") == [
        ["askdoc-open", None],
        ["askdoc-ask", None],
        ["askdoc-answer", {"confidence": "strong", "answers": 2, "notice": None}],
        ["askdoc-ask", None],
        ["askdoc-error", {"kind": "broken"}],
        ["askdoc-clear", None],
        ["askdoc-close", None],
    ]


def test_one_script_line_is_enough(page: Any, host: Host, seen: RequestLog) -> None:
    """data-launcher on the script stands for the element, with all its attributes."""
    script = host.script.replace(
        "<script", '<script data-launcher="Ask the archive" data-max-answers="1" data-side="start"'
    )
    chat = Chat(page, host.put(script))
    assert chat.find(".launcher").inner_text() == "Ask the archive"
    assert chat.find(".launcher").bounding_box()["x"] < 100
    chat.open().ask("dry eyes")
    assert seen.asked[0]["max_answers"] == 1


def test_inside_a_page_the_form_without_script_gives_way(page: Any, host: Host) -> None:
    """Without a launcher the panel takes the place of what the element held, and keeps what was typed there."""
    form = '<form method="post"><label>Question <textarea name="question">half a sent</textarea></label></form>'
    address = host.put(f"{TEXT_H1}<askdoc-chat>{form}</askdoc-chat>{host.script}")
    chat = Chat(page, address)
    chat.find("section.panel").wait_for()
    assert chat.input.input_value() == "half a sent"
    assert not page.locator("textarea[name=question]").is_visible()
    chat.ask("dry eyes")
    assert chat.find("article").count() == 2


def test_without_script_the_form_is_there(new_page: Callable[..., Any], host: Host) -> None:
    """A browser without JavaScript shows what the element holds."""
    page = new_page(java_script_enabled=False)
    page.goto(
        host.put(f'{TEXT_H1}<askdoc-chat><form><textarea name="question"></textarea></form></askdoc-chat>{host.script}')
    )
    assert page.locator("textarea[name=question]").is_visible()


def test_a_browser_too_old_keeps_the_form(page: Any, host: Host) -> None:
    """Without the colours the panel is drawn in, the element is not taken over."""
    page.add_init_script("CSS.supports = () => false")
    page.goto(
        host.put(f'{TEXT_H1}<askdoc-chat><form><textarea name="question"></textarea></form></askdoc-chat>{host.script}')
    )
    page.wait_for_load_state("networkidle")
    assert page.evaluate("customElements.get('askdoc-chat')") is None
    assert page.locator("textarea[name=question]").is_visible()


def test_words_can_be_spanish_or_the_page_s_own(page: Any, host: Host) -> None:
    """The page's language chooses the words; single ones can be replaced."""
    chat = Chat(page, host.floating("""data-texts='{"send": "Preguntar"}'""", lang="es-MX")).open()
    assert page.get_by_role("button", name="Preguntar").count() == 1
    chat.ask(EYES)
    assert "4,8 de 5, 126 reseñas" in chat.find("article").first.inner_text()
    assert "11 de abril de 2023" in chat.find("article").first.inner_text()
    assert chat.find(".panel").get_attribute("lang") == "es"


TEXT_H1 = "<h1>Clinic</h1>"
