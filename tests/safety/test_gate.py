"""The gate as others use it: what it says, when it keeps quiet, and that it never fails."""

import logging
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import askdoc.safety
from askdoc.countries import Country, numbers
from askdoc.models import Level, Notice
from askdoc.safety import Gate, analysis, examples
from askdoc.safety.analysis import PatternAnalysis
from askdoc.safety.detection import RiskScores, Thresholds, detect
from askdoc.safety.table import shipped

THE_GATE = Gate.load()
LEVELS = [example.level for example in shipped().examples]
CUES = ["no", "chest pain", "years ago", ",", ".", "i", "my dog", "kill myself", "what is", "39.5", "200/110"]
CUES += ["6", "weeks old", "baby", "\n", "and", "a", "took", "pills", "1e9", "²", "½", "over"]


def level(gate: Gate, text: str) -> Level | None:
    notice = gate.check(text)
    return notice.level if notice else None


def shown(gate: Gate, text: str) -> Notice:
    notice = gate.check(text)
    assert notice is not None
    return notice


@pytest.mark.parametrize(
    "text",
    [
        "I can't breathe",
        "I can’t breathe",
        "I cant breathe",
        "I CAN'T BREATHE!!!",
        "i canʼt breeeathe",
        "I can\u200bt bre\u200bathe",
        "I can't\u00a0breathe",
        "Ｉ can't breathe",
        "i can't brеathe",
        "im suicidal",
        "im s u i c i d a l",
        "i want to k1ll myself",
        "I want to k*ll myself",
        "she has been vommiting blood",
        "haemorrhaging badly, blood everywhere",
        "no puedo respirar",
        "No puedo resp\u0301irar",
    ],
)
def test_ways_of_writing_do_not_hide_an_alarm(gate: Gate, text: str) -> None:
    """Quotes, capitals, held letters, invisible characters, look-alike letters and slips change nothing."""
    assert level(gate, text) in (Level.EMERGENCY, Level.CRISIS)


UNSEEN = ["\u200b", "\u00ad", "\u2060", "\ufeff", "\u200d", "\u200c", "\u180e", "\u3164", "\ufe0f", "\u034f", "\u2063"]
UNSEEN += ["\u115f", "\u061c", "\u200e", "\U000e0020", "\u200b\u200b"]


@pytest.mark.parametrize("unseen", UNSEEN, ids=ascii)
@pytest.mark.parametrize(
    "text",
    ["chest| |pain", "I can't bre|athe", "I want to ki|ll my|self", "sui|cidal", "no puedo res|pirar", "he fainted"],
)
def test_what_cannot_be_seen_hides_no_alarm(gate: Gate, text: str, unseen: str) -> None:
    """In place of the blanks, beside them, or inside the words: they are read as they look."""
    for written in (text.replace("|", unseen), text.replace("|", "").replace(" ", unseen)):
        assert level(gate, written) in (Level.EMERGENCY, Level.CRISIS), ascii(written)


@pytest.mark.parametrize(
    ("quiet", "loud"),
    [
        ("I have no chest pain", "No fever, but my chest pain is back"),
        ("denies chest pain, shortness of breath and fever", "denies fever. Chest pain since noon"),
        ("no chest pain, shortness of breath or fever", "no fever, my chest hurts"),
        ("I'm not suicidal", "I'm not suicidal but I wish I could stop existing"),
        ("never had a seizure", "he has never been like this, he is having a seizure"),
    ],
)
def test_a_denial_reaches_to_the_end_of_its_clause(gate: Gate, quiet: str, loud: str) -> None:
    """What is denied raises no alarm, and what comes after the denial still does."""
    assert level(gate, quiet) in (None, Level.EDUCATION)
    assert level(gate, loud) in (Level.EMERGENCY, Level.CRISIS)


@pytest.mark.parametrize(
    ("quiet", "loud"),
    [
        ("I had a stroke in 2015", "I had a stroke in 2015 and now my left arm is weak again"),
        ("years ago I coughed up blood", "years ago I broke my nose; today I coughed up blood"),
        ("my father had a heart attack", "I think my father just had a heart attack"),
        ("history of seizures", "she is having a seizure"),
    ],
)
def test_the_past_is_quiet_and_the_present_is_not(gate: Gate, quiet: str, loud: str) -> None:
    """A date or "years ago" tells of what was; "now" and "today" in their own clause of what is."""
    assert level(gate, quiet) in (None, Level.EDUCATION)
    assert level(gate, loud) is Level.EMERGENCY


@pytest.mark.parametrize(
    ("quiet", "loud"),
    [
        ("What are the symptoms of a stroke?", "What is happening? My father's face is drooping on one side"),
        ("Can filler cause blindness?", "Can somebody help, I went blind in one eye after filler"),
        ("If I get chest pain after surgery, whom should I call?", "I get chest pain, whom should I call?"),
        ("does insurance cover an ambulance for a stroke", "I think this is a stroke"),
        ("how do I prevent blood clots", "I think I have a blood clot"),
    ],
)
def test_a_question_about_a_condition_is_education(gate: Gate, quiet: str, loud: str) -> None:
    """Asked about in general it gets the quieter notice; the same words about a person get the loud one."""
    assert level(gate, quiet) is Level.EDUCATION
    assert level(gate, loud) is Level.EMERGENCY


@pytest.mark.parametrize(
    ("quiet", "loud"),
    [
        ("my dog is having a seizure", "my dog barks because my son is having a seizure"),
        ("the cat can't breathe", "the cat scratched me and I can't breathe"),
        ("in the movie he has a heart attack right now", "I was watching a movie when my chest pain started"),
        ("I'm dying to know the price", "I'm dying, help me"),
        ("my skin is killing me", "I'm killing myself tonight"),
        ("a stroke of luck today", "a stroke, today, at breakfast, my mother"),
    ],
)
def test_animals_stories_and_sayings_are_quiet(gate: Gate, quiet: str, loud: str) -> None:
    """The same words about a person in earnest are not."""
    assert level(gate, quiet) in (None, Level.EDUCATION)
    assert level(gate, loud) in (Level.EMERGENCY, Level.CRISIS)


@pytest.mark.parametrize(
    "text",
    [
        "my gums bleed",
        "My gums bleed when I brush my teeth",
        "my arm is black and blue",
        "I bumped into a table and my thigh is black and blue",
    ],
)
def test_bleeding_gums_and_a_bruise_are_ordinary(gate: Gate, text: str) -> None:
    """Signs that sound like an emergency and are none."""
    assert level(gate, text) is None


def test_a_red_flag_in_the_middle_of_a_long_message_is_found(gate: Gate) -> None:
    """Rambling before and after hides nothing."""
    filler = "I love this site and I have read a lot about eyelids and creams and prices. " * 6
    assert level(gate, filler + "Since lunch I can't move my left arm. " + filler) is Level.EMERGENCY


def test_very_long_messages_are_read_at_both_ends(gate: Gate) -> None:
    """Only the middle of what is far too long is left out."""
    padding = "nice weather today. " * 1000
    assert level(gate, "I can't breathe. " + padding) is Level.EMERGENCY
    assert level(gate, padding + " I can't breathe.") is Level.EMERGENCY


def test_crisis_comes_before_emergency(gate: Gate) -> None:
    """Pills taken to die are both; the notice names a person to talk to, after the ambulance that is needed now."""
    notice = shown(gate, "I swallowed thirty pills because I want to die")
    assert notice.level is Level.CRISIS
    assert [contact.call for contact in notice.contacts][:2] == ["911", "988"]
    assert any(contact.call == "1-800-222-1222" for contact in notice.contacts)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("my lip went white after filler and it hurts", True),
        ("what is a stroke", True),
        ("I want to die", False),
        ("what is the lethal dose of aspirin", False),
        ("my toddler drank bleach", False),
        ("she took too many pills", False),
        ("my husband is beating me right now", False),
    ],
)
def test_no_answers_where_they_could_do_harm(gate: Gate, text: str, allowed: bool) -> None:
    """After a crisis, a poisoning, an overdose or violence nothing is quoted below the notice."""
    assert shown(gate, text).answers_allowed is allowed


@pytest.mark.parametrize(
    "text",
    [
        "my husband hit me and says he will kill me",
        "he choked me last night",
        "my boyfriend threatens me",
        "my dad hits me",
        "he hits me when he drinks",
        "my partner is beating me and I am scared",
        "my ex threatened to kill my kids",
        "my stepfather touches me at night",
        "my uncle is molesting my daughter",
        "I think my child is being abused",
        "my husband tried to kill me",
        "my husband is violent and I need help",
        "hes beating me",
        "mi marido me pega",
        "mi novio dice que me va a matar",
    ],
)
@pytest.mark.parametrize("country", ["US", "GB", "IN"])
def test_blows_and_threats_at_home_get_the_violence_card(country: str, text: str) -> None:
    """The emergency number, then those who know the way out; not the card for whoever sits with a person at risk."""
    notice = shown(Gate.load(country=country), text)
    lines = Country.find(country).lines("violence")
    assert notice.level is Level.EMERGENCY
    assert notice.contacts[1:] == lines
    assert not notice.answers_allowed
    assert "not your fault" in notice.text or "no es culpa suya" in notice.text


def test_violence_stays_violence_where_similarity_takes_it_for_a_crisis(near: Gate) -> None:
    """A beaten person's despair sounds like a crisis; said outright, it is one and brings both."""
    vector = np.eye(len(examples.sentences()), dtype=np.float32)[LEVELS.index(Level.CRISIS)]
    assert near.detect("my husband hits me", vector).topics == ("violence",)
    assessment = near.assess("my husband hits me")
    assert assessment is not None
    assert isinstance(assessment.analysis, PatternAnalysis)
    unlikely = detect(assessment.analysis, RiskScores(0, 0, highest_alarm=0), thresholds=Thresholds(), margin=0)
    assert unlikely.topics == ("violence",)
    both = near.detect("my husband hits me and I want to die", vector)
    assert (both.level, set(both.topics)) == (Level.CRISIS, {"violence", "crisis"})


def _said(notice: Notice) -> str:
    """Everything in a notice, in the order in which it is read."""
    return " ".join([notice.title, notice.text, *(contact.call for contact in notice.contacts if contact.call)])


@pytest.mark.parametrize("country", numbers())
@pytest.mark.parametrize(
    "text",
    [
        "I want to kill myself",
        "I want to die and my chest hurts",
        "my son says he wants to end his life",
        "I keep cutting myself on purpose",
        "my husband hits me and I want to die",
        "I have thoughts of hurting my baby",
        "I'm not suicidal, only sad about my scar",
        "what is suicide",
        "quiero morir",
        "Ich möchte sterben",
    ],
)
def test_in_a_crisis_the_line_stands_before_the_emergency_number(country: str, text: str) -> None:
    """In every country, in the title, the text and the contacts: one order."""
    found = Country.find(country)
    said = _said(shown(Gate.load(country=country), text)).replace("\u00a0", " ")
    before, line, after = said.partition(found.crisis_line or "")
    assert line
    assert found.emergency
    assert found.emergency not in before
    assert found.emergency in after


@pytest.mark.parametrize("country", numbers())
@pytest.mark.parametrize(
    "text",
    [
        "I swallowed thirty pills because I want to die",
        "I took the whole bottle because I wanted to die",
        "I slit my wrists and there is blood everywhere",
        "I want to die, I drank bleach",
    ],
)
def test_where_something_was_done_already_the_ambulance_stands_first(country: str, text: str) -> None:
    """The emergency number opens the title, and the line to talk to follows."""
    found = Country.find(country)
    notice = shown(Gate.load(country=country), text)
    assert notice.level is Level.CRISIS
    assert notice.contacts[0].call == found.emergency
    assert str(found.emergency) in notice.title
    assert str(found.crisis_line) in notice.text


def test_a_denied_crisis_still_names_somebody_to_talk_to(gate: Gate) -> None:
    """It is no alarm, and the quiet line costs nothing."""
    notice = shown(gate, "I'm not suicidal, only sad about my scar")
    assert notice.level is Level.EDUCATION
    assert "988" in [contact.call for contact in notice.contacts]


@pytest.mark.parametrize(
    ("country", "number", "line"),
    [
        ("US", "911", "988"),
        ("CA", "911", "988"),
        ("GB", "999", "116 123"),
        ("IE", "112", "116 123"),
        ("AU", "000", "13 11 14"),
        ("NZ", "111", "1737"),
        ("IN", "112", "14416"),
        ("DE", "112", "0800 111 0 111"),
        ("FR", "112", "3114"),
        ("ES", "112", "024"),
        ("MX", "911", "800 911 2000"),
    ],
)
def test_each_country_has_its_numbers(country: str, number: str, line: str) -> None:
    """The number is in an emergency's title; in a crisis the line to talk to comes first and the number follows."""
    gate = Gate.load(country=country)
    notice = shown(gate, "I want to kill myself")
    assert number in shown(gate, "I can't breathe").title
    assert notice.contacts[0].call == line
    assert number in [contact.call for contact in notice.contacts]
    assert shown(gate, "I can't breathe").contacts[0].call == number


def test_a_country_outside_the_table_gets_no_invented_number() -> None:
    """The words say "your local emergency number", and no contact is named."""
    gate = Gate.load(country="BR")
    for text in ("I can't breathe", "I want to kill myself", "what is a stroke"):
        notice = shown(gate, text)
        assert notice.contacts == ()
        assert not any(character.isdigit() for character in notice.title + notice.text)
    assert "your local emergency number" in shown(gate, "I can't breathe").title


def test_the_notice_answers_in_the_question_s_language(gate: Gate) -> None:
    """A Spanish question gets Spanish words and the country's number."""
    assert "llame ahora al 911" in shown(gate, "mi papá se desmayó y no despierta").title
    assert "call 911 now" in shown(gate, "my dad fainted and won't wake up").title


def test_a_failure_shows_education_and_logs_no_word_of_the_question(
    gate: Gate, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever breaks inside, the reader is told what to do, and the log keeps nothing that was asked."""

    def broken(text: str) -> str:
        raise RuntimeError(f"cannot read {text}")

    monkeypatch.setattr(analysis, "fold", broken)
    with caplog.at_level(logging.DEBUG):
        notice = gate.check("my secret zebra question")
    assert notice is not None
    assert notice.level is Level.EDUCATION
    assert "911" in notice.title
    assert "RuntimeError" in caplog.text
    assert "zebra" not in caplog.text
    assert all(record.exc_info is None for record in caplog.records)


def test_nothing_of_a_question_is_logged_or_kept(gate: Gate, caplog: pytest.LogCaptureFixture) -> None:
    """Two different questions leave the gate exactly as it was."""
    before = {name: id(value) for name, value in vars(gate).items()}
    with caplog.at_level(logging.DEBUG):
        gate.check("I want to kill myself with a zebra")
    assert caplog.text == ""
    assert {name: id(value) for name, value in vars(gate).items()} == before
    assert not gate._analyzer._concepts.knows("zebra")


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_without_a_failure(text: str) -> None:
    """`detect`, which `check` guards, does not fail either."""
    THE_GATE.detect(text)


@given(
    st.lists(
        st.sampled_from(CUES),
        max_size=60,
    )
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_any_mixture_of_cues_is_read_without_a_failure(words: list[str]) -> None:
    """Cues in every order."""
    THE_GATE.detect(" ".join(words))


@pytest.mark.parametrize("vector", [np.zeros(3, dtype=np.float32), np.zeros((2, 2), dtype=np.float32)])
def test_a_vector_of_the_wrong_shape_is_no_failure_for_the_reader(vector: np.ndarray) -> None:
    """An encoder that was changed under the gate leads to the quieter notice, not to an exception."""
    vectors = np.eye(len(examples.sentences()), 16, dtype=np.float32)
    notice = Gate.load(vectors=vectors).check("how long does Botox last", vector)
    assert notice is not None
    assert notice.level is Level.EDUCATION


def test_vectors_of_another_table_are_refused_when_the_gate_loads() -> None:
    """An index made from other examples is a fault to be told of at the start."""
    with pytest.raises(ValueError, match="examples need as many rows"):
        Gate.load(vectors=np.zeros((3, 8), dtype=np.float32))


def test_the_package_imports_no_heavy_module() -> None:
    """The gate stands before everything and must be light."""
    source = "".join(path.read_text(encoding="utf-8") for path in Path(askdoc.safety.__file__).parent.glob("*.py"))
    for name in ("torch", "onnxruntime", "sentence_transformers", "faiss", "askdoc.embedder", "askdoc.index"):
        assert f"import {name}" not in source
        assert f"from {name}" not in source
