"""A composite as something to judge, to show and to keep: its term, and the programs that the term names.

It stands where a ``Program`` stands. Its right answer is one that ``generate`` builds the instance around, so that a
composite is judged as a relation with a witness, by the same laws.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from synth.compose import term
from synth.compose.leaf import leaf
from synth.compose.term import TermError
from synth.environment import Environment, Instance, Signature
from synth.pool import Pool
from synth.program import Program, Reference

__all__ = ["Composite", "TermError", "named", "read"]


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

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the term and of every source in it."""
        return hashlib.sha256(repr((self.title, sorted(self.sources.items()))).encode()).hexdigest()

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
