"""Growing, end to end: real prompts over real HTTP into real sandboxes, interrupted in every way."""

import asyncio
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from sandbox.admit import Judge
from synth import tasks
from synth.complete import Completer, CompleterError, Completion, Request, make_completer
from synth.grow import Options, Tally
from synth.ledger import Ledger
from synth.pool import Pool
from synth.run import grown
from tests import small
from tests.conftest import ROOT
from tests.endpoint import Endpoint, Fault


@pytest.fixture
def world(tmp_path: Path) -> Path:
    return small.seeds_in(tmp_path / "seeds")


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with Endpoint(small.answer) as endpoint:
        yield endpoint


def asking(endpoint: Endpoint) -> Completer:
    return make_completer("openai", model="any", base_url=endpoint.url)


def run(
    judge: Judge, world: Path, pool: Path, completer: Completer, options: Options | None = None
) -> tuple[Tally, CompleterError | None]:
    with Ledger(pool) as ledger:
        seeds = tasks.load(world)
        options = options or Options()
        return grown(seeds, Pool(pool), ledger, completer, judge.bench(), options, lambda _: nullcontext())


def command(world: Path, pool: Path, *more: str) -> list[str]:
    return [sys.executable, str(ROOT / "brickyard.py"), "grow", "--seeds", str(world), "--pool", str(pool), *more]


def over_http(endpoint: Endpoint) -> list[str]:
    return ["--completer", "openai", "--model", "any", "--base-url", endpoint.url]


def test_every_task_ends_admitted_rejected_or_said_to_be_a_twin(
    judge: Judge, world: Path, endpoint: Endpoint, tmp_path: Path
) -> None:
    tally, error = run(judge, world, tmp_path / "pool", asking(endpoint))
    assert error is None
    pool = Pool(tmp_path / "pool")
    assert {entry.name: entry.record["origin"]["turn"] for entry in pool} == small.ADMITTED
    assert (tally.tasks, tally.admitted, tally.rejected, tally.open) == (5, 3, 2, [])
    assert dict(tally.final) == {"new": 1, "loads": 1}
    assert dict(tally.laws) == {"answerable": 1, "replied": 1, "loads": 3}
    assert dict(tally.turns) == {1: 1, 2: 2}
    assert (tally.asked, tally.read, tally.judged) == (endpoint.requests, 8, 8) == (9, 8, 8)


def test_a_source_is_kept_exactly_as_written_with_its_origin_and_certificate(
    judge: Judge, world: Path, endpoint: Endpoint, tmp_path: Path
) -> None:
    run(judge, world, tmp_path / "pool", asking(endpoint))
    entry = Pool(tmp_path / "pool")["factor_pair"]
    assert (tmp_path / "pool" / "b" / "factor_pair.py").read_text() == small.RELATION == str(entry.program)
    assert entry.record["signature"] == "(n: int) -> list[int]"
    assert entry.record["origin"]["task"] == "factor_pair"
    assert entry.record["origin"]["completion_tokens"] > 0
    assert entry.record["certificate"]["instances"] == 240
    assert "seccomp" in entry.record["certificate"]["sandbox"]["active"]


def test_a_repair_quotes_the_law_the_evidence_and_the_line(
    judge: Judge, world: Path, endpoint: Endpoint, tmp_path: Path
) -> None:
    run(judge, world, tmp_path / "pool", asking(endpoint))
    repairs = [asked.body["messages"] for asked in endpoint.asked if len(asked.body["messages"]) == 4]
    told = next(m[3]["content"] for m in repairs if "never_right" in m[1]["content"])
    assert "**loads**" in told
    assert "ZeroDivisionError" in told
    assert "`SCALE = 1 // 0`" in told


def test_a_second_run_asks_nothing_and_changes_nothing(
    judge: Judge, world: Path, endpoint: Endpoint, tmp_path: Path
) -> None:
    run(judge, world, tmp_path / "pool", asking(endpoint))
    before, requests = small.contents(tmp_path / "pool"), endpoint.requests
    tally, _ = run(judge, world, tmp_path / "pool", asking(endpoint))
    assert endpoint.requests == requests
    assert small.contents(tmp_path / "pool") == before
    assert (tally.kept, tally.admitted, tally.rejected, tally.asked) == (3, 0, 2, 0)


def test_more_turns_go_on_where_the_last_run_gave_up(
    judge: Judge, world: Path, endpoint: Endpoint, tmp_path: Path
) -> None:
    run(judge, world, tmp_path / "pool", asking(endpoint), Options(turns=1))
    assert {entry.name for entry in Pool(tmp_path / "pool")} == {"weighted_sum"}
    requests = endpoint.requests
    run(judge, world, tmp_path / "pool", asking(endpoint), Options(turns=2))
    assert {entry.name for entry in Pool(tmp_path / "pool")} == set(small.ADMITTED)
    assert endpoint.requests == requests + 3


def test_the_pool_does_not_depend_on_who_answers_sooner(judge: Judge, world: Path, tmp_path: Path) -> None:
    pools = []
    for seed in range(2):
        rng = random.Random(seed)

        class Dawdling:
            identity = "dawdling"

            async def complete(self, request: Request, rng: random.Random = rng) -> Completion:
                await asyncio.sleep(rng.random() / 5)
                text = small.answer([{"role": m.role, "content": m.content} for m in request.messages])
                return Completion(text or "", "any", "stop", 1, 1, 0.0, 0.0)

            async def aclose(self) -> None:
                return

        run(judge, world, tmp_path / str(seed), Dawdling())
        pools.append(small.contents(tmp_path / str(seed)))
    assert pools[0] == pools[1]
    assert len(pools[0]) == 6


def test_recorded_replies_admit_what_the_endpoint_admitted(
    judge: Judge, world: Path, endpoint: Endpoint, tmp_path: Path
) -> None:
    replies = tmp_path / "recorded"
    recording = make_completer(
        "openai", model="any", base_url=endpoint.url, record=replies, provenance="A test's endpoint said so."
    )
    run(judge, world, tmp_path / "first", recording)
    tally, error = run(judge, world, tmp_path / "second", make_completer("recorded", recorded=replies))
    assert error is None
    assert tally.asked == 9
    first, second = Pool(tmp_path / "first"), Pool(tmp_path / "second")
    assert [(e.name, e.program.digest) for e in first] == [(e.name, e.program.digest) for e in second]


def test_a_task_without_a_recording_stays_open_and_the_others_go_on(judge: Judge, world: Path, tmp_path: Path) -> None:
    (tmp_path / "recorded").mkdir()
    tally, error = run(judge, world, tmp_path / "pool", make_completer("recorded", recorded=tmp_path / "recorded"))
    assert error is None
    assert len(tally.open) == 5
    assert "weighted_sum.1.md" in tally.open[0]


def test_tasks_beyond_the_seeds_are_proposed_once_and_remembered(
    judge: Judge, world: Path, endpoint: Endpoint, tmp_path: Path
) -> None:
    tally, _ = run(judge, world, tmp_path / "pool", asking(endpoint), Options(tasks=6))
    assert "largest_and_smallest" in Pool(tmp_path / "pool")
    assert any("odd_sum already" in problem for problem in tally.problems)
    requests = endpoint.requests
    again, _ = run(judge, world, tmp_path / "pool", asking(endpoint), Options(tasks=6))
    assert (endpoint.requests, again.kept) == (requests, 4)


def test_an_endpoint_that_goes_down_loses_nothing(judge: Judge, world: Path, tmp_path: Path) -> None:
    with Endpoint(small.answer, faults=[None, None, None, Fault.WRONG_KEY], always=None) as endpoint:
        tally, error = run(judge, world, tmp_path / "pool", asking(endpoint))
        assert error is not None
        assert "OPENAI_API_KEY" in str(error)
        assert tally.open
    with Endpoint(small.answer) as endpoint:
        _, error = run(judge, world, tmp_path / "pool", asking(endpoint))
        assert error is None
        assert endpoint.requests == 9 - tally.asked
    assert {entry.name for entry in Pool(tmp_path / "pool")} == set(small.ADMITTED)


def test_killed_ten_times_at_random_moments_it_ends_the_same(judge: Judge, world: Path, tmp_path: Path) -> None:
    with Endpoint(small.answer) as calm:
        run(judge, world, tmp_path / "calm", asking(calm))
    rng = random.Random(7)
    with Endpoint(small.answer, latency_ms=60) as endpoint:
        again = command(world, tmp_path / "killed", *over_http(endpoint))
        for _ in range(10):
            process = subprocess.Popen(again, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(0.25 + rng.random())
            process.kill()
            process.wait()
        finished = subprocess.run(again, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    assert small.contents(tmp_path / "killed") == small.contents(tmp_path / "calm")


@pytest.mark.parametrize(("presses", "words"), [(1, "finishing what is under way"), (2, "stopped at once")])
def test_ctrl_c_ends_with_one_line_and_the_next_run_goes_on(
    world: Path, tmp_path: Path, presses: int, words: str
) -> None:
    with Endpoint(small.answer, latency_ms=1500) as endpoint:
        again = command(world, tmp_path / "pool", *over_http(endpoint))
        process = subprocess.Popen(again, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        while not endpoint.requests and process.poll() is None:
            time.sleep(0.05)
        for _ in range(presses):
            process.send_signal(signal.SIGINT)
            time.sleep(0.3)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert words in err
    assert "Traceback" not in err
    with Endpoint(small.answer) as endpoint:
        assert subprocess.run(command(world, tmp_path / "pool", *over_http(endpoint)), check=False).returncode == 0
    assert {entry.name for entry in Pool(tmp_path / "pool")} == set(small.ADMITTED)


def test_json_ends_with_one_object_that_a_machine_can_read(world: Path, endpoint: Endpoint, tmp_path: Path) -> None:
    done = subprocess.run(
        command(world, tmp_path / "pool", *over_http(endpoint), "--json"), capture_output=True, text=True, check=True
    )
    row = json.loads(done.stdout)
    assert (row["admitted"], row["environments"], row["rejected"]) == (3, 3, 2)
    assert row["final"] == {"new": 1, "loads": 1}


def test_a_key_reaches_no_file_and_no_message(world: Path, tmp_path: Path) -> None:
    key = "sk-this-must-not-be-seen"
    with Endpoint(small.answer, faults=[Fault.WRONG_KEY]) as endpoint:
        done = subprocess.run(
            command(world, tmp_path / "pool", *over_http(endpoint)),
            capture_output=True, text=True, check=False, env={**os.environ, "OPENAI_API_KEY": key},
        )  # fmt: skip
    assert done.returncode == 1
    assert key not in done.stdout + done.stderr
    assert not any(key.encode() in path.read_bytes() for path in (tmp_path / "pool").rglob("*") if path.is_file())


def test_a_budget_is_never_passed(world: Path, endpoint: Endpoint, tmp_path: Path) -> None:
    more = [*over_http(endpoint), "--budget-usd", "0.0001", "--prices", "1,5"]
    done = subprocess.run(command(world, tmp_path / "pool", *more), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert re.search(r"budget", done.stderr)
    assert endpoint.requests == 0
