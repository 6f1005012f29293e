"""Groups of things that are alike: agglomerative clustering by average link, cut where two groups are less alike than a threshold.

Average link is what a threshold on likeness means for groups: two become one while the mean likeness of their pairs reaches it. It
asks for no number of groups, leaves alone what is like nothing, and comes out the same however often it runs.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Alive = NDArray[np.bool_]


def cluster(likeness: Array, *, cut: float, sizes: Sequence[int] | None = None) -> list[list[int]]:
    """The groups of at least two rows, as sorted row numbers, in the order of their first rows. `likeness` is symmetric and is overwritten.

    `sizes` says how many things each row stands for, where rows are groups already. Two rows of likeness −∞ never come together.

    By the nearest-neighbour chain (Murtagh 1983; Müllner 2011, section 3): exact for average link, in time that grows with the square
    of the rows and no memory beside the matrix. Of neighbours that are as near, the one with the lowest number is taken.
    """
    count = len(likeness)
    np.fill_diagonal(likeness, -np.inf)
    weights = np.ones(count) if sizes is None else np.array(sizes, dtype=np.float64)
    members: list[list[int]] = [[row] for row in range(count)]
    alive = np.ones(count, dtype=bool)
    chain: list[int] = []
    for start in range(count):
        if not alive[start]:
            continue
        chain = [start]
        while chain:
            here = chain[-1]
            nearest = int(likeness[here].argmax())
            value = float(likeness[here, nearest])
            if value < cut:
                # Nothing reaches this group any more, and joining others can only bring them further from it: it stands.
                _retire(likeness, alive, here)
                chain.pop()
                continue
            if len(chain) > 1 and likeness[here, chain[-2]] >= value:
                other = chain[-2]
                del chain[-2:]
                _join(likeness, weights, members, alive, into=min(here, other), gone=max(here, other))
                if not chain:
                    chain.append(min(here, other))
                continue
            chain.append(nearest)
    return sorted((sorted(rows) for rows in members if len(rows) > 1), key=lambda rows: rows[0])


def _join(likeness: Array, weights: NDArray[np.float64], members: list[list[int]], alive: Alive, *, into: int, gone: int) -> None:
    """The likeness of the joined group to any other is the mean over its pairs (Lance and Williams 1967)."""
    row = (likeness[into] * weights[into] + likeness[gone] * weights[gone]) / (weights[into] + weights[gone])
    likeness[into], likeness[:, into] = row, row
    likeness[into, into] = -np.inf
    weights[into] += weights[gone]
    members[into] += members[gone]
    members[gone] = []
    _retire(likeness, alive, gone)


def _retire(likeness: Array, alive: Alive, row: int) -> None:
    likeness[row], likeness[:, row] = -np.inf, -np.inf
    alive[row] = False
