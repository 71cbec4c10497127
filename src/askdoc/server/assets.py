"""The web folder: where templates and static files lie, and the widget's scripts as they are sent."""

import base64
import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

WIDGET_PATH = "/widget/v1"
"""Where the widget's scripts are served; the same path names their folder below ``static``."""
LOADER = "askdoc.js"
"""The script that a page loads; it knows the hashes of the others."""


@dataclass(frozen=True, slots=True)
class WidgetScript:
    """One script of the widget, compressed once when the application is made."""

    content: bytes
    gzipped: bytes
    etag: str
    version: str
    """The beginning of the content's hash; the loader writes it into the addresses of the other scripts."""

    @classmethod
    def read(cls, path: Path) -> "WidgetScript":
        content = path.read_bytes()
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        return cls(content, gzip.compress(content, 9, mtime=0), f'"{digest}"', digest[:12])


def web_folder() -> Path:
    """The folder of templates and static files: in the installed package, or at the top of a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "web"
    return installed if installed.is_dir() else package.parent.parent / "web"


def widget_scripts() -> dict[str, WidgetScript]:
    """The widget's scripts by file name."""
    return {path.name: WidgetScript.read(path) for path in _widget_folder().glob("*.js")}


def loader_integrity() -> str:
    """The loader's hash, as the ``integrity`` attribute of a page's script element holds it."""
    digest = hashlib.sha384((_widget_folder() / LOADER).read_bytes()).digest()
    return "sha384-" + base64.b64encode(digest).decode()


def _widget_folder() -> Path:
    return web_folder() / "static" / WIDGET_PATH.lstrip("/")
