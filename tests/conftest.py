"""The shelf: environments that every law is run over, and the sandboxes that run them.

Starting a sandbox costs a tenth of a second, so that all tests share two, and the judge that has both.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import Sandbox
from sandbox.admit import Judge
from synth import tasks
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
