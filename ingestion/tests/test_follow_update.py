"""What a tenant does when an update brings another version of the analyser: a short history follows by itself, a long one asks."""

from datetime import timedelta

import pytest

from core.models import ReScoring, Tenant
from core.tenancy import scope
from ingestion.analyse import analyse_waiting
from ingestion.rescore import (
    ReScoringRefusedError,
    pause_rescoring,
    plan_rescoring,
    start_rescoring,
)
from ingestion.switch import promote_rescoring, roll_back_rescoring
from ingestion.tests.quick import BEGIN, QuickAnalyser, fill, install, make_tenant
from ingestion.tests.test_rescore import State, finish, get_run, read_current, run_scoped
from ingestion.tests.test_rescore import new as new
from ingestion.tests.test_rescore import old as old
from ingestion.tests.test_rescore import shop as shop
from ingestion.updates import follow_update, take_step


def test_a_tenant_with_little_history_follows_an_update_by_itself_once(shop: Tenant, new: QuickAnalyser) -> None:
    run = follow_update(shop.id, lambda: new)
    assert run is not None
    assert (run.state, run.is_automatic) == (State.RUNNING, True)
    finish(shop)
    assert get_run(shop).state == State.PROMOTED
    assert read_current(shop) == {("2", 5): 8, ("2", 3): 2, ("2", 1): 10}
    assert follow_update(shop.id, lambda: new) is None
    run_scoped(shop, roll_back_rescoring, run.id)
    finish(shop)
    assert follow_update(shop.id, lambda: new) is None


def test_a_tenant_with_a_long_history_is_told_the_cost_and_decides(
    shop: Tenant, new: QuickAnalyser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingestion.updates.LITTLE", 19)
    run = follow_update(shop.id, lambda: new)
    assert run is not None
    assert (run.state, run.conversations) == (State.PLANNED, 20)
    finish(shop)
    assert get_run(shop).state == State.PLANNED
    fill(shop, ["que demora"], begin=BEGIN + timedelta(days=60))
    analyse_waiting(shop.id, new)  # version 1 is gone: version 2 reads, counts, and answers say that the period is of two versions
    assert read_current(shop) == {("1", 5): 8, ("1", 3): 8, ("1", 1): 4, ("2", 1): 1}


def test_the_demos_tenant_follows_an_update_however_long_its_history_is(
    shop: Tenant, new: QuickAnalyser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingestion.updates.LITTLE", 19)
    with scope(shop.id):
        Tenant.objects.update(is_demo=True)
    run = follow_update(shop.id, lambda: new)
    finish(shop)
    assert (run and run.is_automatic, get_run(shop).state) == (True, State.PROMOTED)


def test_an_update_takes_the_place_of_one_that_nobody_has_decided_on(
    shop: Tenant, new: QuickAnalyser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingestion.updates.LITTLE", 19)
    first = follow_update(shop.id, lambda: new)
    newest = QuickAnalyser(version="2b")
    install(monkeypatch, newest)
    second = follow_update(shop.id, lambda: newest)
    assert first is not None
    assert second is not None
    with scope(shop.id):
        assert list(ReScoring.objects.order_by("planned_at").values_list("analyser_version", "state")) == [
            ("2", State.ROLLED_BACK), ("2b", State.PLANNED),
        ]  # fmt: skip


def test_what_does_not_fit_the_state_is_refused(
    shop: Tenant, old: QuickAnalyser, new: QuickAnalyser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(do: object, *args: object) -> str:
        with pytest.raises(ReScoringRefusedError) as refused:
            run_scoped(shop, do, *args)
        return refused.value.reason

    with pytest.raises(ReScoringRefusedError, match="same"):
        plan_rescoring(shop.id, old)
    run = plan_rescoring(shop.id, new)
    assert plan_rescoring(shop.id, new).id == run.id
    assert (refuse(promote_rescoring, run.id), refuse(pause_rescoring, run.id)) == ("state", "state")
    run_scoped(shop, start_rescoring, run.id)
    with pytest.raises(ReScoringRefusedError, match="open"):
        plan_rescoring(shop.id, new)
    install(monkeypatch, old)
    assert take_step(shop.id) is False
    assert (get_run(shop).state, get_run(shop).problem) == (State.PAUSED, "gone")
    run_scoped(shop, roll_back_rescoring, run.id)
    assert get_run(shop).state == State.ROLLED_BACK
    assert refuse(roll_back_rescoring, run.id) == "state"
    stranger = make_tenant("casa-sol")
    with scope(stranger.id), pytest.raises(ReScoringRefusedError, match="none"):
        promote_rescoring(run.id)
