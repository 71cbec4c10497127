"""The order of the modules, and which of them may use which library."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src" / "askdoc"
ROWS = [
    {"models", "errors", "text", "filenames"},
    {"countries"},
    {"settings", "durable", "doctors"},
    {"corpus", "embedder", "query", "safety"},
    {"index"},
    {"retriever"},
    {"responder"},
    {"indexer"},
    {"evaluation", "live"},
    {"bootstrap", "server"},
    {"assistant", "cli"},
    {"__main__", "__init__"},
]
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


def test_every_module_has_a_row() -> None:
    """A new module must be given its place in the order."""
    assert {module_of(path) for path in FILES} <= set().union(*ROWS)


def test_every_module_says_its_job_first() -> None:
    """The first line of a module is a sentence."""
    for path in FILES:
        first = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n")[0]
        assert first.endswith((".", "::")), f"{path.relative_to(SOURCE)}: {first!r}"
