"""The pool: admitted environments as plain files, ``FAMILY/NAME.py`` as written and ``NAME.json`` beside it.

Whoever reads it needs nothing but the files; the ledger is not asked. An environment is in the pool when both
files are there and the record's digest is the source's. Anything else (a write cut off, a file edited by hand)
is left where it is, not used, and said: see ``problems``.

Beside them ``audits/FAMILY/NAME.json`` holds what an audit measured (a file of its own, since times and memory are not
the same on every machine), and ``quarantine/FAMILY/`` what an audit took out, with the reason in its record.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synth.program import ContractError, Program, read_file

PART = ".part"  # ends the name of a file that is still being written
AUDITS, QUARANTINE = "audits", "quarantine"  # folders of a pool, one level deeper than its families


class PoolError(Exception):
    """The pool cannot be used or written; the message says what to do."""


@dataclass(frozen=True)
class Entry:
    """An admitted environment and its record: origin, verdict, certificate."""

    name: str
    family: str
    program: Program
    record: Mapping[str, Any]


def record(name: str, family: str, program: Program, origin: Mapping[str, Any], verdict: Mapping[str, Any]) -> Entry:
    """The entry of a newly admitted program. The title, signature and digest are read off the program."""
    return Entry(
        name,
        family,
        program,
        {**_read_off(name, family, program), "origin": dict(origin), **verdict},
    )


def _read_off(name: str, family: str, program: Program) -> dict[str, str]:
    """What a record repeats of the files."""
    return {
        "name": name,
        "title": program.title,
        "family": family,
        "signature": str(program.signature),
        "reference": str(program.reference),
        "digest": program.digest,
    }


class Pool:
    """The environments under ``folder``, in the order of their names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[str] = []
        """What lies in the folder and is not used, and why; a line each."""
        self._entries: dict[str, Entry] = {}
        if folder.exists() and not folder.is_dir():
            raise PoolError(f"{folder} is a file; a pool is a folder: name another with --pool")
        try:
            self._read()
        except OSError as error:
            raise PoolError(f"{folder}: cannot be read as a pool ({error.strerror})") from None

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(sorted(self._entries.values(), key=lambda entry: entry.name))

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __getitem__(self, name: str) -> Entry:
        """Raises ``PoolError`` that names the nearest when there is none of this name."""
        if name in self._entries:
            return self._entries[name]
        from difflib import get_close_matches

        near = get_close_matches(name, self._entries, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise PoolError(f"{self.folder} has no environment named {name!r}{hint}")

    def only(self, names: Iterable[str]) -> "Pool":
        """The same pool, of these environments alone. Raises ``PoolError`` for one that it has not."""
        fewer = copy(self)
        fewer._entries = {name: self[name] for name in names}
        return fewer

    def add(self, entry: Entry) -> None:
        """Write an entry, the record last: until it is there, the environment is not."""
        home = self.folder / entry.family
        self._put(home / f"{entry.name}.py", entry.program.source)
        self._put(home / f"{entry.name}.json", json.dumps(entry.record, indent=2, ensure_ascii=False) + "\n")
        self._entries[entry.name] = entry

    def keep_audit(self, name: str, row: Mapping[str, Any]) -> None:
        """Keep what an audit measured of an environment, as ``brickyard audit --json`` prints it."""
        entry = self[name]
        text = json.dumps({"digest": entry.program.digest, **row}, ensure_ascii=False) + "\n"
        self._put(self.folder / AUDITS / entry.family / f"{name}.json", text)

    def audited(self, name: str) -> Mapping[str, Any] | None:
        """What the last audit of this very source measured; None when there was none."""
        entry = self[name]
        row = _row(self.folder / AUDITS / entry.family / f"{name}.json")
        return row if row and row.get("digest") == entry.program.digest else None

    def quarantine(self, name: str, law: str, evidence: str) -> None:
        """Take an environment out, for the reason given; composites of it are not used any more either."""
        entry, home = self[name], self.folder / QUARANTINE / self[name].family
        self._put(home / f"{name}.py", entry.program.source)
        told = {**entry.record, "law": law, "evidence": evidence}
        self._put(home / f"{name}.json", json.dumps(told, indent=2, ensure_ascii=False) + "\n")
        for suffix in (".json", ".py"):
            (self.folder / entry.family / name).with_suffix(suffix).unlink(missing_ok=True)
        del self._entries[name]

    def quarantined(self) -> list[Mapping[str, Any]]:
        """The records of what was taken out, each with the ``law`` that it broke and the ``evidence``, by name."""
        rows = [_row(path) for path in self.folder.glob(f"{QUARANTINE}/*/*.json")]
        return sorted((row for row in rows if row), key=lambda row: str(row["name"]))

    def _put(self, path: Path, text: str) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, text)
        except OSError as error:
            raise PoolError(f"{path}: cannot be written ({error.strerror}); the pool is as it was") from None

    def probe(self) -> None:
        """Raise ``PoolError`` now, rather than after the first answer was paid for, if nothing can be written.

        Drops writes that were cut off. For the one who holds the ledger: to a reader they may be another's, under way.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for path in self.folder.glob(f"**/*{PART}"):
                path.unlink()
            _write(self.folder / "probe", "")
            (self.folder / "probe").unlink()
        except OSError as error:
            raise PoolError(f"{self.folder}: cannot be written ({error.strerror}); name another with --pool") from None

    def _read(self) -> None:
        for path in sorted(self.folder.glob(f"**/*{PART}")):
            self.problems.append(f"{path}: a write that is under way or was cut off; not used")
        for path in sorted(self.folder.glob("*/*.py")):
            if not path.with_suffix(".json").exists():
                self.problems.append(f"{path}: has no record beside it, so it was never admitted; not used")
        for path in sorted(self.folder.glob("*/*.json")):
            try:
                entry = _entry(path)
            except _NotUsedError as reason:
                self.problems.append(f"{path}: {reason}; not used")
            else:
                self._keep(entry, path)

    def _keep(self, entry: Entry, path: Path) -> None:
        first = self._entries.setdefault(entry.name, entry)
        if first is not entry:
            self.problems.append(f"{path}: {first.family} has an environment of this name as well; not used")


def statistics(pool: Pool) -> dict[str, Any]:
    """Counts of a pool's environments by family, signature and kind of answer, and what they cost."""

    def counted(of: Callable[[Entry], str]) -> dict[str, int]:
        return dict(Counter(map(of, pool)).most_common())

    origins = [entry.record.get("origin", {}) for entry in pool]
    return {
        "environments": len(pool),
        "tokens": sum(o.get("prompt_tokens", 0) + o.get("completion_tokens", 0) for o in origins),
        "cost_usd": round(sum(o.get("cost_usd", 0.0) for o in origins), 4),
        "family": counted(lambda entry: entry.family),
        "types": counted(lambda entry: entry.program.signature.shape),
        "answer": counted(lambda entry: str(entry.program.reference)),
    }


class _NotUsedError(Exception):
    pass


def _entry(path: Path) -> Entry:
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
        program = read_file(path.with_suffix(".py"))
    except FileNotFoundError:
        raise _NotUsedError("there is no source beside it") from None
    except OSError as error:
        raise _NotUsedError(f"it cannot be read ({error.strerror})") from None
    except ContractError as error:
        raise _NotUsedError(f"its source is no environment ({error})") from None
    except (ValueError, RecursionError) as error:
        raise _NotUsedError(f"it cannot be read ({error})") from None
    if not isinstance(row, dict) or not isinstance(row.get("origin"), dict):
        raise _NotUsedError("it is no record of an environment")
    if row.get("digest") != program.digest:
        raise _NotUsedError("the source was changed after it was admitted; audit it and grow it again")
    for key, value in _read_off(path.stem, path.parent.name, program).items():
        if row.get(key) != value:
            raise _NotUsedError(f"its {key} is {row.get(key)!r:.80}, that of the source {value!r:.80}")
    return Entry(path.stem, path.parent.name, program, row)


def _row(path: Path) -> Mapping[str, Any] | None:
    """The object in a file; None when there is none, or the file is broken."""
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) and "name" in row else None


def _write(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all, even if the machine stops in between."""
    part = path.with_name(path.name + PART)
    with part.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
