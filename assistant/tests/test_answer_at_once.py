"""Two questions at once in one thread: each has its own number and its own events, with none lost between them."""

import threading

import pytest
from django.db import connections

from assistant.models import Thread, Turn, TurnEvent
from assistant.tests.shop import make_shop
from assistant.tests.test_answer import FakePlanner, run
from assistant.tests.test_answer import planner as planner
from core.tenancy import scope


@pytest.mark.django_db(transaction=True)
def test_two_questions_at_once_in_one_thread(planner: FakePlanner) -> None:
    shop = make_shop()
    first, _ = run(shop)
    errors: list[BaseException] = []

    def work() -> None:
        try:
            run(shop, thread_id=first.thread_id)
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert errors == []
    with scope(shop.tenant.id):
        assert list(Turn.objects.order_by("number").values_list("number", "status")) == [(number, "answered") for number in range(1, 6)]
        assert list(TurnEvent.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 26))
        assert Thread.objects.get().last_seq == 25
