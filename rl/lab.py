"""The laboratory: what RACES compares, in small, and what it leaves out, as a plan of training runs and tables over it.

    rows, few = compose(SMALLEST, pool, folder)
    laid = plan(SMALLEST, pool, rows, few)
    run(laid, folder, box, 540, Progress())       # as often as it takes
    print(markdown(folder))

Asked is whether composites teach more than the environments they are made of (RACES, arXiv 2606.12373), which operator
and which size does, and what a wrong verifier costs. Arms are equal in steps, problems a step and replies to each, not
in tokens: a composite asks for more of them. All arms of a seed begin with one model, warmed on all that any of them
trains on, and are measured on the same problems with the right verifiers. Intervals are over seeds: they speak of
training again, not of other environments; and where nothing differs, one interval in twenty still says that it does.

Not asked is what proofs are worth. A sort or a select that is not proven cannot be had: the search refuses it, and the
operator proves each instance that it draws.
"""

import ast
import hashlib
import json
import math
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from rl import measure, statistics, tasks, train
from rl.config import ComposeConfig, Config
from rl.errors import TrainError
from rl.evaluate import Evaluation, Local
from rl.presets import BASICS, demo, h200_tiny
from rl.reward import Scorer
from rl.statistics import Estimate
from rl.tasks import Item, Problem, Split, Tasks, ranked
from rl.train import Run, Setting
from sandbox import Sandbox
from sandbox.discover import Discovery, Wanted
from synth import program
from synth.compose.store import Composites, Row
from synth.environment import ANSWER
from synth.pool import Entry, Pool, PoolError
from synth.program import Program, Reference

SEED = 0  # of splits and choices, which are the same for all runs
WRONG = (5, 20)
"""Per cent of the environments whose verifiers are made wrong."""
SIZES = {"size-2": (2, 2), "size-3-4": (3, 4), "size-5-up": (5, 99)}


@dataclass(frozen=True)
class Size:
    """How much is done."""

    config: Config
    """Of each run; its ``compose`` says what is composed, its ``tasks`` what is held out."""
    seeds: int
    arms: tuple[str, ...] = ()
    """Only these; all when empty."""


LISTS = (
    *BASICS, "evens_then_odds", "larger_neighbour", "largest_so_far", "last_digit_of_sum", "neighbour_gaps",
    "next_digits", "second_largest", "sorted_digits", "without_repeats",
)  # fmt: skip
"""The basic tasks on lists of digits."""

SMALLEST = Size(
    replace(
        demo(),
        tasks=replace(demo().tasks, environments=(*BASICS, "next_digits"), composites=12),
        trainer=replace(demo().trainer, steps=40, save_every=20),
    ),
    seeds=3,
    arms=("environments", "composites", "sixth", "wrong-20"),
)
"""For a processor: some quarter of an hour."""

H200 = Size(
    replace(
        h200_tiny(),
        compose=ComposeConfig(n=1_000, sizes="2-8", depth=1),
        tasks=replace(
            h200_tiny().tasks, environments=LISTS, composites=0, largest=6, held_out_environments=0.12, problems=400
        ),
        trainer=replace(h200_tiny().trainer, steps=200, group=8, tokens=192, save_every=20),
        tiny=replace(h200_tiny().tiny, warm_until=0.1),
    ),
    seeds=3,
)
"""For one large GPU: some 40 million parameters, 12,800 problems a run, all arms. It was never run."""


NAMED = {"smallest": SMALLEST, "h200-tiny": H200}


def sized(name: str, arms: str = "", seeds: int | None = None) -> Size:
    """The size of that name, with only those arms, by comma, and so many seeds. Raises ``TrainError``."""
    if name not in NAMED:
        raise TrainError(f"there is no size {name!r}; there are {', '.join(NAMED)}")
    size = NAMED[name]
    chosen = tuple(arm.strip() for arm in arms.split(",")) if arms else size.arms
    return replace(size, arms=chosen, seeds=size.seeds if seeds is None else seeds)


@dataclass(frozen=True)
class Arm:
    """A way to train."""

    name: str
    words: str
    items: tuple[Item, ...]
    wrong: tuple[str, ...] = ()
    """Environments whose verifiers are wrong in training."""
    against: str = "environments"
    """The arm that it is compared with."""

    @property
    def environments(self) -> set[str]:
        return {name for item in self.items for name in item.parts}


@dataclass(frozen=True)
class Plan:
    size: Size
    pool: Pool
    splits: Mapping[Split, Sequence[Item]]
    base: Arm
    """The arm of everything, which all begin as."""
    arms: tuple[Arm, ...]
    left_out: Mapping[str, str]
    """Arms that cannot be had, and why."""


def compose(
    size: Size, pool: Pool, folder: Path, allow_missing: frozenset[str] = frozenset()
) -> tuple[list[Row], list[Row]]:
    """Composites of the environments, and as many of a sixth of those that are trained on, kept in the folder.

    Raises ``PoolError``, ``TrainError``, ``SandboxError``.
    """
    told, names = size.config.compose, size.config.tasks.environments
    wanted = Wanted.of(told.n, told.operators, told.sizes, told.depth, SEED)
    every = pool.only(names) if names else pool
    few = every.only(_sixth(_base(_split(tasks.items(every), size.config)[Split.TRAIN])))
    rows = _composed(every, wanted, allow_missing, folder / "composites.jsonl")
    try:
        return rows, _composed(few, wanted, allow_missing, folder / "sixth.jsonl")
    except PoolError:  # of so few it may be that none takes another's answers
        return rows, []


def _composed(among: Pool, wanted: Wanted, allow_missing: frozenset[str], file: Path) -> list[Row]:
    Discovery(among, wanted, allow_missing, file).run()
    return list(Composites(among, file).rows())


def plan(size: Size, pool: Pool, rows: Sequence[Row], few: Sequence[Row]) -> Plan:
    """The arms that can be had of the composites in ``rows``, and for a sixth of the environments in ``few``.

    Held out is by the first alone, so that no arm is asked more of what it knows. Raises ``TrainError``, ``PoolError``.
    """
    splits = _split(tasks.items(pool, rows, size.config.tasks.environments), size.config)
    away = {item.term for which in (Split.COMPOSITIONS, Split.DEPTHS) for item in splits[which]}
    known = set(_sixth(_base(splits[Split.TRAIN])))
    more = [item for item in tasks.items(pool, few) if item.operator and item.size <= size.config.tasks.largest]
    more = [item for item in more if item.term not in away and known.issuperset(item.parts)]
    arms = {arm.name: arm for arm in _arms(splits[Split.TRAIN], more, pool)}
    if unknown := [name for name in size.arms if name not in arms]:
        raise TrainError(f"there is no arm {unknown[0]!r}; there are {', '.join(arms)}")
    wanted = [arm for arm in arms.values() if arm.name in size.arms or not size.arms]
    left_out = {arm.name: reason for arm in wanted if (reason := _lacking(arm))}
    everything = tuple(dict.fromkeys([*splits[Split.TRAIN], *arms["sixth"].items]))
    base = Arm("base", "before training", everything)
    return Plan(size, pool, splits, base, tuple(arm for arm in wanted if arm.name not in left_out), left_out)


def _split(among: Sequence[Item], config: Config) -> dict[Split, list[Item]]:
    return tasks.split(among, replace(config.tasks, train_on="all"), SEED)


def _base(among: Sequence[Item]) -> list[Item]:
    return [item for item in among if not item.operator]


def _sixth(base: Sequence[Item]) -> list[str]:
    """The environments of the arm that has few; at least two, or nothing could be composed."""
    return [item.term for item in ranked(base, SEED, "sixth")[: max(2, round(len(base) / 6))]]


def _arms(train_on: Sequence[Item], few: Sequence[Item], pool: Pool) -> Iterator[Arm]:
    base, fused = _base(train_on), [item for item in train_on if item.operator]
    environments, composites = tuple(base), tuple(fused)
    yield Arm("environments", "environments alone", environments)
    yield Arm("composites", "composites of the same environments", composites)
    yield Arm("sixth", "composites of a sixth of the environments", tuple(ranked(few, SEED, "few")[: len(fused)]))
    yield Arm("both", "environments and composites", environments + composites)
    for operator in ("sequential", "parallel", "sort", "select", "branch", "loop"):
        yield Arm(f"only-{operator}", f"composites by {operator}", tuple(i for i in fused if i.operator == operator))
    for name, (low, high) in SIZES.items():
        words = f"composites of {name.removeprefix('size-').replace('-up', ' or more')} steps or parts"
        yield Arm(name, words, tuple(item for item in fused if low <= item.size <= high))
    able = [item for item in base if pool[item.term].program.reference is not Reference.WITNESS]
    order = [item.term for item in ranked(able, SEED, "wrong")]
    for share in WRONG:
        wrong = tuple(order[: round(share / 100 * len(base))])
        said = f", {len(wrong)} of {len(base)} verifiers wrong"
        yield Arm(f"wrong-{share}", f"environments alone{said}", environments, wrong)
        yield Arm(f"composites-wrong-{share}", f"composites{said}", composites, wrong, "composites")


def _lacking(arm: Arm) -> str:
    if not arm.items:
        return "no composite is like that"
    return "of so few verifiers that share is none" if "wrong" in arm.name and not arm.wrong else ""


def planted(of: Program) -> str:
    """The source of an environment with a wrong verifier: it accepts any answer of the right type and length.

    Where the type has no length, any answer. Raises ``TrainError`` for one that has no answer to take the length of.
    """
    if of.reference is Reference.WITNESS:
        raise TrainError(f"{of.title}: computes no answer, so that no length of one is known; plant another")
    tree, honest = ast.parse(of.source), "verify_honestly"
    while honest in of.source:
        honest += "_"
    verify = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "verify")
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == "verify":
            node.id = honest
    verify.name = honest
    fields = ", ".join(f"{name}={name}" for name in of.signature.domain)
    long = of.signature.codomain.head in ("list", "dict", "str")
    cheap = f"len({ANSWER}) == len({of.reference}({fields}))" if long else "True"
    kind = ast.unparse(verify.returns) if verify.returns else "bool"
    shim = ast.parse(f"def verify():\n    return {kind}({cheap}) or {honest}({fields}, {ANSWER}={ANSWER})").body[0]
    assert isinstance(shim, ast.FunctionDef)
    shim.args, shim.returns = verify.args, verify.returns
    return ast.unparse(ast.Module([*tree.body, shim], [])) + "\n"


def _copied(pool: Pool, names: Sequence[str], wrong: Sequence[str], folder: Path) -> Pool:
    """The pool of these environments in a folder of its own, with wrong verifiers where told."""
    copy = Pool(folder)
    for name in names:
        entry = pool[name]
        if name in wrong:
            made = program.read(planted(entry.program))
            entry = Entry(name, entry.family, made, {**entry.record, "digest": made.digest, "planted": True})
        if name not in copy or copy[name].program.digest != entry.program.digest:
            copy.add(entry)
    return copy


@dataclass
class Progress:
    """How far a laboratory has come."""

    runs: int = 0
    done: int = 0
    now: str = ""
    """The arm and the seed."""
    training: train.Progress = field(default_factory=lambda: train.Progress(0))
    """Of the run under way."""


class Laboratory:
    """A plan at work in a folder.

    ``plan.json``, ``pool/`` and ``wrong-N/`` (the environments used, and with N wrong verifiers), ``splits/ARM.json``,
    ``base/SEED/`` (the model that all begin with), ``runs/ARM-SEED/`` (a run each, without the checkpoints once it is
    finished), ``results.jsonl``.
    """

    def __init__(self, laid: Plan, folder: Path, box: Sandbox) -> None:
        self.plan, self.folder, self.box = laid, folder, box
        among = [item for kept in (*laid.splits.values(), laid.base.items) for item in kept]
        self.names = sorted({name for item in among for name in item.parts})
        self._same_plan()
        self.pool = _copied(laid.pool, self.names, (), folder / "pool")
        self._freeze()

    def _same_plan(self) -> None:
        """Write the plan down, or see that it is the one that the folder was begun with."""
        laid, file = self.plan, self.folder / "plan.json"
        told = {
            "config": laid.size.config.asdict(),
            "arms": {arm.name: {"items": [i.term for i in arm.items], "wrong": arm.wrong} for arm in _all(laid)},
            "environments": {name: laid.pool[name].program.digest for name in self.names},
        }
        now = json.loads(json.dumps(told))
        if file.exists():
            then = json.loads(file.read_text(encoding="utf-8"))
            if changed := [key for key in now if then.get(key) != now[key]]:
                raise TrainError(f"{self.folder} was begun with other {changed[0]}; take another folder")
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        _write(file, json.dumps(now, indent=1) + "\n")

    def _freeze(self) -> None:
        """Freeze the held-out problems once, for all arms."""
        wanted = {arm: self.folder / "splits" / f"{arm.name}.json" for arm in _all(self.plan)}
        if all(file.exists() for file in wanted.values()):
            return
        splits = self.plan.splits
        behind = Tasks(self.pool, [item for kept in splits.values() for item in kept], self.box)
        held_out: list[Split] = [which for which in splits if which is not Split.TRAIN]
        problems: dict[Split, list[Problem]] = {which: self._held_out(which, behind) for which in held_out}
        behind.close()
        if empty := [which for which, posed in problems.items() if not posed]:
            raise TrainError(f"the split {empty[0]} is empty: compose more, or of more sizes, or hold out more")
        part = self.folder / "splits.part"
        part.mkdir(exist_ok=True)
        for arm, file in wanted.items():
            tasks.freeze(part / file.name, {**splits, Split.TRAIN: arm.items}, problems)
        part.replace(self.folder / "splits")

    def _held_out(self, which: Split, behind: Tasks) -> list[Problem]:
        """The problems of a split; those of trained items are by halves of environments and of composites."""
        told, among = self.plan.size.config.tasks, self.plan.splits[which]
        kinds = [[item for item in among if bool(item.operator) is fused] for fused in (False, True)]
        each = told.problems // sum(map(bool, kinds)) if any(kinds) else 0
        levels = range(told.difficulties[0], told.difficulties[1] + 1)
        return [problem for kept in kinds for problem in tasks.held_out(behind, kept, each, levels, SEED)]

    def config(self, seed: int) -> Config:
        return replace(self.plan.size.config, model=train.TINY, seed=seed)

    def base(self, seed: int, progress: train.Progress) -> Run:
        """The model that all runs of the seed begin with, made and measured."""
        run, config = Run(self.folder / "base" / str(seed)), self.config(seed)
        if not run.begun:
            run.begin(config, resume=False)
            _copy(self.folder / "splits" / "base.json", run.splits)
        set_ = train.setting(config, self.pool, (), run, self.box)
        scorer = Scorer(set_.tasks.sources, self.box)
        try:
            if not (run.warm / "config.json").exists():
                train.warm(config, set_, scorer, run, progress)
            if not measure.kept(run, measure.BEFORE):
                self._measure(run, measure.BEFORE, run.warm, set_, config, progress)
        finally:
            scorer.close()
            set_.close()
        return run

    def one(self, arm: Arm, seed: int, base: Run, progress: train.Progress) -> dict[str, Any]:
        """Take a run from where it stands to its end, and tell what came of it."""
        config = self.config(seed)
        run = Run(self.folder / "runs" / f"{arm.name}-{seed}")
        if not run.begun:
            run.begin(config, resume=False)
            _copy(base.warm, run.warm)
            _copy(base.folder / "evaluations", run.folder / "evaluations")
            _copy(self.folder / "splits" / f"{arm.name}.json", run.splits)
        pool = self.pool
        if arm.wrong:
            pool = _copied(self.plan.pool, self.names, arm.wrong, self.folder / f"wrong-{len(arm.wrong)}")
        train.train(config, pool, (), run.folder, self.box, progress, resume=True)
        set_ = train.setting(config, self.pool, (), run, self.box)
        try:
            after = self._measure(run, measure.AFTER, run.model, set_, config, progress)
        finally:
            set_.close()
        shutil.rmtree(run.folder / "checkpoints", ignore_errors=True)
        return self._row(arm, seed, base, run, after)

    def _measure(
        self, run: Run, name: str, model: Path, set_: Setting, config: Config, progress: train.Progress
    ) -> Evaluation:
        """Evaluate a model on the frozen splits, with the right verifiers."""
        progress.stage = f"measuring the model {name}"
        scorer = Scorer(set_.tasks.sources, self.box, strict=False)
        local = Local.load(model, config.trainer.tokens, config.eval.batch, config.eval.temperature)
        asked = measure.problems((), set_, self.pool, ())
        try:
            found = measure.measured(local, asked, scorer, config, lambda split, done, of: None)
        finally:
            scorer.close()
        measure.keep(run, name, found)
        return found

    def _row(self, arm: Arm, seed: int, base: Run, run: Run, after: Evaluation) -> dict[str, Any]:
        before = measure.kept(base, measure.BEFORE)
        assert before is not None, "the base was measured when it was made"
        with (base.warm / "model.safetensors").open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()[:16]
        steps = list(run.rows())
        return {
            "arm": arm.name,
            "words": arm.words,
            "against": arm.against,
            "seed": seed,
            "base": digest,
            "environments": len(arm.environments),
            "items": len(arm.items),
            "wrong": list(arm.wrong),
            "steps": len(steps),
            "seconds": round(sum(step["step_seconds"] for step in steps), 1),
            "unscored": sum(step["unscored"] for step in steps) + sum(r.unscored for r in after.splits.values()),
            "before": {split: result.mean.value for split, result in before.splits.items()},
            "after": {split: result.mean.value for split, result in after.splits.items()},
        }


def _all(laid: Plan) -> list[Arm]:
    return [laid.base, *laid.arms]


def run(laid: Plan, folder: Path, box: Sandbox, budget_seconds: float, progress: Progress) -> bool:
    """Do runs until the budget is spent or all are done, and say whether all are. Raises ``TrainError``, ``PoolError``.

    What is finished is skipped; a run that was killed goes on from its last checkpoint. No run is begun that would end
    after the budget if it took as long as the longest of this call; the first is always begun. The runs of one seed
    come together, and a seed's runs are compared only where they began with the very same model.
    """
    began, longest = time.monotonic(), {"base": 0.0, "run": 0.0}
    laboratory, bases = Laboratory(laid, folder, box), dict[int, Run]()
    pieces = [(arm, seed) for seed in range(laid.size.seeds) for arm in laid.arms]
    known = {(row["arm"], row["seed"]) for row in results(folder)}
    progress.runs, progress.done = len(pieces), sum((arm.name, seed) in known for arm, seed in pieces)
    for arm, seed in pieces:
        if (arm.name, seed) in known:
            continue
        needed = longest["run"] + (0.0 if seed in bases else longest["base"])
        if longest["run"] and time.monotonic() - began + needed > budget_seconds:
            return False
        progress.now, progress.training = f"{arm.name}, seed {seed}", train.Progress(laid.size.config.trainer.steps)
        start = time.monotonic()
        bases[seed] = bases.get(seed) or laboratory.base(seed, progress.training)
        warmed = time.monotonic()
        row = laboratory.one(arm, seed, bases[seed], progress.training)
        _write(folder / "results.jsonl", "".join(json.dumps(each) + "\n" for each in [*results(folder), row]))
        progress.done += 1
        longest["base"] = max(longest["base"], warmed - start)
        longest["run"] = max(longest["run"], time.monotonic() - warmed)
    return True


def results(folder: Path) -> list[dict[str, Any]]:
    """What came of each finished run. Raises ``TrainError``."""
    file = folder / "results.jsonl"
    try:
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []
    except (OSError, ValueError) as error:
        raise TrainError(f"{file}: cannot be read ({error})") from None


@dataclass(frozen=True)
class Line:
    """What is known of an arm, over its seeds."""

    arm: str
    words: str
    seeds: int
    environments: int
    items: int
    against: str
    scores: Mapping[str, Estimate]
    """By held-out split."""
    differences: Mapping[str, Estimate]
    """To the arm ``against``, paired by seed; none where no seed has both."""


def tables(folder: Path) -> list[Line]:
    """A line for the model that all began with, then one for each arm, in the order of the runs.

    Raises ``TrainError`` when no run is finished.
    """
    rows = results(folder)
    if not rows:
        raise TrainError(f"{folder}: no run of a laboratory is finished in it")
    began = list({(row["seed"], row["base"]): row["before"] for row in rows}.values())
    lines = [Line("base", "before training", len(began), 0, 0, "", _scores(began), {})]
    for name in dict.fromkeys(row["arm"] for row in rows):
        mine = [row for row in rows if row["arm"] == name]
        pairs = [
            (row["after"], other["after"])
            for row in mine
            for other in rows
            if other["arm"] == row["against"] != name and (other["seed"], other["base"]) == (row["seed"], row["base"])
        ]
        one, scores = mine[0], _scores([row["after"] for row in mine])
        apart = {split: over_seeds([a[split] - b[split] for a, b in pairs], -1.0) for split in scores if pairs}
        told = one["words"], len(mine), one["environments"], one["items"], one["against"]
        lines.append(Line(name, *told, scores, apart))
    return lines


def _scores(rows: Sequence[Mapping[str, float]]) -> dict[str, Estimate]:
    return {split: over_seeds([row[split] for row in rows]) for split in rows[0]}


def over_seeds(values: Sequence[float], least: float = 0.0) -> Estimate:
    """The mean, and Student's 95 % interval, within what is possible; of one seed alone that is all that is known.

    >>> found = over_seeds([0.4, 0.5, 0.6])
    >>> round(found.low, 3), round(found.value, 3), round(found.high, 3)
    (0.252, 0.5, 0.748)
    """
    centre = mean(values)
    if len(values) == 1:
        return Estimate(centre, least, 1.0)
    half = statistics.student(len(values) - 1) * stdev(values) / math.sqrt(len(values))
    return Estimate(centre, max(least, centre - half), min(1.0, centre + half))


def markdown(folder: Path) -> str:
    """The tables as a page: each score with its interval, and below it the difference. Raises ``TrainError``."""
    lines = tables(folder)
    splits = [which for which in Split if which in lines[0].scores]
    head = ["arm", "seeds", "environments", "items", *(which.removeprefix("heldout-") for which in splits)]
    out = [f"| {' | '.join(head)} |", "|" + " --- |" * len(head)]
    for line in lines:
        cells = [line.words, str(line.seeds), str(line.environments or ""), str(line.items or "")]
        cells += [_cell(line, which) for which in splits]
        out.append(f"| {' | '.join(cells)} |")
    return "\n".join([*out, "", "Below a score: the difference to the arm named, paired by seed.", ""])


def _cell(line: Line, split: str) -> str:
    one = line.scores[split]
    text = f"{one.value:.3f} [{one.low:.3f}, {one.high:.3f}]"
    if split in line.differences:
        apart = line.differences[split]
        text += f"<br>{apart.value:+.3f} [{apart.low:+.3f}, {apart.high:+.3f}] to {line.against}"
    return text


def _copy(what: Path, to: Path) -> None:
    """A file or a folder, whole or not at all."""
    part = to.with_name(to.name + ".part")
    if what.is_dir():
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(what, part)
    else:
        shutil.copyfile(what, part)
    part.replace(to)


def _write(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
