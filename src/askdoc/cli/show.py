"""Puts replies, reports and settings into words for a terminal."""

import shutil
import textwrap
from typing import Any

from askdoc.errors import AskdocError
from askdoc.index import folder
from askdoc.index.build import Report
from askdoc.models import Author, Confidence, Contact, Match, Notice, Reply
from askdoc.settings import Settings

CONFIDENCE = {
    Confidence.STRONG: "These answers fit your question:",
    Confidence.PARTIAL: "These answers may fit your question in part:",
    Confidence.NONE: "No answer here fits your question, so none is shown.",
}
WIDEST = 88


def reply(found: Reply) -> str:
    """A reply, wrapped: the notice first, the doctor under each passage, the disclaimer last."""
    parts = [_notice(found.notice)] if found.notice else []
    if found.about:
        parts.append(_wrapped(f"Still about: {found.about}"))
    parts.append(_wrapped(CONFIDENCE[found.confidence]))
    parts += [_match(number, match) for number, match in enumerate(found.answers, 1)]
    if found.related:
        lines = [_wrapped(f"- {near.question}", "  ", hanging="    ") for near in found.related]
        parts.append("\n".join(["Related questions that have answers:", *lines]))
    parts.append("\n".join(_wrapped(part) for part in found.disclaimer.split("\n\n")))
    return "\n\n".join(parts)


def _match(number: int, match: Match) -> str:
    question, answer = match.passage.question, match.passage.answer
    lines = [_wrapped(f"{number}. {question.title}", hanging="   ")]
    if answer.headline:
        lines.append(_wrapped(answer.headline, "   "))
    before = "… " if match.passage.start else ""
    after = " …" if match.passage.end < len(answer.body) else ""
    lines += ["", _paragraphs(f"{before}{match.passage.text}{after}", "   │ "), "", _wrapped(f"— {doctor(answer.author)}", "   ", hanging="     ")]
    facts = [_votes(answer.votes), "accepted answer" if answer.accepted else None, answer.date, question.url]
    if any(facts):
        lines.append(_wrapped(" · ".join(fact for fact in facts if fact), "     "))
    if match.alike:
        lines.append(_wrapped(f"Also answered alike by {match.alike} other{'s' if match.alike > 1 else ''}.", "     "))
    lines.append(_wrapped(f"Answer {answer.id}", "     "))
    return "\n".join(lines)


def doctor(author: Author) -> str:
    """The doctor in one line: name, title, and what the title does not say already; stars as words."""
    parts = [author.shown_name]
    if author.name and author.title:
        parts.append(author.title)
    said = " ".join(parts).casefold()
    parts += [more for more in (author.specialty, author.location) if more and more.casefold() not in said]
    line = ", ".join(parts)
    return f"{line} · {author.stars}" if author.stars else line


def _votes(votes: int | None) -> str | None:
    return None if votes is None else f"{votes:+,} vote{'' if abs(votes) == 1 else 's'}"


def _notice(notice: Notice) -> str:
    edge = "━" * _width()
    lines = [edge, _wrapped(notice.title), "", _wrapped(notice.text)]
    lines += [_wrapped(f"→ {contact_line(contact)}", "  ", hanging="    ") for contact in notice.contacts]
    return "\n".join([*lines, edge])


def contact_line(contact: Contact) -> str:
    """Whom to call, in one line."""
    ways = [
        f"call {contact.call}" if contact.call else None,
        f"text {contact.text}" if contact.text else None,
        contact.url,
    ]
    return f"{contact.label}: {' or '.join(way for way in ways if way)}"


def report(made: Report) -> str:
    """What a build read and made."""
    counts = made.manifest.counts
    rejected, remarks = made.corpus.rejected, made.corpus.remarks
    lines = [
        f"Pages read    {counts.pages:>8,}",
        f"Questions     {counts.questions:>8,}",
        f"Answers       {counts.answers:>8,}",
        f"Passages      {counts.passages:>8,}",
        f"Newly embedded{made.embedded:>8,}",
        f"Rejected      {len(rejected):>8,}",
    ]
    lines += [_wrapped(f"- {finding}", "  ", hanging="    ") for finding in rejected]
    if remarks:
        lines.append(f"Remarks       {len(remarks):>8,}")
        lines += [_wrapped(f"- {finding}", "  ", hanging="    ") for finding in remarks]
    state = "is now active" if made.changed else "was up to date; nothing changed"
    return "\n".join([*lines, f"Index {made.manifest.index_id} {state}."])


def report_document(made: Report) -> dict[str, Any]:
    """The same as plain values."""
    counts = made.manifest.counts
    return {
        "changed": made.changed,
        "index_id": made.manifest.index_id,
        "generation": made.path.name,
        "pages": counts.pages,
        "questions": counts.questions,
        "answers": counts.answers,
        "passages": counts.passages,
        "embedded": made.embedded,
        "rejected": [_finding(finding) for finding in made.corpus.rejected],
        "remarks": [_finding(finding) for finding in made.corpus.remarks],
    }


def _finding(finding: Any) -> dict[str, Any]:
    return {
        "file": finding.source.file,
        "line": finding.source.line,
        "reason": finding.reason,
        "hint": finding.hint,
    }


def info_document(settings: Settings) -> dict[str, Any]:
    """The settings and the active index as plain values."""
    try:
        checked = folder.active(settings.index)
    except AskdocError as error:
        return {"settings": settings.document(), "index": None, "problem": str(error)}
    manifest = checked.manifest
    return {
        "settings": settings.document(),
        "index": {
            "index_id": manifest.index_id,
            "generation": checked.path.name,
            "created": manifest.created,
            "askdoc": manifest.askdoc,
            "model": manifest.model.name,
            "model_sha256": manifest.model.sha256,
            "pages": manifest.counts.pages,
            "questions": manifest.counts.questions,
            "answers": manifest.counts.answers,
            "passages": manifest.counts.passages,
            "rejected": manifest.counts.rejected,
            "bytes": sum(size for _, size in manifest.files.values()),
        },
        "problem": None,
    }


def info(document: dict[str, Any]) -> str:
    """The same as lines for a reader."""
    lines = ["Settings"]
    lines += [f"  {name:<8} {entry['value']}   ({entry['from']})" for name, entry in document["settings"].items()]
    lines.append("Index")
    if document["index"]:
        lines += [f"  {name:<13} {value}" for name, value in document["index"].items()]
    else:
        lines.append(f"  {document['problem']}")
    return "\n".join(lines)


def _width() -> int:
    return min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns)


def _wrapped(text: str, indent: str = "", *, hanging: str | None = None) -> str:
    return textwrap.fill(
        _safe(text),
        max(20, _width()),
        initial_indent=indent,
        subsequent_indent=indent if hanging is None else hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _paragraphs(text: str, indent: str) -> str:
    blocks = [_wrapped(block, indent) for block in text.split("\n") if block.strip()]
    return f"\n{indent.rstrip()}\n".join(blocks)


def _safe(text: str) -> str:
    """Text that cannot steer the terminal: control characters, but for white space, become visible marks."""
    return "".join("\N{REPLACEMENT CHARACTER}" if not (c.isprintable() or c.isspace()) else c for c in text)
