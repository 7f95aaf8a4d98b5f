"""A growing run as a command runs it: an event loop, and Ctrl-C.

The first Ctrl-C asks nothing more and lets what is under way be judged and settled; the second leaves at once.
Either way the next run goes on where this one stopped.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress

from synth.complete import Completer, CompleterError
from synth.grow import Bench, Grower, Options, Tally
from synth.ledger import Ledger
from synth.pool import Pool
from synth.tasks import Seeds

INTERRUPTED = 130  # what a shell calls a process that Ctrl-C ended

Drawing = Callable[[Tally], AbstractContextManager[None]]


class StoppedError(CompleterError):
    """Somebody pressed Ctrl-C."""


def grown(
    seeds: Seeds, pool: Pool, ledger: Ledger, completer: Completer, bench: Bench, options: Options, drawing: Drawing
) -> tuple[Tally, CompleterError | None]:
    """Run to the end, or until nothing more can be asked; what was done, and why it stopped short if it did.

    Raises ``SandboxError``, ``PoolError``, ``LedgerError``.
    """
    pool.probe()
    grower = Grower(seeds, pool, ledger, completer, bench, options)

    async def run() -> CompleterError | None:
        _on_interrupt(grower)
        try:
            await grower.run()
        except CompleterError as error:
            return error
        finally:
            await completer.aclose()
        return None

    with drawing(grower.tally):
        error = asyncio.run(run())
    return grower.tally, error


def _on_interrupt(grower: Grower) -> None:
    pressed = 0

    def press() -> None:
        nonlocal pressed
        pressed += 1
        if pressed > 1:
            sys.stderr.write("\nbrickyard: stopped at once; what was finished is kept\n")
            sys.stderr.flush()
            os._exit(INTERRUPTED)
        sys.stderr.write("\nbrickyard: asking nothing more, finishing what is under way; Ctrl-C again stops at once\n")
        grower.stop(StoppedError("interrupted; run the same command again to go on"))

    with suppress(NotImplementedError):  # an event loop without signals, as in a thread of another program
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, press)
