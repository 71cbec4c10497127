"""The order of the modules, and which of them may use which library."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src" / "askdoc"
ROWS = [
    {"models", "errors", "text", "phrase_matching", "filename_escaping"},
    {"countries", "question_records"},
    {"settings", "durable", "doctors"},
    {"corpus", "embedder", "query", "safety"},
    {"index"},
    {"retriever"},
    {"responder", "indexer"},
    {"evaluation", "live"},
    {"bootstrap", "server"},
    {"assistant", "cli"},
    {"__main__", "__init__"},
]
ORDER = {
    "cli": [
        {"garbage_collection", "options", "terminal"},
        {"output", "render"},
        {"ask", "evaluate", "info", "progress", "rollback", "serve", "verify", "widget"},
        {"index"},
        {"main"},
    ],
    "cli.render": [
        {"evaluation", "findings", "info", "reply", "verdict"},
        {"report"},
    ],
    "corpus": [
        {"authorship_labels", "dates", "json_splitting", "mojibake", "reader", "sources"},
        {"field_values", "markup_residue", "passages"},
        {"schema_hints"},
        {"other_formats"},
        {"decoding"},
        {"records", "text_page"},
        {"jsonl"},
        {"loader"},
    ],
    "corpus.text_page": [
        {"ambiguity", "weights"},
        {"lines"},
        {"blocks", "page_head"},
        {"answer_headlines", "answer_parts", "block_splitting", "boilerplate_removal"},
        {"answer_dates", "page_separation", "segmentation"},
        {"page_file"},
        {"page_parts"},
        {"remarks"},
        {"page_parser"},
        {"page"},
    ],
    "corpus.text_page.lines": [
        {"boilerplate_table", "counters", "disclaimers", "line_shape", "vote_lines"},
        {"boilerplate", "person_names", "ratings"},
        {"breadcrumbs", "job_titles"},
        {"author_matching", "bylines"},
        {"authors", "byline_score"},
    ],
    "corpus.text_page.segmentation": [
        {"segments"},
        {"scored_blocks"},
        {"candidate_selection", "reading"},
        {"byline_checks", "count_reconciliation", "layout_checks"},
        {"consistency"},
        {"boundaries"},
    ],
    "embedder": [
        {"huge_pages", "model_files", "prompts", "quantized_matmul", "torch_containment"},
        {"protocol"},
        {"onnx_encoder", "processor"},
        {"quantization"},
        {"export"},
        {"sentence_transformer"},
    ],
    "evaluation": [
        {"intervals", "trec_files"},
        {"abstention"},
        {"metrics"},
        {"html_report", "known_items"},
    ],
    "index": [
        {"array_codec", "documents", "manifest", "vectors", "word_counts"},
        {"bm25", "checked", "protocol"},
        {"field_texts", "folder", "row_map"},
        {"activation", "generation"},
    ],
    "index.vectors": [
        {"protocol"},
        {"faiss_common"},
        {"faiss_flat", "faiss_hnsw"},
        {"kinds"},
    ],
    "indexer": [
        {"changes", "previous", "progress", "user_cache", "vector_cache", "verify"},
        {"export_recipe"},
        {"pipeline"},
        {"build"},
    ],
    "query": [
        {"completion", "followup_patterns", "medical_endings", "terminology"},
        {"spelling", "tagging"},
        {"followup", "synonym_expansion"},
        {"rewriting"},
    ],
    "retriever": [
        {"array_types", "feature_names", "learned", "placed_sentences"},
        {"learned_tables", "statistics"},
        {"fusion", "query_adapter", "scope", "term_scores", "term_weights", "topicality"},
        {"query", "word_vectors"},
        {"features", "highlight"},
        {"candidates", "confidence", "related_questions"},
        {"ranking"},
        {"artifacts"},
        {"offline", "retriever"},
    ],
    "retriever.offline": [
        {"near_duplicates", "own_questions", "own_tables", "question_styles", "title_quality"},
        {"calibration"},
        {"prepare"},
    ],
    "safety": [
        {"normalization", "phrases", "scripts", "segments", "similarity", "weights"},
        {"rules", "table", "unread_languages", "vital_signs"},
        {"assertion", "examples", "language_identification"},
        {"features"},
        {"analysis"},
        {"detection"},
        {"notices"},
        {"gate"},
    ],
    "server": [
        {"assets", "authorship_claims", "batching", "listening", "logs", "origins", "proxy_prefix", "request_body"},
        {"service", "supervisor"},
        {"api", "rendering", "run", "widget"},
        {"middleware", "pages", "problems", "worker"},
        {"app"},
    ],
}
"""The order inside each package: a module imports only from the rows above its own."""
FENCES = {
    "chardet": {"corpus"},
    "faiss": {"index"},
    "sentence_transformers": {"embedder"},
    "onnxruntime": {"embedder"},
    "torch": {"embedder"},
    "fastapi": {"server"},
    "jinja2": {"server"},
    "uvicorn": {"server"},
    "click": {"cli"},
    "sqlite3": {"index", "indexer"},
    "rapidfuzz": {"query"},
    "ir_measures": {"evaluation"},
    "iso3166": {"countries"},
    "platformdirs": {"indexer"},
    "pycld2": {"safety"},
    "idna": {"server"},
    "wcwidth": {"cli"},
}


def imports(path: Path) -> set[str]:
    """Every module that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def module_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def row_of(module: str) -> int:
    return next(n for n, row in enumerate(ROWS) if module in row)


FILES = sorted(SOURCE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_imports_only_lower_rows(path: Path) -> None:
    """No module knows its own row or a higher one."""
    module = module_of(path)
    used = {name.split(".")[1] for name in imports(path) if name.startswith("askdoc.")} - {module}
    used = {name for name in used if (SOURCE / name).is_dir() or (SOURCE / f"{name}.py").is_file()}
    too_high = {other for other in used if row_of(other) >= row_of(module)}
    assert not too_high, f"{module} must not import {too_high}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_library_stays_behind_its_fence(path: Path) -> None:
    """Each third-party library is known to one module."""
    roots = {name.split(".")[0] for name in imports(path)}
    crossed = {name for name in roots & set(FENCES) if module_of(path) not in FENCES[name]}
    assert not crossed, f"{module_of(path)} must not import {crossed}"


def inner_row(package: str, unit: str) -> int:
    return next((n for n, row in enumerate(ORDER[package]) if unit in row), -1)


@pytest.mark.parametrize("package", sorted(ORDER))
def test_inside_a_package_a_module_imports_only_from_rows_above(package: str) -> None:
    """No circle, none hidden in a function either; a package inside a package has one place among the modules."""
    folder = SOURCE / package.replace(".", "/")
    prefix = f"askdoc.{package}."
    units = {path.name.removesuffix(".py") for path in folder.iterdir() if path.suffix == ".py" or path.is_dir()}
    units -= {"__init__", "__pycache__"}
    assert units - {"data"} == set().union(*ORDER[package])
    for path in sorted(folder.rglob("*.py")):
        unit = path.relative_to(folder).parts[0].removesuffix(".py")
        if unit == "__init__":
            continue  # the face hands on names of any of them
        used = {name.removeprefix(prefix).split(".")[0] for name in imports(path) if name.startswith(prefix)}
        wrong = {other for other in used & units - {unit} if inner_row(package, other) >= inner_row(package, unit)}
        assert not wrong, f"{package}/{unit} must not import {wrong}"


def test_every_package_has_an_order() -> None:
    """A new package must be given one."""
    packages = {path.parent.relative_to(SOURCE) for path in FILES if path.name == "__init__.py"} - {Path()}
    several = {".".join(place.parts) for place in packages if len(list((SOURCE / place).glob("*.py"))) > 2}
    assert several == set(ORDER)


def test_a_package_is_a_face() -> None:
    """Code does not live in ``__init__.py``: a face imports names and hands them on."""
    for path in FILES:
        if path.name == "__init__.py" and path.parent != SOURCE:
            body = ast.parse(path.read_text(encoding="utf-8")).body
            defined = [node for node in body if not isinstance(node, ast.ImportFrom | ast.Expr | ast.Assign)]
            assert not defined, f"{path.relative_to(SOURCE)} has code"


def test_no_module_imports_another_ones_private_names() -> None:
    """A name with an underscore belongs to its module alone."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("askdoc"):
                private = [alias.name for alias in node.names if alias.name.startswith("_") and alias.name[1] != "_"]
                assert not private, f"{path.relative_to(SOURCE)} imports {private} of {node.module}"


def test_a_class_name_stands_once() -> None:
    """Whoever reads a name knows which class is meant."""
    places: dict[str, list[str]] = {}
    for path in FILES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(str(path.relative_to(SOURCE)))
    assert not {name: found for name, found in places.items() if len(found) > 1}


def test_every_module_has_a_row() -> None:
    """A new module must be given its place in the order."""
    assert {module_of(path) for path in FILES} <= set().union(*ROWS)


def test_every_module_says_its_job_first() -> None:
    """The first line of a module is a sentence."""
    for path in FILES:
        first = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n")[0]
        assert first.endswith((".", "::")), f"{path.relative_to(SOURCE)}: {first!r}"
