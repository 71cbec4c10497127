"""Builds the judged collections: documents, questions, and which documents are relevant to each question.

Beside the development sets themselves there are three with titles in the index, made from them: long texts of
CounselChat's pages whose title does not stand in the text (``counselchat pages``); long messages to a medical
library with MedQuAD's pages on the topic and kind that their short question names (``silver``: graded by rule,
not by people); and MedQuAD's topics asked in other words and by other names (``paraphrases``).

``OTHER_WORDS`` holds those on which askdoc was too often silent: the stored question is the one that is asked, in
other words, and the page's body repeats its title. Each is there alone and among other pages.
"""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from askdoc.retriever.features import Candidates
from training.datasets import counselchat, cut, half, medquad, passages_of, plain, rows
from training.embedding import CachedEmbedder
from training.in_memory_index import InMemoryIndex

Grades = Mapping[int, int]
"""The relevant answers of one question with their grades; all others are irrelevant."""
SHORTEST_TEXT = 80
"""CounselChat's texts of fewer characters are hardly longer than a title, and left out."""


@dataclass(frozen=True)
class JudgedCollection:
    """Documents and their questions; ``grades[q]`` are the relevant answers, ``topics[q]`` decides the half."""

    name: str
    index: InMemoryIndex
    questions: Sequence[str]
    topics: Sequence[object]
    grades: Sequence[Grades]


def first_half(collection: JudgedCollection) -> JudgedCollection:
    """The collection with the questions of its first half alone, which may be learned from."""
    kept = [place for place, topic in enumerate(collection.topics) if half(topic) == 0]
    return replace(
        collection,
        questions=[collection.questions[place] for place in kept],
        topics=[collection.topics[place] for place in kept],
        grades=[collection.grades[place] for place in kept],
    )


@dataclass(frozen=True)
class JudgedCandidates:
    """The candidates of one question, with the grade of each: ``grades`` (candidates,)."""

    candidates: Candidates
    grades: NDArray[np.float64]


def judged_candidates(collection: JudgedCollection) -> list[JudgedCandidates]:
    """Generate the candidates of the questions of a collection's first half, which may be learned from."""
    asked, judged = first_half(collection), []
    for query, relevant in zip(asked.index.queries(asked.questions), asked.grades, strict=True):
        candidates = asked.index.generator.generate([query])[0]
        grades = [relevant.get(int(answer), 0) for answer in candidates.answers]
        judged.append(JudgedCandidates(candidates, np.array(grades, np.float64)))
    return judged


def binary(relevant: Sequence[set[int]]) -> list[Grades]:
    """Grade 1 for each relevant answer."""
    return [dict.fromkeys(answers, 1) for answers in relevant]


def medquad_bodies(embed: CachedEmbedder) -> JudgedCollection:
    """MedQuAD's questions against the bodies of its answers, without titles in the index."""
    data = medquad()
    index = InMemoryIndex(passages_of("medquad"), [], [], embed)
    return JudgedCollection("medquad", index, data.queries, data.query_groups, binary(data.relevant))


def _counselchat_index(embed: CachedEmbedder, *, titles: bool) -> InMemoryIndex:
    data = counselchat()
    pages = [page for page, answers in enumerate(data.relevant) for _ in answers]
    return InMemoryIndex(passages_of("counselchat"), pages, data.queries if titles else [], embed)


def counselchat_bodies(embed: CachedEmbedder) -> JudgedCollection:
    """CounselChat's titles against the bodies of its answers, without titles in the index."""
    data = counselchat()
    index = _counselchat_index(embed, titles=False)
    return JudgedCollection("counselchat", index, data.queries, data.query_ids, binary(data.relevant))


def _counselchat_by_text(embed: CachedEmbedder, *, titles: bool) -> JudgedCollection:
    data = counselchat()
    texts = [row["question_text"] or "" for row in rows("counselchat")]
    kept = [
        place
        for place, (text, title) in enumerate(zip(texts, data.queries, strict=True))
        if len(text) > SHORTEST_TEXT and plain(title) not in plain(text)
    ]
    name = "counselchat pages" if titles else "counselchat long"
    grades = binary([data.relevant[place] for place in kept])
    topics = [data.query_ids[place] for place in kept]
    return JudgedCollection(
        name, _counselchat_index(embed, titles=titles), [texts[place] for place in kept], topics, grades
    )


def counselchat_long(embed: CachedEmbedder) -> JudgedCollection:
    """CounselChat's long texts against the bodies of its answers, without titles in the index."""
    return _counselchat_by_text(embed, titles=False)


def counselchat_pages(embed: CachedEmbedder) -> JudgedCollection:
    """CounselChat's long texts against its pages, with titles in the index."""
    return _counselchat_by_text(embed, titles=True)


def short_questions(name: str, pairs: str, embed: CachedEmbedder, others: Sequence[str] = ()) -> JudgedCollection:
    """Long messages against short questions, each a page whose answer is the question itself."""
    alike = [row for row in rows(pairs) if row["label"]]
    titles = list(dict.fromkeys([row["b"] for row in rows(pairs)] + list(others)))
    place = {title: number for number, title in enumerate(titles)}
    index = InMemoryIndex([[title] for title in titles], range(len(titles)), titles, embed)
    grades = [{place[row["b"]]: 1} for row in alike]
    return JudgedCollection(name, index, [row["a"] for row in alike], [row["id"] for row in alike], grades)


def meqsum(embed: CachedEmbedder) -> JudgedCollection:
    """MeQSum's messages against their short questions."""
    return short_questions("meqsum", "meqsum", embed)


def mediqa(embed: CachedEmbedder) -> JudgedCollection:
    """MEDIQA's messages against their short questions."""
    return short_questions("mediqa", "mediqa2021_qs_valid", embed)


def rqe(embed: CachedEmbedder) -> JudgedCollection:
    """RQE's messages against their questions, among 3,000 titles of MedQuAD."""
    return short_questions("rqe", "rqe_valid", embed, other_titles())


def other_titles() -> list[str]:
    """Titles of MedQuAD, among which a few pages are harder to find."""
    return random.Random(5).sample(sorted(set(medquad().titles)), OTHER_TITLES)


KINDS = {
    "side effects": r"side effect|adverse",
    "treatment": r"treat|cure|therap|remed|get rid|heal|relie|medic.* for|help for|manage",
    "symptoms": r"symptom|signs? of",
    "causes": r"\bcauses?\b|why ",
    "prevention": r"prevent|avoid",
    "exams and tests": r"diagnos|\btests?\b|detect",
    "inheritance": r"inherit|genetic|heredit",
    "outlook": r"outlook|prognosis|life expect|surviv|recover|long.term",
    "susceptibility": r"who (is|are) (at risk|affected)|who gets|risk factor",
    "complications": r"complication|effects of",
    "research": r"research|trial|latest",
    "information": r"^what (is|are)|information|about|learn|find",
}
"""MedQuAD's kinds of questions, and what in a short question names each."""
PHRASINGS = {
    "inheritance": ("is {} passed on from parents", "does {} run in families"),
    "frequency": ("how many people get {}", "is {} rare"),
    "genetic changes": ("which gene mutation is behind {}", "dna changes in {}"),
    "exams and tests": ("how do doctors find out if you have {}", "tests for {}"),
    "causes": ("what brings on {}", "reason for {}"),
    "research": ("any new studies on {}", "clinical trials {}"),
    "prevention": ("how can i avoid getting {}", "stop {} from happening"),
    "susceptibility": ("who is likely to get {}", "am i at risk of {}"),
    "considerations": ("what should i keep in mind about {}",),
    "stages": ("how far along can {} be", "stages {}"),
    "information": ("tell me about {}", "i was told i have {} can you explain it"),
    "treatment": ("how do you get rid of {}", "what can be done against {}"),
    "symptoms": ("how does {} feel", "signs that i have {}"),
    "outlook": ("will i recover from {}", "how long do people live with {}"),
    "complications": ("what can go wrong with {}",),
}
"""MedQuAD's kinds of questions in words that its pages do not use."""
LEAST_PAGES = 3
"""Pages on a topic that make a message to the medical library worth asking."""
MESSAGES = ("meqsum", "mediqa2021_qs_valid", "rqe_valid")
"""The sets of long messages, each with the short question in it."""
OTHER_PAGES = 700
"""Pages on other topics beside those judged."""
REPEATED_PAGES, OTHER_REPEATED_PAGES = 300, 1_700
"""Pages that are asked about where each body repeats its title, and pages beside them."""
OTHER_TITLES = 3_000
"""Pages that are questions of MedQuAD, beside those judged."""
PARAPHRASED = 600
"""Questions of ``paraphrases``."""


def _topic_in(question: str, known: Mapping[str, list[int]]) -> str | None:
    """The longest name of a topic in a short question."""
    words = plain(question).split()
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length + 1):
            name = " ".join(words[start : start + length])
            for form in (name, name.rstrip("s"), f"{name}s"):
                if len(form) > 4 and form in known:
                    return form
    return None


def silver(embed: CachedEmbedder) -> JudgedCollection:
    """Long messages graded by rule: 2 for the topic and kind asked about, 1 for the topic alone."""
    return _graded_by_rule("silver", MESSAGES, embed, OTHER_PAGES)


def _graded_by_rule(name: str, sets: Sequence[str], embed: CachedEmbedder, others: int) -> JudgedCollection:
    """The messages of some sets against MedQuAD's pages that fit, and so many ``others``."""
    known: defaultdict[str, list[int]] = defaultdict(list)
    for number, page in enumerate(rows("medquad")):
        for called in {plain(page["focus"]), *map(plain, page["synonyms"])}:
            known[called].append(number)
    graded: list[tuple[str, str, dict[int, int]]] = []
    for messages in sets:
        for row in rows(messages):
            topic = _topic_in(row["b"], known) if row["label"] else None
            if topic and len(known[topic]) >= LEAST_PAGES and topic != "blood":
                kind = next((kind for kind, sign in KINDS.items() if re.search(sign, row["b"].lower())), "?")
                grades = {page: 2 if kind in rows("medquad")[page]["qtype"] else 1 for page in known[topic]}
                graded.append((row["id"], row["a"], grades))
    judged = {page for *_, grades in graded for page in grades}
    pages = sorted(judged | set(random.Random(1).sample(range(len(rows("medquad"))), others)))
    return _of_pages(name, pages, graded, embed)


def _of_pages(
    name: str, pages: Sequence[int], asked: Sequence[tuple[object, str, Grades]], embed: CachedEmbedder
) -> JudgedCollection:
    """Questions, each with its topic and its grades by row of MedQuAD, against some pages of it with their titles."""
    place = {page: number for number, page in enumerate(pages)}
    data, pieces = medquad(), passages_of("medquad")
    index = InMemoryIndex([pieces[p] for p in pages], range(len(pages)), [data.titles[p] for p in pages], embed)
    placed = [{place[page]: grade for page, grade in grades.items() if page in place} for *_, grades in asked]
    return JudgedCollection(name, index, [text for _, text, _ in asked], [topic for topic, *_ in asked], placed)


def paraphrases(embed: CachedEmbedder) -> JudgedCollection:
    """MedQuAD's topics by any of their names, asked in other words: 2 for the kind asked, 1 for the topic."""
    draw, data, pages = random.Random(3), medquad(), rows("medquad")
    by_topic: defaultdict[str, list[int]] = defaultdict(list)
    for number, topic in enumerate(data.groups):
        by_topic[topic].append(number)
    order = list(range(len(pages)))
    draw.shuffle(order)
    asked: dict[tuple[str, str], tuple[str, dict[int, int]]] = {}
    for number in order:
        page, topic = pages[number], data.groups[number]
        if page["qtype"] not in PHRASINGS or (topic, page["qtype"]) in asked or len(asked) == PARAPHRASED:
            continue
        others = [name for name in page["synonyms"] if len(name) > 6]
        name = draw.choice(others) if others and draw.random() < 0.6 else page["focus"]
        grades = {other: 2 if pages[other]["qtype"] == page["qtype"] else 1 for other in by_topic[topic]}
        asked[topic, page["qtype"]] = (draw.choice(PHRASINGS[page["qtype"]]).format(name), grades)
    index = InMemoryIndex(passages_of("medquad"), range(len(pages)), data.titles, embed)
    questions, graded = zip(*asked.values(), strict=True)
    return JudgedCollection("paraphrases", index, questions, [topic for topic, _ in asked], graded)


def medquad_sample(embed: CachedEmbedder, pages: int, *, questions: int, seed: int = 0) -> JudgedCollection:
    """So many pages of MedQuAD, with their titles, and at most so many questions of ``paraphrases`` on them.

    Each question's own page is among them; what is asked of fewer pages is asked of more pages, too.
    """
    whole, draw = paraphrases(embed), random.Random(seed)
    order = list(range(len(whole.questions)))
    draw.shuffle(order)
    chosen: set[int] = set()
    asked: list[tuple[object, str, Grades]] = []
    for number in order:
        asking = min(page for page, grade in whole.grades[number].items() if grade == 2)
        if len(chosen | {asking}) <= pages and len(asked) < questions:
            chosen.add(asking)
            asked.append((whole.topics[number], whole.questions[number], whole.grades[number]))
    others = [page for page in range(len(whole.index.passages)) if page not in chosen]
    chosen |= set(draw.sample(others, min(pages - len(chosen), len(others))))
    return _of_pages(f"medquad, {pages:,} pages", sorted(chosen), asked, embed)


def question_pages(
    name: str, embed: CachedEmbedder, *, pairs: str, by: tuple[str, str], among: bool
) -> JudgedCollection:
    """One side of a set's pairs, ``by[0]``, against pages that are questions: ``by[1]`` is title and body of each.

    ``among``: beside other pages that are questions, too.
    """
    question, page = by
    asked: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows(pairs):
        if row["label"]:
            asked[row[question]].add(row[page])
    titles = list(dict.fromkeys([row[page] for row in rows(pairs)] + (other_titles() if among else [])))
    place = {title: number for number, title in enumerate(titles)}
    index = InMemoryIndex(cut(titles), range(len(titles)), titles, embed)
    grades = binary([{place[title] for title in relevant} for relevant in asked.values()])
    return JudgedCollection(name, index, list(asked), list(asked), grades)


def mediqa_messages(name: str, embed: CachedEmbedder, *, among: bool) -> JudgedCollection:
    """MEDIQA's messages against the pages that fit, graded as ``silver`` is, ``among`` all pages of MedQuAD or some."""
    return _graded_by_rule(name, ["mediqa2021_qs_valid"], embed, len(rows("medquad")) if among else OTHER_PAGES)


def repeated_titles(name: str, embed: CachedEmbedder, *, among: bool) -> JudgedCollection:
    """Paraphrases against pages of MedQuAD where each body begins with its title, ``among`` other such pages or not."""
    others = OTHER_REPEATED_PAGES if among else 0
    found = medquad_sample(embed, REPEATED_PAGES + others, questions=REPEATED_PAGES)
    pages = found.index.passages
    first = cut([f"{title}\n\n{pieces[0]}" for title, pieces in zip(found.index.titles, pages, strict=True)])
    passages = [[*begins, *pieces[1:]] for begins, pieces in zip(first, pages, strict=True)]
    index = InMemoryIndex(passages, found.index.question_of, found.index.titles, embed)
    return JudgedCollection(name, index, found.questions, found.topics, found.grades)


COLLECTIONS = {
    "medquad": medquad_bodies,
    "counselchat": counselchat_bodies,
    "counselchat long": counselchat_long,
    "counselchat pages": counselchat_pages,
    "silver": silver,
    "paraphrases": paraphrases,
    "meqsum": meqsum,
    "mediqa": mediqa,
    "rqe": rqe,
}
"""The collections that tables are learned from, their first halves, and that relevance is measured on."""


_PAIRED = {
    "covid": ("covid_similarity_en", ("a", "b")),
    "meqsum a to b": ("meqsum", ("a", "b")),
    "meqsum b to a": ("meqsum", ("b", "a")),
}
"""Sets of pairs, and which side of them asks the other."""
_SMALL: dict[str, Callable[..., JudgedCollection]] = {
    **{name: partial(question_pages, pairs=pairs, by=by) for name, (pairs, by) in _PAIRED.items()},
    "mediqa messages": mediqa_messages,
    "body repeats title": repeated_titles,
}
OTHER_WORDS: dict[str, Callable[[CachedEmbedder], JudgedCollection]] = {
    name + ending: partial(make, name + ending, among=among)
    for name, make in _SMALL.items()
    for ending, among in (("", False), (", among others", True))
}
"""The stored question in other words: each collection alone, and among other pages. Nothing is learned from them."""
