"""The one error of this package that a user can mend. Not for failures of ours: those are tracebacks."""


class TrainError(Exception):
    """Something about training or evaluating cannot go on as it was asked; the message says what to do, in one line."""
