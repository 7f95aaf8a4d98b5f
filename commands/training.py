"""Commands that train a model on a pool, and measure what it learned."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from commands.options import (
    POOL,
    RUN,
    Allow,
    Composed,
    ConfigFile,
    Json,
    PoolFolder,
    Preset,
    RunFolder,
    Track,
    composites_of,
    config_of,
    plainly,
    pool_in,
)


def train(
    pool: PoolFolder = POOL,
    composites: Composed = None,
    model: Annotated[str | None, typer.Option(help="A folder, a name, or tiny: made from nothing.")] = None,
    preset: Preset = "demo",
    config: ConfigFile = None,
    run: RunFolder = RUN,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in this folder.")] = False,
    track: Track = "none",
    allow_missing: Allow = None,
    as_json: Json = False,
) -> None:
    """Train a model on a pool and its composites, with rewards from the jail. Stop and resume it at will."""
    import face
    from rl import train as training
    from sandbox import Sandbox

    with plainly():
        told = config_of(preset, config, model)
        filled = pool_in(pool)
        progress = training.Progress(told.trainer.steps)
        with Sandbox(allow_missing=frozenset(allow_missing or ())) as box, face.training(progress):
            training.train(told, filled, composites_of(filled, composites), run, box, progress, resume, track)
        print(json.dumps(progress.asdict())) if as_json else face.trained(progress, run)


def eval_(
    model: Annotated[str | None, typer.Option(help="A folder or a name; at an endpoint, its name there.")] = None,
    base_url: Annotated[str | None, typer.Option(help="Any OpenAI-compatible endpoint.")] = None,
    split: Annotated[list[str] | None, typer.Option(help="A split by name, or a file; all when not given.")] = None,
    k: Annotated[str, typer.Option(help="Replies to a problem of which one is to be right; by comma.")] = "1,8",
    run: Annotated[
        Path | None, typer.Option("--run-dir", help="The run whose splits are asked; made anew if not.")
    ] = None,
    keep: Annotated[str, typer.Option(help="Keep the result in the run under this name: before, after.")] = "",
    preset: Preset = "demo",
    config: ConfigFile = None,
    tokens: Annotated[int | None, typer.Option(min=1, help="Of a reply, at most; the preset's when not given.")] = None,
    pool: PoolFolder = POOL,
    composites: Composed = None,
    allow_missing: Allow = None,
    as_json: Json = False,
) -> None:
    """Measure a model on held-out problems: mean@k and pass@k, each with its 95 % interval."""
    import face
    from rl import measure
    from rl.train import Run, setting
    from sandbox import Sandbox

    with plainly(), Sandbox(allow_missing=frozenset(allow_missing or ())) as box, TemporaryDirectory() as empty:
        home = Run(run or Path(empty))
        told = measure.with_k(home.config() if run else config_of(preset, config, None), k)
        filled = pool_in(pool)
        rows = composites_of(filled, composites)
        asked = measure.problems(split or (), setting(told, filled, rows, home, box), filled, rows)
        with measure.answering(model or str(home.model), base_url, told, tokens) as answerer, face.measuring() as say:
            result = measure.measured(answerer, asked, measure.scorer(asked, filled, box), told, say)
        if keep:
            measure.keep(home, keep, result)
        print(json.dumps(result.asdict())) if as_json else face.evaluated(result)


def rescore(run: RunFolder = RUN, pool: PoolFolder = POOL, allow_missing: Allow = None, as_json: Json = False) -> None:
    """Score a run's stored replies again, with the pool's verifiers as they are now: what changed?"""
    import face
    from rl import measure
    from rl.train import Run
    from sandbox import Sandbox

    with plainly(), Sandbox(allow_missing=frozenset(allow_missing or ())) as box:
        with face.rescoring() as say:
            result = measure.rescore(Run(run), pool_in(pool), box, say)
        print(json.dumps(result.asdict())) if as_json else face.rescored(result)


def lab(
    folder: Annotated[Path, typer.Option(help="Where its runs and results are.")] = Path("runs/lab"),
    size: Annotated[str, typer.Option(help="smallest, for a processor; h200-tiny, for one large GPU.")] = "smallest",
    arms: Annotated[str, typer.Option(help="Only these, by comma; see rl/lab.py.")] = "",
    seeds: Annotated[int | None, typer.Option(min=1, help="Times that each arm is trained.")] = None,
    minutes: Annotated[float, typer.Option(min=0, help="Begin nothing that would take longer than this in all.")] = 9,
    pool: PoolFolder = POOL,
    allow_missing: Allow = None,
    as_json: Json = False,
) -> None:
    """What do composites teach, and what does a wrong verifier cost? In pieces; run it again and it goes on."""
    import face
    from rl import lab as laboratory
    from sandbox import Sandbox

    with plainly(), Sandbox(allow_missing=frozenset(allow_missing or ())) as box:
        wanted, filled = laboratory.sized(size, arms, seeds), pool_in(pool)
        rows, few = laboratory.compose(wanted, filled, folder, frozenset(allow_missing or ()))
        plan = laboratory.plan(wanted, filled, rows, few)
        for arm, why in plan.left_out.items():
            face.note(f"{arm} is left out: {why}")
        progress = laboratory.Progress()
        with face.experimenting(progress):
            done = laboratory.run(plan, folder, box, 60 * minutes, progress)
        print(json.dumps(laboratory.results(folder))) if as_json else face.tabled(laboratory.markdown(folder))
        if not done:
            face.note(f"{progress.done} of {progress.runs} runs are done; run the same command again to go on")


def export(
    to: Annotated[Path, typer.Argument(help="A folder for the task file.")],
    run: RunFolder = RUN,
    pool: PoolFolder = POOL,
    allow_missing: Allow = None,
) -> None:
    """Write a run's held-out splits as tasks of inspect-ai, scored in the jail."""
    import face
    from rl import inspect_tasks, train
    from sandbox import Sandbox

    with plainly(), Sandbox(allow_missing=frozenset(allow_missing or ())) as box:
        setting = train.setting(train.Run(run).config(), pool_in(pool), [], train.Run(run), box)
        problems = {which: setting.frozen.problems(which, setting.tasks) for which in setting.frozen.names}
        face.written(inspect_tasks.export(to, pool, problems))
