"""How Sphinx builds the pages of this folder: ``make docs``."""

import ast
from pathlib import Path

from sphinx.application import Sphinx

import askdoc

project = "askdoc"
version = release = askdoc.__version__
author = "the askdoc authors"
project_copyright = "the askdoc authors, MIT licence"
extensions = ["myst_parser", "sphinx.ext.autodoc"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
autodoc_typehints = "description"
autodoc_member_order = "bysource"
html_theme = "furo"
html_title = f"askdoc {version}"
html_copy_source = False
html_show_sphinx = False
html_theme_options: dict[str, object] = {"top_of_page_buttons": []}

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent / "src" / "askdoc"


def _module_of(path: Path) -> str:
    parts = ("askdoc", *path.relative_to(SOURCE).with_suffix("").parts)
    return ".".join(part for part in parts if part != "__init__")


def _first_sentence(path: Path) -> str:
    """The first line of a module's docstring, with its code marks as Markdown writes them."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.split("\n")[0].replace("``", "`").replace("|", "\\|")


def _write_modules(_app: Sphinx) -> None:
    """Write the page that lists every module with its job, out of the modules themselves."""
    rows = [f"| `{_module_of(path)}` | {_first_sentence(path)} |" for path in sorted(SOURCE.rglob("*.py"))]
    head = "# Modules\n\nEach module with the first line of its docstring.\n\n| module | its job |\n|---|---|\n"
    page = head + "\n".join(rows) + "\n"
    target = HERE / "modules.md"
    if not target.is_file() or target.read_text(encoding="utf-8") != page:
        target.write_text(page, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("builder-inited", _write_modules)
