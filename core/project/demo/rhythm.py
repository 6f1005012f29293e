"""When people write: the hours of day and week, opening times, how long a reply takes, and the greeting that suits the clock."""

import re
from datetime import date, datetime, time, timedelta

from core.project.demo.draw import Draw
from core.project.demo.scripts import Hours, Line, Script
from core.project.demo.shop import CHANNELS, Desk
from core.project.demo.slots import strip_accents

# Monday to Sunday.
_WEEKDAY_WEIGHTS = (1.25, 1.1, 1.05, 1.0, 1.05, 0.7, 0.28)
# Hour of the day → how much is written in it; peaks before lunch and at the end of the afternoon.
_BUSINESS = {9: 5.0, 10: 9.0, 11: 10.0, 12: 5.0, 13: 4.0, 14: 6.0, 15: 9.0, 16: 10.0, 17: 8.0, 18: 4.0}
_EVENING = {18: 3.0, 19: 6.0, 20: 8.0, 21: 7.0, 22: 3.0}
_HOUR_WEIGHTS: dict[Hours, dict[int, float]] = {
    "business": _BUSINESS,
    "evening": _EVENING,
    "any": {7: 2.0, 8: 4.0, **_BUSINESS, 19: 7.0, 20: 8.0, 21: 6.0, 22: 3.0},
}
_A_LONG_WAIT = 6 * 3600
_GREETING = re.compile(
    r"(?P<pt>\b(?:bom dia+|boa tarde+|boa noite+)(?!\w| de | pr[ao] | amanhã))"
    r"|(?P<es>\bbuen[oa]s (?:d[ií]as|tardes|noches))"
    r"|(?P<en>\bgood (?:morning|afternoon|evening))",
    re.IGNORECASE,
)
_GREETINGS = {
    "pt": ("bom dia", "boa tarde", "boa noite"),
    "es": ("buenos días", "buenas tardes", "buenas noches"),
    "en": ("good morning", "good afternoon", "good evening"),
}


def find_opening(desk: Desk, day: date) -> tuple[datetime, datetime] | None:
    """From when to when a channel is answered on a day, in local time; None where it is closed."""
    hours = (desk.weekdays, desk.saturday, desk.sunday)[max(0, day.weekday() - 4)]
    if hours is None:
        return None
    return datetime.combine(day, time(hours[0])), datetime.combine(day, time(hours[1]))


def choose_weekday(script: Script, *, channel: str, draw: Draw) -> int:
    """The weekday (0 is Monday) on which a conversation begins. Those of business hours begin on a day when the channel is open."""
    weights = list(_WEEKDAY_WEIGHTS)
    if script.hours == "business" and CHANNELS[channel].sunday is None:
        weights[6] = 0.0
    return draw.weighted(range(7), weights)


def time_lines(script: Script, *, channel: str, day: date, pace: float, draw: Draw) -> list[datetime]:
    """When each line of a script is written, local time without zone, strictly rising. `pace` stretches the agent's delays.

    A start is drawn anew while the talk would be cut by closing time in a place where its writer meant a quick reply.
    """
    best: list[datetime] = []
    least = 10**9
    for _ in range(16):
        moments, cuts = _run(
            script, desk=CHANNELS[channel], start=_choose_start(script, channel=channel, day=day, draw=draw), pace=pace, draw=draw
        )
        if cuts < least:
            best, least = moments, cuts
        if cuts == 0:
            break
    return best


def _choose_start(script: Script, *, channel: str, day: date, draw: Draw) -> datetime:
    weights = _HOUR_WEIGHTS[script.hours]
    opening = find_opening(CHANNELS[channel], day)
    if script.hours == "business" and opening is not None:
        weights = {hour: weight for hour, weight in weights.items() if opening[0].hour <= hour < opening[1].hour}
    hour = draw.weighted(list(weights), list(weights.values()))
    return datetime.combine(day, time(hour)) + timedelta(seconds=draw.whole(0, 3599))


def _run(script: Script, *, desk: Desk, start: datetime, pace: float, draw: Draw) -> tuple[list[datetime], int]:
    """The moments of all lines, and how often closing time or the night made a short wait long."""
    moments: list[datetime] = []
    cuts = 0
    for line in script.lines:
        delay = _choose_delay(line, pace=pace, draw=draw) if moments else 0.0
        wanted = (moments[-1] if moments else start) + timedelta(seconds=round(delay))
        moment = _wait_for_opening(wanted, desk=desk, draw=draw) if line.author == "agent" else _wait_for_morning(wanted, draw=draw)
        if moment != wanted and delay < _A_LONG_WAIT:
            cuts += 1
        moments.append(moment)
    return moments, cuts


def _choose_delay(line: Line, *, pace: float, draw: Draw) -> float:
    if line.delay_seconds is None:
        delay = draw.between(90, 600) if line.author == "agent" else draw.between(15, 180)
    else:
        delay = line.delay_seconds * draw.between(0.75, 1.35)
    # Overnight waits are the night's, not the agent's.
    return max(4.0, delay * pace if line.author == "agent" and delay < _A_LONG_WAIT else delay)


def _wait_for_opening(moment: datetime, *, desk: Desk, draw: Draw) -> datetime:
    day = moment.date()
    while True:
        opening = find_opening(desk, day)
        if opening is not None:
            # The last customers of the day are still answered.
            if moment < opening[0]:
                return opening[0] + timedelta(seconds=draw.whole(120, 2400))
            if moment <= opening[1] + timedelta(minutes=25):
                return moment
        day += timedelta(days=1)
        moment = datetime.combine(day, time(0))


def _wait_for_morning(moment: datetime, *, draw: Draw) -> datetime:
    if moment.hour < 6:
        return datetime.combine(moment.date(), time(7)) + timedelta(seconds=draw.whole(0, 5400))
    return moment


def suit_greeting(text: str, *, moment: datetime) -> str:
    """The text with the greeting at its beginning made to suit the clock: "Boa tarde" at ten in the morning becomes "Bom dia"."""
    found = _GREETING.search(text[:28])
    if found is None or found.lastgroup is None:
        return text
    greeting = _GREETINGS[found.lastgroup][0 if moment.hour < 12 else 1 if moment.hour < 18 else 2]
    said = found.group()
    if strip_accents(said).lower().startswith(strip_accents(greeting)):
        return text
    greeting += greeting[-1] * (len(said) - len(said.rstrip(said[-1])) - 1)  # "Bom diaaa"
    if said.isupper():
        greeting = greeting.upper()
    elif said[0].isupper():
        greeting = greeting[0].upper() + greeting[1:]
    return text[: found.start()] + greeting + text[found.end() :]
