"""The ledger of a pool: every completion asked for and every verdict reached, in SQLite.

A run resumes by running again: what was asked is answered from here, what was judged is remembered. Not the
pool: an environment is admitted when its files are there, and the ledger can be lost without losing any.
"""

import fcntl
import hashlib
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any, TypeVar

from synth.complete import Completion, Request
from synth.verdict import Certificate, Finding, Trials, Verdict

NAME = "ledger.sqlite3"

T = TypeVar("T")

SCHEMA = """
create table if not exists calls (
    key text primary key,           -- completer, task, turn and messages: one question, asked once
    completer text, task text, turn integer, prompt text,
    answer text,                    -- the Completion as JSON
    at text);
create table if not exists verdicts (
    judge text, digest text,        -- which laws judged which source
    verdict text, at text,
    primary key (judge, digest));
create table if not exists attempts (
    completer text, task text, turn integer,
    digest text,                    -- of the source; empty where the reply held none
    law text, evidence text, at text,
    primary key (completer, task, turn));
create table if not exists outcomes (
    completer text, task text,
    status text, turn integer, law text, evidence text, at text,
    primary key (completer, task));
"""


class LedgerError(Exception):
    """The ledger cannot be read or written; the message says what to do."""


@dataclass(frozen=True)
class Noted:
    """An attempt at a task: the law that it broke, or none."""

    completer: str
    task: str
    turn: int
    law: str
    evidence: str


@dataclass(frozen=True)
class Settled:
    """How a task ended: its status, and the law that the last attempt broke."""

    completer: str
    task: str
    status: str
    turn: int
    law: str
    evidence: str


@dataclass(frozen=True)
class History:
    """How a pool grew, as its ledger has it; rows by completer, task and turn."""

    completions: int
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float
    attempts: Sequence[Noted]
    outcomes: Sequence[Settled]


def history(folder: Path) -> History | None:
    """What the ledger of the pool in ``folder`` tells; None when there is none. Takes no lock and writes nothing.

    Raises ``LedgerError``.
    """
    path = folder / NAME
    if not path.exists():
        return None
    alone = "" if path.with_name(f"{NAME}-wal").exists() else "&immutable=1"  # so that a read-only folder will do
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro{alone}", uri=True)) as db:
            spent = [f"total(json_extract(answer, '$.{name}'))" for name in ("prompt_tokens", "completion_tokens")]
            summed = f"select count(*), {', '.join(spent)}, total(json_extract(answer, '$.cost_usd')) from calls"
            completions, prompt, completion, cost = db.execute(summed).fetchone()
            noted = db.execute("select completer, task, turn, law, evidence from attempts order by 1, 2, 3").fetchall()
            settled = "select completer, task, status, turn, law, evidence from outcomes order by 1, 2"
            outcomes = db.execute(settled).fetchall()
    except sqlite3.Error as error:
        raise LedgerError(f"{path}: cannot be read ({error}); move it away to do without it") from None
    return History(
        completions, int(prompt), int(completion), cost,
        [Noted(*row) for row in noted], [Settled(*row) for row in outcomes],
    )  # fmt: skip


class Ledger:
    """Remembers completions by what was asked and verdicts by what was judged. One run at a time holds it."""

    def __init__(self, folder: Path) -> None:
        """Open the ledger of the pool in ``folder``. Raises ``LedgerError``, also when another run holds it."""
        self.path = folder / NAME
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = _locked(folder / f"{NAME}.lock")
            self._db = sqlite3.connect(self.path, isolation_level=None)
            self._db.execute("pragma journal_mode = wal")
            self._db.execute("pragma synchronous = normal")  # a killed process loses nothing; a power cut, moments
            self._db.executescript(SCHEMA)
        except BlockingIOError:
            raise LedgerError(
                f"{folder}: another run is growing this pool; wait for it, or name another pool"
            ) from None
        except (sqlite3.OperationalError, OSError) as error:
            raise LedgerError(
                f"{self.path}: cannot be opened as the ledger ({error}); is the folder writable?"
            ) from None
        except sqlite3.Error as error:
            raise LedgerError(f"{self.path}: is no ledger ({error}); move it away to start a new one") from None

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()
        self._lock.close()

    def answer(self, completer: str, request: Request) -> Completion | None:
        """What was answered to this very question, if it was asked before."""
        row = self._one("select answer from calls where key = ?", _key(completer, request))
        return self._read(row, _completion_from)

    def answer_in_place(self, completer: str, task: str, turn: int) -> Completion | None:
        """What was answered at this turn of this task, whatever the question's words were."""
        query = "select answer from calls where completer = ? and task = ? and turn = ? order by at limit 1"
        row = self._one(query, completer, task, turn)
        return self._read(row, _completion_from)

    def keep_answer(self, completer: str, request: Request, completion: Completion) -> None:
        key, answer = _key(completer, request), json.dumps(asdict(completion))
        values = (key, completer, request.task, request.turn, request.digest, answer, _now())
        self._write("insert or replace into calls values (?, ?, ?, ?, ?, ?, ?)", values)

    def verdict(self, judge: str, digest: str) -> Verdict | None:
        """What this judge found of the source with this digest, if it has judged it before."""
        row = self._one("select verdict from verdicts where judge = ? and digest = ?", judge, digest)
        return self._read(row, _verdict_from)

    def keep_verdict(self, judge: str, digest: str, verdict: Verdict) -> None:
        values = (judge, digest, json.dumps(asdict(verdict)), _now())
        self._write("insert or replace into verdicts values (?, ?, ?, ?)", values)

    def note_attempt(self, completer: str, task: str, turn: int, digest: str, verdict: Verdict) -> None:
        evidence = verdict.finding.evidence if verdict.finding else ""
        values = (completer, task, turn, digest, verdict.law, evidence, _now())
        self._write("insert or replace into attempts values (?, ?, ?, ?, ?, ?, ?)", values)

    def settle(self, completer: str, task: str, status: str, turn: int, law: str = "", evidence: str = "") -> None:
        values = (completer, task, status, turn, law, evidence, _now())
        self._write("insert or replace into outcomes values (?, ?, ?, ?, ?, ?, ?)", values)

    def counts(self) -> Mapping[str, int]:
        """How many rows each table has."""
        tables = ("calls", "verdicts", "attempts", "outcomes")
        return {table: self._one(f"select count(*) from {table}")[0] for table in tables}

    def _read(self, row: tuple[str] | None, make: Callable[[Any], T]) -> T | None:
        try:
            return make(json.loads(row[0])) if row else None
        except (KeyError, TypeError, ValueError) as error:
            raise LedgerError(
                f"{self.path}: holds {row[0][:60] if row else ''!r}, which this version did not write "
                f"({type(error).__name__}: {error}); move it away to start a new one"
            ) from None

    def _one(self, query: str, *values: object) -> Any:
        try:
            return self._db.execute(query, values).fetchone()
        except sqlite3.Error as error:
            raise LedgerError(f"{self.path}: cannot be read ({error}); move it away to start a new one") from None

    def _write(self, statement: str, values: tuple[object, ...]) -> None:
        try:
            self._db.execute(statement, values)
        except sqlite3.Error as error:
            raise LedgerError(f"{self.path}: cannot be written ({error}); is the disk full or read-only?") from None


def _locked(path: Path) -> IO[str]:
    """Hold ``path`` until it is closed or the process ends. Raises ``BlockingIOError`` when somebody else does."""
    file = path.open("w")
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return file


def _key(completer: str, request: Request) -> str:
    asked = json.dumps([completer, request.task, request.turn, request.digest])
    return hashlib.sha256(asked.encode()).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _completion_from(row: Mapping[str, Any]) -> Completion:
    return Completion(**row)


def _verdict_from(row: Mapping[str, Any]) -> Verdict:
    finding, certificate = row["finding"], row["certificate"]
    return Verdict(
        row["law"],
        row["about"],
        Finding(**finding) if finding else None,
        _certificate_from(certificate) if certificate else None,
    )


def _certificate_from(row: Mapping[str, Any]) -> Certificate:
    """The inverse of ``asdict``: JSON has turned the difficulties into texts."""
    return Certificate(
        **{
            **row,
            "false_accepts": {kind: Trials(**trials) for kind, trials in row["false_accepts"].items()},
            "distinct": {int(d): n for d, n in row["distinct"].items()},
            "curve": {int(d): means for d, means in row["curve"].items()},
        }
    )
