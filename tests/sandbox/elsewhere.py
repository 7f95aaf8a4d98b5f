"""Runs a command in a poorer place than this one: as a user without rights, or where no user namespace can be made.

    python -m tests.sandbox.elsewhere nobody COMMAND ...
    python -m tests.sandbox.elsewhere no-userns COMMAND ...

Only this process changes: what it mounts and what it forbids is in namespaces that end with it.
"""

import os
import sys
import tempfile
from pathlib import Path

from sandbox import layers

NOBODY = 65_534
_BIND, _MOVE = 4096, 8192


def nobody() -> None:
    """Become a user without rights, which can still read this interpreter and this project."""
    layers.unshare(layers.NEWNS)
    layers._mount(b"none", b"/", None, layers._REC | layers._PRIVATE, None)
    needed = {Path(path).resolve() for path in (sys.base_prefix, sys.prefix, ".")}
    for top in sorted({top for path in needed if (top := _closed(path))}):
        _open_up(top, [path for path in needed if top in path.parents])
    os.chdir(os.getcwd())
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def _closed(path: Path) -> Path | None:
    """The topmost folder above ``path`` that others may not enter."""
    return next((top for top in reversed(path.parents) if not top.stat().st_mode & 1), None)


def _open_up(top: Path, kept: list[Path]) -> None:
    """An empty folder in place of ``top``, which all may enter and which has of it only ``kept``."""
    made = tempfile.mkdtemp()
    layers._mount(b"tmpfs", made.encode(), b"tmpfs", 0, b"mode=0755")
    for path in kept:
        place = Path(made) / path.relative_to(top)
        place.mkdir(parents=True)
        layers._mount(bytes(path), bytes(place), None, _BIND, None)
    layers._mount(made.encode(), bytes(top), None, _MOVE, None)
    os.rmdir(made)


def no_userns() -> None:
    """Enter the last user namespace that there may be from here on."""
    user, group = os.getuid(), os.getgid()
    layers.unshare(layers.NEWUSER)
    for name, line in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
        Path("/proc/self", name).write_text(line)
    Path("/proc/sys/user/max_user_namespaces").write_text("0")


if __name__ == "__main__":
    {"nobody": nobody, "no-userns": no_userns}[sys.argv[1]]()
    os.execvp(sys.argv[2], sys.argv[2:])
