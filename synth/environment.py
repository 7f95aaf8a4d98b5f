"""What an environment is, seen from outside: a typed problem that can be drawn, posed and scored.

Seen as mathematics an environment is a relation between instances and answers; where each instance has
one right answer it is a *function*, and only functions chain. Not how one is written (``program.py``)
and not how one is run (``sandbox``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol, runtime_checkable

from synth import answers
from synth.types import Type

Instance = Mapping[str, Any]
"""One value for each field of the domain."""

Answer = Any
"""A value of the codomain."""


ANSWER = "answer"
"""The key of a right answer in what ``generate`` returns, and the argument of ``verify``; never a field."""


@dataclass(frozen=True)
class Signature:
    """What is given and what is asked for: ``(xs: list[int], k: int) -> int``."""

    domain: Mapping[str, Type]
    codomain: Type

    def __str__(self) -> str:
        given = ", ".join(f"{name}: {t}" for name, t in self.domain.items())
        return f"({given}) -> {self.codomain}"

    @property
    def shape(self) -> str:
        """The types without the names: what decides which environments could be the same.

        >>> from synth.types import parse
        >>> Signature({"k": parse("int"), "xs": parse("list[int]")}, parse("bool")).shape
        'int, list[int] -> bool'
        """
        return f"{', '.join(sorted(map(str, self.domain.values())))} -> {self.codomain}"

    def admits(self, instance: object) -> bool:
        """Whether ``instance`` has exactly the fields, each with a value of its type."""
        return (
            isinstance(instance, dict)
            and instance.keys() == self.domain.keys()
            and all(instance[name] in t for name, t in self.domain.items())
        )


@runtime_checkable
class Environment(Protocol):
    """A relation between instances and answers. ``str`` of one is the expression that makes it."""

    @property
    def signature(self) -> Signature: ...

    def generate(self, rng: Random, difficulty: int) -> Instance:
        """Draw an instance, with a right answer under ``"answer"`` if it was built around one."""

    def admits(self, instance: Instance) -> bool:
        """Whether ``instance``, already of the domain's types, has an answer."""

    def pose(self, instance: Instance) -> str:
        """The problem in words."""

    def score(self, instance: Instance, answer: Answer) -> float:
        """How right ``answer`` is, from 0 to 1; it is already of the codomain's type."""


@runtime_checkable
class Step(Environment, Protocol):
    """An environment that can answer what it is given and say what it asks in passing: it can stand in a chain."""

    def reference(self, instance: Instance) -> Answer:
        """A right answer."""

    def sentence(self, given: Mapping[str, str]) -> str:
        """The problem with words for its fields: values, or the names of values."""


@runtime_checkable
class Function(Step, Protocol):
    """A step whose instances have one right answer each."""

    def solve(self, instance: Instance) -> Answer:
        """The right answer."""


def draw(environment: Environment, rng: Random, difficulty: int) -> tuple[Instance, Answer]:
    """An instance and a right answer to it."""
    drawn = dict(environment.generate(rng, difficulty))
    if ANSWER in drawn:
        answer = drawn.pop(ANSWER)
        return drawn, answer
    reference = getattr(environment, "reference", None)  # asking whether it is a Step costs as much as a light answer
    if reference is None:
        raise TypeError(f"{environment} draws instances without an answer and computes none")
    return drawn, reference(drawn)


def prompt(posed: str, codomain: Type) -> str:
    """All that the model reads: the problem, and how to write the answer, which the type decides."""
    return f"{posed}\n\n{answers.how_to_write(codomain)}"
