"""Renders a reply for a terminal: the notice first, the doctor under each passage, the disclaimer last."""

from askdoc import doctors
from askdoc.cli.terminal import Glyphs, width, wrapped
from askdoc.models import Author, Contact, Match, Notice, Reply


def reply_text(reply: Reply, glyphs: Glyphs) -> str:
    """Render a reply, wrapped to the terminal's width. Its JSON is ``Reply.document``."""
    parts = [_notice(reply.notice, glyphs)] if reply.notice else []
    if reply.about:
        parts.append(wrapped(f"Still about: {reply.about}"))
    if reply.searched_also:
        parts.append(wrapped(f"Searched also for: {', '.join(reply.searched_also)}"))
    if not reply.is_notice_alone:
        sentence = reply.confidence.sentence
        parts.append(wrapped(f"{sentence.removesuffix('.')}:" if reply.answers else sentence))
    if reply.advice:
        parts.append(wrapped(reply.advice))
    previous: Match | None = None
    for number, match in enumerate(reply.answers, 1):
        title = _repeated_title(previous, match) or match.passage.question.title
        parts.append("\n".join([wrapped(f"{number}. {title}", hanging="   "), *_card(match, glyphs)]))
        previous = match
    if reply.related and not reply.is_notice_alone:
        lines = [wrapped(f"- {related.question}", "  ", hanging="    ") for related in reply.related]
        parts.append("\n".join(["Related questions that have answers:", *lines]))
    parts.append("\n".join(wrapped(wording) for wording in reply.disclaimer.split("\n\n")))
    return "\n\n".join(parts)


def _repeated_title(previous: Match | None, match: Match) -> str | None:
    """A line in place of the title where the question is that of the match above, else None."""
    if previous is None or match.passage.question.id != previous.passage.question.id:
        return None
    is_same = doctors.same(match.passage.answer.author, previous.passage.answer.author)
    return f"The same question, {'the same' if is_same else 'another'} doctor"


def _card(match: Match, glyphs: Glyphs) -> list[str]:
    """The lines of a match below its title."""
    question, answer = match.passage.question, match.passage.answer
    lines = [wrapped(answer.headline, "   ")] if answer.headline else []
    before = f"{glyphs.cut} " if match.passage.start else ""
    after = f" {glyphs.cut}" if match.goes_on else ""
    lines += [
        "",
        _paragraphs(f"{before}{match.passage.text}{after}", f"   {glyphs.margin} "),
        "",
        wrapped(f"{glyphs.by} {doctor_line(answer.author, glyphs)}", "   ", hanging="     "),
    ]
    facts = [_votes(answer.votes), "accepted answer" if answer.accepted else None, answer.date, question.url]
    if any(facts):
        lines.append(wrapped(f" {glyphs.dot} ".join(fact for fact in facts if fact), "     "))
    if match.alike:
        lines.append(wrapped(f"Also answered alike by {match.alike} other{'s' if match.alike > 1 else ''}.", "     "))
    if match.source_text:
        lines.append(_paragraphs(match.source_text, "     "))
    return [*lines, wrapped(f"Answer {answer.id}", "     ")]


def _paragraphs(text: str, indent: str) -> str:
    blocks = [wrapped(block, indent) for block in text.split("\n") if block.strip()]
    return f"\n{indent.rstrip()}\n".join(blocks)


def doctor_line(author: Author, glyphs: Glyphs) -> str:
    """The doctor in one line: name, title, and what the title does not say already; stars as words."""
    parts = [author.shown_name]
    if author.name and author.title:
        parts.append(author.title)
    said = " ".join(parts).casefold()
    parts += [more for more in (author.specialty, author.location) if more and more.casefold() not in said]
    line = ", ".join(parts)
    return f"{line} {glyphs.dot} {author.stars}" if author.stars else line


def _votes(votes: int | None) -> str | None:
    return None if votes is None else f"{votes:+,} vote{'' if abs(votes) == 1 else 's'}"


def _notice(notice: Notice, glyphs: Glyphs) -> str:
    edge = glyphs.edge * width()
    lines = [edge, wrapped(notice.title), "", wrapped(notice.text)]
    lines += [wrapped(f"{glyphs.arrow} {contact_line(contact)}", "  ", hanging="    ") for contact in notice.contacts]
    return "\n".join([*lines, edge])


def contact_line(contact: Contact) -> str:
    """Whom to call, in one line."""
    ways = [
        f"call {contact.call}" if contact.call else None,
        f"text {contact.text}" if contact.text else None,
        contact.url,
    ]
    return f"{contact.label}: {' or '.join(way for way in ways if way)}"
