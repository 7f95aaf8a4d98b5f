"""The file of composites: what a finished round kept comes back, in order; a round that was cut off never was."""

import json
import os
from pathlib import Path

import pytest

from synth.compose.store import FILE, Composites, Row
from synth.pool import Pool, PoolError, record
from synth.program import read
from tests.synth.compose.conftest import SOURCES

NAMES = ("halve", "plus", "total")


def filled(folder: Path, **edited: str) -> Pool:
    """A pool of three parts; some with another source than they have on the shelf."""
    pool = Pool(folder)
    for name in NAMES:
        pool.add(record(name, "numbers", read(edited.get(name, SOURCES[name])), {}, {}))
    return pool


def row(store: Composites, term: str, *parts: str) -> Row:
    made: Row = {"term": term, "parts": list(parts)}
    return {**made, "digest": store.digest(made)}


def rounds(store: Composites) -> list[list[Row]]:
    return [
        [row(store, "loop(halve)", "halve"), row(store, "sequential(total, plus:n)", "plus", "total")],
        [],
        [row(store, "parallel(halve, halve)", "halve", "halve")],
    ]


def written(pool: Pool) -> list[Row]:
    """Three rounds in the pool's file; the second kept nothing."""
    store = Composites(pool)
    for n, rows in enumerate(rounds(store), 1):
        store.append(rows, {"round": n})
    return [row for rows in rounds(store) for row in rows]


def test_a_pool_without_a_file_has_no_composites(tmp_path: Path) -> None:
    store = Composites(filled(tmp_path))
    assert list(store.rows()) == []
    assert (store.last, store.stale) == ({}, 0)
    store.cut()
    assert not (tmp_path / FILE).exists()


def test_appended_rows_come_back_in_order(tmp_path: Path) -> None:
    rows = written(filled(tmp_path))
    store = Composites(Pool(tmp_path))
    assert list(store.rows()) == list(store.rows()) == rows
    assert (store.last, store.stale) == ({"round": 3}, 0)


def test_a_line_is_a_composite_or_the_end_of_a_round(tmp_path: Path) -> None:
    written(filled(tmp_path))
    lines = (tmp_path / FILE).read_text().splitlines()
    assert [json.loads(line).get("round", "") for line in lines] == ["", "", 1, 2, "", 3]


def resumed(pool: Pool, text: bytes) -> tuple[list[str], list[str], int]:
    """What is read of a file with ``text``, what is read once a round was added after it, and its last round."""
    (pool.folder / FILE).write_bytes(text)
    store = Composites(pool)
    before = [row["term"] for row in store.rows()]
    last = store.last.get("round", 0)
    store.cut()
    store.append([row(store, "loop(plus:n)", "plus")], {"round": last + 1})
    after = [row["term"] for row in Composites(pool).rows()]
    return before, after, last


def ends_of_rounds(text: bytes) -> list[int]:
    ends, end = [], 0
    for line in text.splitlines(keepends=True):
        end += len(line)
        ends += [end] if b'"round"' in line else []
    return ends


def test_a_round_that_was_cut_off_anywhere_never_was(tmp_path: Path) -> None:
    pool = filled(tmp_path)
    terms = [row["term"] for row in written(pool)]
    text = (tmp_path / FILE).read_bytes()
    ends = ends_of_rounds(text)
    for cut in range(len(text) + 1):
        if cut + 1 in ends:
            continue  # all but the line's end: see below
        whole = sum(end <= cut for end in ends)
        kept = terms[: (0, 2, 2, 3)[whole]]
        assert resumed(pool, text[:cut]) == (kept, [*kept, "loop(plus:n)"], whole)


def test_a_round_that_lacks_only_the_end_of_its_last_line_loses_nothing_that_was_read(tmp_path: Path) -> None:
    pool = filled(tmp_path)
    written(pool)
    text = (tmp_path / FILE).read_bytes()
    for end in ends_of_rounds(text):
        before, after, _ = resumed(pool, text[: end - 1])
        assert after == [*before, "loop(plus:n)"]


def test_what_stands_after_a_line_that_is_not_whole_is_not_read(tmp_path: Path) -> None:
    pool = filled(tmp_path)
    written(pool)
    lines = (tmp_path / FILE).read_bytes().splitlines(keepends=True)
    broken = b"".join([*lines[:4], lines[4][:9] + b"\n", *lines[4:]])
    assert resumed(pool, broken)[0] == ["loop(halve)", "sequential(total, plus:n)"]


def test_a_composite_with_an_edited_part_is_counted_and_not_given(tmp_path: Path) -> None:
    written(filled(tmp_path))
    filled(tmp_path, halve=SOURCES["halve"].replace("n // 2", "(n + 1) // 2"))
    store = Composites(Pool(tmp_path))
    for _ in range(2):
        assert [row["term"] for row in store.rows()] == ["sequential(total, plus:n)"]
        assert store.stale == 2, "counted afresh each time"
    assert len((tmp_path / FILE).read_text().splitlines()) == 6, "they are left where they are"


def test_a_composite_is_given_again_when_its_part_is_as_it_was(tmp_path: Path) -> None:
    rows = written(filled(tmp_path))
    filled(tmp_path, halve=SOURCES["halve"].replace("n // 2", "(n + 1) // 2"))
    filled(tmp_path)
    assert list(Composites(Pool(tmp_path)).rows()) == rows


@pytest.mark.parametrize("suffix", ["py", "json"])
def test_a_composite_with_an_absent_part_is_counted_and_not_given(tmp_path: Path, suffix: str) -> None:
    written(filled(tmp_path))
    (tmp_path / "numbers" / f"plus.{suffix}").unlink()
    store = Composites(Pool(tmp_path))
    assert [row["term"] for row in store.rows()] == ["loop(halve)", "parallel(halve, halve)"]
    assert store.stale == 1
    assert store.digest({"parts": ["plus"]}) == ""


def test_a_digest_is_of_the_sources_and_not_of_how_often_they_stand(tmp_path: Path) -> None:
    store = Composites(filled(tmp_path))
    assert store.digest({"parts": ["halve", "plus"]}) == store.digest({"parts": ["plus", "halve", "plus"]})
    assert len({store.digest({"parts": [name]}) for name in NAMES}) == 3


def test_a_disk_that_is_full_is_said_in_one_line(tmp_path: Path) -> None:
    store = Composites(filled(tmp_path))
    os.symlink("/dev/full", store.file)
    with pytest.raises(PoolError) as caught:
        store.append([row(store, "loop(halve)", "halve")], {"round": 1})
    said = "cannot be written (No space left on device); what is in it is kept"
    assert str(caught.value) == f"{tmp_path / FILE}: {said}"


def test_a_folder_in_place_of_the_file_is_said_in_one_line_when_a_round_is_added(tmp_path: Path) -> None:
    store = Composites(filled(tmp_path))
    store.file.mkdir()
    with pytest.raises(PoolError) as caught:
        store.append([], {"round": 1})
    assert str(caught.value) == f"{tmp_path / FILE}: cannot be written (Is a directory); what is in it is kept"


def test_a_folder_in_place_of_the_file_is_said_in_one_line_when_it_is_read(tmp_path: Path) -> None:
    store = Composites(filled(tmp_path))
    store.file.mkdir()
    with pytest.raises(PoolError, match=FILE):
        list(store.rows())


def test_what_an_audit_takes_out_is_used_no_more_and_stands_with_its_reason(tmp_path: Path) -> None:
    first, *others = written(filled(tmp_path))
    store = Composites(Pool(tmp_path))
    store.quarantine(first, "bounded", "too large")
    assert (list(store.rows()), store.fallen) == (others, [first])
    assert store.quarantined() == [{**first, "law": "bounded", "evidence": "too large"}]


def test_what_an_audit_took_out_may_come_back_when_a_part_of_it_was_mended(tmp_path: Path) -> None:
    first, *_ = written(filled(tmp_path))
    Composites(Pool(tmp_path)).quarantine(first, "bounded", "too large")
    mended = Composites(filled(tmp_path, halve=SOURCES["halve"] + "# mended\n"))
    mended.append([again := row(mended, first["term"], *first["parts"])], {"round": 4})
    assert again in list(mended.rows())


def test_a_line_that_was_cut_off_is_replaced_by_what_is_written_next(tmp_path: Path) -> None:
    first, *_ = written(filled(tmp_path))
    store = Composites(Pool(tmp_path))
    store.keep_audit(first, {"admitted": True})
    file = tmp_path / "audits" / FILE
    file.write_bytes(file.read_bytes() + b'{"term": "sort(a')
    store.keep_audit(first, {"admitted": False})
    assert store.audits()[first["term"]]["admitted"] is False
