"""Decides which blocks of a text page are the lines of the doctors who end its answers.

Nothing but the doctor's lines tells where an answer ends, and an answer may itself contain lines that look like
them. Taking one too many gives a part of an answer to nobody, and one too few gives one doctor's words to
another; so the blocks are weighed, the counter and the vote lines must agree with them, ``doubts`` judges what comes
out, and a page on which they leave a doubt is refused (``AmbiguousPage``) instead of guessed at.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass

from askdoc.corpus.text_page import bylines, headlines, plausibility
from askdoc.corpus.text_page.ambiguity import AmbiguousPage
from askdoc.corpus.text_page.blocks import Block
from askdoc.corpus.text_page.scoring import Weighed, answers
from askdoc.text import plain

# How much lighter than the lightest doctor's line another must be to pass for part of an answer.
CLEARLY = 3.0
# From this weight on, what passes for text is pointed out.
LOOKALIKE = 5.0
# Words with which a sentence goes on into a name.
_LEADS = re.compile(
    r"\b(?:(?:see|ask|for|call|visit|try|contact|consult|meet|find|is|are|was|by|with|to|and|or|like|named|dr\.?|doctor)"
    r"|(?:my|our|your|a|an|the|this|trusted|good) (?:\w+ )?(?:colleague|partner|friend|doctor|surgeon|specialist))$"
    r"|\b(?:recommend|refer)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Endings:
    """Positions of blocks: the doctors', those among them that only the count speaks for, and the look-alikes.

    ``ranges`` are the first and last-plus-one blocks of each answer's text; from each block of ``orphans`` on,
    there is text that belongs to no doctor.
    """

    ends: list[int]
    guessed: list[int]
    passed: list[int]
    ranges: list[tuple[int, int]]
    orphans: list[int]


Chosen = tuple[list[int], list[int], list[int]]
"""Ends, those guessed, and look-alikes passed over."""


def find(blocks: list[Block], claimed: int) -> Endings:
    """The blocks that end the answers of a page that says it has ``claimed`` of them. Raises ``AmbiguousPage``."""
    page = Weighed(blocks)
    plausibility.settle_top(page)
    ends, guessed, passed = _chosen(page, claimed)
    ranges, orphans = _ranges(page, ends, claimed)
    whole = [end for _, end in ranges]
    reading = plausibility.Reading(page, whole, ranges, is_counted=len(whole) == claimed)
    plausibility.settle(reading)
    return Endings(ends, guessed, sorted({*passed, *_colleagues(reading)}), ranges, orphans)


def _colleagues(reading: plausibility.Reading) -> list[int]:
    """The blocks within answers that are a whole doctor's, or touch the answer's own, and name another."""
    blocks, own = reading.page.blocks, reading.page.own
    return [
        n
        for (first, end), author in zip(reading.ranges, reading.authors, strict=True)
        for n in range(first + 1, end)
        if (own[n] or 0) >= LOOKALIKE
        and (n + 1 == end or bylines.is_whole(blocks[n].text))
        and not bylines.same_doctor(bylines.read(blocks[n].text), author)
    ]


def find_uncounted(blocks: list[Block], *, headed: bool) -> Endings:
    """The same for a page that does not say how many answers it has.

    Only a page on which every answer has a clear doctor and a clear beginning is read. Unless the answers are
    ``headed`` by a line that says so, the first blocks may be the question's details. Raises ``AmbiguousPage``.
    """
    page = Weighed(blocks)
    if headed:
        plausibility.settle_top(page)
    ends = _heaviest(page)
    for n in ends:
        if not (page.own[n] or 0) >= bylines.STRONG:
            raise AmbiguousPage(
                blocks[n].line, "Nothing says how many answers there are, and this may be a doctor's line or not."
            )
    if not ends:
        raise AmbiguousPage(
            blocks[0].line if blocks else 1, "Nothing says how many answers there are, and no line names a doctor."
        )
    begin = 0 if headed else _first(page, ends[0])
    ranges = [(begin, ends[0]), *answers(ends)[1:]]
    _regular(page, ranges)
    plausibility.settle(plausibility.Reading(page, ends, ranges))
    return Endings(ends, [], [], ranges, [])


def _first(page: Weighed, end: int) -> int:
    """The first block of the first answer, below the question's details; where it is not plain, ``AmbiguousPage``."""
    votes = page.votes[: bisect_left(page.votes, end)]
    headings = [n for n in range(end - 1) if page.blocks[n].is_heading and not page.blocks[n + 1].is_vote]
    if len(votes) == 1:
        return max(0, votes[0] - 1)
    if not votes and len(headings) == 1:
        return headings[0]
    if end == 1:
        return 0
    raise AmbiguousPage(page.blocks[0].line, "Nothing says where the answers begin.")


def _regular(page: Weighed, ranges: list[tuple[int, int]]) -> None:
    """Raise ``AmbiguousPage`` unless all answers are of one form, in which none can hold another's beginning."""
    texts = [page.blocks[first:end] for first, end in ranges]
    if all(page.one_vote(first, end) for first, end in ranges):
        return
    headed = all(not page.voted(*span) for span in ranges) and all(headlines.headed(texts))
    for first, end in ranges:
        inner = [n for n in range(first + 1, end - 1) if page.blocks[n].could_head] if headed else []
        if inner or (not headed and (page.voted(first, end) or end - first > 1 or page.crowded(first, end))):
            at = inner[0] if inner else first
            raise AmbiguousPage(
                page.blocks[at].line, "Nothing says how many answers there are, and another may begin here."
            )


def _chosen(page: Weighed, claimed: int) -> Chosen:
    # Where each answer has its vote line, the first stands at the top, or below the first headline.
    voted = _by_votes(page) if claimed and len(page.votes) == claimed and page.votes[0] <= 1 else []
    if voted and len(voted) == claimed:
        return voted, [n for n in voted if page.unknown(n)], []
    known = _heaviest(page)
    if len(known) == claimed:
        return _fitting(page, known, voted)
    if voted:
        return voted, [n for n in voted if page.unknown(n)], []
    if len(known) > claimed:
        return _fewer(page, known, claimed)
    return _more(page, known, claimed)


def _ranges(page: Weighed, ends: list[int], claimed: int) -> tuple[list[tuple[int, int]], list[int]]:
    """First and last-plus-one block of each answer's text, and where text begins that has no doctor.

    A vote line within an answer begins another whose predecessor has lost its doctor: nobody's words are given
    to somebody else. Where the count fits, a number may be the answer's own, if a sentence goes on around it.
    """
    ranges, orphans = [], []
    blocks = page.blocks
    headless = any(page.blocks[first].is_vote for first, end in answers(ends) if first < end)
    for first, end in answers(ends):
        begin = first
        for n in _inner_votes(page, first, end):
            if len(ends) == claimed and not blocks[n].is_residue:
                if not _goes_on(blocks, n, end):
                    reason = "This may be a vote line, and another answer may begin here, or it is a part of the text."
                    raise AmbiguousPage(blocks[n].line, reason)
            else:
                begin = n - (n - 1 > begin and blocks[n - 1].is_single and not headless)
        worded = page.has_body(begin, end)
        if begin > first or not worded:
            orphans.append(first)
        if worded:
            ranges.append((begin, end))
    return ranges, orphans


def _inner_votes(page: Weighed, first: int, end: int) -> list[int]:
    low, high = bisect_left(page.votes, first + 2), bisect_left(page.votes, end)
    return page.votes[low:high]


def _goes_on(blocks: list[Block], n: int, end: int) -> bool:
    """Whether a sentence goes on below a number."""
    return n + 1 < end and plain(blocks[n + 1].text)[:1].islower()


def _by_votes(page: Weighed) -> list[int]:
    """One doctor between each vote line and the beginning of the next answer, where there is one."""
    chosen = []
    for n, vote in enumerate(page.votes):
        first = vote + 1
        while first < len(page.blocks) and page.blocks[first].is_vote:
            first += 1
        following = page.votes[n + 1] if n + 1 < len(page.votes) else None
        found = _last(page, first) if following is None else _between(page, first, following)
        if found is not None:
            chosen.append(found)
    return chosen


def _between(page: Weighed, first: int, vote: int) -> int | None:
    """The doctor next to a vote line, or above the headline that stands there."""
    fit = []
    for m in (vote - 2, vote - 1):
        own = page.own[m] if m > first else None
        if own is None or (m == vote - 2 and not page.blocks[vote - 1].is_single):
            continue
        if own > 0 or (page.unknown(m) and (m == vote - 2 or not page.blocks[m].is_single)):
            fit.append((own, -m))
    return -max(fit)[1] if fit else None


def _last(page: Weighed, first: int) -> int | None:
    """The doctor of the last answer: what stands above the page's closing words."""
    fit = []
    for m in range(first + 1, len(page.blocks)):
        total, left = page.total[m], len(page.blocks) - m - 1
        if total is None or not ((page.own[m] or 0) > 0 or (page.unknown(m) and (page.closes(m) or left == 1))):
            continue
        fit.append((total - (6 if left > 1 and not page.closes(m) else 0), m))
    return max(fit)[1] if fit else None


def _heaviest(page: Weighed) -> list[int]:
    """The set of likely doctors' blocks with the greatest weight in which each has a body above it."""
    best: list[tuple[float, int, int]] = []  # sets: their weight, the set they extend, the block they add
    upto: list[int] = []  # for each block, the best set that ends there or above; -1 for none
    body = -1  # the last block above that is no vote line
    for n, total in enumerate(page.total):
        here = upto[-1] if upto else -1
        if total is not None and (page.own[n] or 0) > 0 and body >= 0:
            before = upto[body - 1] if body > 0 else -1
            best.append((total + (best[before][0] if before >= 0 else 0.0), before, n))
            if here < 0 or best[-1][0] >= best[here][0]:
                here = len(best) - 1
        upto.append(here)
        if not page.blocks[n].is_vote:
            body = n
    found = []
    at = upto[-1] if upto else -1
    while at >= 0:
        _, at, n = best[at]
        found.append(n)
    return found[::-1]


def _fitting(page: Weighed, known: list[int], voted: list[int]) -> Chosen:
    """As many likely doctors as the page claims, which may be so by chance where one of them stands within text."""
    loose = [n for n in known if not page.strong(n) and not page.in_place(n)]
    unsure = [n for n in loose if not page.certain(n)]
    fit, doubtful = _others(page, known)
    others = [n for n in doubtful if page.unknown(n)]
    if (loose and (voted or fit)) or (unsure and others):
        n = (unsure or loose)[0]
        reason = "This may be a doctor's line or a part of the text, and another line may be a doctor's instead."
        raise AmbiguousPage(page.blocks[n].line, reason)
    return known, unsure, []


def _fewer(page: Weighed, known: list[int], claimed: int) -> Chosen:
    """More likely doctors than the page claims: the others pass for text where they plainly are a part of it.

    Else all count only where each has its own vote line; the page then says a wrong number.
    """
    starred = [n for n in known if bylines.has_stars(page.blocks[n].text)]
    named = [n for n in known if n not in starred]
    if claimed and len(starred) == claimed and all(_announced(page, n) for n in named):
        reading = plausibility.Reading(page, starred, answers(starred), is_counted=True)
        if reading.is_starred:
            return starred, [], named
    if claimed:
        dropped = [n for at, n in enumerate(known[:-1], 1) if _is_text(page, n, known[at:])]
        kept = sorted(set(known) - set(dropped))
        if len(kept) == claimed and _clear(page, kept, dropped):
            return kept, [], [n for n in dropped if (page.own[n] or 0) >= LOOKALIKE]
    if all(page.strong(n) and page.one_vote(first, n) for first, n in answers(known)):
        return known, [], []
    weakest = min(known, key=lambda n: page.total[n] or 0.0)
    raise AmbiguousPage(
        page.blocks[weakest].line,
        f"The page says it has {claimed} answers, but {len(known)} places look like a doctor's; this one is in doubt.",
    )


def _announced(page: Weighed, n: int) -> bool:
    """Whether the sentence above a doctor's lines goes on into them: ``If you live in Texas, see``."""
    above = page.blocks[n - 1] if n > 1 and not page.blocks[n - 2].is_vote else None
    if above is None or above.is_vote or page.before_vote(n) or (page.own[n - 2] or 0) >= LOOKALIKE:
        return False
    text = plain(above.text.rsplit("\n", 1)[-1])
    return text.endswith((":", "：")) or (above.is_heading and bool(_LEADS.search(text)))


def _is_text(page: Weighed, n: int, below: list[int]) -> bool:
    """Whether a likely doctor's block plainly is a part of an answer: a signature, a heading, a list's beginning."""
    if not page.named(n):
        return not page.strong(n) and not (page.certain(n) and page.in_place(n))
    end = next((m for m in below if bylines.is_titled(page.blocks[m].text)), None)
    if end is None or bylines.is_titled(page.blocks[n].text) or page.before_vote(n):
        return False
    above = plain(page.blocks[n - 1].text) if n else ""
    own, signed = bylines.read(page.blocks[end].text), bylines.read(page.blocks[n].text)
    return above.endswith((":", "：")) or bylines.same_doctor(signed, own)


def _clear(page: Weighed, kept: list[int], dropped: list[int]) -> bool:
    """Whether every block that passes for text is clearly lighter than every doctor's."""
    return min(page.total[n] or 0.0 for n in kept) - max(page.total[n] or 0.0 for n in dropped) >= CLEARLY


def _more(page: Weighed, known: list[int], claimed: int) -> Chosen:
    """Fewer likely doctors than the page claims: others count only where they fit, and fit the number.

    A page may simply hold fewer answers than the site did. But where nothing shows that an answer is one, the words
    in it may be those of two doctors, the first of whom got lost.
    """
    last = known[-1] if known else -1
    if known and all(_by_template(page, *span) for span in answers(known)):
        return known, [], []  # the template wrote a line for each answer, so each begins where its line stands
    fit, doubtful = _others(page, known)
    if fit and len(fit) == claimed - len(known):
        return sorted([*known, *fit]), fit, []
    doubtful = [n for n in [*fit, *doubtful] if n < last] or _parted(page, known)
    if doubtful:
        raise AmbiguousPage(
            page.blocks[min(doubtful)].line,
            f"The page says it has {claimed} answers; {len(known)} could be read, and another may end or begin here.",
        )
    return known, [], []


def _by_template(page: Weighed, first: int, end: int) -> bool:
    """Whether an answer begins with a vote line as the site's template wrote it."""
    at = bisect_left(page.votes, first)
    return at < len(page.votes) and page.votes[at] <= min(first + 1, end) and page.blocks[page.votes[at]].is_residue


def _parted(page: Weighed, known: list[int]) -> list[int]:
    """Where another answer might begin within the known ones: in any that holds more than a headline and one line."""
    return [min(first + 1, end - 1) for first, end in answers(known) if page.crowded(first, end)]


def _others(page: Weighed, known: list[int]) -> tuple[list[int], list[int]]:
    """Blocks within answers that stand as a doctor's lines would, and those that could be lines or headlines."""
    fit, doubtful = [], []
    first = 0
    for end in [*known, len(page.blocks)]:
        voted = any(first <= vote < end for vote in page.votes)
        for n in range(first, end):
            if not page.has_body(first, n) or (n + 1 == end and end < len(page.blocks)):
                continue
            if page.unknown(n) and page.in_place(n):
                fit.append(n)
                first = n + 1
            elif not voted and page.doubtful(n):
                doubtful.append(n)
        first = end + 1
    return fit, doubtful
