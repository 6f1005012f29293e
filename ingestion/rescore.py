"""Read a tenant's history again with another version of an analyser, beside what counts: cost first, in steps, stopped at any time.

Each step is one short transaction over one batch, and what is done is what stands in the database: conversations that have an
analysis by the run's version, of what they hold now. A worker that is killed costs the batch in its hands; going on begins
at the run's marker and skips what is there, so that nothing is written or counted twice. A last pass without the marker finds what
changed or came meanwhile.

Nothing here makes a row current: ingestion/switch.py promotes a run, or rolls it back.
"""

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from core import live
from core.ai.analysers import find_version
from core.ai.roles import ConversationAnalysis as AnalysedConversation
from core.ai.roles import MessageAnalysis as AnalysedMessage
from core.ai.roles import VectorAnalyser
from core.models import Conversation, ConversationAnalysis, Message, ReScoring, User
from core.tenancy import scope
from ingestion.analyse import write_conversations, write_messages, write_vectors
from ingestion.attempts import note_attempts
from ingestion.batches import BATCH, Batch, read_batch, select_readable
from ingestion.comparison import compare
from ingestion.promotion import Version, get_promoted, lock_tenant

log = structlog.get_logger(__name__)

State = ReScoring.State
OPEN = (State.PLANNED, State.RUNNING, State.PAUSED, State.DONE, State.PROMOTING, State.ROLLING_BACK)
# How many conversations, from all over the history, are read to learn the pace.
SAMPLE = 24


class ReScoringRefusedError(Exception):
    """What was asked does not fit the run's state. `reason` is a word: none, open, state, gone or same."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What reading a history again takes: how much there is, and seconds at the pace of a sample of it."""

    conversations: int
    messages: int
    distinct_texts: int
    estimated_seconds: float


def plan_rescoring(
    tenant_id: uuid.UUID | str, analyser: VectorAnalyser, *, user: User | None = None, is_automatic: bool = False
) -> ReScoring:
    """Say what re-scoring by this analyser costs, and keep it as a planned run. Planned already: that run, its cost told anew.

    Raises ReScoringRefusedError("open") while another run is not finished, ("same") where it is the version that counts already.
    """
    pace = measure_pace(tenant_id, analyser)
    version = (analyser.name, analyser.version)
    with scope(tenant_id):
        tenant = lock_tenant()
        promoted = get_promoted(tenant)
        if version == promoted and not has_stray(version):
            raise ReScoringRefusedError("same")
        run = ReScoring.objects.filter(state__in=OPEN).first()
        if run is not None and ((run.analyser, run.analyser_version) != version or run.state != State.PLANNED):
            raise ReScoringRefusedError("open")
        cost = count_cost(version, pace=pace)
        run = run or ReScoring(analyser=analyser.name, analyser_version=analyser.version, user=user, is_automatic=is_automatic)
        run.old_analyser, run.old_version = promoted
        run.conversations, run.messages, run.distinct_texts = cost.conversations, cost.messages, cost.distinct_texts
        run.estimated_seconds = cost.estimated_seconds
        run.save()
        log.info("rescoring.planned", version=str(run), conversations=run.conversations, seconds=run.estimated_seconds)
        return run


def has_stray(version: Version) -> bool:
    """Whether any current analysis of the open scope is of another version."""
    current = ConversationAnalysis.objects.filter(is_current=True)
    return current.exclude(analyser=version[0], analyser_version=version[1]).exists()


def count_cost(version: Version, *, pace: float) -> Cost:
    """What is to be read in the open scope; `pace` in seconds a conversation."""
    waiting = select_unread(version)
    texts = select_readable().filter(author=Message.Author.CUSTOMER, conversation__in=waiting.values("id")).order_by()
    conversations = waiting.count()
    return Cost(
        conversations=conversations,
        messages=texts.count(),
        distinct_texts=texts.values("text").distinct().count(),
        estimated_seconds=round(conversations * pace, 1),
    )


def select_unread(version: Version) -> QuerySet[Conversation]:
    """Conversations of the open scope that have no analysis by this version of what they hold now."""
    read = ConversationAnalysis.objects.filter(
        conversation=OuterRef("id"), analyser=version[0], analyser_version=version[1], revision=OuterRef("revision")
    )
    return Conversation.objects.filter(~Exists(read))


def measure_pace(tenant_id: uuid.UUID | str, analyser: VectorAnalyser) -> float:
    """Seconds a conversation: a sample from all over the history is read and computed, and nothing is kept. 0 without history."""
    with scope(tenant_id):
        total = Conversation.objects.count()
        step = max(1, total // SAMPLE)
        ids = list(Conversation.objects.order_by("started_at", "id").values_list("id", flat=True)[::step])[:SAMPLE]
        began = time.perf_counter()
        batch = read_batch(ids, analyser, version=(analyser.name, analyser.version))
    if not ids:
        return 0.0
    compute_batch(batch, analyser)
    return (time.perf_counter() - began) / len(ids)


def find_run(*states: State) -> ReScoring | None:
    """The open scope's latest run, or the latest in one of these states."""
    runs = ReScoring.objects.filter(state__in=states) if states else ReScoring.objects.all()
    return runs.order_by("-planned_at", "-id").first()


def change_state(run_id: uuid.UUID | str, *, of: Sequence[State], to: State) -> ReScoring:
    """Move a run of the open scope from one of these states to another. Raises ReScoringRefusedError("none" or "state")."""
    lock_tenant()
    run = ReScoring.objects.select_for_update().filter(id=run_id).first()
    if run is None:
        raise ReScoringRefusedError("none")
    if run.state not in of:
        raise ReScoringRefusedError("state")
    now = timezone.now()
    if to == State.RUNNING:
        run.started_at = run.started_at or now
    if to == State.DONE:
        run.finished_at = now
    run.state, run.problem = to, ""
    run.save()
    tell(run)
    return run


def start_rescoring(run_id: uuid.UUID | str) -> ReScoring:
    """Begin, or go on after a pause. Whoever calls queues the work (ingestion.tasks.task_rescore)."""
    return change_state(run_id, of=[State.PLANNED, State.PAUSED, State.RUNNING], to=State.RUNNING)


def pause_rescoring(run_id: uuid.UUID | str) -> ReScoring:
    """Stop after the batch in hand."""
    return change_state(run_id, of=[State.RUNNING, State.PAUSED], to=State.PAUSED)


def rescore_batch(tenant_id: uuid.UUID | str) -> int:
    """Read one batch of the tenant's running re-scoring. Returns how many conversations; 0 where none runs, or nothing is left.

    With nothing left the run is done. Raises ReScoringRefusedError("gone") where this installation cannot run that version; the run is
    paused then, and says so.
    """
    began = time.perf_counter()
    with scope(tenant_id):
        run = find_run(State.RUNNING)
        if run is None:
            return 0
        version = (run.analyser, run.analyser_version)
        analyser = find_version(*version)
        ids = _find_next(run, version) if analyser is not None else []
        batch = read_batch(ids, analyser, version=version) if analyser is not None and ids else None
    if analyser is None:
        with scope(tenant_id):
            ReScoring.objects.filter(id=run.id, state=State.RUNNING).update(state=State.PAUSED, problem="gone")
        raise ReScoringRefusedError("gone")
    if batch is None:
        _finish(tenant_id, run)
        return 0
    found, judged = compute_batch(batch, analyser)
    with scope(tenant_id):
        lock_tenant()
        run = ReScoring.objects.select_for_update().get(id=run.id)
        # Paused or given up while this was computed: what nobody waits for any more is not written.
        if run.state != State.RUNNING:
            return 0
        messages, done = write_beside(batch, found, judged, analyser)
        last = batch.conversations[-1]
        run.marker_at, run.marker_id = last.started_at, last.id
        run.done, run.messages_done = run.done + done, run.messages_done + messages
        run.conversations = max(run.conversations, run.done)
        run.busy_seconds = round(run.busy_seconds + time.perf_counter() - began, 3)
        run.save()
        tell(run)
    return len(batch.conversations)


def compute_batch(batch: Batch, analyser: VectorAnalyser) -> tuple[list[AnalysedMessage], list[AnalysedConversation]]:
    """What the analyser concludes of a batch's new messages and of its conversations."""
    found = analyser.analyse_messages(batch.show_messages(), known_vectors=batch.known_vectors)
    known = batch.known_vectors | {one.text_hash: one.vector for one in found}
    return found, analyser.analyse_conversations(batch.show_conversations(), known_vectors=known)


def write_beside(
    batch: Batch, found: Sequence[AnalysedMessage], judged: Sequence[AnalysedConversation], analyser: VectorAnalyser
) -> tuple[int, int]:
    """Write beside what is current. Returns how many messages and conversations were written that were not there."""
    write_vectors(batch, found, analyser)
    note_attempts(batch.new)
    return write_messages(batch, found, is_current=False), write_conversations(batch, judged, is_current=False)


def refresh_comparison(run_id: uuid.UUID | str) -> ReScoring:
    """The run with its comparison: of what is read so far, while it is not promoted; then as it was. Raises ReScoringRefusedError."""
    run = ReScoring.objects.filter(id=run_id).first()
    if run is None:
        raise ReScoringRefusedError("none")
    if run.state in (State.RUNNING, State.PAUSED, State.DONE):
        run.comparison = compare(run)
        run.save(update_fields=["comparison"])
    return run


def tell(run: ReScoring) -> None:
    """Tell open screens how far a run is."""
    live.publish("rescoring.moved", {"id": str(run.id), "state": run.state, "done": run.done, "conversations": run.conversations})


def _find_next(run: ReScoring, version: Version) -> list[uuid.UUID]:
    """The next conversations after the marker, or, at the end, those that were passed by and have changed; none where all are read."""
    unread = select_unread(version).order_by("started_at", "id").values_list("id", flat=True)
    if run.marker_at is not None:
        after = Q(started_at__gt=run.marker_at) | Q(started_at=run.marker_at, id__gt=run.marker_id)
        if ids := list(unread.filter(after, started_at__gte=run.marker_at)[:BATCH]):
            return ids
    return list(unread[:BATCH])


def _finish(tenant_id: uuid.UUID | str, run: ReScoring) -> None:
    with scope(tenant_id):
        lock_tenant()
        # Something may have come since we looked; then the next step takes it.
        if select_unread((run.analyser, run.analyser_version)).exists():
            return
        run = change_state(run.id, of=[State.RUNNING], to=State.DONE)
        log.info("rescoring.done", version=str(run), conversations=run.done, messages=run.messages_done, seconds=run.busy_seconds)
    # Reads every row, so it holds nobody up meanwhile.
    with scope(tenant_id):
        refresh_comparison(run.id)
