"""The few scores that the evaluations need, written out so that no library is needed to measure."""

from collections.abc import Sequence


def compute_macro_f1(wanted: Sequence[str], said: Sequence[str]) -> float:
    """Mean of the F1 of each label that is wanted anywhere, each label counting the same. 0 for nothing wanted."""
    scores = [compute_f1(label, wanted, said) for label in sorted(set(wanted))]
    return sum(scores) / len(scores) if scores else 0.0


def compute_f1(label: str, wanted: Sequence[str], said: Sequence[str]) -> float:
    """Harmonic mean of precision and recall of one label, 0 to 1; 0 where it is neither wanted nor said."""
    right = sum(want == label == say for want, say in zip(wanted, said, strict=True))
    total = sum(want == label for want in wanted) + sum(say == label for say in said)
    return 2 * right / total if total else 0.0


def compute_accuracy(wanted: Sequence[str], said: Sequence[str]) -> float:
    """Share of answers that are right, 0 to 1."""
    return sum(want == say for want, say in zip(wanted, said, strict=True)) / max(1, len(wanted))


def compute_mean_error(wanted: Sequence[float], said: Sequence[float]) -> float:
    """Mean absolute difference, in the unit of what is compared."""
    return sum(abs(want - say) for want, say in zip(wanted, said, strict=True)) / max(1, len(wanted))
