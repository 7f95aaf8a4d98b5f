"""Growing with a second author: recorded replies of both and of the arbiter, real judges, real comparisons."""

import asyncio
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from sandbox.admit import Judge
from synth import tasks
from synth.arbiter import ruling_in
from synth.complete import Completion, Transcript, make_completer
from synth.grow import Options, Tally
from synth.ledger import Ledger, history
from synth.pool import Pool
from synth.program import read
from synth.run import grown
from tests import small
from tests.conftest import ROOT
from tests.small import block

RUN = (ROOT / "seeds" / "examples" / "longest_run.py").read_text()
FORGETFUL = RUN.replace("return max((len(list(run)) for _, run in groupby(xs)), default=0)", """best = length = 0
    for here, following in zip(xs, xs[1:]):
        length = length + 1 if here == following else 0
        best = max(best, length)
    return best + 1 if xs[1:] else 0""")  # fmt: skip
"""Wrong for a list of one entry alone, which ``generate`` never draws."""

COUNTED = """def solve(xs: list[int]) -> int:
    best = length = 1
    for before, here in zip(xs, xs[1:]):
        length = length + 1 if before == here else 1
        best = max(best, length)
    return best
"""
HASTY = COUNTED.replace("return best", "return best if best < 9 else 9")
VAGUE = RUN.replace("the longest run in the list {xs}", "the longest run in the list {xs}, if it is long enough")
MENDED = "WRONG: first\nOne entry is a run of length 1.\n\n" + block(RUN)


def replies(folder: Path, said: Mapping[str, str]) -> Path:
    """Record replies, by task and turn."""
    folder.mkdir(exist_ok=True)
    for name, text in said.items():
        task, _, turn = name.rpartition(".")
        kept = Transcript(task, int(turn), "any", "2026-01-01", "0" * 64, 1, 1, "stop", "A test says so.", text)
        (folder / f"{name}.md").write_bytes(bytes(kept))
    return folder


class World:
    """One task, ``run``, and a pool."""

    def __init__(self, judge: Judge, folder: Path) -> None:
        self.judge, self.folder, self.seeds = judge, folder, small.seeds_in(folder / "seeds")
        for path in (self.seeds / "tasks").glob("*.toml"):
            path.unlink()
        told = 'name = "run"\nkind = "function"\nsignature = "(xs: list[int]) -> int"\ndescription = "As said."\n'
        (self.seeds / "tasks" / "lists.toml").write_text(f"[[task]]\n{told}")

    @property
    def pool(self) -> Pool:
        return Pool(self.folder / "pool")

    def grow(self, said: Mapping[str, str], options: Options | None = None) -> Tally:
        completer = make_completer("recorded", recorded=replies(self.folder / "recorded", said))
        with Ledger(self.pool.folder) as ledger:
            options = options or Options(second=True)
            seeds = tasks.load(self.seeds)
            tally, error = grown(
                seeds, self.pool, ledger, completer, self.judge.bench(), options, lambda _: nullcontext()
            )
        assert error is None
        return tally

    @property
    def told(self) -> dict[str, Any]:
        """What the record says of the second author."""
        return dict(self.pool["run"].record["origin"]["second"])

    @property
    def outcome(self) -> tuple[str, str, str]:
        """How the ledger says that the task ended."""
        known = history(self.pool.folder)
        assert known is not None
        (settled,) = known.outcomes
        return settled.status, settled.law, settled.evidence


@pytest.fixture
def world(judge: Judge, tmp_path: Path) -> World:
    return World(judge, tmp_path)


def test_two_authors_who_agree_are_admitted_with_the_second_solution_on_record(world: World) -> None:
    tally = world.grow({"run.1": block(RUN), "run.second.1": block(COUNTED)})
    assert (tally.admitted, dict(tally.opinions), dict(tally.rulings)) == (1, {"agrees": 1}, {})
    assert (world.told["opinion"], world.told["solution"], world.told["arbiter"]) == ("agrees", COUNTED, [])
    again = world.grow({})
    assert (again.kept, again.asked, dict(again.opinions)) == (1, 0, {})


def test_without_the_option_nobody_is_asked_for_a_second_solution(world: World) -> None:
    tally = world.grow({"run.1": block(RUN)}, Options())
    assert (tally.admitted, tally.asked) == (1, 1)
    assert "second" not in world.pool["run"].record["origin"]


def test_a_first_author_who_is_wrong_in_a_corner_is_mended_by_the_arbiter(world: World) -> None:
    said = {"run.1": block(FORGETFUL), "run.second.1": block(COUNTED), "run.arbiter.1": MENDED}
    assert world.grow({"run.1": block(FORGETFUL)}, Options()).admitted == 1  # the laws alone do not see it
    world.pool.quarantine("run", "second", "for xs = [0] ...")
    tally = world.grow(said)
    assert (tally.admitted, dict(tally.rulings)) == (1, {"first": 1})
    assert dict(tally.opinions) == {"differs": 1, "agrees": 1}
    assert world.pool["run"].program.source == RUN
    assert world.told["arbiter"] == [
        {"turn": 1, "wrong": "first", "why": "One entry is a run of length 1. Here it is."}
    ]


def test_a_second_author_who_is_wrong_is_mended_and_the_first_admitted_as_written(world: World) -> None:
    ruled = f"WRONG: second\nRuns may be longer than 9.\n\n{block(COUNTED)}"
    tally = world.grow({"run.1": block(RUN), "run.second.1": block(HASTY), "run.arbiter.1": ruled})
    assert (tally.admitted, dict(tally.rulings)) == (1, {"second": 1})
    assert (world.pool["run"].program.source, world.told["solution"]) == (RUN, COUNTED)


def test_the_arbiter_is_shown_the_smallest_instance_and_both_programs(world: World) -> None:
    world.grow({"run.1": block(FORGETFUL), "run.second.1": block(COUNTED), "run.arbiter.1": MENDED})
    asked = asyncio.run(_asked_of_the_arbiter(world))
    assert "for xs = [0] the first author's solve gives 0, the second's 1" in asked
    assert "length = length + 1 if here == following else 0" in asked
    assert COUNTED in asked


async def _asked_of_the_arbiter(world: World) -> str:
    from synth import prompts

    found = await world.judge.bench().second(read(FORGETFUL), COUNTED)
    _, user = prompts.arbiter(read(FORGETFUL), COUNTED, found.evidence)
    return user.content


@pytest.mark.parametrize("unclear", ["UNCLEAR: how long is long enough?", block(HASTY)])
def test_a_statement_that_was_mended_is_solved_anew(world: World, unclear: str) -> None:
    ruled = f"**WRONG: statement**\n\nIt does not say what is long enough.\n\n{block(RUN)}"
    said = {"run.1": block(VAGUE), "run.second.1": unclear, "run.arbiter.1": ruled, "run.second.2": block(COUNTED)}
    tally = world.grow(said)
    assert (tally.admitted, dict(tally.rulings), world.told["asked"]) == (1, {"statement": 1}, 2)
    assert world.pool["run"].program.source == RUN
    assert world.told["arbiter"][0]["why"] == "It does not say what is long enough. Here it is."


def test_authors_who_do_not_come_to_agree_are_not_admitted_and_the_counterexample_is_kept(world: World) -> None:
    wrong = {f"run.arbiter.{turn}": f"WRONG: second\nNo.\n\n{block(HASTY)}" for turn in (1, 2)}
    said = {"run.1": block(RUN), "run.second.1": block(HASTY), **wrong}
    tally = world.grow(said, Options(turns=2, second=True))
    assert (tally.admitted, dict(tally.final), dict(tally.opinions)) == (0, {"second": 1}, {"differs": 3})
    status, law, evidence = world.outcome
    assert (status, law) == ("rejected", "second")
    assert evidence.endswith("the first author's solve gives 10, the second's 9")
    again = world.grow({}, Options(turns=2, second=True))
    assert (again.asked, again.remembered, dict(again.final)) == (0, 4, {"second": 1})
    assert world.outcome == (status, law, evidence)


def test_a_ruling_that_cannot_be_read_or_that_breaks_a_law_is_asked_for_again(world: World) -> None:
    unlawful = RUN.replace("return answer == solve(xs)", "return True")
    said = {
        "run.1": block(FORGETFUL),
        "run.second.1": block(COUNTED),
        "run.arbiter.1": "The first, I think.",
        "run.arbiter.2": f"WRONG: first\nSo it is.\n\n{block(unlawful)}",
        "run.arbiter.3": MENDED,
    }
    tally = world.grow(said)
    assert (tally.admitted, dict(tally.rulings)) == (1, {"none": 1, "first": 2})
    first, second_, third = world.told["arbiter"]
    assert "no line WRONG" in first["why"]
    assert (second_["wrong"], second_["law"], third["wrong"]) == ("first", "single", "first")


def test_a_mended_second_program_that_does_not_run_ends_no_dispute(world: World) -> None:
    failing = "def solve(xs: list[int]) -> int:\n    return 1 // 0\n"
    ruled = f"WRONG: second\nNo.\n\n{block(failing)}"
    said = {"run.1": block(FORGETFUL), "run.second.1": block(COUNTED), "run.arbiter.1": ruled}
    tally = world.grow(said, Options(turns=1, second=True))
    assert tally.admitted == 0
    assert "cannot be compared" in world.outcome[2]


@pytest.mark.parametrize("reply", ["I would rather not.", block("import os\n\n\ndef solve(xs):\n    return 1\n")])
def test_a_second_author_who_cannot_leaves_an_environment_admitted_without_an_opinion(world: World, reply: str) -> None:
    tally = world.grow({"run.1": block(RUN), "run.second.1": reply})
    assert (tally.admitted, dict(tally.opinions), world.told["opinion"]) == (1, {"cannot": 1}, "cannot")
    assert world.told["why"]


def test_a_task_whose_second_author_was_not_recorded_stays_open(world: World) -> None:
    tally = world.grow({"run.1": block(RUN)})
    assert (tally.admitted, tally.rejected) == (0, 0)
    assert "run.second.1" in tally.open[0]
    tally = world.grow({"run.second.1": block(COUNTED)})
    assert (tally.admitted, tally.asked, tally.remembered) == (1, 1, 1)


def test_what_was_taken_out_of_the_pool_does_not_come_back_by_itself(world: World) -> None:
    world.grow({"run.1": block(RUN)}, Options())
    world.pool.quarantine("run", "attack", "verify accepts 3 for xs = [1]")
    tally = world.grow({}, Options())
    assert (tally.admitted, tally.open, world.outcome) == (
        0,
        [],
        ("rejected", "attack", "verify accepts 3 for xs = [1]"),
    )
    renamed = RUN.replace("longest = rng", "most = rng").replace("(1, longest)", "(1, most)")
    said = {"run.second.1": block(COUNTED), "run.arbiter.1": f"WRONG: first\nIt was.\n\n{block(renamed)}"}
    tally = world.grow(said)
    assert (tally.admitted, dict(tally.opinions)) == (1, {"agrees": 2})
    assert world.pool["run"].program.source == renamed


def test_of_several_rulings_the_last_with_a_block_counts() -> None:
    def said(text: str) -> Completion:
        return Completion(text, "any", "stop", 1, 1, 0.0, 0.0)

    text = f"WRONG: first?\nLet me see.\n\n- **WRONG: Second.** It stops early.\n{block(COUNTED)}\nWRONG: nothing more"
    ruling, _ = ruling_in(said(text), True)
    assert ruling is not None
    assert (ruling.wrong, ruling.why, ruling.source) == ("second", "It stops early. Here it is.", COUNTED)
    assert ruling_in(said("WRONG: first\nBecause."), True)[1].startswith("the reply has no closed")
    assert ruling_in(said(block(COUNTED)), True)[1].startswith("the reply has no line WRONG")
