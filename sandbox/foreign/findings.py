"""Findings on a foreign environment: each a function from what was tried to defects whose evidence stands by itself.

What was drawn, what was answered, what the gym's scorer gave, and why that is wrong. An accepted answer that merely
differs from the gym's own is no finding but *undecided*: another right answer, or a hole.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sandbox.evidence import no_score, score
from sandbox.foreign import wrong
from sandbox.foreign.attacks import ATTACKS, CHECKS
from sandbox.foreign.tried import ATTACKED, TOKEN, Answered, Tried
from sandbox.outcome import COSTLY, Call, Ending
from sandbox.subject import Trial, drawing
from synth.contract import TOLERANCE
from synth.verdict import Trials

MARK = f"__import__('sys').modules.__setitem__('{TOKEN}', 1)"
RERUN = """from reasoning_gym.factory import CURRICULA, DATASETS
curriculum = CURRICULA[{name!r}](); curriculum.set_global_level({level})
dataset = DATASETS[{name!r}][0](curriculum.generate_configuration({{"seed": {seed}}}))
entry = dataset[{number}]; dataset.score_answer({given!r}, entry)"""
RERUN_DEFAULT = """import reasoning_gym
dataset = reasoning_gym.create_dataset({name!r}, seed={seed})
entry = dataset[{number}]; dataset.score_answer({given!r}, entry)"""


@dataclass(frozen=True)
class Flaw:
    """A defect of a dataset, with what shows it again."""

    kind: str
    why: str
    key: str = ""
    """The level, the dataset's seed and the entry's number, as ``3/1500/42``; level 0 is the default configuration."""
    question: str = ""
    own: str = ""
    """The gym's own answer."""
    given: str = ""
    """The answer that was given."""
    score: float | None = None
    times: str = ""
    """How many of how many, where it was tried more than once."""
    proof: str = ""
    """Python that shows it again, wherever the gym is installed."""


def findings(tried: Tried) -> list[Flaw]:
    """All that was found, one for each way in which something is wrong."""
    return [flaw for finder in FINDERS for flaw in finder(tried)]


def undecided(tried: Tried) -> list[Flaw]:
    """Of each kind of wrong answer, an accepted one that nothing disproves."""
    kinds: dict[str, list[Answered]] = {}
    for one in tried.answered:
        if one.accepted and not one.disproof:
            kinds.setdefault(one.kind, []).append(one)
    whole = trials_by_kind(tried)
    return [_flaw(tried, kind, "", some[0], f"{len(some)} of {whole[kind].tried}") for kind, some in kinds.items()]


def trials_by_kind(tried: Tried) -> dict[str, Trials]:
    """By kind of wrong answer, how many were tried and how many accepted."""
    made = Counter(one.kind for one in tried.answered)
    accepted = Counter(one.kind for one in tried.answered if one.accepted)
    return {kind: Trials(made[kind], accepted[kind]) for kind in made}


def levels(tried: Tried) -> Iterator[Flaw]:
    """Levels of its own curriculum, or a default configuration, at which the gym draws nothing."""
    for kind, late in (("draws nothing", False), ("draws slowly", True)):
        some = {n: one for n, one in tried.broken.items() if (one.ending in COSTLY) == late}
        if some:
            which = ", ".join(f"level {n}" if n else "the default configuration" for n in some)
            first = min(some)
            why = f"{which}: {some[first].error}"
            times = f"{len(some)} of {len(tried.all_levels)}"
            yield Flaw(kind, why, f"{first}/0/0", times=times, proof=_rerun(tried.name, f"{first}/0/0", ""))


def own_answers(tried: Tried) -> Iterator[Flaw]:
    """Entries without a right answer, and right answers that the scorer refuses."""
    kept = [one for one in tried.own if one.trial in tried.steady]
    refused = [one for one in kept if not one.accepted]
    for kind, why, some in (
        ("no answer", "the entry has no answer", [one for one in refused if not one.given]),
        ("refuses its own", "it is the gym's own answer", [one for one in refused if one.given]),
    ):
        if some:
            yield _flaw(tried, kind, why, some[0], _of(some, kept))


def drawn_again(tried: Tried) -> Iterator[Flaw]:
    """Entries that are others in another process with another PYTHONHASHSEED; or only their answers, if also right."""
    with tried.subject.elsewhere() as elsewhere:
        again = elsewhere.map([drawing(t.seed, t.difficulty) for t in tried.trials])
    returned = [(t, o.value) for t, o in zip(tried.trials, again, strict=True) if o.ending is Ending.RETURNED]
    asked = [(t, v) for t, v in returned if v["question"] != t.instance["question"]]
    answers = [(t, v) for t, v in returned if v["question"] == t.instance["question"] and v["answer"] != t.answer]
    scored = tried.session.map(tried.subject.verifying((t.instance, v["answer"]) for t, v in answers))
    refused = [one for one, outcome in zip(answers, scored, strict=True) if score(outcome) < 1 - TOLERANCE]
    other = [one for one in answers if one not in refused]
    for kind, key, some in (
        ("irreproducible", "question", asked),
        ("irreproducible", "answer", refused),
        ("another right answer each time", "answer", other),
    ):
        if some:
            trial, value = min(some, key=lambda one: len(one[0].instance["question"]))
            named = _named(trial)
            proof = _rerun(tried.name, named[0], named[2]) + "\n# in two processes, with PYTHONHASHSEED=0 and =1"
            why = f"the same seed gives another {key} in another process: {value[key][-300:]}"
            yield Flaw(kind, why, *named, times=_of(some, tried.trials), proof=proof)


def ambiguous(tried: Tried) -> Iterator[Flaw]:
    """Questions that have two right answers, of which each is refused for the other's entry."""
    refused = [(other, one) for other, one in tried.alike if not one.accepted]
    for other, one in refused[:1]:
        why = f"{other.instance['key']} asks the same, and there it is the right answer"
        yield _flaw(tried, "ambiguous", why, one, _of(refused, tried.alike))


def scorer(tried: Tried) -> Iterator[Flaw]:
    """Answers at which the scorer raises, hangs, or gives what is no score."""
    failed: dict[str, list[Answered]] = {}
    for one in tried.answered:
        if no_score(one.outcome):
            returned, late = one.outcome.ending is Ending.RETURNED, one.outcome.ending in COSTLY
            failed.setdefault("no score" if returned else "hangs" if late else "raises", []).append(one)
    for kind, some in failed.items():
        shortest = min(some, key=_length)
        yield _flaw(tried, kind, no_score(shortest.outcome), shortest, _of(some, tried.answered))


def accepted(tried: Tried) -> Iterator[Flaw]:
    """Accepted answers that contradict the right one on their face; two at once only where either order will do."""
    taken = {(one.trial.instance["key"], one.given) for one in tried.answered if one.accepted}
    groups: dict[str, list[Answered]] = {}
    for one in tried.answered:
        if one.disproof:
            numeric = wrong.number(one.given) is not None and wrong.number(one.trial.answer) is not None
            groups.setdefault(wrong.NUMBER if numeric else one.kind, []).append(one)
    for kind, group in groups.items():
        some = [one for one in group if one.accepted and (one.kind != wrong.HEDGED or _either_way(one, taken))]
        if some:
            shortest = min(some, key=_length)
            yield _flaw(tried, f"accepts {kind}", shortest.disproof, shortest, _of(some, group))


def constant(tried: Tried) -> Iterator[Flaw]:
    """One text that is accepted for most entries, though it is the right answer of few."""
    text, right = tried.best_constant
    own = [one for one in right if one.trial.answer == text]
    if 2 * len(right) > tried.guessed and 2 * len(own) < len(right):
        one = min((one for one in right if one.trial.answer != text), key=_length)
        why = f"it is accepted for most entries, and is the gym's own answer to {len(own)} of them"
        yield _flaw(tried, "accepts one answer for most", why, one, f"{len(right)} of {tried.guessed}")


def attacked(tried: Tried) -> Iterator[Flaw]:
    """What the attacks on this very dataset found."""
    for attack in ATTACKS.get(tried.name, ()):
        made = [(t, attack.make(t.instance["question"], t.answer)) for t in tried.steady]
        given = [(t, text) for t, text in made if text is not None]
        outcomes = tried.session.map(tried.subject.verifying((t.instance, text) for t, text in given), give_up=True)
        answered = [Answered(t, "", text, (), o) for (t, text), o in zip(given, outcomes, strict=True)]
        failed = [one for one in answered if no_score(one.outcome) or one.accepted != attack.right]
        if failed:
            shortest = min(failed, key=_length)
            hung = shortest.outcome.ending in COSTLY
            kind = "hangs" if hung else "refuses a right answer" if attack.right else "accepts a wrong answer"
            times = "every time" if hung else _of(failed, tried.steady)
            yield _flaw(tried, kind, attack.why, shortest, times)


def checked(tried: Tried) -> Iterator[Flaw]:
    """Questions of this very dataset that contradict themselves or leave out what decides the answer."""
    for check in CHECKS.get(tried.name, ()):
        told = [(t, why) for t in tried.steady if (why := check(t.instance["question"]))]
        if told:
            trial, why = min(told, key=lambda one: len(one[0].instance["question"]))
            key, question, own = _named(trial)
            proof = _rerun(tried.name, key, own)
            yield Flaw("unsound question", why, key, question, own, times=_of(told, tried.steady), proof=proof)


def stored(tried: Tried) -> Iterator[Flaw]:
    """Entries whose own answer is refused once they were written as JSON and read back, as data sets are."""
    own = [one for one in tried.own if one.accepted]
    outcomes = tried.session.map([Call("stored", {**one.trial.instance, "answer": one.given}) for one in own])
    failed = [
        (one, o) for one, o in zip(own, outcomes, strict=True) if o.value is not None and score(o) < 1 - TOLERANCE
    ]
    for one, outcome in failed[:1]:
        key, question, answer = _named(one.trial)
        proof = "import json\n" + _rerun(tried.name, key, answer).replace(
            ", entry)", ", json.loads(json.dumps(entry)))"
        )
        why = "its own answer is refused when the entry was JSON in between: lists are no tuples"
        times = _of(failed, own)
        yield Flaw("changed by JSON", why, key, question, answer, answer, score(outcome), times, proof)


def executed(tried: Tried) -> Iterator[Flaw]:
    """Answers whose text the scorer runs as Python."""
    for trial in tried.steady[:3]:
        numbered = wrong.DIGITS.sub(TOKEN, trial.answer, count=1)
        texts = (MARK, f"[{MARK}]", f"[[{MARK}]]", f"{trial.answer} or {MARK}", TOKEN, f"[{TOKEN}]", numbered)
        calls = [Call("executed", {**trial.instance, "answer": text}) for text in texts]
        for text, outcome in zip(texts, tried.session.map(calls), strict=True):
            if outcome.value:
                key, question, own = _named(trial)
                proof = _rerun(tried.name, key, text)
                yield Flaw("executes", f"the answer's text is {outcome.value}", key, question, own, text, proof=proof)
                return


def mutated(tried: Tried) -> Iterator[Flaw]:
    """Scoring that changes the entry it is given, so that a second answer is scored against another."""
    sample = tried.steady[:ATTACKED]
    outcomes = tried.session.map([Call("touched", {**t.instance, "answer": t.answer}) for t in sample])
    for trial, outcome in zip(sample, outcomes, strict=True):
        if outcome.value:
            key, question, own = _named(trial)
            proof = _rerun(tried.name, key, own)
            yield Flaw("changes its entry", "scoring adds to the entry", key, question, own, own, proof=proof)
            return


FINDERS: Sequence[Callable[[Tried], Iterator[Flaw]]] = (
    levels,
    own_answers,
    drawn_again,
    ambiguous,
    scorer,
    accepted,
    constant,
    attacked,
    checked,
    stored,
    executed,
    mutated,
)


def _flaw(tried: Tried, kind: str, why: str, one: Answered, times: str) -> Flaw:
    key, question, own = _named(one.trial)
    value = score(one.outcome) if one.outcome.ending is Ending.RETURNED else None
    return Flaw(kind, why, key, question, own, one.given, value, times, _rerun(tried.name, key, one.given))


def _named(trial: Trial) -> tuple[str, str, str]:
    """An entry's key, question and own answer."""
    return trial.instance["key"], trial.instance["question"], trial.answer


def _rerun(name: str, key: str, given: str) -> str:
    level, seed, number = map(int, key.split("/"))
    form = RERUN if level else RERUN_DEFAULT
    return form.format(name=name, level=level - 1, seed=seed, number=number, given=given)


def _either_way(one: Answered, taken: set[tuple[str, str]]) -> bool:
    ways = [pair for other in one.others for pair in wrong.hedges(one.trial.answer, other) if one.given in pair]
    key = one.trial.instance["key"]
    return any({(key, first), (key, second)} <= taken for first, second in ways)


def _length(one: Answered) -> int:
    return len(one.given) + len(one.trial.instance["question"])


def _of(part: Sequence[object], whole: Sequence[object]) -> str:
    return f"{len(part)} of {len(whole)}"
