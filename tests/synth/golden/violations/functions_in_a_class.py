"""Longest: how long is the longest run?"""

from random import Random

STATEMENT = "How long is the longest run of equal neighbours in {xs}?"


class Run:
    def verify(self, xs: list[int], answer: int) -> bool:
        return answer == len(xs)
