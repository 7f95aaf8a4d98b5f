"""Near-duplicates: whether the pool has an environment that reads or behaves the same.

Behaviour is compared by running both on the same inputs. Two environments of different types are never twins.
"""

from collections.abc import Iterator, Mapping
from itertools import islice, permutations
from typing import Any

from sandbox.jail import Sandbox, Session
from sandbox.outcome import Call, Ending, Outcome
from sandbox.subject import drawing, opened
from synth import fingerprint
from synth.pool import Pool
from synth.program import Program, Reference
from synth.types import Type, canonical

DRAWN = 16  # instances that each of the two contributes to the comparison
LEAST_SHARED = 12  # of those, how many both must answer before they are called the same
MOST_RENAMINGS = 6  # ways to match fields of the same type


def twin(program: Program, pool: Pool, box: Sandbox) -> str:
    """The pool's twin of ``program`` and in what way it is one, in a sentence; empty when there is none."""
    code = fingerprint.code(program)
    for entry in pool:
        if fingerprint.code(entry.program) == code:
            return f"{entry.name} has the same code but for names"
        if entry.program.signature.shape != program.signature.shape:
            continue
        if fingerprint.alike_in_words(entry.program, program):
            return f"{entry.name} has nearly the same statement"
        if _behaves_alike(program, entry.program, box):
            return f"{entry.name} gives the same answers to the same inputs"
    return ""


def _behaves_alike(a: Program, b: Program, box: Sandbox) -> bool:
    if a.reference is Reference.WITNESS or b.reference is Reference.WITNESS or a.is_function != b.is_function:
        return False
    with opened(box, a) as left, opened(box, b) as right:
        return any(_alike_under(names, (a, left), (b, right)) for names in _renamings(a, b))


def _alike_under(names: Mapping[str, str], left: tuple[Program, Session], right: tuple[Program, Session]) -> bool:
    """Whether both answer alike where a field of ``left`` is the field of ``right`` that ``names`` says."""
    back = {theirs: ours for ours, theirs in names.items()}
    inputs = _drawn(*left) + [{back[n]: v for n, v in drawn.items()} for drawn in _drawn(*right)]
    ours = _answers(*left, inputs)
    theirs = _answers(*right, [{names[n]: v for n, v in given.items()} for given in inputs])
    shared = [(x, y) for x, y in zip(ours, theirs, strict=True) if x and y]
    return len(shared) >= LEAST_SHARED and all(x == y for x, y in shared) and len(set(shared)) > 1


def _drawn(program: Program, session: Session) -> list[dict[str, Any]]:
    outcomes = session.map([drawing(seed, 1 + seed % 4) for seed in range(DRAWN)])
    return [o.value for o in outcomes if o.ending is Ending.RETURNED and program.signature.admits(o.value)]


def _answers(program: Program, session: Session, inputs: list[dict[str, Any]]) -> list[str]:
    """The answer to each input as text; empty where it is not admitted or has none."""
    if program.has_admits:
        asked = session.map([Call("admits", given) for given in inputs])
        admitted = [i for i, outcome in enumerate(asked) if outcome.value is True]
    else:
        admitted = list(range(len(inputs)))
    answers = session.map([Call(program.reference, inputs[i]) for i in admitted])
    texts = dict(zip(admitted, map(_text, answers), strict=True))
    return [texts.get(i, "") for i in range(len(inputs))]


def _text(outcome: Outcome) -> str:
    return canonical(outcome.value) if outcome.ending is Ending.RETURNED else ""


def _renamings(a: Program, b: Program) -> Iterator[dict[str, str]]:
    """The ways to match the fields of ``a`` with those of ``b``, type by type."""
    ours: Mapping[str, Type] = a.signature.domain
    matched = (
        dict(zip(ours, order, strict=True))
        for order in permutations(b.signature.domain)
        if all(ours[x] == b.signature.domain[y] for x, y in zip(ours, order, strict=True))
    )
    return islice(matched, MOST_RENAMINGS)
