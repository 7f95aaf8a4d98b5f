"""Seeds: descriptions of tasks to turn into environments, topics to propose more from, and exemplary environments.

Data that people wrote and that is trusted. A family is a file: ``tasks/graphs.toml`` holds the tasks of ``graphs``.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synth.program import ContractError, Program, read_file

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
KINDS = ("function", "relation")


class SeedError(ValueError):
    """A seed that cannot be used; the message names the file and says what to do."""


@dataclass(frozen=True)
class Task:
    """A problem to write an environment for."""

    name: str
    family: str
    kind: str
    """``function`` (one right answer) or ``relation`` (several)."""
    signature: str
    """The types to aim at, as words for the author: ``(xs: list[int]) -> int``."""
    description: str

    @property
    def codomain(self) -> str:
        return self.signature.rpartition("->")[2].strip()


@dataclass(frozen=True)
class Topic:
    """An area from which tasks are proposed."""

    family: str
    words: str


@dataclass(frozen=True)
class Seeds:
    tasks: Sequence[Task]
    topics: Sequence[Topic]
    examples: Sequence[Program]
    recorded: Path


def load(folder: Path) -> Seeds:
    """Read a folder of seeds. Raises ``SeedError`` naming the file that cannot be used."""
    if not (folder / "tasks").is_dir():
        raise SeedError(f"{folder} holds no seeds: there is no folder {folder / 'tasks'}; name one with --seeds")
    tasks = [task for path in sorted((folder / "tasks").glob("*.toml")) for task in tasks_in(path)]
    if not tasks:
        raise SeedError(f"{folder / 'tasks'} holds no tasks; put a FAMILY.toml with [[task]] tables there")
    _refuse_twice(tasks, folder)
    topics_file = folder / "topics.toml"
    topics = [_topic(row, topics_file) for row in _tables(topics_file, "topic")] if topics_file.exists() else []
    examples = [_example(path) for path in sorted((folder / "examples").glob("*.py"))]
    if not examples:
        raise SeedError(f"{folder / 'examples'} holds no exemplary environment; the prompts need at least one")
    return Seeds(tasks, topics, examples, folder / "recorded")


def tasks_in(path: Path) -> list[Task]:
    return [task_from(row, path.stem, str(path)) for row in _tables(path, "task")]


def task_from(row: Any, family: str, where: str) -> Task:
    """One ``[[task]]`` table as a Task. Raises ``SeedError``."""
    wanted = ("name", "kind", "signature", "description")
    if not isinstance(row, dict) or any(not isinstance(row.get(key), str) for key in wanted):
        raise SeedError(f"{where}: a [[task]] needs the texts {', '.join(wanted)}, but has {row!r:.80}")
    if not NAME.fullmatch(row["name"]) or len(row["name"]) > 60:
        raise SeedError(f"{where}: the name {row['name']!r} should be words_in_snake_case")
    if row["kind"] not in KINDS:
        raise SeedError(f"{where}: {row['name']} is of kind {row['kind']!r}; write one of {', '.join(KINDS)}")
    return Task(row["name"], family, row["kind"], row["signature"], row["description"].strip())


def _tables(path: Path, name: str) -> list[Any]:
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get(name, [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SeedError(f"{path}: not TOML: {error}") from None
    except OSError as error:
        raise SeedError(f"{path}: cannot be read: {error.strerror}") from None
    if not isinstance(rows, list):
        raise SeedError(f"{path}: write [[{name}]] tables, with two brackets")
    return rows


def _topic(row: Any, path: Path) -> Topic:
    if not isinstance(row, dict) or any(not isinstance(row.get(key), str) for key in ("family", "words")):
        raise SeedError(f"{path}: a [[topic]] needs the texts family and words, but has {row!r:.80}")
    return Topic(row["family"], row["words"])


def _example(path: Path) -> Program:
    try:
        return read_file(path)
    except (ContractError, OSError) as error:
        raise SeedError(f"{path}: not an exemplary environment: {error}") from None


def _refuse_twice(tasks: Iterable[Task], folder: Path) -> None:
    seen: dict[str, Task] = {}
    for task in tasks:
        if task.name in seen:
            families = f"{seen[task.name].family}.toml and {task.family}.toml"
            raise SeedError(f"{folder / 'tasks'}: two tasks are named {task.name} ({families}); rename one")
        seen[task.name] = task
