"""What works on this machine, a line each, and what to do about what does not.

It looks and imports nothing heavy: whether torch or Ray is installed is read off the installation, not tried.
"""

import os
import shutil
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from sandbox.jail import Sandbox
from sandbox.outcome import SandboxError

Row = tuple[str, str, str]
"""What was looked at; ``ok``, ``missing`` (needed) or ``absent`` (optional); in words."""

OPTIONAL = {
    "torch": "needed to train: pip install 'brickyard[rl]', with the build for your hardware",
    "trl": "needed to train: pip install 'brickyard[rl]'",
    "inspect-ai": "pip install 'brickyard[inspect]' to give held-out problems to inspect-ai",
    "vllm": "pip install 'brickyard[vllm]' to write environments with a model on this machine's GPU",
    "ray": "only needed to spread work over machines",
}


def examine(base_url: str | None) -> list[Row]:
    """Look at Python, the sandbox, the GPU, the optional packages and, where one is named, the endpoint."""
    return [_python(), *_sandbox(), _gpu(), *map(_package, OPTIONAL), _key(), *_endpoint(base_url)]


def _python() -> Row:
    return "python", "ok", sys.version.split()[0]


def _sandbox() -> Iterator[Row]:
    try:
        with Sandbox() as box:
            yield "sandbox", "ok", f"layers: {', '.join(sorted(box.manifest.active))}"
            for layer, reason in sorted(box.manifest.missing.items()):
                yield f"  {layer}", "absent", f"{reason}; the layers above stand without it"
    except SandboxError as error:
        yield "sandbox", "missing", str(error)


def _gpu() -> Row:
    if shutil.which("nvidia-smi") or os.path.exists("/dev/nvidia0"):
        return "gpu", "ok", "an NVIDIA device is there"
    return "gpu", "absent", "none found; growing and auditing need none"


def _package(name: str) -> Row:
    try:
        return name, "ok", version(name)
    except PackageNotFoundError:
        return name, "absent", OPTIONAL[name]


def _key() -> Row:
    if os.environ.get("OPENAI_API_KEY"):
        return "OPENAI_API_KEY", "ok", "set"
    return "OPENAI_API_KEY", "absent", "not set; a local endpoint needs none, and recorded completions need no endpoint"


def _endpoint(base_url: str | None) -> Iterator[Row]:
    """Ask for the list of models; any answer at all shows that somebody is there."""
    if base_url is None:
        yield "endpoint", "absent", "none named; name one with --base-url to have it looked at"
        return
    try:
        with urllib.request.urlopen(f"{base_url.rstrip('/')}/models", timeout=5) as reply:
            yield "endpoint", "ok", f"{base_url} answers ({reply.status})"
    except urllib.error.HTTPError as error:
        yield "endpoint", "ok", f"{base_url} answers ({error.code} without a key)"
    except (OSError, ValueError) as error:
        yield "endpoint", "missing", f"{base_url} does not answer: {error}"
