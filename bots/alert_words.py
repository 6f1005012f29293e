"""An alert in words, with the number that leads to what is behind it."""

from datetime import datetime

from assistant.compose.numbers import Language, format_duration, format_value
from assistant.compose.words import get_book
from bots.drill import write_instant
from bots.markup import cut, neutralise
from bots.models import Alert, Subscription
from bots.shape import Shaped, Step, write_steps
from bots.words import say
from core.access import get_conversation, get_tenant
from core.models import Channel, User

Kind = Subscription.Kind


def write_alert(alert: Alert, viewer: User, *, language: Language, now: datetime) -> Shaped:
    """An alert as a message to one person, inside the open scope. Its facts hold ids and figures; names are read here."""
    write = {Kind.SATISFACTION: _write_fall, Kind.LOSING: _write_losing, Kind.SILENT: _write_silent}[Kind(alert.kind)]
    text, step = write(alert, viewer, language, now)
    steps = write_steps([step], language=language)
    return Shaped("\n\n".join([text, steps.text, say("alert.stop", language)]), steps.choices)


def _write_fall(alert: Alert, _viewer: User, language: Language, _now: datetime) -> tuple[str, Step]:
    facts, span = alert.facts, str(alert.facts["span"])
    text = say(
        "alert.satisfaction",
        language,
        value=format_value(facts["value"], "rating", language=language),
        usual=format_value(facts["usual"], "rating", language=language),
        when=say(f"alert.when.{span}", language),
        rows=get_book(language).count("rows.conversation", facts["count"]),
    )
    question = say(f"ask.why_{span}", language)
    return text, Step(say("see_why", language), {"do": "ask", "question": question, "language": language})


def _write_losing(alert: Alert, viewer: User, language: Language, now: datetime) -> tuple[str, Step]:
    conversation = get_conversation(viewer, alert.facts["conversation_id"])
    name = cut(neutralise(conversation.contact.name), 40) or say("customer", language)
    waited = (now - datetime.fromisoformat(alert.facts["since"])).total_seconds()
    text = say(
        "alert.losing",
        language,
        name=name,
        wait=format_duration(waited - waited % 60, language=language),
        channel=neutralise(conversation.channel.name),
        agent=f", {neutralise(conversation.agent.name)}" if conversation.agent else "",
    )
    plan = {"do": "conversation", "conversation_id": str(conversation.id)}
    return text, Step(say("see_conversation", language, name=name), plan)


def _write_silent(alert: Alert, viewer: User, language: Language, now: datetime) -> tuple[str, Step]:
    facts = alert.facts
    channel = neutralise(Channel.objects.get(id=facts["channel_id"]).name)
    if "state" in facts:
        since = write_instant(datetime.fromisoformat(facts["since"]), zone=get_tenant(viewer).zone, language=language, now=now)
        text = say("alert.silent.state", language, channel=channel, state=say(f"state.{facts['state']}", language), since=since)
    else:
        text = say("alert.silent.quiet", language, channel=channel, hours=str(facts["hours"]), usual=str(facts["usual"]))
    return text, Step(say("see_channel", language), {"do": "channel", "channel_id": facts["channel_id"]})
