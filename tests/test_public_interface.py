"""What a program may import from askdoc, and that the README's lines of it run."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import askdoc
from askdoc import AskdocError, Assistant, Reply, bootstrap
from askdoc.index.generation import Generation
from askdoc.models import DEFAULT_DISCLAIMER
from tests import tiny
from tests.conftest import ROOT
from tests.making import make_whole

README = (ROOT / "README.md").read_text(encoding="utf-8")


def example() -> str:
    """The lines of Python that the README shows."""
    [found] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    return str(found)


@pytest.fixture
def index(corpus_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A whole index made with the tiny model, in a folder called as the README calls it."""
    make_whole(corpus_folder, tmp_path / "index")
    monkeypatch.setattr(bootstrap, "_trained", lambda _: tiny.TinyEmbedder())
    monkeypatch.chdir(tmp_path)
    return tmp_path / "index"


def test_the_readmes_example_runs(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Word for word but for the model's name; what it prints ends with the disclaimer."""
    assert example().count("Assistant.open(") == 1
    exec(
        compile(example().replace('Assistant.open("index"', 'Assistant.open("index", model="tiny"'), "README", "exec"),
        {},
    )
    assert capsys.readouterr().out.rstrip().endswith(DEFAULT_DISCLAIMER)


def test_the_readmes_example_is_short() -> None:
    """An import and five statements: whoever embeds askdoc sees at a glance what it takes."""
    assert len(ast.parse(example()).body) == 6


def test_an_assistant_answers_from_a_folder(index: Path) -> None:
    """The same reply as everywhere, with the country that was asked for."""
    assistant = Assistant.open(index, model="tiny", country="gb")
    reply = assistant.ask("How long does a bruise last?", max_answers=1)
    assert isinstance(reply, Reply)
    assert reply.index_id == assistant.index_id
    assert "999" in assistant.ask("Who won the cup final?").disclaimer
    [match] = reply.answers
    question, answer = assistant.answer(match.passage.answer.key) or (None, None)
    assert answer == match.passage.answer
    assert question is not None
    assert assistant.answer("unknown") is None


def test_a_conversation_is_passed_as_context(index: Path) -> None:
    """What was asked before tells what "it" is."""
    assistant = Assistant.open(index, model="tiny")
    assert assistant.ask("How long does it last?", context=["Does arnica help a bruise?"]).about


def test_what_is_wrong_is_an_error_of_askdoc(tmp_path: Path, tiny_index: Generation) -> None:
    """One class catches all of them."""
    with pytest.raises(AskdocError, match="Run: askdoc index"):
        Assistant.open(tmp_path / "nothing")
    with pytest.raises(AskdocError, match="country"):
        Assistant.open(tmp_path, country="nowhere")
    with pytest.raises(AskdocError, match="question is empty"):
        Assistant(bootstrap.responder(tiny_index)).ask(" ")


def test_every_public_name_is_there_and_no_other() -> None:
    """A type checker and the interpreter see the same names."""
    for name in askdoc.__all__:
        assert getattr(askdoc, name) is not None
    tree = ast.parse(Path(askdoc.__file__).read_text(encoding="utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test))
    named = {alias.name for node in guarded.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert named == set(askdoc.__all__) - {"__version__"}
    with pytest.raises(AttributeError, match="Responder"):
        _ = askdoc.Responder  # type: ignore[attr-defined]


def test_importing_askdoc_loads_nothing_heavy() -> None:
    """A program that only asks for the version waits for nothing."""
    code = "import sys, askdoc; print(sorted({'numpy', 'fastapi', 'onnxruntime', 'askdoc.models'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
