"""A person's threads over HTTP: the list with its counts, latest first, and nobody else's."""

from assistant.models import Thread, Turn
from core.models import User
from core.tenancy import scope
from tests.cast import NOON, Cast
from web.tests.conftest import SignIn


def add_thread(viewer: User, title: str, *, turns: int) -> str:
    assert viewer.tenant_id is not None
    with scope(viewer.tenant_id):
        thread = Thread.objects.create(viewer=viewer, title=title)
        for number in range(1, turns + 1):
            Turn.objects.create(thread=thread, number=number, question=title, language="pt", asked_at=NOON, as_of=NOON)
    return str(thread.id)


def test_the_list_counts_each_threads_turns_latest_first(cast: Cast, signed_in: SignIn) -> None:
    add_thread(cast.alice, "Nada ainda", turns=0)
    add_thread(cast.alice, "Por que caiu?", turns=3)
    listed = signed_in(cast.alice).get("/api/v1/threads").json()
    assert [(thread["title"], thread["turns"]) for thread in listed["items"]] == [
        ("Por que caiu?", 3),
        ("Nada ainda", 0),
        ("Satisfação", 1),
    ]
    assert listed["count"] == 3


def test_a_page_of_it_is_cut_where_asked(cast: Cast, signed_in: SignIn) -> None:
    add_thread(cast.alice, "Por que caiu?", turns=1)
    listed = signed_in(cast.alice).get("/api/v1/threads?limit=1&offset=1").json()
    assert ([thread["title"] for thread in listed["items"]], listed["count"]) == (["Satisfação"], 2)
