"""Makes question pages in the layouts of real sites, and damages them in the ways of real exports.

Every line of an answer's text carries a mark of its doctor, so that a reading can be held against the truth.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

MARK = re.compile(r"«(\d)»")
FIRST = ("Anna", "Bert", "Cara", "Dan", "Eve", "Finn")
LAST = ("Holm", "Ames", "Lund", "Webb", "Poe", "Stark")
DEGREES = ("MD", "DO", "MD, FACS", "DDS")
PLACES = ("Toledo", "Boise", "Omaha", "San Marcos", "St. Paul", "Reno")
FIELDS = ("Plastic Surgeon", "Physician", "Dermatologist", "Dentist", "Family Physician")
STARS = ("{} out of 5 stars {} reviews", "{}/5 ({} reviews)", "{} ★ ({})")
HEADLINES = (
    "Patience",
    "Cold helps",
    "Arnica and rest",
    "Yellow is a good sign",
    "Swelling of the leg",
    "Give it time",
)
MARKED = ("Is it broken at all?", "Do not rub the leg!", "Hard to say from here...")
TEXTS = (
    "A bruise fades within {} days when it is left alone.",
    "Cold slows the swelling for the first {} hours, and rest does more than that.",
    "Of {} people with such a swelling, nearly all are well again within the month.",
    "I would wait for {} days and then have somebody look at the leg.",
)
CLOSING = "These answers are for education only and do not replace your own physician."
SIGN_OFFS = ("Sincerely,", "Best of luck", "Hope this helps!", "All the best")
AFTER = (
    "P.S. Call the office if it throbs.",
    "Visit my page for more.",
    "It was good of you to write.",
    "Do come by in May.",
)


@dataclass(frozen=True)
class Doctor:
    """A doctor as a page shows them."""

    number: int
    name: str
    title: str
    stars: str

    def lines(self, style: "Style") -> list[str]:
        shown = [self.name] if style.named or not style.titled else []
        return [*shown, *([self.title] if style.titled else []), *([self.stars] if style.starred else [])]


@dataclass(frozen=True)
class Style:
    """What a site shows of every answer."""

    headed: bool
    voted: str | None
    named: bool
    titled: bool
    starred: bool
    signs: bool
    gap: str = "\n\n"


@dataclass(frozen=True)
class Written:
    """An answer in its parts, each a list of blocks."""

    doctor: Doctor
    head: list[str]
    body: list[str]
    byline: list[str]

    def blocks(self) -> list[str]:
        return [*self.head, *self.body, *(["\n".join(self.byline)] if self.byline else [])]


@dataclass(frozen=True)
class Page:
    """A page: its answers, the number in its counter, and its last block."""

    style: Style
    answers: list[Written]
    claimed: int
    closing: str | None
    cut: int | None = field(default=None)

    def text(self) -> str:
        blocks = ["How long does a bruise last?", "I fell on Monday.", f"Doctor Answers {self.claimed}"]
        for answer in self.answers:
            blocks += answer.blocks()
        text = self.style.gap.join([*blocks, self.closing] if self.closing else blocks) + "\n"
        return text if self.cut is None else text[: self.cut]


def styles(rng: random.Random) -> Style:
    titled = rng.random() < 0.85
    starred = titled and rng.random() < 0.7
    return Style(
        headed=rng.random() < 0.7,
        voted=rng.choice([None, None, None, "+", "{{"]),
        named=rng.random() < 0.8,
        titled=titled,
        starred=starred,
        signs=rng.random() < 0.4,
    )


def make(rng: random.Random) -> Page:
    """A whole page as a site shows it."""
    style = styles(rng)
    count = rng.randint(1, 4)
    doctors = _doctors(rng, count)
    answers = [_answer(rng, style, doctor, n) for n, doctor in enumerate(doctors)]
    return Page(style, answers, count, CLOSING if rng.random() < 0.85 else None)


def _doctors(rng: random.Random, count: int) -> list[Doctor]:
    first, last, places = (rng.sample(names, 6) for names in (FIRST, LAST, PLACES))
    form = rng.choice(STARS)
    return [
        Doctor(
            n,
            f"{first[n]} {last[n]}, {rng.choice(DEGREES)}",
            f"{places[n]} {rng.choice(FIELDS)}",
            form.format(f"{rng.randint(30, 50) / 10}", rng.randint(1, 99)),
        )
        for n in range(count)
    ]


def _answer(rng: random.Random, style: Style, doctor: Doctor, n: int) -> Written:
    head = [rng.choice(MARKED) if rng.random() < 0.15 else HEADLINES[n]] if style.headed else []
    if style.voted:
        head.append(f"+{rng.randint(1, 40)}" if style.voted == "+" else "{{ voteCount >= 0 ? '+' : (voteCount + 1) }}")
    body = [_paragraph(rng, doctor.number) for _ in range(rng.randint(1, 3))]
    if rng.random() < 0.15:
        body.insert(rng.randint(0, len(body)), f"As {doctor.name.split(',')[0]}, I see this daily «{doctor.number}».")
    if style.signs and rng.random() < 0.6:
        body.append(rng.choice(SIGN_OFFS))
        if style.titled and style.named and rng.random() < 0.4:
            body.append(doctor.name)
    return Written(doctor, head, body, doctor.lines(style))


def _paragraph(rng: random.Random, number: int) -> str:
    sentences = rng.sample(TEXTS, rng.randint(1, 2))
    return " ".join(f"{sentence.format(rng.randint(2, 90))[:-1]} «{number}»." for sentence in sentences)


# Damage: each takes a page and gives another, or None where it does not apply.

Damage = Callable[[random.Random, Page], Page | None]


def _with(
    page: Page, n: int, *, head: list[str] | None = None, body: list[str] | None = None, byline: list[str] | None = None
) -> Page:
    """The page with parts of one answer changed."""
    answers = list(page.answers)
    old = answers[n]
    answers[n] = replace(
        old,
        head=old.head if head is None else head,
        body=old.body if body is None else body,
        byline=old.byline if byline is None else byline,
    )
    return replace(page, answers=answers)


def lose_doctor(rng: random.Random, page: Page) -> Page | None:
    """One answer's doctor is gone."""
    return _with(page, rng.randrange(len(page.answers)), byline=[])


def lose_a_line(rng: random.Random, page: Page) -> Page | None:
    """One line of a doctor's is gone."""
    n = rng.randrange(len(page.answers))
    lines = list(page.answers[n].byline)
    del lines[rng.randrange(len(lines))]
    return _with(page, n, byline=lines)


def sign(rng: random.Random, page: Page) -> Page | None:
    """A doctor signs and goes on for a line."""
    n = rng.randrange(len(page.answers))
    answer = page.answers[n]
    name = answer.doctor.name
    forms = [
        [name], [f"Dr. {name.split(',')[0].split()[-1]}"], [f"{name}\n{answer.doctor.title}"],
        [name, answer.doctor.title],
        ["Sincerely,", name, "Holm Skin Center", "(555) 010-0199"], [f"{name[0]}. {name.split(' ', 1)[1]}"],
    ]  # fmt: skip
    after = f"{rng.choice(AFTER)[:-1]} «{answer.doctor.number}»."
    return _with(page, n, body=[*answer.body, *rng.choice(forms), after])


def lose_and_sign(rng: random.Random, page: Page) -> Page | None:
    """One answer's doctor is gone, and another signs and goes on for a line."""
    if len(page.answers) < 2:
        return None
    lost, signed = rng.sample(range(len(page.answers)), 2)
    made = sign(rng, replace(page, answers=[page.answers[signed]]))
    return _with(_with(page, lost, byline=[]), signed, body=made.answers[0].body) if made else None


def commend(rng: random.Random, page: Page) -> Page | None:
    """An answer names colleagues, and another has perhaps lost its doctor."""
    n = rng.randrange(len(page.answers))
    others = [f"{first} {last}, MD" for first, last in zip(("Gus", "Hal"), ("Reed", "Moss"), strict=True)]
    if rng.random() < 0.4:
        others = [f"{name}\nAkron Dermatologist" for name in others]
    lines = rng.choice(
        [
            ["Good doctors near you:", *others],
            ["Good doctors near you:", "\n".join(others)],
            ["I also work with my partner", others[0]],
        ]
    )
    at = rng.randint(1, len(page.answers[n].body))
    body = [*page.answers[n].body[:at], *lines, *page.answers[n].body[at:]]
    made = _with(page, n, body=body)
    lost = rng.randrange(len(page.answers))
    return _with(made, lost, byline=[]) if rng.random() < 0.5 and lost != n else made


def doctors_above(rng: random.Random, page: Page) -> Page | None:
    """Each doctor stands above the answer, or below its headline; the count may be one too low."""
    low = rng.random() < 0.3
    under = page.style.headed and rng.random() < 0.5
    answers = [
        replace(a, head=[*a.head, "\n".join(a.byline)] if under else ["\n".join(a.byline), *a.head], byline=[])
        for a in page.answers
    ]
    return replace(page, answers=answers, claimed=page.claimed - low)


def repeat_doctor(rng: random.Random, page: Page) -> Page | None:
    """A doctor's lines stand twice."""
    n = rng.randrange(len(page.answers))
    return _with(page, n, body=[*page.answers[n].body, "\n".join(page.answers[n].byline)])


def repeat_answer(rng: random.Random, page: Page) -> Page | None:
    """An answer stands twice."""
    n = rng.randrange(len(page.answers))
    return replace(page, answers=[*page.answers[: n + 1], *page.answers[n:]])


def swap_headline(rng: random.Random, page: Page) -> Page | None:
    """The headline of an answer has changed places with the doctor above."""
    if len(page.answers) < 3 or not page.style.headed:
        return None
    n = rng.randrange(len(page.answers) - 1)
    below = page.answers[n + 1]
    moved = _with(page, n, body=[*page.answers[n].body, f"{below.head[0]} «{n + 1}»"])
    return _with(moved, n + 1, head=below.head[1:])


def go_on(rng: random.Random, page: Page) -> Page | None:
    """A doctor goes on for a line below their own lines."""
    if len(page.answers) < 3 or not page.style.headed or page.style.voted:
        return None
    n = rng.randrange(len(page.answers) - 1)
    below = page.answers[n + 1]
    return _with(page, n + 1, head=[f"{rng.choice(AFTER)[:-1]} «{n}».", *below.head])


def merge_lines(rng: random.Random, page: Page) -> Page | None:
    """An answer's paragraphs and doctor have run together into one line or one block."""
    n = rng.randrange(len(page.answers))
    answer = page.answers[n]
    glue = rng.choice([" ", "\n"])
    return _with(page, n, body=[glue.join([*answer.body, *answer.byline])], byline=[])


def cut_off(rng: random.Random, page: Page) -> Page | None:
    """The file ends in the middle."""
    return replace(page, cut=rng.randrange(60, len(page.text())))


def lose_beginning(rng: random.Random, page: Page) -> Page | None:
    """A piece of the middle is gone: from within one answer to within a later one."""
    if len(page.answers) < 2:
        return None
    n = rng.randrange(len(page.answers) - 1)
    upper, lower = page.answers[n], page.answers[n + 1]
    kept = upper.body[: rng.randint(1, len(upper.body))]
    return _with(_with(page, n, body=kept, byline=[]), n + 1, head=[], body=lower.body[-1:])


def change_counter(rng: random.Random, page: Page) -> Page | None:
    """The counter is wrong, and nothing else is."""
    return replace(page, claimed=rng.choice([n for n in range(7) if n != page.claimed]))


DAMAGES: tuple[Damage, ...] = (
    lose_doctor, lose_a_line, sign, lose_and_sign, commend, doctors_above, repeat_doctor, repeat_answer, swap_headline,
    go_on, merge_lines, cut_off, lose_beginning, change_counter,
)  # fmt: skip
