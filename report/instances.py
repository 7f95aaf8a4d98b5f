"""The instances that a page shows: drawn behind the wall when the page is made, in batches, one program a session.

A page is made of any pool, so what cannot be drawn is said in its place and ends nothing.
"""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from os import cpu_count
from typing import Any

from sandbox.jail import Sandbox, Session
from sandbox.outcome import Call, Ending, Outcome
from sandbox.subject import drawing, opened
from synth.compose.composite import Composite
from synth.contract import DIFFICULTIES
from synth.environment import ANSWER
from synth.program import Program, Reference
from synth.types import as_json

SEED = 0
MOST_CHARACTERS = 1500  # of a value that is shown

Environment = Program | Composite


@dataclass(frozen=True)
class Shown:
    """An instance as the page has it: texts of JSON, the middle of long ones left out; or the problem."""

    difficulty: int
    values: Mapping[str, str] = field(default_factory=dict)
    answer: str = ""
    problem: str = ""
    posed: str = ""
    """The problem in words."""


def drawn(
    environments: Iterable[Environment], box: Sandbox, difficulties: Iterable[int] = DIFFICULTIES
) -> list[list[Shown]]:
    """The instance of seed ``SEED`` at each difficulty, for each of the environments. Raises ``SandboxError``."""
    with ThreadPoolExecutor(cpu_count()) as threads:
        return list(threads.map(partial(_drawn, box=box, difficulties=tuple(difficulties)), environments))


def _drawn(environment: Environment, box: Sandbox, difficulties: tuple[int, ...]) -> list[Shown]:
    with opened(box, environment) as session:
        draws = session.map([drawing(SEED, difficulty) for difficulty in difficulties], give_up=True)
        wrong = [_wrong(environment, outcome) for outcome in draws]
        instances = [_fields(environment, o.value) for o, why in zip(draws, wrong, strict=True) if not why]
        answers = iter(_answers(environment, session, instances))
    shown = []
    for difficulty, draw, why in zip(difficulties, draws, wrong, strict=True):
        if why:
            shown.append(Shown(difficulty, problem=why))
            continue
        (answer, why), (instance, _) = next(answers), _fields(environment, draw.value)
        values = {name: _text(value) for name, value in instance.items()}
        shown.append(Shown(difficulty, values, answer, why, environment.pose(instance)))
    return shown


def _wrong(environment: Environment, draw: Outcome) -> str:
    """Why a draw is no instance; empty when it is one."""
    if draw.ending is not Ending.RETURNED:
        return _said("generate", draw)
    witness = environment.reference is Reference.WITNESS
    if not isinstance(draw.value, dict) or (witness and ANSWER not in draw.value):
        return "generate did not return an instance"
    fields = {name: value for name, value in draw.value.items() if name != ANSWER or not witness}
    return "" if environment.signature.admits(fields) else "generate did not return an instance of the types it says"


def _fields(environment: Environment, value: Mapping[str, Any]) -> tuple[dict[str, Any], Any]:
    """The fields of an instance, and its witness if it has one."""
    return {name: value[name] for name in environment.signature.domain}, value.get(ANSWER)


def _answers(
    environment: Environment, session: Session, instances: list[tuple[dict[str, Any], Any]]
) -> list[tuple[str, str]]:
    """The right answer to each as text, or an empty one and why there is none."""
    if environment.reference is Reference.WITNESS:
        return [(_text(witness), "") for _, witness in instances]
    asked = session.map([Call(environment.reference, fields) for fields, _ in instances], give_up=True)
    good = Ending.RETURNED
    return [(_text(o.value), "") if o.ending is good else ("", _said(environment.reference, o)) for o in asked]


def _said(doing: str, outcome: Outcome) -> str:
    return f"{doing}: {outcome.ending}{f', {outcome.error}' if outcome.error else ''}"


def _text(value: Any) -> str:
    return short(as_json(value))


def short(text: str, most: int = MOST_CHARACTERS) -> str:
    """``text`` without its middle when it is long.

    >>> short("abcdefghij", 4)
    'ab … 6 characters … ij'
    """
    if len(text) <= most:
        return text
    half = most // 2
    return f"{text[:half]} … {len(text) - 2 * half:,} characters … {text[-half:]}"
