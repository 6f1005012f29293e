"""The "Test" of a connection: one look at everything that must hold for messages to arrive, each with the way to mend it."""

import ipaddress
from dataclasses import asdict, dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.translation import gettext

from core.crypto import SecretUnreadableError
from core.models import GatewayConnection, RawEvent
from ingestion.evolution.client import EvolutionClient
from ingestion.evolution.errors import GatewayError
from ingestion.evolution.webhooks import EVENTS
from web.admin.gateway_setup import LINK_STATES, InstanceSettings, make_hook_url, note_link_state, note_trouble, speaking
from web.admin.gateway_words import STATES, Trouble, say_ago

State = GatewayConnection.State
Outcome = Literal["good", "warn", "bad", "quiet"]
# From here on no message is lost to the gateway's own filter of duplicates, and customers are told apart on the Cloud API.
SOUND_VERSION = (2, 3, 7)
SOUND_CLOUD_VERSION = (2, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at: what was found, and how to mend it where that is wanted."""

    name: str
    outcome: Outcome
    found: str
    mend: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def run_checks(connection: GatewayConnection, *, origin: str) -> list[Check]:
    """Look at the whole way once. What the gateway says of its link is written down."""
    checks: list[Check] = []
    try:
        with speaking(connection) as client, InstanceSettings(connection.base_url, connection.instance, connection.token) as settings:
            state = LINK_STATES.get(client.get_state(), State.CLOSED)
            note_link_state(connection, state)
            checks += [
                check_answers(connection),
                check_link(state),
                check_version(connection, client),
                check_store(client, is_linked=state == State.OPEN),
            ]
            checks += [check_webhook(connection, settings, origin=origin), check_socket(connection, settings)]
    except Trouble as trouble:
        note_trouble(connection, trouble)
        checks.append(Check(name=gettext("The gateway answers"), outcome="bad", found=connection.base_url, mend=str(trouble)))
    except SecretUnreadableError as error:
        checks.append(Check(name=gettext("The gateway answers"), outcome="bad", found=str(error)))
    return [*checks, check_events(connection)]


def check_answers(connection: GatewayConnection) -> Check:
    return Check(name=gettext("The gateway answers and takes our key"), outcome="good", found=connection.base_url)


def check_link(state: GatewayConnection.State) -> Check:
    name = gettext("The phone is linked")
    if state == State.OPEN:
        return Check(name=name, outcome="good", found=str(state.label))
    outcome: Outcome = "warn" if state == State.CONNECTING else "bad"
    return Check(name=name, outcome=outcome, found=str(state.label), mend=str(STATES[state].advice))


def check_version(connection: GatewayConnection, client: EvolutionClient) -> Check:
    name = gettext("Version of the gateway")
    try:
        version = client.get_version()
    except GatewayError:
        version = ""
    if version and version != connection.version:
        connection.version = version
        GatewayConnection.objects.filter(id=connection.id).update(version=version)
    numbers = tuple(int(part) for part in version.partition("-")[0].split(".") if part.isdecimal())
    if not numbers:
        return Check(name=name, outcome="quiet", found=gettext("It does not say."))
    if connection.integration == GatewayConnection.Integration.BUSINESS and numbers < SOUND_CLOUD_VERSION:
        mend = gettext("Before 2.4 the Cloud API channel gives messages to the wrong customer when several write at once. Update it.")
        return Check(name=name, outcome="bad", found=version, mend=mend)
    if numbers < SOUND_VERSION:
        mend = gettext("Before 2.3.7 the gateway drops some messages as duplicates. We read them back; an update is better.")
        return Check(name=name, outcome="warn", found=version, mend=mend)
    return Check(name=name, outcome="good", found=version)


def check_store(client: EvolutionClient, *, is_linked: bool) -> Check:
    name = gettext("The gateway keeps messages, so that gaps can be read back")
    try:
        count = client.count_messages()
    except GatewayError as error:
        return Check(name=name, outcome="warn", found=str(error))
    mend = gettext("Set DATABASE_SAVE_DATA_NEW_MESSAGE=true at the gateway. If no message was written on this number yet, all is well.")
    found = gettext("Messages in its store: %(count)s") % {"count": "?" if count is None else count}
    if not count and not is_linked:
        return Check(name=name, outcome="quiet", found=found)
    return Check(name=name, outcome="good" if count else "warn", found=found, mend="" if count else mend)


def check_webhook(connection: GatewayConnection, settings: InstanceSettings, *, origin: str) -> Check:
    """Whether the gateway posts to the address of this channel, signed, everything that we need."""
    name = gettext("The webhook leads here")
    if not connection.uses_webhook:
        return Check(name=name, outcome="quiet", found=gettext("Switched off."))
    try:
        webhook = settings.find_webhook()
    except GatewayError as error:
        return Check(name=name, outcome="warn", found=str(error))
    wanted = make_hook_url(connection, origin=origin)
    host = urlsplit(str(webhook.get("url") or "")).netloc
    again = gettext("Press “Set up again”.")
    if not webhook.get("enabled") or not host:
        return Check(name=name, outcome="bad", found=gettext("The gateway has no webhook for this number."), mend=again)
    if webhook.get("url") != wanted:
        return Check(name=name, outcome="bad", found=gettext("It leads to another address, at %(host)s.") % {"host": host}, mend=again)
    headers = webhook.get("headers")
    is_signed = isinstance(headers, dict) and headers.get("jwt_key") == connection.webhook_key
    lacking = [event for event in EVENTS if event not in (webhook.get("events") or ())]
    if not is_signed or lacking or webhook.get("webhookByEvents"):
        return Check(name=name, outcome="bad", found=gettext("Its settings are not ours any more."), mend=again)
    if is_own_machine(origin) and not is_own_machine(connection.base_url):
        mend = gettext("From another machine this address leads nowhere. Set PUBLIC_URL of this installation, then press “Set up again”.")
        return Check(name=name, outcome="warn", found=host, mend=mend)
    return Check(name=name, outcome="good", found=host)


def check_socket(connection: GatewayConnection, settings: InstanceSettings) -> Check:
    """Whether the gateway emits over Socket.IO, and a process of ours listens."""
    name = gettext("We listen over WebSocket")
    if not connection.uses_socket:
        return Check(name=name, outcome="quiet", found=gettext("Switched off."))
    try:
        websocket = settings.find_websocket()
    except GatewayError as error:
        return Check(name=name, outcome="warn", found=str(error))
    if not websocket.get("enabled") or any(event not in (websocket.get("events") or ()) for event in EVENTS):
        mend = gettext("Press “Set up again”. If it stays, the gateway needs WEBSOCKET_ENABLED=true.")
        return Check(name=name, outcome="bad", found=gettext("The gateway does not send all events over its WebSocket."), mend=mend)
    if not has_listener(connection):
        mend = gettext("Start the listener of this installation: “evosense up” does, or “evosense up --only listener”.")
        return Check(name=name, outcome="bad", found=gettext("No process of this installation listens."), mend=mend)
    return Check(name=name, outcome="good", found=connection.listener.partition(":")[0])


def check_events(connection: GatewayConnection) -> Check:
    """Whether anything ever came."""
    name = gettext("Events arrive")
    if connection.last_event_at is None and not RawEvent.objects.filter(channel_id=connection.channel_id).exists():
        mend = gettext("Write a WhatsApp message to this number from another phone: it appears here within seconds.")
        return Check(name=name, outcome="warn", found=gettext("Nothing came yet."), mend=mend)
    return Check(name=name, outcome="good", found=gettext("Last event: %(when)s") % {"when": say_ago(connection.last_event_at)})


def has_listener(connection: GatewayConnection) -> bool:
    """Whether a process holds this channel's WebSocket right now."""
    return bool(connection.listener and connection.listener_until_at and connection.listener_until_at > timezone.now())


def is_own_machine(url: str) -> bool:
    """Whether an address leads to the machine that reads it."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
