"""What judging an environment comes to: a verdict, and for an admitted one a certificate; and a second opinion on it.

Values only. Who judges is ``sandbox``; the loop that writes environments, the pool and the command line read these.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from synth.types import as_json

READABLE = "readable"
"""The law that a source's text alone can break; only what keeps it is run."""


@dataclass(frozen=True)
class Finding:
    """Evidence that a law is broken, with what shows it again."""

    evidence: str
    seed: int | None = None
    difficulty: int | None = None
    line: int | None = None
    """Line of the program's source, where one can be named."""


@dataclass(frozen=True)
class Trials:
    """Wrong answers given to the verifier, and how many of them it accepted."""

    tried: int
    accepted: int


@dataclass(frozen=True)
class Certificate:
    """How far an environment can be trusted, in what was tried. Deeper audits add to it."""

    instances: int
    """Drawn, answered and verified."""
    false_accepts: Mapping[str, Trials]
    """By kind of wrong answer. For a relation an accepted one may be another right answer."""
    chance: float
    """Share of instances for which the best constant answer is right."""
    distinct: Mapping[int, int]
    """Different instances at each difficulty, of ``contract.DRAWS``."""
    curve: Mapping[int, Mapping[str, float]]
    """At each difficulty the means of instance size (bytes), text length (characters), reference cost (lines run)."""
    sandbox: Mapping[str, Any] = field(default_factory=dict)
    """The layers that were active, and versions."""

    def asdict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Verdict:
    """The first law broken, with the evidence; or none, and a certificate."""

    law: str = ""
    about: str = ""
    """What the law asks, in a sentence."""
    finding: Finding | None = None
    certificate: Certificate | None = None

    @property
    def admitted(self) -> bool:
        return self.finding is None

    def asdict(self) -> dict[str, Any]:
        """The verdict as ``brickyard audit --json`` prints it."""
        finding = (
            asdict(self.finding) if self.finding else {"evidence": None, "seed": None, "difficulty": None, "line": None}
        )
        certificate = self.certificate.asdict() if self.certificate else None
        return {"admitted": self.admitted, "law": self.law or None, **finding, "certificate": certificate}


class Opinion(StrEnum):
    """What came of comparing an environment with a second author's solution of it."""

    AGREES = "agrees"
    DIFFERS = "differs"
    CANNOT = "cannot"
    """It has nothing to say on some instance that was drawn, and differs on none; or there is none to compare."""
    UNCLEAR = "unclear"
    """The second author could not tell from the words what is asked."""


class Kind(StrEnum):
    """How two authors can differ."""

    SOLVE = "solve"
    """The two solutions of a function give different answers."""
    EXAMPLE = "example refused"
    """The first's ``verify`` refuses the second's example, which the second holds to be right."""
    REFERENCE = "reference refused"
    """The second's ``verify`` refuses the first's own right answer."""
    NONE = "no right answer"
    """The second finds that the words leave the instance without a right answer; the first has one."""
    VERDICTS = "verdicts"
    """Of some other answer one says that it is right, and the other that it is not."""


@dataclass(frozen=True)
class Difference:
    """An instance on which two authors differ, as small as could be found."""

    kind: Kind
    instance: Mapping[str, Any]
    answer: Any
    """What they judge; None where each gives an answer of its own."""
    first: Any
    """The first author's answer, or whether it says that ``answer`` is right."""
    second: Any
    """The same of the second author."""

    def __str__(self) -> str:
        given = ", ".join(f"{name} = {as_json(value)}" for name, value in self.instance.items())
        answer, first, second = as_json(self.answer), as_json(self.first), as_json(self.second)
        told = {
            Kind.SOLVE: f"the first author's solve gives {first}, the second's {second}",
            Kind.EXAMPLE: f"the second author's example gives {answer}, and the first's verify refuses it",
            Kind.REFERENCE: f"the first author holds {answer} to be right, and the second's verify refuses it",
            Kind.NONE: f"the first author answers {first}, the second finds that no answer is right",
            Kind.VERDICTS: f"the first author's verify says {first} to the answer {answer}, the second's {second}",
        }
        return f"for {given} {told[self.kind]}"


@dataclass(frozen=True)
class Compared:
    """Comparisons of one kind, and in how many of them the two differed."""

    tried: int
    apart: int


@dataclass(frozen=True)
class Second:
    """What a second author makes of an environment."""

    opinion: Opinion
    instances: int = 0
    """Drawn ones on which the two were compared."""
    differed: int = 0
    """Of these."""
    corners: int = 0
    """Further ones that nobody drew, but that are admitted."""
    corners_differed: int = 0
    failed: int = 0
    """Comparisons that could not be made because the second failed: it raised, or ran out of time."""
    kinds: Mapping[str, Compared] = field(default_factory=dict)
    difference: Difference | None = None
    """The one on the smallest instance."""
    further: tuple[Difference, ...] = ()
    """One of each other kind."""
    why: str = ""
    """Of ``cannot`` and ``unclear``; else how the second failed, if it did."""

    @property
    def evidence(self) -> str:
        """What speaks against the environment; empty where nothing does."""
        if self.difference:
            return "; ".join(map(str, (self.difference, *self.further)))
        unclear = self.opinion is Opinion.UNCLEAR
        return f"the second author could not tell from the words what is asked: {self.why}" if unclear else ""

    def asdict(self) -> dict[str, Any]:
        return asdict(self)
