"""What a re-scoring does without being asked: its next step, and following an update of the software that brought another version.

A tenant with little history, or the demo's, is read again and changed over at once: nobody need look at that. For others
the cost is told and a person decides (`evosense rescore`, or Django admin).
"""

import uuid
from collections.abc import Callable

from core.ai.roles import VectorAnalyser
from core.models import Conversation, ReScoring, Tenant
from core.tenancy import get_current_tenant_id, scope
from ingestion.promotion import NONE, get_promoted
from ingestion.rescore import OPEN, ReScoringRefusedError, State, find_run, plan_rescoring, rescore_batch, start_rescoring
from ingestion.switch import UNPROMOTED, promote_rescoring, roll_back_rescoring, switch_batch

# Conversations up to which a history is little.
LITTLE = 500
MOVING = (State.RUNNING, State.PROMOTING, State.ROLLING_BACK)


def take_step(tenant_id: uuid.UUID | str) -> bool:
    """Do one batch of whatever the tenant's re-scoring is at. Returns whether there is more to do."""
    with scope(tenant_id):
        run = find_run(*MOVING)
    if run is None:
        return False
    if run.state == State.RUNNING:
        try:
            rescore_batch(tenant_id)
        except ReScoringRefusedError:  # it is paused, and says why
            return False
    else:
        switch_batch(tenant_id)
    with scope(tenant_id):
        run = ReScoring.objects.get(id=run.id)
        if run.state == State.DONE and run.is_automatic and needs_nobody():
            promote_rescoring(run.id)
            return True
        return run.state in MOVING


def follow_update(tenant_id: uuid.UUID | str, get_installed: Callable[[], VectorAnalyser]) -> ReScoring | None:
    """Plan the re-scoring by a version that came with an update, once; start it where there is little history. None: nothing to do.

    What was rolled back, or planned and never started, is a person's decision and is not planned again.
    """
    with scope(tenant_id):
        promoted = get_promoted()
        if promoted == NONE:
            return None
        installed = get_installed()
        if promoted[0] != installed.name or promoted[1] == installed.version:
            return None
        runs = ReScoring.objects.all()
        if runs.filter(analyser=installed.name, analyser_version=installed.version).exists():
            return None
        # What an update before this one began, nobody will end: its version went with it.
        for left in runs.filter(state__in=UNPROMOTED, is_automatic=True):
            roll_back_rescoring(left.id)
        if runs.filter(state__in=OPEN).exists():
            return None
    run = plan_rescoring(tenant_id, installed, is_automatic=True)
    with scope(tenant_id):
        return start_rescoring(run.id) if needs_nobody() else run


def needs_nobody() -> bool:
    """Whether the open scope's tenant follows an update without being asked: its history is little, or invented (the demo's)."""
    return Conversation.objects.count() <= LITTLE or Tenant.objects.get(id=get_current_tenant_id()).is_demo
