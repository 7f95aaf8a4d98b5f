"""A small world to grow in: five tasks, and replies to each of their turns, mistakes and repairs included."""

import re
import shutil
from pathlib import Path

from tests.conftest import EXAMPLES
from tests.endpoint import Conversation
from tests.sandbox.test_laws import FLAG, FUNCTION, RELATION, source_of


def block(source: str) -> str:
    return f"Here it is.\n\n```python\n{source}```\n"


TWIN = FUNCTION.replace("xs", "values").replace('"""Weighted sum: add up', '"""Heavy sum: take')
PROPOSED = FUNCTION.replace(
    "sum(i * x for i, x in enumerate(xs, 1)) % m", "(max(xs, default=0) * 7 + min(xs, default=0) * len(xs)) % m"
).replace(
    "Multiply each entry of {xs} by its place, counted from 1, and add up the products, modulo {m}.",
    "Of {xs}: seven times the largest plus, for each entry, the smallest once. Give that modulo {m}.",
)

REPLIES = {
    "weighted_sum": [block(FUNCTION)],
    "factor_pair": [block(source_of("answerable: the witness is wrong")), block(RELATION)],
    "odd_sum": ["I would rather not.", block("x = 1\n") + block(FLAG)],
    "heavy_sum": [block(TWIN)],
    "never_right": [block(source_of("loads: the module divides by zero"))] * 3,
}
ADMITTED = {"weighted_sum": 1, "factor_pair": 2, "odd_sum": 2}
"""The tasks that end in the pool, with the turn that does it."""

PROPOSALS = """A fresh one, and one that is taken.

```toml
[[task]]
name = "largest_and_smallest"
kind = "function"
signature = "(xs: list[int], m: int) -> int"
description = "Seven times the largest and so on."

[[task]]
name = "odd_sum"
kind = "function"
signature = "(xs: list[int]) -> bool"
description = "Taken already."
```
"""


def answer(messages: Conversation) -> str | None:
    """What the endpoint says to a conversation: the reply to the task it names, at the turn it has come to."""
    asked = messages[1]["content"]
    if asked.startswith("Topic:"):
        return PROPOSALS
    named = re.search(r"^# Your task: (\w+)", asked, re.MULTILINE)
    assert named is not None
    turn = sum(message["role"] == "assistant" for message in messages)
    if named[1] == "largest_and_smallest":
        return block(PROPOSED)
    replies = REPLIES[named[1]]
    return replies[turn] if turn < len(replies) else None


def seeds_in(folder: Path) -> Path:
    """Write the small world's seeds; the families are letters, so that the order is that of REPLIES."""
    (folder / "tasks").mkdir(parents=True)
    (folder / "examples").mkdir()
    for letter, name in zip("abcde", REPLIES, strict=True):
        told = {"name": name, "kind": "function", "signature": "(xs: list[int]) -> int", "description": "As said."}
        text = "".join(f'{key} = "{value}"\n' for key, value in told.items())
        (folder / "tasks" / f"{letter}.toml").write_text(f"[[task]]\n{text}")
    (folder / "topics.toml").write_text('[[topic]]\nfamily = "sums"\nwords = "Sums of all kinds."\n')
    for path in EXAMPLES[:3]:
        shutil.copy(path, folder / "examples")
    return folder


def contents(pool: Path) -> dict[str, str]:
    """The files of a pool, without recorded times and without the ledger."""
    files = [path for path in pool.rglob("*") if path.is_file() and "ledger" not in path.name]
    return {
        str(path.relative_to(pool)): re.sub(r'"seconds": [\d.e-]+', '"seconds": 0', path.read_text())
        for path in sorted(files)
    }
