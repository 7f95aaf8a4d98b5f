"""The command that writes a page to look at: a pool, or a training run."""

from pathlib import Path
from typing import Annotated

import typer

from commands.options import POOL, SEEDS, Allow, plainly, pool_in


def report(
    pool: Annotated[Path | None, typer.Option(help="The pool; generated_envs when no run is named either.")] = None,
    run: Annotated[Path | None, typer.Option("--run-dir", help="A run: its own page, or with --pool a part.")] = None,
    out: Annotated[Path | None, typer.Option(help="The page; report.html, in the folder of a run.")] = None,
    allow_missing: Allow = None,
) -> None:
    """Write a pool, or a training run, as one self-contained page."""
    import face
    from report import pool as pools
    from report import run as runs
    from sandbox import Sandbox
    from synth import tasks

    with plainly():
        if run and not pool:
            to = out or run / "report.html"
            runs.write(run, to)
        else:
            to = out or Path("report.html")
            families = {task.name: task.family for task in tasks.load(SEEDS).tasks}
            with Sandbox(allow_missing=frozenset(allow_missing or ())) as box:
                pools.write(pool_in(pool or POOL), to, box, run, families)
        face.written(to)
