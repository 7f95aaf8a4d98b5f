"""The audit of foreign environments: the laws that can be asked of them, in order, and what was found.

A gym was not written to our contract, so that a broken law is a measurement and not a reproach; what is wrong by any
measure stands among the findings (``findings.py``).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from typing import Any

from sandbox import laws
from sandbox.audit.bounds import upper
from sandbox.evidence import at, no_score, says, score, shown
from sandbox.foreign import reasoning_gym as gym
from sandbox.foreign import wrong
from sandbox.foreign.findings import findings, trials_by_kind, undecided
from sandbox.foreign.tried import Tried
from sandbox.jail import Sandbox
from synth import contract
from synth.verdict import Certificate, Finding, Verdict


def audit_foreign(names: Sequence[str], allow_missing: frozenset[str], jobs: int | None) -> Iterator[dict[str, Any]]:
    """Audit datasets by name, or ``all``: rows as ``brickyard audit --json`` gives them, with ``findings``.

    Raises ``GymError`` when the gym is not installed or has no such dataset, and ``SandboxError``.
    """
    with gym.sandbox(0, allow_missing) as box, gym.sandbox(1, allow_missing) as other:
        chosen = gym.chosen(names, gym.names(box))
        with ThreadPoolExecutor(jobs) as threads:
            yield from threads.map(partial(row, box, other), chosen)


def row(box: Sandbox, other: Sandbox, name: str) -> dict[str, Any]:
    """What the audit of one dataset comes to."""
    with Tried(gym.foreign(name), box, other) as tried:
        flaws = findings(tried)
        told = verdict(tried).asdict()
        if told["admitted"] and flaws:
            told |= {"admitted": False, "law": flaws[0].kind, "evidence": flaws[0].why}
        return {
            "path": f"{gym.PREFIX}{name}",
            "name": name,
            **told,
            "package": f"{gym.PACKAGE} {gym.version()}",
            "levels": tried.levels,
            "findings": [asdict(flaw) for flaw in flaws],
            "undecided": [asdict(flaw) for flaw in undecided(tried)],
            "wrong": {kind: {**asdict(t), "upper": round(upper(t), 4)} for kind, t in trials_by_kind(tried).items()},
            "lacked": tried.lacked(),
        }


def verdict(tried: Tried) -> Verdict:
    """The first law that a dataset breaks, or a certificate."""
    for law in LAWS:
        if finding := law(tried):
            return laws.verdict(law, finding)
    return Verdict(certificate=certificate(tried))


def certificate(tried: Tried) -> Certificate:
    """What was tried on a dataset that keeps the laws."""
    posed = {(t.difficulty, t.instance["question"]) for t in tried.trials}
    return Certificate(
        instances=len(tried.trials),
        false_accepts=trials_by_kind(tried),
        chance=round(len(tried.best_constant[1]) / max(1, tried.guessed), 4),
        distinct=dict(sorted(Counter(level for level, _ in posed).items())),
        curve=tried.subject.curve,
        sandbox=tried.box.manifest.asdict(),
    )


def generates(tried: Tried) -> Finding | None:
    """generate returns an entry at every level, in time."""
    for level, outcome in tried.broken.items():
        return Finding(f"generate {says(outcome)}", 0, level, outcome.line)
    return laws.generates(tried.subject)


def not_guessable(tried: Tried) -> Finding | None:
    """No one answer is right for many entries."""
    text, right = tried.best_constant
    coin = len({trial.answer for trial in tried.steady}) == 2
    most = contract.COIN_SHARE if coin else contract.CONSTANT_SHARE
    if len(right) > most * tried.guessed + laws.SCATTER:
        told = f"the answer {shown(text)} is right for {len(right)} of {tried.guessed} entries"
        return Finding(f"{told}; at most {most:.0%} may be")
    return None


def varied(tried: Tried) -> Finding | None:
    """At every level at least a third of the questions drawn differ."""
    for level in tried.subject.difficulties:
        posed = [t.instance["question"] for t in tried.trials if t.difficulty == level]
        if 3 * len(set(posed)) < len(posed):
            return Finding(f"of {len(posed)} questions only {len(set(posed))} differ", difficulty=level)
    return None


def unambiguous(tried: Tried) -> Finding | None:
    """The same question has the same right answers."""
    for other, one in tried.alike:
        if not one.accepted:
            told = f"{other.instance['key']} asks the same; its answer {shown(one.given)} earns {score(one.outcome):g}"
            return at(one.trial, f"{told} here, where {shown(one.trial.answer)} is right")
    return None


def total(tried: Tried) -> Finding | None:
    """The scorer gives every text a number from 0 to 1, in time."""
    for one in tried.answered:
        if problem := no_score(one.outcome):
            return at(one.trial, f"verify {problem} for the answer {shown(one.given)}", one.outcome.line)
    return None


def discerning(tried: Tried) -> Finding | None:
    """Answers that have nothing to do with the question earn little."""
    for kind in (wrong.BLANK, wrong.JUNK, wrong.OTHERS):
        some = [one for one in tried.answered if one.kind == kind]
        earned = sum(score(one.outcome) for one in some) / max(1, len(some))
        if earned > laws.OTHER_SHARE:
            best = max(some, key=lambda one: score(one.outcome))
            told = f"{len(some)} answers ({kind}) earn {earned:.2f} on average, at most {laws.OTHER_SHARE} is accepted"
            return at(best.trial, f"{told}; {shown(best.given)} earns {score(best.outcome):g}")
    return None


Law = Callable[[Tried], Finding | None]


def _as_it_stands(law: laws.Law) -> Law:
    def asked(tried: Tried) -> Finding | None:
        return law(tried.subject)

    asked.__name__, asked.__doc__ = law.__name__, law.__doc__
    return asked


LAWS: Sequence[Law] = (
    generates,
    *map(_as_it_stands, (laws.well_typed, laws.reproducible, laws.answerable)),
    not_guessable,
    varied,
    unambiguous,
    total,
    discerning,
    _as_it_stands(laws.pure),
)
