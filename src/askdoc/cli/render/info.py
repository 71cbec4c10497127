"""Renders the settings and the active index."""

from pathlib import Path
from typing import Any

from askdoc.cli.terminal import safe, wrapped
from askdoc.embedder import EncoderKind, processor
from askdoc.errors import AskdocError
from askdoc.index import documents
from askdoc.index.documents import DocumentStore
from askdoc.index.folder import IndexFolder
from askdoc.retriever.learned_tables import FILES, PLAIN, TablesOrigin
from askdoc.settings import Settings

SHARED = ("term_weights", "highlight")
"""The tables that count words and serve every model."""
NONE, ALL = "none", "all"
SOURCES = {
    str(TablesOrigin.OWN): "made for this model",
    str(TablesOrigin.SHIPPED): "shipped for this model",
    str(TablesOrigin.PLAIN): "shipped for any model",
    NONE: "none for this model",
    ALL: "the same for every model",
}
"""Where a table comes from, and what that means; each table stands under one of them."""
PLAIN_ADVICE = (
    "This model has no tables of its own. The plain ones were fitted to the default model without adapter and "
    "topicality. There they rank counselling pages and long messages as well as its own, MedQuAD 9 points of nDCG@10 "
    "lower; a weak model loses 11 points and more. In a checkout of askdoc, make tables MODEL=FOLDER learns a "
    "model's own into its folder (training/README.md); then run: askdoc index"
)
"""What is said where the plain tables apply, with what benchmarks/relevance/model_tables.py measures."""


NOT_EXPORTED = (
    "The model could not be exported, so that questions go through sentence-transformers and torch: they take seconds "
    "to load, some hundreds of megabytes, and their time with each question. askdoc serve loads them once. The export "
    "is tried again by: askdoc index --full"
)
"""What is said of an index that carries no encoder."""


def info_document(settings: Settings) -> dict[str, Any]:
    """The settings, and the facts of the active index or why there is none, as plain values."""
    try:
        checked = IndexFolder(settings.index).active()
    except AskdocError as error:
        return {"settings": settings.document(), "index": None, "problem": str(error)}
    manifest = checked.manifest
    labels = DocumentStore.open(checked.file(documents.NAME)).labels
    return {
        "settings": settings.document(),
        "index": {
            "index_id": manifest.index_id,
            "generation": checked.path.name,
            "created": manifest.created,
            "askdoc": manifest.askdoc,
            "model": manifest.model.name,
            "model_sha256": manifest.model.sha256,
            "encoder": manifest.model.encoder,
            "kernel": processor.kernel(manifest.model.encoder),
            "tables": tables_applied(TablesOrigin.of_index(manifest)),
            "pages": manifest.counts.pages,
            "questions": manifest.counts.questions,
            "answers": manifest.counts.answers,
            "passages": manifest.counts.passages,
            "rejected": manifest.counts.rejected,
            "labels": [{"label": label, "pages": count} for label, count in labels.counts],
            "bytes": sum(size for _, size in manifest.files.values()),
        },
        "problem": checked.problem,
    }


def info_text(document: dict[str, Any]) -> str:
    """The document of ``info_document`` as lines."""
    lines = ["Settings"]
    for name, entry in document["settings"].items():
        lines.append(f"  {name:<8} {safe(str(entry['value']))}   ({entry['from']})")
    lines.append("Index")
    index = document["index"]
    if index is None:
        return "\n".join([*lines, f"  {safe(document['problem'])}"])
    lines += [f"  {name:<13} {value}" for name, value in index.items() if name not in ("labels", "tables")]
    lines += [safe(f"  {'label':<13} {entry['label']} (pages: {entry['pages']:,})") for entry in index["labels"]]
    if index["encoder"] == EncoderKind.SENTENCE_TRANSFORMERS:
        lines.append(wrapped(NOT_EXPORTED, indent="  "))
    for source, meaning in SOURCES.items():
        if names := [name for name, of in index["tables"].items() if of == source]:
            lines.append(f"  {'tables':<13} {meaning}: {', '.join(names)}")
    if str(TablesOrigin.PLAIN) in index["tables"].values():
        lines.append(wrapped(PLAIN_ADVICE, indent="  "))
    return "\n".join(lines)


def tables_applied(origin: TablesOrigin) -> dict[str, str]:
    """Where each learned table of the retriever comes from, in the words of ``SOURCES``."""
    missing = set(FILES) - set(PLAIN) if origin is TablesOrigin.PLAIN else set()
    applied = {Path(name).stem: NONE if name in missing else str(origin) for name in FILES}
    return applied | dict.fromkeys(SHARED, ALL)
