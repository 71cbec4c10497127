"""Measures which questions are offered beside the answers: on what a corpus is about, on what it lacks, on small talk.

    python -m benchmarks.relevance.related_questions [--quick]

For each kind of question and each corpus it prints how many percent were offered a stored question when the three
nearest were, and where those near enough are; where it is judged which pages are on the subject, also how many percent
of the offered questions are, and of the questions are offered one that is. It reports first halves, by which the rule
was chosen, apart from second halves. A corpus of 50, 500 or 2,000 pages is whole topics of MedQuAD.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from askdoc.corpus import loader, passages
from askdoc.models import RelatedQuestion
from askdoc.retriever.related_questions import MAX_RELATED, RelatedQuestions
from training.datasets import MOST_TOKENS, ROOT, counselchat, half, lengths, medquad, passages_of, rows
from training.embedding import CachedEmbedder
from training.in_memory_index import InMemoryIndex
from training.judged_collections import Grades, JudgedCollection, counselchat_pages, paraphrases, silver

QUICK = 200
"""Questions of each kind with --quick."""
SEED = 7
"""Of the order of MedQuAD's topics."""
SIZES = (50, 500, 2_000)
SMALL_TALK = (
    "hi", "hello there", "good morning", "thanks", "thank you so much", "are you real", "are you a robot",
    "who are you", "what can you do", "how are you", "help", "ok", "yes", "no", "bye", "test", "asdf",
    "what is the capital of France", "tell me a joke", "what time is it",
)  # fmt: skip


@dataclass(frozen=True)
class TitlesByRow:
    """The titles of a collection, each named by its row."""

    titles: Sequence[str]

    def related(self, row: int) -> RelatedQuestion:
        """The question of a row."""
        return RelatedQuestion(str(row), self.titles[row])


@dataclass(frozen=True)
class Offered:
    """The rows of the stored questions that each question is offered."""

    before: list[list[int]]
    now: list[list[int]]


def offered(index: InMemoryIndex, questions: Sequence[str]) -> Offered:
    """What each question is offered by a collection: the three nearest, and those near enough."""
    texts = TitlesByRow(index.titles)
    chooser = RelatedQuestions(texts, index.statistics, index.analyzer.title)
    found = Offered([], [])
    for query in index.queries(questions):
        candidates = index.generator.generate([query])[0]
        found.before.append(candidates.nearest_questions[:MAX_RELATED].tolist())
        found.now.append([int(one.question_id) for one in chooser.of(query, candidates, shown=())])
    return found


def line(kind: str, corpus: str, found: Offered, grades: Sequence[Grades] | None = None) -> str:
    """One row of the table, in Markdown."""
    cells = [kind, corpus, f"{len(found.now):,}"]
    cells += [percent([bool(rows) for rows in each]) for each in (found.before, found.now)]
    for each in (found.before, found.now):
        if grades is None:
            cells += ["", ""]
            continue
        judged = [[row in own for row in rows] for rows, own in zip(each, grades, strict=True)]
        cells += [percent([on for rows in judged for on in rows]), percent([any(rows) for rows in judged])]
    return f"| {' | '.join(cells)} |"


def percent(hits: Sequence[bool]) -> str:
    """The share of hits, or nothing where nothing was counted."""
    return f"{100 * sum(hits) / len(hits):.1f}" if hits else ""


def small_corpora(embed: CachedEmbedder) -> Iterator[tuple[str, InMemoryIndex]]:
    """The project's own pages, and the first so many pages of whole topics of MedQuAD."""
    own = loader.read(ROOT / "corpus").questions
    cut = [[piece.text for piece in passages.cut(page, measure=lengths, limit=MOST_TOKENS)] for page in own]
    yield f"demonstration, {len(own)} pages", InMemoryIndex(cut, range(len(own)), [page.title for page in own], embed)
    data, pieces = medquad(), passages_of("medquad")
    topics = sorted(set(data.groups))
    random.Random(SEED).shuffle(topics)
    place = {topic: number for number, topic in enumerate(topics)}
    order = sorted(range(len(data.titles)), key=lambda page: (place[data.groups[page]], page))
    for size in SIZES:
        pages = order[:size]
        titles = [data.titles[page] for page in pages]
        yield f"MedQuAD, {size:,} pages", InMemoryIndex([pieces[page] for page in pages], range(size), titles, embed)


def own_subjects(collection: JudgedCollection, corpus: str, most: int | None) -> Iterator[str]:
    """Both halves of a judged collection: a stored question is on the subject where an answer to it is relevant."""
    question_of = collection.index.question_of
    for number, name in enumerate(("first half", "second half")):
        places = [place for place, topic in enumerate(collection.topics) if half(topic) == number][:most]
        grades = [{question_of[answer]: 1 for answer in collection.grades[place]} for place in places]
        found = offered(collection.index, [collection.questions[place] for place in places])
        yield line(f"{collection.name}, {name}", corpus, found, grades)


def lines(embed: CachedEmbedder, most: int | None) -> Iterator[str]:
    """All rows of the table."""
    whole, chats, messages = paraphrases(embed), counselchat_pages(embed), silver(embed)
    yield from own_subjects(messages, f"MedQuAD, {len(messages.index.titles):,} pages", most)
    yield from own_subjects(whole, "MedQuAD", most)
    yield from own_subjects(chats, "CounselChat", most)
    corpora = [*small_corpora(embed), ("CounselChat", chats.index), ("MedQuAD", whole.index)]
    requests = [[row["text"] for row in rows("clinc_dev") if half(row["id"]) == number] for number in (0, 1)]
    for corpus, index in corpora:
        for name, some in zip(("first half", "second half"), requests, strict=True):
            yield line(f"requests, {name}", corpus, offered(index, some[:most]))
        yield line("small talk", corpus, offered(index, SMALL_TALK))
    elsewhere = [row["a"] for row in rows("meqsum")]
    yield line("messages to a library", "CounselChat", offered(chats.index, elsewhere[:most]))
    yield line("messages to a library", "MedQuAD", offered(whole.index, elsewhere[:most]))
    yield line("CounselChat's titles", "MedQuAD", offered(whole.index, counselchat().queries[:most]))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=f"at most {QUICK} questions of each kind")
    most = QUICK if parser.parse_args().quick else None
    names = ["asked", "corpus", "questions", "% offered any: three nearest", "near"]
    names += [f"{what}: {rule}" for rule in ("three nearest", "near") for what in ("% on the subject", "% offered one")]
    print(f"| {' | '.join(names)} |\n|---|---|{'--:|' * (len(names) - 2)}", flush=True)
    for row in lines(CachedEmbedder.open(), most):
        print(row, flush=True)


if __name__ == "__main__":
    main()
