"""Every prompt, as a Jinja2 template beside this file; here they are filled in.

Not the place for wording: edit the templates. What a prompt shows depends on the task, the seeds and the
evidence alone, so that the same run asks the same questions.
"""

import hashlib
import re
from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

from synth import answers, contract
from synth.complete import Message
from synth.program import Program
from synth.tasks import Task, Topic
from synth.verdict import Verdict

EXAMPLES = 3  # environments shown to an author: enough for the form, few enough to read
QUOTED = 300  # characters of a line that a repair prompt repeats

_templates = Environment(
    loader=PackageLoader("synth", "prompts"),
    undefined=StrictUndefined,
    keep_trailing_newline=False,
    autoescape=False,  # the model reads text, not HTML
)


def _render(name: str, **given: object) -> str:
    return _templates.get_template(name).render(contract=contract, **given).strip()


def write(task: Task, examples: Sequence[Program]) -> tuple[Message, ...]:
    """Ask for an environment for ``task``."""
    user = _render("write.user.j2", task=task, examples=shown(task, examples))
    return Message("system", _render("write.system.j2", **_allowed())), Message("user", user)


def _allowed() -> dict[str, str]:
    """What a program may use, as an author is told it."""
    return {
        "modules": ", ".join(f"`{name}`" for name in contract.MODULES),
        "builtins": ", ".join(f"`{name}`" for name in sorted(contract.FORBIDDEN_BUILTINS)),
    }


def second(program: Program) -> tuple[Message, ...]:
    """Ask somebody who has the statement and the signature, and nothing else, for a solution of their own.

    Of a function that is ``solve``, of a relation ``example`` and ``verify``.
    """
    statement = program.sentence({name: name for name in program.signature.domain})
    fields = ", ".join(f"{name}: {t}" for name, t in program.signature.domain.items())
    told = {"is_function": program.is_function, "signature": program.signature, "fields": fields}
    user = _render("second.user.j2", statement=statement, **told)
    return Message("system", _render("second.system.j2", **told, **_allowed())), Message("user", user)


def reader(program: Program) -> tuple[Message, ...]:
    """Ask somebody who sees statement, signature and module whether the check needs guessing, and can be cheated."""
    statement = program.sentence({name: name for name in program.signature.domain})
    how_to_write = answers.how_to_write(program.signature.codomain)
    user = _render("reader.user.j2", program=program, statement=statement, how_to_write=how_to_write)
    return Message("system", _render("reader.system.j2")), Message("user", user)


def arbiter(
    program: Program, second: str, evidence: str, rulings: Sequence[tuple[str, str]] = ()
) -> tuple[Message, ...]:
    """Ask which is wrong: the statement, the first author's ``program``, or the ``second`` one (empty for none).

    ``rulings`` are earlier ones on the same environment: what was wrong, and why.
    """
    statement = program.sentence({name: name for name in program.signature.domain})
    told = {"is_function": program.is_function, "signature": program.signature, "first": program.source}
    user = _render("arbiter.user.j2", statement=statement, second=second, evidence=evidence, rulings=rulings, **told)
    return Message("system", _render("arbiter.system.j2", **told, **_allowed())), Message("user", user)


def arbiter_again(problem: str) -> Message:
    """Say why a ruling could not be read, and ask for it again."""
    return Message("user", _render("arbiter.again.j2", problem=problem, finding=None))


def arbiter_repair(verdict: Verdict, source: str) -> Message:
    """Say what was wrong with the module that the arbiter mended, and ask for the ruling again."""
    told = {"verdict": verdict, "finding": verdict.finding, "line": _line(verdict, source)}
    return Message("user", _render("arbiter.again.j2", **told))


def shown(task: Task, examples: Sequence[Program]) -> list[Program]:
    """The examples for ``task``: of its kind and its answer's type first, then as the task's name shuffles them."""

    def rank(example: Program) -> tuple[bool, bool, str]:
        same_kind = example.is_function == (task.kind == "function")
        same_type = str(example.signature.codomain) == task.codomain
        shuffled = hashlib.sha256(f"{task.name} {example.title}".encode()).hexdigest()
        return not same_kind, not same_type, shuffled

    first, *rest = sorted(examples, key=rank)
    rest.sort(key=lambda example: (str(example.signature.codomain) == str(first.signature.codomain), rank(example)[2]))
    return [first, *rest[: EXAMPLES - 1]]


def repair(verdict: Verdict, source: str) -> Message:
    """Say what was wrong with an environment, and ask for it again."""
    told = {"verdict": verdict, "finding": verdict.finding, "line": _line(verdict, source)}
    return Message("user", _render("repair.j2", **told))


def _line(verdict: Verdict, source: str) -> str:
    """The line of the source that the finding names, if it names one."""
    lines = re.split(r"\r\n|\r|\n", source)  # what ends a line for Python, which is less than for `splitlines`
    number = verdict.finding.line if verdict.finding else None
    return lines[number - 1].strip()[:QUOTED] if number and number <= len(lines) else ""


def propose(topic: Topic, tasks: Sequence[Task], lacking: Sequence[str], count: int) -> tuple[Message, ...]:
    """Ask for ``count`` more tasks on ``topic``, telling what there is and which types are lacking."""
    user = _render("propose.user.j2", topic=topic, tasks=tasks, lacking=lacking, count=count)
    return Message("system", _render("propose.system.j2")), Message("user", user)
