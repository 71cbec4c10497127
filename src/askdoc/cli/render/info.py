"""Renders the settings and the active index."""

from typing import Any

from askdoc.cli.terminal import safe
from askdoc.errors import AskdocError
from askdoc.index import documents
from askdoc.index.documents import DocumentStore
from askdoc.index.folder import IndexFolder
from askdoc.settings import Settings


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
    lines += [f"  {name:<13} {value}" for name, value in index.items() if name != "labels"]
    lines += [safe(f"  {'label':<13} {entry['label']} (pages: {entry['pages']:,})") for entry in index["labels"]]
    return "\n".join(lines)
