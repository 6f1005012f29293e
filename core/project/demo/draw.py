"""Chance that is the same on every machine: each draw is named, so that one more draw here changes nothing there."""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Draw:
    """Draws that depend on a key alone. Only `Random.random` is used: Python promises its sequence across versions."""

    def __init__(self, *key: object) -> None:
        self._random = random.Random("/".join(map(str, key)))

    def fraction(self) -> float:
        """A number from 0 up to, not including, 1."""
        return self._random.random()

    def between(self, low: float, high: float) -> float:
        """A number between the two."""
        return low + (high - low) * self._random.random()

    def whole(self, low: int, high: int) -> int:
        """A whole number between the two, both included."""
        return low + int((high - low + 1) * self._random.random())

    def one(self, options: Sequence[T]) -> T:
        """One of the options. Raises IndexError where there is none."""
        return options[int(len(options) * self._random.random())]

    def weighted(self, options: Sequence[T], weights: Sequence[float]) -> T:
        """One of the options, each as likely as its weight."""
        point = sum(weights) * self._random.random()
        for option, weight in zip(options, weights, strict=True):
            point -= weight
            if point < 0:
                return option
        return options[-1]

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """The options in an order of chance."""
        return [option for _, _, option in sorted((self._random.random(), index, option) for index, option in enumerate(options))]
