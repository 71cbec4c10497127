"""The collections that relevance is tried on, with what the retriever collects for each question.

Beside the development sets themselves there are three with titles in the index, made from them: long texts of
CounselChat's pages whose title does not stand in the text (``counselchat pages``); long messages to a medical
library with MedQuAD's pages on the topic and kind that their short question names (``silver``: graded by rule,
not by people); and MedQuAD's topics asked in other words and by other names (``paraphrases``).
"""

import random
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from askdoc.retriever.features import Candidates
from askdoc.retriever.query import Query
from training.datasets import counselchat, cut_once, half, medquad, plain, rows
from training.embedding import CachedEmbedder
from training.in_memory_index import Trial

Grades = Mapping[int, int]


@dataclass(frozen=True)
class Collection:
    """A corpus and its questions; ``grades[q]`` are the answers that count; ``topics`` decide the halves."""

    name: str
    trial: Trial
    questions: Sequence[str]
    topics: Sequence[object]
    grades: Sequence[Grades]


@dataclass(frozen=True)
class Found:
    """The candidates of one question with their grades; ``ideal`` is the best gain that could be had."""

    half: int
    grades: NDArray[np.float64]
    ideal: float
    features: NDArray[np.float32]
    candidates: Candidates
    asked: Query


@dataclass(frozen=True)
class Tried:
    name: str
    found: list[Found]


def gain(grades: Sequence[float] | NDArray[np.float64], most: int = 10) -> float:
    """Discounted cumulative gain of grades in order."""
    return float(sum((2.0**grade - 1) / np.log2(place + 2) for place, grade in enumerate(grades[:most])))


def tried(name: str, embed: CachedEmbedder, *, most: int | None = None) -> Tried:
    """Ask the questions of a collection, or the first ``most`` of them."""
    data = COLLECTIONS[name](embed)
    found = []
    for asked, topic, grades in zip(data.trial.asked(data.questions[:most]), data.topics, data.grades, strict=False):
        candidates = data.trial.generator.generate([asked])[0]
        graded = np.array([grades.get(int(answer), 0) for answer in candidates.answers], np.float64)
        ideal = gain(sorted(grades.values(), reverse=True))
        found.append(Found(half(topic), graded, ideal, candidates.features, candidates, asked))
    return Tried(name, found)


def ones(relevant: Sequence[set[int]]) -> list[Grades]:
    return [dict.fromkeys(found, 1) for found in relevant]


def medquad_bodies(embed: CachedEmbedder) -> Collection:
    data = medquad()
    trial = Trial(cut_once("medquad"), [], [], embed)
    return Collection("medquad", trial, data.queries, data.query_groups, ones(data.relevant))


def _counselchat_trial(embed: CachedEmbedder, *, titles: bool) -> Trial:
    data = counselchat()
    pages = [page for page, answers in enumerate(data.relevant) for _ in answers]
    return Trial(cut_once("counselchat"), pages, data.queries if titles else [], embed)


def counselchat_bodies(embed: CachedEmbedder) -> Collection:
    data = counselchat()
    trial = _counselchat_trial(embed, titles=False)
    return Collection("counselchat", trial, data.queries, data.query_ids, ones(data.relevant))


def _counselchat_by_text(embed: CachedEmbedder, *, titles: bool) -> Collection:
    data = counselchat()
    texts = [row["question_text"] or "" for row in rows("counselchat")]
    kept = [
        place
        for place, (text, title) in enumerate(zip(texts, data.queries, strict=True))
        if len(text) > 80 and plain(title) not in plain(text)
    ]
    name = "counselchat pages" if titles else "counselchat long"
    grades = ones([data.relevant[place] for place in kept])
    topics = [data.query_ids[place] for place in kept]
    return Collection(name, _counselchat_trial(embed, titles=titles), [texts[n] for n in kept], topics, grades)


def counselchat_long(embed: CachedEmbedder) -> Collection:
    return _counselchat_by_text(embed, titles=False)


def counselchat_pages(embed: CachedEmbedder) -> Collection:
    return _counselchat_by_text(embed, titles=True)


def short_questions(name: str, pairs: str, embed: CachedEmbedder, others: Sequence[str] = ()) -> Collection:
    """Long messages against short questions, each a page whose answer is the question itself."""
    found = [row for row in rows(pairs) if row["label"]]
    titles = list(dict.fromkeys([row["b"] for row in rows(pairs)] + list(others)))
    place = {title: number for number, title in enumerate(titles)}
    trial = Trial([[title] for title in titles], range(len(titles)), titles, embed)
    grades = [{place[row["b"]]: 1} for row in found]
    return Collection(name, trial, [row["a"] for row in found], [row["id"] for row in found], grades)


def meqsum(embed: CachedEmbedder) -> Collection:
    return short_questions("meqsum", "meqsum", embed)


def mediqa(embed: CachedEmbedder) -> Collection:
    return short_questions("mediqa", "mediqa2021_qs_valid", embed)


def rqe(embed: CachedEmbedder) -> Collection:
    others = random.Random(5).sample(sorted(set(medquad().titles)), 3_000)
    return short_questions("rqe", "rqe_valid", embed, others)


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


def _topic_in(question: str, known: Mapping[str, list[int]]) -> str | None:
    """The longest name of a topic in a short question."""
    found = plain(question).split()
    for length in range(len(found), 0, -1):
        for start in range(len(found) - length + 1):
            name = " ".join(found[start : start + length])
            for form in (name, name.rstrip("s"), f"{name}s"):
                if len(form) > 4 and form in known:
                    return form
    return None


def silver(embed: CachedEmbedder) -> Collection:
    """Long messages graded by rule: 2 for the topic and kind asked about, 1 for the topic alone."""
    known: defaultdict[str, list[int]] = defaultdict(list)
    for number, page in enumerate(rows("medquad")):
        for name in {plain(page["focus"]), *map(plain, page["synonyms"])}:
            known[name].append(number)
    found: list[tuple[str, str, dict[int, int]]] = []
    for name in ("meqsum", "mediqa2021_qs_valid", "rqe_valid"):
        for row in rows(name):
            topic = _topic_in(row["b"], known) if row["label"] else None
            if topic and len(known[topic]) >= 3 and topic != "blood":
                kind = next((kind for kind, sign in KINDS.items() if re.search(sign, row["b"].lower())), "?")
                grades = {page: 2 if kind in rows("medquad")[page]["qtype"] else 1 for page in known[topic]}
                found.append((row["id"], row["a"], grades))
    judged = {page for *_, grades in found for page in grades}
    pages = sorted(judged | set(random.Random(1).sample(range(len(rows("medquad"))), 700)))
    place = {page: number for number, page in enumerate(pages)}
    data, pieces = medquad(), cut_once("medquad")
    trial = Trial([pieces[p] for p in pages], range(len(pages)), [data.titles[p] for p in pages], embed)
    placed = [{place[page]: grade for page, grade in graded.items()} for *_, graded in found]
    return Collection("silver", trial, [text for _, text, _ in found], [name for name, *_ in found], placed)


def paraphrases(embed: CachedEmbedder, *, most: int = 600) -> Collection:
    """MedQuAD's topics by any of their names, asked in other words: 2 for the kind asked, 1 for the topic."""
    draw, data, pages = random.Random(3), medquad(), rows("medquad")
    by_topic: defaultdict[str, list[int]] = defaultdict(list)
    for number, topic in enumerate(data.groups):
        by_topic[topic].append(number)
    order = list(range(len(pages)))
    draw.shuffle(order)
    found: dict[tuple[str, str], tuple[str, dict[int, int]]] = {}
    for number in order:
        page, topic = pages[number], data.groups[number]
        if page["qtype"] not in PHRASINGS or (topic, page["qtype"]) in found or len(found) == most:
            continue
        others = [name for name in page["synonyms"] if len(name) > 6]
        name = draw.choice(others) if others and draw.random() < 0.6 else page["focus"]
        grades = {other: 2 if pages[other]["qtype"] == page["qtype"] else 1 for other in by_topic[topic]}
        found[topic, page["qtype"]] = (draw.choice(PHRASINGS[page["qtype"]]).format(name), grades)
    trial = Trial(cut_once("medquad"), range(len(pages)), data.titles, embed)
    questions, graded = zip(*found.values(), strict=True)
    return Collection("paraphrases", trial, questions, [topic for topic, _ in found], graded)


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
