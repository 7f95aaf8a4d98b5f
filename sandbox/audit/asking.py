"""A completer that many threads may ask: all that a subject's audit asks a model goes through one event loop.

Connections, batches and budgets belong to the loop that they were made on, so there is one, in a thread of its own.
Not here: what is asked, and what a reply means.
"""

import asyncio
import hashlib
import re
import threading
from collections.abc import Sequence
from typing import Self

from synth.complete import NAME, Completer, Completion, Request, Unanswered

LONGEST = 180  # characters of a task's name; a request's may have 200


class Line:
    """``completer`` for threads; closing it closes the completer."""

    def __init__(self, completer: Completer) -> None:
        self.identity = completer.identity
        self._completer = completer
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def ask(self, requests: Sequence[Request]) -> list[Completion | Unanswered]:
        """The replies in order, all asked at once; what has no answer says why. Raises ``CompleterError``."""
        if self._loop.is_closed():
            raise RuntimeError("this line to a model is closed; open another")
        return asyncio.run_coroutine_threadsafe(self._ask(requests), self._loop).result()

    async def _ask(self, requests: Sequence[Request]) -> list[Completion | Unanswered]:
        tasks = [asyncio.create_task(self._one(request)) for request in requests]
        try:
            return await asyncio.gather(*tasks)
        finally:
            for task in tasks:  # of the rest, when nothing more can be asked
                task.cancel()

    async def _one(self, request: Request) -> Completion | Unanswered:
        try:
            return await self._completer.complete(request)
        except Unanswered as nothing:
            return nothing

    def close(self) -> None:
        """Give back what the completer holds; again is harmless."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._completer.aclose(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def task(name: str, role: str) -> str:
    """The task under which ``role`` is asked about an environment: ``NAME.role``, or as near as a file's name may be.

    >>> task("longest_run", "solve")
    'longest_run.solve'
    >>> task("loop(rotate:xs)", "solve")
    'loop-rotate-xs-fcb0833e.solve'
    """
    if NAME.fullmatch(name) and len(name) <= LONGEST:
        return f"{name}.{role}"
    plain = re.sub(r"[^A-Za-z0-9_]+", "-", name).strip("-")[: LONGEST // 2]
    return f"{plain or 'x'}-{hashlib.sha256(name.encode()).hexdigest()[:8]}.{role}"
