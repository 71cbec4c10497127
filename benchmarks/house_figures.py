"""How large the house is and how plain its names are, counted in the source.

Run: ``python -m benchmarks.house_figures [FOLDER …]``: one column for each package's folder, by default ``src/askdoc``.
"""

import ast
import statistics
import sys
from collections import Counter
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src" / "askdoc"
RIDDLES = ("The same", "So many", "They", "From so many")
"""How no first line of a docstring should begin: its noun stands somewhere else."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


def figures(folder: Path) -> dict[str, str]:
    """Count the modules below a folder; name → figure, as it is printed."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.py"))}
    nodes = [node for tree in trees.values() for node in ast.walk(tree)]
    functions = [node for node in nodes if isinstance(node, Function)]
    lengths = sorted((node.end_lineno or 0) - node.lineno + 1 for node in functions)
    firsts = [first_line(tree) for tree in trees.values()]
    documented = [first_line(node) for node in nodes if isinstance(node, Function | ast.ClassDef | ast.Module)]
    faces = [path for path in trees if path.name == "__init__.py"]
    classes = Counter(node.name for node in nodes if isinstance(node, ast.ClassDef) and not is_nested(node, functions))
    return {
        "modules": f"{len(trees)}",
        "lines": f"{sum(len(path.read_text(encoding='utf-8').splitlines()) for path in trees):,}",
        "longest module, lines": f"{max(len(path.read_text(encoding='utf-8').splitlines()) for path in trees)}",
        "functions": f"{len(functions):,}",
        "lines of a function: median, nine tenths, longest": " · ".join(
            f"{value:g}" for value in (statistics.median(lengths), lengths[len(lengths) * 9 // 10], lengths[-1])
        ),
        "modules whose first line has an “and”": f"{sum(' and ' in line for line in firsts)}",
        "docstrings that begin with a riddle": f"{sum(line.startswith(RIDDLES) for line in documented)}",
        "functions with more than five parameters": f"{sum(parameters(node) > 5 for node in functions)}",
        "lines in `__init__.py`": f"{sum(len(path.read_text(encoding='utf-8').splitlines()) for path in faces):,}",
        "functions and classes in `__init__.py`": f"{sum(defined(trees[path]) for path in faces)}",
        "class names that stand twice": f"{sum(often > 1 for often in classes.values())}",
    }


def first_line(node: Function | ast.ClassDef | ast.Module) -> str:
    """The first line of a docstring; empty where there is none."""
    return (ast.get_docstring(node) or "").split("\n")[0]


def parameters(function: Function) -> int:
    """How many parameters a caller can pass. ``self`` and ``cls`` are none; a command's are passed by click."""
    if any(
        "click" in ast.unparse(decorator) or "setting(" in ast.unparse(decorator)
        for decorator in function.decorator_list
    ):
        return 0
    taken = function.args
    names = [argument.arg for argument in (*taken.posonlyargs, *taken.args, *taken.kwonlyargs)]
    return sum(name not in {"self", "cls"} for name in names)


def defined(tree: ast.Module) -> int:
    """How many functions and classes stand in a module, nested ones included."""
    return sum(isinstance(node, Function | ast.ClassDef) for node in ast.walk(tree))


def is_nested(node: ast.ClassDef, functions: list[Function]) -> bool:
    """Whether a class stands inside a function."""
    return any(node in ast.walk(function) for function in functions)


def main() -> None:
    """Print a table in Markdown."""
    folders = [Path(name) for name in sys.argv[1:]] or [SOURCE]
    columns = [figures(folder) for folder in folders]
    print("| |", " | ".join(str(folder) for folder in folders), "|")
    print("|---|" + "--:|" * len(folders))
    for name in columns[0]:
        print(f"| {name} |", " | ".join(column[name] for column in columns), "|")


if __name__ == "__main__":
    main()
