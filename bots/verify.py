"""Whose phone is whose: a code is sent to it, and who enters the code here holds it in their hand.

A code is six digits and holds for ten minutes and five attempts. Only its keyed hash is stored. Attempts are counted in a transaction of
their own, so that a refused one counts as well.
"""

import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from bots.channels import find_channel
from bots.models import BotTalk
from bots.outbox import enqueue
from bots.talk import greet, read_language
from bots.words import say
from core.access import get_tenant, parse_id
from core.errors import VisibleError
from core.limits import check_rate
from core.models import Channel, OutgoingMessage, Tenant, User, UserPhone
from core.phones import canonical_phone
from core.tenancy import scope

CODE_MINUTES = 10
MOST_ATTEMPTS = 5
MOST_PHONES = 5
# Codes of one person, codes to one phone by whomever, and attempts of one person.
CODES_EACH, CODES_SECONDS = 3, 900
CODES_A_PHONE, PHONE_SECONDS = 6, 86_400
TRIES_EACH, TRIES_SECONDS = 10, 600


def request_code(viewer: User, phone: str, *, now: Callable[[], datetime] = timezone.now) -> UserPhone:
    """Send a code to a phone; the viewer's row of it. One that is theirs already is left as it is.

    Opens a scope. Raises VisibleError: "phone_wrong", "phone_taken", "no_answering_channel", "too_many".
    """
    with scope(_get_tenant_id(viewer)):
        tenant = get_tenant(viewer)
        digits = read_phone(phone, tenant=tenant)
        known = UserPhone.objects.filter(user=viewer, phone=digits).first()
        if known is not None and known.verified_at is not None:
            return known
        if UserPhone.objects.filter(phone=digits, verified_at__isnull=False).exists() or Channel.objects.filter(phone=digits).exists():
            raise VisibleError("phone_taken", field="phone")
        if known is None and UserPhone.objects.filter(user=viewer).count() >= MOST_PHONES:
            raise VisibleError("too_many_phones", field="phone", most=MOST_PHONES)
        connection = find_channel(viewer)
        if connection is None:
            raise VisibleError("no_answering_channel")
        check_rate(f"codes:{viewer.id}", most=CODES_EACH, seconds=CODES_SECONDS)
        check_rate(f"codes-to:{digits}", most=CODES_A_PHONE, seconds=PHONE_SECONDS)
        row = known or UserPhone.objects.create(user=viewer, phone=digits)
        code = f"{secrets.randbelow(10**6):06d}"
        row.code_hash, row.code_attempts = _hash(row.id, code), 0
        row.code_expires_at = now() + timedelta(minutes=CODE_MINUTES)
        row.save()
        enqueue(
            connection.channel,
            to=digits,
            purpose=OutgoingMessage.Purpose.CODE,
            key=f"{_name_codes(row)}{secrets.token_hex(8)}",
            text=say("code", read_language(viewer), code=code, minutes=str(CODE_MINUTES)),
            user=viewer,
            not_before_at=now(),
            expires_at=row.code_expires_at,
        )
    return row


def verify_phone(viewer: User, phone: str, code: str, *, now: Callable[[], datetime] = timezone.now) -> UserPhone:
    """The viewer's phone, proven by the code that was sent to it; they are greeted there.

    Opens scopes. Raises VisibleError: "code_wrong", "code_over", "phone_taken", "too_many".
    """
    check_rate(f"code-tries:{viewer.id}", most=TRIES_EACH, seconds=TRIES_SECONDS)
    with scope(_get_tenant_id(viewer)):
        digits = read_phone(phone, tenant=get_tenant(viewer))
        row = UserPhone.objects.select_for_update().filter(user=viewer, phone=digits).first()
        if row is None or not row.code_hash or row.code_expires_at is None:
            left = 0
        else:
            left = MOST_ATTEMPTS - row.code_attempts if row.code_expires_at > now() else 0
            row.code_attempts += 1
            row.save(update_fields=["code_attempts"])
    # The attempt is counted by now, whatever becomes of it.
    if row is None or left <= 0:
        raise VisibleError("code_over", field="code")
    if not constant_time_compare(row.code_hash, _hash(row.id, re.sub(r"\D", "", code))):
        raise VisibleError("code_wrong" if left > 1 else "code_over", field="code", left=left - 1)
    with scope(_get_tenant_id(viewer)):
        row.verified_at, row.code_hash, row.code_expires_at = now(), "", None
        try:
            with transaction.atomic():
                row.save(update_fields=["verified_at", "code_hash", "code_expires_at"])
        except IntegrityError:
            raise VisibleError("phone_taken", field="phone") from None
        _welcome(viewer, row, now=now())
    return row


def find_phones(viewer: User) -> list[UserPhone]:
    """The viewer's phones, the oldest first, inside the open scope."""
    return list(UserPhone.objects.filter(user=viewer).order_by("created_at", "id"))


def remove_phone(viewer: User, phone_id: UUID | str) -> None:
    """Forget a phone of the viewer's, inside the open scope. Raises VisibleError("not_found") for any other."""
    if not UserPhone.objects.filter(user=viewer, id=parse_id(phone_id)).delete()[0]:
        raise VisibleError("not_found")


def find_code_state(row: UserPhone) -> str | None:
    """How far the latest code to a phone got, as a state of OutgoingMessage, inside the open scope; None where there is none."""
    codes = OutgoingMessage.objects.filter(purpose=OutgoingMessage.Purpose.CODE, key__startswith=_name_codes(row))
    return codes.order_by("-created_at").values_list("state", flat=True).first()


def read_phone(phone: str, *, tenant: Tenant) -> str:
    """A phone as a person writes it, in its canonical form. A Brazilian company's people may leave the country out.

    Raises VisibleError("phone_wrong").
    """
    digits = re.sub(r"\D", "", phone)
    is_local = not phone.strip().startswith("+") and len(digits) in (10, 11)
    if is_local and tenant.language == "pt":
        digits = "55" + digits
    digits = canonical_phone(digits)
    if not 10 <= len(digits) <= 15 or re.search(r"[^\d\s()+./-]", phone) or digits.startswith("0"):
        raise VisibleError("phone_wrong", field="phone")
    return digits


def _welcome(viewer: User, row: UserPhone, *, now: datetime) -> None:
    connection = find_channel(viewer)
    if connection is None:
        return
    reply = greet(viewer)
    enqueue(
        connection.channel,
        to=row.phone,
        purpose=OutgoingMessage.Purpose.ANSWER,
        key=f"welcome:{row.id}:{now.isoformat()}",
        text=reply.text,
        user=viewer,
        not_before_at=now,
        expires_at=now + timedelta(hours=1),
        replies=reply.choices,
    )
    BotTalk.objects.update_or_create(user=viewer, channel=connection.channel, defaults={"choices": reply.choices or {}})


def _name_codes(row: UserPhone) -> str:
    return f"code:{row.id}:"


def _hash(phone_id: UUID, code: str) -> str:
    return salted_hmac(f"evosense phone {phone_id}", code, algorithm="sha256").hexdigest()


def _get_tenant_id(viewer: User) -> UUID:
    if viewer.tenant_id is None:
        raise VisibleError("no_tenant")
    return viewer.tenant_id
