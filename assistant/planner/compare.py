"""When: the period of a question and the one set beside it, with what a default filled."""

from dataclasses import dataclass

from assistant.plan import AssumedField
from assistant.planner.moments import Moment
from assistant.planner.reading import Reading
from assistant.planner.times import TimeSpan
from core.periods import CalendarUnit, Period, get_last_days, get_previous, get_running_unit

DEFAULT_DAYS = 30
DEFAULT_DAYS_OF_EXPLAIN = 7


@dataclass(frozen=True, slots=True)
class When:
    """The periods of a plan. `unit` is the calendar unit that the period was meant as, where one was said."""

    period: Period
    compare_to: Period | None = None
    assumed: tuple[AssumedField, ...] = ()
    unit: CalendarUnit | None = None


def read_period(reading: Reading, *, explains: bool, compares: bool) -> When:
    """The period said, or the default; `compares` asks for a second one even where none was said."""
    today = reading.clock.today
    first, second = split_times(reading)
    assumed: list[AssumedField] = []
    if first is not None:
        period, unit = first.moment.period, first.moment.unit
    elif second is not None and second.moment.unit not in (None, "day") and second.moment.of is None:
        # "Comparado com o mês passado", and no more: this month is meant.
        unit = second.moment.unit
        period = get_running_unit(today, unit)
        assumed.append("period")
    else:
        period, unit = get_last_days(today, DEFAULT_DAYS_OF_EXPLAIN if explains else DEFAULT_DAYS), None
        assumed.append("period")
    compare_to = None
    if second is not None:
        compare_to = relate(second.moment, period)
    elif says_one_before(reading):
        compare_to = get_previous(period, today=today, unit=unit)
    elif compares:
        compare_to = get_previous(period, today=today, unit=unit or ("day" if first is None else None))
        assumed.append("compare_to")
    return When(period, compare_to, tuple(assumed), unit)


def says_one_before(reading: Reading) -> bool:
    """ "Comparado com o período anterior", "versus last", "em relação à anterior": the one before it, without a unit."""
    if reading.has_cue("before_it") and reading.has_cue("compare", "change"):
        return True
    ends = [span.end for span in reading.find_cues("compare")]
    return any(not reading.words_between(end, span.start) for span in reading.find_cues("one_before") for end in ends if end <= span.start)


def relate(moment: Moment, period: Period) -> Period:
    """The days of a moment beside a period: "the week before" is before it, "last week" is last week."""
    if moment.of is not None:
        return moment.of(period)
    return moment.period


def split_times(reading: Reading) -> tuple[TimeSpan | None, TimeSpan | None]:
    """The time asked about and the one to compare with."""
    times = _join_neighbours(reading, reading.times)
    if not times:
        return None, None
    if len(times) == 1 and (parts := _split_range(reading, times[0])):
        return parts
    compares = reading.find_cues("compare", "same_period")
    compared = next((time for time in times if _is_led_by_compare(reading, time)), None)
    if compared is not None:
        rest = [time for time in times if time is not compared]
        if rest or compared.moment.of is not None or not _is_verb_first(reading, compared):
            return (rest[0] if rest else None), compared
    if len(times) == 1:
        related = times[0].moment.of is not None and bool(compares)
        return (None, times[0]) if related else (times[0], None)
    if compares or reading.has_cue("change", "before_it") or times[1].moment.of is not None:
        if _goes_from_to(reading, times[0], times[1]):
            return times[1], times[0]
        return times[0], times[1]
    if reading.words_between(times[0].end, times[1].start) in (["e"], ["y"], ["and"], [","], ["ou"], ["or"], ["o"]):
        return times[0], times[1]
    return times[0], None


def _split_range(reading: Reading, time: TimeSpan) -> tuple[TimeSpan, TimeSpan] | None:
    """ "A diferença entre dezembro e janeiro", "melhorou de novembro a dezembro": two months beside each other, not one stretch."""
    if time.ends is None or (not time.is_move and any(end.unit in (None, "day") for end in time.ends)):
        return None
    first, second = (TimeSpan(time.places, end, time.head) for end in time.ends)
    if reading.has_cue("compare"):
        return first, second
    return (second, first) if reading.has_cue("change") else None


def _is_led_by_compare(reading: Reading, time: TimeSpan) -> bool:
    """ "… vs mês passado": a comparing word right before, articles and prepositions aside."""
    for span in reading.find_cues("compare", "same_period"):
        if span.end <= time.start and not reading.words_between(span.end, time.start):
            return not _opens(reading, span)
    return False


def _opens(reading: Reading, span: object) -> bool:
    """ "Compare outubro com setembro": the verb leads into the first of the two, not into the second."""
    places = getattr(span, "places", ())
    words = [reading.tagged.tokens[place].norm for place in places]
    verb = (
        len(words) == 1
        and words[0].startswith(("compar", "diferenc", "difference", "confront"))
        and not words[0].startswith(("comparad", "compared"))
    )
    later = [time for time in reading.times if time.start >= places[-1]] if places else []
    return verb and len(later) > 1


def _is_verb_first(reading: Reading, time: TimeSpan) -> bool:
    """ "Compare a satisfação este mês": one time behind the verb is the period itself."""
    for span in reading.find_cues("compare"):
        words = [reading.tagged.tokens[place].norm for place in span.places]
        if (
            span.end <= time.start
            and len(words) == 1
            and words[0] in ("compare", "compara", "comparar", "comparison", "comparacao", "comparacion")
        ):
            return True
    return False


def _goes_from_to(reading: Reading, first: TimeSpan, second: TimeSpan) -> bool:
    """ "De setembro para outubro": the second is what changed, the first what it is compared with."""
    between = [token.norm for token in reading.tagged.tokens[first.end : second.start]]
    return any(word in ("para", "pra", "pro", "to") for word in between) and not reading.has_cue("compare")


def _join_neighbours(reading: Reading, times: list[TimeSpan]) -> list[TimeSpan]:
    """ "Ontem e hoje", "setembro e outubro": times that follow each other without a gap are one, unless they are compared."""
    if reading.has_cue("compare", "before_it") or len(times) < 2:
        return list(times)
    joined = [times[0]]
    for time in times[1:]:
        last = joined[-1]
        beside = reading.words_between(last.end, time.start) in (["e"], ["y"], ["and"], [","], [])
        if beside and not _goes_from_to(reading, last, time) and (time.moment.period.start - last.moment.period.end).days == 1:
            whole = Moment(period=Period(last.moment.period.start, time.moment.period.end))
            joined[-1] = TimeSpan((*last.places, *time.places), whole, "range")
        else:
            joined.append(time)
    return joined
