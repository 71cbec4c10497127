"""Decides which blocks of a text page are the lines of the doctors who end its answers.

Nothing but the doctor's lines tells where an answer ends, and an answer may itself contain lines that look like
them. Taking one too many gives a part of an answer to nobody, and one too few gives one doctor's words to
another; so the blocks are weighed, the counter and the vote lines must agree with them, and a page on which they
leave a doubt is refused (``Unclear``) instead of guessed at.
"""

from dataclasses import dataclass
from itertools import accumulate

from askdoc.corpus import bylines
from askdoc.corpus.blocks import DISCLAIMER, Block

# How much lighter than the lightest doctor's line another must be to pass for part of an answer.
CLEARLY = 3.0
# From this weight on, what passes for text is pointed out.
LOOKALIKE = 5.0


class Unclear(Exception):
    """The page can be read in more than one way; ``line`` is where the doubt is."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True, slots=True)
class Endings:
    """Positions of blocks: the doctors', those among them that only the count speaks for, and the look-alikes."""

    ends: list[int]
    guessed: list[int]
    passed: list[int]


class _Weighed:
    """The blocks of a page and how much each looks like the doctor who ends an answer; None where it cannot be."""

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks
        self.own = [None if block.is_vote else bylines.weight(block.text) for block in blocks]
        self.total = [None if own is None else own + self._place(n) for n, own in enumerate(self.own)]
        self.votes = [n for n, block in enumerate(blocks) if block.is_vote and (n == 0 or not blocks[n - 1].is_vote)]

        self._texts = [0, *accumulate(not block.is_vote for block in blocks)]

    def before_vote(self, n: int) -> bool:
        after = self.blocks[n + 1 : n + 3]
        return bool(after) and (after[0].is_vote or (len(after) == 2 and after[0].is_single and after[1].is_vote))

    def closes(self, n: int) -> bool:
        """Whether nothing follows but what closes a page."""
        left = len(self.blocks) - n - 1
        return left == 0 or (left <= 3 and bool(DISCLAIMER.search(self.blocks[n + 1].text)))

    def unknown(self, n: int) -> bool:
        """Whether a block has the form of a doctor's lines and none of the words."""
        own, text = self.own[n], self.blocks[n].text.strip()
        return own is not None and own < 0 and ("\n" in text or bylines.is_like_name(text))

    def in_place(self, n: int) -> bool:
        """Whether a doctor's lines could stand here: above an answer's beginning, or above what closes the page."""
        following = self.blocks[n + 1 : n + 3]
        return self.before_vote(n) or self.closes(n) or len(following) < 2 or following[0].is_heading

    def doubtful(self, n: int) -> bool:
        """Whether a block could be a doctor's lines, hold them, or be the headline of another answer."""
        return self.unknown(n) or self.blocks[n].is_heading or self.certain(n)

    def certain(self, n: int) -> bool:
        """Whether a line of a block can hardly be anything but a doctor's."""
        return any(map(bylines.is_certain, self.blocks[n].text.split("\n")))

    def strong(self, n: int) -> bool:
        return (self.own[n] or 0) >= bylines.STRONG or ((self.own[n] or 0) > 0 and self.before_vote(n))

    def has_body(self, first: int, end: int) -> bool:
        return self._texts[end] > self._texts[first]

    def _place(self, n: int) -> float:
        if self.before_vote(n) or self.closes(n):
            return 4
        if n + 2 == len(self.blocks):
            return 2
        return 1 if self.blocks[n + 1].is_heading else 0


def find(blocks: list[Block], claimed: int) -> Endings:
    """The blocks that end the answers of a page that says it has ``claimed`` of them. Raises ``Unclear``."""
    page = _Weighed(blocks)
    # Where each answer has its vote line, the first stands at the top, or below the first headline.
    voted = _by_votes(page) if claimed and len(page.votes) == claimed and page.votes[0] <= 1 else []
    if voted and len(voted) == claimed:
        return Endings(voted, [n for n in voted if page.unknown(n)], [])
    known = _heaviest(page)
    if len(known) == claimed:
        return _fitting(page, known, voted)
    if voted:
        return Endings(voted, [n for n in voted if page.unknown(n)], [])
    if len(known) > claimed:
        return _fewer(page, known, claimed)
    return _more(page, known, claimed)


def _by_votes(page: _Weighed) -> list[int]:
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


def _between(page: _Weighed, first: int, vote: int) -> int | None:
    """The doctor next to a vote line, or above the headline that stands there."""
    fit = []
    for m in (vote - 2, vote - 1):
        own = page.own[m] if m > first else None
        if own is None or (m == vote - 2 and not page.blocks[vote - 1].is_single):
            continue
        if own > 0 or (page.unknown(m) and (m == vote - 2 or not page.blocks[m].is_single)):
            fit.append((own, -m))
    return -max(fit)[1] if fit else None


def _last(page: _Weighed, first: int) -> int | None:
    """The doctor of the last answer: what stands above the page's closing words."""
    fit = []
    for m in range(first + 1, len(page.blocks)):
        total, left = page.total[m], len(page.blocks) - m - 1
        if total is None or not ((page.own[m] or 0) > 0 or (page.unknown(m) and (page.closes(m) or left == 1))):
            continue
        fit.append((total - (6 if left > 1 and not page.closes(m) else 0), m))
    return max(fit)[1] if fit else None


def _heaviest(page: _Weighed) -> list[int]:
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


def _fitting(page: _Weighed, known: list[int], voted: list[int]) -> Endings:
    """As many likely doctors as the page claims, which may be so by chance where one of them stands within text."""
    loose = [n for n in known if not page.strong(n) and not page.in_place(n)]
    unsure = [n for n in loose if not page.certain(n)]
    fit, doubtful = _others(page, known)
    others = [n for n in doubtful if page.unknown(n)]
    if (loose and (voted or fit)) or (unsure and others):
        n = (unsure or loose)[0]
        reason = "This may be a doctor's line or a part of the text, and another line may be a doctor's instead."
        raise Unclear(page.blocks[n].line, reason)
    return Endings(known, unsure, [])


def _fewer(page: _Weighed, known: list[int], claimed: int) -> Endings:
    """More likely doctors than the page claims: the others pass for text only where they are clearly lighter."""

    def total(n: int) -> float:
        return page.total[n] or 0.0

    if claimed:
        dropped = sorted(known[:-1], key=total)[: len(known) - claimed]
        kept = sorted(set(known) - set(dropped))
        ends = any(page.strong(n) or (page.certain(n) and page.in_place(n)) for n in dropped)
        if not ends and min(map(total, kept)) - max(map(total, dropped)) >= CLEARLY:
            return Endings(kept, [], sorted(n for n in dropped if (page.own[n] or 0) >= LOOKALIKE))
    if all(map(page.strong, known)):
        return Endings(known, [], [])
    weakest = min(known, key=total)
    raise Unclear(
        page.blocks[weakest].line,
        f"The page says it has {claimed} answers, but {len(known)} places look like a doctor's; this one is in doubt.",
    )


def _more(page: _Weighed, known: list[int], claimed: int) -> Endings:
    """Fewer likely doctors than the page claims: others count only where they fit, and fit the number.

    A page may simply hold fewer answers than the site did. But where nothing shows that an answer is one, the words
    in it may be those of two doctors, the first of whom got lost.
    """
    last = known[-1] if known else -1
    if len(page.votes) == len(known) and all(
        sum(first < vote < end for vote in page.votes) == 1 for first, end in zip([-1, *known], known, strict=False)
    ):
        return Endings(known, [], [])  # each has its own vote line, so none has swallowed another
    fit, doubtful = _others(page, known)
    if fit and len(fit) == claimed - len(known):
        return Endings(sorted([*known, *fit]), fit, [])
    doubtful = [n for n in [*fit, *doubtful] if n < last] or _parted(page, known)
    if doubtful:
        raise Unclear(
            page.blocks[min(doubtful)].line,
            f"The page says it has {claimed} answers; {len(known)} could be read, and another may end or begin here.",
        )
    return Endings(known, [], [])


def _parted(page: _Weighed, known: list[int]) -> list[int]:
    """Second paragraphs of answers without a vote line: where another answer might begin."""
    found = []
    for first, end in zip([0, *(n + 1 for n in known)], known, strict=False):
        begin = first + (page.blocks[first].is_heading and end - first > 1)
        if end - begin > 1 and not any(first <= vote < end for vote in page.votes):
            found.append(begin + 1)
    return found


def _others(page: _Weighed, known: list[int]) -> tuple[list[int], list[int]]:
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
