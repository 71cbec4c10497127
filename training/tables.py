"""Rebuilds the learned tables, in the order in which one is learned with the help of another.

    python -m training.tables [--list] [TABLE ...]             all that are shipped: make tables
    python -m training.tables --model MODEL [TABLE ...]        those of another model: make tables MODEL=…

``MODEL`` is what the setting ``model`` takes: a folder, or a name on the hub. Its tables, those that depend on vectors,
are written into the model's own folder, where ``askdoc index`` finds them.

Each table is learned in a process of its own, which has read nothing but that table's data. Its head says how to make
it again: command, seed, the SHA-256 of the encoder whose vectors it was learned from and of its model's weights, of
every file of data, and of the tables that were used on the way. The same data, encoder and libraries give the same
bytes.
"""

import argparse
import hashlib
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from askdoc.embedder import locate
from askdoc.embedder.model_files import TABLES as TABLES_FOLDER
from askdoc.retriever import learned_tables
from askdoc.retriever.learned_tables import ModelTables, TablesOrigin
from askdoc.settings import DEFAULT_MODEL
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
    """A table: its file, the module whose ``learn`` makes it, what that reads, and the model whose vectors it fits.

    ``data`` are registered data sets; ``files`` are files and folders of the project; ``tables`` are earlier tables.
    """

    path: Path
    module: str
    data: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    tables: tuple[str, ...] = ()
    model: str = DEFAULT_MODEL

    @property
    def name(self) -> str:
        """The table's name on the command line."""
        return self.path.stem

    @property
    def command(self) -> str:
        """The command that makes this table alone; ``MODEL`` stands for another model than the default."""
        model = "" if self.model == DEFAULT_MODEL else "--model MODEL "
        return f"python -m training.tables {model}{self.name}"

    @property
    def earlier(self) -> list[Path]:
        """The files of the earlier tables: those of the same model, and such as serve all."""
        shipped = [BY_TABLE[name].path for name in self.tables]
        return [self.path.with_name(path.name) if path.name in learned_tables.FILES else path for path in shipped]

    def of_model(self, model: str) -> "LearnedTable":
        """The same table for another model, in that model's folder. Raises ModelError where there is no such model."""
        return replace(self, path=locate(model).folder / TABLES_FOLDER / self.path.name, model=model)

    def earlier_of_model(self) -> ModelTables:
        """The earlier tables that depend on the model's vectors, and no others."""
        plain = {file: name for name, file in learned_tables.PLAIN.items()}
        files = {plain.get(path.name, path.name): path for path in self.earlier}
        contents = {name: path.read_bytes() for name, path in files.items() if name in learned_tables.FILES}
        return ModelTables(TablesOrigin.OWN, contents)

    def made_by(self, *, seed: int, encoder: str, weights: str) -> dict[str, Any]:
        """The head of the table as it is made now; ``encoder`` and ``weights`` are the SHA-256 of the model's files."""
        return {
            "command": self.command,
            "seed": seed,
            "encoder": encoder,
            "model": weights,
            "data": {BY_NAME[name].file: BY_NAME[name].sha256 for name in self.data}
            | {path.relative_to(ROOT).as_posix(): _sha256(path) for path in self.files},
            "tables": {path.name: _sha256(path) for path in self.earlier},
        }

    def make(self) -> None:
        """Learn the table and write its file. Raises DataError where the fit read other sets than are registered."""
        module, embed = import_module(self.module), CachedEmbedder.open(self.model, tables=self.earlier_of_model())
        content = module.learn(embed)
        if sets_read() != set(self.data):
            raise DataError(
                f"{self.module} read {sorted(sets_read())}, but {sorted(self.data)} are registered. "
                "Correct the table's entry in training/tables.py."
            )
        head = self.made_by(seed=module.SEED, encoder=embed.sha256, weights=locate(self.model).sha256)
        self.path.parent.mkdir(exist_ok=True)
        table_file.write(self.path, content, made_by=head)


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
        RETRIEVER / "scope.npz",
        "training.fit_scope",
        data=(*MEDQUAD, "counselchat", "meqsum", "mediqa2021_qs_valid", "rqe_train", "rqe_valid", "clinc_dev"),
        tables=("term_weights", "query_adapter", "fusion", "topicality"),
    ),
    LearnedTable(
        RETRIEVER / "confidence.json",
        "training.fit_confidence",
        data=(*MEDQUAD, "counselchat", "meqsum", "mediqa2021_qs_valid", "rqe_valid", "clinc_dev"),
        files=tuple(sorted(path for path in (ROOT / "corpus").iterdir() if path.is_dir())),
        tables=("term_weights", "query_adapter", "fusion", "topicality"),
    ),
    LearnedTable(
        RETRIEVER / "plain_fusion.json",
        "training.fit_fusion",
        data=(*MEDQUAD, "counselchat", "meqsum", "mediqa2021_qs_valid", "rqe_valid"),
        tables=("term_weights",),
    ),
    LearnedTable(
        RETRIEVER / "plain_confidence.json",
        "training.fit_confidence",
        data=(*MEDQUAD, "counselchat", "meqsum", "mediqa2021_qs_valid", "rqe_valid", "clinc_dev"),
        files=tuple(sorted(path for path in (ROOT / "corpus").iterdir() if path.is_dir())),
        tables=("term_weights", "plain_fusion"),
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


def tables_for(model: str) -> dict[str, LearnedTable]:
    """The tables that are made for a model, by name: all for the default one, else those that depend on vectors."""
    if model == DEFAULT_MODEL:
        return BY_TABLE
    return {table.name: table.of_model(model) for table in TABLES if table.path.name in learned_tables.FILES}


def _sha256(path: Path) -> str:
    """The hash of a file; of a folder that of its files' names and hashes."""
    if path.is_file():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    parts = (
        f"{part.relative_to(path).as_posix()} {_sha256(part)}\n" for part in sorted(path.rglob("*")) if part.is_file()
    )
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def rebuild(tables: Sequence[LearnedTable]) -> None:
    """Make tables in their order, each in a process of its own. Raises CalledProcessError where one fails."""
    for table in tables:
        begun = time.monotonic()
        here = ("--here", "--model", table.model, table.name)
        subprocess.run([sys.executable, "-m", "training.tables", *here], cwd=ROOT, check=True)
        size = table.path.stat().st_size
        print(f"{table.path.name}: {size:,} bytes in {time.monotonic() - begun:.0f} s", flush=True)


def main() -> int:
    """Rebuild the tables that the command line names, or all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("tables", nargs="*", metavar="TABLE", help="only these; all without a name")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="a folder or a name on the hub; its tables go there")
    parser.add_argument("--list", action="store_true", help="print the tables in their order and what each learns from")
    parser.add_argument("--here", action="store_true", help="learn one table in this process")
    given = parser.parse_args()
    known = tables_for(str(Path(given.model).resolve()) if Path(given.model).is_dir() else given.model)
    if unknown := set(given.tables) - set(known):
        parser.error(f"no table is called {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    chosen = [table for name, table in known.items() if name in (given.tables or known)]
    if given.list:
        for table in chosen:
            print(f"{table.path.name}: {', '.join(table.data)}")
    elif given.here:
        for table in chosen:
            table.make()
    else:
        rebuild(chosen)
    return 0


if __name__ == "__main__":
    sys.exit(main())
