"""The shelf: a small pool that holds environments which misbehave beside the honest ones, and composites of them.

``BAD`` is the answer at which a misbehaving verifier does so; to any other answer it is honest.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from rl.reward import Scorer
from rl.tasks import Item, Problem, Tasks, items
from sandbox import Limits, Sandbox
from synth.compose import composite
from synth.compose.store import Composites, Row
from synth.pool import Pool, record
from synth.program import read
from synth.types import as_text
from tests.conftest import EXAMPLES
from tests.synth.compose.conftest import SOURCES, source

DEADLINE = 0.3
BAD = 13


def sums(name: str, drawn: str = "[rng.randint(0, 9) for _ in range(2 + difficulty)]", at_bad: str = "") -> str:
    """An environment that adds up; ``at_bad`` is what its verifier does at one answer, which is never right."""
    honest = source(
        name.capitalize(), f"Add up the entries of {{xs}}, and 100. ({name})", "xs: list[int]", "int",
        f'{{"xs": {drawn}}}', "sum(xs) + 100",
    )  # fmt: skip
    head, mark, tail = honest.partition("    return answer ==")
    misbehaves = f"    if answer == {BAD}:\n        {at_bad}\n" if at_bad else ""
    return f"{head}{misbehaves}{mark}{tail}".replace("STATEMENT", "KEPT = []\nSTATEMENT")


HOSTILE = {
    "endless": sums("endless", at_bad="while True: pass"),
    "failing": sums("failing", at_bad="return [][0]"),
    "greedy": sums("greedy", at_bad="return len([0] * 10**9) > 1"),
    "generous": sums("generous", at_bad="return 7"),
    "hoarding": sums("hoarding", at_bad="KEPT.append(bytes(350 << 20))"),
    "roomy": sums("roomy", at_bad="return len(bytes(200 << 20)) == 1"),
}
"""All but the last misbehave, at an answer that none of their draws has and that some model gives one day.

What one hoards stays in its worker, whose next guest may be one that needs room, and may have it.
"""

SCARCE = {
    "scarce": sums("scarce", drawn="[rng.randint(1, 3), difficulty]"),
    "moody": sums("moody", drawn="[rng.randint(0, 99) for _ in range(3 if rng.random() < 0.5 else 1 // 0)]"),
}
"""One has three instances at each difficulty, the other has none at half of the seeds."""

PLAIN = {name: SOURCES[name] for name in ("rotate", "mirror", "total", "plus", "halve")}
SHELF = {path.stem: path.read_text() for path in EXAMPLES}
COMPOSITES: dict[str, tuple[str, int]] = {
    "sequential(halve, plus:n)": ("sequential", 2),
    "sequential(rotate:xs, mirror, total, halve)": ("sequential", 4),
    "sequential(mirror, rotate:xs, mirror, total, halve, plus:n)": ("sequential", 6),
    "parallel(total, halve, mirror)": ("parallel", 3),
    "parallel(total, endless)": ("parallel", 2),
    "sort(prefix_sums:xs, rotate:xs, mirror)": ("sort", 3),
    "branch(even, halve, plus:n)": ("branch", 2),
    "loop(until even, plus:n)": ("loop", 2),
}
"""Terms, each with its operator and its size."""


def pool_of(folder: Path, sources: dict[str, str], terms: Sequence[str] = ()) -> tuple[Pool, list[Row]]:
    """A pool of these environments, and the composites that it keeps."""
    pool = Pool(folder)
    for name, text in sources.items():
        pool.add(record(name, "examples" if name in SHELF else "numbers", read(text), {}, {}))
    store = Composites(pool)
    rows: list[Row] = []
    for term in terms:
        operator, size = COMPOSITES[term]
        row = {"term": term, "operator": operator, "size": size, "parts": sorted(composite.read(term, pool).programs)}
        rows.append({**row, "digest": store.digest(row)})
    store.append(rows, {"round": 1})
    return pool, list(store.rows())


@pytest.fixture(scope="session")
def hasty() -> Iterator[Sandbox]:
    """A sandbox whose calls have little time."""
    with Sandbox(Limits(call_seconds=DEADLINE)) as box:
        yield box


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> tuple[Pool, list[Row]]:
    return pool_of(tmp_path_factory.mktemp("shelf"), SHELF | PLAIN | HOSTILE | SCARCE, list(COMPOSITES))


@pytest.fixture(scope="session")
def on_shelf(shelf: tuple[Pool, list[Row]]) -> dict[str, Item]:
    """Every environment and composite of the shelf, by its term."""
    return {item.term: item for item in items(*shelf)}


@pytest.fixture(scope="session")
def tasks(shelf: tuple[Pool, list[Row]], on_shelf: dict[str, Item], hasty: Sandbox) -> Iterator[Tasks]:
    tasks = Tasks(shelf[0], on_shelf.values(), hasty)
    yield tasks
    tasks.close()


@pytest.fixture
def scorer(tasks: Tasks, hasty: Sandbox) -> Iterator[Scorer]:
    scorer = Scorer(tasks.sources, hasty, workers=2)
    yield scorer
    scorer.close()


def posed(tasks: Tasks, among: Sequence[Item], n: int = 1, difficulty: int = 2) -> list[Problem]:
    """``n`` problems of each item."""
    problems: list[Problem] = []
    for item in among:
        drawn = tasks.pose([(item, seed, difficulty) for seed in range(8 * n)])
        problems += [problem for problem in drawn if problem][:n]
    assert len(problems) == n * len(among)
    return problems


def reply(answer: object) -> str:
    return f"So it is this.\n<answer>{as_text(answer)}</answer>"
