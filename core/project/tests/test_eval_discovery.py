"""The figure by which groups are compared with labels: values that a reader can reckon."""

import pytest

from core.project.evals.discovery import compute_adjusted_rand


def test_the_same_groups_agree_whatever_they_are_called() -> None:
    assert compute_adjusted_rand(list(zip("aabbc", "xxyyz", strict=True))) == 1.0


def test_groups_that_differ_agree_beyond_chance_or_less() -> None:
    # Pairs together: 2 by label, 1 by group, 1 in both; of 6 pairs, chance gives 2 × 1 / 6 = 1/3. (1 − 1/3) / (1.5 − 1/3) = 4/7.
    assert compute_adjusted_rand(list(zip("aabb", "xxyz", strict=True))) == pytest.approx(4 / 7)
    # 2 by label, 2 by group, none in both; chance gives 2/3: (0 − 2/3) / (2 − 2/3) = −1/2.
    assert compute_adjusted_rand(list(zip("aabb", "xyxy", strict=True))) == pytest.approx(-1 / 2)
