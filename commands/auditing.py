"""Commands that look for what is wrong: audit, and what works on this machine."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.options import POOL, SEEDS, Allow, Json, PoolFolder, Source, plainly, pool_in


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
        subjects = [read(one, pool_in(pool)) if "(" in one and not Path(one).exists() else Path(one) for one in what]
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


def _author(second: str, model: str | None, base_url: str | None) -> Any:
    """Who gives second opinions; nobody when none is named."""
    from sandbox.audit.second import from_completer, from_files
    from synth.complete import make_completer
    from synth.pool import PoolError

    if not second:
        return None
    if second in list(Source):
        return from_completer(make_completer(second, recorded=SEEDS / "recorded", model=model, base_url=base_url))
    if not Path(second).exists():
        raise PoolError(f"--second {second!r} is no file or folder; or write {', '.join(Source)}")
    return from_files(Path(second))
