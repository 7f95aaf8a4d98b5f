"""The command that runs all the others: from seeds to a report."""

from commands.auditing import audit
from commands.growing import compose, grow
from commands.options import (
    POOL,
    RUN,
    Allow,
    ConfigFile,
    PoolFolder,
    Preset,
    RunFolder,
    Source,
    Track,
    config_of,
    plainly,
    pool_in,
)
from commands.reporting import report
from commands.training import eval_, train


def run_(
    preset: Preset = "demo",
    config: ConfigFile = None,
    pool: PoolFolder = POOL,
    run: RunFolder = RUN,
    track: Track = "none",
    allow_missing: Allow = None,
) -> None:
    """Grow, audit, compose, train, evaluate and report. Run it again, and it goes on where it stopped."""
    import face
    from rl import measure
    from rl.train import Run, check

    with plainly():
        told, home, composites = config_of(preset, config, None), Run(run), run / "composites.jsonl"
        check(told, track)
        face.stage("grow", "environments from completions, judged and admitted")
        grow(
            pool=pool, completer=Source(told.grow.completer), model=told.grow.model or None,
            base_url=told.grow.base_url or None, tasks=told.grow.tasks or None, turns=told.grow.turns,
            allow_missing=allow_missing,
        )  # fmt: skip
        trained_on = pool_in(pool).only(told.tasks.environments or [entry.name for entry in pool_in(pool)])
        face.stage("audit", f"the {len(trained_on)} environments that are trained on, judged once more")
        files = [str(pool / entry.family / f"{entry.name}.py") for entry in trained_on]
        audit(what=files, pool=pool, allow_missing=allow_missing)
        face.stage("compose", "composites of these environments")
        compose(
            pool=pool, n=told.compose.n, operators=told.compose.operators, sizes=told.compose.sizes,
            depth=told.compose.depth, seed=told.seed, environments=",".join(entry.name for entry in trained_on),
            to=composites, allow_missing=allow_missing,
        )  # fmt: skip
        face.stage("train", "a model learns from verified rewards")
        train(
            pool=pool, composites=composites, preset=preset, config=config, run=run, resume=home.trained, track=track,
            allow_missing=allow_missing,
        )  # fmt: skip
        face.stage("eval", "before and after, on problems that were held out")
        for name, model in ((measure.BEFORE, home.start(told.model)), (measure.AFTER, str(home.model))):
            if not measure.kept(home, name):
                k = ",".join(map(str, told.eval.k))
                eval_(
                    model=model, k=k, run=run, keep=name, pool=pool, composites=composites, allow_missing=allow_missing
                )
        face.stage("report", "what became of it")
        report(run=run)
        report(pool=pool, run=run, out=run / "pool.html", allow_missing=allow_missing)
        face.changed(measure.changes(home))
