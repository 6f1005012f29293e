"""A re-scoring beside what counts: how the two spread, what would flip and where to look, and which is nearer to what people said."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypedDict

from core.models import ConversationAnalysis, Correction, MessageAnalysis, ReScoring, Theme

# Of each kind of flip, how many are told, and how many conversations to look at.
FLIPS, EXAMPLES = 12, 3


class Flip(TypedDict):
    """So many went from one value to another; `examples` are ids of conversations."""

    old: Any
    new: Any
    count: int
    examples: list[str]


class Nearness(TypedDict):
    """How near a version comes to what people said of `count` conversations: share that is equal; mean error in points, or null."""

    count: int
    old_equal: float
    new_equal: float
    old_error: float | None
    new_error: float | None


class Comparison(TypedDict):
    """`spread`: measure → old/new → value → how many. `agreement`: source → how near each version comes to it."""

    conversations: int
    messages: int
    spread: dict[str, dict[str, dict[str, int]]]
    mean_satisfaction: dict[str, float | None]
    flipped: dict[str, int]
    flips: dict[str, list[Flip]]
    agreement: dict[str, Nearness]


@dataclass(slots=True)
class Measure:
    """One thing that both versions say, counted."""

    old: Counter[str] = field(default_factory=Counter)
    new: Counter[str] = field(default_factory=Counter)
    flips: Counter[tuple[Any, Any]] = field(default_factory=Counter)
    examples: dict[tuple[Any, Any], list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, old: Hashable, new: Hashable, conversation_id: object) -> None:
        self.old[_name(old)] += 1
        self.new[_name(new)] += 1
        if old != new:
            self.flips[old, new] += 1
            examples, name = self.examples[old, new], str(conversation_id)
            if len(examples) < EXAMPLES and name not in examples:
                examples.append(name)

    def list_flips(self) -> list[Flip]:
        return [
            Flip(old=old, new=new, count=count, examples=self.examples[old, new])
            for (old, new), count in sorted(self.flips.items(), key=lambda entry: (-entry[1], str(entry[0])))[:FLIPS]
        ]


@dataclass(slots=True)
class Nearer:
    """Counts how often each version says what people said, and by how much it misses."""

    count: int = 0
    equal: list[int] = field(default_factory=lambda: [0, 0])
    error: list[float] = field(default_factory=lambda: [0.0, 0.0])
    has_error: bool = False

    def add(self, truth: Any, old: Any, new: Any) -> None:
        self.count += 1
        for place, said in enumerate((old, new)):
            self.equal[place] += said == truth

    def add_score(self, truth: int, old: float, new: float) -> None:
        self.has_error = True
        self.add(truth, round_score(old), round_score(new))
        for place, score in enumerate((old, new)):
            self.error[place] += abs(score - truth)

    def tell(self) -> Nearness:
        many = max(1, self.count)
        errors = [round(one / many, 4) if self.has_error else None for one in self.error]
        equal = [round(one / many, 4) for one in self.equal]
        return Nearness(count=self.count, old_equal=equal[0], new_equal=equal[1], old_error=errors[0], new_error=errors[1])


def round_score(score: float) -> int:
    """A score as a note: rounded half up."""
    return int(score + 0.5)


def compare(run: ReScoring) -> Comparison:
    """Compare what a run read with what the version that counted before says of the same conversations, in the open scope.

    What is current counts as old while the run is not promoted; afterwards, the rows of the version before. The two are walked side
    by side in the order of their ids, so that a long history needs no more memory than a short one.
    """
    themes = dict(Theme.objects.values_list("id", "name"))
    corrections = {one.conversation_id: one for one in Correction.objects.filter(undone_at__isnull=True)}
    measures = {name: Measure() for name in ("satisfaction", "theme", "resolved", "sentiment")}
    nearer: dict[str, Nearer] = {name: Nearer() for name in ("ratings", "corrected_satisfaction", "corrected_theme", "corrected_resolved")}
    sums, conversations, messages = [0, 0], 0, 0
    columns = ("conversation_id", "satisfaction", "score", "theme_id", "is_resolved", "conversation__rating")
    for old, new in _pair(run, ConversationAnalysis, *columns):
        conversations += 1
        key, rating = new[0], new[5]
        for place, row in enumerate((old, new)):
            sums[place] += row[1]
        measures["satisfaction"].add(old[1], new[1], key)
        measures["theme"].add(themes.get(old[3]), themes.get(new[3]), key)
        measures["resolved"].add(old[4], new[4], key)
        if rating is not None:
            nearer["ratings"].add_score(rating, old[2], new[2])
        if (correction := corrections.get(key)) is None:
            continue
        if correction.satisfaction is not None:
            nearer["corrected_satisfaction"].add_score(correction.satisfaction, old[2], new[2])
        if correction.corrects_theme:
            nearer["corrected_theme"].add(correction.theme_id, old[3], new[3])
        if correction.is_resolved is not None:
            nearer["corrected_resolved"].add(correction.is_resolved, old[4], new[4])
    for old, new in _pair(run, MessageAnalysis, "message_id", "sentiment", "message__conversation_id"):
        messages += 1
        measures["sentiment"].add(old[1], new[1], new[2])
    return Comparison(
        conversations=conversations,
        messages=messages,
        spread={name: {"old": dict(one.old), "new": dict(one.new)} for name, one in measures.items()},
        mean_satisfaction={
            name: round(total / conversations, 4) if conversations else None for name, total in zip(("old", "new"), sums, strict=True)
        },
        flipped={name: one.flips.total() for name, one in measures.items()},
        flips={name: one.list_flips() for name, one in measures.items()},
        agreement={name: one.tell() for name, one in nearer.items()},
    )


def _pair(run: ReScoring, model: type[Any], *columns: str) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """Rows of both versions of the same thing, old and new, in the order of its id, which is the first column."""
    mine = {"analyser": run.analyser, "analyser_version": run.analyser_version}
    is_switched = run.state in (ReScoring.State.PROMOTING, ReScoring.State.PROMOTED, ReScoring.State.ROLLING_BACK)
    before = {"analyser": run.old_analyser, "analyser_version": run.old_version}
    others = model.objects.filter(**before) if is_switched else model.objects.filter(is_current=True).exclude(**mine)
    old, new = (_walk(rows.order_by(columns[0]).values_list(*columns)) for rows in (others, model.objects.filter(**mine)))
    one, other = next(old, None), next(new, None)
    while one is not None and other is not None:
        if one[0] == other[0]:
            yield one, other
            one, other = next(old, None), next(new, None)
        elif one[0] < other[0]:
            one = next(old, None)
        else:
            other = next(new, None)


def _walk(rows: Any) -> Iterator[tuple[Any, ...]]:
    found: Iterable[tuple[Any, ...]] = rows.iterator(chunk_size=2000)
    yield from found


def _name(value: Hashable) -> str:
    return "yes" if value is True else "no" if value is False else "" if value is None else str(value)
