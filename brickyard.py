"""The command line: it wires the stages on one page and holds no logic of its own.

    brickyard grow      seeds -> environments, judged and admitted to a pool
    brickyard audit     judge environment files, anybody's
    brickyard compose   environments -> composites of them
    brickyard train     a model learns what the pool asks
    brickyard eval      how good a model is at it, and with what certainty
    brickyard rescore   stored replies, scored again
    brickyard report    a run as a page to look at
    brickyard export    a run's held-out problems, for inspect-ai
    brickyard lab       what composites teach, and what a wrong verifier costs
    brickyard run       from seeds to a report, one stage after another
    brickyard pool      look at a pool, and play what is in it
    brickyard doctor    what works on this machine

Nothing heavy is imported before a command needs it. Expected trouble ends in one line and exit code 1.
"""

import errno
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, NoReturn

import typer

HERE = Path(__file__).parent

app = typer.Typer(help=__doc__.split("\n")[0], no_args_is_help=True, add_completion=False)
pool_app = typer.Typer(help="Look at a pool, and play what is in it.", no_args_is_help=True)
app.add_typer(pool_app, name="pool")


class By(StrEnum):
    """Who answers in ``pool play``."""

    person = "person"
    reference = "reference"
    guess = "guess"


class Source(StrEnum):
    """Where completions come from."""

    recorded = "recorded"
    openai = "openai"
    vllm = "vllm"


Name = Annotated[str, typer.Argument(help="The environment's name; `brickyard pool list` names all.")]
Answering = Annotated[By, typer.Option(help="Who answers: you, its own right answer, or that of another instance.")]
PoolFolder = Annotated[Path, typer.Option("--pool", help="The pool's folder.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for a machine to read.")]
Allow = Annotated[
    list[str] | None,
    typer.Option("--allow-missing", help="A sandbox layer that this machine lacks and that you do without."),
]
Seed = Annotated[int, typer.Option(help="With the difficulty it names one instance for ever.")]
Difficulty = Annotated[int, typer.Option(min=1, help="1 is easiest; there is no hardest.")]
POOL = Path("generated_envs")
OPERATORS = ("sequential", "parallel", "sort", "select", "branch", "loop")


@app.command()
def grow(
    seeds: Annotated[Path, typer.Option(help="Folder of seed tasks, topics and examples.")] = HERE / "seeds",
    pool: PoolFolder = POOL,
    completer: Annotated[Source, typer.Option(help="Who writes the environments.")] = Source.recorded,
    model: Annotated[str | None, typer.Option(help="Model name, for openai and vllm.")] = None,
    base_url: Annotated[str | None, typer.Option(help="Any OpenAI-compatible endpoint.")] = None,
    tasks: Annotated[int | None, typer.Option(min=1, help="Tasks to work on; beyond the seeds' own, proposed.")] = None,
    turns: Annotated[int, typer.Option(min=1, help="Replies a task gets, repairs included.")] = 3,
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
            tally, error = grown(loaded, into, ledger, answering, judge.bench(), Options(turns, tasks), face.growing)
        if as_json:
            print(json.dumps({"pool": str(into.folder), "environments": len(into), **tally.asdict()}))
        else:
            face.summary(tally, into)
        if error:
            raise error


@app.command()
def audit(
    what: Annotated[list[str], typer.Argument(help="Environment files, folders of them, or terms over the pool.")],
    pool: PoolFolder = POOL,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Files judged at once; the processors when not given.")
    ] = None,
    deep: Annotated[bool, typer.Option("--deep", help="Also measure how far each can be trusted.")] = False,
    second: Annotated[
        str, typer.Option(help="Compare with a second author: recorded, openai, vllm, a file, or a folder of NAME.py.")
    ] = "",
    model: Annotated[str | None, typer.Option(help="The second author's model, for openai and vllm.")] = None,
    base_url: Annotated[str | None, typer.Option(help="Any OpenAI-compatible endpoint.")] = None,
    allow_missing: Allow = None,
    as_json: Json = False,
) -> None:
    """Judge environment files, anybody's, and composites. Exit code 1 if something is found."""
    import face
    from sandbox.admit import Judge, judge_all
    from sandbox.audit.second import Opinion
    from synth.compose.composite import read
    from synth.pool import PoolError

    rejected = 0
    with plainly():
        subjects = [read(one, _filled(pool)) if "(" in one and not Path(one).exists() else Path(one) for one in what]
        for one in subjects:
            if isinstance(one, Path) and not one.exists():
                raise PoolError(f"{one}: there is no such file or folder")
        author = _author(second, model, base_url)
        with Judge.with_sandboxes(frozenset(allow_missing or ())) as judge:
            for row in judge_all(judge, subjects, jobs, author, deep):
                differs = row.get("second", {}).get("opinion") == Opinion.DIFFERS
                rejected += not row["admitted"] or differs or bool(row.get("deep", {}).get("findings"))
                print(json.dumps(row), flush=True) if as_json else face.verdict(row)
    if rejected:
        raise typer.Exit(1)


@pool_app.command("list")
def list_(pool: PoolFolder = POOL, as_json: Json = False) -> None:
    """List the environments of a pool."""
    import face

    with plainly():
        opened = _filled(pool)
        if as_json:
            for entry in opened:
                print(json.dumps(entry.record))
        else:
            face.entries(opened)


@pool_app.command()
def show(
    name: Name, pool: PoolFolder = POOL, seed: Seed = 0, difficulty: Difficulty = 3, allow_missing: Allow = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Print an instance of an environment as the model will read it."""
    import face
    from synth import types

    with plainly():
        with _live(name, pool, allow_missing) as live:
            posed = live.pose(seed, difficulty)
        if as_json:
            row = {"name": name, "seed": seed, "difficulty": difficulty, "prompt": posed.prompt}
            print(json.dumps({**row, "instance": posed.instance, "reference": posed.reference}))
        else:
            face.shown(live.program, posed.prompt, types.as_json(posed.reference))


@pool_app.command()
def play(
    name: Name, pool: PoolFolder = POOL, seed: Seed = 0, difficulty: Difficulty = 3, by: Answering = By.person,
    allow_missing: Allow = None,
) -> None:  # fmt: skip
    """Answer an instance and be scored; or see the reference, or a guess, be scored."""
    import face
    from synth import types

    with plainly(), _live(name, pool, allow_missing) as live:
        posed = live.pose(seed, difficulty)
        face.shown(live.program, posed.prompt, "")
        match by:
            case By.person:
                reply = typer.prompt("your answer", prompt_suffix=": ")
            case By.reference:
                reply = types.as_text(posed.reference)
            case By.guess:
                reply = types.as_text(live.pose(seed + 1, difficulty).reference)
        face.scored(reply, live.score(posed, reply), types.as_json(posed.reference))


@pool_app.command()
def stats(pool: PoolFolder = POOL, as_json: Json = False) -> None:
    """Count a pool's environments by family, by type and by kind, and its composites by operator."""
    import face
    from synth.compose import store
    from synth.pool import statistics

    with plainly():
        opened = _filled(pool)
        facts = {**statistics(opened), "composites": store.statistics(opened)}
        print(json.dumps(facts)) if as_json else face.statistics(facts)


@pool_app.command()
def graph(pool: PoolFolder = POOL, allow_missing: Allow = None, as_json: Json = False) -> None:
    """Say whose answer can be given to which field of which other environment, by type and by running it."""
    import face
    from sandbox import Sandbox
    from sandbox.feeding import LIMITS, Feeding
    from synth.compose import graph as graphs

    with plainly():
        filled = _filled(pool)
        feeding = Feeding(graphs.of(filled), filled)
        with Sandbox(LIMITS, allow_missing=frozenset(allow_missing or ())) as box, face.feeding(feeding.progress):
            ran = feeding.run(box)
        print(json.dumps(ran.asdict())) if as_json else face.graph(ran)


@app.command()
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
        of = _filled(pool)
        of = of.only(name.strip() for name in environments.split(",")) if environments else of
        discovery = Discovery(of, wanted, frozenset(allow_missing or ()), to)
        progress = discovery.progress
        if progress.stale:
            face.note(f"{progress.stale} composites have parts that were edited or are gone; they are not used")
        with face.composing(progress):
            discovery.run()
        print(json.dumps(progress.asdict())) if as_json else face.composed(progress, discovery.store.file)


RunFolder = Annotated[Path, typer.Option("--run-dir", help="The run's folder.")]
Composed = Annotated[Path | None, typer.Option(help="A file of composites; the pool's own when not given.")]
Preset = Annotated[str, typer.Option(help="demo, races, resyn, h200-tiny or multi-gpu; see rl/presets.py.")]
ConfigFile = Annotated[Path | None, typer.Option("--config", help="A TOML file over the preset.")]
Track = Annotated[str, typer.Option(help="none, tensorboard, trackio or wandb.")]
RUN = Path("runs/demo")


@app.command()
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
        told = _config(preset, config, model)
        filled = _filled(pool)
        progress = training.Progress(told.trainer.steps)
        with Sandbox(allow_missing=frozenset(allow_missing or ())) as box, face.training(progress):
            training.train(told, filled, _rows(filled, composites), run, box, progress, resume, track)
        print(json.dumps(progress.asdict())) if as_json else face.trained(progress, run)


@app.command("eval")
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
        told = measure.with_k(home.config() if run else _config(preset, config, None), k)
        filled = _filled(pool)
        rows = _rows(filled, composites)
        asked = measure.problems(split or (), setting(told, filled, rows, home, box), filled, rows)
        with measure.answering(model or str(home.model), base_url, told, tokens) as answerer, face.measuring() as say:
            result = measure.measured(answerer, asked, measure.scorer(asked, filled, box), told, say)
        if keep:
            measure.keep(home, keep, result)
        print(json.dumps(result.asdict())) if as_json else face.evaluated(result)


@app.command()
def rescore(run: RunFolder = RUN, pool: PoolFolder = POOL, allow_missing: Allow = None, as_json: Json = False) -> None:
    """Score a run's stored replies again, with the pool's verifiers as they are now: what changed?"""
    import face
    from rl import measure
    from rl.train import Run
    from sandbox import Sandbox

    with plainly(), Sandbox(allow_missing=frozenset(allow_missing or ())) as box:
        with face.rescoring() as say:
            result = measure.rescore(Run(run), _filled(pool), box, say)
        print(json.dumps(result.asdict())) if as_json else face.rescored(result)


@app.command()
def report(
    run: RunFolder = RUN,
    out: Annotated[Path | None, typer.Option(help="The page; report.html in the run's folder when not given.")] = None,
) -> None:
    """Write a training run as one page, from its folder alone."""
    import face
    from rl import page

    with plainly():
        page.write(run, out or run / "report.html")
        face.written(out or run / "report.html")


@app.command()
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
        wanted, filled = laboratory.sized(size, arms, seeds), _filled(pool)
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


@app.command()
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
        setting = train.setting(train.Run(run).config(), _filled(pool), [], train.Run(run), box)
        problems = {which: setting.frozen.problems(which, setting.tasks) for which in setting.frozen.names}
        face.written(inspect_tasks.export(to, pool, problems))


@app.command("run")
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
        told, home, composites = _config(preset, config, None), Run(run), run / "composites.jsonl"
        check(told, track)
        face.stage("grow", "environments from completions, judged and admitted")
        grow(
            pool=pool, completer=Source(told.grow.completer), model=told.grow.model or None,
            base_url=told.grow.base_url or None, tasks=told.grow.tasks or None, turns=told.grow.turns,
            allow_missing=allow_missing,
        )  # fmt: skip
        trained_on = _filled(pool).only(told.tasks.environments or [entry.name for entry in _filled(pool)])
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
        face.changed(measure.changes(home))


@app.command()
def doctor(
    base_url: Annotated[str | None, typer.Option(help="An endpoint to look at.")] = None, as_json: Json = False
) -> None:
    """Say what works on this machine, one line each, with what to do. Exit code 1 if something needed is missing."""
    import face
    from sandbox.doctor import examine

    rows = examine(base_url)
    if as_json:
        print(json.dumps([{"what": what, "state": state, "words": words} for what, state, words in rows]))
    else:
        face.findings(rows)
    raise typer.Exit(1 if any(state == "missing" for _, state, _ in rows) else 0)


@contextmanager
def _live(name: str, folder: Path, allow_missing: list[str] | None) -> Iterator[Any]:
    """The environment or composite of that name, opened in a sandbox."""
    from sandbox import Sandbox
    from sandbox.live import Live
    from synth.compose.composite import named

    environment = named(name, _filled(folder))
    with Sandbox(allow_missing=frozenset(allow_missing or ())) as box, Live(environment, box) as live:
        yield live


def _author(second: str, model: str | None, base_url: str | None) -> Any:
    """Who gives second opinions; nobody when none is named."""
    from sandbox.audit.second import from_completer, from_files
    from synth.complete import make_completer
    from synth.pool import PoolError

    if not second:
        return None
    if second in list(Source):
        return from_completer(
            make_completer(second, recorded=HERE / "seeds" / "recorded", model=model, base_url=base_url)
        )
    if not Path(second).exists():
        raise PoolError(f"--second {second!r} is no file or folder; or write {', '.join(Source)}")
    return from_files(Path(second))


def _config(preset: str, file: Path | None, model: str | None) -> Any:
    """The preset, with what the file says, and the model that the command line names."""
    from dataclasses import replace

    from rl.config import read
    from rl.presets import preset as of_name

    told = of_name(preset) if file is None else read(file, of_name(preset))
    return told if model is None else replace(told, model=model)


def _rows(pool: Any, file: Path | None) -> list[dict[str, Any]]:
    """The composites of a file, or of the pool."""
    import face
    from synth.compose.store import Composites
    from synth.pool import PoolError

    if file and not file.exists():
        raise PoolError(f"{file}: there is no such file; write one with `brickyard compose --to {file}`")
    store = Composites(pool, file)
    rows = list(store.rows())
    if store.stale:
        face.note(f"{store.stale} composites have parts that were edited or are gone; they are not used")
    return rows


def _filled(folder: Path) -> Any:
    """The pool in ``folder``, which has something in it; what is not used is said."""
    import face
    from synth.pool import Pool, PoolError

    pool = Pool(folder)
    for problem in pool.problems:
        face.note(problem)
    if not len(pool):
        raise PoolError(f"{folder} holds no environments; grow some with `brickyard grow`, or name another with --pool")
    return pool


@contextmanager
def plainly() -> Iterator[None]:
    """Turn expected trouble into one line and an exit code."""
    from rl.errors import TrainError
    from sandbox.live import LiveError
    from sandbox.outcome import SandboxError
    from synth.complete import CompleterError
    from synth.compose.composite import TermError
    from synth.ledger import LedgerError
    from synth.pool import PoolError
    from synth.run import INTERRUPTED, StoppedError
    from synth.tasks import SeedError

    try:
        yield
    except StoppedError as stopped:
        _end(str(stopped), INTERRUPTED)
    except (CompleterError, LedgerError, LiveError, PoolError, SandboxError, SeedError, TermError, TrainError) as error:
        _end(str(error), 1)
    except KeyboardInterrupt:
        _end("interrupted; what was finished is kept, run it again to go on (train: with --resume)", INTERRUPTED)
    except BrokenPipeError:  # the reader of our output has gone, as `| head` does
        sys.stderr.close()
        raise typer.Exit(0) from None
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        _end(
            f"{error.filename or 'a file'}: {error.strerror}; make room and run it again: what was finished is kept", 1
        )


def _end(message: str, code: int) -> NoReturn:
    import face

    face.fail(message)
    raise typer.Exit(code)


def main() -> None:
    app()


if __name__ == "__main__":
    main()
