"""The pool is its files: what is whole is used, what is not is said, and nothing is ever half admitted."""

import errno
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from synth import pool as pools
from synth.pool import PART, Entry, Pool, PoolError, statistics
from synth.program import read
from tests.synth.test_program import RUN

ORIGIN = {"task": "t", "prompt_tokens": 10, "completion_tokens": 20, "cost_usd": 0.5, "model": "é"}


def entry(name: str = "longest_run", family: str = "lists", source: str = RUN) -> Entry:
    return pools.record(name, family, read(source), ORIGIN, {"certificate": {"chance": 0.25}})


def filled(folder: Path) -> Pool:
    pool = Pool(folder)
    pool.add(entry())
    return pool


def full_disk(descriptor: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_what_is_added_is_there_for_whoever_reads_the_folder_next(tmp_path: Path) -> None:
    pool = filled(tmp_path / "a" / "pool")
    again = Pool(tmp_path / "a" / "pool")
    assert list(again) == list(pool) == [entry()]
    assert again["longest_run"] == entry()
    assert "longest_run" in again
    assert len(again) == 1
    assert again.problems == []


def test_the_source_is_kept_to_the_byte(tmp_path: Path) -> None:
    source = RUN.replace("equal", "équal\u2028").replace("\n", "\r\n")
    Pool(tmp_path).add(entry(source=source))
    assert (tmp_path / "lists" / "longest_run.py").read_bytes() == source.encode()
    assert str(Pool(tmp_path)["longest_run"].program) == source


def test_the_order_is_that_of_the_names_whatever_came_first(tmp_path: Path) -> None:
    names = [("b", "lists"), ("a", "zoo"), ("c", "arrays")]
    for folder, order in ((tmp_path / "1", names), (tmp_path / "2", names[::-1])):
        pool = Pool(folder)
        for name, family in order:
            pool.add(entry(name, family))
        assert [e.name for e in pool] == [e.name for e in Pool(folder)] == ["a", "b", "c"]


def test_an_entry_that_was_never_admitted_is_said_and_not_used(tmp_path: Path) -> None:
    filled(tmp_path)
    (tmp_path / "lists" / "longest_run.json").unlink()
    pool = Pool(tmp_path)
    assert len(pool) == 0
    assert pool.problems == [
        f"{tmp_path}/lists/longest_run.py: has no record beside it, so it was never admitted; not used"
    ]


def test_a_write_that_was_cut_off_is_said_and_dropped_by_the_next_run_alone(tmp_path: Path) -> None:
    """Somebody who only looks at a pool must not take a file from under the run that is writing it."""
    filled(tmp_path)
    part = tmp_path / "lists" / f"other.json{PART}"
    part.write_text('{"name": "oth')
    pool = Pool(tmp_path)
    assert pool.problems == [f"{part}: a write that is under way or was cut off; not used"]
    assert part.exists()
    pool.probe()
    assert not part.exists()
    assert [e.name for e in Pool(tmp_path)] == ["longest_run"]
    assert Pool(tmp_path).problems == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"digest": "0" * 64}, "the source was changed after it was admitted"),
        ({"name": "other"}, "its name is 'other'"),
        ({"family": "graphs"}, "its family is 'graphs'"),
        (
            {"signature": "(xs: str) -> int"},
            "its signature is '(xs: str) -> int', that of the source '(xs: list[int]) -> int'",
        ),
        ({"reference": "example"}, "its reference is 'example'"),
        ({"title": None}, "its title is None"),
        ({"origin": "me"}, "it is no record of an environment"),
    ],
)
def test_a_record_edited_by_hand_is_said_and_not_used(tmp_path: Path, change: dict[str, Any], reason: str) -> None:
    filled(tmp_path)
    path = tmp_path / "lists" / "longest_run.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    before = path.read_bytes()
    pool = Pool(tmp_path)
    assert len(pool) == 0
    assert pool.problems[0].startswith(f"{path}: {reason}")
    assert pool.problems[0].endswith("; not used")
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000, b"9" * 5000])
def test_a_record_that_cannot_be_read_is_said_and_not_used(tmp_path: Path, content: bytes) -> None:
    filled(tmp_path).add(entry("other"))
    (tmp_path / "lists" / "longest_run.json").write_bytes(content)
    pool = Pool(tmp_path)
    assert [e.name for e in pool] == ["other"]
    assert len(pool.problems) == 1
    assert "\n" not in pool.problems[0]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (RUN.encode() + b"\n", "the source was changed after it was admitted"),
        (RUN.replace("\n", "\r\n").encode(), "the source was changed after it was admitted"),
        (b"x = 1\n", "its source is no environment (line 1: "),
        (b"\xff", "its source is no environment (line 1: the file is not UTF-8"),
        (None, "there is no source beside it"),
    ],
)
def test_a_source_edited_by_hand_is_said_and_not_used(tmp_path: Path, content: bytes | None, reason: str) -> None:
    filled(tmp_path)
    path = tmp_path / "lists" / "longest_run.py"
    path.unlink() if content is None else path.write_bytes(content)
    pool = Pool(tmp_path)
    assert len(pool) == 0
    assert reason in pool.problems[0]


def test_two_families_with_one_name_are_said_and_the_first_is_used(tmp_path: Path) -> None:
    Pool(tmp_path).add(entry(family="lists"))
    Pool(tmp_path).add(entry(family="arrays"))
    pool = Pool(tmp_path)
    assert [e.family for e in pool] == ["arrays"]
    assert pool.problems == [
        f"{tmp_path}/lists/longest_run.json: arrays has an environment of this name as well; not used"
    ]


def test_a_folder_in_the_place_of_a_record_stops_nothing(tmp_path: Path) -> None:
    filled(tmp_path)
    (tmp_path / "lists" / "odd.json").mkdir()
    assert len(Pool(tmp_path)) == 1
    assert Pool(tmp_path).problems == [f"{tmp_path}/lists/odd.json: it cannot be read (Is a directory); not used"]


def test_a_disk_that_fills_up_admits_nothing_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = filled(tmp_path)
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", full_disk)
        with pytest.raises(PoolError, match=r"cannot be written .No space left on device.; the pool is as it was"):
            pool.add(entry("other"))
        with pytest.raises(PoolError, match="No space left"):
            pool.probe()
    assert "other" not in pool
    assert [e.name for e in Pool(tmp_path)] == ["longest_run"]
    pool.probe()
    pool.add(entry("other"))
    assert [e.name for e in Pool(tmp_path)] == ["longest_run", "other"]
    assert Pool(tmp_path).problems == []


def test_a_disk_that_fills_up_between_the_two_files_admits_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []

    def full_from_the_second(descriptor: int) -> None:
        written.append(descriptor)
        if len(written) > 1:
            full_disk(descriptor)

    with monkeypatch.context() as full:
        full.setattr(os, "fsync", full_from_the_second)
        with pytest.raises(PoolError):
            Pool(tmp_path).add(entry())
    assert len(Pool(tmp_path)) == 0
    Pool(tmp_path).add(entry())
    assert len(Pool(tmp_path)) == 1


def test_a_new_source_under_an_old_record_is_not_taken_for_admitted(tmp_path: Path) -> None:
    """A replacement cut off after its source was written."""
    filled(tmp_path)
    (tmp_path / "lists" / "longest_run.py").write_text(RUN.replace("Longest run:", "Longest stretch:"))
    assert len(Pool(tmp_path)) == 0


def test_a_place_that_cannot_be_written_is_said_before_anything_is_asked(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PoolError, match="is a file; a pool is a folder"):
        Pool(tmp_path / "file")
    for folder in (tmp_path / "file" / "pool", Path("/proc/pool")):
        pool = Pool(folder)
        assert len(pool) == 0
        with pytest.raises(PoolError, match=r"cannot be written .*; name another with --pool"):
            pool.probe()
        with pytest.raises(PoolError, match=r"cannot be written .*; the pool is as it was"):
            pool.add(entry())
        assert len(pool) == 0


def test_a_name_that_is_not_there_brings_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(PoolError, match=r"no environment named 'longest_rnu'; did you mean longest_run?"):
        filled(tmp_path)["longest_rnu"]
    with pytest.raises(PoolError, match=r"no environment named 'x'$"):
        Pool(tmp_path)["x"]


def test_statistics_count_and_add_up(tmp_path: Path) -> None:
    pool = filled(tmp_path)
    pool.add(entry("other", "arrays", RUN.replace("def solve", "def example")))
    pool.add(replace(entry("third"), record={}))
    assert statistics(pool) == {
        "environments": 3,
        "tokens": 60,
        "cost_usd": 1.0,
        "family": {"lists": 2, "arrays": 1},
        "types": {"list[int] -> int": 3},
        "answer": {"solve": 2, "example": 1},
    }


def test_what_an_audit_measured_is_kept_beside_the_pool_and_counts_for_this_source_alone(tmp_path: Path) -> None:
    pool = filled(tmp_path)
    assert pool.audited("longest_run") is None
    row = {"name": "longest_run", "admitted": True, "deep": {"findings": []}}
    pool.keep_audit("longest_run", row)
    assert dict(Pool(tmp_path).audited("longest_run") or {}).items() >= row.items()
    pool.add(entry(source=RUN + "\n# mended\n"))
    assert Pool(tmp_path).audited("longest_run") is None
    assert Pool(tmp_path).problems == []


def test_what_is_quarantined_leaves_the_pool_and_stays_readable_with_its_reason(tmp_path: Path) -> None:
    pool = filled(tmp_path)
    pool.quarantine("longest_run", "second", "the two differ")
    assert len(pool) == len(Pool(tmp_path)) == 0
    (row,) = Pool(tmp_path).quarantined()
    assert (row["name"], row["law"], row["evidence"]) == ("longest_run", "second", "the two differ")
    assert (tmp_path / "quarantine" / "lists" / "longest_run.py").read_text() == RUN
    assert Pool(tmp_path).problems == []


def test_a_disk_that_is_full_quarantines_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = filled(tmp_path)
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(PoolError, match="the pool is as it was"):
        pool.quarantine("longest_run", "second", "the two differ")
    assert "longest_run" in Pool(tmp_path)
