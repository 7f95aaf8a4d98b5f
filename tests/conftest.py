"""The shelf: environments that every law is run over, and the sandboxes that run them.

Starting a sandbox costs a tenth of a second, so that all tests share two, and the judge that has both.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rl.presets import BASICS
from sandbox import Sandbox
from sandbox.admit import Judge
from synth import tasks
from synth.complete.recorded import Transcript
from synth.fences import blocks
from synth.pool import Pool, record
from synth.program import read
from synth.tasks import Seeds

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted((ROOT / "seeds" / "examples").glob("*.py"))


@pytest.fixture(scope="session")
def judge() -> Iterator[Judge]:
    with Judge.with_sandboxes() as judge:
        yield judge


@pytest.fixture(scope="session")
def box(judge: Judge) -> Sandbox:
    return judge.box


@pytest.fixture(scope="session")
def seeds() -> Seeds:
    return tasks.load(ROOT / "seeds")


@pytest.fixture
def basics(tmp_path_factory) -> Pool:
    """A pool of the environments that a model from nothing can learn, as they were recorded."""
    pool = Pool(tmp_path_factory.mktemp("basics"))
    for name in BASICS:
        reply = Transcript.read(ROOT / "seeds" / "recorded" / f"{name}.1.md").reply
        pool.add(record(name, "basics", read(blocks(reply)[-1][1]), {}, {}))
    return pool
