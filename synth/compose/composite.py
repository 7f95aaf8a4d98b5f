"""A composite as something to judge, to show and to keep: its term, and the programs that the term names.

It stands where a ``Program`` stands. Its right answer is one that ``generate`` builds the instance around, so that a
composite is judged as a relation with a witness, by the same laws.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from synth.compose import term
from synth.compose.leaf import leaf
from synth.compose.term import TermError
from synth.environment import Environment, Instance, Signature
from synth.pool import Pool
from synth.program import Program, Reference

__all__ = ["Composite", "TermError", "depth", "digest", "named", "read"]


@dataclass(frozen=True)
class Composite:
    environment: Environment
    """Of parts that are only read: its text and types, not its answers."""
    programs: Mapping[str, Program] = field(repr=False)
    """Every base environment in it, by name."""

    reference = Reference.WITNESS
    is_function = False
    has_admits = True

    @property
    def title(self) -> str:
        return str(self.environment)

    @property
    def signature(self) -> Signature:
        return self.environment.signature

    @cached_property
    def sources(self) -> dict[str, str]:
        return {name: program.source for name, program in sorted(self.programs.items())}

    def pose(self, instance: Instance) -> str:
        return self.environment.pose(instance)


def read(text: str, pool: Pool) -> Composite:
    """The composite that ``text`` names, of the environments of ``pool``. Raises ``TermError``."""
    programs: dict[str, Program] = {}

    def part(name: str) -> Environment:
        if name not in pool:
            raise KeyError(name)
        programs[name] = pool[name].program
        return leaf(name, programs[name])

    return Composite(term.parse(text, part), programs)


def named(text: str, pool: Pool) -> Program | Composite:
    """The environment of ``pool`` with that name, or the composite that the term names.

    Raises ``PoolError``, ``TermError``.
    """
    return read(text, pool) if "(" in text else pool[text].program


def depth(text: str) -> int:
    """How many operators stand in one another.

    >>> depth("parallel(loop(rotate:xs), longest_run)")
    2
    """
    level = deepest = 0
    for mark in text:
        level += (mark == "(") - (mark == ")")
        deepest = max(deepest, level)
    return deepest


def digest(names: Iterable[str], pool: Pool) -> str:
    """Of the sources of these environments: it changes when one of them is edited. Raises ``PoolError``."""
    sources = {name: pool[name].program.digest for name in names}
    return hashlib.sha256(repr(sorted(sources.items())).encode()).hexdigest()[:16]
