"""Builds indexes with the tiny model, and changes the little corpus."""

from pathlib import Path

from askdoc import bootstrap
from askdoc.golden import trial
from askdoc.index import build
from askdoc.index.build import Report
from askdoc.index.generation import Generation
from askdoc.responder import Responder
from tests import tiny


def make(corpus: Path, index: Path, model: tiny.TinyEmbedder | None = None, *, full: bool = False) -> Report:
    """Build, trying the generation before it is activated. ``model`` sees what is embedded."""
    return build.build(
        corpus,
        index,
        weights=tiny.WEIGHTS,
        load=lambda weights: model or tiny.TinyEmbedder(),
        prepare=bootstrap.prepared,
        trial=lambda made: trial(made, responder(made)),
        progress=tiny.Quiet(),
        full=full,
    )


def responder(made: Generation) -> Responder:
    return bootstrap.responder(made)


def edit(corpus: Path) -> None:
    """Change one answer: the file keeps its name and its length."""
    path = corpus / "bruise.txt"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("turns yellow", "turns orange"), encoding="utf-8")


def tree(place: Path) -> dict[str, tuple[bytes | None, int]]:
    """Every path below a folder, with content and time of change."""
    return {
        str(path.relative_to(place)): (path.read_bytes() if path.is_file() else None, path.stat().st_mtime_ns)
        for path in sorted(place.rglob("*"))
    }
