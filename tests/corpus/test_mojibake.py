"""Mojibake: garbled text is found, and text that only looks odd is left alone."""

import pytest

from askdoc.corpus import mojibake

TRUE = [
    "",
    "Plain.",
    "Don’t worry – it’s “normal”…",
    "«CAFÉ» ou «VOILÀ»… et NESTLÉ® aussi",
    "Il parle—à voix basse—à tous.",
    "IL DIT: «À BIENTÔT»",
    "“PASSÉ” — und „GRÜSSE“",
    "El señor dijo: «¡Olé!»",
    "A MANHÃ… e a IRMÃ”",
    "café»… et fiancé”…",
    "20 °C, ±1, 5 µg, ½, ² ³, §, ©, ™, €",
    "Витамин С — «он» полезен. Группа крови В».",
    "Ελληνικά: «Ώρα»",
    "肿胀在两周内消退。路。",
    "腫れは二週間ほどで引きます。",
    "붓기는 두 주 안에 빠집니다.",
    "می‌کشد",
    "👩🏽‍⚕️ 😀",
    "Ångström, Ærø, smörgås, þetta, Łódź, őrült, ışık",
    "┌──┐ │ë│ └──┘",
    "√2 ≈ 1.4; ¬p",
]


@pytest.mark.parametrize("text", TRUE)
def test_true_text_is_left_alone(text: str) -> None:
    """Letters, marks and signs of any language are no mojibake, in capitals before a closing mark as well."""
    assert mojibake.find(text) is None


@pytest.mark.parametrize(
    ("text", "sample"),
    [
        ("Donâ€™t", "â€™"),
        ("Donâ\x80\x99t", "â\x80\x99"),
        ("DonÃ¢â‚¬â„¢t", "Ã¢â‚¬â„¢"),
        ("normalâ€\ufffd.", "â€"),
        ("CafÃ©", "Ã©"),
        ("CAFÃ‰", "Ã‰"),
        ("20Â°C", "Â°"),
        ("a\xc2\xa0b", "\xc2\xa0"),
        ("ðŸ˜€", "ðŸ˜€"),
        ("ï»¿Q?", "ï»¿"),
        ("Don‚Äôt", "‚Äô"),
        ("caf√©", "√©"),
        ("DonвЂ™t", "вЂ™"),
        ("DonΓÇÖt", "ΓÇÖ"),
        ("DonÔÇÖt", "ÔÇÖ"),
        ("It鈥檚", "鈥檚"),
        ("Ð\x9eÑ‚Ñ‘Ðº", "Ð\x9eÑ‚Ñ‘Ðº"),
    ],
)
def test_garbled_text_is_found_with_its_place(text: str, sample: str) -> None:
    """The place and the letters of what was garbled on any of the usual ways are told."""
    found = mojibake.find(f"So. {text} It is.")
    assert found
    assert (found.start, found.sample, found.mostly) == (4 + text.index(sample), sample, True)


def test_a_garbled_place_in_a_text_that_reads_well_is_not_most_of_it() -> None:
    """Where more of the signs are right than wrong, only a place is garbled."""
    found = mojibake.find("L’été, c’est là. Donâ€™t.")
    assert found
    assert not found.mostly
