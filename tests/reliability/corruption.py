"""Damages an index again and again, and looks whether it is refused, with the name of the file that is damaged.

    python -m tests.reliability.corruption [--cases N] [--seed N] [--without hashes]

Every file of a generation is flipped, overwritten, cut short, lengthened, emptied, removed, exchanged for the same
file of another generation, and replaced by a link, a folder and a pipe. CURRENT and the cache are damaged too: a
broken CURRENT falls back to the newest whole generation, a broken cache is embedded anew.
"""

import argparse
import contextlib
import faulthandler
import json
import logging
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from askdoc.errors import IndexUnusable
from askdoc.index import checked
from askdoc.index.folder import IndexFolder
from tests.reliability import fault_injection, faults

LONGEST_S = 300
Harm = Callable[[Path, Path, random.Random], None]


def _flip(path: Path, _: Path, chosen: random.Random) -> None:
    data = bytearray(path.read_bytes())
    data[chosen.randrange(len(data))] ^= 1 << chosen.randrange(8)
    path.write_bytes(data)


def _overwrite(path: Path, _: Path, chosen: random.Random) -> None:
    data = bytearray(path.read_bytes())
    start = chosen.randrange(len(data))
    size = min(chosen.randrange(1, 4096), len(data) - start)
    data[start : start + size] = bytes(byte ^ 0x5A for byte in data[start : start + size])
    path.write_bytes(data)


def _cut(path: Path, _: Path, chosen: random.Random) -> None:
    os.truncate(path, chosen.randrange(path.stat().st_size))


def _lengthen(path: Path, _: Path, chosen: random.Random) -> None:
    with path.open("ab") as file:
        file.write(chosen.randbytes(chosen.randrange(1, 4096)))


def _empty(path: Path, _: Path, __: random.Random) -> None:
    os.truncate(path, 0)


def _remove(path: Path, _: Path, __: random.Random) -> None:
    path.unlink()


def _exchange(path: Path, other: Path, _: random.Random) -> None:
    shutil.copyfile(other, path)


def _link(path: Path, other: Path, _: random.Random) -> None:
    kept = path.read_bytes()
    path.unlink()
    target = other.parent.parent / "elsewhere"
    target.write_bytes(kept)
    path.symlink_to(target)


def _folder(path: Path, _: Path, __: random.Random) -> None:
    path.unlink()
    path.mkdir()


def _pipe(path: Path, _: Path, __: random.Random) -> None:
    path.unlink()
    os.mkfifo(path)


HARMS: tuple[Harm, ...] = (*(_flip, _overwrite, _cut, _exchange) * 4, _lengthen, _empty, _remove, _link, _folder, _pipe)


def run(cases: int, seed: int = 0, harms: tuple[Harm, ...] = HARMS) -> dict[str, int]:
    """Damage a generation ``cases`` times. What is not ``refused`` with the file's name is a failure."""
    tally = dict.fromkeys(("cases", "refused", "unnamed", "answered", "crashed"), 0)
    chosen = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        start = place / "start"
        for number in range(2):
            fault_injection.make(fault_injection.write_corpus(place / "corpus", f"Wording {number}."), start)
        older, newer = sorted(IndexFolder(start).generations())
        while tally["cases"] < cases:
            file = chosen.choice(sorted(path.name for path in (start / newer).iterdir()))
            index = faults.fresh(start, place / "index")
            path = index / newer / file
            kept = path.read_bytes()
            path.chmod(0o644)
            chosen.choice(harms)(path, index / older / file, chosen)
            if path.is_file() and not path.is_symlink() and path.read_bytes() == kept:
                continue  # no damage at all
            shutil.rmtree(index / older)
            tally["cases"] += 1
            tally[_outcome(index, f"{newer}/{file}")] += 1
    return tally


def _outcome(index: Path, named: str) -> str:
    faulthandler.dump_traceback_later(LONGEST_S, exit=True)  # a hang ends the whole run, unmistakably
    try:
        fault_injection.opened(index)
    except IndexUnusable as error:
        return "refused" if named in str(error) else "unnamed"
    except Exception as error:
        print(f"  {named}: {type(error).__name__}: {error}", file=sys.stderr)
        return "crashed"
    finally:
        faulthandler.cancel_dump_traceback_later()
    return "answered"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--without", choices=["hashes"], help="take a guard out first")
    given = parser.parse_args()
    logging.getLogger("askdoc").setLevel(logging.CRITICAL)
    with mock.patch.object(checked, "_problem", return_value=None) if given.without else contextlib.nullcontext():
        # Without the check, SQLite would wait for the pipe for ever.
        harms = tuple(harm for harm in HARMS if harm is not _pipe) if given.without else HARMS
        tally = run(given.cases, given.seed, harms)
    print(json.dumps(tally))
    sys.exit(tally["refused"] != tally["cases"])


if __name__ == "__main__":
    main()
