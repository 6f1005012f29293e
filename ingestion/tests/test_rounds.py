"""Batches across tenants: nobody starves, the oldest goes first beside today, a text is computed once, a message exactly once.

The rule of ingestion/tests/quick.py analyses; a conversation has one customer's message.
"""

import os
import signal
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.db import connections
from django.utils import timezone

from core.models import Conversation, ConversationAnalysis, MessageAnalysis, Tenant, TextVector
from core.tenancy import scope
from ingestion.analyse import analyse_batch, analyse_round, analyse_waiting
from ingestion.batches import BATCH, LIVE, deal, find_waiting
from ingestion.promotion import lock_tenant, set_promoted
from ingestion.tests.quick import BEGIN, QuickAnalyser, fill, install, make_tenant
from ingestion.turns import leave_line, take_turns


@pytest.mark.parametrize(
    ("waiting", "size", "dealt"),
    [
        ({"big": 100, "small": 2, "one": 1}, 10, {"big": 7, "small": 2, "one": 1}),
        ({"a": 100, "b": 100, "c": 100}, 48, {"a": 16, "b": 16, "c": 16}),
        ({"a": 100, "b": 100, "c": 100}, 2, {"a": 1, "b": 1}),
        ({"a": 3, "b": 0}, 48, {"a": 3}),
        ({}, 48, {}),
    ],
)
def test_a_batch_is_dealt_round(waiting: dict[str, int], size: int, dealt: dict[str, int]) -> None:
    given = deal({name: [f"{name}{number}" for number in range(count)] for name, count in waiting.items()}, size=size)
    assert {name: len(items) for name, items in given.items()} == dealt
    assert all(items == [f"{name}{number}" for number in range(len(items))] for name, items in given.items())


@pytest.fixture
def tenants(db: None) -> list[Tenant]:
    """A tenant with 200 conversations that wait, one with 5, one with 1."""
    made = [make_tenant(slug) for slug in ("grande", "media", "pequena")]
    for tenant, times in zip(made, (200, 5, 1), strict=True):
        fill(tenant, ["que demora, pix não caiu"], times=times)
    return made


def count_done(tenants: Sequence[Tenant]) -> list[int]:
    found = []
    for tenant in tenants:
        with scope(tenant.id):
            found.append(ConversationAnalysis.objects.filter(is_current=True).count())
    return found


def test_small_tenants_are_done_in_the_first_round_and_the_big_one_fills_the_rest(tenants: list[Tenant]) -> None:
    analyser = QuickAnalyser()
    assert list(analyse_round({tenant.id: analyser for tenant in tenants}).values()) == [BATCH - 6, 5, 1]
    assert count_done(tenants) == [42, 5, 1]
    # One batch was computed for all three, and the text that all of them hold once.
    assert (analyser.calls, analyser.embedded) == ([BATCH], Counter({"que demora, pix não caiu": 1}))
    for tenant in tenants:
        with scope(tenant.id):
            assert TextVector.objects.count() == 1
    assert list(analyse_round({tenant.id: analyser for tenant in tenants}).values()) == [BATCH]


def test_a_text_that_is_known_is_not_computed_again(tenants: list[Tenant]) -> None:
    analyser = QuickAnalyser()
    assert analyse_waiting(tenants[0].id, analyser) == 200
    assert analyser.embedded.total() == 1


def test_the_oldest_goes_first_and_a_third_of_each_batch_is_todays(db: None) -> None:
    """200 conversations of an old import, and 30 of today: while both wait, each batch holds 16 of today's, the newest first."""
    tenant = make_tenant("casa-lua")
    now = timezone.now()
    fill(tenant, ["antigo"], times=200)
    fill(tenant, ["hoje"], times=30, begin=now - timedelta(hours=30))
    today = [f"{now - timedelta(hours=30):%m%d%H%M}-{number}" for number in range(30)]
    old = [f"{BEGIN:%m%d%H%M}-{number}" for number in range(200)]

    def read_next() -> list[str]:
        with scope(tenant.id):
            names = dict(Conversation.objects.values_list("id", "chat_key"))
            return [names[one] for one in find_waiting(now=now)]

    analyser = QuickAnalyser()
    assert read_next() == [*today[::-1][:LIVE], *old[: BATCH - LIVE]]
    analyse_batch(tenant.id, analyser)
    # Of the 24 hours 7 are left: today's six of before that wait their turn at the end of the backlog.
    second = read_next()
    assert second[:8] == today[6:14][::-1]
    assert second[8:] == old[BATCH - LIVE : 2 * BATCH - LIVE - 8]
    analyse_waiting(tenant.id, analyser)
    assert count_done([tenant]) == [230]


def test_a_tenant_whose_analysis_fails_does_not_keep_others_from_theirs(tenants: list[Tenant], monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing(QuickAnalyser):
        def analyse_messages(self, messages: Any, **more: Any) -> Any:
            raise TimeoutError("the server of this tenant is down")

    healthy = QuickAnalyser()
    with pytest.raises(TimeoutError):
        analyse_round({tenants[0].id: Refusing(), tenants[1].id: healthy, tenants[2].id: healthy})
    assert count_done(tenants) == [0, 5, 1]


def test_what_was_computed_for_a_version_that_counts_no_more_is_computed_again(
    tenants: list[Tenant], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While version 1 computed, version 2 was promoted: nothing of version 1 is written after that."""
    tenant, old, new = tenants[1], QuickAnalyser(version="1"), QuickAnalyser(version="2")
    fill(tenant, ["bom dia"], begin=BEGIN - timedelta(days=30))
    analyse_batch(tenant.id, old)
    install(monkeypatch, old, new)
    fill(tenant, ["que demora"], begin=BEGIN + timedelta(days=60))
    judge = old.analyse_conversations

    def promote_meanwhile(asked: Any, **more: Any) -> Any:
        with scope(tenant.id):
            set_promoted(lock_tenant(), ("quick", "2"))
        return judge(asked, **more)

    monkeypatch.setattr(old, "analyse_conversations", promote_meanwhile)
    assert analyse_batch(tenant.id, new) == 1
    with scope(tenant.id):
        newest = ConversationAnalysis.objects.order_by("-conversation__started_at").first()
        assert newest is not None
        assert (newest.analyser_version, newest.satisfaction) == ("2", 1)
        assert ConversationAnalysis.objects.filter(conversation=newest.conversation_id).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_message_is_analysed_exactly_once_though_workers_die_between_computing_and_writing() -> None:
    tenant = make_tenant("casa-lua")
    fill(tenant, ["que demora, pix não caiu", "ótimo"], times=60)
    analyser = QuickAnalyser()
    assert analyse_batch(tenant.id, analyser) == BATCH
    with scope(tenant.id):
        written = dict(MessageAnalysis.objects.values_list("id", "analysed_at"))
    for _ in range(3):
        assert die_between(tenant, analyser) == -signal.SIGKILL
    assert count_done([tenant]) == [BATCH]
    analyse_waiting(tenant.id, analyser)
    with scope(tenant.id):
        after = dict(MessageAnalysis.objects.values_list("id", "analysed_at"))
        assert {key: after[key] for key in written} == written
        assert (len(after), MessageAnalysis.objects.values("message").distinct().count()) == (120, 120)
    assert (analyser.judged, sum(analyser.calls)) == (120, 120)


def die_between(tenant: Tenant, analyser: QuickAnalyser) -> int:
    """In a process of its own, compute the next batch and be killed before it is written; the signal that ended it."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        judge = analyser.analyse_conversations

        def judge_and_die(asked: Any, **more: Any) -> Any:
            judge(asked, **more)
            os.kill(os.getpid(), signal.SIGKILL)

        analyser.analyse_conversations = judge_and_die  # type: ignore[method-assign, assignment]
        try:
            analyse_batch(tenant.id, analyser)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_computed_the_same_write_it_once() -> None:
    """The second reads before the first has written, and writes after it: it finds everything done, and counts nothing."""
    tenant = make_tenant("casa-lua")
    fill(tenant, ["bom dia"], times=3)
    second, first = QuickAnalyser(), QuickAnalyser()
    judge = second.analyse_conversations

    def meet(asked: Any, **more: Any) -> Any:
        assert analyse_batch(tenant.id, first) == 3
        return judge(asked, **more)

    second.analyse_conversations = meet  # type: ignore[method-assign, assignment]
    with scope(tenant.id):
        assert ConversationAnalysis.objects.count() == 0
    assert analyse_batch(tenant.id, second) == 0
    with scope(tenant.id):
        assert (ConversationAnalysis.objects.count(), MessageAnalysis.objects.count()) == (3, 3)


@pytest.mark.django_db(transaction=True)
def test_the_worker_gives_every_tenant_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue by hand: 200, 5 and 1 conversations wait; the big tenant's task comes first, and goes on until all is drained."""
    tenants = [make_tenant(slug) for slug in ("grande", "media", "pequena")]
    for tenant, times in zip(tenants, (200, 5, 1), strict=True):
        fill(tenant, ["que demora"], times=times)
    install(monkeypatch, QuickAnalyser())
    queue = [str(tenant.id) for tenant in tenants]

    def queue_once(name: str, one: str, *, priority: int) -> None:
        if one not in queue:
            queue.append(one)

    monkeypatch.setattr("ingestion.tasks.queue_once", queue_once)
    drained: list[list[int]] = []
    while queue:
        current_app.tasks["ingestion.tasks.task_analyse"].apply(args=[queue.pop(0)], throw=True)
        drained.append(count_done(tenants))
    # Round 1 is the big one's alone, for nobody else has asked yet; from then on each task's tenant shares with those in line.
    assert drained[:3] == [[48, 0, 0], [91, 5, 0], [138, 5, 1]]
    assert drained[-1] == [200, 5, 1]
    assert len(drained) <= 9


def test_those_whose_turn_is_longest_ago_come_along() -> None:
    leave_line(["a", "b", "c"])
    assert take_turns("a") == ["a"]
    assert take_turns("b") == ["b", "a"]
    assert take_turns("c") == ["c", "b", "a"]
    leave_line(["b"])
    assert take_turns("a") == ["a", "c"]
    leave_line(["a", "c"])
