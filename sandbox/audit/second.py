"""A second opinion: a solution by another author, who had the statement and the signature, against the first one's.

Both run on the same instances, behind the wall. They agree, they differ (with the smallest instance that shows it), or
the second cannot: it fails, or its author found the words unclear. Who of the two is wrong is not decided here, nor who
asks the second author.
"""

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from sandbox.jail import Sandbox, Session
from sandbox.outcome import Call, Ending, Outcome
from sandbox.subject import Subject
from synth import prompts, values
from synth.complete import Completer, Request, Unanswered
from synth.environment import Answer, Instance
from synth.fences import blocks
from synth.program import Program
from synth.types import Type, as_json

TRIALS = 240  # instances, over all difficulties alike
ROUNDS = 40  # of making a disagreement smaller
SMALLER = 60  # smaller instances tried in a round
UNCLEAR = "UNCLEAR:"
TOLD = re.compile(rf"{UNCLEAR}.*")


class Opinion(StrEnum):
    """What came of the comparison."""

    AGREES = "agrees"
    DIFFERS = "differs"
    CANNOT = "cannot"
    """It fails on some instance and differs on none; or there is none to compare."""
    UNCLEAR = "unclear"
    """The second author could not tell from the words what is asked."""


@dataclass(frozen=True)
class Difference:
    """An instance on which the two differ, as small as could be found."""

    instance: Instance
    first: Answer
    second: Answer


@dataclass(frozen=True)
class Second:
    """What a second author makes of an environment."""

    opinion: Opinion
    instances: int = 0
    """On which both were run."""
    differed: int = 0
    difference: Difference | None = None
    why: str = ""
    """Of ``cannot`` and ``unclear``."""

    def asdict(self) -> dict[str, Any]:
        return asdict(self)


def solution(reply: str) -> tuple[str, str]:
    """The module that a reply holds, or an empty text and the reason why there is none.

    >>> solution("UNCLEAR: is the list sorted?")
    ('', 'UNCLEAR: is the list sorted?')
    """
    written = [body for language, body in blocks(reply) if language in ("python", "py", "") and "def solve" in body]
    if written:
        return written[-1], ""
    told = TOLD.search(reply)
    return "", told[0].strip() if told else "the reply has no block that defines solve"


Author = Callable[[str, Program], tuple[str, str]]
"""Gives the second solution of an environment, by its name and what can be read of it; or nothing, and the reason."""


def opinion(subject: Subject, name: str, author: Author, box: Sandbox) -> Second:
    """What the second author makes of the environment; a relation has no one answer to compare."""
    if not isinstance(subject.program, Program) or not subject.program.is_function:
        return Second(Opinion.CANNOT, why="it is a relation: there is no one answer to compare")
    source, why = author(name, subject.program)
    if not source:
        return Second(Opinion.UNCLEAR if why.startswith(UNCLEAR) else Opinion.CANNOT, why=why)
    return compare(subject, source, box)


def from_files(path: Path) -> Author:
    """The solution in a file, or in the file of that name in a folder."""

    def author(name: str, _: Program) -> tuple[str, str]:
        file = path / f"{name}.py" if path.is_dir() else path
        try:
            return file.read_text(encoding="utf-8"), ""
        except (OSError, UnicodeDecodeError) as error:
            return "", f"{file}: {getattr(error, 'strerror', None) or error}"

    return author


def from_completer(completer: Completer) -> Author:
    """The solution that a model writes from the statement; each is asked for on its own, as ``NAME.second``."""

    def author(name: str, program: Program) -> tuple[str, str]:
        request = Request(f"{name}.second", 1, prompts.second(program))
        try:
            return solution(asyncio.run(completer.complete(request)).text)
        except Unanswered as nothing:
            return "", str(nothing)

    return author


def compare(subject: Subject, source: str, box: Sandbox) -> Second:
    """Run the second author's ``solve`` on the subject's instances. The subject is a function that keeps the laws."""
    shapes = {name: str(t) for name, t in subject.signature.domain.items()}
    with box.open(source, shapes=shapes) as session:
        if session.loaded.ending is not Ending.RETURNED:
            return Second(Opinion.CANNOT, why=f"it does not load: {session.loaded.error}")
        return _compared(subject, session)


def _compared(subject: Subject, session: Session) -> Second:
    trials = subject.trials[:TRIALS]
    outcomes = session.map([Call("solve", trial.instance) for trial in trials], give_up=True)
    pairs = _Pair(subject, session)
    differ = [
        Difference(trial.instance, trial.answer, outcome.value)
        for trial, outcome in zip(trials, outcomes, strict=True)
        if pairs.differ(trial.answer, outcome)
    ]
    if differ:
        smallest = min(differ, key=lambda found: len(as_json(found.instance)))
        return Second(Opinion.DIFFERS, len(trials), len(differ), pairs.smallest(smallest))
    for trial, outcome in zip(trials, outcomes, strict=True):
        if outcome.ending is not Ending.RETURNED:
            where = f"at difficulty {trial.difficulty}, seed {trial.seed}"
            return Second(Opinion.CANNOT, len(trials), why=f"{outcome.ending} {where}: {outcome.error}")
    return Second(Opinion.AGREES, len(trials))


class _Pair:
    """The two solutions, and what it takes to make a difference between them smaller."""

    def __init__(self, subject: Subject, second: Session) -> None:
        self.subject, self.second = subject, second
        self._apart = values.differ(subject.signature.codomain)

    def differ(self, first: Answer, second: Outcome) -> bool:
        """Whether the second answered, and otherwise than the first; an answer of another type is another one."""
        if second.ending is not Ending.RETURNED:
            return False
        return second.value not in self.subject.signature.codomain or self._apart(first, second.value)

    def smallest(self, found: Difference) -> Difference:
        """A difference on an instance that cannot be made smaller by what is tried, and that is admitted."""
        for _ in range(ROUNDS):
            smaller = next(self._smaller(found), None)
            if smaller is None:
                break
            found = smaller
        return found

    def _smaller(self, found: Difference) -> Iterator[Difference]:
        tried = [
            {**found.instance, name: value}
            for name, t in self.subject.signature.domain.items()
            for value in smaller(found.instance[name], t)
        ][:SMALLER]
        here, admitted = self.subject.session, tried
        if self.subject.program.has_admits:  # without it everything of the types is admitted
            admitted = [i for i, o in zip(tried, here.map(_calls("admits", tried)), strict=True) if o.value is True]
        firsts, seconds = here.map(_calls("solve", admitted)), self.second.map(_calls("solve", admitted))
        for instance, first, second in zip(admitted, firsts, seconds, strict=True):
            if first.ending is Ending.RETURNED and self.differ(first.value, second):
                yield Difference(instance, first.value, second.value)


def _calls(function: str, instances: Sequence[Instance]) -> list[Call]:
    return [Call(function, instance) for instance in instances]


def smaller(value: Any, t: Type) -> Iterator[Any]:
    """Simpler values of the type, the simplest first.

    >>> from synth.types import parse
    >>> list(smaller([5, 1], parse("list[int]")))[:4]
    [[], [1], [1], [5]]
    """
    match t.head:
        case "int":
            yield from dict.fromkeys(v for v in (0, value // 2, value - 1) if 0 <= v < value)
            yield from dict.fromkeys(v for v in (0, -value, -(-value // 2), value + 1) if value < 0)
        case "list" | "str":
            yield from (value[:0], value[len(value) // 2 :]) if len(value) > 1 else ()
            yield from (value[:i] + value[i + 1 :] for i in range(len(value)))
            if t.head == "list":
                yield from (
                    [*value[:i], v, *value[i + 1 :]] for i, old in enumerate(value) for v in smaller(old, t.args[0])
                )
        case "tuple":
            yield from (
                [*value[:i], v, *value[i + 1 :]] for i, old in enumerate(value) for v in smaller(old, t.args[i])
            )
        case "dict":
            yield from ({k: v for k, v in value.items() if k != key} for key in value)
            yield from ({**value, key: v} for key, old in value.items() for v in smaller(old, t.args[1]))
