"""Writes and reads the files of the shipped tables, each with a head that says how it was made.

A small table is readable JSON: one object, ``made_by`` first. A table of arrays is ``.npz``, a zip of ``head.json``, of
an ``.npy`` for each array and of a ``.txt`` for each list of names, one a line; ``unzip -p TABLE.npz head.json`` prints
its head. Equal content gives equal bytes.
"""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

HEAD = "head.json"
MADE_BY = "made_by"
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every member: the earliest that a zip can hold."""
_WIDTH = 120
"""Values shorter than this stay on one line of a JSON table."""


@dataclass(frozen=True)
class TableContent:
    """What a fit learned: plain values, and where it has some, arrays and lists of names."""

    values: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)


def write(path: Path, content: TableContent, *, made_by: Mapping[str, Any]) -> None:
    """Write a table with its head; ``.npz`` where there are arrays, else JSON."""
    head = {MADE_BY: made_by, **content.values}
    path.write_bytes(_zipped(head, content) if content.arrays else f"{readable(head)}\n".encode())


def made_by(path: Path) -> dict[str, Any]:
    """How a table was made: its command, seed, encoder, data and earlier tables. Raises KeyError without a head."""
    if path.suffix == ".npz":
        with zipfile.ZipFile(path) as members:
            head = json.loads(members.read(HEAD))
    else:
        head = json.loads(path.read_text(encoding="utf-8"))
    found: dict[str, Any] = head[MADE_BY]
    return found


def _zipped(head: Mapping[str, Any], content: TableContent) -> bytes:
    members = {HEAD: f"{readable(head)}\n".encode()}
    members |= {f"{name}.txt": "".join(f"{line}\n" for line in lines).encode() for name, lines in content.names.items()}
    for name, array in content.arrays.items():
        data = io.BytesIO()
        np.save(data, array, allow_pickle=False)
        members[f"{name}.npy"] = data.getvalue()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, member in members.items():
            file.writestr(zipfile.ZipInfo(name, _EPOCH), member, zipfile.ZIP_DEFLATED, compresslevel=9)
    return buffer.getvalue()


def readable(value: Any, indent: str = "") -> str:
    """JSON with one entry a line, but short lists and objects on one line."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or len(indent) + len(line) <= _WIDTH:
        return line
    deeper = indent + " "
    if isinstance(value, dict):
        entries = [f"{json.dumps(key, ensure_ascii=False)}: {readable(one, deeper)}" for key, one in value.items()]
        opening, closing = "{}"
    else:
        entries = [readable(one, deeper) for one in value]
        opening, closing = "[]"
    return f"{opening}\n{deeper}" + f",\n{deeper}".join(entries) + f"\n{indent}{closing}"
