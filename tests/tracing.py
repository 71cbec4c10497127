"""Runs a program under strace, in a fresh home, and tells what it wrote and to whom it turned."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import askdoc
from tests.tools import needed

CALLS = "network,openat,open,creat,mkdir,mkdirat,rename,renameat,renameat2,symlink,symlinkat,link,linkat"
SOURCE = Path(askdoc.__file__).resolve().parent.parent
WRITES = re.compile(r"(creat|mkdir|mkdirat|rename\w*|symlink\w*|link\w*)\(|open(at)?\(.*\bO_(WRONLY|RDWR|CREAT)\b")
PYTHONS_OWN = re.compile(r"/dev/(null|tty|shm/sem\.)|.*/__pycache__(/|$)")
"""Devices, semaphores that are gone at once, and compiled code beside its source."""
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Place:
    """A folder in which a program runs: its home, its temporary files, its trace, and a corpus and an index."""

    folder: Path

    @classmethod
    def made(cls, folder: Path) -> "Place":
        for name in ("home", "tmp", "work", "trace"):
            (folder / name).mkdir(parents=True)
        return cls(folder)

    @property
    def work(self) -> Path:
        return self.folder / "work"

    def environment(self) -> dict[str, str]:
        """What a newcomer's shell has: nothing that says what may be reported, nothing that keeps the hub away."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            "PYTHONPATH": str(SOURCE),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LANG": "C.UTF-8",
        }

    def command(self, *words: str, name: str, refused: bool = False) -> list[str]:
        """Python with ``words`` under strace; ``refused`` lets no packet out."""
        strace = needed("strace", "-f", "-qq", "-e", "trace=none", "true", package="strace")
        cut = ["-e", "inject=connect,sendto,sendmsg,sendmmsg:error=ENETUNREACH"] if refused else []
        out = ["-o", str(self.folder / "trace" / name)]
        return [strace, "-ff", "-qq", "--seccomp-bpf", "-e", f"trace={CALLS}", *cut, *out, sys.executable, *words]

    def run(self, *words: str, name: str) -> subprocess.CompletedProcess[str]:
        """A program that ends by itself."""
        return subprocess.run(
            self.command(*words, name=name), cwd=self.work, env=self.environment(), capture_output=True, text=True,
            check=False, timeout=600,
        )  # fmt: skip

    def start(self, *words: str, name: str, refused: bool = False) -> subprocess.Popen[str]:
        """A program that runs until its input is closed, or it is told to stop."""
        return subprocess.Popen(
            self.command(*words, name=name, refused=refused), cwd=self.work, env=self.environment(),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def traced(self, name: str) -> list[str]:
        """Every call of the program and of what it started."""
        files = sorted((self.folder / "trace").glob(f"{name}.*"))
        return [line for file in files for line in file.read_text("utf-8", errors="replace").splitlines()]

    def reached(self, name: str) -> list[str]:
        """Each call by which a program turned to somebody else: connections, packets, listeners, names looked up."""
        return [line for line in self.traced(name) if _reaches_out(line)]

    def written(self, name: str, *allowed: str) -> list[str]:
        """Each path that a program wrote to, but for those below the ``allowed`` folders of its place."""
        roots = [str(self.folder / one) for one in allowed]
        paths = [os.path.join(self.work, path) for line in self.traced(name) for path in _paths(line)]  # noqa: PTH118
        return [path for path in paths if not any(path == root or path.startswith(f"{root}/") for root in roots)]

    def left(self) -> list[str]:
        """Everything that stands in the home and among the temporary files."""
        return [str(path) for name in ("home", "tmp") for path in (self.folder / name).rglob("*")]


def _reaches_out(line: str) -> bool:
    if line.startswith("connect("):  # a look-up of a host's name begins with one, too; that of a user's is asked here
        return "/nscd/socket" not in line
    if line.startswith(("sendto(", "sendmsg(", "sendmmsg(")):
        return "sa_family=AF_INET" in line
    if line.startswith("bind("):
        return "sa_family=AF_INET" in line and 'inet_addr("127.0.0.1")' not in line
    return "/etc/resolv.conf" in line


def _paths(line: str) -> list[str]:
    """The paths that a call made or opened for writing, but for what is Python's own."""
    if not WRITES.match(line) or " = -1 " in line:
        return []
    return [path for path in QUOTED.findall(line) if not PYTHONS_OWN.match(path)]
