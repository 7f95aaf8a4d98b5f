"""What a sandbox for foreign code imports before its layers go on, and the files that this code asks for later.

Runs in the zygote (``zygote.py``), of which every worker is a fork. A worker has no files: what was read while this
ran is kept in memory, and read again from there. It is the one place where foreign code runs outside of the wall: as
its authors wrote it, before any answer of a model or any argument reaches it.
"""

import builtins
import importlib
import io
import os
import sys
from collections.abc import Sequence
from typing import IO, Any

LACKED: list[str] = []
"""Modules and files that were asked for when it was too late, so that a failure can be told from the code's own."""

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
"""A process of several threads can neither enter a user namespace nor be forked safely."""


def preload(names: Sequence[str]) -> None:
    """Import each of ``MODULE`` or ``MODULE:FUNCTION``, and call the function, which reads what is to be kept.

    Raises whatever the foreign code raises.
    """
    os.environ.update(dict.fromkeys(THREADS, "1"))
    builtins.open = io.open = _Files(io.open)  # type: ignore[assignment]
    for name in names:
        module, _, function = name.partition(":")
        loaded = importlib.import_module(module)
        if function:
            getattr(loaded, function)()
    LACKED.clear()
    sys.meta_path.append(_Late())


class _Late:
    """The last finder of modules: it has none, and notes who came too late."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        LACKED.append(name)


class _Files:
    """``open`` that reads each file once, and ever after from memory; what is written is not kept."""

    def __init__(self, native: Any) -> None:
        self.native = native
        self.kept: dict[str, bytes] = {}

    def __call__(self, file: Any, mode: str = "r", *rest: Any, **how: Any) -> IO[Any]:
        if isinstance(file, int) or {*mode} & {*"wax+"}:
            return self.native(file, mode, *rest, **how)  # type: ignore[no-any-return]
        name = os.fsdecode(file)
        if name not in self.kept:
            LACKED.append(name)
            with self.native(name, "rb") as stream:
                self.kept[name] = stream.read()
        content = io.BytesIO(self.kept[name])
        return content if "b" in mode else _text(content, *rest, **how)


def _text(content: io.BytesIO, buffering: int = -1, encoding: str = "utf-8", *rest: Any, **how: Any) -> IO[Any]:
    return io.TextIOWrapper(content, encoding, *rest, **{name: how[name] for name in how if name != "closefd"})
