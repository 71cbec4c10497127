"""Measures wrong silence: right answers refused, and requests let through, beside a plain cut of the cosine.

    python -m benchmarks.relevance.silence [--quick] [--json FILE] [--markdown FILE]

Every collection of ``silence_sets`` is calibrated as ``askdoc index`` calibrates an index, and its words are decided as
the retriever decides them. The plain cut shows an answer where the cosine of the question with the first answer's
nearest passage or title reaches 0.60; the dense cut looks at the nearest passage or title of all. What was learned from
a collection was learned from half of its topics: the other half stands beside the whole. ``--quick`` asks at most 100
questions of each collection in place of 400, and an eighth of the requests.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.relevance.silence_figures import SilenceLine, measure
from benchmarks.relevance.silence_sets import ASKED, NEUTRAL, cases
from benchmarks.relevance.silence_summary import HEAD, SUMMARY_HEAD, document, markdown, summary
from training.embedding import CachedEmbedder

QUICK_ASKED = 100
"""Questions of each collection that ``--quick`` asks."""
QUICK_REQUESTS, NEUTRAL_REQUESTS = 8, 4
"""One of so many requests is asked: by ``--quick``, and where titles are neutral."""


def lines(embed: CachedEmbedder, known: Sequence[SilenceLine], *, quick: bool) -> Iterator[SilenceLine]:
    """Every line of the table; those that are ``known`` are not measured again."""
    found = {line.name: line for line in known}
    most = QUICK_ASKED if quick else ASKED
    for case in cases():
        every = QUICK_REQUESTS if quick else NEUTRAL_REQUESTS if case.group == NEUTRAL else 1
        yield found.get(case.name) or measure(case, embed, most=most, every=every)


def main() -> None:
    """Print the table, and write it where that is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true", help=f"at most {QUICK_ASKED} questions of each collection")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures; go on where it ends")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table")
    options = parser.parse_args()
    known = json.loads(options.json.read_text("utf-8")) if options.json and options.json.exists() else []
    printed: list[SilenceLine] = []
    print(HEAD)
    for line in lines(CachedEmbedder.open(), [SilenceLine(**values) for values in known], quick=options.quick):
        printed.append(line)
        print(markdown(line), flush=True)
        if options.json:
            options.json.write_text(json.dumps([asdict(one) for one in printed], indent=1) + "\n", encoding="utf-8")
    print("", SUMMARY_HEAD, *(line.markdown() for line in summary(printed)), sep="\n")
    if options.markdown:
        options.markdown.write_text(document(printed), encoding="utf-8")


if __name__ == "__main__":
    main()
