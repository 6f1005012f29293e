"""The live road at work: two workers with the same batch, and no query more for more messages."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from core.models import Channel, Contact, Conversation, Message, PendingChange, Tenant
from core.tenancy import scope, unscoped_directory
from ingestion.changes import apply_changes
from ingestion.evolution.types import ContactSeen, DeliveryChanged, MessageDeleted, MessageEdited
from ingestion.identities import link_contacts
from ingestion.record import record_messages
from ingestion.tests.live import LATER, Told, react, take_in, tell, write_everything
from ingestion.types import IncomingMessage


def phone(number: int) -> str:
    return f"5531988{number:06}"


def make_messages(count: int, *, since: int = 0) -> list[IncomingMessage]:
    """A conversation a customer: a question, an answer, a reaction to it."""
    told = []
    for number in range(since, since + count):
        both: dict[str, Any] = {"chat": phone(number), "chat_lid": f"{number:015}", "chat_name": f"Cliente {number}"}
        told += [
            tell(number, "c", "chegou quebrado", id=f"q{number}", **both),
            tell(number + 1, "a", "vou ver", id=f"a{number}", agent_name="Rita", delivery="sent", **both),
            react(number + 2, "c", "👍", id=f"r{number}", to=f"a{number}", **both),
        ]
    return told


def make_changes(count: int) -> list[MessageEdited | MessageDeleted | DeliveryChanged]:
    return [
        change
        for number in range(count)
        for change in (
            MessageEdited(provider_id=f"q{number}", text="chegou rasgado"),
            DeliveryChanged(provider_id=f"a{number}", delivery="read"),
            MessageDeleted(provider_id=f"r{number}"),
        )
    ]


def make_deletions(count: int, *, since: int) -> list[MessageDeleted]:
    return [MessageDeleted(provider_id=f"w{number}") for number in range(since, since + count)]


def make_links(count: int, *, since: int) -> list[ContactSeen]:
    """Of people who have not written yet."""
    numbers = range(since + 5_000, since + 5_000 + count)
    return [ContactSeen(phone=phone(number), lid=f"{number:015}", name=f"Cliente {number}") for number in numbers]


def count_queries(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)


def test_queries_do_not_grow_with_messages_changes_or_links(channel: Channel) -> None:
    record_messages(channel, make_messages(1, since=900), as_of=LATER)
    work: dict[str, Callable[[int, int], object]] = {
        "new messages": lambda count, since: record_messages(channel, make_messages(count, since=since), as_of=LATER),
        "the same again": lambda count, since: record_messages(channel, make_messages(count, since=since), as_of=LATER),
        "changes": lambda count, _: apply_changes(channel, make_changes(count), as_of=LATER),
        "the same changes again": lambda count, _: apply_changes(channel, make_changes(count), as_of=LATER),
        "changes that wait": lambda count, since: apply_changes(channel, make_deletions(count, since=since), as_of=LATER),
        "links": lambda count, since: link_contacts(channel, make_links(count, since=since), as_of=LATER),
    }
    counted = {name: (count_queries(partial(made, 1, 300)), count_queries(partial(made, 200, 0))) for name, made in work.items()}
    assert counted == {
        "new messages": (13, 13),
        "the same again": (5, 5),
        "changes": (9, 9),
        "the same changes again": (3, 3),
        "changes that wait": (5, 5),
        "links": (5, 5),
    }


def test_queries_of_one_message(channel: Channel, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    record_messages(channel, make_messages(1), as_of=LATER)
    with django_assert_num_queries(4):
        record_messages(channel, make_messages(1)[:1], as_of=LATER)
    with django_assert_num_queries(10):
        record_messages(channel, [tell(30, "c", "e agora?", chat=phone(0))], as_of=LATER)
    with django_assert_num_queries(4):
        apply_changes(channel, [DeliveryChanged(provider_id="a0", delivery="delivered")], as_of=LATER)


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_batch_store_it_once() -> None:
    with unscoped_directory(reason="tests"):
        shop = Tenant.objects.create(name="Loja Sol", slug="loja-sol")
    with scope(shop.id):
        channel = Channel.objects.create(name="Balcão")
    batch: list[Told] = [
        *make_messages(40),
        *make_changes(20),
        *(tell(3, "c", "por lid", chat=f"lid:{number:015}", id=f"l{number}") for number in range(60)),
        *(ContactSeen(phone=phone(number), lid=f"{number:015}") for number in range(30, 50)),
        MessageDeleted(provider_id="not yet"),
    ]
    start, failures = threading.Barrier(4), list[BaseException]()

    def work(part: list[Told]) -> None:
        try:
            start.wait(timeout=30)
            with scope(shop.id):
                take_in(channel, part)
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    parts = [batch, batch, batch[::-1], batch[::2] + batch[1::2]]
    threads = [threading.Thread(target=work, args=(part,)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert failures == []
    with scope(shop.id):
        assert (Message.objects.count(), PendingChange.objects.count()) == (40 * 3 + 60, 1)
        together = write_everything()
        assert Message.objects.values("provider_id").distinct().count() == 180
        for model in (PendingChange, Message, Conversation, Contact):
            model.objects.all().delete()
        take_in(channel, batch)
        assert write_everything() == together
