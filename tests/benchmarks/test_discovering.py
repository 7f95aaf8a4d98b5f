"""Figures of discovery: how many composites are found and judged in a minute, and that it does not slow down.

The rate is told, not asserted, since machines differ; that it does not fall with what is kept already is a ratio.
"""

import time
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from sandbox import discover
from sandbox.discover import Discovery, Wanted
from synth import pool as pools
from synth.compose.store import Composites
from synth.pool import Pool
from tests.benchmarks.test_composing import recorded
from tests.conftest import ROOT

ENVIRONMENTS = 50
FOUND = 300
KEPT_BEFORE = 50_000
MOST_SLOWDOWN = 1.5
CERTIFICATE = {"false_accepts": {"any": {"tried": 1_000, "accepted": 0}}}


def pool_in(folder: Path) -> Pool:
    """Fifty of the recorded environments, from all over the alphabet."""
    names = sorted({path.name.partition(".")[0] for path in (ROOT / "seeds" / "recorded").glob("*.md")})
    pool = Pool(folder)
    for name in names[:: len(names) // ENVIRONMENTS][:ENVIRONMENTS]:
        pool.add(pools.record(name, "any", recorded(name), {"task": name}, {"certificate": CERTIFICATE}))
    return pool


def fill(pool: Pool, count: int) -> None:
    """Rows as a long search would have left them: terms of no other use than to be there."""
    names = [entry.name for entry in pool]
    store = Composites(pool)
    rows = []
    for n in range(count):
        parts = sorted({names[n % len(names)], names[n // len(names) % len(names)]})
        row = {"term": f"parallel({n})", "operator": "parallel", "size": 20, "parts": parts, "instances": str(n)}
        rows.append({**row, "digest": store.digest(row)})
    store.append(rows, {"round": 1, "tried": {}, "fell": {}, "idle": {}, "refused": {}})


def seconds_each(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> float:
    """Of one processor, for a composite that is found, judged and kept."""
    monkeypatch.setattr(discover, "WORKERS", 1)
    before = sum("round" not in row for row in Composites(pool).rows())
    discovery = Discovery(pool, Wanted(before + FOUND))
    begun = time.perf_counter()
    discovery.run()
    return (time.perf_counter() - begun) / (discovery.progress.kept - before)


def test_discovery_does_not_slow_down_with_what_is_kept(
    benchmark: BenchmarkFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few, many = pool_in(tmp_path / "few"), pool_in(tmp_path / "many")
    fill(many, KEPT_BEFORE)
    first = benchmark.pedantic(seconds_each, (few, monkeypatch), rounds=1)
    later = seconds_each(many, monkeypatch)
    benchmark.extra_info["kept a minute on one core"] = round(60 / first)
    benchmark.extra_info["slowdown"] = round(later / first, 2)
    assert later / first <= MOST_SLOWDOWN
