"""Lists the collections on which wrong silence is measured, each made when it is asked for.

| group | collections |
|---|---|
| as they are | every judged collection |
| neutral titles | the same without titles, with one title on every page, with numbers, with half of them |
| other words | the stored question in other words, alone and among other pages |
| corpora | MedQuAD's pages, few and many: with titles, without, and with one title on every page |
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from training.embedding import CachedEmbedder
from training.judged_collections import COLLECTIONS, OTHER_WORDS, JudgedCollection, medquad_sample
from training.neutral_titles import NEUTRAL_TITLES, half_titled, numbered, one_title, untitled

Maker = Callable[[CachedEmbedder], JudgedCollection]
Change = Callable[[JudgedCollection], JudgedCollection]
AS_THEY_ARE, NEUTRAL, OTHER, CORPORA = "as they are", "neutral titles", "other words", "corpora"
WITHOUT_TITLES = frozenset({"medquad", "counselchat", "counselchat long"})
"""The judged collections that have no titles in the index."""
EVERY_TITLE_ON = "counselchat"
"""The collection on which every neutral title is tried; each other gets one of them."""
ASKED = 400
"""The most questions that a collection is asked."""
SAMPLES = ((50, 0), (50, 1), (500, 0), (2_000, 0), (16_000, 0))
"""Pages of each corpus, and the seed of its draw: of a small one there are two."""


@dataclass(frozen=True)
class SilenceCase:
    """A collection to measure on: its group and name, ``plain`` the name of the same without titles, and its maker."""

    group: str
    name: str
    plain: str
    make: Maker


def cases() -> Iterator[SilenceCase]:
    """Every collection, in the order of the table."""
    made: Mapping[str, Maker] = COLLECTIONS
    for name, make in made.items():
        yield SilenceCase(AS_THEY_ARE, name, _plain(name), make)
    for place, (name, make) in enumerate(made.items()):
        for how, change in _changes(name, NEUTRAL_TITLES[place % len(NEUTRAL_TITLES)]).items():
            yield SilenceCase(NEUTRAL, f"{name}, {how}", _plain(name), partial(_changed, make, change))
    for name, make in OTHER_WORDS.items():
        yield SilenceCase(OTHER, name, name, make)
    for pages, seed in SAMPLES:
        yield from _corpora(pages, seed)


def _plain(name: str) -> str:
    return name if name in WITHOUT_TITLES else f"{name}, no titles"


def _changes(name: str, title: str) -> dict[str, Change]:
    """What is done to the titles of a collection, in words."""
    titles = NEUTRAL_TITLES if name == EVERY_TITLE_ON else (title,)
    changes: dict[str, Change] = {} if name in WITHOUT_TITLES else {"no titles": untitled}
    changes |= {f"“{one}”": partial(one_title, title=one) for one in titles}
    changes["numbered"] = numbered
    if name not in WITHOUT_TITLES:
        changes[f"half “{title}”"] = partial(half_titled, title=title)
    return changes


def _changed(make: Maker, change: Change, embed: CachedEmbedder) -> JudgedCollection:
    return change(make(embed))


def _corpora(pages: int, seed: int) -> Iterator[SilenceCase]:
    """One draw of pages, with titles, without, and with one title on every page."""
    name = f"medquad, {pages:,} pages" + (f", draw {seed + 1}" if seed else "")
    make = partial(medquad_sample, pages=pages, questions=ASKED, seed=seed)
    title = NEUTRAL_TITLES[0]
    changes: dict[str, Change] = {"titles": _same, "no titles": untitled, f"“{title}”": partial(one_title, title=title)}
    for how, change in changes.items():
        yield SilenceCase(CORPORA, f"{name}, {how}", f"{name}, no titles", partial(_changed, make, change))


def _same(collection: JudgedCollection) -> JudgedCollection:
    return collection
