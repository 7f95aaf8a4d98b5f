"""Environments with a planted defect each, and sound ones, to measure what an audit catches. No examples to follow.

``first/CLASS/NAME.py`` and ``held_out/CLASS/NAME.py`` are by two authors who knew the contract and the classes, and
nothing of the judge; ``NAME.txt`` says what is wrong, with an instance that shows it. The laws were sharpened on the
first; the second is what that came to. ``sound/NAME.py`` have no defect that their author, or we, know of. ``second/``
holds what second authors replied to this project's prompt. ``python -m tests.planted`` prints the table.
"""
