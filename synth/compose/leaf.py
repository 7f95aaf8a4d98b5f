"""A base environment as a part of others: what its text says of it, and whoever runs it.

A program is text; here it becomes an ``Environment`` by being given a runner: the namespace of the program
inside a jail, or nothing where only words and types are wanted. Nothing is executed here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from synth.environment import ANSWER, Answer, Instance, Signature
from synth.program import Program, Reference

Run = Callable[[str, Mapping[str, Any]], Any]
"""Calls a function of the program by name, with arguments by keyword."""


class NotRunError(RuntimeError):
    """A part was asked to run where programs are only read."""


def not_run(function: str, arguments: Mapping[str, Any]) -> Any:
    raise NotRunError(f"{function}({', '.join(arguments)}) was called where programs are only read")


@dataclass(frozen=True)
class Planted:
    """A program whose right answers are planted by ``generate``: it can be asked, but not be given anything."""

    name: str
    program: Program
    run: Run = field(default=not_run, repr=False, compare=False)

    def __str__(self) -> str:
        return self.name

    @property
    def signature(self) -> Signature:
        return self.program.signature

    def generate(self, rng: Random, difficulty: int) -> Instance:
        drawn = self.run("generate", {"rng": rng, "difficulty": difficulty})
        types = {**self.signature.domain, ANSWER: self.signature.codomain}
        return {name: types[name].plain(value) for name, value in drawn.items()}

    def admits(self, instance: Instance) -> bool:
        return not self.program.has_admits or bool(self.run("admits", self._shaped(instance)))

    def pose(self, instance: Instance) -> str:
        return self.program.pose(instance)

    def score(self, instance: Instance, answer: Answer) -> float:
        shaped = self.signature.codomain.shaped(answer)
        return float(self.run("verify", {**self._shaped(instance), ANSWER: shaped}))

    def _shaped(self, instance: Instance) -> dict[str, Any]:
        """The arguments that the program was promised: the fields, tuples as tuples."""
        return {name: t.shaped(instance[name]) for name, t in self.signature.domain.items()}


@dataclass(frozen=True)
class Relation(Planted):
    """A program that computes one of several right answers: a ``Step``."""

    def reference(self, instance: Instance) -> Answer:
        answer, t = self.run(self.program.reference, self._shaped(instance)), self.signature.codomain
        return t.plain(t.shaped(answer))  # shaped: an int given for a float becomes one, so that equals look equal

    def sentence(self, given: Mapping[str, str]) -> str:
        return self.program.sentence(given)


@dataclass(frozen=True)
class Base(Relation):
    """A program that computes the one right answer: a ``Function``."""

    def solve(self, instance: Instance) -> Answer:
        return self.reference(instance)


def leaf(name: str, program: Program, run: Run = not_run) -> Planted:
    """``program`` as an environment of its kind."""
    kinds = {Reference.SOLVE: Base, Reference.EXAMPLE: Relation, Reference.WITNESS: Planted}
    return kinds[program.reference](name, program, run)
