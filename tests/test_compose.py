"""Composing, end to end: a pool of our own seeds, searched and judged behind the wall."""

import json
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from commands.growing import OPERATORS
from sandbox import Sandbox, discover
from sandbox.admit import Judge
from sandbox.discover import Discovery, Wanted
from sandbox.live import Live
from sandbox.outcome import Limits
from synth import pool as pools
from synth.compose import composite, store
from synth.compose.search import SIZES
from synth.pool import Pool, PoolError
from synth.program import read
from tests.conftest import EXAMPLES, ROOT
from tests.sandbox.test_laws import FLAG, RELATION


@pytest.fixture(scope="module")
def certificates(judge: Judge) -> dict[str, dict]:
    return {path.stem: judge.judge(path.read_text()).asdict() for path in EXAMPLES}


def pool_of(folder: Path, sources: dict[str, str], certificates: dict[str, dict]) -> Pool:
    pool = Pool(folder)
    for name, source in sources.items():
        certificate = certificates.get(name, {"false_accepts": {}}).get("certificate") or {"false_accepts": {}}
        pool.add(pools.record(name, "any", read(source), {"task": name}, {"certificate": certificate}))
    return pool


@pytest.fixture
def pool(tmp_path: Path, certificates: dict[str, dict]) -> Pool:
    return pool_of(tmp_path / "pool", {path.stem: path.read_text() for path in EXAMPLES}, certificates)


def rows(pool: Pool) -> list[dict]:
    lines = (pool.folder / store.FILE).read_text().splitlines()
    return [row for row in map(json.loads, lines) if "term" in row]


def found(pool: Pool, count: int, **more: object) -> Discovery:
    discovery = Discovery(pool, Wanted(count, **more))  # type: ignore[arg-type]
    discovery.run()
    return discovery


def test_what_is_kept_reads_back_and_can_be_played(box: Sandbox, pool: Pool) -> None:
    found(pool, 40)
    kept = rows(pool)
    assert len(kept) == 40
    assert len({row["term"] for row in kept}) == 40
    for row in kept[::8]:
        read_back = composite.read(row["term"], pool)
        assert read_back.title == row["term"]
        with Live(read_back, box) as live:
            posed = live.pose(0, 1)
            assert live.score(posed, json.dumps(posed.reference)).right


def test_a_search_that_was_cut_off_goes_on_and_finds_what_it_would_have_found(
    tmp_path: Path, certificates: dict[str, dict]
) -> None:
    sources = {path.stem: path.read_text() for path in EXAMPLES}
    whole, cut = (pool_of(tmp_path / name, sources, certificates) for name in ("whole", "cut"))
    found(whole, 150)
    text = (whole.folder / store.FILE).read_text()
    first_round = text[: text.index('{"round": 1,')]
    assert text.count('{"round": ') > 1
    ended = text[: text.index("\n", len(first_round)) + 1]
    file = cut.folder / store.FILE
    file.write_text(ended + '{"term": "sequential(longest_run')  # killed while it wrote
    found(cut, 150)
    assert file.read_text() == text


def test_the_same_seed_finds_the_same_with_any_number_of_workers(
    tmp_path: Path, certificates: dict[str, dict], monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = {path.stem: path.read_text() for path in EXAMPLES}
    texts = []
    for workers in (1, 3):
        monkeypatch.setattr(discover, "WORKERS", workers)
        pool = pool_of(tmp_path / str(workers), sources, certificates)
        found(pool, 20, sizes=(2, 4))
        texts.append((pool.folder / store.FILE).read_text())
    assert texts[0] == texts[1]


def test_every_environment_is_used_and_parts_are_rationed(pool: Pool) -> None:
    progress = found(pool, 60).progress
    assert set(progress.used) == {entry.name for entry in pool}
    repeated = Counter((row["operator"], tuple(row["parts"])) for row in rows(pool))
    assert max(repeated.values()) <= discover.RATION


def test_a_composite_carries_its_weakest_part(pool: Pool) -> None:
    found(pool, 20, operators=("parallel",), sizes=(2, 3))
    with_pick_sum = [row["weakest"] for row in rows(pool) if "pick_sum" in row["parts"]]
    without = [row["weakest"] for row in rows(pool) if "brackets_match" not in row["parts"]]
    assert with_pick_sum
    assert min(with_pick_sum) > min(without)


def test_empty_steps_are_found_by_running_them(tmp_path: Path, certificates: dict[str, dict]) -> None:
    longest_run = next(path.read_text() for path in EXAMPLES if path.stem == "longest_run")
    ignores = longest_run.replace("return max((len(list(run)) for _, run in groupby(xs)), default=0)", "return 7")
    same = next(path.read_text() for path in EXAMPLES if path.stem == "vowel_shift")
    same = same.replace('return "".join(shifted)', "return text")
    sources = {"ignores": ignores, "same": same, "longest_run": longest_run}
    pool = pool_of(tmp_path / "pool", {**sources, "sums": FLAG}, certificates)
    discovery = Discovery(pool, Wanted(1, operators=("parallel",), sizes=(2, 2)))
    with suppress(PoolError):
        discovery.run()
    assert discovery.progress.refused_links["ignores:xs"] == "gives one answer whatever it is given"
    assert discovery.progress.refused_links["same:text"] == "returns what it is given"
    assert "longest_run:xs" not in discovery.progress.refused_links


def test_a_pool_in_which_nothing_fits_is_one_clear_line(tmp_path: Path, certificates: dict[str, dict]) -> None:
    alone = pool_of(tmp_path / "pool", {"odd_sum": FLAG, "factor_pair": RELATION}, certificates)
    with pytest.raises(PoolError, match="nothing chains"):
        found(alone, 5)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--sizes", "20-30"], "no operator has a size from 20 to 30"),
        (["--sizes", "few"], "write the smallest and the largest"),
        (["--operators", "sort,shuffle"], "there is no operator 'shuffle'"),
    ],
)
def test_what_cannot_be_reached_is_one_clear_line(pool: Pool, more: list[str], words: str) -> None:
    if "20-30" in more:
        more = [*more, "--operators", "sort,select"]
    command = [sys.executable, str(ROOT / "brickyard.py"), "compose", "--pool", str(pool.folder), *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_term_names_one_instance_for_ever(pool: Pool) -> None:
    command = [
        sys.executable,
        str(ROOT / "brickyard.py"),
        "pool",
        "show",
        "sort(prefix_sums:xs, prefix_sums:xs, prefix_sums:xs)",
    ]
    command += ["--pool", str(pool.folder), "--seed", "7", "--difficulty", "2", "--json"]
    first, second = (json.loads(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(2))
    assert first == second
    assert sorted(first["reference"]) == [1, 2, 3]


def test_a_part_that_is_not_there_is_pointed_at(pool: Pool) -> None:
    command = [sys.executable, str(ROOT / "brickyard.py"), "pool", "show", "parallel(longest_run, absent)"]
    done = subprocess.run([*command, "--pool", str(pool.folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "there is no environment named absent: at character 23" in done.stderr


def test_composites_of_an_edited_environment_are_said_and_not_used(
    tmp_path: Path, certificates: dict[str, dict]
) -> None:
    pool = pool_of(tmp_path / "pool", {path.stem: path.read_text() for path in EXAMPLES}, certificates)
    found(pool, 12, operators=("parallel",), sizes=(2, 3))
    name = rows(pool)[0]["parts"][0]
    stale = sum(name in row["parts"] for row in rows(pool))
    file = next(pool.folder.rglob(f"{name}.py"))
    file.write_text(file.read_text() + "\n# edited\n")
    command = [sys.executable, str(ROOT / "brickyard.py"), "compose", "--pool", str(pool.folder), "--n", "12", "--json"]
    done = subprocess.run([*command, "--operators", "parallel"], capture_output=True, text=True, check=True)
    assert f"{stale} composites have parts that were edited or are gone" in done.stderr
    assert name in done.stderr, "the pool says which file it does not use"
    progress = json.loads(done.stdout)
    assert (progress["stale"], progress["kept"]) == (stale, 12)
    assert name not in progress["used"]


def test_a_part_that_hangs_when_it_is_hard_is_named_and_used_no_more(
    tmp_path: Path, certificates: dict[str, dict], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discover, "SEARCH_LIMITS", Limits(call_seconds=1.0))
    longest_run = next(path.read_text() for path in EXAMPLES if path.stem == "longest_run")
    head, opening, rest = longest_run.partition("difficulty: int) -> dict:\n")
    assert opening
    hangs = f"{head}{opening}    while difficulty > 7:\n        pass\n{rest}"
    sources = {path.stem: path.read_text() for path in EXAMPLES if path.stem != "longest_run"}
    pool = pool_of(tmp_path / "pool", {**sources, "hangs": hangs}, certificates)
    progress = found(pool, 20, operators=("parallel",), sizes=(2, 3)).progress
    assert progress.refused_parts == {"hangs": "timed out"}
    assert progress.kept == 20
    assert all("hangs" not in row["parts"] for row in rows(pool))


def test_a_composite_is_audited_by_its_term(pool: Pool) -> None:
    command = [sys.executable, str(ROOT / "brickyard.py"), "audit", "--pool", str(pool.folder), "--json"]
    term = "sort(prefix_sums:xs, prefix_sums:xs)"
    done = subprocess.run(
        [*command, "parallel(longest_run, vowel_shift)", term], capture_output=True, text=True, check=False
    )
    good, bad = map(json.loads, done.stdout.splitlines())
    assert (done.returncode, good["admitted"], bad["admitted"]) == (1, True, False)
    assert good["certificate"]["false_accepts"]
    assert (bad["name"], bad["law"]) == (term, "generates")
    assert "a random answer is right too often" in bad["evidence"]


def test_the_operators_that_the_command_names_are_those_that_there_are() -> None:
    assert tuple(SIZES) == OPERATORS


def test_a_pool_counts_its_composites_by_operator(pool: Pool) -> None:
    found(pool, 6, operators=("parallel",), sizes=(2, 3))
    command = [sys.executable, str(ROOT / "brickyard.py"), "pool", "stats", "--pool", str(pool.folder), "--json"]
    facts = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert (facts["environments"], facts["composites"]) == (len(pool), {"parallel": 6})
