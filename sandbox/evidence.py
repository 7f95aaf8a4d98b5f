"""How evidence is put into words: what a call did, a value as far as it is worth showing, where it happened.

Deterministic: no times, no addresses, so that the same program gets the same verdict to the letter.
"""

from typing import Any

from sandbox.outcome import Ending, Outcome
from sandbox.subject import Trial
from synth import contract
from synth.types import as_json
from synth.verdict import Finding

SHOWN = 300  # characters of a value


def says(outcome: Outcome) -> str:
    """What a call did, as the rest of a sentence."""
    if outcome.ending is Ending.RETURNED:
        return f"gave {shown(outcome.value)}"
    lead = {Ending.RAISED: "raised ", Ending.GARBLED: "gave no JSON: ", Ending.REFUSED: "was refused: "}
    return lead.get(outcome.ending, "") + outcome.error.removeprefix("its process ")


def given(outcome: Outcome) -> str:
    """What a call gave, or did instead."""
    return shown(outcome.value) if outcome.ending is Ending.RETURNED else says(outcome)


def no_score(outcome: Outcome) -> str:
    """What ``verify`` did instead of scoring; nothing when it gave a bool or a float from 0 to 1."""
    if outcome.ending is not Ending.RETURNED:
        return says(outcome)
    if isinstance(outcome.value, bool) or (isinstance(outcome.value, float) and 0 <= outcome.value <= 1):
        return ""
    return f"gave {shown(outcome.value)}, which is neither a bool nor a float from 0 to 1,"


def score(outcome: Outcome) -> float:
    """What ``verify`` gave; 0 for what is no score."""
    return float(outcome.value) if outcome.ending is Ending.RETURNED and not no_score(outcome) else 0.0


def too_many_digits(value: Any) -> int:
    """The digits of an integer in ``value`` that has too many, or 0."""
    match value:
        case int() if abs(value) >= 10**contract.INTEGER_DIGITS:
            return len(str(abs(value)))
        case dict():
            return max(map(too_many_digits, value.values()), default=0)
        case list():
            return max(map(too_many_digits, value), default=0)
        case _:
            return 0


def at(trial: Trial, evidence: str, line: int | None = None) -> Finding:
    """Evidence seen on this trial's instance."""
    return Finding(evidence, trial.seed, trial.difficulty, line)


def shown(value: Any) -> str:
    """A value as JSON, cut where it is long."""
    text = as_json(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}... ({len(text)} characters)"
