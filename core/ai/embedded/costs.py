"""What a training costs that lacked some of the public sets, against the figures of one that had them all."""

from collections.abc import Mapping
from typing import Any


def find_whole(kept: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of figures that were kept, those of the last training with every set: its "sets" and what it "held out"."""
    whole: Mapping[str, Any] = kept.get("whole", kept)
    return whole


def tell_costs(told: Mapping[str, float], sets: Mapping[str, int], whole: Mapping[str, Any]) -> list[str]:
    """Lines that name the sets which are missing, and each figure beside what it is with them. Nothing where no set is missing."""
    missing = [name for name in whole["sets"] if name not in sets]
    if not missing:
        return []
    lines = [f"Not trained on: {', '.join(missing)}. What that costs, against the weights that were:"]
    for name, value in whole["held out"].items():
        if name not in told:
            lines.append(f"  {name:56}   not measured, no row of it is there; {value:.3f} with all sets")
        elif told[name] != value:
            lines.append(f"  {name:56} {told[name]:.3f} instead of {value:.3f} ({told[name] - value:+.3f})")
    return lines
