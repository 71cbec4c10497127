"""The export is the model, or there is none."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from askdoc.embedder import export, model_files, quantized_matmul
from askdoc.embedder.export import AGREEMENT, SAMPLES
from askdoc.embedder.onnx_encoder import FILES, WEIGHTS, OnnxEncoder
from askdoc.embedder.prompts import Side
from askdoc.embedder.protocol import EncoderKind
from askdoc.embedder.quantized_matmul import ActivationSample, Floats, QuantizedMatmul
from askdoc.embedder.sentence_transformer import SentenceTransformerEmbedder
from askdoc.settings import DEFAULT_MODEL
from tests.embedder import random_models
from tests.embedder.conftest import TYPICAL
from tests.embedder.random_models import PROMPTS, RandomModel

TEXTS = [*SAMPLES, " ".join(SAMPLES * 12), "a"]
"""Short and long ones, one longer than a model reads, and a single letter."""
LEAST = AGREEMENT[EncoderKind.QUANTIZED]


def loaded(name: str | Path) -> SentenceTransformerEmbedder:
    """The model of that name or folder."""
    return SentenceTransformerEmbedder.load(model_files.locate(str(name)))


def opened(files: dict[str, bytes] | None, folder: Path) -> OnnxEncoder:
    """An export written to a folder and opened."""
    assert files is not None
    assert sorted(files) == sorted(FILES)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return OnnxEncoder.open(folder)


def cosines(model: SentenceTransformerEmbedder, encoder: OnnxEncoder, texts: Sequence[str] = TEXTS) -> np.ndarray:
    """Between the vectors of a model and of its export."""
    found: np.ndarray = (model.encode(texts) * encoder.encode(texts)).sum(axis=1)
    return found


@pytest.mark.model
@pytest.mark.filterwarnings("ignore")
def test_another_model_in_a_folder_is_exported_faithfully(small_model: Path, tmp_path: Path) -> None:
    """An export gives its model's vectors, also for texts longer than the model reads, and says how far it is."""
    model = loaded(small_model)
    shares: list[float] = []
    encoder = opened(model.export(TYPICAL, shares.append), tmp_path)
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)
    assert encoder.kind is EncoderKind.QUANTIZED
    assert (encoder.dimension, encoder.max_tokens) == (model.dimension, model.max_tokens) == (16, 32)
    assert encoder.lengths(TEXTS) == model.lengths(TEXTS)
    assert cosines(model, encoder)[:-1].min() >= LEAST
    assert b"site-packages" not in (tmp_path / "encoder.onnx").read_bytes()


@pytest.mark.model
@pytest.mark.filterwarnings("ignore")
def test_the_default_models_export_is_the_model(default_export: Path) -> None:
    """The default model's export is quantised, close on short, long and over-long texts, and a third of the size."""
    model, encoder = loaded(DEFAULT_MODEL), OnnxEncoder.open(default_export)
    assert encoder.kind is EncoderKind.QUANTIZED
    assert (encoder.dimension, encoder.max_tokens) == (model.dimension, model.max_tokens)
    assert encoder.lengths(TEXTS) == model.lengths(TEXTS)
    *near, letter = cosines(model, encoder)
    assert min(near) >= LEAST
    assert letter >= LEAST - 0.006  # a single letter is like no text that the numbers were chosen for
    assert sum((default_export / name).stat().st_size for name in FILES) < 40e6


@pytest.mark.model
@pytest.mark.filterwarnings("ignore")
def test_where_quantisation_goes_wrong_the_export_keeps_every_number(
    small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quantised encoder that disagrees with its model is not taken."""
    calibrate = quantized_matmul.calibrate

    def wrong(fitting: ActivationSample, held_out: ActivationSample, matrix: Floats) -> QuantizedMatmul:
        product = calibrate(fitting, held_out, matrix)
        # random matrices are small: a little wrong would not be seen
        return replace(product, weight_scales=-100 * product.weight_scales)

    monkeypatch.setattr(quantized_matmul, "calibrate", wrong)
    model = loaded(small_model)
    encoder = opened(model.export(TYPICAL), tmp_path)
    assert encoder.kind is EncoderKind.SINGLE_PRECISION
    assert cosines(model, encoder).min() >= AGREEMENT[EncoderKind.SINGLE_PRECISION]
    assert (tmp_path / WEIGHTS).read_bytes() == b""


@pytest.mark.model
@pytest.mark.filterwarnings("ignore")
def test_an_export_that_is_not_the_model_is_refused(small_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An export of another model, a broken one and one that cannot be made are all none."""
    import torch

    model, other = loaded(small_model), loaded(small_model)
    torch.manual_seed(1)
    exporter = other.exporter()
    assert exporter is not None
    for values in exporter.model.parameters():
        values.data.normal_()
    elsewhere = export.trace(exporter.model)

    def fail(model: object) -> bytes:
        raise RuntimeError("no such operator")

    for tracer in (lambda model: elsewhere, lambda model: b"nonsense", fail):
        monkeypatch.setattr(export, "trace", tracer)
        assert model.export(TYPICAL) is None


EXACTNESS = {EncoderKind.SINGLE_PRECISION: 0.99999, EncoderKind.QUANTIZED: 0.99}
"""The least cosine to the model's own vectors; random weights are packed worse than trained ones."""
POOLINGS = ("cls", "max", "mean", "mean_sqrt_len_tokens", "weightedmean", "lasttoken")
OTHER_MODELS = {
    "prompts": RandomModel(prompts=PROMPTS),
    "prompts that are not pooled": RandomModel(prompts=PROMPTS, include_prompt=False),
    "every pooling": RandomModel(pooling=POOLINGS, prompts=PROMPTS),
    "RoBERTa, first token, letters made small": RandomModel("roberta", pooling="cls", lower=True),
    "MPNet, normalised": RandomModel("mpnet", prompts=PROMPTS, modules=lambda: [random_models.normalize()]),
    "ModernBERT, cut": RandomModel("modernbert", prompts=PROMPTS, truncate_dim=20),
    "decoder, last token": RandomModel("qwen3", pooling="lasttoken", padding="left", prompts={"query": "Ask: "}),
    "T5, dense": RandomModel("t5", modules=lambda: [random_models.dense("Identity", bias=False)]),
    "dense, layer norm": RandomModel(modules=lambda: [random_models.dense("Tanh"), random_models.layer_norm(24)]),
}


@pytest.mark.model
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("made_of", OTHER_MODELS.values(), ids=OTHER_MODELS)
def test_an_export_gives_what_sentence_transformers_gives(made_of: RandomModel, tmp_path: Path) -> None:
    """For both sides of a search, whatever the architecture and the layers: exactly, and nearly where it is packed."""
    from sentence_transformers import SentenceTransformer

    folder = made_of.save(tmp_path)
    trained = SentenceTransformer(str(folder), device="cpu")
    model = loaded(folder)
    exporter = model.exporter()
    assert exporter is not None
    graph = export.trace(exporter.model, model.prompts)
    wanted = {
        Side.QUERY: trained.encode_query(TEXTS, normalize_embeddings=True),
        Side.DOCUMENT: trained.encode_document(TEXTS, normalize_embeddings=True),
    }
    if made_of.prompts:
        assert (wanted[Side.QUERY] * wanted[Side.DOCUMENT]).sum(axis=1).min() < 0.96
    for kind, least in EXACTNESS.items():
        made = tmp_path / kind
        made.mkdir()
        for name, data in exporter.files(graph, kind, TYPICAL).items():
            (made / name).write_bytes(data)
        encoder = OnnxEncoder.load(made)
        assert (encoder.prompts, encoder.document_tokens) == (model.prompts, model.document_tokens)
        for side, vectors in wanted.items():
            np.testing.assert_allclose(model.encode(TEXTS, side=side), vectors, atol=1e-5)
            assert (encoder.encode(TEXTS, side=side) * vectors).sum(axis=1).min() >= least
            together = encoder.encode(TEXTS, side=side, on_batch=lambda *_: None)
            assert (together * vectors).sum(axis=1).min() >= least


@pytest.mark.model
@pytest.mark.filterwarnings("ignore")
def test_weights_by_the_places_behind_a_prompt_are_not_exported(tmp_path: Path) -> None:
    """The weighted mean counts places from the prompt's first token, also where that is left out."""
    made = RandomModel(pooling="weightedmean", prompts=PROMPTS, include_prompt=False).save(tmp_path)
    assert loaded(made).export(TYPICAL) is None
