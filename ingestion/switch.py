"""Make a re-scoring's version the one that counts, or go back to the one before: batch by batch, to be gone on with after any end.

What it means, and what an answer says meanwhile, stands in ingestion/promotion.py.
"""

import uuid

import structlog
from django.utils import timezone

from core.ai.analysers import find_version
from core.models import ReScoring
from core.tenancy import scope
from ingestion.batches import BATCH, read_batch
from ingestion.promotion import (
    NONE,
    Version,
    find_switchable,
    get_promoted,
    lock_tenant,
    select_stray,
    set_promoted,
    switch_conversations,
)
from ingestion.rescore import OPEN, ReScoringRefusedError, State, change_state, compute_batch, select_unread, tell, write_beside

log = structlog.get_logger(__name__)

# Conversations whose rows one transaction changes over.
STEP = 500
UNPROMOTED = (State.PLANNED, State.RUNNING, State.PAUSED, State.DONE)


def promote_rescoring(run_id: uuid.UUID | str) -> ReScoring:
    """Let a run that is done count, in the open scope: the pointer now, the rows by `switch_batch`, which whoever calls queues.

    Raises ReScoringRefusedError("state") where it is not done, ("none") where there is none.
    """
    run = change_state(run_id, of=[State.DONE], to=State.PROMOTING)
    _begin(run, to=(run.analyser, run.analyser_version))
    return run


def roll_back_rescoring(run_id: uuid.UUID | str) -> ReScoring:
    """Give a run up in the open scope. One that never counted is closed at once; what it read stays, and is read once.

    One that counts makes way for the version before: the pointer now, the rows by `switch_batch`. Conversations that came since then
    and that the version before never read keep what they have. Raises ReScoringRefusedError("state") where another version was
    promoted since, ("open") while another run is not finished.
    """
    tenant = lock_tenant()
    run = ReScoring.objects.filter(id=run_id).first()
    if run is None:
        raise ReScoringRefusedError("none")
    if run.state in UNPROMOTED:
        return _close(run, State.ROLLED_BACK)
    before = (run.old_analyser, run.old_version)
    if run.state == State.ROLLING_BACK:
        return run
    if get_promoted(tenant) != (run.analyser, run.analyser_version) or before == NONE:
        raise ReScoringRefusedError("state")
    if ReScoring.objects.filter(state__in=OPEN).exclude(id=run.id).exists():
        raise ReScoringRefusedError("open")
    run = change_state(run_id, of=[State.PROMOTING, State.PROMOTED], to=State.ROLLING_BACK)
    _begin(run, to=before)
    return run


def switch_batch(tenant_id: uuid.UUID | str) -> int:
    """Change one batch over for the tenant's run that is being promoted or rolled back. Returns how many conversations; 0 at its end."""
    with scope(tenant_id):
        lock_tenant()
        run = ReScoring.objects.select_for_update().filter(state__in=[State.PROMOTING, State.ROLLING_BACK]).first()
        if run is None:
            return 0
        version = (run.analyser, run.analyser_version) if run.state == State.PROMOTING else (run.old_analyser, run.old_version)
        ids = find_switchable(version, after=run.marker_id, limit=STEP)
        # At the end the marker goes back once: what came meanwhile lies behind it.
        ids = ids or (find_switchable(version, after=None, limit=STEP) if run.marker_id else [])
        if ids:
            run.switched += switch_conversations(ids, version)
            run.marker_id = ids[-1]
            run.save(update_fields=["switched", "marker_id"])
            tell(run)
            return len(ids)
    if read := _read_missing(tenant_id, version):
        return read
    with scope(tenant_id):
        lock_tenant()
        if find_switchable(version, after=None, limit=1):
            return 1
        _close(run, State.PROMOTED if run.state == State.PROMOTING else State.ROLLED_BACK)
        return 0


def _read_missing(tenant_id: uuid.UUID | str, version: Version) -> int:
    """Read what came after the run was done and stands under another version, where this installation can run this one."""
    with scope(tenant_id):
        analyser = find_version(*version)
        if analyser is None:
            return 0
        strays = select_stray(version).values("conversation")
        ids = list(select_unread(version).filter(id__in=strays).order_by("started_at", "id").values_list("id", flat=True)[:BATCH])
        batch = read_batch(ids, analyser, version=version) if ids else None
    if batch is None:
        return 0
    found, judged = compute_batch(batch, analyser)
    with scope(tenant_id):
        lock_tenant()
        write_beside(batch, found, judged, analyser)
    return len(ids)


def _begin(run: ReScoring, *, to: Version) -> None:
    """Move the pointer, in the transaction that changed the run's state: from here on the other version reads what is new."""
    set_promoted(lock_tenant(), to)
    run.marker_at, run.marker_id, run.switched = None, None, 0
    run.save(update_fields=["marker_at", "marker_id", "switched"])
    log.info("rescoring.switching", version="/".join(to), state=run.state)


def _close(run: ReScoring, state: State) -> ReScoring:
    run = change_state(run.id, of=[*OPEN], to=state)
    name = "promoted_at" if state == State.PROMOTED else "rolled_back_at"
    setattr(run, name, timezone.now())
    run.save(update_fields=[name])
    log.info("rescoring.closed", version=str(run), state=state, switched=run.switched)
    return run
