"""The fenced blocks of a reply, as Markdown has them: opened by ``` or ~~~, closed by the same.

Not Markdown: a fence opens and closes at any indentation, and one that names a language closes nothing. So a
block left open is dropped where the next one begins. One pass, whatever the reply repeats.

>>> blocks("So:\\n```python\\nx = 1\\n```\\nDone.")
[('python', 'x = 1\\n')]
"""

import re
import textwrap

FENCE = re.compile(r"(\s*)(`{3,}|~{3,})[ \t]*(\w*)(.*)", re.DOTALL)


def blocks(text: str) -> list[tuple[str, str]]:
    """The language, in lower case, and the body of each block that is closed. An indented block is moved left."""
    found = []
    opened: re.Match[str] | None = None
    body: list[str] = []
    for line in re.findall(r"[^\n]*\n|[^\n]+", text):
        fence = FENCE.fullmatch(line)
        if fence and opened and fence[2] == opened[2] and not (fence[3] or fence[4].strip()):
            found.append((opened[3].lower(), _moved("".join(body), opened[1])))
            opened = None
        elif fence and "`" not in fence[4] and (opened is None or fence[3]):
            opened, body = fence, []
        else:
            body.append(line)
    return found


def _moved(body: str, indent: str) -> str:
    return textwrap.dedent(body) if indent else body
