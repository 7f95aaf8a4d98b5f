"""The deeper audit of one environment that keeps the laws: how far it can be trusted, in figures.

Further draws and right answers written otherwise; all answers to small instances; an attack; answers that ignore the
instance; tolerances; how many instances there are; the share of broken verifiers that all of that would show; what
each field does; rules that no word mentions. What each is, its own module says.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from itertools import zip_longest
from typing import Any

from sandbox.audit.attack import TRIALS, Attack, attack, telling
from sandbox.audit.bounds import birthday, upper
from sandbox.audit.brute import Check, Verified, verified
from sandbox.audit.fields import fields
from sandbox.audit.mutants import Asked, strength
from sandbox.audit.rejects import rejects
from sandbox.audit.rules import universal
from sandbox.audit.statement import unmentioned
from sandbox.audit.tolerance import tolerance
from sandbox.jail import Sandbox
from sandbox.subject import Subject, opened
from synth.program import Program
from synth.types import canonical
from synth.verdict import Finding, Trials


def deep(subject: Subject, box: Sandbox, trials: int = TRIALS, check: Check | None = None) -> dict[str, Any]:
    """The figures as JSON has them; ``findings`` says what is wrong, ``notes`` what a reader should look at.

    About so many wrong answers are tried, and half as many instances drawn. ``check`` is a second author's verdict on
    answers to a relation, which makes a finding of an answer that only the first accepts.
    """
    further = rejects(subject, max(1, trials // 2))
    (listed, verdicts), hit = verified(subject, check), attack(subject, trials, further.trials, check)
    ruled, (near, nearer), forced = universal(subject, hit.constants), tolerance(subject), fields(subject)
    tested = strength(subject, partial(opened, box), _asked(subject, hit, [*nearer, *verdicts]))
    rules = unmentioned(subject.program) if isinstance(subject.program, Program) else []
    findings: Mapping[str, Sequence[Finding | None]] = {
        "rare": further.findings,
        "brute": [listed.finding],
        "attack": [hit.finding],
        "rules": [ruled.finding],
        "tolerance": [near.finding] if near else [],
        "fields": forced.findings,
    }
    close = [near.note] if near and near.note else []
    read = [f"line {rule.line}: {rule.why}" for rule in rules]
    return {
        "false_accepts": _false_accepts(subject, hit),
        "false_rejects": _bounded(further.kinds, "refused"),
        "worst": {name: asdict(worst) for name, worst in further.worst.items()},
        "distinct": dict(_distinct(subject)),
        "brute": asdict(listed),
        "attacks": hit.asdict(),
        "rules": {"tried": ruled.tried, "best": [asdict(rule) for rule in ruled.best]},
        "tolerance": asdict(near) if near else None,
        "strength": {**asdict(tested), "share": tested.share},
        "fields": [asdict(field) for field in forced.fields],
        "unmentioned": [asdict(rule) for rule in rules],
        "findings": [{"law": law, **asdict(one)} for law, those in findings.items() for one in those if one],
        "notes": [*further.notes, *hit.notes, *ruled.notes, *close, *forced.notes, *read],
    }


def _false_accepts(subject: Subject, hit: Attack) -> dict[str, Any]:
    """Of the laws' wrong answers and the attack's, by kind: those that were accepted may be right, for a relation."""
    kinds = dict(subject.false_accepts)
    for kind, trials in hit.kinds.items():
        before = kinds.get(kind, Trials(0, 0))
        kinds[kind] = Trials(before.tried + trials.tried, before.accepted + trials.accepted)
    return _bounded(kinds, "accepted")


def _bounded(kinds: Mapping[str, Trials], failed: str) -> dict[str, Any]:
    """By kind of answer, and for all of them: how many were tried and failed, and the rate that bounds it."""
    all_ = Trials(sum(of.tried for of in kinds.values()), sum(of.accepted for of in kinds.values()))
    rows = [*sorted(kinds.items()), ("all", all_)]
    return {kind: {"tried": of.tried, failed: of.accepted, "upper": round(upper(of), 5)} for kind, of in rows}


def _asked(subject: Subject, hit: Attack, verdicts: Sequence[Verified]) -> list[Asked]:
    """What the attack and brute force asked of verify, in turn, with the lines that it ran."""
    calls = subject.verifying((one.target.instance, one.answer) for one in telling(hit))
    attacked = [
        (1 + (one.outcome.steps or one.target.lines), call, one.outcome)
        for one, call in zip(telling(hit), calls, strict=True)
    ]
    calls = subject.verifying((trial.instance, answer) for trial, answer, _ in verdicts)
    listed = [
        (1 + int(subject.lines[trial.difficulty]), call, outcome)
        for (trial, _, outcome), call in zip(verdicts, calls, strict=True)
    ]
    return [one for row in zip_longest(listed, attacked) for one in row if one]


def _distinct(subject: Subject) -> Iterator[tuple[int, dict[str, Any]]]:
    """At each difficulty, how many instances there are: at least, and by the birthday estimate."""
    for difficulty in subject.difficulties:
        drawn = birthday(canonical(t.instance) for t in subject.trials if t.difficulty == difficulty)
        yield difficulty, asdict(drawn)
