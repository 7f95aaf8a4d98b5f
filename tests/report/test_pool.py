"""The page of a pool, made from a small one with some of everything: what it says, and what a reader can do with it.

The reader is a real browser where there is one; see ``browser.py``.
"""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from report import pool as page
from report import typegraph
from report.certificate import Certificate
from rl.errors import TrainError
from sandbox import Limits, Sandbox
from sandbox.admit import Judge
from sandbox.audit.bounds import upper
from sandbox.audit.brute import Brute
from sandbox.audit.mutants import Change, Strength
from sandbox.audit.statement import Note
from sandbox.live import Live
from synth.compose import composite
from synth.compose.store import Composites
from synth.environment import Signature
from synth.ledger import Ledger
from synth.pool import Pool, PoolError, record
from synth.program import read
from synth.types import as_json, parse
from synth.verdict import Difference, Finding, Kind, Opinion, Second, Trials, Verdict
from tests.conftest import EXAMPLES
from tests.report.browser import FOUND, Page, browser
from tests.report.test_run import Reader, make_run

HOSTILE = "</script><script>window.ran = true</script><img src=x onerror='window.ran = true'>"
JUDGED = ("longest_run", "prefix_sums", "order_jobs")
TERMS = {
    "parallel(longest_run, prefix_sums)": ("parallel", 2),
    "sequential(prefix_sums:xs, longest_run:xs)": ("sequential", 2),
    "parallel(longest_run, prefix_sums, due_date)": ("parallel", 3),
}
LONGEST_RUN = (EXAMPLES[0].parent / "longest_run.py").read_text()
ENDLESS = LONGEST_RUN.replace("    longest = rng", "    while True: pass\n    longest = rng")
LINES = [line.strip() for line in LONGEST_RUN.splitlines()]
DRAWS = LINES.index("longest = rng.randint(2, 5 + difficulty)") + 1
COMPARES = LINES.index("return answer == solve(xs)") + 1
AUDIT: dict[str, Any] = {
    "deep": {
        "false_accepts": {"odd": {"tried": 360, "accepted": 2, "upper": 0.0174}},
        "brute": asdict(Brute(12, 4321, (1,) * 12)),
        "strength": asdict(Strength(5, 4, (Change("compare", COMPARES, "answer == solve(xs) became True"),), 90)),
        "unmentioned": [asdict(Note(DRAWS, LINES[DRAWS - 1], "the number 5 is not mentioned"))],
        "findings": [asdict(Finding(f"verify accepts {HOSTILE}", 3, 2))],
        "notes": [f"line {DRAWS}: the number 5 is not mentioned"],
        "attacks": [{"kind": "off by one", "instance": {"xs": [4, 4]}, "answer": 77_077, "proof": "solve gives 2"}],
    },
    "second": Second(Opinion.DIFFERS, 240, 3, difference=Difference(Kind.SOLVE, {"xs": [5]}, None, 1, 0)).asdict(),
}


def pool_in(folder: Path, judge: Judge) -> Pool:
    """The examples, three of them judged and one audited further; a ledger, composites, and one that was taken out."""
    pool = Pool(folder)
    for path in EXAMPLES:
        told = judge.judge(path.read_text()).asdict() if path.stem in JUDGED else {}
        certificate = {"certificate": told["certificate"]} if told else {}
        pool.add(record(path.stem, "a" if path.stem < "l" else "b", read(path.read_text()), {"turn": 1}, certificate))
    pool.add(record("endless", "b", read(ENDLESS), {}, {}))
    pool.keep_audit("longest_run", {"name": "longest_run", **AUDIT})
    pool.quarantine("pick_sum", "second", f"for n = 7 the two differ {HOSTILE}")
    rows = []
    store = Composites(pool)
    for term, (operator, size) in TERMS.items():
        row = {"term": term, "operator": operator, "size": size, "parts": sorted(composite.read(term, pool).programs)}
        rows.append({**row, "digest": store.digest(row)})
    store.append(rows, {"round": 1})
    with Ledger(folder) as ledger:
        grow(ledger)
    return pool


def grow(ledger: Ledger) -> None:
    """Three tasks: one admitted at once, one after a repair, one never."""
    broken = Verdict("scales", "It grows.", Finding(f"nothing grows {HOSTILE}"))
    for task, verdicts in {"longest_run": [Verdict()], "due_date": [broken, Verdict()], "lost": [broken] * 3}.items():
        for turn, verdict in enumerate(verdicts, 1):
            ledger.note_attempt("recorded", task, turn, "d", verdict)
        law = verdicts[-1].law
        ledger.settle("recorded", task, "rejected" if law else "admitted", len(verdicts), law, "nothing grows")


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """A sandbox whose calls have little time."""
    with Sandbox(Limits(call_seconds=0.5)) as box:
        yield box


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory, judge: Judge) -> Pool:
    return pool_in(tmp_path_factory.mktemp("pools") / "small", judge)


@pytest.fixture(scope="module")
def file(pool: Pool, box: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("page") / "report.html"
    page.write(pool, to, box, families={"lost": "a"})
    return to


@pytest.fixture(scope="module")
def html(file: Path) -> str:
    return file.read_text(encoding="utf-8")


@pytest.fixture
def bare(tmp_path: Path) -> Pool:
    """One environment, and nothing known of it."""
    pool = Pool(tmp_path / "bare")
    pool.add(record("longest_run", "b", read(LONGEST_RUN), {}, {}))
    return pool


def written(pool: Pool, box: Sandbox, tmp_path: Path, **how: Any) -> str:
    page.write(pool, tmp_path / "page.html", box, **how)
    return (tmp_path / "page.html").read_text(encoding="utf-8")


def embedded(html: str, name: str) -> Any:
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', html)
    assert found
    return json.loads(found[1])


def section(html: str, name: str) -> Reader:
    """What the page says of one environment."""
    found = re.search(rf'<script type="text/html" id="env-{name}">(.*?)</script>', html, re.DOTALL)
    assert found
    return Reader(found[1])


def overview(html: str) -> str:
    return " ".join(Reader(re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)).text.split())


def test_the_page_has_each_part_in_order_and_every_element_is_closed(html: str) -> None:
    parts = ["growth", "certificates", "out", "types", "composites"]
    plain = Reader(re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL))
    assert [name for name in plain.ids if name in parts] == parts
    assert plain.open == []


def test_the_page_names_nothing_outside_of_itself(html: str) -> None:
    for text in (html, *re.findall(r'<script type="text/html"[^>]*>(.*?)</script>', html, re.DOTALL)):
        reader = Reader(text)
        assert {tag for tag, _ in reader.elements} & {
            "link",
            "img",
            "iframe",
            "object",
            "embed",
            "base",
            "form",
        } == set()
        targets = [value for _, told in reader.elements for name in ("src", "href") if (value := told.get(name))]
        assert [target for target in targets if not target.startswith("#")] == []
    assert "@import" not in html
    assert not re.search(r"url\(", html)


def test_the_same_pool_has_the_same_page_wherever_it_is(pool: Pool, box: Sandbox, html: str, tmp_path: Path) -> None:
    copy = Pool(Path(shutil.copytree(pool.folder, tmp_path / "small")))
    assert written(copy, box, tmp_path, families={"lost": "a"}) == html


def test_every_environment_has_a_row_and_a_section_of_its_own(pool: Pool, html: str) -> None:
    rows = {row["name"]: row for row in embedded(html, "rows")}
    assert list(rows) == [entry.name for entry in pool]
    for entry in pool:
        assert rows[entry.name]["signature"] == str(entry.program.signature)
        reader = section(html, entry.name)
        assert reader.open == []
        assert entry.program.title in reader.text
        assert " ".join(entry.program.source.split()) in reader.text


def test_the_instances_are_those_that_the_environment_draws(pool: Pool, html: str, box: Sandbox) -> None:
    shown = embedded(html, "instances")
    for name in ("longest_run", "order_jobs", "rainbow_draw"):
        assert [row[0] for row in shown[name]] == list(range(1, 11))
        with Live(pool[name].program, box) as live:
            for difficulty, values, answer, problem in shown[name][::4]:
                posed = live.pose(0, difficulty)
                assert values == {field: as_json(value) for field, value in posed.instance.items()}
                assert (answer, problem) == (as_json(posed.reference), "")


def test_an_environment_that_cannot_be_drawn_says_so_in_its_place(html: str) -> None:
    assert {row[3].partition(",")[0] for row in embedded(html, "instances")["endless"]} == {"generate: timed out"}


def test_the_rate_of_accepted_wrong_answers_is_bounded_from_what_was_tried(pool: Pool, html: str) -> None:
    rows = {row["name"]: row for row in embedded(html, "rows")}
    kinds = pool["prefix_sums"].record["certificate"]["false_accepts"].values()
    tried = sum(of["tried"] for of in kinds)
    assert rows["prefix_sums"]["tried"] == tried > 100
    assert rows["prefix_sums"]["bound"] == upper(Trials(tried, rows["prefix_sums"]["accepted"]))


def test_the_last_audit_stands_before_the_record(html: str) -> None:
    row = next(row for row in embedded(html, "rows") if row["name"] == "longest_run")
    assert (row["tried"], row["accepted"]) == (360, 2)
    assert (row["share"], row["mutants"], row["listed"], row["right"]) == (0.8, 5, 4321, [1])
    assert row["second"] == "differs"
    assert len(row["findings"]) == 2
    text = section(html, "longest_run").text
    assert "a second author answers otherwise on 3 of 240 instances" in text
    assert "off by one solve gives 2" in text
    assert "77077" in text
    assert "answer == solve(xs) became True" in text


def test_what_was_not_measured_is_no_figure(html: str) -> None:
    row = next(row for row in embedded(html, "rows") if row["name"] == "due_date")
    unknown = ("tried", "accepted", "bound", "chance", "share", "mutants", "listed")
    assert [row[name] for name in unknown] == [None] * len(unknown)
    assert "Its record holds no certificate" in section(html, "due_date").text


def test_a_damaged_or_foreign_audit_leaves_the_record_as_it_is(pool: Pool) -> None:
    entry = pool["prefix_sums"]
    with_nothing, with_little = Certificate.of(entry, None), Certificate.of(entry, {"deep": {"brute": {}, "later": 1}})
    for certificate in (with_nothing, with_little):
        assert certificate.chance == entry.record["certificate"]["chance"]
        assert (certificate.share, certificate.brute, certificate.findings, certificate.attacks) == (None, {}, [], [])


def test_the_page_says_when_nothing_was_audited_and_how_to(bare: Pool, box: Sandbox, tmp_path: Path) -> None:
    html = written(bare, box, tmp_path)
    assert "brickyard audit (without a path, over the pool) adds" in overview(html)
    assert "It was not audited further" in section(html, "longest_run").text


def test_the_funnel_counts_what_the_ledger_holds(html: str) -> None:
    text = overview(html)
    for stage in (
        "tasks 3",
        "replies 6",
        "with a module 6",
        "kept every law 2",
        "admitted 2",
        "rejected 1",
        "taken out 1",
    ):
        assert stage in text
    assert "scales 4 replies, the last of 1 task" in text


def test_the_yield_of_a_family_has_its_turns_and_what_was_rejected(html: str) -> None:
    families = re.findall(r'data-family="(\w+)">.*?<b>(\d+)<small>/(\d+)', html, re.DOTALL)
    assert families == [("a", "1", "2"), ("b", "1", "1")]
    assert 'title="1 at turn 2"' in html
    assert 'title="1 rejected"' in html


def test_a_pool_without_a_ledger_says_so(bare: Pool, box: Sandbox, tmp_path: Path) -> None:
    assert "This pool has no ledger" in overview(written(bare, box, tmp_path))


def test_what_was_taken_out_is_listed_with_its_reason(html: str) -> None:
    assert "pick_sum b second for n = 7 the two differ </script><script>" in overview(html)
    assert "pick_sum" not in {row["name"] for row in embedded(html, "rows")}


def test_a_file_that_is_not_used_is_named(bare: Pool, box: Sandbox, tmp_path: Path) -> None:
    (bare.folder / "b" / "stray.py").write_text("x = 1\n")
    assert "stray.py: has no record beside it" in overview(written(Pool(bare.folder), box, tmp_path))


def test_composites_are_counted_by_operator_and_size_and_a_few_are_shown(html: str) -> None:
    text = overview(html)
    assert "operator 1 2 3 all parallel 1 1 2 sequential 1 1" in text
    assert "Take the following steps in order." in text
    assert "It stands in 3 composites" in section(html, "longest_run").text


def test_a_pool_without_composites_says_how_to_make_some(bare: Pool, box: Sandbox, tmp_path: Path) -> None:
    assert "brickyard compose fuses" in overview(written(bare, box, tmp_path))


def test_the_graph_has_every_type_and_shares_each_environment_out_among_its_fields() -> None:
    int_, texts = parse("int"), parse("list[str]")
    of = typegraph.bands([Signature({"a": int_, "b": int_}, texts), Signature({"a": int_, "c": texts}, int_)])
    assert of.environments == {("int", "list[str]"): 1, ("int", "int"): 1, ("list[str]", "int"): 1}
    assert of.weights == {("int", "list[str]"): 1.0, ("int", "int"): 0.5, ("list[str]", "int"): 0.5}
    assert of.ends == ({"int": 2, "list[str]": 1}, {"int": 1, "list[str]": 1})
    drawn = typegraph.drawing(of, {"int": int_, "list[str]": texts})
    assert drawn.count('class="band"') == 3
    assert drawn.count('class="type"') == 4
    assert re.search(r'aria-label="int: 2 environments are given it"', drawn)


def test_many_types_are_drawn_as_the_most_frequent_and_the_others() -> None:
    items = ["int", "str", "bool", "float"]
    types = [parse(f"tuple[{a}, {b}, {c}]") for a in items for b in items for c in items]
    of = typegraph.bands([*(Signature({"x": t}, t) for t in types), Signature({"x": types[-1]}, types[-1])])
    assert len(of.ends[0]) == len(of.ends[1]) == typegraph.MOST_TYPES + 1
    assert of.ends[0][typegraph.OTHERS] == len(types) - typegraph.MOST_TYPES
    assert of.ends[0][str(types[-1])] == 2


def test_a_training_run_is_on_the_page(bare: Pool, box: Sandbox, tmp_path: Path) -> None:
    text = overview(written(bare, box, tmp_path, folder=make_run(tmp_path / "run", steps=12)))
    assert "12 of 12 steps" in text
    assert "Before and after" in text
    assert "Reward in training" in text


def test_a_folder_that_is_no_run_is_one_line(bare: Pool, box: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(TrainError, match=r"is no run: its config\.json cannot be read"):
        written(bare, box, tmp_path, folder=tmp_path / "nowhere")
    assert not (tmp_path / "page.html").exists()


def test_a_folder_without_environments_is_one_line(box: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(PoolError, match=r"nothing here holds no environments; grow some with `brickyard grow`"):
        page.write(Pool(tmp_path / "nothing here"), tmp_path / "page.html", box)


def test_a_page_that_cannot_be_written_is_one_line(bare: Pool, box: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(PoolError, match=r"nowhere/page\.html: cannot be written \(No such file or directory\)$"):
        page.write(bare, tmp_path / "nowhere" / "page.html", box)
    with pytest.raises(PoolError, match=r"cannot be written \(Is a directory\)$"):
        page.write(bare, tmp_path, box)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    if not FOUND:
        pytest.skip("there is no browser")
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture
def seen(reader: Page, file: Path) -> Iterator[Page]:
    """The page in a browser, wide and light; in the end it has asked for nothing and complained of nothing."""
    reader.complaints.clear()
    reader.requests.clear()
    reader.open(file)
    yield reader
    assert reader.complaints == []
    assert set(reader.requests) <= {file.as_uri()}


def names(seen: Page) -> list[str]:
    return list(seen.js("[...document.querySelectorAll('#table tbody a')].map((a) => a.textContent)"))


def test_a_reader_searches_by_words_and_types(seen: Page, pool: Pool) -> None:
    assert names(seen) == [entry.name for entry in pool]
    seen.click("#search")
    seen.type("equal neighbouring")
    assert names(seen) == ["endless", "longest_run"]
    assert seen.js("document.getElementById('count').textContent") == f"2 of {len(pool)} environments"
    seen.type(" nonsense")
    assert names(seen) == []
    assert seen.js("document.getElementById('more').textContent") == "Nothing fits."


def test_a_reader_sorts_and_what_is_not_known_comes_last_either_way(seen: Page, pool: Pool) -> None:
    known = sorted(JUDGED, key=lambda name: Certificate.of(pool[name], pool.audited(name)).all_accepts.bound)
    seen.click('#table th[data-key="bound"] button')
    assert names(seen)[:3] == known[::-1]
    assert seen.js("document.querySelector('th[data-key=bound]').getAttribute('aria-sort')") == "descending"
    seen.click('#table th[data-key="bound"] button')
    assert names(seen)[:3] == known
    assert len(names(seen)) == len(pool)


def test_a_reader_keeps_a_family_and_what_has_findings(seen: Page, pool: Pool) -> None:
    seen.click('a[data-family="a"]')
    assert names(seen) == [entry.name for entry in pool if entry.family == "a"]
    seen.js(
        "document.getElementById('family').value = ''; document.getElementById('which').value = 'findings'; refresh()"
    )
    assert names(seen) == ["longest_run"]


def test_a_reader_follows_a_link_changes_the_difficulty_and_comes_back(seen: Page, html: str) -> None:
    seen.js("document.querySelector('#table tbody a[href=\"#env/longest_run\"]').scrollIntoView()")
    seen.settle()
    before = seen.js("scrollY")
    assert before > 0
    seen.js("document.querySelector('#table tbody a[href=\"#env/longest_run\"]').click()")
    seen.settle()
    assert seen.js("[document.title, document.getElementById('overview').hidden]") == ["longest_run", True]
    seen.click('#one [data-difficulty="6"]')
    difficulty, values, answer, _ = embedded(html, "instances")["longest_run"][6]
    assert seen.js("document.querySelector('#one [aria-pressed=true]').textContent") == str(difficulty) == "7"
    assert values["xs"] in seen.js("document.querySelector('#one .statement').textContent")
    assert seen.js("document.querySelector('#one [data-answer]').textContent") == answer
    seen.click("#one .back a")
    assert seen.js("[document.getElementById('overview').hidden, scrollY]") == [False, before]


def test_the_code_is_shown_as_it_is_with_what_is_said_of_its_lines(seen: Page) -> None:
    seen.js("location.hash = '#env/longest_run'")
    seen.settle()
    assert seen.js("document.querySelector('#one .code').textContent").rstrip() == LONGEST_RUN.rstrip()
    said = "[...document.querySelectorAll('.said')].map((line) => [line.textContent, line.dataset.said])"
    assert seen.js(said) == [
        ["    longest = rng.randint(2, 5 + difficulty)", "the number 5 is not mentioned"],
        ["    return answer == solve(xs)", "1 change not told apart"],
    ]
    keywords = "[...document.querySelectorAll('#one .k')].slice(0, 2).map((k) => k.textContent)"
    assert seen.js(keywords) == ["from", "import"]


def test_what_others_wrote_is_shown_and_not_run(seen: Page) -> None:
    seen.js("location.hash = '#env/longest_run'")
    seen.settle()
    assert "</script><script>window.ran" in seen.js("document.querySelector('.findings').textContent")
    assert "</script><script>window.ran" in seen.js("document.querySelector('.falls').textContent")
    assert seen.js("[window.ran === undefined, document.querySelectorAll('img').length]") == [True, 0]


def test_the_keyboard_is_enough(seen: Page) -> None:
    seen.press("/")
    assert seen.js("document.activeElement.id") == "search"
    seen.type("brackets")
    for _ in range(20):
        seen.press("Tab")
        if seen.js("document.activeElement.getAttribute('href')") == "#env/brackets_match":
            break
    seen.press("Enter")
    assert seen.js("[document.title, document.activeElement.tagName]") == ["brackets_match", "H1"]


def test_a_touched_type_shows_its_environments(seen: Page, pool: Pool) -> None:
    seen.click('.type[data-to="bool"]')
    wanted = [entry.name for entry in pool if str(entry.program.signature.codomain) == "bool"]
    assert seen.js("[...document.querySelectorAll('#of-type a')].map((a) => a.textContent)") == wanted != []
    fields = {str(t) for name in wanted for t in pool[name].program.signature.domain.values()}
    assert set(seen.js("[...document.querySelectorAll('.band.on')].map((band) => band.dataset.from)")) == fields


@pytest.mark.parametrize("width", [320, 400, 768, 1400])
def test_nothing_is_wider_than_the_screen(width: int, seen: Page, file: Path) -> None:
    seen.open(file, width, 800)
    assert seen.js("document.documentElement.scrollWidth") <= width
    for name in ("longest_run", "richest_path"):
        seen.js(f"location.hash = '#env/{name}'")
        seen.settle()
        assert seen.js("document.documentElement.scrollWidth") <= width


def test_the_page_follows_the_reader_from_light_to_dark_and_prints_light(
    seen: Page, file: Path, tmp_path: Path
) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    light, picture = seen.js(ground), seen.picture(tmp_path / "light.png")
    seen.open(file, dark=True)
    assert sum(map(int, re.findall(r"\d+", seen.js(ground)))) < 150 < 700 < sum(map(int, re.findall(r"\d+", light)))
    assert seen.picture(tmp_path / "dark.png") != picture
    assert min((tmp_path / name).stat().st_size for name in ("light.png", "dark.png")) > 20_000  # not a blank sheet
    seen.ask("Emulation.setEmulatedMedia", media="print")
    assert seen.js(ground) == light
    assert seen.printed().startswith(b"%PDF")


def test_a_page_of_thousands_draws_some_rows_searches_all_and_prints_all(
    bare: Pool, box: Sandbox, reader: Page, tmp_path: Path
) -> None:
    html = written(bare, box, tmp_path)
    row = embedded(html, "rows")[0]
    many = [{**row, "name": f"run_{n:04}"} for n in range(3000)]
    html = re.sub(r'(id="rows">).*?(</script>)', lambda found: found[1] + json.dumps(many) + found[2], html)
    (tmp_path / "many.html").write_text(html, encoding="utf-8")
    reader.open(tmp_path / "many.html")
    assert len(names(reader)) == 100
    reader.click("#more button")
    assert len(names(reader)) == 600
    reader.js("document.getElementById('search').value = '2997'; refresh()")
    assert names(reader) == ["run_2997"]
    reader.js("document.getElementById('search').value = ''; refresh()")
    reader.printed()
    assert len(names(reader)) == len(many)
