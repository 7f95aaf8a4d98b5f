"""Environments of other people's making: packages that keep another contract, run behind the same wall.

A gym's generator and scorer run in a sandbox that imported the gym before its layers went on (``preload.py``); around
them stands a module in our own contract's form, so that whatever takes an environment takes them.
"""
