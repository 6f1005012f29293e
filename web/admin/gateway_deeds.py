"""What an administrator does on a connection's page, each a button: every one returns the sentence that is shown afterwards."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.models import GatewayConnection, OutgoingMessage, User
from ingestion.queueing import SOON, queue_task
from web.admin import gateway_setup
from web.admin.gateway_checks import run_checks
from web.admin.gateway_forms import NumberForm, complete_phone
from web.admin.gateway_words import Trouble

State = GatewayConnection.State
TESTS_AN_HOUR = 20
# By their names: packages beside this one are not imported.
SEND_TASK, READ_BACK_TASK = "bots.tasks.task_send", "ingestion.evolution.tasks.task_read_back"
CHECKS_KEY = "gateway_checks"


@dataclass(frozen=True, slots=True)
class Deed:
    """A button. `note` goes into the connection's history; a deed without one changes nothing."""

    run: Callable[[HttpRequest, GatewayConnection], str]
    note: Promise | str = ""


def show_code(request: HttpRequest, connection: GatewayConnection) -> str:
    """Begin linking a phone; with a number in the form, by a code that is typed instead of scanned."""
    number = complete_phone(request.POST.get("number", ""), own_phone="55")
    with gateway_setup.speaking(connection) as client:
        code = client.connect(number)
    gateway_setup.note_code(connection, code)
    return gettext("This number is linked already.") if code.is_open else ""


def test(request: HttpRequest, connection: GatewayConnection) -> str:
    """Look at the whole way once; the page shows what was found."""
    checks = run_checks(connection, origin=gateway_setup.find_origin(request))
    request.session[CHECKS_KEY] = {
        "connection": str(connection.id),
        "at": timezone.now().isoformat(),
        "checks": [check.to_json() for check in checks],
    }
    return ""


def send_test(request: HttpRequest, connection: GatewayConnection) -> str:
    """Write a message to a number, by the road that every message of ours takes."""
    form = NumberForm(request.POST, own_phone=connection.channel.phone)
    if not form.is_valid():
        raise Trouble(str(form.errors["number"][0]), field="number")
    since = timezone.now() - timedelta(hours=1)
    sent = OutgoingMessage.objects.filter(channel_id=connection.channel_id, purpose=OutgoingMessage.Purpose.TEST, created_at__gte=since)
    if sent.count() >= TESTS_AN_HOUR:
        raise Trouble(gettext("Those were enough tests for now: WhatsApp blocks numbers that write much. Try again in an hour."))
    user = request.user
    outgoing = OutgoingMessage.objects.create(
        channel_id=connection.channel_id,
        user=user if isinstance(user, User) and user.tenant_id == connection.tenant_id else None,
        to=form.cleaned_data["number"],
        purpose=OutgoingMessage.Purpose.TEST,
        key=f"test:{secrets.token_hex(12)}",
        text=gettext("This is a test message of EvoSense from %(channel)s. All is well.") % {"channel": connection.channel.name},
        not_before_at=timezone.now(),
        expires_at=timezone.now() + timedelta(hours=1),
    )
    start_sending(outgoing)
    return gettext("The message is on its way. Below you see how far it got.")


def start_sending(outgoing: OutgoingMessage) -> None:
    """Have what waits sent as soon as this request's rows are there. Where the queue is down the next round finds it."""
    tenant_id = str(outgoing.tenant_id)
    transaction.on_commit(lambda: queue_task(SEND_TASK, tenant_id, priority=SOON))


def restart(request: HttpRequest, connection: GatewayConnection) -> str:
    """Connect to WhatsApp anew; the phone stays linked."""
    with gateway_setup.speaking(connection) as client:
        client.restart()
        state = gateway_setup.LINK_STATES.get(client.get_state(), State.CLOSED)
    if connection.state == State.SILENT:
        connection.state = State.UNKNOWN  # whether it tells of messages again is seen from now on
    gateway_setup.note_link_state(connection, state)
    return gettext("The connection was restarted.")


def log_out(request: HttpRequest, connection: GatewayConnection) -> str:
    """Unlink the phone. What was read stays."""
    with gateway_setup.speaking(connection) as client:
        client.logout()
    gateway_setup.note_link_state(connection, State.CLOSED)
    return gettext("The phone is unlinked. What was read so far stays; nothing new arrives until a phone is linked again.")


def make_new_address(request: HttpRequest, connection: GatewayConnection) -> str:
    """Give the channel another webhook address and key, and make the old ones worthless."""
    connection.hook_nonce, connection.webhook_key = secrets.token_hex(16), secrets.token_urlsafe(32)
    gateway_setup.set_up(connection, origin=gateway_setup.find_origin(request))
    connection.save(update_fields=["hook_nonce", "webhook_key_encrypted", "uses_socket"])
    return gettext("The gateway posts to a new address from now on. The old one is worthless.")


def set_up_again(request: HttpRequest, connection: GatewayConnection) -> str:
    """Tell the gateway once more what to send and where."""
    if not connection.hook_nonce or not connection.webhook_key_encrypted:
        return make_new_address(request, connection)
    gateway_setup.set_up(connection, origin=gateway_setup.find_origin(request))
    connection.save(update_fields=["uses_socket"])
    test(request, connection)
    return gettext("The gateway's settings for this number were written again.")


def read_back(request: HttpRequest, connection: GatewayConnection) -> str:
    """Read the gateway's own store for what did not come live."""
    tenant_id, channel_id = str(connection.tenant_id), str(connection.channel_id)
    transaction.on_commit(lambda: queue_task(READ_BACK_TASK, tenant_id, channel_id, priority=SOON))
    return gettext("Reading back has begun. What was missing appears below within a minute or two.")


DEEDS: dict[str, Deed] = {
    "show-code": Deed(show_code, note=_("asked for a code to link a phone")),
    "test": Deed(test),
    "send-test": Deed(send_test, note=_("sent a test message")),
    "restart": Deed(restart, note=_("restarted the connection")),
    "log-out": Deed(log_out, note=_("unlinked the phone")),
    "new-address": Deed(make_new_address, note=_("made a new webhook address")),
    "set-up-again": Deed(set_up_again, note=_("wrote the gateway's settings again")),
    "read-back": Deed(read_back, note=_("asked to read back")),
}
