"""The command line: its table of contents. What a command does stands in ``commands/``, a file for each job.

    brickyard grow      seeds -> environments, judged and admitted to a pool
    brickyard audit     judge environment files, anybody's
    brickyard compose   environments -> composites of them
    brickyard train     a model learns what the pool asks
    brickyard eval      how good a model is at it, and with what certainty
    brickyard rescore   stored replies, scored again
    brickyard report    a pool, or a run, as a page to look at
    brickyard export    a run's held-out problems, for inspect-ai
    brickyard lab       what composites teach, and what a wrong verifier costs
    brickyard run       from seeds to a report, one stage after another
    brickyard pool      look at a pool, and play what is in it
    brickyard doctor    what works on this machine

Nothing heavy is imported before a command needs it. Expected trouble ends in one line and exit code 1.
"""

import typer

from commands import auditing, growing, pool, reporting, running, training

app = typer.Typer(help=__doc__.split("\n")[0], no_args_is_help=True, add_completion=False)
pools = typer.Typer(help="Look at a pool, and play what is in it.", no_args_is_help=True)
app.add_typer(pools, name="pool")

app.command()(growing.grow)
app.command()(auditing.audit)
app.command()(growing.compose)
app.command()(training.train)
app.command("eval")(training.eval_)
app.command()(training.rescore)
app.command()(reporting.report)
app.command()(training.lab)
app.command()(training.export)
app.command("run")(running.run_)
app.command()(auditing.doctor)

pools.command("list")(pool.list_)
pools.command()(pool.show)
pools.command()(pool.play)
pools.command()(pool.stats)
pools.command()(pool.graph)


def main() -> None:
    app()


if __name__ == "__main__":
    main()
