"""Measures what searching in other words changes: on clean questions, on misspelt ones, and on foreign ones.

    python -m benchmarks.relevance.rewriting --index DIR --queries Q.jsonl --qrels R.tsv [--foreign F.jsonl]

The files are those of `askdoc eval`; F holds questions that the corpus has no answer to. Both responders are of one
index; the plain one never searches in other words. Misspelling is seeded, so two runs give the same figures.
"""

import argparse
import json
import random
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from askdoc import bootstrap
from askdoc.evaluation import metrics, trec_files
from askdoc.evaluation.metrics import QueryResult
from askdoc.index.generation import Generation
from askdoc.models import Confidence
from askdoc.query.rewriting import QueryRewrite
from askdoc.responder import Responder
from askdoc.settings import Settings
from askdoc.text import WRITTEN_WORD

SEED = 20250101
DRAWS = 2000
SHORTEST_MISSPELT = 5


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A rewriter that leaves every question as it is."""

    def rewrite(self, question: str) -> QueryRewrite:
        return QueryRewrite(question)


def plain(index: Generation) -> Responder:
    """A responder that never searches in other words."""
    return Responder(replace(bootstrap.parts(index), rewriter=Unchanged()), index_id=index.index_id)


def misspelt(question: str, *, seed: int = SEED) -> str:
    """The question in small letters, as people type, with a slip in each third long word; the same for a seed."""
    rng = random.Random(f"{seed}{question}")
    long = [
        match for match in WRITTEN_WORD.finditer(question) if len(match[0]) >= SHORTEST_MISSPELT and match[0].isalpha()
    ]
    chosen = rng.sample(long, max(1, len(long) // 3)) if long else []
    for match in sorted(chosen, key=lambda match: -match.start()):
        question = question[: match.start()] + slip(match[0], rng) + question[match.end() :]
    return question.lower()


def slip(word: str, rng: random.Random) -> str:
    """One letter left out, doubled, changed, or changed over with the next; never the first."""
    at = rng.randrange(1, len(word) - 1)
    kind = rng.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2:
        return word[:at] + rng.choice(string.ascii_lowercase) + word[at + 1 :]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def compare(
    before: Responder, after: Responder, queries: Mapping[str, str], qrels: trec_files.Qrels, *, seed: int = SEED
) -> dict[str, Any]:
    """Figures of both responders on the same questions, and the interval of the paired difference of nDCG@10."""
    found = [metrics.evaluate(responder, queries, qrels) for responder in (before, after)]
    gains = [_gains(one.results) for one in found]
    low, high = bootstrap_interval([b - a for a, b in zip(*gains, strict=True)], seed=seed)
    return {
        "before": found[0].document()["measures"],
        "after": found[1].document()["measures"],
        "answered": [share_answered(one.results) for one in found],
        "nDCG@10 difference": [round(low, 4), round(high, 4)],
        "worse": sum(b < a - 1e-9 for a, b in zip(*gains, strict=True)),
        "better": sum(b > a + 1e-9 for a, b in zip(*gains, strict=True)),
    }


def _gains(results: Sequence[QueryResult]) -> list[float]:
    """nDCG@10 of each question that has a fitting answer."""
    return [metrics.measures([result])["nDCG@10"] for result in results if result.relevant]


def share_answered(results: Sequence[QueryResult]) -> float:
    """The share of questions that are answered at all."""
    return round(sum(result.ranking.confidence is not Confidence.NONE for result in results) / len(results), 4)


def bootstrap_interval(differences: Sequence[float], *, seed: int) -> tuple[float, float]:
    """The interval of 95 % of the mean, by drawing the questions anew."""
    rng = random.Random(seed)
    size = len(differences)
    means = sorted(sum(rng.choices(differences, k=size)) / size for _ in range(DRAWS))
    return means[int(0.025 * DRAWS)], means[int(0.975 * DRAWS)]


def let_through(responder: Responder, foreign: Mapping[str, str]) -> float:
    """The share of questions without an answer in the corpus that are answered all the same."""
    ranked = [responder.rank(text, most=1).confidence for text in foreign.values()]
    return round(sum(word is not Confidence.NONE for word in ranked) / len(ranked), 4)


def lowered(queries: Mapping[str, str]) -> dict[str, str]:
    """The questions without the capitals that tell names from slips."""
    return {name: text.lower() for name, text in queries.items()}


def main() -> None:
    """Print all figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("index", "queries", "qrels"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--foreign", type=Path, action="append", default=[])
    given = parser.parse_args()
    index = bootstrap.open_generation(Settings.load({"index": given.index}, {}))
    before, after = plain(index), bootstrap.responder(index)
    queries, qrels = trec_files.queries(given.queries), trec_files.qrels(given.qrels)
    wrong = {name: misspelt(text) for name, text in queries.items()}
    figures = {
        "clean": compare(before, after, queries, qrels),
        "misspelt": compare(before, after, wrong, qrels),
        "let through": {
            path.name: [let_through(responder, trec_files.queries(path)) for responder in (before, after)]
            for path in given.foreign
        },
        "let through in small letters": {
            path.name: [let_through(responder, lowered(trec_files.queries(path))) for responder in (before, after)]
            for path in given.foreign
        },
    }
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
