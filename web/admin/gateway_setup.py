"""Setting a channel's gateway up: make an instance or take one over, and have it tell us what happens. Nothing half-made stays behind.

New rows are written first and are seen by nobody until the gateway did its part; rows that others write are never held while it answers.
"""

import contextlib
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from core.crypto import SecretUnreadableError
from core.hook_tokens import make_hook_token
from core.models import Channel, GatewayConnection
from core.tenancy import get_current_tenant_id
from ingestion.evolution.addresses import clean_base_url, quote_instance
from ingestion.evolution.calls import GatewayCalls
from ingestion.evolution.client import EvolutionClient, Qr
from ingestion.evolution.errors import GatewayError
from ingestion.evolution.webhooks import EVENTS
from ingestion.outages import note_outage
from web.admin.gateway_words import Trouble, explain

State = GatewayConnection.State
# An administrator waits in front of the page.
TIMEOUT_SECONDS = 15.0
LINK_STATES = {"open": State.OPEN, "connecting": State.CONNECTING, "close": State.CLOSED}
TROUBLE_STATES = {"unreachable": State.UNREACHABLE, "refused_key": State.REFUSED, "unlicensed": State.UNLICENSED}
_SETTINGS = ("rejectCall", "groupsIgnore", "alwaysOnline", "readMessages", "readStatus", "syncFullHistory")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an administrator asked for. `key` is the gateway's own one where `is_new`, else that of the instance."""

    name: str
    base_url: str
    instance: str
    is_new: bool
    key: str
    uses_webhook: bool = True
    uses_socket: bool = True
    reads_groups: bool = False
    replaces_webhook: bool = False


class InstanceSettings:
    """An instance's settings as the gateway holds them, and its end. Methods raise GatewayError."""

    def __init__(self, base_url: str, instance: str, key: str) -> None:
        self._calls = GatewayCalls(base_url, key, timeout_seconds=TIMEOUT_SECONDS)
        self._instance = quote_instance(instance)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._calls.close()

    def find_webhook(self) -> dict[str, Any]:
        """Where it posts its events: {url, enabled, events, headers, …}; empty where nowhere. `headers` holds a secret."""
        return self._find("webhook")

    def find_websocket(self) -> dict[str, Any]:
        """What it emits over Socket.IO: {enabled, events}; empty where it was never set."""
        return self._find("websocket")

    def set_groups(self, *, reads_groups: bool) -> None:
        """Let it tell of groups or not; every other setting stays."""
        found = self._find("settings")
        if bool(found.get("groupsIgnore")) == (not reads_groups):
            return
        body = {name: bool(found.get(name)) for name in _SETTINGS} | {"groupsIgnore": not reads_groups}
        body |= {name: found[name] for name in ("msgCall", "wavoipToken") if found.get(name)}
        self._calls.call("POST", f"/settings/set/{self._instance}", body=body)

    def delete(self) -> None:
        """Remove the instance with everything that it stored."""
        self._calls.call("DELETE", f"/instance/delete/{self._instance}")

    def _find(self, kind: str) -> dict[str, Any]:
        found = self._calls.call("GET", f"/{kind}/find/{self._instance}")
        return found if isinstance(found, dict) else {}


def find_origin(request: HttpRequest) -> str:
    """Where gateways reach this installation: PUBLIC_URL, else where this person reached it."""
    return settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")


def make_hook_url(connection: GatewayConnection, *, origin: str) -> str:
    """The address to which this channel's gateway posts its events. It is a secret."""
    tenant_id = get_current_tenant_id()
    token = make_hook_token(tenant_id=tenant_id, channel_id=connection.channel_id, nonce=connection.hook_nonce)
    return f"{origin}/hooks/evolution/{token}"


def connect_channel(wanted: Wanted, *, origin: str) -> GatewayConnection:
    """Make the channel and its connection, set up at the gateway. Raises Trouble, and then nothing was made, here or there."""
    channel = Channel(name=wanted.name, kind=Channel.Kind.EVOLUTION)
    connection = GatewayConnection(
        channel=channel,
        instance=wanted.instance,
        uses_webhook=wanted.uses_webhook,
        uses_socket=wanted.uses_socket,
        reads_groups=wanted.reads_groups,
        hook_nonce=secrets.token_hex(16),
    )
    connection.webhook_key = secrets.token_urlsafe(32)
    try:
        connection.base_url = clean_base_url(wanted.base_url)
        with transaction.atomic():
            channel.save(force_insert=True)
            connection.save(force_insert=True)
            with EvolutionClient(connection.base_url, wanted.instance, wanted.key, timeout_seconds=TIMEOUT_SECONDS) as client:
                if wanted.is_new:
                    _create(client, connection, wanted, origin=origin)
                else:
                    _take_over(client, connection, wanted, origin=origin)
                # The version alone is no reason to stop.
                with contextlib.suppress(GatewayError):
                    connection.version = client.get_version()
            channel.save(update_fields=["phone"])
            connection.save()
    except GatewayError as error:
        raise explain(error, base_url=wanted.base_url, instance=wanted.instance, is_new=wanted.is_new) from error
    return connection


def set_up(connection: GatewayConnection, *, origin: str) -> None:
    """Tell the gateway again what it should send us, and where. Raises Trouble."""
    with speaking(connection) as client, InstanceSettings(connection.base_url, connection.instance, connection.token) as found:
        _set_roads(client, found, connection, origin=origin)
        found.set_groups(reads_groups=connection.reads_groups)


def forget_roads(connection: GatewayConnection, *, origin: str) -> None:
    """Have the gateway send us nothing more. What another system set there stays. Raises Trouble."""
    with speaking(connection) as client, InstanceSettings(connection.base_url, connection.instance, connection.token) as found:
        url = make_hook_url(connection, origin=origin)
        if found.find_webhook().get("url") == url:
            client.set_webhook(url, "", is_enabled=False)


@contextlib.contextmanager
def speaking(connection: GatewayConnection, *, seconds: float = TIMEOUT_SECONDS) -> Iterator[EvolutionClient]:
    """The client of a connection; whatever goes wrong with the gateway inside raises Trouble."""
    try:
        with EvolutionClient(connection.base_url, connection.instance, connection.token, timeout_seconds=seconds) as client:
            yield client
    except (GatewayError, SecretUnreadableError) as error:
        raise explain(error, base_url=connection.base_url, instance=connection.instance) from error


def note_code(connection: GatewayConnection, code: Qr) -> None:
    """Write a QR code down, or that the phone is linked."""
    if code.is_open:
        note_link_state(connection, State.OPEN)
        return
    if code.image or code.pairing_code:
        connection.qr_image, connection.pairing_code, connection.qr_at = code.image, code.pairing_code, timezone.now()
        note_outage(connection.channel_id, before=connection.state, state=State.CONNECTING, at=timezone.now(), is_unlinked=True)
        connection.state, connection.state_detail, connection.state_at = State.CONNECTING, "", timezone.now()
        _save_row(connection, "qr_image", "pairing_code", "qr_at", "state", "state_detail", "state_at")
    elif connection.state != State.CONNECTING:
        note_link_state(connection, State.CONNECTING)


def note_link_state(connection: GatewayConnection, state: GatewayConnection.State) -> None:
    """Write down what the gateway says of its link. "Silent" is found by comparing, so that "open" does not end it."""
    if state == connection.state or (state == State.OPEN and connection.state == State.SILENT):
        return
    note_outage(connection.channel_id, before=connection.state, state=state, at=timezone.now())
    connection.state, connection.state_detail, connection.state_at = state, "", timezone.now()
    if state == State.OPEN:
        connection.qr_image = connection.pairing_code = ""
    _save_row(connection, "state", "state_detail", "state_at", "qr_image", "pairing_code")


def note_trouble(connection: GatewayConnection, trouble: Trouble) -> None:
    """Write down that the gateway can't be spoken to, where it is that. What passes by itself is no state."""
    state = TROUBLE_STATES.get(trouble.kind)
    if state is not None:
        note_link_state(connection, state)


def _save_row(connection: GatewayConnection, *names: str) -> None:
    # Other processes write other columns of the row all the time.
    GatewayConnection.objects.filter(id=connection.id).update(**{name: getattr(connection, name) for name in names})


def _create(client: EvolutionClient, connection: GatewayConnection, wanted: Wanted, *, origin: str) -> None:
    url = make_hook_url(connection, origin=origin) if wanted.uses_webhook else ""
    try:
        created = client.create_instance(
            wanted.key, webhook_url=url, webhook_key=connection.webhook_key, reads_groups=wanted.reads_groups, events=EVENTS
        )
    except GatewayError as error:
        if error.kind == "server" and error.status is None:
            # It was made, and nobody knows its key.
            with contextlib.suppress(GatewayError), InstanceSettings(connection.base_url, wanted.instance, wanted.key) as there:
                there.delete()
        raise
    connection.token = created.token
    connection.state, connection.state_at = State.CONNECTING, timezone.now()
    if created.qr.image or created.qr.pairing_code:
        connection.qr_image, connection.pairing_code, connection.qr_at = created.qr.image, created.qr.pairing_code, timezone.now()
    if wanted.uses_socket and wanted.uses_webhook:
        # Where its WebSocket is switched off the gateway takes the setting without a word and keeps nothing of it.
        with contextlib.suppress(GatewayError), InstanceSettings(connection.base_url, wanted.instance, created.token) as there:
            connection.uses_socket = bool(there.find_websocket().get("enabled"))


def _take_over(client: EvolutionClient, connection: GatewayConnection, wanted: Wanted, *, origin: str) -> None:
    connection.state, connection.state_at = LINK_STATES.get(client.get_state(), State.CLOSED), timezone.now()
    connection.token = wanted.key
    info = client.fetch_instance()
    connection.channel.phone = info.phone[:20]
    if info.integration in GatewayConnection.Integration.values:
        connection.integration = info.integration
    with InstanceSettings(connection.base_url, wanted.instance, wanted.key) as found:
        webhook = found.find_webhook()
        if wanted.uses_webhook and webhook.get("enabled") and webhook.get("url") and not wanted.replaces_webhook:
            sentence = gettext(
                "This instance posts its events to %(host)s already, and can post to one address only. Switch “Receive by webhook” off "
                "to leave that as it is, or switch “Replace its webhook” on."
            )
            raise Trouble(sentence % {"host": urlsplit(str(webhook["url"])).hostname or "?"}, field="replaces_webhook")
        if wanted.reads_groups:
            found.set_groups(reads_groups=True)
        _set_roads(client, found, connection, origin=origin)


def _set_roads(client: EvolutionClient, found: InstanceSettings, connection: GatewayConnection, *, origin: str) -> None:
    # The webhook last: where an earlier step fails, whatever it posted to before goes on.
    if connection.uses_socket:
        try:
            client.set_websocket(_join_events(found.find_websocket()))
        except GatewayError as error:
            if error.kind != "rejected" or not connection.uses_webhook:
                raise
            connection.uses_socket = False
    if connection.uses_webhook:
        client.set_webhook(make_hook_url(connection, origin=origin), connection.webhook_key)


def _join_events(websocket: dict[str, Any]) -> Sequence[str]:
    """Our events and those that somebody else listens to already."""
    listed = websocket.get("events") if websocket.get("enabled") else None
    return list(dict.fromkeys([*EVENTS, *(name for name in listed or () if isinstance(name, str))]))
