"""What the commands share: their options' types, a pool that has something in it, trouble in one line.

No command is here, and nothing heavy: a command imports what it needs when it is called.
"""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

SEEDS = Path(__file__).parent.parent / "seeds"
POOL = Path("generated_envs")
RUN = Path("runs/demo")


class Source(StrEnum):
    """Where completions come from."""

    recorded = "recorded"
    openai = "openai"
    vllm = "vllm"


PoolFolder = Annotated[Path, typer.Option("--pool", help="The pool's folder.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for a machine to read.")]
Allow = Annotated[
    list[str] | None,
    typer.Option("--allow-missing", help="A sandbox layer that this machine lacks and that you do without."),
]
RunFolder = Annotated[Path, typer.Option("--run-dir", help="The run's folder.")]
Composed = Annotated[Path | None, typer.Option(help="A file of composites; the pool's own when not given.")]
Preset = Annotated[str, typer.Option(help="demo, races, resyn, h200-tiny or multi-gpu; see rl/presets.py.")]
ConfigFile = Annotated[Path | None, typer.Option("--config", help="A TOML file over the preset.")]
Track = Annotated[str, typer.Option(help="none, tensorboard, trackio or wandb.")]


def pool_in(folder: Path) -> Any:
    """The pool in ``folder``, which has something in it; what is not used is said."""
    import face
    from synth.pool import Pool, PoolError

    pool = Pool(folder)
    for problem in pool.problems:
        face.note(problem)
    if not len(pool):
        raise PoolError(f"{folder} holds no environments; grow some with `brickyard grow`, or name another with --pool")
    return pool


def composites_of(pool: Any, file: Path | None) -> list[dict[str, Any]]:
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


def config_of(preset: str, file: Path | None, model: str | None) -> Any:
    """The preset, with what the file says, and the model that the command line names."""
    from dataclasses import replace

    from rl.config import read
    from rl.presets import preset as of_name

    told = of_name(preset) if file is None else read(file, of_name(preset))
    return told if model is None else replace(told, model=model)


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
        end(str(stopped), INTERRUPTED)
    except (CompleterError, LedgerError, LiveError, PoolError, SandboxError, SeedError, TermError, TrainError) as error:
        end(str(error), 1)
    except KeyboardInterrupt:
        end("interrupted; what was finished is kept, run it again to go on (train: with --resume)", INTERRUPTED)
    except BrokenPipeError:  # the reader of our output has gone, as `| head` does
        sys.stderr.close()
        raise typer.Exit(0) from None
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        end(f"{error.filename or 'a file'}: {error.strerror}; make room and run it again: what was finished is kept", 1)


def end(message: str, code: int) -> NoReturn:
    import face

    face.fail(message)
    raise typer.Exit(code)
