"""Longest: how long is the longest run?"""

from random import Random

x = 'ÿ'
