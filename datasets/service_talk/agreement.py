"""How far the two readings of the set agree: python datasets/service_talk/agreement.py"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def read(name: str) -> dict[str, dict[str, Any]]:
    """The rows of a folder by their id."""
    rows = (json.loads(line) for path in sorted((FOLDER / name).glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines())
    return {row["id"]: row for row in rows}


def compare(pairs: list[tuple[Any, Any]]) -> tuple[float, float]:
    """The share of equal pairs, and Cohen's kappa (Cohen, 1960): agreement beyond what the two frequencies would give by chance."""
    same = sum(one == other for one, other in pairs) / len(pairs)
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    chance = sum(count * second[label] for label, count in first.items()) / len(pairs) ** 2
    return same, (same - chance) / (1 - chance)


def main() -> None:
    """Print the table of the datasheet."""
    first, second = read("conversations"), read("second_pass")
    for place, name in enumerate(("sentiment", "emotion", "tone")):
        pairs = [
            (message[name], labels[place])
            for key, row in first.items()
            for message, labels in zip(
                (message for message in row["messages"] if message["author"] == "customer"), second[key]["labels"], strict=True
            )
        ]
        same, kappa = compare(pairs)
        print(f"{name:13} {len(pairs):5}  same {same:.3f}  kappa {kappa:.3f}")
    for name in ("theme", "resolved", "satisfaction"):
        same, kappa = compare([(row[name], second[key][name]) for key, row in first.items()])
        print(f"{name:13} {len(first):5}  same {same:.3f}  kappa {kappa:.3f}")
    difference = sum(abs(row["satisfaction"] - second[key]["satisfaction"]) for key, row in first.items()) / len(first)
    print(f"satisfaction, mean difference {difference:.3f}")


if __name__ == "__main__":
    main()
