"""Whole indexes of other models than the default one: their prompts, and one that cannot be exported."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from askdoc import bootstrap
from askdoc.cli.render.report import report_text
from askdoc.errors import ModelError
from askdoc.index.generation import Generation
from askdoc.settings import Settings
from tests import tiny
from tests.embedder import random_models
from tests.embedder.random_models import PROMPTS, RandomModel

pytestmark = [pytest.mark.model, pytest.mark.filterwarnings("ignore")]
QUESTION = "How long does a bruise last?"


def cosines(index: Generation, trained: Any) -> list[float]:
    """Between each stored vector and what sentence-transformers gives for its text, on its side of a search."""
    documents = index.documents
    passages = [documents.passage(row).text for row in range(len(documents.answer_of))]
    titles = [documents.question(int(row)).title for row in documents.titled]
    vectors = {
        "passage": trained.encode_document(passages, normalize_embeddings=True),
        "question": trained.encode_query(titles, normalize_embeddings=True),
    }
    return [
        float(index.scores(field, vector, np.array([row], np.int64))[0])
        for field, rows in vectors.items()
        for row, vector in enumerate(rows)
    ]


def settings(corpus: Path, index: Path, model: Path) -> Settings:
    """What an operator would set."""
    return Settings(corpus=corpus, index=index, model=str(model))


def test_an_index_holds_passages_as_documents_and_titles_as_queries(corpus_folder: Path, tmp_path: Path) -> None:
    """And a question is asked as a query: with a model's prompts, from the build to the answer."""
    from sentence_transformers import SentenceTransformer

    folder = RandomModel(prompts=PROMPTS).save(tmp_path)
    trained, chosen = (
        SentenceTransformer(str(folder), device="cpu"),
        settings(corpus_folder, tmp_path / "index", folder),
    )
    report = bootstrap.build_index(chosen, progress=tiny.Quiet())
    assert report.manifest.model.exported
    index = bootstrap.open_generation(chosen)
    assert min(cosines(index, trained)) >= 0.995
    [asked] = index.embedder.begin([QUESTION])().vectors
    assert asked @ trained.encode_query(QUESTION, normalize_embeddings=True) >= 0.995
    assert bootstrap.responder(index).reply(QUESTION).document()["answers"]
    assert not bootstrap.verify_index(chosen, questions=2).wrong


def test_other_prompts_make_another_model(corpus_folder: Path, tmp_path: Path) -> None:
    """An index is then made anew."""
    random_models.static(PROMPTS).save(str(tmp_path / "model"))
    chosen = settings(corpus_folder, tmp_path / "index", tmp_path / "model")
    bootstrap.build_index(chosen, progress=tiny.Quiet())
    path = tmp_path / "model" / "config_sentence_transformers.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["prompts"]["document"] = "text: "
    path.write_text(json.dumps(config), encoding="utf-8")
    assert "its files have changed" in (bootstrap.plan_index(chosen).anew or "")
    report = bootstrap.build_index(chosen, progress=tiny.Quiet())
    assert report.embedded == sum(report.manifest.fields.values())


def test_a_model_that_cannot_be_exported_answers(corpus_folder: Path, tmp_path: Path) -> None:
    """With its prompts, through sentence-transformers; the report says so, and later builds try no export."""
    static = random_models.static(PROMPTS)
    static.save(str(tmp_path / "model"))
    chosen = settings(corpus_folder, tmp_path / "index", tmp_path / "model")
    report = bootstrap.build_index(chosen, progress=tiny.Quiet())
    assert "could not be exported" in report_text(report)
    index = bootstrap.open_generation(chosen)
    assert min(cosines(index, static)) >= 0.999
    assert bootstrap.responder(index).reply(QUESTION).document()["answers"]
    (corpus_folder / "bruise.txt").unlink()
    progress = tiny.Quiet()
    bootstrap.build_index(chosen, progress=progress)
    assert "Exporting the encoder" not in progress.steps


def test_a_prompt_that_leaves_no_room_is_refused(corpus_folder: Path, tmp_path: Path) -> None:
    """In a sentence that says what to do."""
    random_models.static({"document": "a b c: " * 200}).save(str(tmp_path / "model"))
    with pytest.raises(ModelError, match=r"leaves 0 for a passage\. Choose another with ASKDOC_MODEL"):
        bootstrap.build_index(settings(corpus_folder, tmp_path / "index", tmp_path / "model"), progress=tiny.Quiet())
