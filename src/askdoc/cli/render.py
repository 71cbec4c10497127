"""Puts replies, reports and settings into words for a terminal."""

from dataclasses import asdict
from typing import Any

from askdoc import doctors
from askdoc.cli import findings
from askdoc.cli.terminal import Marks, safe, width, wrapped
from askdoc.corpus.loader import Corpus
from askdoc.errors import AskdocError, CorpusError
from askdoc.index import documents
from askdoc.index.documents import DocumentStore
from askdoc.index.folder import IndexFolder
from askdoc.indexer.build import BuildPlan, BuildReport, NothingUsable
from askdoc.indexer.changes import Changes
from askdoc.indexer.verify import VerificationReport
from askdoc.models import Author, Confidence, Contact, Match, Notice, Reply
from askdoc.settings import Settings

CONFIDENCE = {
    Confidence.STRONG: "These answers fit your question:",
    Confidence.PARTIAL: "These answers may fit your question in part:",
    Confidence.NONE: "No answer here fits your question, so none is shown.",
}
HELD = (
    "Not built: {held} holds this very corpus, and you went back from it to {active}. Mend the corpus, "
    "or run: askdoc rollback --undo"
)


def reply(found: Reply, marks: Marks) -> str:
    """A reply, wrapped: the notice first, the doctor under each passage, the disclaimer last."""
    parts = [_notice(found.notice, marks)] if found.notice else []
    if found.about:
        parts.append(wrapped(f"Still about: {found.about}"))
    if found.searched_also:
        parts.append(wrapped(f"Searched also for: {', '.join(found.searched_also)}"))
    if not found.is_notice_alone:
        parts.append(wrapped(CONFIDENCE[found.confidence]))
    before: Match | None = None
    for number, match in enumerate(found.answers, 1):
        parts.append(_match(f"{number}. ", _again(before, match), match, marks))
        before = match
    if found.related and not found.is_notice_alone:
        lines = [wrapped(f"- {near.question}", "  ", hanging="    ") for near in found.related]
        parts.append("\n".join(["Related questions that have answers:", *lines]))
    parts.append("\n".join(wrapped(part) for part in found.disclaimer.split("\n\n")))
    return "\n\n".join(parts)


def _again(before: Match | None, match: Match) -> str | None:
    """What stands in the title's place where the question is that of the card above."""
    if before is None or match.passage.question.id != before.passage.question.id:
        return None
    whose = "the same" if doctors.same(match.passage.answer.author, before.passage.answer.author) else "another"
    return f"The same question, {whose} doctor"


def _match(number: str, title: str | None, match: Match, marks: Marks) -> str:
    question, answer = match.passage.question, match.passage.answer
    lines = [wrapped(number + (title or question.title), hanging="   ")]
    if answer.headline:
        lines.append(wrapped(answer.headline, "   "))
    before = f"{marks.cut} " if match.passage.start else ""
    after = f" {marks.cut}" if match.goes_on else ""
    lines += [
        "",
        _paragraphs(f"{before}{match.passage.text}{after}", f"   {marks.margin} "),
        "",
        wrapped(f"{marks.by} {doctor(answer.author, marks)}", "   ", hanging="     "),
    ]
    facts = [_votes(answer.votes), "accepted answer" if answer.accepted else None, answer.date, question.url]
    if any(facts):
        lines.append(wrapped(f" {marks.dot} ".join(fact for fact in facts if fact), "     "))
    if match.alike:
        lines.append(wrapped(f"Also answered alike by {match.alike} other{'s' if match.alike > 1 else ''}.", "     "))
    if match.source_text:
        lines.append(_paragraphs(match.source_text, "     "))
    lines.append(wrapped(f"Answer {answer.id}", "     "))
    return "\n".join(lines)


def _paragraphs(text: str, indent: str) -> str:
    blocks = [wrapped(block, indent) for block in text.split("\n") if block.strip()]
    return f"\n{indent.rstrip()}\n".join(blocks)


def doctor(author: Author, marks: Marks) -> str:
    """The doctor in one line: name, title, and what the title does not say already; stars as words."""
    parts = [author.shown_name]
    if author.name and author.title:
        parts.append(author.title)
    said = " ".join(parts).casefold()
    parts += [more for more in (author.specialty, author.location) if more and more.casefold() not in said]
    line = ", ".join(parts)
    return f"{line} {marks.dot} {author.stars}" if author.stars else line


def _votes(votes: int | None) -> str | None:
    return None if votes is None else f"{votes:+,} vote{'' if abs(votes) == 1 else 's'}"


def _notice(notice: Notice, marks: Marks) -> str:
    edge = marks.edge * width()
    lines = [edge, wrapped(notice.title), "", wrapped(notice.text)]
    lines += [wrapped(f"{marks.arrow} {contact_line(contact)}", "  ", hanging="    ") for contact in notice.contacts]
    return "\n".join([*lines, edge])


def contact_line(contact: Contact) -> str:
    """Whom to call, in one line."""
    ways = [
        f"call {contact.call}" if contact.call else None,
        f"text {contact.text}" if contact.text else None,
        contact.url,
    ]
    return f"{contact.label}: {' or '.join(way for way in ways if way)}"


def report(made: BuildReport) -> str:
    """What a build read and made."""
    counts = made.manifest.counts
    lines = [
        f"Pages read    {made.corpus.rows:>8,}",
        f"Questions     {counts.questions:>8,}",
        f"Answers       {counts.answers:>8,}",
        f"Passages      {counts.passages:>8,}",
        f"Encoder       {made.manifest.model.encoder}",
    ]
    if made.changed:
        lines += [*_changes(made.changes), f"Newly embedded{made.embedded:>8,}"]
    lines += _findings(made.corpus)
    if made.held:
        return "\n".join([*lines, wrapped(HELD.format(held=made.held, active=made.path.name))])
    state = "is now active" if made.changed else "was up to date; nothing changed"
    return "\n".join([*lines, f"Index {made.manifest.index_id} {state}."])


def report_document(made: BuildReport) -> dict[str, Any]:
    """The same as plain values."""
    counts = made.manifest.counts
    return {
        "changed": made.changed,
        "held": made.held,
        "index_id": made.manifest.index_id,
        "generation": made.path.name,
        "pages": counts.pages,
        "questions": counts.questions,
        "answers": counts.answers,
        "passages": counts.passages,
        "encoder": made.manifest.model.encoder,
        "embedded": made.embedded,
        "changes": asdict(made.changes) if made.changed else None,
        **_findings_document(made.corpus),
    }


def plan(found: BuildPlan) -> str:
    """What a build would do."""
    lines = [*_changes(found.changes), *_findings(found.corpus)]
    for kind in ("added", "changed", "removed"):
        lines += [f"{kind:<9}{safe(page)}" for page in getattr(found.changes, f"pages_{kind}")]
    if found.anew:
        lines.append(wrapped(f"Everything would be embedded anew: {found.anew}"))
    if found.held:
        lines.append(f"Held back since the rollback: {found.held} has this corpus already.")
    return "\n".join([*lines, "Nothing was written."])


def plan_document(found: BuildPlan) -> dict[str, Any]:
    """The same as plain values."""
    return {**asdict(found.changes), "anew": found.anew, "held": found.held, **_findings_document(found.corpus)}


def _changes(found: Changes) -> list[str]:
    return [
        f"  added       {found.added:>8,}",
        f"  changed     {found.changed:>8,}",
        f"  removed     {found.removed:>8,}",
        f"  unchanged   {found.unchanged:>8,}",
    ]


def _findings(read: Corpus) -> list[str]:
    lines = [f"Rejected      {len(read.rejected):>8,}", *findings.lines(read.rejected)]
    if read.remarks:
        lines += [f"Remarks       {len(read.remarks):>8,}", *findings.lines(read.remarks)]
    return lines


def refusal(read: Corpus) -> str:
    """Why nothing of a corpus could be used."""
    return "\n".join([f"Pages read    {read.rows:>8,}", *_findings(read)])


def refusal_document(error: CorpusError) -> dict[str, Any]:
    """The same as plain values, with the sentence; no reasons where not even the folder could be read."""
    found = _findings_document(error.corpus) if isinstance(error, NothingUsable) else {"rejected": [], "remarks": []}
    return {"changed": False, "error": str(error), **found}


def _findings_document(read: Corpus) -> dict[str, Any]:
    return {
        "rejected": [_finding(finding) for finding in read.rejected],
        "remarks": [_finding(finding) for finding in read.remarks],
    }


def verdict(found: VerificationReport) -> str:
    """What a verification found: what is wrong first."""
    lines = [wrapped(f"- {sentence}", hanging="  ") for sentence in found.wrong]
    lines += [wrapped(f"  {sentence}", hanging="  ") for sentence in found.remarks]
    looked = f"{found.files:,} files hashed, {found.passages:,} passages compared, {found.asked:,} questions asked."
    lines.append(looked)
    state = f"{len(found.wrong):,} things are wrong." if found.wrong else "Nothing is wrong."
    return "\n".join([*lines, state])


def verdict_document(found: VerificationReport) -> dict[str, Any]:
    """The same as plain values."""
    return {
        "generation": found.checked and found.checked.path.name,
        "wrong": list(found.wrong),
        "remarks": list(found.remarks),
        "up_to_date": found.up_to_date,
        "files": found.files,
        "passages": found.passages,
        "asked": found.asked,
    }


def rolled_back(left: str | None, taken: str, *, undone: bool) -> str:
    """What a rollback did, and what follows."""
    if undone:
        return f"{taken} is active again."
    return wrapped(
        f"{taken} is now active; {left or 'none'} is left. The corpus is as it was: mend it, then run: askdoc index. "
        "Until it changes, askdoc index does not bring the left one back; askdoc rollback --undo does."
    )


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


def info(document: dict[str, Any]) -> str:
    """The same as lines for a reader."""
    lines = ["Settings"]
    for name, entry in document["settings"].items():
        lines.append(f"  {name:<8} {safe(str(entry['value']))}   ({entry['from']})")
    lines.append("Index")
    if document["index"]:
        facts = {name: value for name, value in document["index"].items() if name != "labels"}
        lines += [f"  {name:<13} {value}" for name, value in facts.items()]
        labels = document["index"]["labels"]
        lines += [safe(f"  {'label':<13} {own['label']} (pages: {own['pages']:,})") for own in labels]
    else:
        lines.append(f"  {safe(document['problem'])}")
    return "\n".join(lines)
