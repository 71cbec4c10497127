"""Compares what one index answers on this processor and on one with AVX2 and nothing newer: vectors and rankings.

    python -m benchmarks.speed.query_sets FOLDER
    python -m benchmarks.speed.processors FOLDER

Builds an index of each set here, opens it on both kinds (``benchmarks.speed.avx2_only``) and asks 500 questions: those
of the set, then titles. Prints a line of JSON for each set: the least cosine between a question's two vectors, how many
vectors are the same to the bit, and of how many questions the first ten answers are the same, in order.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.speed import askdoc_system, avx2_only, retrieval_set
from benchmarks.speed.retrieval_set import RetrievalSet

DEPTH = 10
"""Answers of a ranking that are compared."""
QUESTIONS = 500
"""How many each set is asked."""


def asked(index: Path, questions: Sequence[str]) -> dict[str, Any]:
    """The kernel here, and each question's vector and first answers."""
    from askdoc import bootstrap
    from askdoc.embedder.processor import integer_kernel
    from askdoc.settings import Settings

    opened = bootstrap.open_generation(Settings(index=index))
    responder = bootstrap.responder(opened)
    rankings = [[name for name, _ in responder.rank(question, most=DEPTH).answers] for question in questions]
    vectors = [opened.embedder.encode([question])[0].tolist() for question in questions]
    return {"kernel": integer_kernel(), "rankings": rankings, "vectors": vectors}


def questions_of(measured: RetrievalSet) -> list[str]:
    """The set's questions, then the titles of its documents, each once."""
    titles = [title for title, _ in measured.documents.values() if title]
    return list(dict.fromkeys([*(query.text for query in measured.queries), *titles]))[:QUESTIONS]


def asked_elsewhere(set_folder: Path, index: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    """What ``asked`` gives in a process with these variables."""
    command = [sys.executable, "-m", "benchmarks.speed.processors", str(set_folder), "--index", str(index)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def compared(set_folder: Path) -> dict[str, Any]:
    """The figures of one set."""
    with tempfile.TemporaryDirectory() as work:
        askdoc_system.build(retrieval_set.load(set_folder), Path(work) / "work")
        kinds = (os.environ, avx2_only.environment(avx2_only.prepare(avx2_only.CACHE), os.environ))
        here, there = (asked_elsewhere(set_folder, Path(work) / "work" / "index", kind) for kind in kinds)
    cosines = (np.array(here["vectors"]) * np.array(there["vectors"])).sum(axis=1)
    same = [ours == theirs for ours, theirs in zip(here["rankings"], there["rankings"], strict=True)]
    return {
        "set": set_folder.name,
        "kernels": [here["kernel"], there["kernel"]],
        "questions": len(same),
        "least cosine": float(cosines.min()),
        "same vectors": sum(ours == theirs for ours, theirs in zip(here["vectors"], there["vectors"], strict=True)),
        "same ten in the same order": sum(same),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--index", type=Path, help="ask this index the questions of one set, and print what it gives")
    given = parser.parse_args()
    if given.index:
        print(json.dumps(asked(given.index, questions_of(retrieval_set.load(given.folder)))))
    else:
        for folder in sorted(path for path in given.folder.iterdir() if path.is_dir()):
            print(json.dumps(compared(folder)), flush=True)


if __name__ == "__main__":
    main()
