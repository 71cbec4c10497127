"""Measures a model with the tables that it could have: the default model's, the plain ones, and its own.

    python -m benchmarks.relevance.model_tables [--model MODEL]

On halves of the sets that no table was learned from. ``borrowed`` are the default model's fusion and confidence without
its adapter and topicality; with the default model itself, ``plain`` is what it would have as a stranger.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from askdoc.embedder import locate
from askdoc.embedder.model_files import TABLES
from askdoc.retriever.learned_tables import PLAIN, ModelTables, TablesOrigin
from askdoc.settings import DEFAULT_MODEL
from benchmarks.relevance.table import FIRST_ALONE, measured
from training import abstention
from training.datasets import half, medquad, rows
from training.embedding import CachedEmbedder
from training.in_memory_retriever import retriever_of
from training.judged_collections import (
    COLLECTIONS,
    JudgedCollection,
    counselchat_bodies,
    counselchat_pages,
)

Floats = NDArray[np.float32]
RANKED = ("medquad", "counselchat", "counselchat long", "counselchat pages", "silver", "meqsum")
REFUSING = {"counselchat": counselchat_bodies, "counselchat pages": counselchat_pages}
"""Collections that are asked what they do not cover."""
MOST = 1_000
"""Questions of each set and kind."""


def sets_of(model: str) -> dict[str, ModelTables]:
    """The tables to be compared, by name; own ones where the model has some."""
    default = ModelTables.default().contents
    borrowed = ModelTables(TablesOrigin.PLAIN, {name: default[name] for name in PLAIN})
    sets = {"borrowed": borrowed, "plain": ModelTables.plain()}
    has_own = model == DEFAULT_MODEL or (locate(model).folder / TABLES).is_dir()
    return sets | ({"own": CachedEmbedder.open(model).tables} if has_own else {})


def ranking(data: JudgedCollection) -> float:
    """Percent: the mean nDCG@10, or of the first answer where it counts alone, of the half not learned from."""
    places = [place for place, topic in enumerate(data.topics) if half(topic) == 1][:MOST]
    ranker, values = data.index.ranker(), []
    for place, query in zip(places, data.index.queries([data.questions[place] for place in places]), strict=True):
        ranked = ranker.rank([query])[0]
        first = data.name in FIRST_ALONE
        values.append(measured(ranked.scores, ranked.candidates.answers, data.grades[place], first=first))
    return 100 * float(np.mean(values))


def refusals(data: JudgedCollection, asked: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, float, float]]:
    """Of each kind of question, the percent let through where 95 % of the covered are kept, and the AUROC."""
    index, retriever = data.index, retriever_of(data.index)
    judged = [question for question, topic in zip(data.questions, data.topics, strict=True) if half(topic) == 1]
    kept = abstention.certainties(retriever, abstention.covered(index, judged[:MOST]))
    for kind, questions in asked.items():
        refused = abstention.certainties(retriever, abstention.covered(index, questions))
        yield kind, *abstention.let_through(kept, refused)


def asked_elsewhere() -> dict[str, list[str]]:
    """Questions that no page about counselling covers, from the halves that nothing was learned from."""
    data = medquad()
    medical = [title for title, topic in zip(data.titles, data.groups, strict=True) if half(topic) == 1]
    return {
        "requests": [row["text"] for row in rows("clinc_dev") if half(row["id"]) == 1][:MOST],
        "medical": medical[:: len(medical) // MOST],
        "messages": [row["a"] for row in rows("meqsum") if half(row["id"]) == 1][:MOST],
    }


def figures(model: str, tables: ModelTables) -> Iterator[tuple[str, str, float]]:
    """Set, measure and value with these tables."""
    embed = CachedEmbedder.open(model, tables=tables)
    for name in RANKED:
        yield name, "P@1" if name in FIRST_ALONE else "nDCG@10", ranking(COLLECTIONS[name](embed))
    for name, make in REFUSING.items():
        for kind, share, area in refusals(make(embed), asked_elsewhere()):
            yield f"{name}: {kind}", "% let through", share
            yield f"{name}: {kind}", "AUROC", 100 * area


def main() -> None:
    """Print a line for each figure, with the sets of tables beside each other."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--model", default=DEFAULT_MODEL, help="a folder or a name on the hub")
    model = parser.parse_args().model
    sets = sets_of(model)
    print(f"| set | measure | {' | '.join(sets)} |\n|---|---|{'--:|' * len(sets)}")
    for lines in zip(*(figures(model, tables) for tables in sets.values()), strict=True):
        name, measure, _ = lines[0]
        print(f"| {name} | {measure} | {' | '.join(f'{value:.1f}' for *_, value in lines)} |", flush=True)


if __name__ == "__main__":
    main()
