"""What a bench found, as plain data: printed for a person, or as JSON for a program. Pure."""

from dataclasses import dataclass
from typing import Literal

Unit = Literal["messages/s", "rows/s", "requests/s", "s", "ms", "MB", "×"]
DECIMALS = {"messages/s": 0, "rows/s": 0, "requests/s": 0, "s": 2, "ms": 1, "MB": 0, "×": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The line that a figure has to reach."""

    limit: float
    is_upper: bool = False

    def holds(self, value: float) -> bool:
        """Whether the value is on the good side."""
        return value <= self.limit if self.is_upper else value >= self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number: the median of what was measured, with the lowest and highest. A figure of one reading has all three equal."""

    name: str
    unit: Unit
    median: float
    low: float
    high: float
    bar: Bar | None = None

    @property
    def is_well(self) -> bool | None:
        """Whether the bar is reached; None where there is none."""
        return None if self.bar is None else self.bar.holds(self.median)

    def to_json(self) -> dict[str, object]:
        """This figure for a program."""
        body: dict[str, object] = {"name": self.name, "unit": self.unit, "median": self.median, "min": self.low, "max": self.high}
        if self.bar is not None:
            body |= {"bar": self.bar.limit, "ok": self.is_well}
        return body

    def to_text(self, *, width: int) -> str:
        """This figure as a line: `against the bare embedder   0.91 × (0.88–0.93)  bar 0.85 ok`."""
        decimals = DECIMALS[self.unit]
        line = f"{self.name:<{width}}  {self.median:>9,.{decimals}f} {self.unit:<10}"
        if self.low != self.high:
            line += f" ({self.low:,.{decimals}f}–{self.high:,.{decimals}f})"
        if self.bar is not None:
            line += f"  bar {'at most ' if self.bar.is_upper else ''}{self.bar.limit:g} {'ok' if self.is_well else 'MISSED'}"
        return line.rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One bench: its figures, and notes that a reader needs to understand them."""

    name: str
    title: str
    figures: tuple[Figure, ...] = ()
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """This report for a program."""
        return {"name": self.name, "title": self.title, "figures": [one.to_json() for one in self.figures], "notes": list(self.notes)}

    def to_text(self) -> str:
        """This report for a person."""
        width = max((len(one.name) for one in self.figures), default=0)
        lines = [f"{self.name}: {self.title}", *(f"  {one.to_text(width=width)}" for one in self.figures)]
        return "\n".join([*lines, *(f"  {note}" for note in self.notes)])
