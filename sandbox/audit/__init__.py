"""The deeper audit: how far a verifier can be trusted, measured on what is tried and never on what is believed.

Each module measures one thing of a ``Subject`` and returns a value that says what was spent on it. Not here: the
laws that admit an environment (``sandbox/laws.py``), and anything that is shown or stored.
"""
