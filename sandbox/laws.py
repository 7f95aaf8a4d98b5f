"""The laws that an environment must keep, cheapest first.

Each is a function from a subject to the evidence against it, or to nothing. Its docstring's first line is what
an author is told; a check that OpenEnv names stands in brackets behind it. The same list judges what a model
wrote and our own seeds. Not here: whether a right answer *is* right, which takes a second author (``sandbox/audit``).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import Any

from sandbox.evidence import SHOWN, at, given, no_score, says, score, shown, too_many_digits
from sandbox.outcome import Call, Ending, Outcome
from sandbox.subject import MEASURES, ODD, OTHERS, RANDOM, Subject, Wrong, drawing
from synth import contract, values
from synth.compose.search import LEAST_RATE
from synth.environment import Instance
from synth.program import Reference
from synth.types import Type, as_json, canonical
from synth.verdict import Finding, Verdict

Law = Callable[[Subject], Finding | None]

UNRELATED = (OTHERS, ODD, RANDOM)
NEAR = "near miss"
NEAR_SHARE = 0.6  # near misses that a relation may accept: another order of a right set is often right as well
OTHER_SHARE = 0.3  # the same of answers that have nothing to do with the instance
PARTIAL_SHARE = 0.5  # of a score that such answers may earn, where there is partial credit
SCATTER = 2  # instances more than its share that an answer may be right for: of ten, chance alone gives that
GROWTH = 1.2  # from difficulties 1-3 to 8-10, of size, length or cost: less is noise of 72 draws
POWERS = 0.25  # the same of numbers, in powers of ten: they nearly double


def within_policy(subject: Subject) -> Finding | None:
    """The source uses only what the sandbox allows."""
    return _ended(subject.session.loaded, Ending.REFUSED)


def loads(subject: Subject) -> Finding | None:
    """The module's body runs."""
    loaded = subject.session.loaded
    if loaded.ending is not Ending.RETURNED:
        return Finding(f"the module {says(loaded)}", line=loaded.line)
    return None


def generates(subject: Subject) -> Finding | None:
    """generate returns a dict of exactly the fields at every difficulty, in time. [OpenEnv: runtime.seed_control]"""
    wanted = set(subject.signature.domain) | ({"answer"} if subject.program.reference is Reference.WITNESS else set())
    missing, there = subject.undrawn, subject.draws
    if len(there) < LEAST_RATE * (len(missing) + len(there)):
        seed, difficulty, draw = missing[0]
        told = f"there is no instance for {len(missing)} of {len(missing) + len(there)} seeds"
        return Finding(f"{told}; generate {says(draw)}", seed, difficulty)
    for seed, difficulty, draw in subject.draws:
        if draw.ending is not Ending.RETURNED:
            return Finding(f"generate {says(draw)}", seed, difficulty, draw.line)
        if not isinstance(draw.value, dict) or draw.value.keys() != wanted:
            got = f"the keys {sorted(draw.value)}" if isinstance(draw.value, dict) else shown(draw.value)
            return Finding(f"generate returned {got}, but the fields are {sorted(wanted)}", seed, difficulty)
    return None


def well_typed(subject: Subject) -> Finding | None:
    """Instances are of the types that verify's annotations say."""
    for seed, difficulty, draw in subject.draws:
        for name, value in draw.value.items():
            t = subject.signature.domain.get(name, subject.signature.codomain)
            if value not in t:
                return Finding(f"generate gave {name} = {shown(value)}, which is not a {t}", seed, difficulty)
    return None


def bounded(subject: Subject) -> Finding | None:
    """Instances, texts and integers stay within the contract's sizes."""
    for seed, difficulty, draw in subject.draws:
        size = len(as_json(draw.value).encode())
        if size > contract.INSTANCE_BYTES:
            return Finding(f"the instance has {size} bytes, at most {contract.INSTANCE_BYTES}", seed, difficulty)
        if digits := too_many_digits(draw.value):
            return Finding(f"the instance holds an integer of {digits} digits", seed, difficulty)
    for (seed, difficulty, _), text in zip(subject.draws, subject.posed, strict=True):
        if len(text) > contract.TEXT_CHARACTERS:
            told = f"the text has {len(text)} characters, at most {contract.TEXT_CHARACTERS}"
            return Finding(told, seed, difficulty)
    return None


def varied(subject: Subject) -> Finding | None:
    """At every difficulty at least a third of the instances drawn differ. [OpenEnv: statistical.variance_bound]"""
    for difficulty in subject.difficulties:
        drawn = [as_json(draw.value) for _, d, draw in subject.draws if d == difficulty]
        if len(set(drawn)) < contract.DISTINCT_SHARE * len(drawn):
            most, count = Counter(drawn).most_common(1)[0]
            return Finding(
                f"of {len(drawn)} instances only {len(set(drawn))} differ; {most[:SHOWN]} came {count} times",
                difficulty=difficulty,
            )
    return None


def complete(subject: Subject) -> Finding | None:
    """Two instances that differ in a field differ in their text."""
    seen: dict[str, tuple[Instance, int, int]] = {}
    for (seed, difficulty, draw), text in zip(subject.draws, subject.posed, strict=True):
        instance = subject.fields(draw.value)
        before, s, d = seen.setdefault(text, (instance, seed, difficulty))
        if canonical(before) != canonical(instance):
            return Finding(
                f"{shown(instance)} and {shown(before)} (seed {s}, difficulty {d}) give the same text",
                seed,
                difficulty,
            )
    return None


def answerable(subject: Subject) -> Finding | None:
    """The reference answer is of the answer's type and verify accepts it. [OpenEnv: semantic.oracle_max]"""
    name, t = subject.program.reference, subject.signature.codomain
    for (seed, difficulty, _), answer in zip(subject.draws, subject.answers, strict=False):
        if answer.ending is not Ending.RETURNED:
            return Finding(f"{name} {says(answer)}", seed, difficulty, answer.line)
        if answer.value not in t:
            return Finding(f"{name} gave {shown(answer.value)}, which is not a {t}", seed, difficulty)
        if digits := too_many_digits(answer.value):
            return Finding(f"{name} gave an integer of {digits} digits", seed, difficulty)
    outcomes = subject.run(subject.verifying((trial.instance, trial.answer) for trial in subject.trials))
    for trial, outcome in zip(subject.trials, outcomes, strict=False):
        if wrong := no_score(outcome):
            return at(trial, f"verify {wrong} for the right answer {shown(trial.answer)}", outcome.line)
        if outcome.value < 1 - contract.TOLERANCE:
            told = f"verify gave {outcome.value} for the answer of {name}, {shown(trial.answer)}"
            return at(trial, f"{told}; the instance is {shown(trial.instance)}", outcome.line)
    return None


def admits_its_own(subject: Subject) -> Finding | None:
    """admits says yes to every instance that generate draws."""
    if not subject.program.has_admits:
        return None
    outcomes = subject.run([Call("admits", trial.instance) for trial in subject.trials])
    for trial, outcome in zip(subject.trials, outcomes, strict=False):
        if outcome.ending is not Ending.RETURNED:
            return at(trial, f"admits {says(outcome)}", outcome.line)
        if outcome.value is not True:
            return at(trial, f"admits gave {shown(outcome.value)} for generate's own {shown(trial.instance)}")
    return None


def pure(subject: Subject) -> Finding | None:
    """No function changes its arguments, or what a later call gives. [OpenEnv: semantic.verifier_determinism]"""
    sample = subject.trials[: subject.effort.watched]
    names = [name for name in ("admits", subject.program.reference) if _defined(subject, name)]
    calls = [Call(name, trial.instance) for name in names for trial in sample]
    calls += subject.verifying((trial.instance, trial.answer) for trial in sample)
    calls += subject.verifying((wrong.trial.instance, wrong.answer) for wrong in subject.wrongs[: 2 * len(sample)])
    here = subject.session.map(calls, watch=True)
    for call, outcome in zip(calls, here, strict=True):
        if outcome.changed:
            return Finding(
                f"{call.function} changed its argument {outcome.changed[0]}; work on a copy", line=outcome.line
            )
    with subject.elsewhere() as alone:
        for call, once, again in zip(calls, here, reversed(alone.map(calls[::-1])), strict=True):
            if given(once) != given(again):
                return Finding(
                    f"{call.function} gave {given(once)}, and in a fresh process {given(again)}, "
                    f"for {shown(call.arguments)}"
                )
    return None


def reproducible(subject: Subject) -> Finding | None:
    """The same seed gives the same instance in another process and order. [OpenEnv: runtime.episode_determinism]"""
    named = subject.draws[: subject.effort.again][::-1]
    with subject.elsewhere() as elsewhere:
        again = elsewhere.map([drawing(seed, difficulty) for seed, difficulty, _ in named])
    for (seed, difficulty, draw), other in zip(named, again, strict=True):
        if other.ending is not Ending.RETURNED:
            return Finding(f"generate returned once, and in another process {says(other)}", seed, difficulty)
        if as_json(draw.value) != as_json(other.value):
            return Finding(
                f"the same seed gave {shown(draw.value)}, and in another process {shown(other.value)}",
                seed,
                difficulty,
            )
    return None


def scales(subject: Subject) -> Finding | None:
    """Instances get larger, longer or costlier with difficulty. [OpenEnv: statistical.difficulty_separation]"""
    easiest, *_, hardest = difficulties = subject.difficulties
    third = max(1, len(difficulties) // 3)

    def rises(measure: str) -> bool:
        values = [subject.mean(measure, difficulty) for difficulty in difficulties]
        low, high = sum(values[:third]), sum(values[-third:])
        much = high >= low + third * POWERS if measure == "magnitude" else high >= GROWTH * low
        return much and values[-1] > values[0]

    if any(map(rises, MEASURES)):
        return None
    seen = ", ".join(f"{m} {subject.mean(m, easiest):g} to {subject.mean(m, hardest):g}" for m in MEASURES)
    return Finding(f"nothing grows from difficulty {easiest} to {hardest}: {seen}; make the knob larger")


def hidden(subject: Subject) -> Finding | None:
    """The answer does not stand in the instance as one of its fields. [OpenEnv: semantic.no_solution_leakage]"""
    answers = [canonical(trial.answer) for trial in subject.trials]
    for name in subject.signature.domain:
        same = [
            canonical(trial.instance[name]) == answer and as_json(trial.instance[name]) in text
            for trial, answer, text in zip(subject.trials, answers, subject.posed, strict=True)
        ]
        if sum(same) > _allowed(answers, contract.LEAK_SHARE) * len(same):
            trial = subject.trials[same.index(True)]
            told = f"the field {name} is the answer in {sum(same)} of {len(same)} instances, as {shown(trial.answer)}"
            return at(trial, told)
    return None


def not_guessable(subject: Subject) -> Finding | None:
    """No one answer is right for many instances. [OpenEnv: statistical.gameability_gap]"""
    answers = [canonical(trial.answer) for trial in subject.trials]
    most = _allowed(answers, contract.CONSTANT_SHARE)
    answer, share = best_constant(subject)
    if share > most + SCATTER / len(subject.trials):
        return Finding(
            f"the answer {shown(answer)} is right for {share:.0%} of the instances; at most {most:.0%} may be"
        )
    return None


def best_constant(subject: Subject) -> tuple[Any, float]:
    """The constant answer that is right most often, and its share of the instances."""
    if subject.program.is_function:
        text, count = Counter(canonical(trial.answer) for trial in subject.trials).most_common(1)[0]
        return next(t.answer for t in subject.trials if canonical(t.answer) == text), count / len(subject.trials)
    shares = [sum(map(score, outcomes)) / len(outcomes) for _, outcomes in subject.guesses]
    best = max(range(len(shares)), key=shares.__getitem__)
    return subject.guesses[best][0], shares[best]


def total(subject: Subject) -> Finding | None:
    """verify answers every value of the answer's type, in time, never raising. [OpenEnv: runtime.reward_well_formed]"""
    for wrong in subject.wrongs:
        if problem := no_score(wrong.outcome):
            told = f"verify {problem} for the answer {shown(wrong.answer)}"
            return at(wrong.trial, f"{told} to {shown(wrong.trial.instance)}", wrong.outcome.line)
    return None


def single(subject: Subject) -> Finding | None:
    """Where there is solve, verify accepts no other answer; else it should be example."""
    accepted = list(filter(_accepted, subject.wrongs))
    if not subject.program.is_function or not accepted:
        return None
    wrong = accepted[0]
    told = f"verify accepts {shown(wrong.answer)} ({wrong.kind}), but solve gives {shown(wrong.trial.answer)}"
    return at(wrong.trial, f"{told}; {_of(accepted, subject.wrongs)}; the instance is {shown(wrong.trial.instance)}")


def discerning(subject: Subject) -> Finding | None:
    """Wrong answers earn little. [OpenEnv: semantic.floor_gap, semantic.canary_floor, statistical.adversarial_floor]"""
    groups: dict[str, list[Wrong]] = {}
    for wrong in subject.wrongs:
        groups.setdefault(wrong.kind if wrong.kind in UNRELATED else NEAR, []).append(wrong)
    for kind, group in groups.items():
        right = sum(map(_accepted, group)) / len(group)
        earned = sum(score(w.outcome) for w in group) / len(group)
        most = NEAR_SHARE if kind == NEAR else OTHER_SHARE
        if right > most or (kind != NEAR and earned > PARTIAL_SHARE):
            best = max(group, key=lambda w: score(w.outcome))
            told = f"of {len(group)} wrong answers ({kind}) {right:.0%} are accepted, the mean score is {earned:.2f}"
            return at(best.trial, f"{told}; {shown(best.answer)} earns {best.outcome.value}")
    return None


def closed(subject: Subject) -> Finding | None:
    """What admits lets in (without it, everything of the types) is answered, and the answer accepted."""
    fed = _fed(subject)
    if subject.program.has_admits:
        asked = subject.run([Call("admits", instance) for instance in fed])
        for instance, outcome in zip(fed, asked, strict=False):
            if outcome.ending is not Ending.RETURNED or not isinstance(outcome.value, bool):
                return Finding(f"admits {says(outcome)} for {shown(instance)}", line=outcome.line)
        fed = [instance for instance, outcome in zip(fed, asked, strict=True) if outcome.value]
    if subject.program.reference is Reference.WITNESS or not fed:
        return None
    name, t = subject.program.reference, subject.signature.codomain
    answers = subject.run([Call(name, instance) for instance in fed])
    for instance, answer in zip(fed, answers, strict=False):
        if answer.ending is not Ending.RETURNED or answer.value not in t:
            return Finding(f"{name} {says(answer)} for {shown(instance)}, which is admitted", line=answer.line)
    pairs = [(instance, answer.value) for instance, answer in zip(fed, answers, strict=True)]
    for (instance, answer), outcome in zip(pairs, subject.run(subject.verifying(pairs)), strict=False):
        if score(outcome) < 1 - contract.TOLERANCE:
            told = f"verify {says(outcome)} for {shown(answer)}, the answer of {name}"
            return Finding(f"{told} to {shown(instance)}, which is admitted", line=outcome.line)
    return None


LAWS: Sequence[Law] = (
    within_policy,
    loads,
    generates,
    well_typed,
    bounded,
    varied,
    complete,
    answerable,
    admits_its_own,
    reproducible,
    hidden,
    scales,
    not_guessable,
    total,
    single,
    discerning,
    closed,
    pure,  # last, when a program that remembers has seen the most
)


def broken(subject: Subject) -> Verdict | None:
    """The verdict on a subject that breaks a law, the first that it breaks."""
    for law in LAWS:
        if finding := law(subject):
            return verdict(law, finding)
    return None


def verdict(law: Callable[..., object], finding: Finding) -> Verdict:
    """That ``law`` is broken."""
    return Verdict(law.__name__, about(law), finding)


def about(law: Callable[..., Any]) -> str:
    """What a law asks, as its docstring says it."""
    first = (law.__doc__ or "").splitlines()[0]
    return first.partition(" [")[0]


def _accepted(wrong: Wrong) -> bool:
    return score(wrong.outcome) >= 1 - contract.TOLERANCE


def _fed(subject: Subject) -> list[dict[str, Any]]:
    """Instances of the domain's types whose fields come from elsewhere, one or all, as a composer would feed them."""
    rng = Random(subject.program.title)
    domain = list(subject.signature.domain.items())
    fed: list[dict[str, Any]] = []
    for trial in rng.sample(subject.trials, min(subject.effort.fed, len(subject.trials))):
        opened = rng.choice(domain)[0] if rng.random() < 0.8 else None
        fed.append(
            {n: _value(t, rng, subject, n) if opened in (n, None) else trial.instance[n] for n, t in domain},
        )
    return fed


def _value(t: Type, rng: Random, subject: Subject, name: str) -> Any:
    source = rng.randrange(3)
    if source == 0:
        return rng.choice(values.odd(t))
    return values.draw(t, rng, rng.randint(1, 8)) if source == 1 else rng.choice(subject.trials).instance[name]


def _allowed(answers: Iterable[str], most: float) -> float:
    """The share that one answer may have: more where there are only two answers."""
    return contract.COIN_SHARE if len(set(answers)) == 2 else most


def _ended(outcome: Outcome, ending: Ending) -> Finding | None:
    return Finding(outcome.error, line=outcome.line) if outcome.ending is ending else None


def _defined(subject: Subject, name: str) -> bool:
    return name != Reference.WITNESS and (name != "admits" or subject.program.has_admits)


def _of(part: Sequence[Wrong], whole: Sequence[Wrong]) -> str:
    return f"{len(part)} of {len(whole)} other answers were accepted"
