"""Analyse what waits, in batches across tenants: each message exactly once, each text that comes again computed once.

A round takes conversations of several tenants (ingestion/batches.py says which), reads them in a scope each, computes them together
outside of any, and writes each tenant's in one scope of its own, so that nothing waits for a model. Tenants share a computation
where they share the analyser, which is so of the embedded one; nothing of theirs meets but vectors of identical masked texts.

A worker that dies costs its round and nothing else: what was not written still waits, and what was written does not. Two that meet
are parted when they write: what the other has finished meanwhile is left alone.
"""

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.db.models import Q
from django.utils import timezone

from core import live
from core.ai.chain import ChainAnalyser
from core.ai.chain import analyse_batch as analyse_batch_by
from core.ai.roles import ConversationAnalysis as AnalysedConversation
from core.ai.roles import MessageAnalysis as AnalysedMessage
from core.ai.roles import Vector, VectorAnalyser, pad_vector
from core.models import ConversationAnalysis, MessageAnalysis, TextVector
from core.tenancy import scope
from ingestion.announce import announce_analysed
from ingestion.attempts import note_attempts
from ingestion.batches import BATCH, Batch, deal, find_analysed_texts, find_waiting, read_batch
from ingestion.promotion import NONE, choose_analyser, get_promoted, lock_tenant, set_promoted

log = structlog.get_logger(__name__)
TenantId = uuid.UUID | str


@dataclass(slots=True, kw_only=True)
class Part:
    """One tenant's part of a round. `is_stale`: the promoted version changed while it was computed, so nothing was written."""

    tenant_id: TenantId
    analyser: VectorAnalyser
    promoted: tuple[str, str]
    batch: Batch
    messages: list[AnalysedMessage]
    conversations: list[AnalysedConversation]
    is_stale: bool = False
    done: int = 0


def analyse_waiting(tenant_id: TenantId, analyser: VectorAnalyser, *, tell_progress: Callable[[int], None] = lambda _done: None) -> int:
    """Analyse everything that waits in a tenant. Returns how many conversations were analysed; `tell_progress` hears it grow."""
    done = 0
    while (count := analyse_batch(tenant_id, analyser)) > 0:
        done += count
        tell_progress(done)
    return done


def analyse_batch(tenant_id: TenantId, analyser: VectorAnalyser) -> int:
    """Analyse the conversations of one tenant that are next. Returns how many; 0 where none waits."""
    return analyse_round({tenant_id: analyser}).get(tenant_id, 0)


def analyse_round(analysers: Mapping[TenantId, VectorAnalyser]) -> dict[TenantId, int]:
    """Analyse one batch shared out among these tenants, each by its analyser. Returns how many conversations of each were analysed.

    A tenant that fails does not keep the others from being written; the first failure is raised when they are.
    """
    began = time.perf_counter()
    waiting: dict[TenantId, list[uuid.UUID]] = {}
    for tenant_id in analysers:
        with scope(tenant_id):
            waiting[tenant_id] = find_waiting(limit=getattr(analysers[tenant_id], "batch_size", BATCH))
    parts = [_read_part(tenant_id, ids, analysers[tenant_id]) for tenant_id, ids in deal(waiting, size=BATCH).items()]
    failures: list[Exception] = []
    for group in _group_by_analyser(parts):
        failures += _compute_group(group)
        # Written before the next group is computed: nobody waits for another tenant's model.
        for part in group:
            try:
                _write_part(part)
            except Exception as error:
                log.warning("analysis.failed", tenant_id=str(part.tenant_id), error=type(error).__name__)
                failures.append(error)
    if parts:
        _tell_round(parts, seconds=time.perf_counter() - began)
    if failures:
        raise failures[0]
    if stale := {part.tenant_id: analysers[part.tenant_id] for part in parts if part.is_stale}:
        return {part.tenant_id: part.done for part in parts} | analyse_round(stale)
    return {part.tenant_id: part.done for part in parts}


def _read_part(tenant_id: TenantId, conversation_ids: Sequence[uuid.UUID], installed: VectorAnalyser) -> Part:
    with scope(tenant_id):
        promoted = get_promoted()
        analyser = installed if isinstance(installed, ChainAnalyser) else choose_analyser(installed, promoted)
        return Part(
            tenant_id=tenant_id,
            analyser=analyser,
            promoted=promoted,
            batch=read_batch(conversation_ids, analyser),
            messages=[],
            conversations=[],
        )


def _group_by_analyser(parts: Sequence[Part]) -> list[list[Part]]:
    """The same analyser, not merely the same kind: what a tenant has to itself (a server, a webhook) sees that tenant alone.

    Such a group comes last: it takes its time.
    """
    groups: dict[int, list[Part]] = {}
    for part in parts:
        groups.setdefault(id(part.analyser), []).append(part)
    return sorted(groups.values(), key=lambda group: isinstance(group[0].analyser, ChainAnalyser))


def _compute_group(parts: Sequence[Part]) -> list[Exception]:
    """Compute these together; where that fails, each alone, so that one tenant's failure is its own. Returns what failed."""
    try:
        _compute(parts)
    except Exception as error:
        if len(parts) == 1:
            parts[0].batch.conversations = []
            return [error]
        return [failure for part in parts for failure in _compute_group([part])]
    return []


def _compute(parts: Sequence[Part]) -> None:
    analyser = parts[0].analyser
    known: dict[str, Vector] = {}
    for part in parts:
        known |= part.batch.known_vectors
    messages_shown = [one for part in parts for one in part.batch.show_messages()]
    conversations_shown = [one for part in parts for one in part.batch.show_conversations()]
    found, judged = analyse_batch_by(analyser, messages_shown, conversations_shown, known_vectors=known)
    # Results come in the order of what was asked.
    message_place = conversation_place = 0
    for part in parts:
        messages, conversations = len(part.batch.new), len(part.batch.conversations)
        part.messages = found[message_place : message_place + messages]
        part.conversations = judged[conversation_place : conversation_place + conversations]
        message_place, conversation_place = message_place + messages, conversation_place + conversations


def _write_part(part: Part) -> None:
    """Write one tenant's part in one transaction, and tell its screens."""
    if not part.batch.conversations:
        return
    with scope(part.tenant_id):
        tenant = lock_tenant()
        if get_promoted(tenant) != part.promoted:
            part.is_stale = True
            return
        write_vectors(part.batch, part.messages, part.analyser)
        write_messages(part.batch, part.messages)
        note_attempts(part.batch.new)
        part.done = write_conversations(part.batch, part.conversations)
        if not tenant.analyser:
            one = part.conversations[0]
            set_promoted(tenant, part.promoted if part.promoted != NONE else (one.analyser, one.analyser_version))
        if part.done:
            ids = [str(conversation.id) for conversation in part.batch.conversations]
            live.publish("conversations.analysed", {"conversations": part.done, "conversation_ids": ids})
            announce_analysed([conversation.id for conversation in part.batch.conversations])


def _tell_round(parts: Sequence[Part], *, seconds: float) -> None:
    """What a round came to; `repeated` is the share of messages whose text was known, or came before in the same round."""
    messages = [one for part in parts for one in part.messages]
    computed = {(part.analyser.vector_model, one.text_hash) for part in parts for one in part.messages} - {
        (part.analyser.vector_model, text_hash) for part in parts for text_hash in part.batch.known_vectors
    }
    log.info(
        "conversations.analysed",
        tenants=len(parts),
        conversations=sum(part.done for part in parts),
        messages=len(messages),
        texts_computed=len(computed),
        repeated=round(1 - len(computed) / len(messages), 3) if messages else None,
        seconds=round(seconds, 3),
    )


def write_vectors(batch: Batch, found: Sequence[AnalysedMessage], analyser: VectorAnalyser) -> None:
    """Keep the vectors that were computed."""
    new = {one.text_hash: one.vector for one in found if one.text_hash not in batch.known_vectors}
    TextVector.objects.bulk_create(
        [TextVector(model=analyser.vector_model, text_hash=text_hash, vector=pad_vector(vector)) for text_hash, vector in new.items()],
        ignore_conflicts=True,
    )


def write_messages(batch: Batch, found: Sequence[AnalysedMessage], *, is_current: bool = True) -> int:
    """Write analyses of the batch's new messages, save those that somebody else wrote meanwhile. Returns how many.

    With `is_current` false they stand beside the current ones, and a row of that version that is current stays it.
    """
    if not found:
        return 0
    version = None if is_current else (found[0].analyser, found[0].analyser_version)
    known = find_analysed_texts(batch.new, version=version)
    pairs = [(message, one) for message, one in zip(batch.new, found, strict=True) if known.get(message.id) != one.text_hash]
    now = timezone.now()
    rows = [
        MessageAnalysis(
            message=message, analyser=one.analyser, analyser_version=one.analyser_version, analysed_at=now, is_current=is_current,
            text_hash=one.text_hash, sentiment=one.sentiment, sentiment_score=one.sentiment_score, emotion=one.emotion, tone=one.tone,
        )
        for message, one in pairs
    ]  # fmt: skip
    changed = ["analysed_at", "text_hash", "sentiment", "sentiment_score", "emotion", "tone"]
    _write(MessageAnalysis, "message", rows, changed=changed, is_current=is_current)
    return len(rows)


def write_conversations(batch: Batch, judged: Sequence[AnalysedConversation], *, is_current: bool = True) -> int:
    """Write analyses of the batch's conversations, save those that somebody else wrote meanwhile. Returns how many."""
    if not judged:
        return 0
    ids = [conversation.id for conversation in batch.conversations]
    those = ConversationAnalysis.objects.filter(conversation__in=ids)
    mine = {"analyser": judged[0].analyser, "analyser_version": judged[0].analyser_version}
    those = those.filter(is_current=True) if is_current else those.filter(**mine)
    known = dict(those.values_list("conversation_id", "revision"))
    pairs = [
        (conversation, one)
        for conversation, one in zip(batch.conversations, judged, strict=True)
        if known.get(conversation.id, 0) < conversation.revision
    ]
    now = timezone.now()
    rows = [
        ConversationAnalysis(
            conversation=conversation, analyser=one.analyser, analyser_version=one.analyser_version, analysed_at=now,
            is_current=is_current, revision=conversation.revision, satisfaction=one.satisfaction, score=one.score,
            theme=batch.themes[one.theme] if one.theme else None, is_resolved=one.is_resolved, parts=dict(one.parts),
        )
        for conversation, one in pairs
    ]  # fmt: skip
    changed = ["analysed_at", "revision", "satisfaction", "score", "theme", "is_resolved", "parts"]
    _write(ConversationAnalysis, "conversation", rows, changed=changed, is_current=is_current)
    # A message that was deleted or emptied since says nothing any more.
    says_nothing = Q(message__is_deleted=True) | Q(message__text="")
    MessageAnalysis.objects.filter(says_nothing, message__conversation__in=[conversation.id for conversation, _ in pairs]).delete()
    return len(rows)


def _write(model: type[Any], subject: str, rows: Sequence[Any], *, changed: list[str], is_current: bool) -> None:
    if is_current:
        # What another analyser or version concluded stays, but is current no more.
        model.objects.filter(is_current=True, **{f"{subject}__in": [getattr(row, f"{subject}_id") for row in rows]}).update(
            is_current=False
        )
        changed = [*changed, "is_current"]
    model.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["tenant", subject, "analyser", "analyser_version"],
        update_fields=changed,
    )
