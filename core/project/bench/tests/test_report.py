"""What a figure says, to a person and to a program."""

import pytest

from core.project.bench.pairs import Pair, describe, describe_multiple, describe_share, describe_speed, time_pairs
from core.project.bench.report import Bar, Figure, Report

PAIRS = [Pair(subject=2.0, reference=1.0), Pair(subject=4.0, reference=3.0), Pair(subject=1.0, reference=0.9)]


@pytest.mark.parametrize(
    ("figure", "text", "json"),
    [
        (
            describe("share", [0.91, 0.88, 0.93], unit="×", bar=Bar(limit=0.85)),
            "share       0.91 ×          (0.88–0.93)  bar 0.85 ok",
            {"name": "share", "unit": "×", "median": 0.91, "min": 0.88, "max": 0.93, "bar": 0.85, "ok": True},
        ),
        (
            describe("share", [0.8, 0.7, 0.9], unit="×", bar=Bar(limit=0.85)),
            "share       0.80 ×          (0.70–0.90)  bar 0.85 MISSED",
            {"name": "share", "unit": "×", "median": 0.8, "min": 0.7, "max": 0.9, "bar": 0.85, "ok": False},
        ),
        (
            describe("everything", [612.3], unit="MB", bar=Bar(limit=1000, is_upper=True)),
            "everything        612 MB          bar at most 1000 ok",
            {"name": "everything", "unit": "MB", "median": 612.3, "min": 612.3, "max": 612.3, "bar": 1000, "ok": True},
        ),
        (
            describe("door", [1234.5, 1200.0], unit="messages/s"),
            "door      1,217 messages/s (1,200–1,234)",
            {"name": "door", "unit": "messages/s", "median": 1217.25, "min": 1200.0, "max": 1234.5},
        ),
    ],
)
def test_a_figure_tells_its_median_its_range_and_whether_its_bar_is_reached(figure: Figure, text: str, json: dict[str, object]) -> None:
    assert figure.to_text(width=len(figure.name)) == text
    assert figure.to_json() == json


def test_ratios_are_taken_pair_by_pair() -> None:
    share, multiple = describe_share("share", PAIRS), describe_multiple("multiple", PAIRS)
    assert (share.median, share.low, share.high) == (0.75, 0.5, 0.9)
    assert [multiple.median, multiple.low, multiple.high] == pytest.approx([4 / 3, 1 / 0.9, 2.0])
    speed = describe_speed("speed", [2.0, 4.0, 1.0], count=8, unit="rows/s")
    assert (speed.median, speed.low, speed.high) == (4.0, 2.0, 8.0)


def test_the_two_take_turns_in_going_first() -> None:
    order: list[str] = []

    def run(name: str, seconds: float) -> float:
        order.append(name)
        return seconds

    pairs = time_pairs(lambda: run("subject", 2.0), lambda: run("reference", 1.0), repetitions=3, tell=lambda _text: None)
    assert order == ["subject", "reference", "reference", "subject", "subject", "reference"]
    assert pairs == [Pair(subject=2.0, reference=1.0)] * 3


def test_a_report_lines_its_figures_up() -> None:
    report = Report(
        name="memory",
        title="of the demo",
        figures=(describe("web", [100.0], unit="MB"), describe("PostgreSQL", [40.0], unit="MB")),
        notes=("A note.",),
    )
    assert report.to_text() == (
        "memory: of the demo\n"
        "  web               100 MB\n"
        "  PostgreSQL         40 MB\n"
        "  A note."
    )  # fmt: skip
    assert report.to_json() == {
        "name": "memory",
        "title": "of the demo",
        "figures": [
            {"name": "web", "unit": "MB", "median": 100.0, "min": 100.0, "max": 100.0},
            {"name": "PostgreSQL", "unit": "MB", "median": 40.0, "min": 40.0, "max": 40.0},
        ],
        "notes": ["A note."],
    }
