"""Our problems in inspect-ai, answered by its own scripted model, and scored in our jail."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rl import inspect_tasks
from rl.errors import TrainError
from rl.reward import Scorer
from rl.tasks import Item, Problem, Split, Tasks
from sandbox import Sandbox
from synth.pool import Pool, record
from synth.program import read
from synth.types import as_text
from tests.synth.compose.conftest import SOURCES

COMPOSITE = Item("sequential(halve, plus:n)", "composite", "sequential", 2, ("halve", "plus"))
ITEMS = [Item("total", "numbers", parts=("total",)), COMPOSITE]


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Pool:
    pool = Pool(tmp_path_factory.mktemp("pool"))
    for name in ("halve", "plus", "total"):
        pool.add(record(name, "numbers", read(SOURCES[name]), {}, {}))
    return pool


@pytest.fixture(scope="module")
def tasks(pool: Pool, box: Sandbox) -> Iterator[Tasks]:
    tasks = Tasks(pool, ITEMS, box)
    yield tasks
    tasks.close()


@pytest.fixture(scope="module")
def problems(tasks: Tasks) -> list[Problem]:
    """Two totals and two composites."""
    return [problem for problem in tasks.pose([(item, seed, 1) for item in ITEMS for seed in (0, 1)]) if problem]


def right(problem: Problem) -> str:
    return f"<answer>{as_text(problem.reference)}</answer>"


def half_right(problem: Problem) -> str:
    return f"<answer>[{problem.reference[0]}, -99]</answer>"


def evaluated(task: Any, replies: list[str], folder: Path, **arguments: str) -> Any:
    """inspect's log of a model that gives these replies, one after the other."""
    inspect = pytest.importorskip("inspect_ai")
    model = pytest.importorskip("inspect_ai.model")
    outputs = [model.ModelOutput.from_content("mockllm/model", reply) for reply in replies]
    for output in outputs:
        output.usage = model.ModelUsage()  # or a tokenizer would be downloaded to count with
    scripted = model.get_model("mockllm/model", custom_outputs=outputs)
    [log] = inspect.eval(task, task_args=arguments, model=scripted, log_dir=str(folder), display="none", max_samples=1)
    assert log.status == "success", log.error
    return log


def figures(log: Any) -> dict[str, float]:
    return {name: metric.value for name, metric in log.results.scores[0].metrics.items()}


def test_replies_are_scored_by_our_verifiers_with_partial_credit(
    problems: list[Problem], tasks: Tasks, box: Sandbox, tmp_path: Path
) -> None:
    pytest.importorskip("inspect_ai")
    scorer = Scorer(tasks.sources, box, workers=1)
    replies = [right(problems[0]), "no idea", half_right(problems[2]), right(problems[3])]
    log = evaluated(inspect_tasks.task(problems, scorer, "unseen"), replies, tmp_path)
    scorer.close()
    assert {sample.id: sample.scores["verified"].value for sample in log.samples} == {
        problems[0].name: 1.0,
        problems[1].name: 0.0,
        problems[2].name: 0.5,
        problems[3].name: 1.0,
    }
    assert {sample.input for sample in log.samples} == {problem.prompt for problem in problems}
    assert figures(log) == {"mean": 0.625, "stderr": pytest.approx(0.125)}  # clusters that sum to 1.0 and 1.5


def test_what_could_not_be_scored_is_unscored_and_not_0(
    problems: list[Problem], tasks: Tasks, box: Sandbox, tmp_path: Path
) -> None:
    pytest.importorskip("inspect_ai")
    scorer = Scorer(tasks.sources, box, workers=1)
    scorer.benched[COMPOSITE.term] = "it hung"
    log = evaluated(inspect_tasks.task(problems, scorer, "unseen"), [right(it) for it in problems], tmp_path)
    scorer.close()
    assert figures(log)["mean"] == 1
    assert log.results.scores[0].unscored_samples == 2
    told = {sample.id: sample.scores["verified"].explanation for sample in log.samples}
    assert "it hung" in told[problems[2].name]
    assert told[problems[0].name] is None


def test_an_export_is_a_folder_that_inspect_finds_its_task_in(
    problems: list[Problem], pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspect = pytest.importorskip("inspect_ai")
    given = {Split.INSTANCES: problems[:2], Split.COMPOSITIONS: problems[2:], Split.DEPTHS: []}
    file = inspect_tasks.export(tmp_path / "unseen", pool.folder, given)
    monkeypatch.chdir(file.parent)  # inspect takes relative paths alone
    assert [found.name for found in inspect.list_tasks(root_dir=file.parent)] == ["brickyard"]
    replies = [right(problems[2]), half_right(problems[3])]
    log = evaluated(file.name, replies, tmp_path / "logs", split="heldout-compositions")
    assert [sample.id for sample in log.samples] == [problem.name for problem in problems[2:]]
    assert figures(log)["mean"] == 0.75


def test_a_split_that_an_export_does_not_have_is_named_with_those_it_has(
    problems: list[Problem], pool: Pool, tmp_path: Path
) -> None:
    file = inspect_tasks.export(tmp_path, pool.folder, {Split.INSTANCES: problems})
    with pytest.raises(TrainError, match="no problems of 'heldout-depths'; it has heldout-instances"):
        inspect_tasks.load(file.with_name("splits.json"), pool.folder, "heldout-depths")


def test_nothing_is_exported_as_nothing(pool: Pool, tmp_path: Path) -> None:
    with pytest.raises(TrainError, match="no problem to export"):
        inspect_tasks.export(tmp_path / "none", pool.folder, {Split.DEPTHS: []})
    assert not (tmp_path / "none").exists()
