"""Which inflections of three languages are one word, which slips of the hand are forgiven, and when a search is embedded."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from core.ai.roles import pad_vector
from core.ai.tenants import SearchEmbedder
from core.compute import run_query
from core.models import Conversation, TextVector, User
from core.search import embed_ahead, embed_search, search_conversations, search_messages
from core.search.ranked import fuse
from core.search.worded import allow_edits, count_edits
from core.tenancy import scope
from core.tests.test_search import BEGIN, DAY, MODEL, viewer, write  # noqa: F401  the fixture is used by its name

TEXTS = (
    "They charged me twice for the orders",
    "No llegaron los pedidos de mi hija",
    "as cobranças vieram erradas",
    "mandei o comprovante no Coroado",
    "tem em outras cores?",
)


def say(viewer: User, *texts: str) -> None:  # noqa: F811
    later = Conversation.objects.get(chat_key="D")
    for place, text in enumerate(texts):
        write(later, "customer", text, None, at=BEGIN + timedelta(hours=4, minutes=place), key=f"L{place}")
    TextVector.objects.all().delete()


@pytest.mark.parametrize(
    ("search", "text"),
    [
        ("order", TEXTS[0]),
        ("charging", TEXTS[0]),
        ("the order was charged", TEXTS[0]),
        ("pedido", TEXTS[1]),
        ("llegaban", TEXTS[1]),
        ("cobrança", TEXTS[2]),
        ("COBRANCAS", TEXTS[2]),
        ("cobrança errada não", TEXTS[2]),
        ("cor", TEXTS[4]),
    ],
)
def test_a_word_is_found_in_its_inflections_of_the_language_of_the_text(viewer: User, search: str, text: str) -> None:  # noqa: F811
    with scope(str(viewer.tenant_id)):
        Conversation.objects.exclude(chat_key="D").delete()
        say(viewer, *TEXTS)
        found = search_messages(viewer, DAY, search, limit=9)
    assert (found.rows[0].text, found.rows[0].found_by, found.total) == (text, "words", 1)


def test_the_rules_of_one_language_never_meet_those_of_another(db: None) -> None:
    asked = ("cor", "Coroado"), ("lote", "lots of it"), ("the", "the end")
    with connection.cursor():
        told = [
            run_query("SELECT evosense_words(%(text)s) @@ evosense_query(%(search)s) AS has", {"text": text, "search": search})[0]["has"]
            for search, text in asked
        ]
    assert told == [False, False, False]


def test_a_word_that_nobody_says_finds_those_spelled_nearly_like_it_and_counts_none(viewer: User) -> None:  # noqa: F811
    with scope(str(viewer.tenant_id)):
        say(viewer, "vou no procon amanhã", "que demora")
        found = search_messages(viewer, DAY, "procom", limit=9)
        swapped = search_messages(viewer, DAY, "porcon", limit=9)
        nothing = search_messages(viewer, DAY, "xyzzyk", limit=9)
    assert [(row.text, row.found_by) for row in found.rows] == [("vou no procon amanhã", "meaning")]
    assert [row.text for row in swapped.rows] == ["vou no procon amanhã"]
    assert (found.total, found.near, nothing.rows) == (0, 1, [])


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [("", "", 0), ("atraz", "atras", 1), ("procom", "procon", 1), ("porcon", "procon", 1), ("dor", "cor", 1), ("abc", "", 3)],
)  # fmt: skip
def test_letters_that_changed_places_are_one_edit(one: str, other: str, edits: int) -> None:
    assert count_edits(one, other) == edits


def test_short_words_have_to_be_spelled_right() -> None:
    assert [allow_edits(stem) for stem in ("dor", "pix", "atraz", "reclamac", "maquininh")] == [0, 0, 1, 2, 2]


def test_words_of_whoever_asks_rank_nothing(viewer: User) -> None:  # noqa: F811
    with scope(str(viewer.tenant_id)):
        say(viewer, "quero azul", "o boleto venceu")
        found = search_messages(viewer, DAY, "quem quer boleto", limit=9)
    assert [row.text for row in found.rows] == ["o boleto venceu"]


def test_a_conversation_is_shown_by_what_its_customer_said(viewer: User) -> None:  # noqa: F811
    with scope(str(viewer.tenant_id)):
        say(viewer, "o meu boleto venceu ontem e agora não sei o que faço com isso")
        write(Conversation.objects.get(chat_key="D"), "agent", "boleto", None, at=BEGIN + timedelta(hours=5), key="L9")
        found = search_conversations(viewer, DAY, "boleto", limit=9)
    assert [row.excerpt for row in found.rows] == ["o meu boleto venceu ontem e agora não sei o que faço com isso"]


def test_a_place_in_a_list_counts_by_the_lists_weight() -> None:
    assert fuse(["a", "b"], ["c", "d"]) == ["a", "c", "b", "d"]
    assert fuse(["a", "b"], ["c", "d"], weights=(1, 0.6)) == ["a", "b", "c", "d"]


def test_a_search_embedded_ahead_holds_no_transaction_and_is_used_for_its_tenant_and_text_alone(
    viewer: User, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    embedded: list[tuple[str, bool]] = []

    def embed(self: SearchEmbedder, text: str) -> tuple[str, Any]:
        embedded.append((text, bool(run_query("SELECT current_setting('evosense.tenant_id', true) AS tenant", {})[0]["tenant"])))
        return MODEL, pad_vector(_direction())

    monkeypatch.setattr(SearchEmbedder, "embed", embed)
    with embed_ahead(str(viewer.tenant_id), "zebra"), scope(str(viewer.tenant_id)):
        first = embed_search("zebra")
        embed_search("girafa")
    with scope(str(viewer.tenant_id)), embed_ahead(str(viewer.tenant_id), "zebra"):
        pass
    assert first is not None
    assert embedded == [("zebra", False), ("girafa", True)]


def _direction() -> Any:
    import numpy as np

    return np.eye(1, 384, dtype=np.float32)[0]
