"""The real commands with the real model, on a little corpus and on the page that the project began with."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from askdoc import bootstrap
from askdoc.models import DEFAULT_DISCLAIMER, NO_ANSWER_ADVICE, Confidence
from askdoc.settings import Settings
from tests.cli.commands import run, shell
from tests.waiting import LONG_S

pytestmark = pytest.mark.model

PHRASINGS = [
    "Can facial exercises tighten skin by increasing facial muscles? If so, can you explain the best exercises?",
    "does exercising my face make the skin firmer",
    "I keep seeing face yoga videos. Will working out the muscles in my face get rid of sagging skin?",
    "facial muscle workouts for loose skin",
    "Is there any workout for the face that would tighten it up?",
]


@pytest.fixture(scope="module")
def place(default_export: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a corpus of one page, one record and one file that is no page, indexed by the real command."""
    from tests.conftest import PAGE, RECORD

    folder = tmp_path_factory.mktemp("place")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "bruise.txt").write_text(PAGE, encoding="utf-8")
    (folder / "corpus" / "more.jsonl").write_text(RECORD, encoding="utf-8")
    (folder / "corpus" / "notes.txt").write_text("Buy milk.\n", encoding="utf-8")
    done = run("index", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    (folder / "report.json").write_text(done.stdout, encoding="utf-8")
    return folder


def test_index_reports_what_it_read_and_what_it_left_out(place: Path) -> None:
    """The exact rows, and the rejected file with its line, reason and hint."""
    report = json.loads((place / "report.json").read_text(encoding="utf-8"))
    counts = {name: report[name] for name in ("pages", "questions", "answers", "passages")}
    assert counts == {"pages": 3, "questions": 2, "answers": 3, "passages": 3}
    assert report["encoder"] == "packed in whole numbers"
    [rejected] = report["rejected"]
    assert (rejected["file"], rejected["line"]) == ("notes.txt", 1)
    assert "Doctor Answers" in rejected["reason"] + rejected["hint"]


def test_ask_gives_the_passages_with_their_doctors(place: Path) -> None:
    """The exact passages, in order, and the whole document on stdout alone."""
    done = run("ask", "--json", "How long does a bruise last?", cwd=place)
    reply = json.loads(done.stdout)
    assert done.returncode == 0
    first, second = reply["answers"][:2]
    assert {(answer["passage"], answer["doctor"]["name"], answer["doctor"]["title"]) for answer in (first, second)} == {
        ("A bruise fades within two weeks. It turns yellow first.", "Anna Example, MD", "Springfield Dermatologist"),
        ("Cold helps on the first day. See a doctor if a bruise comes without a blow.", None, "Shelbyville Dentist"),
    }
    assert reply["confidence"] == "strong"
    assert reply["disclaimer"].startswith("For education only; this is no medical advice.")


def test_ask_in_the_terminal_ends_with_the_disclaimer(place: Path) -> None:
    """Attribution under the passage, disclaimer last."""
    text = run("ask", "Does green tea stain teeth?", cwd=place).stdout
    passage, doctor = text.index("Green tea stains less"), text.index("— Ben Example")
    assert passage < doctor < text.index("For educational use only.")
    disclaimer = json.loads(run("ask", "--json", "Does green tea stain teeth?", cwd=place).stdout)["disclaimer"]
    assert " ".join(text.split()).endswith(" ".join(disclaimer.split()))


def test_strict_exits_with_5_where_there_is_nothing(place: Path) -> None:
    """And says so on stdout, with the disclaimer."""
    done = run("ask", "--strict", "how do I change the tyre of a bicycle", cwd=place)
    assert done.returncode == 5
    text = " ".join(done.stdout.split())
    assert f"{Confidence.NONE.sentence} {NO_ANSWER_ADVICE}" in text
    assert text.endswith(DEFAULT_DISCLAIMER)


def test_a_second_run_changes_nothing_and_strict_exits_with_3(place: Path) -> None:
    """The rejected file is still reported; --strict makes it an error."""
    done = run("index", "--json", "--strict", cwd=place)
    report = json.loads(done.stdout)
    assert (done.returncode, report["changed"], report["embedded"], len(report["rejected"])) == (3, False, 0, 1)


def test_an_index_of_another_model_is_refused(place: Path) -> None:
    """With what to run."""
    done = run("ask", "--model", "other/model", "bruise", cwd=place)
    assert (done.returncode, "made with the model all-MiniLM-L6-v2" in done.stderr) == (4, True)


def test_info_shows_the_index_and_where_each_setting_comes_from(place: Path) -> None:
    """Option, environment, file and default."""
    document = json.loads(run("info", "--json", "--port", "9", cwd=place, ASKDOC_HOST="::1").stdout)
    assert document["settings"]["port"] == {"value": 9, "from": "option --port"}
    assert document["settings"]["host"] == {"value": "::1", "from": "environment ASKDOC_HOST"}
    index = document["index"]
    assert (index["answers"], index["encoder"]) == (3, "packed in whole numbers")


def test_ask_does_not_load_the_training_libraries(place: Path) -> None:
    """A question needs neither torch nor transformers."""
    code = (
        "import sys; sys.argv = ['askdoc', 'ask', 'bruise']\n"
        "from askdoc.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "names = ('torch', 'transformers', 'sentence_transformers')\n"
        "print([name for name in names if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=place, capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_serve_answers_over_http_and_stops_on_a_signal(place: Path) -> None:
    """It prints its address, gives the same document as ask, and leaves with 0 on SIGINT."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "askdoc", "serve", "--port", str(port)],
        cwd=place, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        assert f"http://127.0.0.1:{port}" in server.stdout.readline()
        body = json.dumps({"question": "How long does a bruise last?"}).encode()
        asked = urllib.request.Request(f"http://127.0.0.1:{port}/v1/ask", body, {"content-type": "application/json"})
        with urllib.request.urlopen(asked, timeout=LONG_S) as response:
            over_http = json.load(response)
        in_terminal = json.loads(run("ask", "--json", "How long does a bruise last?", cwd=place).stdout)
        assert {**over_http, "took_ms": 0} == {**in_terminal, "took_ms": 0}
    finally:
        server.send_signal(signal.SIGINT)
        _, errors = server.communicate(timeout=LONG_S)
    assert server.returncode in (0, 130)
    assert "bruise" not in errors


def test_a_port_in_use_is_a_sentence(place: Path) -> None:
    """With what to choose instead."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("serve", "--port", str(taken.getsockname()[1]), cwd=place)
    assert (done.returncode, "Choose others with --host and --port" in done.stderr) == (2, True)


def test_a_killed_build_leaves_the_index_as_it_was(place: Path) -> None:
    """SIGKILL in the middle of a full build: the old index still answers."""
    before = (place / "index" / "CURRENT").read_bytes()
    build = subprocess.Popen(
        [sys.executable, "-m", "askdoc", "index", "--full"], cwd=place, stderr=subprocess.PIPE, text=True
    )
    assert build.stderr is not None
    assert any("Loading the model" in line for line in iter(build.stderr.readline, ""))
    build.kill()
    build.communicate()
    assert (place / "index" / "CURRENT").read_bytes() == before
    assert run("ask", "bruise", cwd=place).returncode == 0


def test_a_page_whose_file_name_is_no_text_is_served(place: Path, tmp_path: Path) -> None:
    """Indexed, asked, verified and shown; the manifest that says so can be read."""
    from tests.conftest import PAGE

    (tmp_path / "corpus").mkdir()
    try:
        (tmp_path / "corpus" / os.fsdecode(b"caf\xe9\n.txt")).write_text(PAGE, encoding="utf-8")
    except OSError:
        pytest.skip("the file system refuses such a name")
    done = run("index", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    reply = json.loads(run("ask", "--json", "How long does a bruise last?", cwd=tmp_path).stdout)
    assert {answer["question_id"] for answer in reply["answers"]} == {r"caf\xe9\x0a"}
    assert r"Answer caf\xe9\x0a:1" in run("ask", "How long does a bruise last?", cwd=tmp_path).stdout
    assert (run("verify", cwd=tmp_path).returncode, run("info", "--json", cwd=tmp_path).returncode) == (0, 0)


def test_a_folder_above_whose_name_is_no_text_is_no_hindrance(place: Path) -> None:
    """An index is opened by a name below the current folder."""
    elsewhere = place / os.fsdecode(b"caf\xe9")
    try:
        shutil.copytree(place / "index", elsewhere / "index")
    except OSError:
        pytest.skip("the file system refuses such a name")
    done = run("ask", "--json", "How long does a bruise last?", cwd=elsewhere)
    assert (done.returncode, json.loads(done.stdout)["confidence"]) == (0, "strong"), done.stderr


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "cp437", "ascii"])
def test_a_reply_in_another_encoding_has_every_word(place: Path, encoding: str) -> None:
    """Signs for lines and arrows are plain ones, and what the encoding has stands as it is."""
    done = shell("$A ask 'How long does a bruise last?'", place, PYTHONIOENCODING=encoding)
    text = done.stdout.decode(encoding)
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
    assert "   | A bruise fades within two weeks. It turns yellow first." in text.splitlines()
    assert "   -- Anna Example, MD, Springfield Dermatologist * 4.5 out of 5, 3 reviews" in text.splitlines()


@pytest.mark.parametrize(
    ("script", "code", "sentence"),
    [
        ("$A ask bruise > /dev/full", 1, b"No space left on device"),
        ("$A ask bruise >&-", 1, b"the output is closed"),
        ("$A ask --json bruise >&-", 1, b"the output is closed"),
        ("set -o pipefail; $A ask bruise | true", 0, b""),
        ("$A index 2> /dev/full", 0, b""),
        ("$A index 2>&-", 0, b""),
        ("$A index >&- 2>&- <&-", 1, b""),
        ("$A index --index other 2> >(true)", 0, b""),
    ],
)
def test_a_reply_that_cannot_be_written_is_a_sentence(place: Path, script: str, code: int, sentence: bytes) -> None:
    """And a build goes on though nobody hears how it goes."""
    done = shell(script, place)
    assert (done.returncode, b"Traceback" in done.stderr, sentence in done.stderr) == (code, False, True)


@pytest.fixture(scope="module")
def seed_place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own demonstration corpus with the user's page among it."""
    from tests.conftest import ROOT, SEED

    if not SEED.is_file():
        pytest.skip("the seed page is not beside this checkout")
    folder = tmp_path_factory.mktemp("seed")
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    (folder / "corpus" / "cosmetic-surgery" / "facial-exercises.txt").unlink()
    shutil.copy(SEED, folder / "corpus" / "seed-page.txt")
    assert run("index", cwd=folder).returncode == 0
    return folder


@pytest.mark.parametrize("question", PHRASINGS)
def test_the_first_pages_question_finds_both_its_doctors(seed_place: Path, question: str) -> None:
    """However it is put, and before all others."""
    reply = json.loads(run("ask", "--json", question, cwd=seed_place).stdout)
    doctors = [(answer["doctor"]["name"], answer["doctor"]["title"]) for answer in reply["answers"][:2]]
    assert sorted(doctors, key=str) == [
        ("Drew Varano, MD", "Washington DC Physician"),
        (None, "San Francisco Plastic Surgeon"),
    ]
    assert "should not be relied upon as a substitute for medical advice" in reply["disclaimer"]


def test_a_follow_up_in_the_terminal(place: Path) -> None:
    """--context is what was asked before; the topic is said."""
    words = ["ask", "--context", "Is green tea bad?", "And does it stain teeth?"]
    assert "Still about: green tea" in run(*words, cwd=place).stdout
    reply = json.loads(run(*words, "--json", cwd=place).stdout)
    assert (reply["about"], reply["answers"][0]["question_id"]) == ("green tea", "tea")


def test_eval_measures_with_files(place: Path) -> None:
    """Figures on stdout, the run and the report where they are wanted."""
    (place / "q.jsonl").write_text('{"id": "q1", "text": "Does green tea stain teeth?"}\n', encoding="utf-8")
    (place / "r.tsv").write_text("q1\ttea-1\t1\n", encoding="utf-8")
    files = ["--queries", "q.jsonl", "--qrels", "r.tsv"]
    done = run("eval", *files, "--run", "run.txt", "--html", "report.html", "--json", cwd=place)
    document = json.loads(done.stdout)
    assert (done.returncode, document["measures"]["P@1"], document["confidence"]["strong"]["first_fits"]) == (0, 1.0, 1)
    first = (place / "run.txt").read_text(encoding="utf-8").splitlines()[0].split()
    assert (first[:4], first[-1]) == (["q1", "Q0", "tea-1", "1"], "strong")
    assert "<svg" in (place / "report.html").read_text(encoding="utf-8")
    assert "nDCG@10    100.0 %" in run("eval", *files, cwd=place).stdout


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the project's own corpus, indexed."""
    from tests.conftest import ROOT

    folder = tmp_path_factory.mktemp("demonstration")
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    assert run("index", cwd=folder).returncode == 0
    return folder


@pytest.mark.parametrize(
    ("question", "other", "page"),
    [
        ("xerostomia", "dry mouth", "dentistry/dry-mouth-all-day"),
        ("rinoplasty and breathing", "rhinoplasty, nose job", "cosmetic-surgery/rhinoplasty-bump-and-breathing"),
        ("do I have urticaria", "hives, welts", "dermatology/hives-after-new-medicine"),
    ],
)
def test_other_words_find_the_page(demonstration: Path, question: str, other: str, page: str) -> None:
    """A clinical name or a slip; what was searched for beside the question is said."""
    assert f"Searched also for: {other}" in run("ask", question, cwd=demonstration).stdout
    reply = json.loads(run("ask", "--json", question, cwd=demonstration).stdout)
    assert reply["answers"][0]["question_id"] == page


def test_no_card_of_the_demonstration_corpus_marks_a_source(demonstration: Path) -> None:
    """All stored questions: the line that names the source is shown below the passage and is not in it."""
    settings = Settings(corpus=demonstration / "corpus", index=demonstration / "index")
    opened = bootstrap.open_generation(settings)
    responder = bootstrap.responder(opened)
    cards = [match for _, title in opened.documents.asked() for match in responder.reply(title).answers]
    assert len(cards) > 48
    for match in cards:
        assert match.highlights
        assert "Facts drawn from" not in match.passage.text
        assert str(match.source_text).startswith("Facts drawn from: ")


def test_every_question_of_the_demonstration_corpus_finds_its_own_page(demonstration: Path) -> None:
    """eval --self over all of it; a page that is missed makes it fail."""
    done = run("eval", "--self", "--json", cwd=demonstration)
    document = json.loads(done.stdout)
    assert (done.returncode, document["missed"], document["unaskable"]) == (0, [], [])
    assert document["asked"] >= 48
