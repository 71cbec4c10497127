"""The model as it was trained: bounds, prompts, and models that cannot be exported."""

from pathlib import Path

import numpy as np
import pytest

from askdoc.embedder import Side, model_files
from askdoc.embedder.sentence_transformer import MAX_TOKENS, SentenceTransformerEmbedder
from tests.embedder import random_models
from tests.embedder.conftest import TYPICAL
from tests.embedder.random_models import PROMPTS, RandomModel

pytestmark = [pytest.mark.model, pytest.mark.filterwarnings("ignore")]


def loaded(folder: Path) -> SentenceTransformerEmbedder:
    """The model in a folder."""
    return SentenceTransformerEmbedder.load(model_files.locate(str(folder)))


def test_a_model_without_a_transformer_embeds_both_sides(tmp_path: Path) -> None:
    """It cannot be exported, names no bound, and counts tokens all the same."""
    static = random_models.static(PROMPTS)
    static.save(str(tmp_path))
    model = loaded(tmp_path)
    assert model.export(TYPICAL) is None
    assert (model.max_tokens, model.lengths(["tea?"]), model.has_token("t")) == (MAX_TOKENS, [4], True)
    query, document = (
        made(list(TYPICAL), normalize_embeddings=True) for made in (static.encode_query, static.encode_document)
    )
    np.testing.assert_allclose(model.encode(TYPICAL), query, atol=1e-6)
    np.testing.assert_allclose(model.begin(TYPICAL)().inner, query, atol=1e-6)
    np.testing.assert_allclose(model.encode(TYPICAL, side=Side.DOCUMENT), document, atol=1e-6)


def test_a_model_with_other_weights_for_each_side_is_told_the_side(tmp_path: Path) -> None:
    """Queries and documents go their own ways, without any prompt, and no export replaces them."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Router, Transformer

    folder = RandomModel().save(tmp_path)
    asked = random_models.static()[0]
    found = [Transformer(str(folder), max_seq_length=40), Pooling(random_models.WIDTH)]
    router = SentenceTransformer(modules=[Router.for_query_document([asked], found)], device="cpu")
    router.save(str(tmp_path / "router"))
    model = loaded(tmp_path / "router")
    assert model.export(TYPICAL) is None
    assert model.prompts[Side.QUERY] != model.prompts[Side.DOCUMENT]
    texts = list(TYPICAL)
    np.testing.assert_allclose(model.encode(texts), router.encode_query(texts, normalize_embeddings=True), atol=1e-6)
    np.testing.assert_allclose(
        model.encode(texts, side=Side.DOCUMENT), router.encode_document(texts, normalize_embeddings=True), atol=1e-6
    )


def test_a_text_longer_than_a_model_has_positions_is_cut(tmp_path: Path) -> None:
    """RoBERTa's count from behind its padding: two fewer than the model's own bound says."""
    model = loaded(RandomModel("roberta", max_tokens=66).save(tmp_path))
    assert model.max_tokens == 64
    assert np.isfinite(model.encode([" ".join(TYPICAL)])).all()


def test_weights_in_half_precision_are_computed_in_single(tmp_path: Path) -> None:
    """So they can be exported."""
    import torch
    from sentence_transformers import SentenceTransformer

    trained = SentenceTransformer(str(RandomModel().save(tmp_path)), device="cpu")
    trained.to(torch.bfloat16).save(str(tmp_path / "half"))
    assert loaded(tmp_path / "half").export(TYPICAL) is not None
