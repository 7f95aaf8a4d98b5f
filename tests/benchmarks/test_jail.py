"""Figures of the jail, as ratios taken in one run.

Machines are noisy, so the two sides take turns, medians are compared, and a ratio that falls short is taken again.
"""

import itertools
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from sandbox import Call, Ending, Sandbox
from synth.program import Reference, read
from tests.conftest import EXAMPLES, ROOT

BATCH = 100
LEAST_THROUGHPUT = 0.85  # of the same calls by plain `exec`, in this process
LEAST_SPEEDUP = 3.0  # over a new interpreter for each program
MOST_LIVE_BYTES = 200 << 20
SESSIONS = 50
TRIES = 3
DRAWS = [Call("generate", {"difficulty": 1 + seed % 10}, seed=seed) for seed in range(50)]
PROGRAM = (ROOT / "tests" / "benchmarks" / "grid.py").read_text()
SHELF = [path.read_text() for path in EXAMPLES]
"""What environments are like: shorter than ``PROGRAM``, and with less work in a call."""

Side = Callable[[], object]


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox() as box:
        yield box


def in_turn(one: Side, other: Side, rounds: int) -> tuple[list[float], list[float]]:
    """Seconds of each side, taking turns."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for side, taken in zip((one, other), seconds, strict=True):
            begun = time.perf_counter()
            side()
            taken.append(time.perf_counter() - begun)
    return seconds


def shortest(one: Side, other: Side, rounds: int) -> tuple[float, float]:
    """The least seconds of each: for what takes milliseconds in several processes, which other work delays."""
    ones, others = in_turn(one, other, rounds)
    return min(ones), min(others)


def interleaved(one: Side, other: Side, rounds: int) -> float:
    """How many times as long ``other`` takes as ``one``, by the medians."""
    ones, others = in_turn(one, other, rounds)
    return statistics.median(others) / statistics.median(ones)


def best(one: Side, other: Side, rounds: int, wanted: float) -> float:
    """The first ratio of ``TRIES`` that is as wanted, or the largest."""
    ratios: list[float] = []
    for _ in range(TRIES):
        ratios.append(interleaved(one, other, rounds))
        if ratios[-1] >= wanted:
            break
    return max(ratios)


def test_a_batch_runs_nearly_as_fast_as_plain_exec(benchmark: BenchmarkFixture, box: Sandbox) -> None:
    plain: dict[str, Callable[..., object]] = {"__name__": "plain"}
    exec(compile(PROGRAM, "<plain>", "exec"), plain)
    calls = [Call("generate", {"difficulty": 1 + seed % 10}, seed=seed) for seed in range(BATCH)]

    def natively() -> list[object]:
        return [plain["generate"](rng=random.Random(call.seed), **call.arguments) for call in calls]

    with box.open(PROGRAM) as program:

        def jailed() -> list[object]:
            return [outcome.value for outcome in program.map(calls)]

        assert jailed() == natively()
        ratio = best(jailed, natively, 20, LEAST_THROUGHPUT)
        benchmark.pedantic(jailed, rounds=5)
    benchmark.extra_info["throughput, of plain exec"] = round(ratio, 3)
    assert ratio >= LEAST_THROUGHPUT


class Admission:
    """One program loaded, drawn from and scored, in the jail or in an interpreter of its own."""

    def __init__(self, box: Sandbox, source: str, script: Path) -> None:
        self.box, self.source, self.script = box, source, script
        program = read(source)
        self.shapes = {name: str(t) for name, t in program.signature.domain.items()}
        self.shapes["answer"] = str(program.signature.codomain)
        with box.open(source, self.shapes) as session:
            drawn = [outcome.value for outcome in session.map(DRAWS)]
            instances = [{name: value[name] for name in program.signature.domain} for value in drawn]
            if program.reference is Reference.WITNESS:
                answers = [value["answer"] for value in drawn]
            else:
                answers = [o.value for o in session.map([Call(program.reference, i) for i in instances])]
        self.checks = [Call("verify", {**i, "answer": a}) for i, a in zip(instances, answers, strict=True)]
        arguments = json.dumps([check.arguments for check in self.checks])
        script.write_text(f"{source}\nCHECKS = {arguments!r}\n{_ALONE}")

    def jailed(self) -> None:
        with self.box.open(self.source, self.shapes) as session:
            outcomes = session.map(DRAWS) + session.map(self.checks)
        assert {outcome.ending for outcome in outcomes} == {Ending.RETURNED}

    def alone(self) -> None:
        subprocess.run([sys.executable, "-I", str(self.script)], check=True, stdout=subprocess.DEVNULL)


_ALONE = """
import json
from random import Random
for seed in range(50):
    print(json.dumps(generate(rng=Random(seed), difficulty=1 + seed % 10), default=str))
for arguments in json.loads(CHECKS):
    try:
        print(json.dumps(verify(**arguments), default=str))
    except TypeError:  # no shapes here: a list where a tuple belongs
        pass
"""


def test_admission_beats_a_new_interpreter_for_each_program(
    benchmark: BenchmarkFixture, box: Sandbox, tmp_path: Path
) -> None:
    """Over the whole shelf, each program admitted once: load, 50 generate, 50 verify, with all layers on."""
    shelf = [Admission(box, source, tmp_path / f"{i}.py") for i, source in enumerate(SHELF)]

    ratios: list[float] = []
    while len(ratios) < TRIES and max(ratios, default=0) < LEAST_SPEEDUP:
        pairs = [shortest(program.jailed, program.alone, 7) for program in shelf]
        ratios.append(sum(alone for _, alone in pairs) / sum(jailed for jailed, _ in pairs))
    each = [alone / jailed for jailed, alone in pairs]
    benchmark.pedantic(shelf[0].jailed, rounds=5)
    benchmark.extra_info["times as fast as a new interpreter"] = round(max(ratios), 2)
    benchmark.extra_info["of single programs"] = f"{min(each):.2f} to {max(each):.2f}"
    assert max(ratios) >= LEAST_SPEEDUP


def test_fifty_live_sessions_share_their_memory(benchmark: BenchmarkFixture) -> None:
    with Sandbox() as box, ExitStack() as stack:
        for _, source in zip(range(SESSIONS), itertools.cycle(SHELF), strict=False):
            program = stack.enter_context(box.open(source))
            assert program.call("generate", {"difficulty": 5}, seed=1).ending is Ending.RETURNED
        processes = _family(box._zygote._process.pid)
        size = sum(map(_proportional_bytes, processes))
        benchmark.pedantic(box.open(SHELF[0]).close, rounds=1)
    benchmark.extra_info["MB"] = round(size / 1e6, 1)
    benchmark.extra_info["processes"] = len(processes)
    assert len(processes) > SESSIONS
    assert size < MOST_LIVE_BYTES


def _family(process: int) -> list[int]:
    """A process and all that descend from it."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [process, *(each for child in children for each in _family(int(child)))]


def _proportional_bytes(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except PermissionError:
        pytest.skip("only root may look into the sandbox's processes, which are not dumpable")
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:"))
