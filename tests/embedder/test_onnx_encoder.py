"""An exported encoder: batches, positions, and whether it computes here what it did where it was made."""

import json
from pathlib import Path

import numpy as np
import pytest

from askdoc.embedder import model_files
from askdoc.embedder.export import SAMPLES
from askdoc.embedder.onnx_encoder import OnnxEncoder, _batches
from askdoc.embedder.sentence_transformer import SentenceTransformerEmbedder
from askdoc.errors import IndexUnusable
from tests.embedder.conftest import TYPICAL


@pytest.fixture(scope="module")
def small_export(small_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the small model's export."""
    folder = tmp_path_factory.mktemp("exported")
    files = SentenceTransformerEmbedder.load(model_files.locate(str(small_model))).export(TYPICAL)
    for name, data in (files or {}).items():
        (folder / name).write_bytes(data)
    return folder


def test_texts_go_together_by_length() -> None:
    """A batch of a build has texts of one length, of questions those a few tokens apart, and never too many tokens."""
    lengths = [9, 5, 30, 5, 8, 31]
    assert list(_batches(lengths, max_padding=0)) == [[1, 3], [4], [0], [2], [5]]
    assert list(_batches(lengths, max_padding=4)) == [[1, 3, 4, 0], [2, 5]]
    assert [len(batch) for batch in _batches([128] * 9, max_padding=0)] == [4, 4, 1]
    assert list(_batches([], max_padding=4)) == []


@pytest.mark.model
@pytest.mark.filterwarnings("ignore")
def test_a_builds_vectors_do_not_depend_on_what_else_is_encoded(default_export: Path) -> None:
    """A text's vector is the same to the bit, whatever else is encoded with it, and every text is reported once."""
    encoder = OnnxEncoder.open(default_export)
    texts = [*SAMPLES, " ".join(SAMPLES * 12), "a"]
    reported: list[int] = []
    together = encoder.encode([*texts, *texts[:2]], on_batch=lambda positions, vectors: reported.extend(positions))
    alone = [encoder.encode([text], on_batch=lambda positions, vectors: None)[0] for text in texts]
    np.testing.assert_array_equal(together[: len(texts)], np.array(alone))
    assert sorted(reported) == list(range(len(texts) + 2))


@pytest.mark.model
@pytest.mark.filterwarnings("ignore")
def test_questions_that_are_padded_together_stay_themselves(default_export: Path) -> None:
    """Questions of unequal lengths get the vectors that they get alone, to five digits and in their order."""
    encoder = OnnxEncoder.open(default_export)
    close = ["is it so bad", "is it", "is it bad"]
    alone = np.array([encoder.encode([text])[0] for text in close])
    np.testing.assert_allclose(encoder.encode(close), alone, atol=1e-5)


@pytest.mark.model
@pytest.mark.filterwarnings("ignore")
def test_files_that_are_computed_otherwise_here_are_refused(small_export: Path, tmp_path: Path) -> None:
    """An encoder that gives another vector for the probe than it did at its export is refused."""
    for file in small_export.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    OnnxEncoder.open(tmp_path)
    metadata = json.loads((tmp_path / "encoder.json").read_bytes())
    metadata["probe"] = metadata["probe"][::-1]
    (tmp_path / "encoder.json").write_text(json.dumps(metadata), encoding="utf-8")
    with pytest.raises(IndexUnusable, match=r"computes otherwise .* Run: askdoc index --full"):
        OnnxEncoder.open(tmp_path)
