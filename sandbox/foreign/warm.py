"""Use every dataset of reasoning-gym once, so that what it imports and reads late is at hand in a worker.

Runs in the zygote, as part of ``preload``. It judges nothing: a dataset that fails here fails again where that is seen.
"""

import contextlib
import importlib
import pkgutil
import re

SYMPY = (
    r"sympy\.(calculus|concrete|core|functions|integrals|matrices|ntheory|polys|sets|series|simplify|solvers|tensor)\b"
)
"""Parts of sympy that import one another when they are first needed."""


def warm() -> None:
    """Create each dataset as it is by default, draw one entry and score its own answer; and read every font."""
    figlet = importlib.import_module("pyfiglet").FigletFont
    fonts = {font: figlet.preloadFont(font) for font in figlet.getFonts()}
    figlet.preloadFont = fonts.__getitem__  # it asks whether a file is there before it opens it
    for module in pkgutil.walk_packages(importlib.import_module("sympy").__path__, "sympy."):
        if re.match(SYMPY, module.name) and not re.search(r"tests|benchmarks", module.name):
            importlib.import_module(module.name)
    for name, (dataset, config) in importlib.import_module("reasoning_gym.factory").DATASETS.items():
        if name != "composite":
            with contextlib.suppress(Exception):
                entries = dataset(config(seed=0))
                entry = entries[0]
                entries.score_answer(entry["answer"], entry)
