"""Commands that make environments: grow, compose."""

import json
from pathlib import Path
from typing import Annotated

import typer

from commands.options import POOL, SEEDS, Allow, Json, PoolFolder, Source, plainly, pool_in

OPERATORS = ("sequential", "parallel", "sort", "select", "branch", "loop")


def grow(
    seeds: Annotated[Path, typer.Option(help="Folder of seed tasks, topics and examples.")] = SEEDS,
    pool: PoolFolder = POOL,
    completer: Annotated[Source, typer.Option(help="Who writes the environments.")] = Source.recorded,
    model: Annotated[str | None, typer.Option(help="Model name, for openai and vllm.")] = None,
    base_url: Annotated[str | None, typer.Option(help="Any OpenAI-compatible endpoint.")] = None,
    tasks: Annotated[int | None, typer.Option(min=1, help="Tasks to work on; beyond the seeds' own, proposed.")] = None,
    turns: Annotated[int, typer.Option(min=1, help="Replies a task gets, repairs included.")] = 3,
    second: Annotated[
        bool, typer.Option("--second", help="A second author solves each; where they differ, an arbiter rules.")
    ] = False,
    concurrency: Annotated[int, typer.Option(min=1, help="Completions under way at once.")] = 16,
    budget_usd: Annotated[float | None, typer.Option(min=0, help="Never spend more; needs --prices.")] = None,
    prices: Annotated[str | None, typer.Option(help="USD per million tokens, PROMPT,COMPLETION.")] = None,
    record: Annotated[Path | None, typer.Option(help="Also record every completion in this folder.")] = None,
    provenance: Annotated[str, typer.Option(help="With --record: a sentence on who answered.")] = "",
    allow_missing: Allow = None,
    as_json: Json = False,
) -> None:
    """Grow a pool: ask for an environment for each task, judge it, have it repaired, admit it."""
    import face
    from sandbox.admit import Judge
    from synth import tasks as seed_files
    from synth.complete import make_completer
    from synth.grow import Options
    from synth.ledger import Ledger
    from synth.pool import Pool
    from synth.run import grown

    with plainly():
        loaded = seed_files.load(seeds)
        answering = make_completer(
            completer,
            recorded=loaded.recorded,
            model=model,
            base_url=base_url,
            concurrency=concurrency,
            budget_usd=budget_usd,
            prices=prices,
            record=record,
            provenance=provenance,
        )
        into = Pool(pool)
        with Ledger(into.folder) as ledger, Judge.with_sandboxes(frozenset(allow_missing or ())) as judge:
            for problem in into.problems:
                face.note(problem)
            tally, error = grown(
                loaded, into, ledger, answering, judge.bench(), Options(turns, tasks, second), face.growing
            )
        if as_json:
            print(json.dumps({"pool": str(into.folder), "environments": len(into), **tally.asdict()}))
        else:
            face.summary(tally, into)
        if error:
            raise error


def compose(
    pool: PoolFolder = POOL,
    n: Annotated[int, typer.Option("--n", min=1, help="Composites that the pool should have.")] = 10_000,
    operators: Annotated[str, typer.Option(help="Which operators, by comma.")] = ",".join(OPERATORS),
    sizes: Annotated[str, typer.Option(help="Smallest and largest size.")] = "2-12",
    depth: Annotated[int, typer.Option(min=1, max=12, help="Operators in one another, at most.")] = 3,
    seed: Annotated[int, typer.Option(help="The same seed finds the same composites.")] = 0,
    environments: Annotated[str, typer.Option(help="Only these, by comma; the whole pool when not given.")] = "",
    to: Annotated[Path | None, typer.Option(help="A file of their own; the pool's composites.jsonl if not.")] = None,
    allow_missing: Allow = None,
    as_json: Json = False,
) -> None:
    """Fuse the environments of a pool into new ones, judged by the same laws and kept as terms."""
    import face
    from sandbox.discover import Discovery, Wanted

    with plainly():
        wanted = Wanted.of(n, operators, sizes, depth, seed)
        of = pool_in(pool)
        of = of.only(name.strip() for name in environments.split(",")) if environments else of
        discovery = Discovery(of, wanted, frozenset(allow_missing or ()), to)
        progress = discovery.progress
        if progress.stale:
            face.note(f"{progress.stale} composites have parts that were edited or are gone; they are not used")
        with face.composing(progress):
            discovery.run()
        print(json.dumps(progress.asdict())) if as_json else face.composed(progress, discovery.store.file)
