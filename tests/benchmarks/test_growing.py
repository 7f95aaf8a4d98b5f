"""Figures of the growing loop and of the command line, as ratios taken in one run."""

import statistics
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from synth.complete import make_completer
from synth.grow import Bench, Options
from synth.ledger import Ledger
from synth.pool import Pool
from synth.program import Program
from synth.run import grown
from synth.tasks import Seeds, Task
from synth.verdict import Second, Verdict
from tests.conftest import ROOT

TASKS, IN_FLIGHT, LATENCY_SECONDS = 500, 64, 0.2
IDEAL_SECONDS = TASKS / IN_FLIGHT * LATENCY_SECONDS
LEAST_SHARE = 0.8
MOST_STARTS = 8.0  # of a bare interpreter: --help may take 0.4 s where that takes 0.05


async def _unasked(*_: object) -> Verdict:
    raise AssertionError("no reply of this endpoint holds a module")


async def _uncompared(*_: object) -> Second:
    raise AssertionError("nothing is admitted that could be compared")


async def _no_twin(_: Program, __: Pool) -> str:
    return ""


def test_growing_keeps_an_endpoint_busy(benchmark: BenchmarkFixture, seeds: Seeds, tmp_path: Path) -> None:
    """500 questions, 64 in flight, 200 ms each: at least 80 % of what the endpoint could answer.

    The replies hold no module, so that what is measured is asking, remembering and settling, without judging.
    """
    tasks = [Task(f"task_{i}", "any", "function", "(n: int) -> int", "Any.") for i in range(TASKS)]
    asked = Seeds(tasks, (), seeds.examples, tmp_path)
    command = [sys.executable, str(ROOT / "tests" / "endpoint.py"), "--port", "0", "--latency-ms", "200"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    url = f"http://127.0.0.1:{int(server.stdout.readline())}/v1"
    rounds = iter(range(10))

    def grow() -> None:
        pool = tmp_path / str(next(rounds))
        completer = make_completer("openai", model="any", base_url=url, concurrency=IN_FLIGHT)
        with Ledger(pool) as ledger:
            bench = Bench("none", _unasked, _no_twin, _uncompared)
            tally, error = grown(asked, Pool(pool), ledger, completer, bench, Options(turns=1), lambda _: nullcontext())
        assert error is None
        assert tally.asked == tally.rejected == TASKS

    try:
        benchmark.pedantic(grow, rounds=3, iterations=1, warmup_rounds=1)
    finally:
        server.kill()
    share = IDEAL_SECONDS / benchmark.stats.stats.min
    benchmark.extra_info["share of the ideal rate"] = round(share, 2)
    assert share >= LEAST_SHARE


def test_help_costs_a_few_bare_interpreters(benchmark: BenchmarkFixture) -> None:
    """``brickyard --help`` against an interpreter that imports the standard library's argument parser."""

    def seconds(*arguments: str) -> float:
        begun = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - begun

    def both() -> float:
        return seconds(str(ROOT / "brickyard.py"), "--help") / seconds("-c", "import argparse, asyncio")

    ratios = [both() for _ in range(7)]
    benchmark.extra_info["interpreters"] = round(statistics.median(ratios), 1)
    benchmark.pedantic(seconds, (str(ROOT / "brickyard.py"), "--help"), rounds=5)
    assert statistics.median(ratios) < MOST_STARTS


@pytest.mark.parametrize("module", ["torch", "openai", "vllm", "jinja2", "RestrictedPython", "sqlite3"])
def test_nothing_heavy_is_imported_for_help(module: str) -> None:
    code = f"import sys, brickyard; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
