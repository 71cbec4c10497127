"""Rebuilds the shipped tables, in the order in which one is learned with the help of another.

    python -m training.tables [--list] [TABLE ...]        (all of them: make tables)

Each table is learned in a process of its own, which has read nothing but that table's data. Its head says how to make
it again: command, seed, the encoder whose vectors it was learned from, the SHA-256 of every file of data, and that of
the tables that were used on the way. The same data, encoder and libraries give the same bytes.
"""

import argparse
import hashlib
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from training import table_file
from training.datasets import BY_NAME, ROOT, DataError, sets_read
from training.embedding import CachedEmbedder
from training.safety_sentences import sentence_files

RETRIEVER = ROOT / "src" / "askdoc" / "retriever" / "learned"
SAFETY = ROOT / "src" / "askdoc" / "safety" / "data"
EXAMPLES = SAFETY / "examples.tsv"
MEDQUAD = ("medquad", "medquad_queries")


@dataclass(frozen=True, slots=True)
class LearnedTable:
    """A shipped table: its file, the module whose ``learn`` makes it, and what that reads.

    ``data`` are registered data sets; ``files`` are files and folders of the project; ``tables`` are earlier tables.
    """

    path: Path
    module: str
    data: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    tables: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The table's name on the command line."""
        return self.path.stem

    @property
    def command(self) -> str:
        """The command that makes this table alone."""
        return f"python -m training.tables {self.name}"

    def made_by(self, *, seed: int, encoder: str) -> dict[str, Any]:
        """The head of the table as it is made now."""
        return {
            "command": self.command,
            "seed": seed,
            "encoder": encoder,
            "data": {BY_NAME[name].file: BY_NAME[name].sha256 for name in self.data}
            | {path.relative_to(ROOT).as_posix(): _sha256(path) for path in self.files},
            "tables": {BY_TABLE[name].path.name: _sha256(BY_TABLE[name].path) for name in self.tables},
        }

    def make(self) -> None:
        """Learn the table and write its file. Raises DataError where the fit read other sets than are registered."""
        module, embed = import_module(self.module), CachedEmbedder.open()
        content = module.learn(embed)
        if sets_read() != set(self.data):
            raise DataError(
                f"{self.module} read {sorted(sets_read())}, but {sorted(self.data)} are registered. "
                "Correct the table's entry in training/tables.py."
            )
        table_file.write(self.path, content, made_by=self.made_by(seed=module.SEED, encoder=embed.sha256))


TABLES = (
    LearnedTable(
        RETRIEVER / "term_weights.json",
        "training.fit_term_weights",
        data=(*MEDQUAD, "meqsum", "rqe_train"),
    ),
    LearnedTable(
        RETRIEVER / "query_adapter.npz",
        "training.fit_query_adapter",
        data=(*MEDQUAD, "rqe_train"),
    ),
    LearnedTable(
        RETRIEVER / "fusion.json",
        "training.fit_fusion",
        data=(*MEDQUAD, "counselchat", "meqsum", "mediqa2021_qs_valid", "rqe_valid"),
        tables=("term_weights", "query_adapter"),
    ),
    LearnedTable(
        RETRIEVER / "topicality.npz",
        "training.fit_topicality",
        data=(*MEDQUAD, "clinc_dev"),
        tables=("term_weights", "query_adapter", "fusion"),
    ),
    LearnedTable(
        RETRIEVER / "confidence.json",
        "training.fit_confidence",
        data=(*MEDQUAD, "counselchat", "meqsum", "mediqa2021_qs_valid", "rqe_valid", "clinc_dev"),
        files=tuple(sorted(path for path in (ROOT / "corpus").iterdir() if path.is_dir())),
        tables=("term_weights", "query_adapter", "fusion", "topicality"),
    ),
    LearnedTable(
        RETRIEVER / "word_vectors.npz",
        "training.fit_word_vectors",
        data=(*MEDQUAD, "counselchat"),
    ),
    LearnedTable(
        RETRIEVER / "highlight.json",
        "training.fit_highlight",
        data=(*MEDQUAD, "mas_valid"),
        tables=("term_weights", "word_vectors"),
    ),
    LearnedTable(
        SAFETY / "weights.npz",
        "training.fit_safety",
        data=("clinc_dev", "medquad_queries", "meqsum"),
        files=(EXAMPLES, *sentence_files()),
    ),
)
BY_TABLE = {table.name: table for table in TABLES}


def _sha256(path: Path) -> str:
    """The hash of a file; of a folder that of its files' names and hashes."""
    if path.is_file():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    parts = (
        f"{part.relative_to(path).as_posix()} {_sha256(part)}\n" for part in sorted(path.rglob("*")) if part.is_file()
    )
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def rebuild(names: Sequence[str]) -> None:
    """Make the named tables in their order, each in a process of its own. Raises CalledProcessError where one fails."""
    for table in (table for table in TABLES if table.name in names):
        begun = time.monotonic()
        subprocess.run([sys.executable, "-m", "training.tables", "--here", table.name], cwd=ROOT, check=True)
        size = table.path.stat().st_size
        print(f"{table.path.name}: {size:,} bytes in {time.monotonic() - begun:.0f} s", flush=True)


def main() -> int:
    """Rebuild the tables that the command line names, or all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("tables", nargs="*", metavar="TABLE", help="only these; all without a name")
    parser.add_argument("--list", action="store_true", help="print the tables in their order and what each learns from")
    parser.add_argument("--here", action="store_true", help="learn one table in this process")
    given = parser.parse_args()
    if unknown := set(given.tables) - set(BY_TABLE):
        parser.error(f"no table is called {', '.join(sorted(unknown))}; there are {', '.join(BY_TABLE)}")
    if given.list:
        for table in TABLES:
            print(f"{table.path.relative_to(ROOT)}: {', '.join(table.data)}")
    elif given.here:
        for name in given.tables:
            BY_TABLE[name].make()
    else:
        rebuild(given.tables or list(BY_TABLE))
    return 0


if __name__ == "__main__":
    sys.exit(main())
