"""Turns the public set MedQuAD into records that askdoc indexes, one page to a line.

    python training/medquad.py medquad.jsonl.gz FOLDER [--pages N] [--files N]

Nothing of the set is part of the project: FOLDER must lie outside it. Ids that occur more than once get a
``~2``, ``~3`` … at their end, and white space stays as the set has it.
"""

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any


def convert(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Records in the form of ``askdoc.corpus.jsonl``, with ids that occur once."""
    taken: Counter[str] = Counter()

    def unique(name: str) -> str:
        taken[name] += 1
        return name if taken[name] == 1 else f"{name}~{taken[name]}"

    for row in rows:
        answers = [{"id": unique(answer["id"]), "body": answer["body"]} for answer in row["answers"]]
        record = {"id": unique(row["id"]), "title": row["question"], "url": row["url"], "answers": answers}
        yield {**record, "topics": [row["topic"]]} if row.get("topic") else record


def read(path: Path, *, pages: int | None = None) -> list[dict[str, Any]]:
    """The first ``pages`` rows of the set, or all."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for _, line in zip(range(pages or 1 << 30), lines, strict=False)]


def write(records: Iterable[dict[str, Any]], folder: Path, *, files: int = 1) -> int:
    """Write the records into ``files`` files of a new folder, in their order; how many there were."""
    lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in records]
    folder.mkdir(parents=True)
    size = -(-len(lines) // files)
    for number in range(files):
        part = "".join(lines[number * size : (number + 1) * size])
        (folder / f"medquad-{number + 1:03}.jsonl").write_text(part, encoding="utf-8")
    return len(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", type=Path, help="medquad.jsonl.gz")
    parser.add_argument("folder", type=Path, help="a folder that does not exist yet")
    parser.add_argument("--pages", type=int, help="only so many pages")
    parser.add_argument("--files", type=int, default=1, help="spread over so many files")
    given = parser.parse_args()
    print(f"{write(convert(read(given.set, pages=given.pages)), given.folder, files=given.files):,} pages written")


if __name__ == "__main__":
    main()
