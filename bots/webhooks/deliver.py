"""Tells what happened to the endpoints that asked for it: each delivery is claimed, posted outside of any transaction, and settled.

A delivery may reach its endpoint twice, never under another id: a worker that dies between the post and its note leaves a claim that
runs out. What is not taken is tried again on the schedule of Standard Webhooks, for three days and a half.
"""

import contextlib
import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache

import httpx
import structlog
from django.conf import settings
from django.db.models import F
from django.utils import timezone

from bots.webhooks.signing import sign
from core.ai.deadline import DeadlineTransport, deadline
from core.crypto import SecretUnreadableError
from core.models import WebhookDelivery, WebhookEndpoint
from core.tenancy import scope

log = structlog.get_logger(__name__)

State = WebhookDelivery.State
# After the first attempt: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, "Deliverability".
WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
)  # fmt: skip
PATIENCE = sum(WAITS, timedelta(0))
LONGEST_WAIT = timedelta(days=1)  # that a receiver may ask for
POST_SECONDS = 15.0
# How long one task tells before others have their turn, and until when nobody else takes what it claimed.
WORK_SECONDS = 30.0
CLAIMED = timedelta(minutes=2)
BATCH = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """One delivery that is ours to post now."""

    delivery_id: uuid.UUID
    endpoint_id: uuid.UUID
    url: str
    secrets: tuple[str, ...]  # the newest first; none where no key opens it
    message_id: str
    body: bytes
    attempts: int
    tried_since_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a post: a status of HTTP, or a word for why there was none; and how long the receiver asks to be left alone."""

    status: int | None = None
    problem: str = ""
    wait: timedelta | None = None

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        return self.status == httpx.codes.GONE


def deliver_due(tenant_id: uuid.UUID | str, *, now: Callable[[], datetime] = timezone.now) -> tuple[int, bool]:
    """Tell what a tenant has due, for a while. Returns how many were posted, and whether more is due. Opens scopes of its own."""
    ends_at, posted = time.monotonic() + WORK_SECONDS, 0
    while time.monotonic() < ends_at:
        with scope(tenant_id):
            claimed = claim(now(), limit=BATCH)
        if not claimed:
            return posted, False
        left, resting = [], set[uuid.UUID]()
        for one in claimed:
            if one.endpoint_id in resting or time.monotonic() >= ends_at:
                left.append(one)
                continue
            outcome = attempt(one, at=now())
            posted += 1
            with scope(tenant_id):
                settle(one, outcome, at=now())
            if not outcome.is_taken:
                resting.add(one.endpoint_id)
        with scope(tenant_id):
            # Those of an endpoint that rests were put off already, with all that it is still to be told.
            give_back([one.delivery_id for one in left if one.endpoint_id not in resting], now())
    with scope(tenant_id):
        return posted, is_anything_due(now())


def claim(now: datetime, *, limit: int) -> list[Claimed]:
    """Take what is due, the oldest first, so that no other worker does. Inside the open scope."""
    due = WebhookDelivery.objects.filter(state=State.WAITING, next_at__lte=now, endpoint__is_active=True)
    rows = list(due.order_by("next_at", "id").select_related("event", "endpoint").select_for_update(skip_locked=True, of=("self",))[:limit])
    WebhookDelivery.objects.filter(id__in=[row.id for row in rows]).update(next_at=now + CLAIMED)
    return [
        Claimed(
            delivery_id=row.id,
            endpoint_id=row.endpoint_id,
            url=row.endpoint.url,
            secrets=_read_secrets(row.endpoint, now),
            message_id=f"msg_{row.event_id.hex}",
            body=write_body(row.event.kind, row.event.happened_at, row.event.data),
            attempts=row.attempts,
            tried_since_at=row.asked_again_at or row.created_at,
        )
        for row in rows
    ]


def write_body(kind: str, happened_at: datetime, data: Mapping[str, object]) -> bytes:
    """A message as it is posted and signed: `{type, timestamp, data}`."""
    timestamp = happened_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return json.dumps({"type": kind, "timestamp": timestamp, "data": data}, ensure_ascii=False, separators=(",", ":")).encode()


def attempt(one: Claimed, *, at: datetime) -> Outcome:
    """Post one delivery. Never raises: what went wrong is in the outcome."""
    if not one.secrets:
        return Outcome(problem="secret")
    headers = {"content-type": "application/json", "user-agent": "EvoSense"} | sign(
        one.body, message_id=one.message_id, at=at, secrets=one.secrets
    )
    try:
        with (
            deadline(POST_SECONDS),
            _get_client(settings.WEBHOOK_PRIVATE_ADDRESSES).stream(
                "POST", one.url, content=one.body, headers=headers, timeout=POST_SECONDS
            ) as response,
        ):
            # What it says beside its status is not read.
            return Outcome(status=response.status_code, wait=_read_wait(response.headers.get("retry-after"), at=at))
    except httpx.TimeoutException:
        return Outcome(problem="timeout")
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError):
        return Outcome(problem="unreachable")


def settle(one: Claimed, outcome: Outcome, *, at: datetime) -> None:
    """Note what came of an attempt, inside the open scope."""
    rows = WebhookDelivery.objects.filter(id=one.delivery_id, state=State.WAITING)
    noted = {"attempts": F("attempts") + 1, "status": outcome.status, "problem": outcome.problem}
    if outcome.is_taken:
        rows.update(**noted, state=State.DELIVERED, next_at=None, settled_at=at)
        WebhookEndpoint.objects.filter(id=one.endpoint_id).update(delivered_at=at)
        return
    if outcome.is_gone:
        rows.update(**noted, state=State.FAILED, next_at=None, settled_at=at)
        WebhookEndpoint.objects.filter(id=one.endpoint_id).update(is_active=False, problem="gone")
        log.warning("webhook.gone", endpoint_id=str(one.endpoint_id))
        return
    if one.attempts >= len(WAITS) or at - one.tried_since_at >= PATIENCE:
        rows.update(**noted, state=State.FAILED, next_at=None, settled_at=at)
        log.warning("webhook.given_up", endpoint_id=str(one.endpoint_id), status=outcome.status, problem=outcome.problem)
        return
    next_at = at + min(max(WAITS[one.attempts], outcome.wait or timedelta(0)), LONGEST_WAIT)
    rows.update(**noted, next_at=next_at)
    # Who does not take one takes none: the rest waits as long, without an attempt.
    waiting = WebhookDelivery.objects.filter(endpoint_id=one.endpoint_id, state=State.WAITING, next_at__lt=next_at)
    waiting.update(next_at=next_at)


def give_back(delivery_ids: list[uuid.UUID], now: datetime) -> None:
    """Let others take what was claimed and not posted. Inside the open scope."""
    WebhookDelivery.objects.filter(id__in=delivery_ids, state=State.WAITING).update(next_at=now)


def send_again(delivery_ids: list[uuid.UUID], now: datetime) -> int:
    """Tell these once more, whatever became of them, as the same messages. Inside the open scope; returns how many."""
    again = WebhookDelivery.objects.filter(id__in=delivery_ids)
    return again.update(state=State.WAITING, attempts=0, next_at=now, asked_again_at=now, status=None, problem="", settled_at=None)


def is_anything_due(now: datetime) -> bool:
    """Whether the open scope's tenant has something to tell."""
    return WebhookDelivery.objects.filter(state=State.WAITING, next_at__lte=now, endpoint__is_active=True).exists()


def _read_secrets(endpoint: WebhookEndpoint, now: datetime) -> tuple[str, ...]:
    try:
        secret = endpoint.secret
    except SecretUnreadableError:
        return ()
    with contextlib.suppress(SecretUnreadableError):
        if endpoint.previous_until_at is not None and endpoint.previous_until_at > now and endpoint.previous_secret:
            return (secret, endpoint.previous_secret)
    return (secret,)


def _read_wait(header: str | None, *, at: datetime) -> timedelta | None:
    """What `Retry-After` asks for: seconds or a date; None where it says nothing that can be read."""
    if not header:
        return None
    if header.strip().isdigit():
        return timedelta(seconds=min(int(header.strip()[:9]), 10**6))
    try:
        return max(parsedate_to_datetime(header) - at, timedelta(0))
    except (TypeError, ValueError):
        return None


@lru_cache(maxsize=2)
def _get_client(allows_private: bool) -> httpx.Client:  # noqa: FBT001 a cache takes places alone
    return httpx.Client(transport=DeadlineTransport(allows_private=allows_private), trust_env=False, follow_redirects=False)
