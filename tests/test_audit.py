"""`brickyard audit` as a user runs it: files, a pool that it goes on with and takes things out of, and bad input."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from synth.compose.store import Composites
from synth.pool import Pool, record
from synth.program import read
from tests.conftest import EXAMPLES, ROOT

RUN = next(path for path in EXAMPLES if path.stem == "longest_run").read_text()
SOLVED = """def solve(xs: list[int]) -> int:
    best = length = 1
    for before, here in zip(xs, xs[1:]):
        length = length + 1 if before == here else 1
        best = max(best, length)
    return best
"""


def brickyard(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "brickyard.py"), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def rows(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def pool(tmp_path: Path) -> Pool:
    """Two environments that keep the laws, and one that was admitted though it does not."""
    filled = Pool(tmp_path / "pool")
    names = {
        "longest_run": RUN,
        "prefix_sums": next(path for path in EXAMPLES if path.stem == "prefix_sums").read_text(),
    }
    names["sloppy"] = RUN.replace("answer == solve(xs)", "abs(answer - solve(xs)) < 2").replace("Longest", "Sloppy")
    certificate = {"certificate": {"false_accepts": {"odd": {"tried": 9, "accepted": 0}}}}
    for name, source in names.items():
        filled.add(record(name, "lists", read(source), {}, certificate))
    return filled


def test_an_audit_of_a_pool_keeps_what_it_measured_and_does_not_measure_it_again(pool: Pool) -> None:
    first = brickyard("audit", "--pool", pool.folder, "--json")
    assert (first.returncode, [row["admitted"] for row in rows(first)]) == (1, [True, True, False])
    kept = Pool(pool.folder).audited("longest_run")
    assert kept is not None
    assert kept["certificate"] == rows(first)[0]["certificate"]
    again = brickyard("audit", "--pool", pool.folder)
    assert "3 were audited before" in again.stdout
    assert rows(brickyard("audit", "--pool", pool.folder, "--json")) == rows(first)


def test_other_questions_are_asked_again(pool: Pool, tmp_path: Path) -> None:
    brickyard("audit", "--pool", pool.folder)
    (tmp_path / "longest_run.py").write_text(SOLVED)
    asked = brickyard("audit", "--pool", pool.folder, "--second", tmp_path, "--json")
    told = {row["name"]: row for row in rows(asked)}
    assert told["longest_run"]["second"]["opinion"] == "agrees"
    assert told["prefix_sums"]["second"]["opinion"] == "cannot"
    assert "second" not in told["sloppy"]


def test_what_falls_stays_in_the_pool_unless_it_is_to_be_quarantined(pool: Pool) -> None:
    brickyard("audit", "--pool", pool.folder)
    assert "sloppy" in Pool(pool.folder)
    done = brickyard("audit", "--pool", pool.folder, "--quarantine")
    assert done.returncode == 1
    assert "removed   1: sloppy" in done.stdout
    assert [entry.name for entry in Pool(pool.folder)] == ["longest_run", "prefix_sums"]
    (row,) = Pool(pool.folder).quarantined()
    assert (row["name"], row["law"]) == ("sloppy", "single")
    assert brickyard("audit", "--pool", pool.folder, "--quarantine").returncode == 0


def test_an_environment_whose_two_authors_differ_is_quarantined(pool: Pool, tmp_path: Path) -> None:
    (tmp_path / "longest_run.py").write_text(SOLVED.replace("length = 1\n", "length = 2\n"))
    brickyard("audit", "--pool", pool.folder, "--second", tmp_path, "--quarantine")
    fallen = {row["name"]: row for row in Pool(pool.folder).quarantined()}
    assert fallen["longest_run"]["law"] == "second"
    assert "the second's 2" in fallen["longest_run"]["evidence"]


def test_composites_are_audited_after_their_parts_and_taken_out_by_term(pool: Pool) -> None:
    store = Composites(pool)
    pairs = (("prefix_sums", "longest_run"), ("prefix_sums", "sloppy"))
    made: list[dict[str, Any]] = [{"term": f"parallel({', '.join(pair)})", "parts": list(pair)} for pair in pairs]
    store.append([{**row, "digest": store.digest(row)} for row in made], {"round": 1})
    done = brickyard("audit", "--pool", pool.folder, "--composites", "5", "--quarantine", "--json")
    last = "parallel(prefix_sums, longest_run)"
    assert [row["name"] for row in rows(done)] == ["longest_run", "prefix_sums", "sloppy", last]
    assert rows(done)[-1]["admitted"]
    again = brickyard("audit", "--pool", pool.folder, "--composites", "5")
    assert (again.returncode, "3 were audited before" in again.stdout) == (0, True)


def test_the_schema_is_printed_whole() -> None:
    told = json.loads(brickyard("audit", "--schema").stdout)
    assert told["$schema"].endswith("2020-12/schema")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("nowhere.py",), "nowhere.py: there is no such file or folder"),
        (("--pool", "nowhere"), "nowhere holds no environments"),
        (("README.md", "--second", "nobody"), "--second 'nobody': write recorded, openai or vllm, or an existing file"),
        (("README.md", "--solver", "openai"), "model"),
        (("parallel(nothing, at_all)",), "generated_envs"),
        (("reasoning_gym:leg_counting", "README.md"), "audit datasets of reasoning-gym in a command of their own"),
    ],
)
def test_bad_input_is_one_line_and_a_code(words: tuple[str, ...], line: str, tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "brickyard.py"), "audit", *words]
    (tmp_path / "README.md").write_text("no program")
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=tmp_path)
    assert done.returncode == 1
    assert line in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
