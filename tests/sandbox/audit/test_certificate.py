"""The certificate's schema against rows that audits gave, and against rows that none may give."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sandbox.admit import Judge
from sandbox.audit import attack, bounds, brute, effort, mutants, reader, rejects, rules, second, solver, statement
from sandbox.audit import fields as of_fields
from sandbox.audit import tolerance as of_floats
from sandbox.audit.asking import Line
from sandbox.audit.run import SCHEMA as FILE
from sandbox.audit.run import Looks, Row, named, rows
from sandbox.audit.solver import Tally, judged
from sandbox.outcome import Manifest
from synth import verdict
from synth.complete import Recorded, Transcript
from synth.compose import composite
from synth.pool import Pool
from tests.conftest import ROOT

SCHEMA = json.loads(FILE.read_text(encoding="utf-8"))
TRIALS = 300  # of the attack
SHELF = ROOT / "seeds" / "examples"
VALUES = {
    "finding": verdict.Finding,
    "trials": verdict.Trials,
    "certificate": verdict.Certificate,
    "difference": verdict.Difference,
    "birthday": bounds.Birthday,
    "brute": brute.Brute,
    "field": of_fields.Field,
    "cost": effort.Cost,
    "worst": rejects.Worst,
    "tolerance": of_floats.Tolerance,
    "solver": solver.Solved,
}


@pytest.fixture(scope="module")
def row(judge: Judge, tmp_path_factory: pytest.TempPathFactory) -> Row:
    """All that can be asked for of one environment, of a second author, a reader and a solver on disk."""
    folder = tmp_path_factory.mktemp("recorded")
    replies = {
        "reader.1": "CLEAR: yes - all is said\nLOOPHOLE: yes - there is one",
        **{f"solve.{turn}": "<answer>3</answer>" for turn in range(1, 41)},
    }
    for name, reply in replies.items():
        role, turn = name.split(".")
        kept = Transcript(f"longest_run.{role}", int(turn), "m", "2026-01-02", "0" * 64, 1, 1, "stop", "a test", reply)
        (folder / f"longest_run.{name}.md").write_bytes(bytes(kept))
    (folder / "longest_run.py").write_text("def solve(xs: list[int]) -> int:\n    return 3 if 2 in xs else 1\n")
    with Line(Recorded(folder)) as line:
        looks = Looks(True, TRIALS, second.from_files(folder), reader.from_line(line), line)
        (told,) = rows(judge, named([SHELF / "longest_run.py"]), looks, 1)
    return dict(json.loads(json.dumps(told)))


def problems(told: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(SCHEMA).iter_errors(told)]


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    """Every schema within a schema that says what a value is."""
    if isinstance(schema, dict):
        yield from (of for of in schema.get("properties", {}).values() if isinstance(of, dict))
        for inner in schema.values():
            yield from nodes(inner)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_all_that_can_be_asked_for_of_an_environment_is_in_the_schema(row: Row) -> None:
    assert problems(row) == []
    assert set(row) == set(SCHEMA["properties"])
    assert row["second"]["difference"]
    assert row["reader"]["notes"]
    assert row["solver"]["difficulties"]["10"]["tried"] == 8


def test_a_relation_floats_and_a_composite_have_certificates_too(judge: Judge, basics: Pool) -> None:
    chained = composite.read("sequential(reverse_digits, nine_minus)", basics)
    what = named([SHELF / "pick_sum.py", SHELF / "trip_length.py", chained])
    for told in rows(judge, what, Looks(deep=True, trials=TRIALS), 2):
        assert told["admitted"]
        assert problems(json.loads(json.dumps(told))) == []


def test_what_is_rejected_or_cannot_be_read_has_a_verdict_alone(judge: Judge, tmp_path: Path) -> None:
    source = (SHELF / "longest_run.py").read_text()
    (tmp_path / "a_guess.py").write_text(source.replace("return answer == solve(xs)", "return True"))
    (tmp_path / "b_prose.py").write_text("It is longest runs.")
    (tmp_path / "c_bytes.py").write_bytes(b"\xff\xfe")
    told = [json.loads(json.dumps(row)) for row in rows(judge, named([tmp_path]), Looks(deep=True), 1)]
    assert [row["admitted"] for row in told] == [False] * 3
    assert [problems(row) for row in told] == [[]] * 3


def test_readings_and_solve_rates_without_an_answer_are_in_the_schema(row: Row) -> None:
    silent = {**reader.parse("").asdict(), "notes": []}
    told = {**row, "reader": silent, "solver": judged({3: Tally(unanswered=8)}, lost="why").asdict()}
    assert problems(json.loads(json.dumps(told))) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("admitted",), True),
        (("admitted",), None),
        (("certificate",), None),
        (("law",), None),
        (("line",), 0),
        (("further",), {}),
        (("certificate", "chance"), 1.5),
        (("certificate", "instances"), "240"),
        (("certificate", "distinct", "0"), 24),
        (("certificate", "curve", "1", "lines"), -1),
        (("certificate", "false_accepts", "odd"), {"tried": 3}),
        (("second", "opinion"), "perhaps"),
        (("second", "difference"), {}),
        (("reader", "clear"), "yes"),
        (("solver", "p"), 2),
        (("solver", "difficulties", "easy"), {}),
        (("effort", "verify", "1", "seconds"), None),
        (("effort", "verifies"), {}),
        (("deep", "attacks", "best"), 2),
        (("deep", "false_rejects", "all", "refused"), -1),
        (("deep", "findings"), [{"evidence": "it"}]),
        (("deep", "distinct", "1", "estimate"), "many"),
        (("deep", "strength", "share"), 1.1),
    ],
)
def test_a_row_that_no_audit_may_give_is_refused(row: Row, path: tuple[str, ...], value: object) -> None:
    broken = deepcopy(row)
    inner = broken
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert problems(broken)


@pytest.mark.parametrize("name", VALUES)
def test_what_the_values_hold_is_what_the_schema_names(name: str) -> None:
    assert set(SCHEMA["$defs"][name]["properties"]) == {field.name for field in fields(VALUES[name])}


def test_the_smaller_values_are_named_as_well() -> None:
    defs = SCHEMA["$defs"]
    inside = {
        Manifest: defs["certificate"]["properties"]["sandbox"],
        Tally: defs["solver"]["properties"]["difficulties"]["additionalProperties"],
        verdict.Compared: defs["second"]["properties"]["kinds"]["additionalProperties"],
        statement.Note: defs["deep"]["properties"]["unmentioned"]["items"],
        of_fields.Leak: defs["field"]["properties"]["leak"],
        attack.Undecided: defs["attacks"]["properties"]["undecided"]["items"],
        rules.Universal: defs["deep"]["properties"]["rules"]["properties"]["best"]["items"],
        mutants.Change: defs["strength"]["properties"]["survivors"]["items"],
    }
    for value, schema in inside.items():
        assert set(schema["properties"]) == {field.name for field in fields(value)}


def test_every_figure_says_what_it_is() -> None:
    described = list(nodes({key: of for key, of in SCHEMA.items() if key not in ("then", "else", "if")}))
    assert len(described) > 100
    assert [node for node in described if not (node.get("description") or "$ref" in node)] == []
    assert all(of["description"] for of in SCHEMA["$defs"].values())
