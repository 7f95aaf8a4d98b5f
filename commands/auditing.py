"""Commands that look for what is wrong: audit, and what works on this machine."""

import json
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.options import POOL, SEEDS, Allow, Json, PoolFolder, Source, plainly, pool_in

BY = "recorded, openai or vllm"
GYM = "reasoning_gym:"


def audit(
    what: Annotated[
        list[str] | None,
        typer.Argument(help="Files, folders, terms over the pool, reasoning_gym:NAME or :all; the pool if not given."),
    ] = None,
    pool: PoolFolder = POOL,
    composites: Annotated[int, typer.Option(min=0, help="Of the pool: so many of its composites as well.")] = 0,
    quarantine: Annotated[bool, typer.Option("--quarantine", help="Of the pool: take out what falls.")] = False,
    deep: Annotated[bool, typer.Option("--deep", help="Also measure how far each can be trusted.")] = False,
    trials: Annotated[int | None, typer.Option(min=1, help="Wrong answers that --deep attacks with, about.")] = None,
    second: Annotated[str, typer.Option(help=f"A second author: {BY}, a file, or a folder of NAME.py.")] = "",
    reader: Annotated[str, typer.Option(help=f"Who reads statement and code, for notes: {BY}.")] = "",
    solver: Annotated[str, typer.Option(help=f"Whose solve rate over difficulty is measured: {BY}.")] = "",
    model: Annotated[str | None, typer.Option(help="The model of these, for openai and vllm.")] = None,
    base_url: Annotated[str | None, typer.Option(help="Any OpenAI-compatible endpoint.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Judged at once; the processors when not given.")] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON schema of a row, and end.")] = False,
    allow_missing: Allow = None,
    as_json: Json = False,
) -> None:
    """Judge environments, anybody's, and measure how far each can be trusted. Exit code 1 if something is found."""
    import face
    from sandbox.admit import Judge
    from sandbox.audit.run import SCHEMA, Tally, named, rows
    from sandbox.audit.stock import Stock, Wish

    if schema:
        print(SCHEMA.read_text(), end="")
        return
    tally, allowed = Tally(), frozenset(allow_missing or ())
    asked = {"second": second, "reader": reader, "solver": solver, "model": model}

    def found() -> Generator[dict[str, Any]]:
        if what and all(one.startswith(GYM) for one in what):
            yield from _foreign(what, tally, allowed, jobs)
            return
        files = [_subject(one, pool) for one in what or []]
        judge = stack.enter_context(Judge.with_sandboxes(allowed))
        looks = _looks(stack, deep, trials, asked, base_url)
        if not what:
            wish = Wish(looks, {**asked, "deep": looks.trials if deep else 0}, composites, quarantine)
            yield from Stock(pool_in(pool), wish, judge, tally).rows(jobs)
            return
        tally.total = len(chosen := named(files))
        for row in rows(judge, chosen, looks, jobs):
            tally.count(row)
            yield row

    with plainly(), ExitStack() as stack, face.auditing(tally), closing(found()) as told:
        for row in told:
            print(json.dumps(row), flush=True) if as_json else face.verdict(row)
    if not as_json:
        face.audited(tally)
    if tally.fallen:
        raise typer.Exit(1)


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


def _subject(one: str, pool: Path) -> Any:
    """The file, folder or composite that a word names."""
    from synth.compose.composite import read
    from synth.pool import PoolError

    if one.startswith(GYM):
        raise PoolError(f"{one}: audit datasets of reasoning-gym in a command of their own")
    if "(" in one and not Path(one).exists():
        return read(one, pool_in(pool))
    if not Path(one).exists():
        raise PoolError(f"{one}: there is no such file or folder")
    return Path(one)


def _foreign(what: list[str], tally: Any, allowed: frozenset[str], jobs: int | None) -> Iterator[dict[str, Any]]:
    """Rows of datasets of another gym."""
    from sandbox.foreign.audit import audit_foreign

    for row in audit_foreign([one.removeprefix(GYM) for one in what], allowed, jobs):
        tally.count(row)
        yield row


def _looks(stack: ExitStack, deep: bool, trials: int | None, asked: dict[str, Any], base_url: str | None) -> Any:
    """What to look at, with a line to each model that is asked."""
    from sandbox.audit.asking import Line
    from sandbox.audit.attack import TRIALS
    from sandbox.audit.reader import from_line
    from sandbox.audit.run import Looks
    from sandbox.audit.second import from_files, of_model
    from synth.complete import make_completer
    from synth.pool import PoolError

    def line(option: str) -> Any:
        by = asked[option]
        if not by:
            return None
        if by not in list(Source):
            other = ", or an existing file or folder" if option == "second" else ""
            raise PoolError(f"--{option} {by!r}: write {BY}{other}")
        completer = make_completer(by, recorded=SEEDS / "recorded", model=asked["model"], base_url=base_url)
        return stack.enter_context(Line(completer))

    second = asked["second"]
    author = from_files(Path(second)) if second and Path(second).exists() else (one := line("second")) and of_model(one)
    reads = line("reader")
    return Looks(deep, trials or TRIALS, author, reads and from_line(reads), line("solver"))
