"""Posed problems as a task of inspect-ai (https://inspect.aisi.org.uk), for its models, logs and viewer.

Its figures are inspect's; ours are ``evaluate.py``'s. Replies are scored in the jail here as well, and what could not
be scored is unscored there, never 0. ``export`` writes a folder that its command line takes, for as many epochs as one
likes; in Python, ``task`` gives the same:

    inspect eval FOLDER/brickyard_task.py -T split=heldout-environments --model openai/M --epochs 8

Needs the package ``inspect-ai``; it is imported when a task is made.
"""

import atexit
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rl.errors import TrainError
from rl.reward import Scorer
from rl.tasks import Problem, Split, Tasks, freeze, thaw
from sandbox import Sandbox
from synth.pool import Pool

TASK, SPLITS = "brickyard_task.py", "splits.json"
SOURCE = '''"""The problems of {splits} as an inspect-ai task: inspect eval {task} -T split=... --model ..."""

from pathlib import Path

from inspect_ai import Task, task

from rl import inspect_tasks


@task
def brickyard(split: str = {first}, pool: str = {pool}) -> Task:
    return inspect_tasks.load(Path(__file__).with_name("{splits}"), Path(pool), split)
'''


def export(folder: Path, pool: Path, problems: Mapping[Split, Sequence[Problem]]) -> Path:
    """Write the problems, by name, and a task file over them, and return its path; the pool stays where it is.

    Raises ``TrainError`` when there is no problem, or the folder cannot be written.
    """
    kept = {split: posed for split, posed in problems.items() if posed}
    if not kept:
        raise TrainError("there is no problem to export; evaluate on a split that has some")
    first, home = json.dumps(next(iter(kept))), json.dumps(str(pool.resolve()))
    source = SOURCE.format(splits=SPLITS, task=TASK, first=first, pool=home)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        items = {split: list(dict.fromkeys(problem.item for problem in posed)) for split, posed in kept.items()}
        freeze(folder / SPLITS, items, kept)
        (folder / TASK).write_text(source, encoding="utf-8")
    except OSError as error:
        raise TrainError(f"{folder}: cannot be written ({error.strerror})") from None
    return folder / TASK


def load(splits: Path, pool: Path, split: str) -> Any:
    """The ``inspect_ai.Task`` of one split of a run or an export, posed again from its pool. Raises ``TrainError``."""
    frozen = thaw(splits)
    filled = {str(name) for name, names in frozen.names.items() if names}
    if split not in filled:
        raise TrainError(f"{splits} has no problems of {split!r}; it has {', '.join(sorted(filled)) or 'none'}")
    which, box = Split(split), Sandbox()
    atexit.register(box.close)
    tasks = Tasks(Pool(pool), frozen.items[which], box)
    return task(frozen.problems(which, tasks), Scorer(tasks.sources, box, strict=False), split)


def task(problems: Sequence[Problem], scorer: Scorer, name: str) -> Any:
    """An ``inspect_ai.Task`` of the problems; its standard error is clustered by environment."""
    try:
        from inspect_ai import Task
        from inspect_ai.dataset import MemoryDataset, Sample
    except ImportError as error:
        raise TrainError(f"inspect-ai is not installed ({error}): pip install 'brickyard[inspect]'") from None
    samples = [
        Sample(input=problem.prompt, target=str(problem.reference), id=problem.name, metadata=_metadata(problem))
        for problem in problems
    ]
    return Task(dataset=MemoryDataset(samples, name=name), scorer=_scorer(problems, scorer), name=f"brickyard-{name}")


def _metadata(problem: Problem) -> dict[str, Any]:
    item = problem.item
    of_item = {"term": item.term, "family": item.family, "operator": item.operator, "size": item.size}
    return of_item | {"seed": problem.seed, "difficulty": problem.difficulty}


def _scorer(problems: Sequence[Problem], ours: Scorer) -> Any:
    import anyio.to_thread
    from inspect_ai.scorer import Score, mean, scorer, stderr

    named = {problem.name: problem for problem in problems}

    def verified() -> Any:
        async def score(state: Any, target: Any) -> Any:
            asked, reply = [named[state.sample_id]], [state.output.completion]
            [scored] = await anyio.to_thread.run_sync(ours.score, asked, reply)
            if scored.value is None:
                return Score.unscored(explanation=scored.problem)
            return Score(value=scored.value, explanation=scored.problem or None)

        return score

    return scorer(metrics=[mean(), stderr(cluster="term")])(verified)()
