"""One index on every kind of processor: opened under an emulated one that has no 8-bit dot products."""

import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from askdoc import bootstrap
from askdoc.embedder.onnx_encoder import FILES, PROBE, OnnxEncoder
from askdoc.embedder.protocol import EncoderKind, ShareCallback, unheard
from askdoc.index import checked
from askdoc.indexer.build import BuildReport
from askdoc.settings import Settings
from tests import tiny
from tests.tools import missing, needed
from tests.tracing import SOURCE

PROCESSOR = "Haswell"
"""AVX2, and neither AVX-512 nor VNNI."""
SATURATED = 0.999
"""A cosine that vectors from sums that were cut off do not reach."""
TEXTS = [
    PROBE,
    "Is it normal that my knee clicks?",
    "My son, who is four, fell from the swing yesterday. He has been sleepy since, and his arm is swollen above the "
    "elbow. We gave him ibuprofen for children at noon. Shall we wait until Monday, or have it looked at today?",
]
EMULATED = f"""
import sys
from pathlib import Path
import numpy as np
from askdoc import bootstrap
from askdoc.embedder.onnx_encoder import OnnxEncoder
from askdoc.index import field_texts
from askdoc.settings import Settings

index, *encoders, out = map(Path, sys.argv[1:])
opened = bootstrap.open_generation(Settings(index=index))
assert field_texts.misaligned(opened, most=10) == []
texts = {TEXTS!r}
made = [opened.embedder, *map(OnnxEncoder.load, encoders)]
np.save(out, np.array([[embedder.encode([text])[0] for text in texts] for embedder in made]))
"""


class Exported(tiny.TinyEmbedder):
    """The default model, exported before."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def export(self, typical: Sequence[str], on_share: ShareCallback = unheard) -> dict[str, bytes] | None:
        return {name: (self._folder / name).read_bytes() for name in FILES}


@pytest.fixture(scope="module")
def made(default_export: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BuildReport]:
    """A little corpus, indexed on this machine with the real model's export."""
    from tests.conftest import PAGE

    place = tmp_path_factory.mktemp("made")
    (place / "corpus").mkdir()
    (place / "corpus" / "bruise.txt").write_text(PAGE, encoding="utf-8")
    settings = Settings(corpus=place / "corpus", index=place / "index")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bootstrap, "_load", lambda weights: Exported(default_export))
        yield bootstrap.build_index(settings, progress=tiny.Quiet())


@pytest.mark.model
@pytest.mark.filterwarnings("ignore")
def test_the_default_model_is_quantised_on_this_machine(made: BuildReport) -> None:
    """The default model is quantised on every processor: none gets the slow encoder for want of 8-bit dot products."""
    assert made.manifest.model.encoder is EncoderKind.QUANTIZED
    assert checked.check(made.path).manifest.model.encoder is EncoderKind.QUANTIZED


@pytest.mark.model
@pytest.mark.filterwarnings("ignore")
def test_no_operation_between_whole_numbers_hangs_on_the_width_of_registers(made: BuildReport) -> None:
    """The runtime's softmax does: its last bit turns into another whole number later, in one text of ten."""
    import onnx

    nodes = onnx.load(made.path / "encoder.onnx", load_external_data=False).graph.node
    assert not {"Softmax", "MultiHeadAttention", "Attention"} & {node.op_type for node in nodes}


@pytest.mark.model
@pytest.mark.filterwarnings("ignore")
def test_an_index_opens_on_a_processor_without_dot_products_and_gives_the_same_vectors(
    made: BuildReport, tmp_path: Path
) -> None:
    """The encoder gives the same bits there; the same matrices on eight bits saturate, so the test would notice.

    Twice the numbers and half the scales are the same matrices, exactly. The last text is long enough for sums to be
    added in wider registers where there are some.
    """
    if platform.machine() != "x86_64":
        missing("what is emulated is an x86-64 processor, and this Python is for another")
    qemu = needed("qemu-x86_64", "-cpu", PROCESSOR, sys.executable, "-c", "pass", package="qemu-user")
    eight = on_eight_bits(made.path, tmp_path / "eight")
    out = tmp_path / "vectors.npy"
    done = subprocess.run(
        [qemu, "-cpu", PROCESSOR, sys.executable, "-c", EMULATED, str(made.path.parent), str(eight), str(out)],
        env={**os.environ, "PYTHONPATH": str(SOURCE), "OPENBLAS_NUM_THREADS": "1"}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    there, cut_off = np.load(out)
    here = OnnxEncoder.open(made.path)
    vectors = np.array([here.encode([text])[0] for text in TEXTS])
    np.testing.assert_array_equal(there, vectors)
    assert (cut_off * vectors).sum(axis=1).max() < SATURATED


def on_eight_bits(made: Path, folder: Path) -> Path:
    """A copy of an encoder whose matrices use twice the numbers at half the scales."""
    import onnx
    from onnx import numpy_helper

    folder.mkdir()
    for name in FILES:
        (folder / name).write_bytes((made / name).read_bytes())
    model = onnx.load(folder / "encoder.onnx", load_external_data=False)
    for tensor in model.graph.initializer:
        factor = {"numbers": 2, "scales": 0.5}.get(tensor.name.rpartition(".grid.")[2])
        if factor:
            tensor.CopyFrom(numpy_helper.from_array(scaled(numpy_helper.to_array(tensor), factor), tensor.name))
    (folder / "encoder.onnx").write_bytes(model.SerializeToString())
    return folder


def scaled(array: Any, factor: float) -> Any:
    return (array * factor).astype(array.dtype)
