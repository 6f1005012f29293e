"""Figures over HTTP, from the shop's table of conversations (assistant/tests/shop.py): sums that a reader can follow.

Notes of the week of 9 November: Suporte 5 4 3 4 2 5 5 3 1, Norte 4 5 4 4 4. Of 16–20: Suporte 5 4 5 4 5 4 5 4 and two that wait,
Norte 1 2 1 2 1 2 1 2. The question is asked on Friday 20 November 2026.
"""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from assistant import answer
from assistant.tests.shop import CLOCK, Shop, shop  # noqa: F401  (a fixture)
from core.models import Scope
from tests.contract.conftest import KeyClient

AS_OF = CLOCK.isoformat()
LAST_WEEK = {"start": "2026-11-09", "end": "2026-11-15"}
THIS_WEEK = {"start": "2026-11-16", "end": "2026-11-20"}


@pytest.fixture
def client(shop: Shop, with_key: KeyClient) -> Client:  # noqa: F811
    """A program with a key that may read, of the shop's manager."""
    return with_key(shop.manager, Scope.READ)


def get(client: Client, path: str, **query: Any) -> Any:
    response = client.get(f"/api/v1{path}?{urlencode({'as_of': AS_OF, 'language': 'en'} | query, doseq=True)}")
    assert response.status_code == 200, response.content
    return response.json()


def refuse(client: Client, path: str, **query: Any) -> tuple[int, str, str | None]:
    response = client.get(f"/api/v1{path}?{urlencode(query, doseq=True)}")
    error = response.json()["error"]
    return response.status_code, error["code"], error.get("field")


def test_metrics_by_a_dimension_beside_the_week_before(client: Client) -> None:
    told = get(client, "/metrics", metric=["satisfaction", "conversations"], unit="week", group_by="channel", compare="previous")
    assert (told["period"], told["compared"]) == ({"start": "2026-11-16", "end": "2026-11-20"}, LAST_WEEK)
    assert told["totals"]["satisfaction"] == {
        "value": 48 / 16, "base": 16, "previous": pytest.approx(53 / 14), "previous_base": 14, "change": pytest.approx(3 - 53 / 14),
    }  # fmt: skip
    rows = {row["key"]: {name: (cell["value"], cell["previous"]) for name, cell in row["values"].items()} for row in told["items"]}
    assert rows == {
        "Suporte": {"satisfaction": (36 / 8, pytest.approx(32 / 9)), "conversations": (10, 9)},
        "Norte": {"satisfaction": (12 / 8, 21 / 5), "conversations": (8, 5)},
    }
    assert (told["count"], told["coverage"]["conversations"], told["coverage"]["pending"]) == (2, 18, 2)
    assert [(metric["name"], metric["unit"], metric["better"]) for metric in told["metrics"]] == [
        ("satisfaction", "rating", "up"), ("conversations", "count", None),
    ]  # fmt: skip


def test_rows_come_by_pages(client: Client) -> None:
    days = [get(client, "/metrics", metric="conversations", group_by="day", limit=3, offset=offset, **THIS_WEEK) for offset in (0, 3)]
    assert [row["key"] for page in days for row in page["items"]] == [f"2026-11-{day}" for day in range(16, 21)]
    assert [row["values"]["conversations"]["value"] for page in days for row in page["items"]] == [4, 4, 3, 3, 4]
    assert ([page["count"] for page in days], days[1]["items"][-1]["is_partial"]) == ([5, 5], True)


def test_filters_narrow_and_several_values_are_any_of_them(client: Client) -> None:
    told = get(client, "/metrics", metric="conversations", agent=["Ana Souza", "Carla Mendes"], channel="Norte", **THIS_WEEK)
    assert told["totals"]["conversations"]["value"] == 6  # 16 li, 17 se, 17 ma, 18 jo, 19 li, 20 ro


def test_themes_with_their_share_and_what_it_was(client: Client) -> None:
    told = get(client, "/themes", channel="Norte", **THIS_WEEK)
    assert [(row["theme"], row["conversations"], row["share"], row["previous_conversations"]) for row in told["items"]] == [
        ("Atraso na entrega", 7, 87.5, 3), ("Produto com defeito", 1, 12.5, 1),
    ]  # fmt: skip
    assert (told["total"], told["previous_total"], told["count"]) == (8, 5, 2)
    # Notes of delays 1 2 1 2 1 1 2, of defects 2, of all 12 / 8: seven of a mean of 10 / 7 beside one, and one of 2 beside seven.
    assert [(row["satisfaction"], row["effect"], row["mark"]) for row in told["items"]] == [
        (pytest.approx(10 / 7), pytest.approx(7 * (10 / 7 - 1.5) / 1), None), (2, pytest.approx(1 * (2 - 1.5) / 7), None),
    ]  # fmt: skip
    assert told["citations"][0]["author"]


def test_a_summary_of_the_week(client: Client) -> None:
    figures = get(client, "/summaries", unit="week")["figures"]
    assert {name: figures[name]["value"] for name in ("conversations", "satisfaction", "complaints")} == {
        "conversations": 18, "satisfaction": 3.0, "complaints": 8,
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_summary_has_the_words_and_blocks_that_the_assistant_gives(with_key: KeyClient) -> None:
    from assistant.tests.shop import make_shop

    made = make_shop()
    asked = answer.run(made.manager, question="summarise this week", clock=CLOCK, language="en").model_dump(mode="json")
    told = get(with_key(made.manager, Scope.READ), "/summaries", unit="week")
    assert asked["plan"]["intent"] == "summary"
    assert {name: told[name] for name in ("text", "blocks", "citations", "coverage", "notes")} == {
        name: asked[name] for name in ("text", "blocks", "citations", "coverage", "notes")
    }


@pytest.mark.parametrize(
    ("filters", "conversations"),
    [
        ({"agent": "Ana Souza"}, 8),
        ({"contact": "Mariana Alves"}, 3),
        ({"theme": "Pagamento e Pix"}, 3),
        ({"unit": "day", "on": "2026-11-19"}, 3),
    ],
)
def test_a_summary_of_somebody_or_some_day(client: Client, filters: dict[str, str], conversations: int) -> None:
    told = get(client, "/summaries", **({} if "unit" in filters else THIS_WEEK), **filters)
    assert told["figures"]["conversations"]["value"] == conversations


def test_the_catalogue_names_what_filters_take(client: Client) -> None:
    response = client.get("/api/v1/catalogue?contact=marina&language=pt")
    told = response.json()
    assert (told["agents"], told["channels"]) == (["Ana Souza", "Bruno Lima", "Carla Mendes"], ["Norte", "Suporte"])
    assert told["contacts"] == ["Mariana Alves"]
    assert {metric["name"]: metric["unit"] for metric in told["metrics"]}["first_response_time"] == "seconds"


def test_messages_are_searched_by_words_and_come_by_pages(shop: Shop, with_key: KeyClient) -> None:  # noqa: F811
    client = with_key(shop.manager, Scope.MESSAGES)
    told = get(client, "/messages/search", q="pedido", start="2026-11-09", end="2026-11-20")
    # "pedido" of a customer: 9 (ma), 10 (ro), 19 (li).
    worded = [row for row in told["items"] if row["found_by"] == "words"]
    assert sorted((row["contact"], row["text"]) for row in worded) == [
        ("Lívia Ferraz", "continuo sem resposta e sem pedido"),
        ("Mariana Alves", "bom dia, cadê meu pedido"),
        ("Roberto Tanaka", "meu pedido está atrasado de novo"),
    ]
    assert (told["count"], told["near"]) == (3, len(told["items"]) - 3)
    [row] = [row for row in worded if row["contact"] == "Roberto Tanaka"]
    assert (row["before"], row["after"]["author"], row["after"]["text"]) == (None, "agent", "vou verificar para você")


def test_messages_that_filters_hold_newest_first(shop: Shop, with_key: KeyClient) -> None:  # noqa: F811
    client = with_key(shop.manager, Scope.MESSAGES)
    pages = [
        get(client, "/messages/search", emotion="anger", channel="Norte", limit=4, offset=offset, **THIS_WEEK) for offset in (0, 4, 8, 80)
    ]
    # Angry on Norte, 16–20: 16 li (two), 16 ro, 17 se, 17 ma, 18 pa, 18 jo, 19 li, 20 ro.
    assert [page["count"] for page in pages] == [9] * 4
    assert [len(page["items"]) for page in pages] == [4, 4, 1, 0]
    rows = [row for page in pages for row in page["items"]]
    assert [row["sent_at"] for row in rows] == sorted((row["sent_at"] for row in rows), reverse=True)
    assert len({row["message_id"] for row in rows}) == 9


def test_conversations_come_to_the_last_one_by_pages(shop: Shop, with_key: KeyClient) -> None:  # noqa: F811
    client = with_key(shop.manager, Scope.MESSAGES)
    pages = [get(client, "/conversations", channel="Norte", order="asc", limit=3, offset=offset, **THIS_WEEK) for offset in (0, 3, 6, 60)]
    # Norte's notes of 16–20 are 1 2 1 2 1 2 1 2: the worst first.
    assert [[row["satisfaction"] for row in page["items"]] for page in pages] == [[1, 1, 1], [1, 2, 2], [2, 2], []]
    assert [(page["count"], page["near"]) for page in pages] == [(8, 0)] * 4
    assert len({row["conversation_id"] for page in pages for row in page["items"]}) == 8
    assert {(row["channel"], row["found_by"]) for page in pages for row in page["items"]} == {("Norte", None)}


def test_conversations_that_filters_hold(shop: Shop, with_key: KeyClient) -> None:  # noqa: F811
    client = with_key(shop.manager, Scope.MESSAGES)
    waiting = get(client, "/conversations", status="unanswered", **THIS_WEEK)
    # One customer of the week got no reply at all.
    assert ([(row["status"], row["first_response_seconds"]) for row in waiting["items"]], waiting["count"]) == ([("unanswered", None)], 1)
    # Of the notes 5 4 5 4 5 4 5 4 on Suporte and 1 2 1 2 1 2 1 2 on Norte, four are 4 and four are 2.
    middling = get(client, "/conversations", satisfaction_min=2, satisfaction_max=4, order="desc", **THIS_WEEK)
    assert [row["satisfaction"] for row in middling["items"]] == [4] * 4 + [2] * 4
    said = get(client, "/conversations", q="pedido", start="2026-11-09", end="2026-11-20")
    worded = [row for row in said["items"] if row["found_by"] == "words"]
    assert ("Roberto Tanaka", "meu pedido está atrasado de novo") in [(row["contact"], row["excerpt"]) for row in worded]
    assert (said["count"], said["near"]) == (len(worded), len(said["items"]) - len(worded))
    assert refuse(client, "/conversations", estado="aberta") == (422, "invalid", "estado")


@pytest.mark.parametrize(
    ("path", "query", "refused"),
    [
        ("/metrics", {}, (422, "invalid", "metric")),
        ("/metrics", {"metric": "csat", "agente": "Ana Souza"}, (422, "invalid", "agente")),
        ("/metrics", {"metric": "csat", "agent": "Zé"}, (404, "unknown_name", "agent")),
        ("/metrics", {"metric": "csat", "start": "2026-11-01"}, (422, "invalid", None)),
        ("/metrics", {"metric": "csat", "start": "2026-02-30", "end": "2026-03-01"}, (422, "invalid", "start")),
        ("/metrics", {"metric": "csat", "start": "0001-01-01", "end": "9999-12-31"}, (422, "invalid", "start")),
        ("/metrics", {"metric": "csat", "as_of": "2026-11-20T10:00"}, (422, "invalid", "as_of")),
        ("/metrics", {"metric": "csat", "offset": "9" * 40}, (422, "invalid", "offset")),
        ("/themes", {"theme": "a\x00b"}, (422, "invalid", "theme")),
        ("/summaries", {"satisfaction_min": 4, "satisfaction_max": 2}, (422, "invalid", None)),
        ("/summaries", {"unit": "fortnight"}, (422, "invalid", "unit")),
        ("/threads", {"offset": "9" * 40}, (422, "invalid", "offset")),
    ],
)
def test_what_is_wrong_is_said(
    shop: Shop,  # noqa: F811
    with_key: KeyClient,
    path: str,
    query: dict[str, Any],
    refused: tuple[int, str, str | None],
) -> None:
    status, code, field = refuse(with_key(shop.manager, Scope.READ, Scope.ASK), path, **query)
    assert (status, code, refused[2] or field) == (refused[0], refused[1], field)
