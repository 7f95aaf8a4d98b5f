"""Who imports whom, read off the text: imports point down, and heavy things come late."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = ("synth", "sandbox", "rl", "report", "face", "commands", "brickyard")  # from the ground up
MODULES = sorted(path for name in FLOORS for path in [*ROOT.glob(f"{name}.py"), *(ROOT / name).glob("**/*.py")])
LATE = {"openai", "httpx2", "vllm"}
HEAVY = {"torch", "transformers", "tokenizers", "trl", "accelerate", "datasets", "peft"}
HEAVY |= {"matplotlib", "pyarrow", "numpy", "inspect_ai"}
TRAINER = ROOT / "rl" / "grpo.py"  # a subclass of TRL's trainer, which only a run that trains imports
RUNNING = {"exec", "eval", "compile", "__import__", "importlib", "runpy", "pickle", "marshal", "ctypes", "subprocess"}


def floor(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported(nodes: list[ast.AST]) -> Iterator[str]:
    """The top-level packages that the import statements among ``nodes`` name."""
    for node in nodes:
        match node:
            case ast.Import(names=names):
                yield from (alias.name.partition(".")[0] for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.partition(".")[0]
            case ast.ImportFrom():
                yield "a relative import"


def at_load(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes that run when the module loads: not in functions, not for type checkers alone."""
    for node in ast.iter_child_nodes(tree):
        for_checkers = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        if not for_checkers and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield node
            yield from at_load(node)


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.fixture(params=MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def path(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


def test_a_module_opens_with_a_sentence_on_what_it_is(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    docstring = ast.get_docstring(ast.parse(source)) or ""
    assert not source.strip() or len(docstring.split()) > 5


def test_imports_point_down(path: Path) -> None:
    above = set(FLOORS[FLOORS.index(floor(path)) + 1 :])
    packages = set(imported(list(ast.walk(tree_of(path)))))
    assert packages & above == set()
    assert "a relative import" not in packages


def test_only_the_face_knows_the_terminal_and_only_training_knows_torch(path: Path) -> None:
    packages = set(imported(list(ast.walk(tree_of(path)))))
    if floor(path) in ("synth", "sandbox"):
        assert packages & {"typer", "rich", "click"} == set()
    if floor(path) != "rl":
        assert packages & HEAVY <= ({"matplotlib"} if floor(path) == "report" else set())


def test_clients_and_engines_are_imported_late_and_in_one_place(path: Path) -> None:
    tree = tree_of(path)
    assert set(imported(list(at_load(tree)))) & LATE == set()
    if not path.is_relative_to(ROOT / "synth" / "complete"):
        assert set(imported(list(ast.walk(tree)))) & LATE == set()


def test_what_is_heavy_is_imported_when_it_is_needed(path: Path) -> None:
    if path != TRAINER:
        assert set(imported(list(at_load(tree_of(path))))) & HEAVY == set()
        named = {ast.unparse(node) for node in at_load(tree_of(path)) if isinstance(node, ast.ImportFrom | ast.Import)}
        assert not [line for line in named if "rl.grpo" in line or "import grpo" in line]


@pytest.mark.parametrize("path", [p for p in MODULES if floor(p) == "synth"], ids=lambda p: p.stem, indirect=False)
def test_nothing_in_synth_can_run_a_program(path: Path) -> None:
    tree = tree_of(path)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert (names | set(imported(list(ast.walk(tree))))) & RUNNING == set()


def test_there_is_something_to_look_at() -> None:
    assert {"synth", "sandbox", "rl", "report", "face", "commands", "brickyard"} <= {floor(path) for path in MODULES}
