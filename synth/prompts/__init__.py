"""Every prompt, as a Jinja2 template beside this file; here they are filled in.

Not the place for wording: edit the templates. What a prompt shows depends on the task, the seeds and the
evidence alone, so that the same run asks the same questions.
"""

import hashlib
import re
from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

from synth import contract
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
    """Ask somebody who has the statement and the signature, and nothing else, for a solution of their own."""
    statement = program.sentence({name: name for name in program.signature.domain})
    user = _render("second.user.j2", statement=statement, signature=program.signature)
    return Message("system", _render("second.system.j2", **_allowed())), Message("user", user)


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
    lines = re.split(r"\r\n|\r|\n", source)  # what ends a line for Python, which is less than for `splitlines`
    number = verdict.finding.line if verdict.finding else None
    line = lines[number - 1].strip()[:QUOTED] if number and number <= len(lines) else ""
    return Message("user", _render("repair.j2", verdict=verdict, finding=verdict.finding, line=line))


def propose(topic: Topic, tasks: Sequence[Task], lacking: Sequence[str], count: int) -> tuple[Message, ...]:
    """Ask for ``count`` more tasks on ``topic``, telling what there is and which types are lacking."""
    user = _render("propose.user.j2", topic=topic, tasks=tasks, lacking=lacking, count=count)
    return Message("system", _render("propose.system.j2")), Message("user", user)
