"""The recorded completions: what `make demo` grows from."""

import re
from contextlib import nullcontext
from pathlib import Path

from sandbox.admit import Judge
from synth.complete import Transcript, make_completer
from synth.grow import Options
from synth.ledger import Ledger
from synth.pool import Pool
from synth.run import grown
from synth.tasks import Seeds

TASKS = 40  # of all 206, which take most of a minute; `make demo` replays them all


def test_every_recording_says_where_it_comes_from_and_which_turn_it_is(seeds: Seeds) -> None:
    files = sorted(seeds.recorded.iterdir())
    assert len(files) >= len(seeds.tasks)
    for path in files:
        transcript = Transcript.read(path)
        assert path.name == f"{transcript.task}.{transcript.turn}.md"
        assert "AI assistant" in transcript.provenance
        assert transcript.recorded.startswith("20")


def test_every_seed_task_has_a_recorded_first_reply(seeds: Seeds) -> None:
    recorded = {path.name for path in seeds.recorded.iterdir()}
    assert {f"{task.name}.1.md" for task in seeds.tasks} <= recorded


def test_the_seeds_cover_families_types_and_kinds(seeds: Seeds) -> None:
    arrows = {re.sub(r"\w+: ", "", task.signature).strip("(").replace(")", "") for task in seeds.tasks}
    assert {"int -> int", "list[int] -> int", "list[int] -> list[int]", "str -> str", "str -> int"} <= arrows
    assert len({task.family for task in seeds.tasks}) >= 14
    assert sum(task.kind == "relation" for task in seeds.tasks) >= 20


def test_a_pool_grows_from_the_recordings_alone(judge: Judge, seeds: Seeds, tmp_path: Path) -> None:
    pool = Pool(tmp_path / "pool")
    with Ledger(pool.folder) as ledger:
        completer = make_completer("recorded", recorded=seeds.recorded)
        bench = judge.bench()
        tally, error = grown(seeds, pool, ledger, completer, bench, Options(tasks=TASKS), lambda _: nullcontext())
    assert error is None
    assert tally.open == []
    assert len(Pool(pool.folder)) >= 35
