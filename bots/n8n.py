"""Evolution API's own n8n integration, answered by us: a question comes in one HTTP call and its answer goes back in it.

The address is a secret of its own, and the call must carry the instance's key as the gateway sends it: whoever learnt the address of the
webhook, which only takes, can ask nothing here. A message that comes by the webhook or the WebSocket too is still answered once.
"""

import re
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from bots.hear import answer_locked, lock_talk, make_answer_key
from bots.talk import Reply, read_language
from bots.words import say
from core.hook_tokens import HookAddress, is_genuine, make_hook_token
from core.models import GatewayConnection, OutgoingMessage, SupervisorMessage, User
from core.phones import LID_PREFIX, canonical_phone, find_verified_users
from core.tenancy import get_current_tenant_id, scope

log = structlog.get_logger(__name__)

LONGEST_QUESTION = 2000
# How the gateway writes what is no text: `imageMessage|<id or address>|<caption>`.
_MEDIA = re.compile(r"^(image|video|document|audio|sticker|ptv|location|contact)\w*Message\|[^|]*\|?(.*)$", re.DOTALL)


class UnknownAddressError(Exception):
    """The address is none of ours, or the call does not carry the instance's key."""


def make_address(connection: GatewayConnection, *, origin: str) -> str:
    """Where the n8n integration of a channel's instance is pointed to, inside the open scope. It is a secret."""
    token = make_hook_token(tenant_id=get_current_tenant_id(), channel_id=connection.channel_id, nonce=_make_nonce(connection))
    return f"{origin}/hooks/n8n/{token}"


def answer_now(address: HookAddress, body: Mapping[str, Any], *, now: Callable[[], datetime] = timezone.now) -> str:
    """What is replied to a message in the gateway's form; "" where nothing is to be sent. Opens scopes of its own.

    Raises UnknownAddressError.
    """
    with scope(address.tenant_id):
        connection = GatewayConnection.objects.select_related("channel").filter(channel_id=address.channel_id).first()
        if connection is None or not is_genuine(address, nonce=_make_nonce(connection)):
            raise UnknownAddressError
        key = connection.token
        if not key or not secrets.compare_digest(str(body.get("apiKey") or "").encode(), key.encode()):
            raise UnknownAddressError
        chat, key_id = _read_chat(body), str(body.get("keyId") or "")[:120]
        user_id = find_verified_users([chat]).get(chat) if chat else None
    if user_id is None or not key_id or body.get("fromMe") is True or not connection.answers_people or not connection.channel.is_active:
        return ""
    try:
        with scope(address.tenant_id):
            return _answer(connection, user_id, chat=chat, key_id=key_id, said=str(body.get("chatInput") or ""), now=now())
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        # Its kind, never its text: that may hold somebody's words.
        log.error("n8n.failed", channel_id=str(connection.channel_id), error=type(error).__name__)
        with scope(address.tenant_id):
            return say("failed", read_language(User.objects.get(id=user_id)))


def read_said(said: str) -> tuple[str, str]:
    """The kind and the words of a message as the integration writes them. Pure."""
    if media := _MEDIA.match(said):
        return media[1], media[2].strip()[:LONGEST_QUESTION]
    kind = "audio" if said.lower().startswith("[audio]") else "text"
    return kind, said.strip()[:LONGEST_QUESTION]


def _answer(connection: GatewayConnection, user_id: UUID, *, chat: str, key_id: str, said: str, now: datetime) -> str:
    talk = lock_talk(user_id, connection.channel_id)
    kind, text = read_said(said)
    message, _ = SupervisorMessage.objects.get_or_create(
        channel=connection.channel,
        provider_id=key_id,
        defaults={"user_id": user_id, "chat": chat, "kind": kind, "text": text, "sent_at": now},
    )
    if message.user_id != user_id:
        return ""
    if message.state != SupervisorMessage.State.WAITING:
        return _find_answer(message)
    reply = answer_locked(message, talk, now=now, has_pictures=False)
    if reply is None:
        return ""
    _keep(message, reply, now=now)
    return neutralise_links(reply.text)


def neutralise_links(text: str) -> str:
    """Text out of which the gateway makes no file: `[name](address)` would be fetched and sent as one. Pure."""
    return text.replace("](", "] (")


def _keep(message: SupervisorMessage, reply: Reply, *, now: datetime) -> None:
    """The answer as a message that was sent: the gateway sends it by itself and tells us of no acknowledgement."""
    OutgoingMessage.objects.create(
        channel_id=message.channel_id,
        user_id=message.user_id,
        to=message.chat,
        purpose=OutgoingMessage.Purpose.ANSWER,
        key=make_answer_key(message),
        text=reply.text,
        state=OutgoingMessage.State.SENT,
        not_before_at=now,
        sent_at=now,
        settled_at=now,
        replies=reply.choices or {},
    )


def _find_answer(message: SupervisorMessage) -> str:
    """The same answer to the same call. What went out through the outbox is not given a second time."""
    kept = OutgoingMessage.objects.filter(key=make_answer_key(message), provider_id="", attempts=0, settled_at__isnull=False)
    found = kept.filter(state=OutgoingMessage.State.SENT).values_list("text", flat=True).first()
    return neutralise_links(found) if found else ""


def _read_chat(body: Mapping[str, Any]) -> str:
    """The chat as we name it: a phone, or `lid:<digits>`; "" for a group and for anything else."""
    jid = str(body.get("remoteJid") or "")
    digits, _, server = jid.partition("@")
    digits = digits.partition(":")[0]
    if not digits.isdigit():
        return ""
    if server == "lid":
        return LID_PREFIX + digits
    return canonical_phone(digits) if server in ("s.whatsapp.net", "") else ""


def _make_nonce(connection: GatewayConnection) -> str:
    return f"n8n:{connection.hook_nonce}" if connection.hook_nonce else ""
