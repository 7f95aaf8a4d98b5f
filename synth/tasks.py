"""Seeds: descriptions of tasks to turn into environments, topics to propose more from, and exemplary environments.

Data that people wrote and that is trusted. A family is a file: ``tasks/graphs.toml`` holds the tasks of ``graphs``.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synth.program import ContractError, Program, read_file

MOST_LETTERS = 60
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
    for family, count in Counter(topic.family for topic in topics).items():
        if count > 1:
            raise SeedError(f"{topics_file}: {count} topics have the family {family}; write one, or rename the others")
    examples = [_example(path) for path in sorted((folder / "examples").glob("*.py"))]
    if not examples:
        raise SeedError(f"{folder / 'examples'} holds no exemplary environment; the prompts need at least one")
    return Seeds(tasks, topics, examples, folder / "recorded")


def tasks_in(path: Path) -> list[Task]:
    """The tasks of one family. Raises ``SeedError``."""
    _named(path.stem, "family", str(path))
    return [task_from(row, path.stem, str(path)) for row in _tables(path, "task")]


def task_from(row: Any, family: str, where: str) -> Task:
    """One ``[[task]]`` table as a Task. Raises ``SeedError``."""
    wanted = ("name", "kind", "signature", "description")
    if not _has_texts(row, wanted):
        raise SeedError(f"{where}: a [[task]] needs the texts {', '.join(wanted)}, but has {row!r:.80}")
    _named(row["name"], "name", where)
    if row["kind"] not in KINDS:
        raise SeedError(f"{where}: {row['name']} is of kind {row['kind']!r}; write one of {', '.join(KINDS)}")
    return Task(row["name"], family, row["kind"], row["signature"], row["description"].strip())


def _has_texts(row: Any, wanted: Iterable[str]) -> bool:
    return isinstance(row, dict) and all(isinstance(row.get(key), str) and row[key].strip() for key in wanted)


def _named(name: str, what: str, where: str) -> None:
    """Names of tasks and families become names of files and folders."""
    if not NAME.fullmatch(name) or len(name) > MOST_LETTERS:
        raise SeedError(
            f"{where}: the {what} {name[:80]!r} should be words_in_snake_case, at most {MOST_LETTERS} letters"
        )


def _tables(path: Path, name: str) -> list[Any]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise SeedError(f"{path}: not TOML: {error}") from None
    except OSError as error:
        raise SeedError(f"{path}: cannot be read: {error.strerror}") from None
    rows = tables.pop(name, [])
    if tables or not isinstance(rows, list):
        found = f"{next(iter(tables))!r}" if tables else f"[{name}]"
        raise SeedError(f"{path}: holds {found}; write [[{name}]] tables, with two brackets, and nothing else")
    return rows


def _topic(row: Any, path: Path) -> Topic:
    if not _has_texts(row, ("family", "words")):
        raise SeedError(f"{path}: a [[topic]] needs the texts family and words, but has {row!r:.80}")
    _named(row["family"], "family", str(path))
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
