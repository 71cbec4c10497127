"""The shipped table: complete, consistent, and versioned by what an index must know."""

from dataclasses import replace

import pytest

from askdoc.safety import examples
from askdoc.safety.phrases import expand_phrases
from askdoc.safety.table import LANGUAGES, Example, shipped

NOTICES = {
    "local_number", "local_line", "call_label", "emergency_title", "emergency_text", "poison_text", "violence_text",
    "crisis_title", "crisis_text", "taken_title", "taken_text", "education_title", "education_text",
    "education_crisis_title", "education_crisis_text",
}  # fmt: skip


def test_examples_are_many_and_each_stands_once() -> None:
    """All levels, all languages; a sentence twice would count twice."""
    assert len(examples.sentences()) == len(set(examples.sentences())) >= 400
    assert {example.level for example in shipped().examples} == {None, "emergency", "crisis"}


def test_the_version_changes_with_the_examples() -> None:
    """An index made with other sentences is told apart."""
    table = shipped()
    assert table.version == examples.TABLE_VERSION
    assert replace(table, examples=(*table.examples, Example("one more", None))).version != examples.TABLE_VERSION


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_says_every_notice(code: str) -> None:
    """Same keys in every file, and the same placeholders, so that no notice breaks in one language only."""
    language = next(language for language in shipped().languages if language["code"] == code)
    assert set(language["notice"]) == NOTICES
    for key, text in language["notice"].items():
        if key.endswith(("_title", "_text")) and key not in ("crisis_title", "education_crisis_title"):
            assert "{number}" in text, key
        assert ("{line}" in text) is (key in ("crisis_text", "taken_text", "education_crisis_text")), key


def test_masks_are_never_a_single_word_that_is_a_sign() -> None:
    """A mask shrunk by dropped words would silence the sign everywhere."""
    skip = {word for language in shipped().languages for word in expand_phrases(language["skip"])}
    signs = {
        phrase
        for language in shipped().languages
        for text in language["words"].values()
        for phrase in expand_phrases(text)
        if " " not in phrase
    }
    for language in shipped().languages:
        for phrase in expand_phrases(language["idioms"]["masked"]):
            kept = [word for word in phrase.split() if word not in skip]
            assert len(kept) > 1 or kept[0] not in signs, phrase
