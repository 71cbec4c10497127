"""Rewords a stored title as people would ask it: in key words, with small talk, slips, a story, everyday words."""

import random
from collections.abc import Callable, Sequence

from askdoc.index.bm25 import STOP_WORDS
from askdoc.query.terminology import Terminology
from askdoc.text import WRITTEN_WORD, singular, words

GREETINGS = (
    "Hi, I am new here.",
    "Hello, I hope this is the right place.",
    "Good morning to everybody.",
    "Hi doc,",
    "Hello, quick one please.",
)
THANKS = (
    "Thanks a lot.",
    "Thank you for reading this.",
    "Would be glad of any answer.",
    "Many thanks and all the best.",
    "Please help.",
)
STORIES = (
    "I am 34 and live with my husband and two children. It began some weeks ago and I did not think much of it.",
    "My mother is 71 and lives on her own. She does not like to see anybody about it, so I am asking for her.",
    "I had my first appointment last spring, and nobody there had much time. I have read a lot since and am confused.",
    "My son is 8. The school called me on Monday, and since then I have hardly slept. We moved here a year ago.",
    "I work nights in a warehouse and am on my feet all day. A friend of mine had the same and told me to ask.",
    "It has been going on and off for about two years now. I was told to wait and see, which is what I have done.",
)
"""What people tell around a question that says nothing of what it is about."""
AFTERWARDS = (
    "I do not know what to do next and would be grateful for any advice.",
    "Has anybody an idea what I should do?",
    "I am rather worried, to be honest. Thank you.",
    "Sorry that this is so long.",
)
MIN_SLIP = 5
"""Letters of the shortest word in which a slip is made."""
Draw = random.Random


def key_words(title: str, _: Draw) -> str:
    """The content words of a title alone."""
    return " ".join(word for word in words(title) if word not in STOP_WORDS) or title


def small_talk(title: str, draw: Draw) -> str:
    """A title between a greeting and thanks."""
    return f"{draw.choice(GREETINGS)} {title} {draw.choice(THANKS)}"


def slip(title: str, draw: Draw) -> str:
    """A title with two neighbouring letters of its longest word exchanged, or one of them left out."""
    match = max(WRITTEN_WORD.finditer(title), key=lambda match: match.end() - match.start(), default=None)
    if match is None or len(match[0]) < MIN_SLIP:
        return title
    at = match.start() + draw.randrange(1, len(match[0]) - 2)
    exchanged = title[at + 1] + title[at] if draw.random() < 1 / 2 else title[at + 1]
    return title[:at] + exchanged + title[at + 2 :]


def story(title: str, draw: Draw) -> str:
    """A title in small letters within a story of several sentences."""
    return f"{draw.choice(STORIES)} {title.lower()} {draw.choice(AFTERWARDS)}"


def everyday_words(terminology: Terminology) -> Callable[[str, Draw], str]:
    """Replace the first name of a title that has synonyms by one of them, where it has any."""

    def replaced(title: str, draw: Draw) -> str:
        matches = list(WRITTEN_WORD.finditer(title))
        tokens = [singular("".join(words(match[0]))) for match in matches]
        for span in terminology.synonym_trie.segment(tokens):
            if span.is_phrase:
                synonyms = terminology.synonyms[tuple(tokens[span.start : span.end])]
                start, end = matches[span.start].start(), matches[span.end - 1].end()
                return title[:start] + draw.choice(synonyms) + title[end:]
        return title

    return replaced


def restyled(titles: Sequence[str], draw: Draw) -> list[str]:
    """Every title in another style, the styles in turn."""
    styles = (key_words, small_talk, slip, story, everyday_words(Terminology.shipped()))
    return [styles[place % len(styles)](title, draw) for place, title in enumerate(titles)]
