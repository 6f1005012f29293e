"""Ninety days of the demo shop: as many conversations as planned, a week that fails, the same on every machine and for every today."""

import itertools
import re
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

import pytest

from core.privacy import find_spans
from core.project.demo.people import load_people
from core.project.demo.rhythm import find_opening
from core.project.demo.scripts import Script, load_scripts
from core.project.demo.season import Season, plan_season
from core.project.demo.shop import CHANNELS, FAILING_CHANNEL, GAP_HOURS, TIME_ZONE
from core.project.demo.story import SEED, StoryConversation, gather_chats, tell_season, tell_story
from ingestion.episodes import Utterance, split_episodes
from ingestion.types import IncomingMessage

ZONE = ZoneInfo(TIME_ZONE)
WEDNESDAY = date(2026, 5, 13)
# Week → conversations and mean note by the scripts: Suporte, Vendas, Loja Centro, Loja Norte, all. Week −1 is 4 to 10 May 2026.
TABLE = {
    -13: ((5, 3.2), (2, 4.0), (5, 3.4), (3, 4.0), (15, 3.53)),
    -12: ((13, 3.15), (13, 3.85), (8, 3.75), (9, 3.56), (43, 3.56)),
    -11: ((13, 3.38), (13, 3.77), (8, 3.88), (9, 3.89), (43, 3.7)),
    -10: ((11, 3.36), (11, 3.82), (7, 3.71), (8, 3.5), (37, 3.59)),
    -9: ((13, 3.38), (13, 3.85), (9, 3.67), (10, 3.6), (45, 3.62)),
    -8: ((14, 3.0), (14, 3.93), (9, 3.78), (10, 3.8), (47, 3.6)),
    -7: ((10, 3.3), (10, 3.8), (6, 3.83), (7, 3.86), (33, 3.67)),
    -6: ((14, 3.07), (14, 4.07), (9, 3.78), (10, 3.4), (47, 3.57)),
    -5: ((14, 3.29), (14, 3.79), (9, 3.78), (10, 3.8), (47, 3.64)),
    -4: ((15, 3.2), (15, 3.8), (9, 3.56), (10, 3.4), (49, 3.49)),
    -3: ((14, 3.36), (14, 3.79), (9, 3.78), (10, 3.7), (47, 3.64)),
    -2: ((15, 3.27), (15, 3.73), (10, 3.7), (11, 3.73), (51, 3.59)),
    -1: ((15, 3.07), (15, 3.93), (10, 3.6), (28, 1.29), (68, 2.6)),
    0: ((10, 3.7), (11, 3.55), (5, 3.2), (9, 3.11), (35, 3.43)),
}


@pytest.fixture(scope="module")
def scripts() -> list[Script]:
    return load_scripts()


@pytest.fixture(scope="module")
def season(scripts: list[Script]) -> Season:
    return plan_season(scripts, load_people(), seed=SEED)


@pytest.fixture(scope="module")
def story(season: Season) -> list[StoryConversation]:
    return tell_season(season, today=WEDNESDAY)


def mean(notes: list[int]) -> float:
    return round(sum(notes) / len(notes), 2)


def count_weeks(story: list[StoryConversation]) -> dict[int, dict[str, list[int]]]:
    """Week → channel (and "all") → notes by the scripts."""
    weeks: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for conversation in story:
        for name in (conversation.channel, "all"):
            weeks[conversation.week][name].append(conversation.script.note)
    return weeks


def digest(story: list[StoryConversation]) -> str:
    lines = [f"{m.provider_id}|{m.sent_at}|{m.sender_name}|{m.agent_name}|{m.text}" for c in story for m in c.messages]
    return blake2b("\n".join(lines).encode(), digest_size=8).hexdigest()


def local(moment: datetime) -> datetime:
    return moment.astimezone(ZONE)


def test_weeks_hold_as_many_conversations_as_planned(story: list[StoryConversation]) -> None:
    weeks = count_weeks(story)
    found = {
        week: tuple((len(notes), mean(notes)) for notes in (weeks[week][name] for name in (*CHANNELS, "all"))) for week in sorted(weeks)
    }
    assert found == TABLE
    assert (len(story), sum(len(conversation.messages) for conversation in story)) == (607, 5402)


@pytest.mark.parametrize("today", [WEDNESDAY + timedelta(days=days) for days in range(-2, 5)] + [date(2026, 3, 1), date(2027, 1, 1)])
def test_the_last_whole_week_fails_whatever_today_is(season: Season, today: date) -> None:
    """The channel goes from ten conversations a week to 28, and its mean note from 3.7 to 1.3; the other channels keep theirs."""
    monday = today - timedelta(days=today.weekday())
    story = [c for c in tell_season(season, today=today) if "/sale/" not in c.key]
    notes: dict[tuple[bool, bool], list[int]] = defaultdict(list)
    for conversation in story:
        day = local(conversation.messages[0].sent_at).date()
        is_failing_week = monday - timedelta(days=7) <= day < monday
        if is_failing_week or monday - timedelta(days=35) <= day < monday - timedelta(days=7):
            notes[conversation.channel == FAILING_CHANNEL, is_failing_week].append(conversation.script.note)
    assert {key: (len(values), mean(values)) for key, values in notes.items()} == {
        # (is it the failing channel, is it the failing week): conversations, mean note; four usual weeks against the one that fails
        (True, False): (41, 3.66),
        (True, True): (28, 1.29),
        (False, False): (153, 3.57),
        (False, True): (40, 3.52),
    }


def test_the_same_whatever_python_hashes_and_wherever_it_runs(story: list[StoryConversation]) -> None:
    code = (
        "from datetime import date; from core.project.demo.scripts import load_scripts; from core.project.demo.story import tell_story;"
        "from core.project.demo.tests.test_story import digest; print(digest(tell_story(load_scripts(), today=date(2026, 5, 13))))"
    )
    environment = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C"}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == digest(story)


def test_another_seed_tells_another_story(story: list[StoryConversation], scripts: list[Script]) -> None:
    other = tell_story(scripts, today=WEDNESDAY, seed=8)
    assert {c.messages[0].text for c in other if c.week == -4} != {c.messages[0].text for c in story if c.week == -4}


def test_another_today_moves_the_days_and_leaves_the_rest(story: list[StoryConversation], season: Season) -> None:
    def tell_without_dates(conversations: list[StoryConversation], today: date) -> list[tuple[object, ...]]:
        midnight = datetime.combine(today, time(0), tzinfo=ZONE)
        return [(m.sent_at - midnight, m.sender_name, m.agent_name, re.sub(r"\d+", "0", m.text)) for c in conversations for m in c.messages]

    later = WEDNESDAY + timedelta(weeks=3)
    assert tell_without_dates(tell_season(season, today=later), later) == tell_without_dates(story, WEDNESDAY)


def test_nothing_is_said_after_the_clock(story: list[StoryConversation], season: Season) -> None:
    until = datetime(2026, 5, 12, 14, 30, tzinfo=UTC)
    cut = tell_season(season, today=WEDNESDAY, until=until)
    assert [m for c in cut for m in c.messages] == [m for c in story for m in c.messages if m.sent_at <= until]
    assert max(m.sent_at for c in story for m in c.messages) < datetime(2026, 5, 14, 3, 0, tzinfo=UTC)
    assert min(c.messages[0].sent_at for c in story) >= datetime(2026, 2, 13, 3, 0, tzinfo=UTC)


def test_messages_are_whole(story: list[StoryConversation]) -> None:
    texts = [(c.script.name, m.kind, m.text) for c in story for m in c.messages]
    assert [entry for entry in texts if re.search(r"[{}|]|\[\[|\]\]", entry[2])] == []
    assert [entry for entry in texts if entry[1] == "text" and not entry[2].strip()] == []
    identities = Counter(m.provider_id for c in story for m in c.messages)
    assert [identity for identity, count in identities.items() if count > 1] == []


def test_agents_answer_while_their_channel_is_open(story: list[StoryConversation]) -> None:
    """Whoever is in the queue at closing time is still answered: 25 minutes longer."""
    late = []
    for conversation in story:
        for message in conversation.messages:
            moment = local(message.sent_at).replace(tzinfo=None)
            opening = find_opening(CHANNELS[conversation.channel], moment.date())
            if message.author == "agent" and (opening is None or not opening[0] <= moment <= opening[1] + timedelta(minutes=25)):
                late.append((conversation.script.name, message.text, moment))
    assert late == []


def test_messages_of_a_conversation_are_in_order(story: list[StoryConversation]) -> None:
    for conversation in story:
        moments = [message.sent_at for message in conversation.messages]
        assert moments == sorted(set(moments)), conversation.script.name


def test_two_conversations_of_a_chat_never_overlap(story: list[StoryConversation]) -> None:
    chats = defaultdict(list)
    for conversation in story:
        chats[conversation.channel, conversation.person.name].append(conversation)
    overlaps = [
        (before.script.name, after.script.name)
        for chat in chats.values()
        for before, after in itertools.pairwise(chat)
        if after.messages[0].sent_at <= before.messages[-1].sent_at
    ]
    assert overlaps == []


def test_chats_are_told_by_channel_in_order_of_time(story: list[StoryConversation]) -> None:
    chats = gather_chats(story)
    assert list(chats) == list(CHANNELS)
    assert sum(len(messages) for messages in chats.values()) == sum(len(c.messages) for c in story)
    assert [m.sent_at for m in chats["Vendas"]] == sorted(m.sent_at for m in chats["Vendas"])


def test_a_third_of_the_customers_return(story: list[StoryConversation]) -> None:
    people = Counter(c.person.name for c in story)
    assert Counter(people.values()) == {1: 217, 2: 29, 3: 38, 4: 37, 5: 14}
    regulars = [person.name for person in load_people() if person.is_regular]
    assert regulars == ["Mariana Alves", "Lívia Ferraz", "Patrícia Gomes", "João Pedro Castro", "Roberto Tanaka", "Sérgio Barros"]
    assert [people[name] for name in regulars] == [5, 5, 5, 4, 5, 5]


def test_who_speaks_fits_the_words(story: list[StoryConversation]) -> None:
    genders = {(c.script.voice.gender, c.person.gender) for c in story}
    assert genders == {(None, "woman"), (None, "man"), ("woman", "woman"), ("man", "man")}
    foreign = {(c.script.voice.home, c.person.home) for c in story if c.script.voice.is_foreign or c.person.home in ("es", "en")}
    assert foreign == {("es", "es"), ("en", "en")}
    strangers = [c.script.name for c in story if c.script.voice.home not in (None, c.person.home)]
    assert strangers == []


def test_the_newcomer_gets_better(story: list[StoryConversation]) -> None:
    """Felipe's mean note by the scripts, in the first five weeks, the middle four, the last five."""
    thirds = [(-13, -9), (-8, -5), (-4, 0)]
    notes = [[c.script.note for c in story if c.agent == "Felipe Nunes" and first <= c.week <= last] for first, last in thirds]
    assert [(len(third), mean(third)) for third in notes] == [(22, 2.82), (31, 3.52), (36, 3.47)]


def test_the_failing_channel_leaves_its_customers_waiting(story: list[StoryConversation]) -> None:
    """Median minutes to the first reply: the week before, the week of the failure."""

    def find_wait(conversation: StoryConversation) -> float | None:
        first = next(m for m in conversation.messages if m.author == "customer")
        replies = [m for m in conversation.messages if m.author == "agent" and m.sent_at > first.sent_at]
        return (replies[0].sent_at - first.sent_at).total_seconds() / 60 if replies else None

    waits = {}
    for week in (-2, -1):
        known = sorted(wait for c in story if c.week == week and c.channel == FAILING_CHANNEL and (wait := find_wait(c)) is not None)
        waits[week] = round(known[len(known) // 2])
    assert waits == {-2: 9, -1: 180}


def test_each_script_is_used_a_few_times(story: list[StoryConversation], scripts: list[Script]) -> None:
    uses = Counter(c.script.name for c in story)
    assert Counter(uses[script.name] for script in scripts) == {0: 3, 1: 43, 2: 121, 3: 106, 4: 1}


def test_invented_personal_data_is_such_that_masking_finds_it(story: list[StoryConversation]) -> None:
    """CPF with valid check digits, phones, e-mail addresses, postcodes, streets; order numbers and prices are left alone."""
    kinds: Counter[str] = Counter()
    for conversation in story:
        for message in conversation.messages:
            kinds.update(span.kind for span in find_spans(message.text))
    assert kinds == {"address": 18, "card": 3, "cep": 7, "cnpj": 4, "cpf": 14, "email": 26, "phone": 14}


def test_black_friday_brings_more(season: Season) -> None:
    story = tell_season(season, today=date(2026, 12, 9))
    days = Counter(local(c.messages[0].sent_at).date() for c in story)
    assert [days[date(2026, 11, day)] for day in range(18, 31)] == [8, 10, 6, 5, 0, 7, 9, 17, 11, 17, 14, 3, 26]


def test_cutting_chats_finds_the_conversations_and_their_ratings(story: list[StoryConversation]) -> None:
    """With the demo's gap no two conversations melt into one, a few that end days later fall in two, and every typed rating is read."""
    chats: dict[tuple[str, str], list[tuple[IncomingMessage, StoryConversation]]] = defaultdict(list)
    for conversation in story:
        chats[conversation.channel, conversation.person.name] += [(message, conversation) for message in conversation.messages]
    episodes = []
    for chat in chats.values():
        spoken = [Utterance(id=number, author=m.author, sent_at=m.sent_at, kind=m.kind, text=m.text) for number, (m, _) in enumerate(chat)]
        for episode in split_episodes(spoken, gap=timedelta(hours=GAP_HOURS)):
            keys = {chat[message.id][1].key for message in episode.messages if isinstance(message.id, int)}
            episodes += [(episode, keys)]
    assert Counter(len(keys) for _, keys in episodes) == {1: len(episodes)}
    assert (len(story), len(episodes), sum(episode.is_awaiting_reply for episode, _ in episodes)) == (607, 640, 147)
    typed = Counter(c.script.rating for c in story if c.script.rating is not None and len(c.messages) >= len(c.script.lines))
    assert Counter(episode.rating for episode, _ in episodes if episode.rating is not None) == typed
