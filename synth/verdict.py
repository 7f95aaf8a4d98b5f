"""What judging an environment comes to: a verdict, and for an admitted one a certificate.

Values only. Who judges is ``sandbox``; the loop that writes environments, the pool and the command line read these.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

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
