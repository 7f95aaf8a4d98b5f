"""Commands that look at a pool, and play what is in it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.options import POOL, Allow, Json, PoolFolder, plainly, pool_in


class By(StrEnum):
    """Who answers in ``pool play``."""

    person = "person"
    reference = "reference"
    guess = "guess"


Name = Annotated[str, typer.Argument(help="The environment's name; `brickyard pool list` names all.")]
Answering = Annotated[By, typer.Option(help="Who answers: you, its own right answer, or that of another instance.")]
Seed = Annotated[int, typer.Option(help="With the difficulty it names one instance for ever.")]
Difficulty = Annotated[int, typer.Option(min=1, help="1 is easiest; there is no hardest.")]


def list_(pool: PoolFolder = POOL, as_json: Json = False) -> None:
    """List the environments of a pool."""
    import face

    with plainly():
        opened = pool_in(pool)
        if as_json:
            for entry in opened:
                print(json.dumps(entry.record))
        else:
            face.entries(opened)


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


def stats(pool: PoolFolder = POOL, as_json: Json = False) -> None:
    """Count a pool's environments by family, by type and by kind, and its composites by operator."""
    import face
    from synth.compose import store
    from synth.pool import statistics

    with plainly():
        opened = pool_in(pool)
        facts = {**statistics(opened), "composites": store.statistics(opened)}
        print(json.dumps(facts)) if as_json else face.statistics(facts)


def graph(pool: PoolFolder = POOL, allow_missing: Allow = None, as_json: Json = False) -> None:
    """Say whose answer can be given to which field of which other environment, by type and by running it."""
    import face
    from sandbox import Sandbox
    from sandbox.feeding import LIMITS, Feeding
    from synth.compose import graph as graphs

    with plainly():
        filled = pool_in(pool)
        feeding = Feeding(graphs.of(filled), filled)
        with Sandbox(LIMITS, allow_missing=frozenset(allow_missing or ())) as box, face.feeding(feeding.progress):
            ran = feeding.run(box)
        print(json.dumps(ran.asdict())) if as_json else face.graph(ran)


@contextmanager
def _live(name: str, folder: Path, allow_missing: list[str] | None) -> Iterator[Any]:
    """The environment or composite of that name, opened in a sandbox."""
    from sandbox import Sandbox
    from sandbox.live import Live
    from synth.compose.composite import named

    environment = named(name, pool_in(folder))
    with Sandbox(allow_missing=frozenset(allow_missing or ())) as box, Live(environment, box) as live:
        yield live
