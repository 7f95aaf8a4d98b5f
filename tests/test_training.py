"""The training commands, end to end, as a user types them."""

import errno
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer import Exit

from commands.options import plainly
from rl.train import Run
from synth.pool import Pool
from tests.conftest import ROOT
from tests.endpoint import Endpoint

SMALL = """
[grow]
tasks = 27
[compose]
n = 30
operators = "sequential"
[tasks]
problems = 20
composites = 4
[tiny]
width = 64
warm_steps = 3
[trainer]
steps = 3
prompts = 4
group = 4
save_every = 2
[eval]
k = [1, 2]
"""


def brickyard(*words: object, timeout: int = 300) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "brickyard.py"), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=timeout)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `brickyard run` has run: pool/, run/ and small.toml."""
    home = tmp_path_factory.mktemp("pipeline")
    (home / "small.toml").write_text(SMALL)
    done = brickyard("run", "--config", home / "small.toml", "--pool", home / "pool", "--run-dir", home / "run")
    assert done.returncode == 0, done.stderr
    (home / "said.txt").write_text(done.stdout)
    return home


def test_run_goes_from_seeds_to_a_table_of_before_and_after(home: Path) -> None:
    said = (home / "said.txt").read_text()
    stages = [said.index(f"\n{stage}  ") for stage in ("grow", "audit", "compose", "train", "eval", "report")]
    assert stages == sorted(stages)
    table = said[said.index("Mean score, before and after training") :]
    for split in ("instances", "environments", "compositions", "depths"):
        assert split in table
    assert (home / "run" / "report.html").stat().st_size > 10_000


def test_run_again_does_nothing_twice(home: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (home / "run" / "rollouts").iterdir()}
    done = brickyard("run", "--config", home / "small.toml", "--pool", home / "pool", "--run-dir", home / "run")
    assert done.returncode == 0, done.stderr
    assert {path: path.stat().st_mtime_ns for path in (home / "run" / "rollouts").iterdir()} == before
    assert "0 completions asked for" in done.stdout
    assert "finished before" in done.stdout


def test_eval_asks_a_split_or_the_problems_of_a_file(home: Path) -> None:
    asked = ("--run-dir", home / "run", "--pool", home / "pool", "--composites", home / "run" / "composites.jsonl")
    done = brickyard("eval", *asked, "--split", "heldout-depths", "--k", "1", "--json")
    assert done.returncode == 0, done.stderr
    assert {k: v["problems"] for k, v in json.loads(done.stdout)["splits"].items()} == {"heldout-depths": 20}
    file = home / "some.jsonl"
    file.write_text('{"term": "reverse_digits", "seed": 3, "difficulty": 1}\n')
    done = brickyard("eval", *asked, "--split", file, "--k", "2", "--json")
    assert done.returncode == 0, done.stderr
    (result,) = json.loads(done.stdout)["splits"].values()
    assert [(row["term"], row["seed"], len(row["scores"])) for row in result["rows"]] == [("reverse_digits", 3, 2)]


def test_eval_asks_an_endpoint(home: Path) -> None:
    with Endpoint(lambda messages: "I think so. <answer>[1]</answer>") as server:
        done = brickyard(
            "eval", "--run-dir", home / "run", "--pool", home / "pool", "--split", "heldout-instances", "--k", "1",
            "--composites", home / "run" / "composites.jsonl", "--base-url", server.url, "--model", "m", "--json",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert server.requests == 20
    assert json.loads(done.stdout)["splits"]["heldout-instances"]["mean"]["value"] == 0


def test_rescore_tells_what_a_mended_verifier_changes(home: Path) -> None:
    words = ("rescore", "--run-dir", home / "run", "--pool", home / "pool", "--json")
    assert json.loads(brickyard(*words).stdout)["changed"] == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("train", "--pool", "{home}/none"), "holds no environments"),
        (("train", "--preset", "best"), "there is no preset 'best'; there are demo, races"),
        (("train", "--config", "{home}/none.toml"), "none.toml: cannot be read"),
        (("train", "--pool", "{home}/pool", "--composites", "{home}/none.jsonl"), "there is no such file"),
        (("train", "--pool", "{home}/pool", "--config", "{home}/small.toml", "--run-dir", "{home}/run"), "--resume"),
        (("train", "--pool", "{home}/pool", "--track", "paper"), "--track 'paper' is not known"),
        (("eval", "--run-dir", "{home}/none", "--pool", "{home}/pool"), "is no run"),
        (("eval", "--run-dir", "{home}/run", "--pool", "{home}/pool", "--k", "all"), "write whole numbers by comma"),
        (("eval", "--run-dir", "{home}/run", "--pool", "{home}/pool", "--split", "best"), "no split and no file"),
        (("rescore", "--run-dir", "{home}/none", "--pool", "{home}/pool"), "splits.json"),
        (("report", "--run-dir", "{home}/none"), "is no run"),
    ],
)
def test_bad_input_ends_in_one_line(home: Path, words: tuple[str, ...], told: str) -> None:
    done = brickyard(*(word.replace("{home}", str(home)) for word in words))
    assert done.returncode == 1
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_key_that_is_not_known_and_a_value_of_the_wrong_type_are_named(tmp_path: Path) -> None:
    for text, told in (("[trainer]\nstep = 3\n", "trainer.step is not known"), ("seed = 'x'\n", "seed is 'x'")):
        (tmp_path / "bad.toml").write_text(text)
        done = brickyard("train", "--config", tmp_path / "bad.toml")
        assert (done.returncode, told in done.stderr) == (1, True)


def test_an_environment_that_was_edited_since_is_found_when_a_run_is_resumed(home: Path, tmp_path: Path) -> None:
    pool = Pool(home / "pool")
    run = Run(home / "run")
    source = pool["reverse_digits"].program.source
    file = home / "pool" / "basics" / "reverse_digits.py"
    try:
        file.write_text(source.replace("list", "row", 1))
        done = brickyard("rescore", "--run-dir", run.folder, "--pool", home / "pool", "--json")
    finally:
        file.write_text(source)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["gone"] > 0
    assert "reverse_digits.json: the source was changed" in done.stderr


def test_a_full_disk_is_one_line_and_any_other_failure_of_ours_is_a_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(Exit), plainly():
        raise OSError(errno.ENOSPC, "No space left on device", "rollouts/000007.parquet")
    assert "rollouts/000007.parquet: No space left on device; make room" in capsys.readouterr().err
    with pytest.raises(OSError, match="Bad file descriptor"), plainly():
        raise OSError(errno.EBADF, "Bad file descriptor")


def test_export_writes_the_held_out_problems_for_inspect_ai(home: Path, tmp_path: Path) -> None:
    done = brickyard("export", tmp_path / "task", "--run-dir", home / "run", "--pool", home / "pool")
    assert done.returncode == 0, done.stderr
    assert "brickyard_task.py" in done.stdout
    splits = json.loads((tmp_path / "task" / "splits.json").read_text())
    assert {name: len(names) for name, names in splits["problems"].items()} == {
        f"heldout-{what}": 20 for what in ("instances", "environments", "compositions", "depths")
    }
