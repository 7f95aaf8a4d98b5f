"""What the pages share: their templates, and a file that is written whole or not at all. Not what a page says."""

import json
import math
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from report.charts import COLOURS


def templates() -> Environment:
    """The templates of this package: what is not known to be safe is escaped, and what is not given is an error."""
    environment = Environment(
        loader=PackageLoader("report", ""), undefined=StrictUndefined, autoescape=True, trim_blocks=True
    )
    environment.globals["colours"] = COLOURS
    environment.filters["figures"] = figures
    return environment


def figures(value: float) -> str:
    """A figure as the pages write it; a dash where there is none.

    >>> figures(0.616), figures(math.nan)
    ('0.62', '–')
    """
    return f"{value:.2f}" if math.isfinite(value) else "–"


def embedded(value: Any) -> Markup:
    """``value`` as JSON that can stand in a script element.

    >>> embedded({"a": "</script>"})
    Markup('{"a":"\\\\u003c/script>"}')
    """
    return Markup(json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"))


def probe(to: Path, error: type[Exception]) -> None:
    """Raise ``error`` now, rather than when the page is made, if ``to`` cannot be written."""
    try:
        new = not to.exists()
        to.open("ab").close()
        if new:
            to.unlink()
    except OSError as reason:
        raise error(f"{to}: cannot be written ({reason.strerror})") from None


def save(text: str, to: Path, error: type[Exception]) -> None:
    """Write the page. Raises ``error`` when the disk refuses."""
    try:
        to.write_text(text, encoding="utf-8", errors="replace", newline="\n")
    except OSError as reason:
        raise error(f"{to}: cannot be written ({reason.strerror})") from None
