"""Builds indexes with the tiny model, and changes the little corpus."""

from collections.abc import Callable
from pathlib import Path
from unittest import mock

from askdoc import bootstrap
from askdoc.errors import IndexUnusable
from askdoc.evaluation.known_items import trial
from askdoc.index.generation import Generation, open_active
from askdoc.indexer import build
from askdoc.indexer.build import Report
from askdoc.indexer.pipeline import Prepare
from askdoc.responder import Responder
from askdoc.safety import examples
from tests import tiny

Try = Callable[[Generation], None]
SHARED = bootstrap.Shared()


class Nothing:
    """What relevance keeps in an index that nobody asks."""

    def files(self) -> dict[str, bytes]:
        return {}

    def facts(self) -> dict[str, object]:
        return {}


def make(corpus: Path, index: Path, model: tiny.TinyEmbedder | None = None, *, full: bool = False) -> Report:
    """Build what the index itself needs; its vectors are looked at. ``model`` sees what is embedded.

    One sentence stands for the safety gate's hundreds, which would make up most of so small an index.
    """
    with mock.patch.object(examples, "sentences", return_value=("Help.",)):
        return _made(corpus, index, model, full=full, prepare=lambda *_, carried: Nothing(), asked=looked_at)


def make_whole(corpus: Path, index: Path) -> Report:
    """Build an index that answers, and ask it before it is activated."""
    return _made(corpus, index, None, prepare=bootstrap.prepared, asked=lambda made: trial(made, responder(made)))


def _made(
    corpus: Path, index: Path, model: tiny.TinyEmbedder | None, *, prepare: Prepare, asked: Try, full: bool = False
) -> Report:
    return build.build(
        corpus,
        index,
        weights=tiny.WEIGHTS,
        load=lambda weights: model or tiny.TinyEmbedder(),
        prepare=prepare,
        trial=asked,
        progress=tiny.Quiet(),
        full=full,
    )


def looked_at(made: Generation) -> None:
    """A trial without questions."""
    for sentence in made.misplaced(3):
        raise IndexUnusable(sentence)


def opened(index: Path) -> Generation:
    """The active generation, or what is fallen back to."""
    return open_active(index, model="tiny", load=lambda manifest: tiny.TinyEmbedder())


def responder(made: Generation) -> Responder:
    """A responder that shares what does not depend on the corpus."""
    return bootstrap.responder(made, shared=SHARED)


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
