"""What the state of a connection and a gateway's errors mean to a shop's administrator: in words, with the way to mend them."""

from datetime import datetime
from typing import Literal, NamedTuple

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.crypto import SecretUnreadableError
from core.models import GatewayConnection
from ingestion.evolution.errors import GatewayError

State = GatewayConnection.State
Tone = Literal["good", "busy", "warn", "bad", "quiet"]


class Words(NamedTuple):
    """How a state is shown: its colour, its symbol, and what there is to do."""

    tone: Tone
    icon: str
    advice: Promise


STATES: dict[str, Words] = {
    State.UNKNOWN: Words("quiet", "qr_code_2", _("Show the QR code and scan it with the phone of this number.")),
    State.CONNECTING: Words("busy", "qr_code_scanner", _("Waiting for the phone: scan the QR code with it.")),
    State.OPEN: Words("good", "check_circle", _("Messages arrive here as they are written.")),
    State.CLOSED: Words(
        "bad", "link_off", _("The phone is not linked. Show the QR code and scan it; nothing that was read before is lost.")
    ),
    State.UNREACHABLE: Words(
        "bad",
        "cloud_off",
        _("Check that the gateway runs and that its address is right. What customers write meanwhile is read back once it answers."),
    ),
    State.REFUSED: Words("bad", "key_off", _("Enter the key of this instance again, under “Settings” on this page.")),
    State.UNLICENSED: Words(
        "bad",
        "lock_clock",
        _("Evolution API 2.4 serves nobody before its licence is activated: whoever runs the gateway does so, or runs 2.3.7."),
    ),
    State.SILENT: Words(
        "warn",
        "hearing_disabled",
        _("The gateway has messages that it never told us of. Press “Restart”; then “Read back now” brings what was missed."),
    ),
}


class Trouble(Exception):  # noqa: N818  (it is what a person reads)
    """Something that an administrator can mend: one sentence that says how, and the field of a form that it is about."""

    def __init__(self, sentence: str, *, field: str | None = None, kind: str = "rejected") -> None:
        super().__init__(sentence)
        self.field = field
        self.kind = kind


def explain(error: GatewayError | SecretUnreadableError, *, base_url: str, instance: str, is_new: bool = False) -> Trouble:
    """A failed call in words that say how to mend it. `is_new` is the call that makes an instance, with the gateway's own key."""
    if isinstance(error, SecretUnreadableError):
        sentence = gettext("The stored key can't be read any more: the installation's encryption key changed. Enter the key again.")
        return Trouble(sentence, field="key", kind="refused_key")
    told = {"address": base_url, "instance": instance, "told": str(error)}
    if error.kind == "unreachable":
        sentence = gettext("The gateway does not answer at %(address)s. Check the address, and that the gateway runs and can be reached.")
        return Trouble(sentence % told, field="base_url", kind=error.kind)
    if error.kind == "refused_key" and is_new:
        sentence = gettext("The gateway refuses this key. A new number needs the gateway's own key, its AUTHENTICATION_API_KEY.")
        return Trouble(sentence, field="key", kind=error.kind)
    if error.kind == "refused_key":
        sentence = gettext("The gateway refuses this key. Enter the key of the instance %(instance)s, as the gateway's manager shows it.")
        return Trouble(sentence % told, field="key", kind=error.kind)
    if error.kind == "unlicensed":
        return Trouble(f"{State.UNLICENSED.label}. {STATES[State.UNLICENSED].advice}", field="base_url", kind=error.kind)
    if error.kind == "not_found" and is_new:
        sentence = gettext("At %(address)s something answers that is not Evolution API. Enter its address without a page behind it.")
        return Trouble(sentence % told, field="base_url", kind=error.kind)
    if error.kind == "not_found":
        sentence = gettext("The gateway at %(address)s has no instance named %(instance)s. Check both: capital letters count.")
        return Trouble(sentence % told, field="instance", kind=error.kind)
    if error.status == 403 and is_new:
        sentence = gettext("This gateway has an instance named %(instance)s already. Choose another name, or connect that one by its key.")
        return Trouble(sentence % told, field="instance", kind=error.kind)
    if error.kind == "server":
        sentence = gettext("The gateway has trouble of its own (%(told)s). Try again in a minute, and look at its log if it stays.")
        return Trouble(sentence % told, kind=error.kind)
    return Trouble(gettext("The gateway refused: %(told)s") % told, kind=error.kind)


def say_ago(moment: datetime | None, *, never: str = "") -> str:
    """How long ago something was, in its largest unit."""
    if moment is None:
        return never or gettext("never")
    if (timezone.now() - moment).total_seconds() < 60:
        return gettext("just now")
    return gettext("%(time)s ago") % {"time": timesince(moment, depth=1)}


def write_phone(digits: str) -> str:
    """A number as people write it: Brazil's in their groups, others with their plus; what is no number stays."""
    if not digits.isdigit():
        return digits
    if digits.startswith("55") and len(digits) in (12, 13):
        return f"+55 {digits[2:4]} {digits[4:-4]}-{digits[-4:]}"
    return f"+{digits}"
