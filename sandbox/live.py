"""One environment behind the wall, one instance at a time: to show it, and to play it.

What judges in batches is ``subject.py``; here a failure of the program is an error, because an admitted one
should not fail.
"""

from dataclasses import dataclass
from types import TracebackType

from sandbox.jail import Sandbox
from sandbox.outcome import Call, Ending, Outcome
from sandbox.subject import drawing, opened
from synth import answers
from synth.compose.composite import Composite
from synth.contract import TOLERANCE
from synth.environment import Answer, Instance, prompt
from synth.program import Program, Reference


class LiveError(Exception):
    """The environment did not do what an admitted one does; the message says what it did."""


@dataclass(frozen=True)
class Scored:
    """A reply's score; none when it held no answer that could be scored, and then the reason."""

    score: float | None
    problem: str = ""

    @property
    def right(self) -> bool:
        return self.score is not None and self.score >= 1 - TOLERANCE


@dataclass(frozen=True)
class Posed:
    """An instance, as named by seed and difficulty, and what the model reads."""

    instance: Instance
    prompt: str
    reference: Answer


class Live:
    """``program`` opened in ``box``."""

    def __init__(self, program: Program | Composite, box: Sandbox) -> None:
        self.program = program
        self._session = opened(box, program)
        _value(self._session.loaded, "loading")

    def __enter__(self) -> "Live":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def pose(self, seed: int, difficulty: int) -> Posed:
        """Draw the instance with this name. Raises ``LiveError``."""
        drawn = _value(self._session.map([drawing(seed, difficulty)])[0], "generate")
        instance = {name: drawn[name] for name in self.program.signature.domain}
        if self.program.reference is Reference.WITNESS:
            reference = drawn["answer"]
        else:
            reference = _value(self._session.call(self.program.reference, instance), self.program.reference)
        return Posed(instance, prompt(self.program.pose(instance), self.program.signature.codomain), reference)

    def score(self, posed: Posed, reply: str) -> Scored:
        """Read a reply, or a bare answer, and score it. Raises ``LiveError``."""
        codomain = self.program.signature.codomain
        reading = answers.read_reply(reply, codomain)
        if reading.problem and "<answer>" not in reply:
            reading = answers.read_value(reply, codomain)
        if reading.problem:
            return Scored(None, reading.problem)
        call = Call("verify", {**posed.instance, "answer": reading.value})
        return Scored(float(_value(self._session.map([call])[0], "verify")))


def _value(outcome: Outcome, doing: str) -> Answer:
    if outcome.ending is not Ending.RETURNED:
        raise LiveError(f"{doing}: {outcome.ending}: {outcome.error}")
    return outcome.value
