"""Replies kept as files that people review: `Recorded` replays them, `Recording` keeps what another completer says.

Not a cache: a reply is found by its task and turn alone, so that a reworded prompt orphans none. A reply is bytes,
to version control too: `.gitattributes` says `-text` for these files.
"""

import os
import re
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from synth.complete import Completer, CompleterError, Completion, Request, Unanswered

COUNTS = ("turn", "prompt_tokens", "completion_tokens")


@dataclass(frozen=True)
class Transcript:
    """One recorded reply: `key: value` lines between two lines `---`, then the reply to its last byte, whatever
    it contains. `bytes(transcript)` writes it, `Transcript.parse` is the inverse.
    """

    task: str
    turn: int
    model: str
    recorded: str
    """Date, year first."""
    prompt: str
    """SHA-256 of the conversation that the reply answers."""
    prompt_tokens: int
    completion_tokens: int
    finish: str
    provenance: str
    """Where the reply comes from, in a sentence."""
    reply: str = field(repr=False)

    def __bytes__(self) -> bytes:
        head = "".join(f"{key}: {' '.join(str(getattr(self, key)).split())}\n" for key in KEYS)
        return f"---\n{head}---\n{self.reply}".encode()

    @classmethod
    def parse(cls, content: bytes, path: Path) -> "Transcript":
        """Raises CompleterError naming the file and the line."""
        try:
            text = content.decode()
        except UnicodeDecodeError as error:
            raise _damaged(path, content.count(b"\n", 0, error.start) + 1, "not UTF-8") from None
        if not text.startswith("---\n"):
            raise _damaged(path, 1, "it starts with no line `---`")
        head, found, reply = text[3:].partition("\n---\n")
        lines = head.split("\n")[1:]
        if not found:
            raise _damaged(path, len(lines) + 1, "it ends before the second line `---`")
        told: dict[str, Any] = {}
        for number, line in enumerate(lines, start=2):
            key, colon, value = line.partition(":")
            if not colon or key in told:
                raise _damaged(path, number, f"{line!r} is not a new `key: value`")
            if key in COUNTS and not re.fullmatch(r" *[0-9]{1,12} *", value):
                raise _damaged(path, number, f"{key} is {value.strip()!r}, not a whole number")
            told[key] = int(value) if key in COUNTS else value.strip()
        if missing := [key for key in KEYS if key not in told]:
            raise _damaged(path, len(lines) + 2, f"the head ends without {', '.join(missing)}")
        return cls(**{key: told[key] for key in KEYS}, reply=reply)

    @classmethod
    def read(cls, path: Path) -> "Transcript":
        """Raises FileNotFoundError, or CompleterError where there is a file that is no transcript."""
        try:
            return cls.parse(path.read_bytes(), path)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise CompleterError(f"recording {path} cannot be read: {error.strerror}") from None


KEYS = tuple(part.name for part in fields(Transcript) if part.name != "reply")


def _damaged(path: Path, line: int, why: str) -> CompleterError:
    return CompleterError(f"damaged recording {path}, line {line}: {why}; mend it or delete it")


class Recorded:
    """Replies from DIRECTORY/TASK.TURN.md."""

    identity = "recorded"

    def __init__(self, directory: str | Path) -> None:
        self._directory = Path(directory)
        if not self._directory.is_dir():
            raise CompleterError(f"no directory of recordings at {directory}: give the one that holds TASK.TURN.md")

    async def complete(self, request: Request) -> Completion:
        path = self._directory / f"{request.name}.md"
        try:
            kept = Transcript.read(path)
        except FileNotFoundError:
            raise Unanswered(f"{request.name}: no recording at {path}") from None
        if (kept.task, kept.turn) != (request.task, request.turn):
            line = 2 if kept.task != request.task else 3
            raise _damaged(path, line, f"it tells {kept.task}.{kept.turn}, its name {request.name}")
        return Completion(
            text=kept.reply, model=kept.model, finish=kept.finish,
            prompt_tokens=kept.prompt_tokens, completion_tokens=kept.completion_tokens, cost_usd=0.0, seconds=0.0,
        )  # fmt: skip

    async def aclose(self) -> None:
        """Nothing is open."""


class Recording:
    """Another completer, whose every reply is on disk, as a file that `Recorded` replays, before it is handed on.

    It replaces the recording of that task and turn where there is one: version control shows the difference.
    """

    def __init__(self, inner: Completer, directory: str | Path, *, provenance: str) -> None:
        self._inner = inner
        self._directory = Path(directory)
        self._provenance = provenance
        self.identity = inner.identity
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CompleterError(f"cannot record under {directory}: {error.strerror}") from None
        if not os.access(self._directory, os.W_OK):
            raise CompleterError(f"cannot record under {directory}: it is read-only")

    async def complete(self, request: Request) -> Completion:
        completion = await self._inner.complete(request)
        kept = Transcript(
            task=request.task, turn=request.turn, model=completion.model,
            recorded=datetime.now(UTC).date().isoformat(), prompt=request.digest,
            prompt_tokens=completion.prompt_tokens, completion_tokens=completion.completion_tokens,
            finish=completion.finish, provenance=self._provenance, reply=completion.text,
        )  # fmt: skip
        _write(self._directory / f"{request.name}.md", bytes(kept))
        return completion

    async def aclose(self) -> None:
        await self._inner.aclose()


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, also for one who is killed half way."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CompleterError(f"cannot record {path}: {error.strerror}") from None
