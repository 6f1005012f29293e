"""Tells ninety days of the demo shop: real customers' words on real days, ending today, with one week in which a channel fails.

Pure: the same scripts, day and seed give the same messages on every machine. The last whole calendar week before today's is always
the one of the failure; a different today moves the days and leaves the conversations.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

from core.project.demo.draw import Draw
from core.project.demo.farewells import find_farewell
from core.project.demo.people import Person, load_people
from core.project.demo.rhythm import choose_weekday, suit_greeting, time_lines
from core.project.demo.scripts import Line, Script
from core.project.demo.season import FAILING_WEEK, Role, Season, find_pace, plan_season
from core.project.demo.shop import CHANNELS, FAILING_CHANNEL, TIME_ZONE
from core.project.demo.slots import Scene, choose_hand, fill_slots
from ingestion.types import IncomingMessage

DAYS = 90
SEED = 7
# By this the demo knows its own messages among others.
PROVIDER_PREFIX = "demo-"
# Days from the Friday on which its bustle is spread, and how much of it falls on each.
_SALE_DAYS, _SALE_WEIGHTS = (-1, 0, 1, 2, 3, 5), (5, 12, 6, 3, 5, 3)
# In the failing week everyone waits on that channel, whatever the script says.
_FAILURE_PACE = 2.5
# Taking leave on the next morning would look as if the night had gone by in thought.
_LATEST_FAREWELL = timedelta(hours=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryConversation:
    """One told conversation, with what a careful reader would say of it (`script`) for tests and checks."""

    key: str
    week: int
    script: Script
    channel: str
    person: Person
    agent: str
    messages: tuple[IncomingMessage, ...]


def tell_story(scripts: Sequence[Script], *, today: date, seed: int = SEED, until: datetime | None = None) -> list[StoryConversation]:
    """The conversations that began in the 90 days ending `today`, by time of their first message.

    `until` (aware; the end of `today` where it is left out) is the clock: what would be said after it has not been said yet.
    """
    return tell_season(plan_season(scripts, load_people(), seed=seed), today=today, until=until)


def tell_season(season: Season, *, today: date, until: datetime | None = None) -> list[StoryConversation]:
    """As `tell_story`, of a season that is planned already."""
    zone = ZoneInfo(TIME_ZONE)
    end = datetime.combine(today + timedelta(days=1), time(0), tzinfo=zone)
    clock = min(until, end) if until else end
    first_day = today - timedelta(days=DAYS - 1)
    told = [
        _tell(role, day=day, zone=zone, clock=clock)
        for role, day in _lay_over_days(season, first_day=first_day, today=today)
        if first_day <= day <= today
    ]
    return sorted((conversation for conversation in told if conversation.messages), key=lambda one: (one.messages[0].sent_at, one.key))


def gather_chats(conversations: Iterable[StoryConversation]) -> dict[str, list[IncomingMessage]]:
    """Channel → its messages as a gateway would tell them, in order of time."""
    chats: dict[str, list[IncomingMessage]] = {channel: [] for channel in CHANNELS}
    for conversation in conversations:
        chats[conversation.channel] += conversation.messages
    return {channel: sorted(messages, key=lambda message: (message.sent_at, message.provider_id)) for channel, messages in chats.items()}


def find_black_fridays(first_day: date, last_day: date) -> list[date]:
    """The Fridays after the fourth Thursday of November whose bustle touches the days between."""
    found = []
    for year in range(first_day.year, last_day.year + 1):
        first = date(year, 11, 1)
        thursday = first + timedelta(days=(3 - first.weekday()) % 7 + 21)
        friday = thursday + timedelta(days=1)
        if first_day <= friday + timedelta(days=5) and friday - timedelta(days=1) <= last_day:
            found.append(friday)
    return found


def _lay_over_days(season: Season, *, first_day: date, today: date) -> Iterator[tuple[Role, date]]:
    monday = today - timedelta(days=today.weekday())
    for role in season.roles:
        weekday = choose_weekday(role.script, channel=role.channel, draw=Draw(role.key, "day"))
        yield role, monday + timedelta(weeks=role.week, days=weekday)
    for friday in find_black_fridays(first_day, today):
        week = (friday - timedelta(days=friday.weekday()) - monday).days // 7
        for role in season.sale:
            yield replace(role, week=week), friday + timedelta(days=Draw(role.key, "day").weighted(_SALE_DAYS, _SALE_WEIGHTS))


def _tell(role: Role, *, day: date, zone: ZoneInfo, clock: datetime) -> StoryConversation:
    script, agent = role.script, role.agent
    is_failing = role.channel == FAILING_CHANNEL and role.week == FAILING_WEEK
    pace = 1.0 if script.agent else find_pace(agent, role.week)
    if is_failing and script.phase is None:
        pace *= _FAILURE_PACE
    farewell = None if is_failing else find_farewell(script, agent=agent, draw=Draw(role.key, "farewell"))
    told = replace(script, lines=(*script.lines, farewell)) if farewell else script
    moments = time_lines(told, channel=role.channel, day=day, pace=pace, draw=Draw(role.key, "time"))
    if farewell and moments[-1] - moments[-2] > _LATEST_FAREWELL:
        told, moments = script, moments[:-1]
    scene = Scene(key=role.key, person=role.person, agent=agent, started_at=moments[0])
    hand = choose_hand(line.text for line in script.lines if line.author == "customer")
    messages = []
    for index, (line, moment) in enumerate(zip(told.lines, moments, strict=True)):
        sent_at = moment.replace(tzinfo=zone).astimezone(UTC)
        if sent_at <= clock:
            text = choose_alternatives(line.text, draw=Draw(role.key, "text", index))
            text = fill_slots(text, scene=scene, hand=hand if line.author == "customer" else str)
            messages.append(_make_message(role, line, text=suit_greeting(text, moment=moment), sent_at=sent_at, index=index))
    return StoryConversation(
        key=role.key,
        week=role.week,
        script=script,
        channel=role.channel,
        person=role.person,
        agent=agent,
        messages=tuple(messages),
    )


def choose_alternatives(text: str, *, draw: Draw) -> str:
    """The text with one of each `[[a|b]]` taken."""
    while (start := text.find("[[")) >= 0:
        stop = text.index("]]", start)
        text = text[:start] + draw.one(text[start + 2 : stop].split("|")) + text[stop + 2 :]
    return text


def _make_message(role: Role, line: Line, *, text: str, sent_at: datetime, index: int) -> IncomingMessage:
    person, is_customer = role.person, line.author == "customer"
    name = f"{role.key}/{role.script.name}/{index}/{sent_at:%Y%m%d%H%M%S}"
    return IncomingMessage(
        provider_id=f"{PROVIDER_PREFIX}{blake2b(name.encode(), digest_size=12).hexdigest()}",
        chat_key=person.phone,
        chat_name=person.name,
        author=line.author,
        sender_name=person.name if is_customer else role.channel,
        sender_phone=person.phone if is_customer else CHANNELS[role.channel].phone,
        agent_name=role.agent if not is_customer and line.is_signed else None,
        sent_at=sent_at,
        kind=line.kind,
        text=text,
    )
