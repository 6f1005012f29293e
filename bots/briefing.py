"""The daily briefing: yesterday and the week so far, what moved, whom to call. Every figure is measured as an answer's is."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.utils import timezone

from assistant.compose.notes import list_notes
from assistant.compose.numbers import Language
from assistant.compose.say_explain import say_cause
from assistant.compose.voice import Voice
from assistant.evidence import SummaryEvidence
from assistant.execute import execute
from assistant.plan import Plan
from assistant.selection import Moment
from assistant.verified import count_astray
from bots.markup import cut, find_first_name, neutralise
from bots.outbox import enqueue
from bots.recipients import Recipient, find_recipients
from bots.shape import LONGEST, Shaped, Step, write_steps
from bots.talk import read_language
from bots.words import say
from core.access import get_tenant
from core.models import OutgoingMessage, User
from core.periods import Period, get_today
from core.tenancy import scope

# A briefing that could not be written within this time of its hour is left for the next day.
WRITTEN_WITHIN = timedelta(hours=4)
SENT_WITHIN = timedelta(hours=6)
MOST_CALLS = 3
UNTIL_MORNING_ENDS = 12


def send_briefings(tenant_id: str, *, now: Callable[[], datetime] = timezone.now) -> int:
    """Write the briefings that are due in a tenant, each day's once; returns how many. Opens scopes of its own, one a person."""
    at = now()
    with scope(tenant_id):
        recipients = find_recipients("briefing")
    written = 0
    for recipient in recipients:
        with scope(tenant_id):
            written += _send_one(recipient, now=at)
    return written


def write_briefing(viewer: User, *, now: datetime) -> Shaped | None:
    """A viewer's briefing as of `now`, inside the open scope; None where there was no conversation at all."""
    tenant, language = get_tenant(viewer), read_language(viewer)
    today = get_today(now, time_zone=tenant.time_zone)
    moment = Moment(clock=now, time_zone=tenant.time_zone, today=today)
    yesterday = Period(today - timedelta(days=1), today - timedelta(days=1))
    week = Period(yesterday.start - timedelta(days=yesterday.start.weekday()), yesterday.end)
    day, so_far = (_summarise(viewer, period, moment=moment) for period in (yesterday, week))
    if not so_far.measured["conversations"].value:
        return None
    voice = Voice(so_far.plan, language=language, moment=moment)
    hello = "briefing" if now.astimezone(tenant.zone).hour < UNTIL_MORNING_ENDS else "briefing.later"
    lines = [
        say(hello, language, name=find_first_name(viewer.name, language), tenant=neutralise(tenant.name)) + "\n",
        _say_figures(voice, day, say("briefing.yesterday", language)),
        _say_figures(voice, so_far, say("briefing.week", language)),
    ]
    lines += _say_cause(voice, so_far)
    lines += _say_calls(so_far, language)
    lines += _say_holes(so_far, voice)
    lines += _say_astray(viewer, language)
    lines.append("_" + say("briefing.compared", language) + "_")
    steps = write_steps(_list_steps(so_far, language, is_monday=today.weekday() == 0), language=language)
    text = "\n".join(lines) + "\n\n" + steps.text
    return Shaped(text if len(text) <= LONGEST else cut("\n".join(lines), LONGEST), steps.choices)


def _send_one(recipient: Recipient, *, now: datetime) -> int:
    user = recipient.user
    tenant = get_tenant(user)
    today = get_today(now, time_zone=tenant.time_zone)
    due_at = datetime.combine(today, time(recipient.subscription.hour), tzinfo=tenant.zone)
    key = f"briefing:{user.id}:{today.isoformat()}"
    if not due_at <= now < due_at + WRITTEN_WITHIN or OutgoingMessage.objects.filter(key=key).exists():
        return 0
    shaped = write_briefing(user, now=now)
    if shaped is None:
        return 0
    message = enqueue(
        recipient.connection.channel,
        to=recipient.to,
        purpose=OutgoingMessage.Purpose.BRIEFING,
        key=key,
        text=shaped.text,
        user=user,
        not_before_at=now,
        expires_at=due_at + SENT_WITHIN,
        replies=shaped.choices,
    )
    return 0 if message is None else 1


def _summarise(viewer: User, period: Period, *, moment: Moment) -> SummaryEvidence:
    """A period beside the same days of the week before: a Sunday is no measure of a Monday."""
    before = Period(period.start - timedelta(days=7), period.end - timedelta(days=7))
    evidence = execute(viewer, Plan(intent="summary", period=period, compare_to=before), moment=moment)
    assert isinstance(evidence, SummaryEvidence)
    return evidence


def _say_figures(voice: Voice, evidence: SummaryEvidence, when: str) -> str:
    conversations, satisfaction = evidence.measured["conversations"], evidence.measured["satisfaction"]
    language = voice.language
    if not conversations.value:
        return say("briefing.nothing", language, when=when)
    change = f" ({voice.change('conversations', conversations.change)})" if conversations.previous and conversations.change else ""
    counted = voice.counted_plain(conversations.value)
    if satisfaction.value is None:
        return say("briefing.figures.unrated", language, when=when, conversations=counted, change=change)
    difference = f" ({voice.change('satisfaction', satisfaction.change)})" if satisfaction.change else ""
    value = voice.value("satisfaction", satisfaction.value)
    return say("briefing.figures", language, when=when, conversations=counted, change=change, satisfaction=value, difference=difference)


def _say_cause(voice: Voice, evidence: SummaryEvidence) -> list[str]:
    """What moved satisfaction most, in the answer's own sentence, its name in bold."""
    explanation = evidence.explanation
    usual = explanation.usual if explanation else None
    chosen = (explanation.chosen or (usual.split if usual else None)) if explanation else None
    if explanation is None or chosen is None:
        return []
    name = neutralise(voice.key(chosen.dimension, chosen.standing_out[0].key))
    sentence = cut(neutralise(say_cause(voice, explanation)[0]), 220)
    return [sentence.replace(name, f"*{name}*", 1)]


def _say_calls(evidence: SummaryEvidence, language: Language) -> list[str]:
    """Unhappy customers whose conversation is not resolved."""
    open_rows = [row for row in evidence.worst if row.status != "resolved"][:MOST_CALLS]
    called = [say("briefing.call", language, name=cut(neutralise(row.contact), 30), note=str(row.satisfaction)) for row in open_rows]
    return [say("briefing.calls", language, list=", ".join(called))] if called else []


def _say_holes(evidence: SummaryEvidence, voice: Voice) -> list[str]:
    if not evidence.holes:
        return []
    return [f"⚠ {cut(neutralise(list_notes(voice, evidence)[0]), 200)}"]


def _say_astray(viewer: User, language: Language) -> list[str]:
    """To those who lead: how many verified questions the night found that need to be looked at."""
    count = count_astray(viewer)
    return [say("briefing.astray.one" if count == 1 else "briefing.astray", language, n=str(count))] if count else []


def _list_steps(evidence: SummaryEvidence, language: Language, *, is_monday: bool) -> list[Step]:
    keys = ["ask.yesterday", "ask.last_week" if is_monday else "ask.week"]
    if evidence.measured["unanswered"].value:
        keys.append("ask.unanswered")
    return [Step(say(key, language), {"do": "ask", "question": say(key, language), "language": language}) for key in keys]
