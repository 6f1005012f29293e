"""Ten thousand conversations read again by another version: cost, progress, pause, a killed worker, comparison, promotion, way back.

Of each ten conversations, this is what the customer wrote last, and the note that the two versions of the rule give
(ingestion/tests/quick.py):

| of ten | text | version 1 | version 2 |
| --- | --- | --- | --- |
| 4 | ótimo, entrega perfeita | 5, resolved, Entrega | the same |
| 3 | que demora, pix não caiu | 3, open, Pix | **1**, open, Pix |
| 2 | ruim demais | 1, open, no theme | the same |
| 1 | bom dia | 3, open, no theme | the same |
"""

import os
import signal
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from core.models import Conversation, ConversationAnalysis, Correction, Message, MessageAnalysis, ReScoring, Tenant
from core.tenancy import scope
from ingestion.analyse import analyse_waiting
from ingestion.promotion import get_promoted
from ingestion.rescore import (
    find_run,
    pause_rescoring,
    plan_rescoring,
    rescore_batch,
    start_rescoring,
)
from ingestion.switch import promote_rescoring, roll_back_rescoring, switch_batch
from ingestion.tests.quick import BEGIN, QuickAnalyser, fill, install, make_tenant
from ingestion.updates import take_step

TEN = ["ótimo, entrega perfeita"] * 4 + ["que demora, pix não caiu"] * 3 + ["ruim demais"] * 2 + ["bom dia"]
MANY = 10_000
State = ReScoring.State
OLD, NEW = ("quick", "1"), ("quick", "2")
# What metrics read, a row a version and note: (version, note) → conversations.
Spread = dict[tuple[str, int], int]


@pytest.fixture
def old() -> QuickAnalyser:
    return QuickAnalyser(version="1")


@pytest.fixture
def new() -> QuickAnalyser:
    return QuickAnalyser(version="2")


@pytest.fixture
def shop(db: None, monkeypatch: pytest.MonkeyPatch, old: QuickAnalyser, new: QuickAnalyser) -> Tenant:
    """Casa Lua with 20 conversations that version 1 has read; version 2 has come with an update, and version 1 is gone."""
    tenant = make_tenant("casa-lua")
    fill(tenant, TEN, times=2)
    analyse_waiting(tenant.id, old)
    install(monkeypatch, new)
    return tenant


@pytest.fixture
def big_shop(transactional_db: None, monkeypatch: pytest.MonkeyPatch, old: QuickAnalyser, new: QuickAnalyser) -> Tenant:
    """The same with 10,000 conversations."""
    tenant = make_tenant("casa-lua")
    fill(tenant, TEN, times=MANY // len(TEN))
    analyse_waiting(tenant.id, old)
    install(monkeypatch, new)
    return tenant


def read_current(tenant: Tenant) -> Spread:
    with scope(tenant.id):
        found: Spread = {}
        for version, note in ConversationAnalysis.objects.filter(is_current=True).values_list("analyser_version", "satisfaction"):
            found[version, note] = found.get((version, note), 0) + 1
        return found


def get_run(tenant: Tenant) -> ReScoring:
    with scope(tenant.id):
        run = find_run()
        assert run is not None
        return run


def run_scoped(tenant: Tenant, do: object, *args: object) -> ReScoring:
    with scope(tenant.id):
        return do(*args)  # type: ignore[operator, no-any-return]


def finish(tenant: Tenant) -> None:
    while take_step(tenant.id):
        pass


def die_in_compute(tenant: Tenant, analyser: QuickAnalyser) -> int:
    """In a process of its own, take one step and be killed between computing and writing; returns the signal that ended it."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        judge = analyser.analyse_conversations

        def judge_and_die(asked: Any, **more: Any) -> Any:
            judge(asked, **more)
            os.kill(os.getpid(), signal.SIGKILL)

        analyser.analyse_conversations = judge_and_die  # type: ignore[method-assign, assignment]
        try:
            take_step(tenant.id)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_ten_thousand_conversations_are_read_again_though_a_worker_is_killed(big_shop: Tenant, new: QuickAnalyser) -> None:
    run = plan_rescoring(big_shop.id, new)
    assert (run.state, run.conversations, run.messages, run.distinct_texts) == (State.PLANNED, MANY, MANY, 4)
    assert 0 < run.estimated_seconds < 600
    assert (run.old_analyser, run.old_version) == OLD
    sampled = new.judged
    assert read_current(big_shop) == {("1", 5): 4000, ("1", 3): 4000, ("1", 1): 2000}

    run_scoped(big_shop, start_rescoring, run.id)
    for _ in range(10):
        assert take_step(big_shop.id)
    assert (get_run(big_shop).done, get_run(big_shop).messages_done) == (480, 480)
    run_scoped(big_shop, pause_rescoring, run.id)
    assert (take_step(big_shop.id), get_run(big_shop).done) == (False, 480)
    run_scoped(big_shop, start_rescoring, run.id)
    assert die_in_compute(big_shop, new) == -signal.SIGKILL
    with scope(big_shop.id):
        assert ConversationAnalysis.objects.filter(analyser_version="2").count() == get_run(big_shop).done == 480
        written = dict(MessageAnalysis.objects.filter(analyser_version="2").values_list("id", "analysed_at"))

    finish(big_shop)
    run = get_run(big_shop)
    assert (run.state, run.done, run.messages_done, run.conversations) == (State.DONE, MANY, MANY, MANY)
    # Each was judged once by this process: what the killed one had in hand was nobody's yet.
    assert new.judged - sampled == MANY
    with scope(big_shop.id):
        assert ConversationAnalysis.objects.filter(analyser_version="2", is_current=False).count() == MANY
        assert written.items() <= dict(MessageAnalysis.objects.filter(analyser_version="2").values_list("id", "analysed_at")).items()
    # Nothing that counts has changed.
    assert read_current(big_shop) == {("1", 5): 4000, ("1", 3): 4000, ("1", 1): 2000}
    assert run.comparison["spread"]["satisfaction"] == {"old": {"5": 4000, "3": 4000, "1": 2000}, "new": {"5": 4000, "1": 5000, "3": 1000}}
    assert run.comparison["flipped"] == {"satisfaction": 3000, "theme": 0, "resolved": 0, "sentiment": 3000}

    run_scoped(big_shop, promote_rescoring, run.id)
    assert switch_batch(big_shop.id) == 500
    halfway = read_current(big_shop)
    assert sum(count for (version, _), count in halfway.items() if version == "2") == 500
    assert die_in_switch(big_shop) == -signal.SIGKILL
    assert read_current(big_shop) == halfway
    finish(big_shop)
    assert (get_run(big_shop).state, get_run(big_shop).switched) == (State.PROMOTED, MANY)
    assert read_current(big_shop) == {("2", 5): 4000, ("2", 3): 1000, ("2", 1): 5000}
    with scope(big_shop.id):
        assert MessageAnalysis.objects.filter(is_current=True, analyser_version="2", sentiment="negative").count() == 5000
        assert MessageAnalysis.objects.filter(is_current=True).count() == MANY

    run_scoped(big_shop, roll_back_rescoring, run.id)
    finish(big_shop)
    assert (get_run(big_shop).state, get_run(big_shop).switched) == (State.ROLLED_BACK, MANY)
    assert read_current(big_shop) == {("1", 5): 4000, ("1", 3): 4000, ("1", 1): 2000}
    with scope(big_shop.id):
        assert get_promoted() == OLD
    # What it read is kept: planned anew, nothing is left to read.
    assert plan_rescoring(big_shop.id, new).conversations == 0


def die_in_switch(tenant: Tenant) -> int:
    """In a process of its own, change a batch over and be killed before the transaction ends."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        pytest.MonkeyPatch().setattr("ingestion.switch.tell", lambda run: os.kill(os.getpid(), signal.SIGKILL))
        try:
            switch_batch(tenant.id)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_the_comparison_says_what_flips_where_and_who_is_nearer_to_what_people_said(shop: Tenant, new: QuickAnalyser) -> None:
    """Conversation 4 (que demora) was rated 1 by its customer; a person corrected number 5 (que demora) to 2, open, theme Entrega."""
    with scope(shop.id):
        ordered = list(Conversation.objects.order_by("started_at"))
        Conversation.objects.filter(id=ordered[4].id).update(rating=1)
        Correction.objects.create(
            conversation=ordered[5], made_at=BEGIN, satisfaction=2, is_resolved=False, corrects_theme=True, revision=1, analyser="quick",
            analyser_version="1", machine_score=3.0, machine_is_resolved=False,
        )  # fmt: skip
    run = plan_rescoring(shop.id, new)
    run_scoped(shop, start_rescoring, run.id)
    finish(shop)
    told = get_run(shop).comparison
    assert (told["conversations"], told["messages"]) == (20, 20)
    assert told["mean_satisfaction"] == {"old": 3.4, "new": 2.8}
    assert told["spread"]["theme"] == {side: {"Entrega": 8, "Pix": 6, "": 6} for side in ("old", "new")}
    assert told["spread"]["resolved"] == {side: {"yes": 8, "no": 12} for side in ("old", "new")}
    assert told["spread"]["sentiment"] == {
        "old": {"positive": 8, "neutral": 8, "negative": 4}, "new": {"positive": 8, "neutral": 2, "negative": 10},
    }  # fmt: skip
    [flip] = told["flips"]["satisfaction"]
    assert (flip["old"], flip["new"], flip["count"], len(flip["examples"])) == (3, 1, 6, 3)
    assert set(flip["examples"]) <= {str(one.id) for one in ordered if one.started_at.hour in (16, 17, 18, 2, 3, 4)}
    # Version 1 says 3.0 of both, version 2 says 1.4: |3 − 1| and |1.4 − 1| for the rating, |3 − 2| and |1.4 − 2| for the correction.
    assert told["agreement"]["ratings"] == {"count": 1, "old_equal": 0, "new_equal": 1, "old_error": 2.0, "new_error": 0.4}
    assert told["agreement"]["corrected_satisfaction"] == {"count": 1, "old_equal": 0, "new_equal": 0, "old_error": 1.0, "new_error": 0.6}
    assert told["agreement"]["corrected_theme"]["count"] == 1
    assert told["agreement"]["corrected_resolved"] == {"count": 1, "old_equal": 1, "new_equal": 1, "old_error": None, "new_error": None}


def test_what_comes_while_history_is_read_again_is_read_by_the_promoted_version_and_changed_over_with_the_rest(
    shop: Tenant, monkeypatch: pytest.MonkeyPatch, old: QuickAnalyser, new: QuickAnalyser
) -> None:
    install(monkeypatch, old, new)  # both can be run: as where a version is a model of a server
    run = plan_rescoring(shop.id, new)
    run_scoped(shop, start_rescoring, run.id)
    finish(shop)
    fill(shop, ["que demora"], begin=BEGIN + timedelta(days=60))
    analyse_waiting(shop.id, new)
    assert read_current(shop) == {("1", 5): 8, ("1", 3): 9, ("1", 1): 4}
    run_scoped(shop, promote_rescoring, run.id)
    fill(shop, ["que demora"], begin=BEGIN + timedelta(days=61))
    analyse_waiting(shop.id, new)
    assert sum(count for (version, _), count in read_current(shop).items() if version == "2") == 1
    finish(shop)
    assert read_current(shop) == {("2", 5): 8, ("2", 3): 2, ("2", 1): 12}
    with scope(shop.id):
        assert MessageAnalysis.objects.filter(is_current=True).exclude(analyser_version="2").count() == 0


def test_a_conversation_that_goes_on_meanwhile_is_read_as_it_is_now(shop: Tenant, new: QuickAnalyser) -> None:
    run = plan_rescoring(shop.id, new)
    run_scoped(shop, start_rescoring, run.id)
    with scope(shop.id):
        first = Conversation.objects.order_by("started_at").first()
        assert first is not None
    assert rescore_batch(shop.id) == 20
    with scope(shop.id):
        Message.objects.filter(conversation=first, author="customer").update(text="ruim, quebrou")
        Conversation.objects.filter(id=first.id).update(revision=2)
    finish(shop)
    with scope(shop.id):
        row = ConversationAnalysis.objects.get(conversation=first, analyser_version="2")
        assert (row.revision, row.satisfaction, row.is_current) == (2, 1, False)
        assert (get_run(shop).state, get_run(shop).done) == (State.DONE, 21)


def test_the_way_back_leaves_what_went_on_since_to_the_version_that_has_read_it(shop: Tenant, new: QuickAnalyser) -> None:
    run = plan_rescoring(shop.id, new)
    run_scoped(shop, start_rescoring, run.id)
    finish(shop)
    run_scoped(shop, promote_rescoring, run.id)
    finish(shop)
    with scope(shop.id):
        first = Conversation.objects.order_by("started_at").first()
        assert first is not None
        Message.objects.filter(conversation=first, author="customer").update(text="que demora")
        Conversation.objects.filter(id=first.id).update(revision=2)
    assert analyse_waiting(shop.id, new) == 1
    run_scoped(shop, roll_back_rescoring, run.id)
    finish(shop)
    assert read_current(shop) == {("1", 5): 7, ("1", 3): 8, ("1", 1): 4, ("2", 1): 1}
    assert analyse_waiting(shop.id, new) == 0
