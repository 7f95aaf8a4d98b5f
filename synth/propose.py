"""More tasks than the seeds hold: proposed topic by topic, told what there is and which types are lacking.

A proposal stands. Once made it is remembered by its place (topic and round), not by its prompt, so that a run
that resumes on a fuller pool meets the same tasks again.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence

from synth import prompts
from synth.complete import Completion, Request
from synth.fences import blocks
from synth.tasks import SeedError, Task, Topic, task_from

EACH = 6  # tasks asked for at once: with more, they begin to resemble one another
ARROWS = (
    "int -> int",
    "list[int] -> int",
    "list[int] -> list[int]",
    "int -> list[int]",
    "str -> str",
    "str -> int",
    "list[str] -> list[str]",
    "list[list[int]] -> int",
    "str -> list[int]",
    "int -> str",
)
"""One-field arrows from which long chains can be made."""


def request(topic: Topic, number: int, tasks: Sequence[Task]) -> Request:
    """Ask for tasks on ``topic``, for the ``number``-th time."""
    return Request(f"propose.{topic.family}.{number}", 1, prompts.propose(topic, tasks, lacking(tasks), EACH))


def lacking(tasks: Iterable[Task]) -> list[str]:
    """The arrows that fewest tasks have, the rarest first."""
    count = Counter(_arrow(task.signature) for task in tasks)
    return sorted(ARROWS, key=lambda arrow: (count[arrow], ARROWS.index(arrow)))[:4]


def _arrow(signature: str) -> str:
    """The types of a signature without the names.

    >>> _arrow("(xs: list[int]) -> int")
    'list[int] -> int'
    """
    return re.sub(r"\w+: ", "", signature).replace("(", "").replace(")", "")


def tasks_in(completion: Completion, topic: Topic, known: Iterable[str]) -> tuple[list[Task], list[str]]:
    """The tasks that a reply proposes, and for each proposal that cannot be used the reason."""
    where = f"a proposal for {topic.family}"
    written = [body for language, body in blocks(completion.text) if language == "toml"]
    if not written:
        return [], [f"{where}: the reply has no closed ```toml block"]
    try:
        rows = tomllib.loads(written[-1]).get("task")
    except (ValueError, RecursionError) as error:  # an integer too long to read is a plain ValueError
        return [], [f"{where}: not TOML: {error}"]
    if not isinstance(rows, list) or not rows:
        return [], [f"{where}: the block holds no [[task]] tables"]
    tasks: list[Task] = []
    problems = []
    names = set(known)
    for row in rows:
        try:
            task = task_from(row, topic.family, where)
        except SeedError as error:
            problems.append(str(error))
            continue
        if task.name in names:
            problems.append(f"{where}: there is a task named {task.name} already")
            continue
        names.add(task.name)
        tasks.append(task)
    return tasks, problems
