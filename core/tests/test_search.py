"""What a search matches, in which order it lists it and whose rows it sees: core/search, on messages that a reader can count.

Vectors are drawn by hand: three directions, of which "entrega" is what is searched for, "prazo" is near it and "cor" is not.

| message | conversation | words "entrega atrasada" | direction |
| --- | --- | --- | --- |
| a1 "a entrega está atrasada" | A, Ana | yes | entrega |
| a2 "obrigado" | A, Ana | – | cor |
| b1 "meu pedido não chega nunca" | B, Ana | – | prazo |
| c1 "entregas atrasadas de novo" | C, Bia | yes (inflected) | none: not analysed |
| d1 "vem em azul?" | D, Bia | – | cor |

Casa Sol, the outsider, has a message with the same words and the same vectors.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from core.compute import Selection, compute_metrics
from core.errors import VisibleError
from core.models import (
    VECTOR_DIMENSIONS,
    Agent,
    Channel,
    Contact,
    Conversation,
    Message,
    MessageAnalysis,
    Role,
    Tenant,
    TextVector,
    User,
)
from core.periods import Period
from core.search import SearchVector, embed_search, find_messages, nearest, search_conversations, search_messages
from core.search.ranked import fuse
from core.search.subjects import expand, find_terms
from core.tenancy import scope, unscoped_directory

MODEL = "multilingual-e5-small-q4"
BEGIN = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
DAY = Selection(period=Period(BEGIN.date(), BEGIN.date()), clock=BEGIN + timedelta(hours=6))
DIRECTIONS = {"entrega": (1.0, 0.0, 0.0), "prazo": (0.9, 0.43588989, 0.0), "cor": (0.05, 0.0, 0.99874922)}
SUBJECT = "entrega atrasada"
# conversation, agent, [(text, direction)]
CONVERSATIONS: list[tuple[str, str, list[tuple[str, str | None]]]] = [
    ("A", "Ana", [("a entrega está atrasada", "entrega"), ("obrigado", "cor")]),
    ("B", "Ana", [("meu pedido não chega nunca", "prazo")]),
    ("C", "Bia", [("entregas atrasadas de novo", None)]),
    ("D", "Bia", [("vem em azul?", "cor")]),
]
OUTSIDERS: list[tuple[str, str, list[tuple[str, str | None]]]] = [("X", "Ana", [("a entrega está atrasada XOUTSIDERX", "entrega")])]


def pad(direction: str) -> list[float]:
    return [*DIRECTIONS[direction], *[0.0] * (VECTOR_DIMENSIONS - 3)]


SEARCH = SearchVector(model=MODEL, values=tuple(pad("entrega")))


@pytest.fixture
def viewer(db: None) -> User:
    make_tenant("casa-sol", OUTSIDERS)
    return make_tenant("casa-lua", CONVERSATIONS)


def make_tenant(slug: str, conversations: Sequence[tuple[str, str, list[tuple[str, str | None]]]]) -> User:
    with unscoped_directory(reason="test"):
        tenant = Tenant.objects.create(name=slug, slug=slug)
        person = User.objects.create_user(f"m@{slug}.example", "x", tenant=tenant, name="M", role=Role.MANAGER)
    with scope(tenant.id):
        channel = Channel.objects.create(name="Suporte")
        for number, (name, agent_name, texts) in enumerate(conversations):
            agent, _ = Agent.objects.get_or_create(name=agent_name)
            begins = BEGIN + timedelta(hours=number)
            conversation = Conversation.objects.create(
                channel=channel, contact=Contact.objects.create(name=f"Cliente {name}"), agent=agent, chat_key=name, started_at=begins,
                last_message_at=begins, message_count=len(texts) + 1,
            )  # fmt: skip
            for place, (text, direction) in enumerate([*texts, ("vou verificar", None)]):
                author = "agent" if place == len(texts) else "customer"
                write(conversation, author, text, direction, at=begins + timedelta(minutes=place), key=f"{name}{place}")
    return person


def write(conversation: Conversation, author: str, text: str, direction: str | None, *, at: datetime, key: str) -> None:
    message = Message.objects.create(
        channel_id=conversation.channel_id, conversation=conversation, provider_id=key, chat_key=conversation.chat_key,
        author=author, text=text, sent_at=at,
    )  # fmt: skip
    if direction is not None:
        MessageAnalysis.objects.create(
            message=message, analyser="test", analyser_version="1", analysed_at=at, text_hash=key, sentiment="negative",
            sentiment_score=-0.5, emotion="anger", tone="neutral",
        )  # fmt: skip
        TextVector.objects.create(model=MODEL, text_hash=key, vector=pad(direction))


def test_what_has_the_words_and_what_means_something_near_are_listed_together_and_told_apart(viewer: User) -> None:
    with scope(tenant_id(viewer)):
        found = search_messages(viewer, DAY, SUBJECT, limit=10, vector=SEARCH)
    assert [(row.text, row.found_by) for row in found.rows] == [
        ("a entrega está atrasada", "words"),  # first of both lists
        ("entregas atrasadas de novo", "words"),
        ("meu pedido não chega nunca", "meaning"),
    ]
    assert (found.total, found.near) == (2, 1)


def test_only_words_are_counted_whatever_is_near(viewer: User) -> None:
    searching = Selection(period=DAY.period, clock=DAY.clock, search=SUBJECT)
    with scope(tenant_id(viewer)):
        [row] = compute_metrics(viewer, searching, metrics=["messages", "conversations"])
        assert row.values == {"messages": 2, "conversations": 2}
        assert find_messages(viewer, searching, limit=1).total == 2
        assert search_messages(viewer, DAY, SUBJECT, limit=1, vector=SEARCH).total == 2
        assert search_conversations(viewer, DAY, SUBJECT, limit=1, vector=SEARCH).total == 2


def test_conversations_are_found_by_their_closest_message_which_is_shown(viewer: User) -> None:
    with scope(tenant_id(viewer)):
        found = search_conversations(viewer, DAY, SUBJECT, limit=10, vector=SEARCH)
    assert [(row.contact, row.excerpt, row.found_by) for row in found.rows] == [
        ("Cliente A", "a entrega está atrasada", "words"),
        ("Cliente C", "entregas atrasadas de novo", "words"),
        ("Cliente B", "meu pedido não chega nunca", "meaning"),
    ]
    assert (found.total, found.near) == (2, 1)


def test_a_message_comes_with_the_one_before_and_the_one_after(viewer: User) -> None:
    with scope(tenant_id(viewer)):
        found = search_messages(viewer, DAY, "obrigado", limit=1, vector=SEARCH)
    [row] = [row for row in found.rows if row.text == "obrigado"]
    assert row.before is not None
    assert row.after is not None
    assert [(one.author, one.text) for one in (row.before, row.after)] == [
        ("customer", "a entrega está atrasada"), ("agent", "vou verificar"),
    ]  # fmt: skip


def test_every_condition_holds_for_what_is_near_as_well(viewer: User) -> None:
    bia = Selection(period=DAY.period, clock=DAY.clock, agents=("Bia",))
    joyful = Selection(period=DAY.period, clock=DAY.clock, emotions=("joy",))
    tomorrow = Selection(period=Period(*[BEGIN.date() + timedelta(days=1)] * 2), clock=DAY.clock)
    with scope(tenant_id(viewer)):
        assert [row.text for row in search_messages(viewer, bia, SUBJECT, limit=9, vector=SEARCH).rows] == ["entregas atrasadas de novo"]
        for selection in (joyful, tomorrow):
            assert search_messages(viewer, selection, SUBJECT, limit=9, vector=SEARCH).rows == []
            assert search_conversations(viewer, selection, SUBJECT, limit=9, vector=SEARCH).rows == []


def test_pages_follow_each_other(viewer: User) -> None:
    with scope(tenant_id(viewer)):
        whole = search_messages(viewer, DAY, SUBJECT, limit=3, vector=SEARCH)
        pages = [search_messages(viewer, DAY, SUBJECT, limit=1, offset=place, vector=SEARCH) for place in range(4)]
    assert [page.rows for page in pages] == [[row] for row in whole.rows] + [[]]
    assert {page.total for page in pages} == {2}


@pytest.mark.parametrize(
    ("exact_rows", "near_texts"), [(20_000, 100), (0, 100), (20_000, 1), (0, 1)],
    ids=["each text compared", "through the index", "each selected row compared", "more through the index"],
)  # fmt: skip
def test_each_way_finds_the_same_of_this_tenant_alone(
    viewer: User, exact_rows: int, near_texts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearest, "EXACT_ROWS", exact_rows)
    monkeypatch.setattr(nearest, "NEAR_TEXTS", near_texts)
    with scope(tenant_id(viewer)):
        messages = nearest.find_near(viewer, DAY, SEARCH, kind="messages", limit=2)
        conversations = nearest.find_near(viewer, DAY, SEARCH, kind="conversations", limit=2)
        texts = dict(Message.objects.values_list("id", "text"))
    expected = ["a entrega está atrasada", "meu pedido não chega nunca"]
    for found in (messages, conversations):
        assert [texts[UUID(near.message_id)] for near in found] == expected
        assert [near.similarity for near in found] == [pytest.approx(1.0, abs=0.001), pytest.approx(0.9, abs=0.001)]


def test_the_same_text_is_near_once_by_its_newest_message(viewer: User) -> None:
    with scope(tenant_id(viewer)):
        later = Conversation.objects.get(chat_key="D")
        copied = Message.objects.create(
            channel_id=later.channel_id, conversation=later, provider_id="again", chat_key="D", author="customer",
            text="meu pedido não chega nunca", sent_at=BEGIN + timedelta(hours=5),
        )  # fmt: skip
        MessageAnalysis.objects.create(
            message=copied, analyser="test", analyser_version="1", analysed_at=BEGIN, text_hash="B0", sentiment="negative",
            sentiment_score=-0.5, emotion="anger", tone="neutral",
        )  # fmt: skip
        found = nearest.find_near(viewer, DAY, SEARCH, kind="messages", limit=9)
    assert [near.message_id for near in found][1:] == [str(copied.id)]


def test_without_vectors_words_alone_are_searched(viewer: User) -> None:
    with scope(tenant_id(viewer)):
        TextVector.objects.all().delete()
        assert embed_search(SUBJECT) is None
        found = search_messages(viewer, DAY, SUBJECT, limit=9)
    assert [(row.text, row.found_by) for row in found.rows] == [
        ("a entrega está atrasada", "words"),
        ("entregas atrasadas de novo", "words"),
        ("meu pedido não chega nunca", "meaning"),  # "não chegou" is another word for "atrasada"
    ]
    assert (found.total, found.near) == (2, 1)


def test_a_search_is_embedded_by_the_model_whose_vectors_are_used(viewer: User) -> None:
    with scope(tenant_id(viewer)):
        vector = embed_search("cadê meu pedido?")
    assert vector is not None
    assert (vector.model, len(vector.values)) == (MODEL, VECTOR_DIMENSIONS)
    assert any(vector.values[:384])
    assert not any(vector.values[384:])


def test_who_may_not_ask_finds_nothing(viewer: User) -> None:
    with unscoped_directory(reason="test"):
        outsider = User.objects.get(email="m@casa-sol.example")
    with scope(tenant_id(viewer)), pytest.raises(VisibleError, match="not_allowed"):
        search_messages(outsider, DAY, SUBJECT, limit=9, vector=SEARCH)


def test_a_rare_word_weighs_more_than_a_frequent_one_and_either_more_than_another_word_for_it(viewer: User) -> None:
    with scope(tenant_id(viewer)):
        later = Conversation.objects.get(chat_key="D")
        texts = ("cadê a nota fiscal", "nota dez", "nota mil", "a nf sumiu", "nota que não é fiscal: nota dez")
        for place, text in enumerate(texts):
            write(later, "customer", text, None, at=BEGIN + timedelta(hours=4, minutes=place), key=f"N{place}")
        TextVector.objects.all().delete()
        found = search_messages(viewer, DAY, "nota fiscal", limit=9)
        alone = search_messages(viewer, DAY, "nf", limit=9)
    assert [row.text for row in found.rows] == [
        "cadê a nota fiscal", "nota que não é fiscal: nota dez", "a nf sumiu", "nota mil", "nota dez",
    ]  # fmt: skip
    assert found.total == 2
    assert [row.text for row in alone.rows][:2] == ["a nf sumiu", "cadê a nota fiscal"]
    assert (alone.total, alone.near) == (1, 2)


def test_other_words_for_a_thing_stand_in_a_table() -> None:
    [term] = [term for term in find_terms("o pedido ATRASADO") if term.word == "atrasado"]
    assert {"demorou", "no llega", "late"} <= set(term.phrases)
    assert find_terms("xyzzy")[0].phrases == ()
    assert expand("xyzzy") == "xyzzy"


def test_what_both_lists_hold_comes_first() -> None:
    assert fuse(["a", "b", "c"], ["c", "d"]) == ["c", "a", "b", "d"]


def tenant_id(viewer: User) -> UUID:
    assert viewer.tenant_id is not None
    return viewer.tenant_id
