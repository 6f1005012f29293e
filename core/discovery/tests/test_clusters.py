"""Groups by average link: known by hand, and the same as joining the two nearest again and again."""

import numpy as np
import pytest

from core.discovery.clusters import Array, cluster


def make(pairs: dict[tuple[int, int], float], *, count: int) -> Array:
    likeness = np.zeros((count, count), dtype=np.float32)
    for (one, other), value in pairs.items():
        likeness[one, other] = likeness[other, one] = value
    return likeness


def test_groups_join_while_the_mean_of_their_pairs_reaches_the_cut() -> None:
    # 0–1 and 2–3 are alike; between the two groups the mean is (0.4 + 0.4 + 0.2 + 0.2) / 4 = 0.3. Nothing is like 4.
    pairs = {(0, 1): 0.9, (2, 3): 0.8, (0, 2): 0.4, (0, 3): 0.4, (1, 2): 0.2, (1, 3): 0.2, (3, 4): 0.1}
    assert cluster(make(pairs, count=5), cut=0.35) == [[0, 1], [2, 3]]
    assert cluster(make(pairs, count=5), cut=0.25) == [[0, 1, 2, 3]]
    assert cluster(make(pairs, count=5), cut=0.95) == []


def test_nothing_and_one_have_no_group() -> None:
    assert cluster(np.zeros((0, 0), dtype=np.float32), cut=0.1) == []
    assert cluster(np.ones((1, 1), dtype=np.float32), cut=0.1) == []


@pytest.mark.parametrize("seed", range(8))
def test_it_is_what_joining_the_two_nearest_gives(seed: int) -> None:
    random = np.random.default_rng(seed)
    rows = random.normal(size=(40, 5))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    likeness = (rows @ rows.T).astype(np.float32)
    assert cluster(likeness.copy(), cut=0.3) == join_nearest(likeness, cut=0.3)


def join_nearest(likeness: Array, *, cut: float) -> list[list[int]]:
    """Average link as it is defined: of all groups, join the two whose pairs are most alike in the mean, until none reach the cut."""
    groups = [[row] for row in range(len(likeness))]
    while len(groups) > 1:
        means = {
            (one, other): float(likeness[np.ix_(groups[one], groups[other])].mean())
            for one in range(len(groups))
            for other in range(one + 1, len(groups))
        }
        (one, other), best = max(means.items(), key=lambda pair: pair[1])
        if best < cut:
            break
        groups[one] += groups.pop(other)
    return sorted((sorted(group) for group in groups if len(group) > 1), key=lambda group: group[0])
