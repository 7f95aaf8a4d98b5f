"""The values of the jail: what may be used, what is called, what came of it, and what a sandbox was made of.

Nothing here starts or reads a process. What a program does is an ``Outcome``; what the sandbox fails to do is a
``SandboxError``; neither is ever the other.
"""

import importlib.metadata
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from synth import contract


class SandboxError(Exception):
    """The sandbox failed, or may not run as it is. Never a verdict on a program."""


class Ending(StrEnum):
    """How a call ended."""

    RETURNED = "returned"
    """It returned a JSON value within its limits."""
    RAISED = "raised"
    """It raised an exception, or there is no such function."""
    TIMED_OUT = "timed out"
    """It used up its processor time, or did not come back."""
    OUT_OF_MEMORY = "out of memory"
    """It asked for more memory than it may have."""
    REFUSED = "refused"
    """The policy refused the program, or what it asked for while it ran."""
    GARBLED = "garbled"
    """It returned what JSON cannot write, or too much; or its worker wrote what is not a reply."""
    DIED = "died"
    """Its process ended: it did what a layer kills for, or crashed the interpreter."""


COSTLY = frozenset({Ending.TIMED_OUT, Ending.OUT_OF_MEMORY, Ending.DIED})
"""Endings that cost a worker, or all of a call's time."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call."""

    ending: Ending
    value: Any = None
    """A JSON value; None unless it returned."""
    error: str = ""
    """One line, the same for the same call: no times and no addresses."""
    line: int | None = None
    """The program's innermost line where it happened, if known."""
    changed: tuple[str, ...] = ()
    """Arguments that the call changed (only when watched)."""
    steps: int | None = None
    """Lines of the program that were run (only when counted): a cost that does not depend on the machine."""
    seconds: float = 0.0
    """Processor time of the call."""
    bytes: int | None = None
    """The most that the call held at once, beside its arguments (only when measured)."""


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the program by name, and its arguments by keyword."""

    function: str
    arguments: Mapping[str, Any]
    seed: int | None = None
    """With a seed, the argument ``rng`` is ``Random(seed)``."""


@dataclass(frozen=True)
class Limits:
    """What one worker may use."""

    call_seconds: float = contract.CALL_SECONDS
    """Processor time of one call, and of loading."""
    memory_bytes: int = contract.MEMORY_BYTES
    """Address space, the interpreter's own 40 MB or so included."""
    recursion: int = contract.RECURSION
    """Depth of the program's calls."""
    result_bytes: int = 1 << 20
    """One returned value, as JSON; 2 MiB at most, so that a reply fits a frame."""
    printed_bytes: int = 64 << 10
    """What one call may print; it goes nowhere."""

    def __post_init__(self) -> None:
        if not (self.call_seconds > 0 and 0 < self.result_bytes <= 2 << 20):
            raise ValueError(f"{self} has no time for a call, or a result_bytes that is not from 1 to {2 << 20}")

    @property
    def wall_seconds(self) -> float:
        """When a worker that does not answer is given up: generous, since a busy host is not the program's doing."""
        return 10 * self.call_seconds + 2


@dataclass(frozen=True)
class Manifest:
    """What a sandbox is made of; kept with every result that it gave."""

    active: tuple[str, ...]
    missing: Mapping[str, str]
    """Layer -> why it is not active."""
    landlock_abi: int
    outer: str | None
    kernel: str = field(default_factory=platform.release)
    python: str = field(default_factory=platform.python_version)
    restrictedpython: str = field(default_factory=lambda: importlib.metadata.version("RestrictedPython"))

    def asdict(self) -> dict[str, Any]:
        return asdict(self)
