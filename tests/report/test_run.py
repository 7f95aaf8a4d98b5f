"""The page of a run, rendered from a made run that is like a real one: it says all and loads nothing."""

import json
import math
import re
import shutil
import sys
from html.parser import HTMLParser
from pathlib import Path
from random import Random
from typing import Any

import pytest

from report import run as page
from rl.config import Config, told_of
from rl.errors import TrainError
from rl.evaluate import Evaluation, Result, Row
from rl.rollouts import Rollout, Rollouts
from rl.tasks import Item, Problem, Split
from synth.types import parse

BASE = {  # how hard each is to begin with, and how fast it is learned; logits, and logits a step
    "longest_run": (-0.6, 0.09),
    "prefix_sums": (-1.5, 0.07),
    "last_digits": (-2.5, 0.045),
    "brackets_match": (0.9, 0.08),
    "due_date": (-1.0, 0.03),
    "vowel_shift": (0.2, 0.06),
    "last_survivor": (-3.2, 0.035),
    "richest_path": (-5.0, 0.0),
}
FUSED = {
    "sequential(prefix_sums:xs, longest_run:xs)": (-2.4, 0.06),
    "parallel(longest_run, brackets_match)": (-0.8, 0.05),
    "sort(vowel_shift, prefix_sums:xs, last_digits, last_survivor)": (-3.0, 0.04),
}
TERMS = BASE | FUSED
PROMPTS, GROUP = 10, 8


def make_run(folder: Path, steps: int = 60, seed: int = 0) -> Path:
    """A finished run in ``folder``: it learns, at a difficulty that rises, and not everything."""
    rng = Random(seed)
    folder.mkdir()
    trainer = {"steps": steps, "prompts": PROMPTS, "group": GROUP, "tokens": 256, "learning_rate": 3e-4}
    config = told_of({"trainer": trainer, "curriculum": {"kind": "window"}}, Config(), "")
    (folder / "config.json").write_text(json.dumps(config.asdict()))
    difficulties, seconds, rows = dict.fromkeys(TERMS, 1), 0.0, []
    for step in range(1, steps + 1):
        row, replies = one_step(rng, step, difficulties)
        seconds += row["step_seconds"]
        rows.append({**row, "seconds": seconds})
        Rollouts(folder).write(step, replies)
    (folder / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    write_evaluations(folder, rng)
    (folder / "model").mkdir()
    (folder / "model" / "config.json").write_text("{}")
    return folder


def bare_run(folder: Path, rows: list[dict[str, Any]]) -> Path:
    """A run of which no more than its rows is left."""
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(Config().asdict()))
    (folder / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def one_step(rng: Random, step: int, difficulties: dict[str, int]) -> tuple[dict[str, Any], list[Rollout]]:
    """A row of the metrics, and the rollouts behind it; the difficulties rise as they are met."""
    replies: list[Rollout] = []
    signal, environments = 0, {}
    for term in sorted(rng.sample(sorted(TERMS), PROMPTS)):
        made = one_group(rng, step, term, difficulties[term])
        replies += made
        scores = [reply.score for reply in made if reply.score is not None]
        signal += len(set(scores)) > 1
        mean = sum(scores) / len(scores)
        environments[term] = {"difficulty": difficulties[term], "mean": mean, "n": len(scores)}
        difficulties[term] += mean > 0.85
    scored = [reply.score for reply in replies if reply.score is not None]
    generate, update, reward = (rng.uniform(0.9, 1.1) * at for at in (0.8 + step / 150, 0.5, 0.04))
    row = {
        "step": step,
        "step_seconds": generate + update + reward + 0.05,
        "reward": sum(scored) / len(scored),
        "loss": rng.gauss(0.01, 0.01),
        "entropy": 1.5 * math.exp(-step / 45) + rng.uniform(0.1, 0.15),
        "length": 24 + 30 * step / 60 + rng.gauss(0, 2),
        "clipped": max(0.0, 0.12 * math.exp(-step / 12) + rng.gauss(0.005, 0.005)),
        "signal": signal / PROMPTS,
        "unscored": sum(reply.score is None for reply in replies),
        "unread": sum(reply.unread for reply in replies),
        "phases": {"generate": generate, "reward": reward, "update": update},
        "environments": environments,
    }
    return row, replies


def one_group(rng: Random, step: int, term: str, difficulty: int) -> list[Rollout]:
    start, speed = TERMS[term]
    right = 1 / (1 + math.exp(-(start + speed * step - 0.8 * (difficulty - 1))))
    seed, xs = rng.randrange(10**6), [rng.randint(0, 3) for _ in range(6 + 4 * difficulty)]
    prompt = f"Find what {term} asks for in the list {xs}.\n\nWrite the final answer inside <answer></answer>."
    partial = 0.5 * ("(" in term)
    return [Rollout(term, seed, difficulty, prompt, *one_reply(rng, step, right, partial)) for _ in range(GROUP)]


def one_reply(rng: Random, step: int, right: float, partial: float) -> tuple[str, float | None, str]:
    """The reply, its score, and why it has none."""
    thought = "I count the neighbours that are equal, one stretch after the other. " * rng.randint(1, 3)
    if rng.random() < 0.25 * math.exp(-step / 15):
        return thought, 0.0, r"no <answer>...</answer> block and no \boxed{...} in the reply"
    reply = f"{thought}\n<answer>{rng.randint(1, 9)}</answer>"
    if rng.random() < 0.002:
        return reply, None, "the verifier did not come back"
    return reply, 1.0 if rng.random() < right else rng.choice([0.0, 0.0, partial]), ""


def write_evaluations(folder: Path, rng: Random) -> None:
    """Before and after on the four held-out splits: a clear gain, two smaller ones, and none."""
    (folder / "evaluations").mkdir()
    rates = {Split.INSTANCES: (0.18, 0.62), Split.ENVIRONMENTS: (0.12, 0.24), Split.COMPOSITIONS: (0.15, 0.38)}
    rates |= {Split.DEPTHS: (0.04, 0.05)}
    items = [Item(term, "" if term in BASE else "composite") for term in sorted(TERMS)]
    problems = [Problem(items[n % len(items)], n, 2, "", parse("int"), {}, 0) for n in range(110)]
    for when, name in enumerate(("before", "after")):
        made: dict[str, Result] = {}
        for split, rate in rates.items():
            rows = [Row(p.item.term, p.seed, 2, scores(rng, rate[when], p.seed % 11)) for p in problems]
            made[split] = Result.of(problems, rows, (1, 8))
        told = Evaluation("runs/longest/model", 0, (1, 8), made).asdict()
        (folder / "evaluations" / f"{name}.json").write_text(json.dumps(told))


def scores(rng: Random, rate: float, place: int) -> tuple[float, ...]:
    """Eight replies to a problem of an environment that is easier or harder than the others."""
    own = min(1.0, rate * (0.6 + 0.08 * place) * rng.uniform(0.6, 1.4))
    return tuple(float(rng.random() < own) for _ in range(8))


class Reader(HTMLParser):
    """What a page has: its elements with their attributes, the ids of its parts, and its words outside drawings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "br", "img", "hr", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag  # an element that is closed out of turn is a broken page

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    @property
    def ids(self) -> list[str]:
        return [str(attributes["id"]) for _, attributes in self.elements if "id" in attributes]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_run(tmp_path_factory.mktemp("runs") / "lists-and-texts")


@pytest.fixture(scope="module")
def html(run: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    return written(run, tmp_path_factory.mktemp("page"))


@pytest.fixture
def copy(run: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(run, tmp_path / "copy"))


def written(run: Path, folder: Path) -> str:
    page.write(run, folder / "page.html")
    return (folder / "page.html").read_text(encoding="utf-8")


def test_the_page_has_each_part_in_order(html: str) -> None:
    parts = ["results", "training", "environments", "samples", "run"]
    assert [name for name in Reader(html).ids if name in parts] == parts
    titles = ["Mean score", "Reward in training", "Groups with signal", "Difficulty drawn", "Failed replies"]
    titles += ["Length of replies", "Entropy of the policy", "Seconds a step"]
    assert re.findall(r"<h3>(.*)</h3>", html) == titles


def test_every_part_is_closed_in_turn(html: str) -> None:
    assert Reader(html).open == []


def test_the_page_loads_nothing(html: str) -> None:
    loading = {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "audio",
        "video",
        "source",
        "base",
        "form",
        "image",
    }
    reader = Reader(html)
    assert [tag for tag, _ in reader.elements if tag in loading] == []
    pointing = ("src", "href", "xlink:href", "srcset", "action", "data", "poster")
    targets = [value for _, attributes in reader.elements for name in pointing if (value := attributes.get(name))]
    assert targets, "the drawings refer to their own marks"
    assert [target for target in targets if not target.startswith("#")] == []
    assert [found for found in re.findall(r"url\(([^)]*)\)", html) if not found.startswith("#")] == []
    assert "@import" not in html
    assert "http" not in html


def test_what_a_drawing_refers_to_is_on_the_page(html: str) -> None:
    reader = Reader(html)
    wanted = {str(value)[1:] for _, attributes in reader.elements if (value := attributes.get("xlink:href"))}
    wanted |= set(re.findall(r"url\(#([^)]*)\)", html))
    assert wanted <= set(reader.ids)


def test_the_colours_of_every_drawing_are_the_pages_own(html: str) -> None:
    drawings = "".join(re.findall(r"<svg.*?</svg>", html, re.DOTALL))
    assert "var(--a)" in drawings
    assert re.findall(r"#[0-9a-f]{6}\b", drawings) == []
    assert set(re.findall(r"var\(--(\w+)\)", html)) <= set(re.findall(r"--(\w+):", html))


def test_the_same_run_has_the_same_page(run: Path, html: str, tmp_path: Path) -> None:
    assert written(run, tmp_path) == html


def test_what_a_user_has_set_for_their_own_drawings_changes_nothing(run: Path, html: str, tmp_path: Path) -> None:
    import matplotlib

    with matplotlib.rc_context(
        {"font.size": 31, "svg.fonttype": "path", "lines.linestyle": "--", "xtick.labelsize": 20}
    ):
        assert written(run, tmp_path) == html
        assert matplotlib.rcParams["font.size"] == 31


def test_the_headline_says_on_how_many_splits_it_became_better(html: str) -> None:
    assert "After training the model is better on 3 of 4 held-out splits." in html


def test_the_table_has_the_differences_of_the_evaluations(run: Path, html: str) -> None:
    before, after = (
        json.loads((run / "evaluations" / f"{name}.json").read_text())["splits"] for name in ("before", "after")
    )
    for split in before:
        difference = after[split]["mean"]["value"] - before[split]["mean"]["value"]
        line = re.search(rf"<tr><td>{split}</td>.*?</tr>", html, re.DOTALL)
        assert line
        shown = re.findall(r">([+-]\d\.\d\d)</td>", line[0])
        assert [float(it) for it in shown] == [pytest.approx(difference, abs=0.00501)]
        assert line[0].count("→") == 2  # pass@1, pass@8


def test_a_reply_that_holds_a_script_is_shown_and_not_run(copy: Path, tmp_path: Path) -> None:
    hostile = "</pre><script>alert('1')</script><img src=x onerror=alert(2)>\x00\u202e"
    Rollouts(copy).write(60, [Rollout(hostile, 1, 1, hostile, hostile, 1.0, hostile)])
    html = written(copy, tmp_path)
    assert {"script", "img"} & {tag for tag, _ in Reader(html).elements} == set()
    assert html.count("&lt;script&gt;alert(&#39;1&#39;)") == 4  # its name, why, the reply, the prompt
    assert "\x00" not in html


def test_a_name_that_holds_markup_is_escaped_in_drawings_too(copy: Path, tmp_path: Path) -> None:
    for name in ("metrics.jsonl", "evaluations/before.json", "evaluations/after.json"):
        text = (copy / name).read_text().replace("longest_run", "<img src=x>").replace("heldout-depths", "<img>$_^{$")
        (copy / name).write_text(text)
    reader = Reader(written(copy, tmp_path))
    assert "img" not in {tag for tag, _ in reader.elements}
    assert reader.text.count("<img src=x>") == 3  # of the map: itself, and in two composites
    assert reader.text.count("<img>$_^{$") == 2  # of the chart and the table


def test_replies_are_shown_from_early_middle_and_late_right_and_wrong(html: str) -> None:
    shown = re.findall(r"<b>step (\d+)</b><span class=\"badge[^>]*>([a-z ]+)", html)
    assert shown == [(step, verdict) for step in ("1", "31", "60") for verdict in ("right", "wrong")]


def test_a_long_reply_is_shown_by_its_ends(copy: Path, tmp_path: Path) -> None:
    Rollouts(copy).write(60, [Rollout("t", 1, 1, "p", "a" * 5000 + "<answer>7</answer>", 1.0)])
    html = written(copy, tmp_path)
    assert "&lt;answer&gt;7" in html
    assert "[… 3,418 characters …]" in html
    assert "a" * 1000 not in html


def test_an_unfinished_run_has_a_page(copy: Path, tmp_path: Path) -> None:
    (copy / "metrics.jsonl").write_bytes((copy / "metrics.jsonl").read_bytes()[:-30])
    (copy / "rollouts" / "000060.parquet").write_bytes(b"PAR1")  # half written
    shutil.rmtree(copy / "model")
    shutil.rmtree(copy / "evaluations")
    text = Reader(written(copy, tmp_path)).text
    assert "59 of 60 steps" in text
    assert "not finished" in text
    assert "Held-out problems: not measured yet." in text


@pytest.mark.filterwarnings("error")
def test_a_run_of_one_step_has_a_page(tmp_path: Path) -> None:
    assert "1 of 1 steps" in written(make_run(tmp_path / "short", steps=1), tmp_path)


@pytest.mark.filterwarnings("error")
def test_a_step_without_any_score_has_gaps_and_not_zeros(tmp_path: Path) -> None:
    row = {"step": 1, "step_seconds": 1.0, "phases": {}, "unscored": 8, "unread": 0, "signal": None, "loss": None}
    row |= dict.fromkeys(("reward", "entropy", "length", "clipped"))
    row |= {"environments": {"t": {"difficulty": 1, "mean": None, "n": 0}}}
    html = written(bare_run(tmp_path / "bare", [row]), tmp_path)
    assert "Reward in training went from – to –." in html
    assert "nan" not in html.lower()


def test_a_run_that_was_only_measured_before_says_so(copy: Path, tmp_path: Path) -> None:
    (copy / "evaluations" / "after.json").unlink()
    assert "Held-out problems: not measured after it yet." in written(copy, tmp_path)


def test_a_control_says_that_it_is_one(copy: Path, tmp_path: Path) -> None:
    config = json.loads((copy / "config.json").read_text())
    config["trainer"]["shuffled_rewards"] = True
    (copy / "config.json").write_text(json.dumps(config))
    assert "This run is a control" in written(copy, tmp_path)


def test_many_environments_show_those_drawn_most(tmp_path: Path) -> None:
    rng, rows = Random(1), []
    for step in (1, 2):
        row = one_step(rng, step, dict.fromkeys(TERMS, 1))[0]
        rows.append(row | {"environments": {f"made_{n}": {"difficulty": 1, "mean": 0.5, "n": n} for n in range(1, 91)}})
    html = written(bare_run(tmp_path / "bare", rows), tmp_path)
    assert "Of 90 environments, the 40 that were drawn most." in html
    assert "<td>made_51</td>" in html
    assert "<td>made_50</td>" not in html


def test_the_map_has_each_environment_with_its_rewards_and_difficulty(tmp_path: Path) -> None:
    rng, rows = Random(1), []
    for step, mean in ((1, 0.0), (2, 0.5), (3, None), (4, 1.0)):
        row = one_step(rng, step, dict.fromkeys(TERMS, 1))[0]
        seen = {"a": {"difficulty": step, "mean": 0.25, "n": 8}} | {"b": {"difficulty": 1, "mean": mean, "n": 8}}
        rows.append(row | {"environments": seen if mean is not None else {"a": seen["a"]}})
    record = page.read(bare_run(tmp_path / "bare", rows))
    a, b = page.heat(record)
    assert (a.term, a.replies, a.early, a.late, a.reached) == ("a", 32, 0.25, 0.25, 4)
    assert (b.term, b.replies, b.early, b.late, b.reached) == ("b", 24, 0.0, 1.0, 1)
    assert strength(a.difficulty) == {0: 0.07, 1: 0.38, 2: 0.69, 3: 1.0}
    assert strength(b.reward) == {0: 0.07, 1: 0.53, 3: 1.0}  # nothing was drawn in the third


def strength(strip: str) -> dict[int, float]:
    return {int(at): float(opacity) for at, opacity in re.findall(r'd="M(\d+) [^"]*" opacity="([^"]*)"', strip)}


def test_a_run_at_one_difficulty_shows_no_map_of_it(tmp_path: Path) -> None:
    rows = [one_step(Random(1), step, dict.fromkeys(TERMS, 1))[0] for step in (1, 2)]
    assert "<th>reached</th>" not in written(bare_run(tmp_path / "bare", rows), tmp_path)


def test_the_pass_rate_is_of_the_replies_that_are_wholly_right(run: Path) -> None:
    told = {step: [r.score for r in rollouts if r.score is not None] for step, rollouts in Rollouts(run).read()}
    rates = [sum(score == 1.0 for score in scores) / len(scores) for scores in told.values()]
    assert page.read(run).passed == pytest.approx(rates)


def test_unscored_replies_are_counted(run: Path, html: str) -> None:
    told = [rollout.score for _, rollouts in Rollouts(run).read() for rollout in rollouts]
    assert f"unscored replies {told.count(None)} of {len(told):,}" in Reader(html).text


def test_a_folder_that_is_no_run_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(TrainError, match=r"is no run: its config\.json cannot be read"):
        page.write(tmp_path / "nowhere", tmp_path / "page.html")


def test_a_run_without_a_finished_step_is_refused_in_one_line(tmp_path: Path) -> None:
    run = bare_run(tmp_path / "bare", [])
    (run / "metrics.jsonl").write_text('{"step": 1, "rew')
    with pytest.raises(TrainError, match="no step is finished yet"):
        page.write(run, tmp_path / "page.html")


DAMAGE = {
    "metrics.jsonl": '{"step": 1}\n',
    "config.json": "{",
    "evaluations/after.json": "{",
    "rollouts/000031.parquet": "PAR1",
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_file_is_named_in_one_line(name: str, copy: Path, tmp_path: Path) -> None:
    (copy / name).write_text(DAMAGE[name])
    with pytest.raises(TrainError) as caught:
        page.write(copy, tmp_path / "page.html")
    assert Path(name).name in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "page.html").exists()


def test_evaluations_of_different_problems_are_refused_in_one_line(copy: Path, tmp_path: Path) -> None:
    told = json.loads((copy / "evaluations" / "after.json").read_text())
    told["splits"]["heldout-depths"]["rows"][0]["seed"] += 1000
    (copy / "evaluations" / "after.json").write_text(json.dumps(told))
    with pytest.raises(TrainError, match="of different problems"):
        page.write(copy, tmp_path / "page.html")


def test_a_page_that_cannot_be_written_is_one_line(run: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainError, match=r"nowhere/page\.html: cannot be written \(No such file or directory\)$"):
        page.write(run, tmp_path / "nowhere" / "page.html")


def test_without_the_drawing_library_the_extra_is_named(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(TrainError, match=r"pip install 'brickyard\[rl\]'"):
        page.write(run, tmp_path / "page.html")
