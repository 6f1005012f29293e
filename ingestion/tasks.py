"""Celery's doors into ingestion: they take ids, and what they do may be done twice without harm.

One worker does all of it, one task at a time on a small machine, so no task works for long: messages that come must not wait behind
a backlog of analysis. Tasks that messages wait for go first; long work is done turn by turn. Where messages come without a pause the
inbox and their analysis take turns, and each turn takes what came during the other's: a screen is never further behind than two of them.
"""

import functools
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from celery import Task, shared_task
from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError, close_old_connections
from django.utils import timezone

from core.ai.analysers import get_analyser, get_tenant_analyser, get_tenant_version
from core.ai.chain import ChainAnalyser
from core.heartbeats import BEAT, note_alive
from core.models import RawEvent, Tenant, User
from core.tenancy import scope, unscoped_directory
from ingestion.analyse import analyse_round
from ingestion.batches import BATCH
from ingestion.completeness import count_waiting
from ingestion.inbox import purge_processed
from ingestion.pending import purge_pending
from ingestion.process import BATCH_EVENTS, TASK_ANALYSE_LIVE, process_batch
from ingestion.queueing import LATE, SOON, begin, queue_once
from ingestion.rescore import ReScoringRefusedError, find_run, plan_rescoring
from ingestion.turns import leave_line, take_turns
from ingestion.updates import MOVING, follow_update, take_step
from ingestion.vectors import fill_vectors, needs_filling

# A worker that died holds a tenant's lock for this long at most, in seconds.
LOCK_SECONDS = 300
# How long one task works on a channel's inbox before others have their turn, in seconds.
INBOX_SECONDS = 20
# Two transactions that stood in each other's way: one of them is tried again.
_ATTEMPTS = 3
TASK_RESCORE = "ingestion.tasks.task_rescore"
TASK_FILL = "ingestion.tasks.task_fill_vectors"
_TASK_INBOX, _TASK_ANALYSE = "ingestion.tasks.task_process_inbox", "ingestion.tasks.task_analyse"


def name_lock(tenant_id: object) -> str:
    """The key of the lock that a worker holds while it analyses a tenant."""
    return f"analysing:{tenant_id}"


def release_locks(tenant_ids: Iterable[object]) -> None:
    """Take the locks from workers that were killed; only where it is certain that no worker runs."""
    names = [name(tenant_id) for tenant_id in tenant_ids for name in (name_lock, name_rescoring_lock)]
    cache.delete_many(names)


def name_rescoring_lock(tenant_id: object) -> str:
    """The key of the lock that a worker holds while it reads a tenant's history again."""
    return f"rescoring:{tenant_id}"


def notify(tenant_id: uuid.UUID | str, channel_id: uuid.UUID | str) -> None:
    """Something waits in a channel's inbox: have it processed soon. At most one task waits for a channel.

    Never raises: where the queue is out of reach, the inbox is looked through again within seconds of its coming back.
    """
    queue_once(_TASK_INBOX, str(tenant_id), str(channel_id), priority=SOON)


@shared_task
def task_process_inbox(tenant_id: str, channel_id: str) -> int:
    """Process what waits in a channel's inbox; where that takes long, go on in another task. Returns how many events were processed.

    What comes meanwhile has a task of its own, which waits behind the analysis of what is recorded here.
    """
    begin(_TASK_INBOX, tenant_id, channel_id)
    done, until = 0, time.monotonic() + INBOX_SECONDS
    while True:
        count = _process_batch(tenant_id, channel_id)
        done += count
        if count < BATCH_EVENTS:
            break
        if time.monotonic() > until:
            notify(tenant_id, channel_id)
            break
    return done


@shared_task
def task_process_waiting() -> int:
    """Start the processing of each channel in whose inbox something waits: what a lost task left behind. Returns how many channels.

    Beat has it run every few seconds: that it runs is beat's sign of life.
    """
    note_alive(BEAT)
    started = 0
    for tenant_id in _find_tenant_ids(reason="find tenants whose inboxes hold something"):
        with scope(tenant_id):
            waiting = RawEvent.objects.filter(state=RawEvent.State.WAITING).order_by().values_list("channel_id", flat=True)
            channel_ids = list(waiting.distinct())
        for channel_id in channel_ids:
            notify(tenant_id, channel_id)
            started += 1
    return started


@shared_task
def task_purge_events() -> int:
    """Delete processed events that are older than RAW_EVENT_DAYS, in all tenants, and changes whose message never came.

    Returns how many events.
    """
    before, purged = timezone.now() - timedelta(days=settings.RAW_EVENT_DAYS), 0
    for tenant_id in _find_tenant_ids(reason="purge processed events"):
        with scope(tenant_id):
            purge_pending(before)
        count = 1
        while count:
            with scope(tenant_id):
                count = purge_processed(before)
            purged += count
    return purged


@shared_task(bind=True)
def task_analyse(self: Task, tenant_id: str) -> int:
    """Analyse a batch of what waits in a tenant and in those whose turn it is as well, and queue the next turns.

    Returns how many of the tenant's conversations were analysed; 0 also where another worker is at it. A lock keeps two workers from
    computing the same; without it the rows would be the same, at twice the cost. Called as a function, by a command that is about
    one tenant, it leaves the others alone.
    """
    begin(_TASK_ANALYSE, tenant_id)
    tenant_ids = [tenant_id] if self.request.called_directly else take_turns(tenant_id)
    held, counts = _analyse_round(tenant_ids)
    for one in held:
        if counts.get(one, 0) > 0:
            queue_once(_TASK_ANALYSE, one, priority=LATE)
    if tenant_id in held:
        leave_line([one for one in held if not counts.get(one, 0)])
    return counts.get(tenant_id, 0)


@shared_task
def task_analyse_live(tenant_id: str) -> int:
    """Analyse what people of a tenant wrote just now, for the screens that are open. Returns how many conversations were analysed.

    One round and no more, in turn with the inbox. What it leaves waits for its turn in `task_analyse`.
    """
    begin(TASK_ANALYSE_LIVE, tenant_id)
    held, counts = _analyse_round([tenant_id])
    count = counts.get(tenant_id, 0)
    if not held or count >= BATCH:
        queue_once(_TASK_ANALYSE, tenant_id, priority=LATE)
    return count


@shared_task
def task_analyse_waiting() -> int:
    """Start the analysis of each tenant in which something waits: what a lost task left behind. Returns how many tenants."""
    started = 0
    for tenant_id in _find_tenant_ids(reason="find tenants whose conversations wait for analysis"):
        with scope(tenant_id):
            waits = count_waiting() > 0
        if waits:
            task_analyse.delay(str(tenant_id))
            started += 1
    return started


@shared_task
def task_plan_rescoring(tenant_id: str, user_id: str | None = None) -> str | None:
    """Say what re-scoring a tenant by the installed version costs, as a planned run. Returns why there is none, as a word, or None."""
    with scope(tenant_id):
        user = User.objects.filter(id=user_id, tenant_id=tenant_id).first() if user_id else None
    try:
        plan_rescoring(tenant_id, get_tenant_version(tenant_id, get_analyser()), user=user)
    except ReScoringRefusedError as refused:
        return refused.reason
    return None


@shared_task
def task_rescore(tenant_id: str) -> bool:
    """Take one step of a tenant's re-scoring, and queue the next, behind what waits already. Returns whether there is more to do."""
    begin(TASK_RESCORE, tenant_id)
    if not cache.add(name_rescoring_lock(tenant_id), 1, timeout=LOCK_SECONDS):
        return False
    try:
        has_more = take_step(tenant_id)
    finally:
        cache.delete(name_rescoring_lock(tenant_id))
    if has_more:
        queue_once(TASK_RESCORE, tenant_id, priority=LATE)
    return has_more


@shared_task
def task_rescore_waiting() -> int:
    """Plan re-scorings that an update asks for, and go on with those that a dead worker left. Returns how many are under way."""
    moving = 0
    for tenant_id in _find_tenant_ids(reason="find tenants whose history is read again"):
        follow_update(tenant_id, functools.partial(get_tenant_version, tenant_id, get_analyser()))
        with scope(tenant_id):
            is_moving = find_run(*MOVING) is not None
        if is_moving:
            queue_once(TASK_RESCORE, str(tenant_id), priority=LATE)
            moving += 1
    return moving


@shared_task
def task_fill_vectors(tenant_id: str) -> bool:
    """Fill the vectors of the embedder that a tenant chose, for a while, and queue the next turn. Returns whether more is left to do."""
    begin(TASK_FILL, tenant_id)
    key = f"filling:{tenant_id}"
    if not cache.add(key, 1, timeout=LOCK_SECONDS):
        return False
    try:
        has_more = fill_vectors(tenant_id)
    finally:
        cache.delete(key)
    if has_more:
        queue_once(TASK_FILL, tenant_id, priority=LATE)
    return has_more


@shared_task
def task_fill_vectors_waiting() -> int:
    """Start the filling of each tenant whose chosen vectors lack a text. Returns how many tenants."""
    started = 0
    for tenant_id in _find_tenant_ids(reason="find tenants whose vectors are to be filled"):
        with scope(tenant_id):
            waits = needs_filling()
        if waits:
            queue_once(TASK_FILL, str(tenant_id), priority=LATE)
            started += 1
    return started


def _analyse_round(tenant_ids: Sequence[str]) -> tuple[list[str], Mapping[uuid.UUID | str, int]]:
    """A round of these tenants, the first of whom it is about: those that no other worker is at, and how many of each were analysed."""
    analysers = {one: get_tenant_analyser(one, get_analyser()) for one in tenant_ids}
    # A tenant's own model takes its time: it has its round in its own task, and never in another tenant's.
    sharing = [one for one in tenant_ids if one == tenant_ids[0] or not isinstance(analysers[one], ChainAnalyser)]
    held = [one for one in sharing if cache.add(name_lock(one), 1, timeout=LOCK_SECONDS)]
    try:
        return held, analyse_round({one: analysers[one] for one in held}) if tenant_ids[0] in held else {}
    finally:
        cache.delete_many([name_lock(one) for one in held])


def _process_batch(tenant_id: str, channel_id: str) -> int:
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return process_batch(tenant_id, channel_id)
        except OperationalError:
            if attempt == _ATTEMPTS:
                raise
            close_old_connections()
            time.sleep(0.1 * attempt)
    raise AssertionError("unreachable")


def _find_tenant_ids(*, reason: str) -> list[uuid.UUID]:
    with unscoped_directory(reason=reason):
        return list(Tenant.objects.values_list("id", flat=True))
