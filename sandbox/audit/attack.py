"""Attack: wrong answers aimed where a verifier is most likely to take them, and what it made of each.

First what can be listed: near misses, other instances' answers, odd and huge values, what the instance and its text
hold. Then a search: steps from answers that were accepted, earned more or got further into ``verify`` (in lines run)
than any before, of the kinds of steps that paid. Its targets are instances at the edges (``targets.py``).

An accepted answer is a finding only with a proof: ``solve`` gives another, or a second author's ``check`` refuses it.
The others are undecided, another right answer or a hole, and those are shown first that lack what all right answers
have (``traits.py``). Not here: answers that ignore the instance (``rules.py``), nor all answers (``brute.py``).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import zip_longest
from random import Random
from typing import Any

from sandbox.audit.brute import Check
from sandbox.audit.corners import admitted, less, smaller
from sandbox.audit.targets import Own, Target, targets
from sandbox.audit.traits import common, traits
from sandbox.evidence import no_score, score, shown
from sandbox.outcome import Call, Ending, Outcome
from sandbox.subject import CHUNK, ODD, OTHERS, RANDOM, Subject, Trial
from synth import moves, values
from synth.contract import TOLERANCE
from synth.environment import Answer, Instance
from synth.program import Reference
from synth.types import as_json, canonical
from synth.verdict import Finding, Trials

TRIALS = 4_000
"""Wrong answers, in all, unless somebody says how many."""
LINES_EACH = 20_000  # lines of the program for each of them: a slow verifier is asked less
LISTED = 0.5  # share of the trials that may go to what can be listed
SMALL = 3  # one target in so many is small, and gets three times as much of the search
STEPS = (1, 1, 1, 2, 2, 3)  # from one answer to the next
LONGER, LONG = 3, 200  # times a right answer, and characters, that an answer of the search may be longer
KEPT = 24  # answers to one instance that the search starts from
BEST = 6  # of them that every other step starts from
IDLE = 2_000  # steps on end to nothing new, after which the search gives up
TRACED = 100_000  # lines of a call that is still traced: it takes some times as long
UNVARIED = 300  # trials in which all ran as many lines as the right answer, after which lines are not counted
CHECKED = 400  # accepted answers that a second author is asked about
SUSPECTS = 1_000  # accepted answers whose traits are looked at
SHOWN = 4  # undecided answers
NOTED = 1  # of them in the notes
CONSTANTS = 12  # answers that were accepted on several targets
ASKED, DEEP = 800, 20  # trials that others may learn from, and how many that ran alike
ROUNDS, SMALLER, NEAR = 20, 48, 12  # of making a finding smaller; what is tried in each, and beside each right answer
OTHER_ANSWERS = 6  # of other instances, for each
HUGE, OWN, FROM_THE_END, SEARCH = "huge", "of the instance", "from the end", "several steps"


@dataclass(frozen=True)
class Tried:
    """An answer that is not the reference's, and what the verifier made of it."""

    target: Target
    kind: str
    answer: Answer
    outcome: Outcome

    @property
    def accepted(self) -> bool:
        return score(self.outcome) >= 1 - TOLERANCE


@dataclass(frozen=True)
class Undecided:
    """Another right answer or a hole: an answer that verify accepts, and that nothing here can refute."""

    kind: str
    answer: Answer
    instance: Instance
    seed: int | None
    difficulty: int
    lacks: tuple[str, ...]
    """What every reference answer has and this one has not."""

    @property
    def note(self) -> str:
        lacks = "; ".join(self.lacks[:3]) + (f"; {len(self.lacks) - 3} more" if len(self.lacks) > 3 else "")
        words = f"verify accepts {shown(self.answer)} ({self.kind}) for {shown(self.instance)}"
        return f"another right answer or a hole: {words}; of every reference answer this holds, and not of it: {lacks}"


@dataclass(frozen=True)
class Attack:
    """What became of an attack."""

    instances: int
    undrawn: int
    """Of these, admitted ones that nobody drew."""
    kinds: Mapping[str, Trials]
    """Wrong answers tried and accepted, by kind."""
    best: float
    """The most that an answer earned that was not accepted."""
    lines: int
    """Of the program, that all of it ran."""
    checked: int
    """Accepted answers on which a second author's check had something to say."""
    suspicious: int
    """Accepted answers that lack what all reference answers have."""
    undecided: tuple[Undecided, ...]
    finding: Finding | None
    tried: tuple[Tried, ...] = field(repr=False, default=())
    """One by one, for those who learn from it."""

    @property
    def notes(self) -> list[str]:
        """The undecided answers that lack something, for a reader to judge."""
        return [one.note for one in self.undecided if one.lacks][:NOTED]

    @property
    def constants(self) -> list[Answer]:
        """Answers that were accepted on several targets: perhaps they are on all."""
        accepted = Counter(canonical(one.answer) for one in self.tried if one.accepted)
        known = {canonical(one.answer): one.answer for one in self.tried if one.accepted}
        return [known[text] for text, count in accepted.most_common(CONSTANTS) if count > 1]

    def asdict(self) -> dict[str, Any]:
        """The figures; the finding stands with the others, and what was tried nowhere."""
        told = asdict(replace(self, finding=None, tried=()))
        return {name: value for name, value in told.items() if name not in ("finding", "tried")}


@dataclass(frozen=True)
class _Candidate:
    """An answer to try on a target, by its place, and the steps that made it."""

    place: int
    kind: str
    answer: Answer
    steps: tuple[str, ...] = ()


def attack(subject: Subject, trials: int = TRIALS, drawn: Sequence[Trial] = (), check: Check | None = None) -> Attack:
    """Attack the verifier of a subject that keeps the laws with so many wrong answers; ends with the first proof.

    ``drawn`` are further instances with right answers, among which edges are looked for.
    """
    search = _Search(subject, targets(subject, drawn, trials), trials, check)
    search.run()
    return search.result()


class _Search:
    """Everything tried so far, and where to go on."""

    def __init__(self, subject: Subject, targets: Sequence[Target], trials: int, check: Check | None) -> None:
        self.subject, self.targets, self.trials, self.check = subject, targets, trials, check
        self.t = subject.signature.codomain
        self.tried: list[Tried] = []
        self.finding: Finding | None = None
        self.lines = self.checked = 0
        self._varies = False
        self._rng = Random(f"{subject.program.title} attack")
        self._differ = values.differ(self.t)
        self._seen = [{canonical(target.answer)} for target in targets]
        self._starts: list[dict[tuple[float, int], Answer]] = [{(1.0, -1): target.answer} for target in targets]
        self._others = [self._other_answers(target) for target in targets]
        self._own = [Own(subject, target, others) for target, others in zip(targets, self._others, strict=True)]
        self._paid = dict.fromkeys(moves.kinds(self.t), (1, 4))  # how often each kind of step did, and did not

    def run(self) -> None:
        self._spend(self._listed(), int(LISTED * self.trials))
        self._spend(self._searched(), self.trials)

    def result(self) -> Attack:
        kinds = Counter(one.kind for one in self.tried)
        accepted = Counter(one.kind for one in self.tried if one.accepted)
        undecided = [] if self.subject.program.is_function else self._undecided()
        return Attack(
            instances=len(self.targets),
            undrawn=sum(target.seed is None for target in self.targets),
            kinds={kind: Trials(kinds[kind], accepted[kind]) for kind in sorted(kinds)},
            best=round(max((score(one.outcome) for one in self.tried if not one.accepted), default=0.0), 4),
            lines=self.lines,
            checked=self.checked,
            suspicious=sum(bool(one.lacks) for one in undecided),
            undecided=_most_telling(undecided),
            finding=self.finding,
            tried=tuple(self.tried),
        )

    def _other_answers(self, target: Target) -> list[Answer]:
        others = [t.answer for t in self.subject.trials if t.difficulty == target.difficulty and t.seed != target.seed]
        return self._rng.sample(others, min(OTHER_ANSWERS, len(others)))

    def _listed(self) -> Iterator[_Candidate]:
        """What can be listed for each target, of each kind in turn."""
        lists = [self._list(place, target) for place, target in enumerate(self.targets)]
        for row in zip_longest(*lists):
            yield from (one for one in row if one and self._new(one.place, one.answer))

    def _list(self, place: int, target: Target) -> Iterator[_Candidate]:
        kinds = [
            values.near_misses(self.t, target.answer, self._rng),
            [(OTHERS, answer) for answer in self._others[place]],
            [(ODD, value) for value in values.odd(self.t)],
            [(OWN, value) for value in self._own[place](self.t)],
            [(FROM_THE_END, value) for value in _from_the_end(target)],
            [(HUGE, value) for value in values.huge(self.t, target.answer)] if place % 8 == 0 else [],
            [(RANDOM, values.draw(self.t, self._rng)) for _ in range(6)],
        ]
        for row in zip_longest(*(self._rng.sample(kind, len(kind)) for kind in kinds)):
            yield from (_Candidate(place, *one) for one in row if one)

    def _searched(self) -> Iterator[_Candidate]:
        """Steps from answers that were kept, until they lead to nothing new."""
        size = [len(as_json([target.instance, target.answer])) for target in self.targets]
        small = sorted(range(len(size)), key=size.__getitem__)[: -(-len(size) // SMALL)]
        idle = 0
        while idle < IDLE:
            kinds, weights = [*self._paid], [paid / (paid + not_paid) for paid, not_paid in self._paid.values()]
            for place in [*range(len(size)), *small, *small]:
                steps = tuple(self._rng.choices(kinds, weights, k=self._rng.choice(STEPS)))
                answer = self._start(place)
                for step in steps:
                    answer = moves.move(self.t, answer, step, self._own[place], self._rng)
                if answer in self.t and self._short(place, answer) and self._new(place, answer):
                    idle = 0
                    yield _Candidate(place, steps[0] if len(steps) == 1 else SEARCH, answer, steps)
                else:
                    idle += 1
                    self._pay(steps, False)

    def _pay(self, steps: Sequence[str], whether: bool) -> None:
        """Note of the steps to an answer whether they led anywhere new: those that do are taken more often."""
        for step in steps:
            paid, not_paid = self._paid[step]
            self._paid[step] = (paid + whether, not_paid + (not whether))

    def _start(self, place: int) -> Answer:
        """The right answer or one that was kept, the better ones more often."""
        starts = sorted(self._starts[place])
        return self._starts[place][self._rng.choice(starts[-BEST:] if self._rng.random() < 0.5 else starts)]

    def _short(self, place: int, answer: Answer) -> bool:
        """Whether an answer is not much longer than the right one: what is huge was listed, and costs much."""
        return len(as_json(answer)) <= LONGER * len(as_json(self.targets[place].answer)) + LONG

    def _new(self, place: int, answer: Answer) -> bool:
        """Whether an answer is none that was tried on this target, nor one that counts as right; then it is noted."""
        text = canonical(answer)
        if text in self._seen[place] or not moves.fits(answer):
            return False
        self._seen[place].add(text)
        return self._differ(self.targets[place].answer, answer)

    def _spend(self, candidates: Iterator[_Candidate], most: int) -> None:
        """Try them, a batch at a time, until there is a finding, nothing more, or nothing left to spend."""
        while self.finding is None and self.lines < LINES_EACH * self.trials:
            room = min(CHUNK, most - len(self.tried))
            batch = [one for one, _ in zip(candidates, range(room), strict=False)] if room > 0 else []
            if not batch:
                return
            self._try(batch)

    def _try(self, batch: Sequence[_Candidate]) -> None:
        calls = self.subject.verifying((self.targets[one.place].instance, one.answer) for one in batch)
        begun = len(self.tried)
        for one, outcome in zip(batch, self._verdicts(batch, calls), strict=True):
            target = self.targets[one.place]
            self.lines += max(target.lines, outcome.steps or 0)
            self.tried.append(Tried(target, one.kind, one.answer, outcome))
            if wrong := no_score(outcome):
                told = f"verify {wrong} for the answer {shown(one.answer)} to {shown(target.instance)}"
                self.finding = _at(target, told, outcome.line)
                return
            self._learn(one, outcome)
        self._prove([one for one in self.tried[begun:] if one.accepted])

    def _verdicts(self, batch: Sequence[_Candidate], calls: Sequence[Call]) -> list[Outcome]:
        """Traced, where that does not take too long; a call that tracing makes too slow is made again without."""
        session = self.subject.session
        tells = self._varies or len(self.tried) < UNVARIED  # a verifier that only compares runs the same lines for all
        if not tells or max(self.targets[one.place].lines for one in batch) > TRACED:
            return session.map(calls, give_up=True)
        outcomes = session.map(calls, count=True, give_up=True)
        slow = [outcome.ending is Ending.TIMED_OUT for outcome in outcomes]
        if True not in slow:
            return outcomes
        start = slow.index(True)
        return [*outcomes[:start], *session.map(calls[start:], give_up=True)]

    def _learn(self, one: _Candidate, outcome: Outcome) -> None:
        """Keep an answer to go on from if it earned, or ran, what none did before; and note which steps paid."""
        worth = (score(outcome), outcome.steps or 0)
        self._varies |= outcome.steps not in (None, self.targets[one.place].lines - 1)
        starts = self._starts[one.place]
        new = worth not in starts
        self._pay(one.steps, new)
        if new:
            starts[worth] = one.answer
            if len(starts) > KEPT:
                del starts[self._rng.choice(sorted(starts)[: KEPT // 2])]

    def _prove(self, accepted: Sequence[Tried]) -> None:
        """Make a finding of the first that is proven wrong."""
        if self.subject.program.is_function:
            proven = list(accepted)
        else:
            some = accepted[: CHECKED - self.checked]
            said = self._asked([(one.target.instance, one.answer) for one in some])
            self.checked += sum(right is not None for right in said)
            proven = [one for one, right in zip(some, said, strict=True) if right is False]
        if proven:
            self.finding = self._told(min(proven, key=lambda one: len(as_json([one.target.instance, one.answer]))))

    def _asked(self, pairs: Sequence[tuple[Instance, Answer]]) -> list[bool | None]:
        return self.check(pairs) if self.check and pairs else [None] * len(pairs)

    def _told(self, found: Tried) -> Finding:
        """The evidence, on the smallest instance and with the smallest answer that show it."""
        instance, right, answer = found.target.instance, found.target.answer, found.answer
        for _ in range(ROUNDS):
            if one := next(self._less(instance, right, answer), None):
                instance, right, answer = one
        who = "solve gives" if self.subject.program.is_function else "a second author refuses it; a right one is"
        told = f"verify accepts {shown(answer)} ({found.kind}), but {who} {shown(right)}"
        made = "" if instance == found.target.instance else f", made smaller of {shown(found.target.instance)}"
        return _at(found.target, f"{told}; the instance is {shown(instance)}{made}")

    def _less(self, instance: Instance, right: Answer, answer: Answer) -> Iterator[tuple[Instance, Answer, Answer]]:
        """Smaller wrong answers that are accepted, then smaller instances for which this one is, or one near theirs."""
        made = [(instance, right, value) for _, value in zip(range(SMALLER), smaller(answer, self.t), strict=False)]
        yield from self._proven(made)
        name = self.subject.program.reference
        if name is Reference.WITNESS:
            return
        nearer = [value for _, value in zip(range(SMALLER), less(self.subject, instance), strict=False)]
        nearer = [value for value, fit in zip(nearer, admitted(self.subject, nearer), strict=True) if fit]
        rights = self.subject.session.map([Call(name, value) for value in nearer], give_up=True)
        known = [(i, o.value) for i, o in zip(nearer, rights, strict=True) if o.ending is Ending.RETURNED]
        for value, its in known:
            if its in self.t:
                near = [miss for _, miss in values.near_misses(self.t, its, Random(0))][:NEAR]
                yield from self._proven([(value, its, wrong) for wrong in (answer, *near)])

    def _proven(self, made: Sequence[tuple[Instance, Answer, Answer]]) -> Iterator[tuple[Instance, Answer, Answer]]:
        wrong = [one for one in made if self._differ(one[1], one[2])]
        outcomes = self.subject.session.map(self.subject.verifying((i, a) for i, _, a in wrong), give_up=True)
        taken = [one for one, o in zip(wrong, outcomes, strict=True) if score(o) >= 1 - TOLERANCE]
        if self.subject.program.is_function:
            yield from taken
        else:
            said = self._asked([(instance, answer) for instance, _, answer in taken])
            yield from (one for one, right in zip(taken, said, strict=True) if right is False)

    def _undecided(self) -> list[Undecided]:
        """Accepted answers, and what each lacks that reference answers have, that of its own instance too."""
        shared = common(self.t, ((trial.instance, trial.answer) for trial in self.subject.trials))
        had = {id(t): shared & traits(self.t, t.instance, t.answer) for t in self.targets}
        found = []
        for one in [one for one in self.tried if one.accepted][:SUSPECTS]:
            target = one.target
            lacks = had[id(target)] - traits(self.t, target.instance, one.answer)
            found.append(
                Undecided(one.kind, one.answer, target.instance, target.seed, target.difficulty, tuple(sorted(lacks)))
            )
        return found


def _from_the_end(target: Target) -> list[Answer]:
    """The right answer with a number lowered by the length of a field: to Python often the same place of it."""
    answer = target.answer
    made: list[Answer] = []
    for size in sorted({len(value) for value in target.instance.values() if isinstance(value, list | str)}):
        if type(answer) is int:
            made.append(answer - size)
        elif isinstance(answer, list):
            numbers = [i for i, item in enumerate(answer) if type(item) is int]
            made += [[*answer[:i], answer[i] - size, *answer[i + 1 :]] for i in sorted({*numbers[:1], *numbers[-1:]})]
    return made


def _most_telling(undecided: Sequence[Undecided]) -> tuple[Undecided, ...]:
    """Those that lack most, the smallest of them; no two that lack the same."""
    order = sorted(undecided, key=lambda one: (-len(one.lacks), len(as_json([one.instance, one.answer]))))
    kept = {one.lacks: one for one in reversed(order)}
    return tuple(sorted(kept.values(), key=order.index)[:SHOWN])


def _at(target: Target, evidence: str, line: int | None = None) -> Finding:
    drawn = target.seed is not None
    return Finding(evidence, target.seed, target.difficulty if drawn else None, line)


def telling(hit: Attack) -> list[Tried]:
    """Trials that differ in their target, in the verdict or in the lines that it took: those that show most, first."""
    groups: dict[tuple[int, bool, int], list[Tried]] = {}
    for one in hit.tried:
        groups.setdefault((id(one.target), one.accepted, one.outcome.steps or 0), []).append(one)
    ordered = [group for accepted in (True, False) for key, group in groups.items() if key[1] is accepted]
    rows = zip_longest(*(group[:DEEP] for group in ordered))
    return [one for row in rows for one in row if one][:ASKED]
