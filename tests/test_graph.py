"""The graph of a pool, end to end: our own seeds and planted parts, every typed pair run behind the wall."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import Sandbox
from sandbox.feeding import Feeding
from sandbox.outcome import Limits
from synth import pool as pools
from synth.compose import graph as graphs
from synth.compose.graph import NOT_ADMITTED, Edge, Graph
from synth.pool import Pool
from synth.program import read
from tests.conftest import EXAMPLES, ROOT
from tests.sandbox.test_laws import FLAG, RELATION
from tests.synth.compose.conftest import SOURCES, source

SHELF = {path.stem: path.read_text() for path in EXAMPLES}
NUMBER = '{"n": rng.randint(2, 40 * difficulty)}'
HUGE = source("Huge", "Subtract 1 from {n}.", "n: int", "int", '{"n": 10 ** 12 + rng.randint(1, 9)}', "n - 1",
              "n > 10 ** 12")  # fmt: skip
PLUS = SOURCES["plus"]
SPIN = "\n\ndef spin(n):\n    while True:\n        n += 1\n"
LIE = """

import os, struct, sys

def lie():
    frame = sys._getframe()
    while "request" not in frame.f_locals:
        frame = frame.f_back
    nonce = frame.f_locals["request"]["nonce"]
    reply = b'{"nonce":"%s","worn":false,"outcomes":[["returned",7,"",null,[],null,0.5]]}' % nonce.encode()
    os.write(3, struct.pack("<I", len(reply)) + reply)
    os._exit(0)
"""


def pool_of(folder: Path, sources: dict[str, str]) -> Pool:
    pool = Pool(folder)
    for name, text in sources.items():
        pool.add(pools.record(name, "any", read(text), {"task": name}, {"certificate": {}}))
    return pool


@pytest.fixture(scope="module")
def quick() -> Iterator[Sandbox]:
    """A third of a second for a batch, so that what hangs does not hold up the suite."""
    with Sandbox(Limits(call_seconds=0.3)) as box:
        yield box


@pytest.fixture(scope="module")
def open_box() -> Iterator[Sandbox]:
    """A sandbox whose programs can reach the operating system."""
    left_out = {"policy", "seccomp"}
    with Sandbox(Limits(call_seconds=0.3), without=left_out, allow_missing=left_out) as box:
        yield box


def ran(pool: Pool, box: Sandbox) -> Graph:
    return Feeding(graphs.of(pool), pool).run(box)


def graph_command(pool: Pool, *more: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(ROOT / "brickyard.py"), "pool", "graph", "--pool", str(pool.folder), *more]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_type_correct_pair_that_is_never_admitted_is_refused(tmp_path: Path, quick: Sandbox) -> None:
    pool = pool_of(tmp_path, {**SHELF, "huge": HUGE, "plus": PLUS})
    graph = ran(pool, quick)
    assert graph.refused[Edge("plus", "huge", "n")] == NOT_ADMITTED
    assert graph.refused[Edge("longest_run", "huge", "n")] == NOT_ADMITTED
    assert {Edge("huge", "huge", "n"), Edge("huge", "plus", "n"), Edge("longest_run", "plus", "k")} <= {*graph.admitted}
    row = json.loads(graph_command(pool, "--json").stdout)
    planted = {"from": "plus", "to": "huge", "field": "n", "state": "refused", "reason": NOT_ADMITTED}
    assert planted in row["edges"]
    assert row == json.loads(json.dumps(graph.asdict()))


def test_the_summary_names_what_one_would_look_at(tmp_path: Path) -> None:
    done = graph_command(pool_of(tmp_path, {"huge": HUGE, "plus": PLUS, "odd_sum": FLAG, "factor_pair": RELATION}))
    assert (done.returncode, done.stderr) == (0, "")
    lines = dict(line.split(maxsplit=1) for line in done.stdout.splitlines() if line)
    assert lines["environments"].startswith("4, of them 3 steps with 4 fields")
    assert "6, of them 3 from a step to itself" in done.stdout
    assert lines["refused"].startswith("1, 16.7% of the typed edges: 1 type-correct, but never admitted, 0 failed")
    assert lines["sources"].startswith("1: huge")
    assert lines["lonely"] == "1: odd_sum"
    assert "1: factor_pair" in done.stdout
    assert lines["huge:n"].split() == ["2", "1"]
    assert lines["shut"].startswith("0 ")


def test_empty_steps_are_counted_beside_the_refused_pairs(tmp_path: Path, quick: Sandbox) -> None:
    seven = source("Seven", "Say 7, whatever {n} is.", "n: int", "int", NUMBER, "7")
    graph = ran(pool_of(tmp_path, {"seven": seven, "plus": PLUS}), quick)
    assert graph.empty == {"seven:n": "gives one answer whatever it is given"}
    assert not graph.refused
    assert graph.counts()["admitted_into_empty_steps"] == 2


def test_a_part_that_hangs_when_it_is_fed_costs_its_own_pairs(tmp_path: Path, quick: Sandbox) -> None:
    hangs = source("Hangs", "Add 1 to {n}.", "n: int", "int", NUMBER, "n + 1", "n < 10 ** 6 or spin(n)") + SPIN
    big = source("Big", "Multiply {n} by 10 to the 9th.", "n: int", "int", NUMBER, "n * 10 ** 9")
    pool = pool_of(tmp_path, {"hangs": hangs, "big": big, "plus": PLUS, "huge": HUGE})
    graph = ran(pool, quick)
    broken = {edge: reason for edge, reason in graph.refused.items() if reason != NOT_ADMITTED}
    assert {*broken} == {Edge("big", "hangs", "n"), Edge("huge", "hangs", "n")}
    assert all(reason.startswith("hangs timed out: used more than 0.3 s") for reason in broken.values())
    assert Edge("plus", "hangs", "n") in graph.admitted
    assert Edge("hangs", "plus", "k") in graph.admitted
    assert graph.counts()["failed"] == 2


def test_a_part_that_always_hangs_is_not_run_again_and_again(tmp_path: Path, quick: Sandbox) -> None:
    hangs = source("Hangs", "Add 1 to {n}.", "n: int", "int", NUMBER, "n + 1", "spin(n)") + SPIN
    many = {f"plus{n}": PLUS for n in range(40)}
    feeder = Feeding(graphs.of(pool := pool_of(tmp_path, {"hangs": hangs, **many})), pool)
    graph = feeder.run(quick)
    into = [reason for edge, reason in graph.refused.items() if edge.taker == "hangs"]
    assert len(into) == 41
    assert sum("not run again after 3 such calls" in reason for reason in into) == 38
    assert {edge.taker for edge in graph.refused} == {"hangs"}
    assert feeder.progress.ran == feeder.progress.pairs == len(graph.edges)


def test_a_part_that_hangs_when_it_is_hard_is_fed_on_from_where_it_is_easy(tmp_path: Path, quick: Sandbox) -> None:
    hard = source("Hard", "Add 1 to {n}.", "n: int", "int", '{"n": difficulty}', "n + 1 if n < 8 else spin(n)") + SPIN
    silent = source("Silent", "Add 1 to {n}.", "n: int", "int", NUMBER, "spin(n)") + SPIN
    graph = ran(pool_of(tmp_path, {"hard": hard, "silent": silent, "plus": PLUS}), quick)
    assert {Edge("hard", "plus", "n"), Edge("plus", "plus", "k")} <= {*graph.admitted}
    assert graph.refused[Edge("silent", "plus", "n")].startswith("silent timed out: used more than 0.3 s")


def test_a_part_that_raises_or_floods_costs_its_own_pairs(tmp_path: Path, quick: Sandbox) -> None:
    deep = source("Deep", "Add 1 to {n}.", "n: int", "int", NUMBER, "n + 1", "1 // (n - n) == 0")
    large = source("Large", "Write {n} as a list.", "n: int", "list[int]", NUMBER, "[n] * 40_000")
    hungry = source("Hungry", "Add 1 to {n}.", "n: int", "int", NUMBER, "n + 1", "len([0] * 10 ** 9) > 0")
    absent = source("Absent", "Add 1 to {n}.", "n: int", "int", NUMBER, "n + 1") + "\n\nx = 1 // 0\n"
    parts = {"deep": deep, "large": large, "hungry": hungry, "absent": absent, "plus": PLUS, "total": SOURCES["total"]}
    graph = ran(pool_of(tmp_path, parts), quick)
    assert "deep raised: ZeroDivisionError" in graph.refused[Edge("plus", "deep", "n")]
    assert "hungry out of memory" in graph.refused[Edge("plus", "hungry", "n")]
    assert "absent raised: ZeroDivisionError" in graph.refused[Edge("plus", "absent", "n")]
    assert "absent raised: ZeroDivisionError" in graph.refused[Edge("absent", "plus", "n")]
    no_room = "large gives no answer of its type that a text has room for"
    assert graph.refused[Edge("large", "total", "xs")] == no_room
    assert {Edge("deep", "plus", "n"), Edge("hungry", "plus", "k"), Edge("total", "plus", "n")} <= {*graph.admitted}


def test_a_part_that_dies_or_lies_costs_its_own_pairs(tmp_path: Path, open_box: Sandbox) -> None:
    dies = source("Dies", "Add 1 to {n}.", "n: int", "int", NUMBER, "n + 1", "n < 10 ** 6 or os.abort()")
    lies = source("Lies", "Add 1 to {n}.", "n: int", "int", NUMBER, "n + 1", "lie()") + LIE
    parts = {"dies": f"{dies}\n\nimport os\n", "lies": lies, "huge": HUGE, "plus": PLUS}
    graph = ran(pool_of(tmp_path, parts), open_box)
    assert "dies died: its process was ended by SIGABRT" in graph.refused[Edge("huge", "dies", "n")]
    assert Edge("plus", "dies", "n") in graph.admitted
    for giver in parts:
        assert "lies garbled: it does not say of each pair" in graph.refused[Edge(giver, "lies", "n")]
    assert {Edge("lies", "plus", "n"), Edge("dies", "plus", "k"), Edge("huge", "plus", "n")} <= {*graph.admitted}


def test_a_pool_in_which_nothing_fits_is_a_graph_all_the_same(tmp_path: Path) -> None:
    done = graph_command(pool_of(tmp_path, {"odd_sum": FLAG, "factor_pair": RELATION}))
    assert (done.returncode, done.stderr) == (0, "")
    assert "refused       0, 0.0% of the typed edges" in done.stdout
    assert "core          0 steps" in done.stdout
