"""What an environment is, seen from outside: a signature, instances, and the text that poses one.

Seen as mathematics an environment is a relation between instances and answers; where each instance has
one right answer it is a *function*, and only functions chain. Not how one is written (``program.py``)
and not how one is run (``sandbox``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from synth import answers
from synth.types import Type

Instance = Mapping[str, Any]
"""One value for each field of the domain."""

Answer = Any
"""A value of the codomain."""


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


def prompt(posed: str, codomain: Type) -> str:
    """All that the model reads: the problem, and how to write the answer, which the type decides."""
    return f"{posed}\n\n{answers.how_to_write(codomain)}"
