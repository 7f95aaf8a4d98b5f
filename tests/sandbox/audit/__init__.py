"""Tests of the deeper audit, over the shelf and over programs with a fault each."""
