"""A run measured: models evaluated on its frozen splits, before and after, and its stored rollouts scored anew.

Wiring of ``evaluate.py`` and ``rollouts.py`` to a run's folder; no figure is computed here.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from rl import tasks
from rl.config import Config
from rl.errors import TrainError
from rl.evaluate import Answerer, Change, Endpoint, Evaluation, Local, compare, evaluate
from rl.reward import Scorer
from rl.rollouts import Rollout, Rollouts
from rl.tasks import Problem, Split, Tasks
from rl.train import Run, Setting, quiet
from sandbox import Sandbox
from synth.complete import make_completer
from synth.compose.store import Row
from synth.contract import TOLERANCE
from synth.pool import Pool

BEFORE, AFTER = "before", "after"

Told = Callable[[str, int, int], None]
"""Is told a split, how many of its problems are done, of how many."""


def problems(wanted: Sequence[str], set_: Setting, pool: Pool, rows: Sequence[Row]) -> dict[str, list[Problem]]:
    """Of splits by name, all when none is named; and of files that name problems. Raises ``TrainError``."""
    frozen = {which for which, names in set_.frozen.names.items() if names}
    found: dict[str, list[Problem]] = {}
    for name in wanted or sorted(frozen):
        if name in frozen:
            found[name] = set_.frozen.problems(Split(name), set_.tasks)
        elif Path(name).is_file():
            among = tasks.items(pool, rows)
            found[name] = tasks.named(Path(name), among, Tasks(pool, among, set_.box))
        else:
            raise TrainError(f"there is no split and no file {name!r}; there are {', '.join(sorted(frozen))}")
    return found


def with_k(config: Config, k: str) -> Config:
    """The configuration with these numbers of replies, by comma. Raises ``TrainError``."""
    try:
        ks = tuple(int(one) for one in k.split(","))
    except ValueError:
        raise TrainError(f"--k {k!r}: write whole numbers by comma, as in 1,8") from None
    return replace(config, eval=replace(config.eval, k=ks))


@contextmanager
def answering(model: str, base_url: str | None, config: Config, tokens: int | None) -> Iterator[Answerer]:
    """The model in a folder, of a name, or at an endpoint. Raises ``TrainError``, ``CompleterError``."""
    most, told = tokens or config.trainer.tokens, config.eval
    if base_url is None:
        quiet()
        yield Local.load(model, most, told.batch, told.temperature)
        return
    completer = make_completer("openai", model=model, base_url=base_url, temperature=told.temperature, max_tokens=most)
    with Endpoint(completer) as endpoint:
        yield endpoint


def scorer(asked: Mapping[str, Sequence[Problem]], pool: Pool, box: Sandbox) -> Scorer:
    """Of these problems; it takes the last answer block of a reply, as a user would."""
    names = {name for of_split in asked.values() for problem in of_split for name in problem.item.parts}
    return Scorer({name: pool[name].program.source for name in names}, box, strict=False)


def measured(
    answerer: Answerer, asked: Mapping[str, Sequence[Problem]], scorer: Scorer, config: Config, told: Told
) -> Evaluation:
    """One evaluation of all splits."""
    one: Evaluation | None = None
    for split, of_split in asked.items():
        result = evaluate(answerer, of_split, scorer, config.eval.k, config.seed, partial(told, split), split)
        one = one | result if one else result
    assert one is not None, "there is at least one split"
    return one


def keep(run: Run, name: str, evaluation: Evaluation) -> Path:
    """Write an evaluation into the run's folder."""
    file = run.folder / "evaluations" / f"{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(evaluation.asdict(), indent=1) + "\n", encoding="utf-8")
    return file


def kept(run: Run, name: str) -> Evaluation | None:
    """The evaluation of that name, if there is one. Raises ``TrainError``."""
    file = run.folder / "evaluations" / f"{name}.json"
    if not file.exists():
        return None
    try:
        return Evaluation.from_json(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise TrainError(f"{file}: cannot be read ({error}); delete it and evaluate again") from None


def changes(run: Run) -> list[Change]:
    """What became of the model, by split; nothing until it was measured both times."""
    before, after = kept(run, BEFORE), kept(run, AFTER)
    return compare(before, after) if before and after else []


@dataclass
class Rescored:
    """What scoring the rollouts of a run anew came to."""

    replies: int = 0
    changed: int = 0
    """Whose score is another one now."""
    unscored: int = 0
    gone: int = 0
    """Of problems that read otherwise now, or of environments that are gone; not scored."""
    environments: dict[str, dict[str, float]] = field(default_factory=dict)
    """With a change: by term the replies, how many changed, the mean reward then and now."""

    def asdict(self) -> dict[str, Any]:
        return asdict(self)


def rescore(run: Run, pool: Pool, box: Sandbox, told: Callable[[int], None]) -> Rescored:
    """Score stored rollouts with the pool's verifiers as they are now; nothing is written. Raises ``TrainError``."""
    known = {item.term: item for kept in tasks.thaw(run.splits).items.values() for item in kept}
    known = {term: item for term, item in known.items() if all(part in pool for part in item.parts)}
    behind, out = Tasks(pool, known.values(), box), Rescored()
    scorer = Scorer(behind.sources, box)
    pairs: dict[str, list[tuple[float | None, float | None]]] = defaultdict(list)
    for step, rollouts in Rollouts(run.folder).read():
        still, posed = _posed(rollouts, known, behind)
        scores = scorer.score(posed, [rollout.reply for rollout in still])
        out.gone += len(rollouts) - len(still)
        for rollout, score in zip(still, scores, strict=True):
            pairs[rollout.term].append((rollout.score, score.value))
        told(step)
    scorer.close()
    behind.close()
    for term, both in sorted(pairs.items()):
        _count(out, term, both)
    return out


def _posed(
    rollouts: Sequence[Rollout], known: Mapping[str, tasks.Item], behind: Tasks
) -> tuple[list[Rollout], list[Problem]]:
    """The rollouts whose problems read as they did, and those problems."""
    able = [rollout for rollout in rollouts if rollout.term in known]
    posed = behind.pose([(known[rollout.term], rollout.seed, rollout.difficulty) for rollout in able])
    same = [(r, p) for r, p in zip(able, posed, strict=True) if p and p.prompt == r.prompt]
    return [rollout for rollout, _ in same], [problem for _, problem in same]


def _count(out: Rescored, term: str, both: Sequence[tuple[float | None, float | None]]) -> None:
    changed = sum(
        (then is None) != (now is None) or (then is not None and now is not None and abs(then - now) > TOLERANCE)
        for then, now in both
    )
    out.replies += len(both)
    out.changed += changed
    out.unscored += sum(now is None for _, now in both)
    if changed:
        then, now = ([score for score in scores if score is not None] for scores in zip(*both, strict=True))
        out.environments[term] = {
            "replies": len(both),
            "changed": changed,
            "then": round(sum(then) / max(1, len(then)), 4),
            "now": round(sum(now) / max(1, len(now)), 4),
        }
