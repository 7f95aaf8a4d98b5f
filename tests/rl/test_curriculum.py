"""Curricula: draws go on as they were, difficulty rises only when earned, and what teaches is drawn more often."""

import json
from collections import Counter
from pathlib import Path
from random import Random
from statistics import pstdev
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.curriculum import (
    FILE,
    KINDS,
    Bandit,
    Curriculum,
    Gate,
    Group,
    Learnability,
    Options,
    Roster,
    Window,
    advantages,
    has_signal,
    make,
    read_learnability,
    signal,
    write_learnability,
)
from rl.errors import TrainError
from synth.contract import TOLERANCE

TERMS = ("longest_run", "sort_digits", "sequential(sort_digits, longest_run:xs)", "reverse")
LAW = settings(deadline=None, max_examples=60)

SCORE = st.none() | st.sampled_from((0.0, 0.25, 0.5, 1.0)) | st.floats(0, 1)
SCORES = st.lists(SCORE, min_size=1, max_size=6).map(tuple)
GROUP = st.builds(Group, st.sampled_from(TERMS), st.integers(1, 10), SCORES)
STEPS = st.lists(st.lists(GROUP, max_size=6), max_size=12)
KIND = st.sampled_from(sorted(KINDS))
QUICK = Options(threshold=0.5, prompts=1, recent=8)
RIGHT, WRONG, MIXED = (1.0,) * 4, (0.0,) * 4, (1.0, 0.0, 1.0, 0.0)


def draws(curriculum: Curriculum, seed: int = 0, n: int = 30) -> list[tuple[str, int]]:
    rng = Random(seed)
    return [curriculum.choose(rng) for _ in range(n)]


def taught(kind: str, steps: list[list[Group]], options: Options = QUICK) -> Curriculum:
    curriculum = make(kind, TERMS, options)
    for groups in steps:
        curriculum.observe(groups)
    return curriculum


def window(options: Options = QUICK) -> Window:
    return Window(Roster("window", TERMS, options))


# every kind


@LAW
@given(KIND, STEPS, STEPS, st.sampled_from(TERMS), st.integers(0, 99))
def test_a_restored_curriculum_makes_the_same_draws_now_and_later(
    kind: str, steps: list[list[Group]], later: list[list[Group]], benched: str, seed: int
) -> None:
    first = taught(kind, steps)
    first.bench(benched)
    second = make(kind, TERMS, QUICK)
    second.restore(json.loads(json.dumps(first.state())))
    assert draws(first, seed) == draws(second, seed)
    for groups in later:
        first.observe(groups)
        second.observe(groups)
        assert draws(first, seed) == draws(second, seed)
    assert first.state() == second.state()


@LAW
@given(KIND, STEPS)
def test_a_draw_changes_nothing_and_a_state_is_not_changed_later(kind: str, steps: list[list[Group]]) -> None:
    curriculum = taught(kind, steps)
    state = curriculum.state()
    before = json.dumps(state)
    assert draws(curriculum) == draws(curriculum)
    curriculum.observe([Group(term, 1, MIXED) for term in TERMS])
    curriculum.bench(TERMS[0])
    assert json.dumps(state) == before != json.dumps(curriculum.state())


@LAW
@given(KIND, STEPS, st.sets(st.sampled_from(TERMS), min_size=1, max_size=len(TERMS) - 1))
def test_a_benched_term_is_never_drawn_and_the_others_are(kind: str, steps: list[list[Group]], out: set[str]) -> None:
    curriculum = taught(kind, steps, Options(temperature=5))
    for term in sorted(out):
        curriculum.bench(term)
        curriculum.bench(term)
    assert {term for term, _ in draws(curriculum, n=200)} == set(TERMS) - out


@LAW
@given(KIND, STEPS, st.integers(1, 10), st.integers(1, 10))
def test_difficulties_stay_within_the_range(kind: str, steps: list[list[Group]], a: int, b: int) -> None:
    low, high = sorted((a, b))
    curriculum = taught(kind, steps, Options(low, high, threshold=0.01, prompts=1))
    assert all(low <= difficulty <= high for _, difficulty in draws(curriculum))


@pytest.mark.parametrize("kind", ["window", "gate"])
def test_the_highest_difficulty_is_reached_and_not_passed(kind: str) -> None:
    curriculum = make(kind, TERMS, Options(2, 4, prompts=1, width=1))
    for difficulty in (2, 3, 4, 4):
        curriculum.observe([Group("reverse", difficulty, RIGHT)])
    assert max(difficulty for _, difficulty in draws(curriculum)) == 4


@pytest.mark.parametrize("kind", KINDS)
def test_the_last_term_stays(kind: str) -> None:
    curriculum = make(kind, TERMS)
    for term in TERMS[1:]:
        curriculum.bench(term)
    with pytest.raises(TrainError, match="longest_run cannot be benched"):
        curriculum.bench(TERMS[0])
    assert {term for term, _ in draws(curriculum)} == {TERMS[0]}


@pytest.mark.parametrize("kind", KINDS)
def test_a_term_that_was_never_there_cannot_be_benched(kind: str) -> None:
    with pytest.raises(ValueError):
        make(kind, TERMS).bench("nowhere")


@pytest.mark.parametrize("other", [("fixed", TERMS, QUICK), ("gate", TERMS[::-1], QUICK), ("gate", TERMS, Options())])
def test_a_state_of_another_curriculum_is_refused(other: tuple[str, tuple[str, ...], Options]) -> None:
    with pytest.raises(TrainError, match="but its state has"):
        make("gate", TERMS, QUICK).restore(make(*other).state())


@pytest.mark.parametrize(
    ("kind", "terms", "told"),
    [("ladder", TERMS, "'ladder'"), ("fixed", (), "no environments"), ("fixed", ("a", "b", "a"), "a is named twice")],
)
def test_what_cannot_be_made_is_told_in_one_line(kind: str, terms: tuple[str, ...], told: str) -> None:
    with pytest.raises(TrainError, match=told):
        make(kind, terms)


@pytest.mark.parametrize(
    "wrong",
    [
        {"low": 0},
        {"high": 11},
        {"low": 5, "high": 4},
        {"threshold": 0.0},
        {"threshold": 1.5},
        {"prompts": 0},
        {"width": 0},
        {"temperature": 0.0},
        {"recent": 0},
    ],
)
def test_an_option_out_of_range_is_shown(wrong: dict[str, Any]) -> None:
    with pytest.raises(TrainError, match=str([*wrong.values()][-1])):
        Options(**wrong)


def test_fixed_draws_every_term_at_every_difficulty() -> None:
    seen = Counter(draws(make("fixed", TERMS, Options(2, 4)), n=1200))
    assert set(seen) == {(term, difficulty) for term in TERMS for difficulty in (2, 3, 4)}
    assert min(seen.values()) > 60  # of 100 expected: 4 standard deviations


# window and gate


@LAW
@given(st.lists(SCORES, max_size=20), st.sampled_from((0.3, 0.5, 0.9, 1.0)), st.integers(1, 4))
def test_the_window_moves_up_exactly_when_its_top_reaches_the_threshold(
    replies: list[tuple[float | None, ...]], threshold: float, prompts: int
) -> None:
    curriculum = window(Options(threshold=threshold, prompts=prompts))
    counted: list[list[float]] = []
    for scores in replies:
        _, top = curriculum.bounds("reverse")
        curriculum.observe([Group("reverse", top, scores)])
        counted += [scored] if (scored := [s for s in scores if s is not None]) else []
        expected = top
        if len(counted) == prompts:
            flat = [score for scored in counted for score in scored]
            expected += top < 10 and sum(score >= 1 - TOLERANCE for score in flat) / len(flat) >= threshold
            counted = []
        assert curriculum.bounds("reverse") == (max(1, expected - 3), expected)


def test_the_window_keeps_its_width_and_draws_all_of_it() -> None:
    curriculum = window(Options(width=4, prompts=1))
    for difficulty in range(1, 7):
        curriculum.observe([Group("reverse", difficulty, RIGHT)])
    assert curriculum.bounds("reverse") == (4, 7)
    assert {d for term, d in draws(curriculum, n=400) if term == "reverse"} == {4, 5, 6, 7}
    assert {d for term, d in draws(curriculum, n=400) if term != "reverse"} == {1}


def test_the_window_follows_its_paper_unless_told_otherwise() -> None:
    curriculum = window(Options())
    nine_of_ten = (1.0,) * 9 + (0.0,)
    curriculum.observe([Group("reverse", 1, nine_of_ten)] * 7)
    assert curriculum.bounds("reverse") == (1, 1)
    curriculum.observe([Group("reverse", 1, nine_of_ten)])
    assert curriculum.bounds("reverse") == (1, 2)
    curriculum.observe([Group("reverse", 2, nine_of_ten)] * 7 + [Group("reverse", 2, (1.0,) * 8 + (0.0,) * 2)])
    assert curriculum.bounds("reverse") == (1, 2)


@pytest.mark.parametrize(
    "below", [Group("reverse", 1, RIGHT), Group("reverse", 3, RIGHT), Group("reverse", 2, (None,))]
)
def test_only_scored_replies_at_the_top_count(below: Group) -> None:
    curriculum = window()
    curriculum.observe([Group("reverse", 1, RIGHT)])
    curriculum.observe([below] * 20)
    assert curriculum.bounds("reverse") == (1, 2)


def test_partial_rewards_are_not_right() -> None:
    curriculum = window()
    curriculum.observe([Group("reverse", 1, (0.99,) * 8)])
    assert curriculum.bounds("reverse") == (1, 1)


def test_a_bad_start_is_forgotten_once_judged() -> None:
    curriculum = window()
    curriculum.observe([Group("reverse", 1, WRONG)] * 50)
    curriculum.observe([Group("reverse", 1, RIGHT)])
    assert curriculum.bounds("reverse") == (1, 2)


def test_the_gate_opens_for_all_terms_at_once() -> None:
    curriculum = Gate(Roster("gate", TERMS, Options(prompts=4)))
    curriculum.observe([Group("reverse", 1, MIXED)] * 3)
    assert {d for _, d in draws(curriculum)} == {1}
    curriculum.observe([Group("longest_run", 1, MIXED)])
    assert {d for _, d in draws(curriculum)} == {2}
    assert {t for t, _ in draws(curriculum)} == set(TERMS)
    curriculum.observe([Group("reverse", 2, MIXED)] * 3 + [Group("reverse", 2, WRONG)])
    assert {d for _, d in draws(curriculum)} == {2}


# bandit


@LAW
@given(st.integers(0, 3), st.integers(0, 999))
def test_the_bandit_prefers_what_teaches_and_still_visits_all(best: int, seed: int) -> None:
    curriculum = Bandit(Roster("bandit", TERMS, Options()))
    rng, seen = Random(seed), Counter[str]()
    for _ in range(60):
        drawn = [curriculum.choose(rng) for _ in range(8)]
        seen.update(term for term, _ in drawn)
        curriculum.observe([Group(t, d, MIXED if t == TERMS[best] else RIGHT) for t, d in drawn])
    assert seen.most_common(1)[0][0] == TERMS[best]
    assert seen[TERMS[best]] > 2 * max(seen[term] for term in TERMS if term != TERMS[best])
    assert min(seen[term] for term in TERMS) >= 2


@LAW
@given(SCORES.filter(has_signal), st.integers(1, 50))
def test_at_equal_visits_the_larger_advantage_is_the_likelier(scores: tuple[float | None, ...], visits: int) -> None:
    dull = (0.5,) * len(scores)
    curriculum = Bandit(Roster("bandit", TERMS, Options()))
    curriculum.observe([Group(t, 1, scores if t == "reverse" else dull) for t in TERMS] * visits)
    chances = curriculum.probabilities()
    assert all(chances["reverse"] > chances[term] for term in TERMS if term != "reverse")


def test_at_equal_advantages_the_less_visited_is_the_likelier() -> None:
    curriculum = Bandit(Roster("bandit", TERMS, Options()))
    curriculum.observe([Group(term, 1, MIXED) for term in (*TERMS[:3], *TERMS[:3])] + [Group("reverse", 1, MIXED)])
    chances = curriculum.probabilities()
    assert min(TERMS, key=lambda t: chances[t]) != max(TERMS, key=lambda t: chances[t]) == "reverse"


def test_the_bandit_forgets_what_a_term_taught_long_ago() -> None:
    curriculum = Bandit(Roster("bandit", TERMS, Options(recent=8)))
    curriculum.observe([Group(term, 1, MIXED) for term in TERMS] * 40)
    curriculum.observe([Group(t, 1, RIGHT if t == "reverse" else MIXED) for t in TERMS] * 2)
    assert curriculum.probabilities()["reverse"] < 0.01


def test_what_cannot_be_scored_does_not_stay_unexplored() -> None:
    curriculum = Bandit(Roster("bandit", TERMS, Options()))
    curriculum.observe([Group(t, 1, (None,) * 4 if t == "reverse" else MIXED) for t in TERMS] * 50)
    assert curriculum.probabilities()["reverse"] < 0.01


def test_the_score_of_a_term_is_that_of_the_paper() -> None:
    curriculum = Bandit(Roster("bandit", ("a", "b"), Options()))
    curriculum.observe([Group("a", 1, MIXED), Group("b", 1, MIXED), Group("b", 1, RIGHT)])
    # a: 1 + sqrt(2 ln 13 / 5) = 2.012906; b: 1/2 + sqrt(2 ln 13 / 9) = 1.254976; (a - b) / 0.1 = 7.579301
    assert curriculum.probabilities()["b"] == pytest.approx(1 / (1 + 2.718281828459045**7.579301), rel=1e-4)


# signal and advantages


@LAW
@given(st.floats(0, 1), st.integers(1, 20))
def test_a_group_of_equal_rewards_has_no_signal(score: float, n: int) -> None:
    assert signal([score] * n) == 0
    assert not has_signal([score] * n + [None])
    assert advantages([score] * n) == [0] * n


@pytest.mark.parametrize(
    ("scores", "teaches"),
    [
        ((0.5, 0.5, 0.5), False),
        ((0.5, 0.7), True),
        ((0.1 + 0.2, 0.3), False),
        ((0.5, None), False),
        ((None, None), False),
        ((), False),
        ((0.0, 1.0), True),
    ],
)
def test_a_group_teaches_when_its_rewards_differ(scores: tuple[float | None, ...], teaches: bool) -> None:
    assert has_signal(scores) is teaches


@LAW
@given(SCORES)
def test_advantages_are_centred_of_unit_scale_and_in_the_order_of_the_rewards(scores: tuple[float | None, ...]) -> None:
    found = advantages(scores)
    assert len(found) == len(scores)
    assert all(value == 0 for value, score in zip(found, scores, strict=True) if score is None)
    kept = [(score, value) for score, value in zip(scores, found, strict=True) if score is not None]
    assert sum(value for _, value in kept) == pytest.approx(0, abs=1e-5)
    assert [value for _, value in sorted(kept)] == sorted(value for _, value in kept)
    if has_signal(scores):
        assert signal(scores) == pytest.approx(pstdev(score for score, _ in kept), rel=1e-5)
        assert sum(value**2 for _, value in kept) / len(kept) == pytest.approx(1, rel=1e-5)


# learnability


@LAW
@given(STEPS, STEPS)
def test_a_restored_summary_goes_on_as_it_was(steps: list[list[Group]], later: list[list[Group]]) -> None:
    first, second = Learnability(), Learnability()
    for groups in steps:
        first.observe(groups)
    second.restore(json.loads(json.dumps(first.asdict())))
    for groups in later:
        first.observe(groups)
        second.observe(groups)
    assert first.asdict() == second.asdict()


@LAW
@given(st.lists(SCORES, min_size=1, max_size=12))
def test_a_summary_is_the_mean_over_what_was_seen(seen: list[tuple[float | None, ...]]) -> None:
    learnability = Learnability()
    learnability.observe([Group("reverse", 1, scores) for scores in seen])
    row = learnability.asdict()["reverse"]
    scored = [score for scores in seen for score in scores if score is not None]
    absolute = [abs(value) for scores in seen for value in advantages(scores)]
    assert (row["groups"], row["replies"], row["scored"]) == (len(seen), len(absolute), len(scored))
    assert row["reward"] == (pytest.approx(sum(scored) / len(scored)) if scored else None)
    assert row["signal"] == pytest.approx(sum(map(has_signal, seen)) / len(seen))
    assert row["advantage"] == pytest.approx(sum(absolute) / len(absolute))


def rows(*groups: Group) -> dict[str, dict[str, Any]]:
    learnability = Learnability()
    learnability.observe(groups)
    return learnability.asdict()


def test_what_environments_taught_is_kept_and_the_latest_wins(tmp_path: Path) -> None:
    assert read_learnability(tmp_path) == {}
    old = rows(Group("reverse", 1, WRONG), Group("longest_run", 1, RIGHT))
    new = rows(Group("reverse", 2, MIXED))
    write_learnability(tmp_path, old)
    write_learnability(tmp_path, new)
    assert read_learnability(tmp_path) == old | new
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize("text", ["{", "[]", '{"reverse": 3}', '{"reverse": {"mood": 1}}', "\udcff"])
def test_a_file_that_is_no_record_is_told_and_left(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_bytes(text.encode(errors="surrogateescape"))
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(TrainError, match="move it away"):
        write_learnability(tmp_path, rows(Group("reverse", 1, RIGHT)))
    assert (tmp_path / FILE).read_bytes() == before


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(TrainError, match="cannot be written"):
        write_learnability(tmp_path / "gone", {})
