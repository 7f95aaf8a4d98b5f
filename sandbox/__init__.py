"""Execution and judgement: the only place where generated programs run.

This package's face is what other packages may use of it. Not a place for trust: what comes out of a program is JSON.
"""

from sandbox.jail import Sandbox, Session
from sandbox.outcome import Call, Ending, Limits, Manifest, Outcome, SandboxError

__all__ = ["Call", "Ending", "Limits", "Manifest", "Outcome", "Sandbox", "SandboxError", "Session"]
