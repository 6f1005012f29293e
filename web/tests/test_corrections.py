"""A score that one can argue with, over HTTP: what it is made of, who disagrees, and the way back."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from core.models import Conversation, ConversationAnalysis, Correction, Message, MessageAnalysis, Tenant, Theme, User
from core.sessions import begin_session
from core.tenancy import scope
from tests.cast import NOON, Cast


@pytest.fixture
def conversation_id(cast: Cast) -> str:
    """The cast's conversation: score 2.20, from 3.35 by mood (−0.80) and resolution (−0.35); its last message says nothing by itself."""
    with scope(cast.tenant.id):
        Theme.objects.create(name="Pagamento")
        conversation = Conversation.objects.get()
        ConversationAnalysis.objects.update(parts={"base": 3.35, "mood_at_end": -0.8, "resolution": -0.35})
        MessageAnalysis.objects.filter(message__provider_id="msg-2").update(sentiment_score=0.0)
        return str(conversation.id)


def call(user: User, method: str, conversation_id: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
    client = Client(headers={"Authorization": f"Bearer {begin_session(user).access}"})
    path = f"/api/v1/conversations/{conversation_id}{'' if method == 'get' else '/correction'}"
    response = client.generic(method.upper(), path, "" if body is None else json.dumps(body), content_type="application/json")
    return response.status_code, response.json()


def test_a_conversation_says_what_its_score_is_made_of(cast: Cast, conversation_id: str) -> None:
    status, told = call(cast.alice, "get", conversation_id)
    assert status == 200
    assert told["parts"] == [
        {"name": "base", "points": 3.35}, {"name": "mood_at_end", "points": -0.8}, {"name": "resolution", "points": -0.35},
    ]  # fmt: skip
    assert sum(part["points"] for part in told["parts"]) == pytest.approx(told["score"])
    texts = {message["id"]: message["text"] for message in told["messages"]}
    assert [(texts[one["message_id"]], one["part"]) for one in told["deciding"]] == [
        ("cadê meu pedido?", "mood_at_end"), ("vou verificar", "resolution"),
    ]  # fmt: skip
    assert told["machine"] == {"satisfaction": 2, "score": 2.2, "theme": "Atraso na entrega", "is_resolved": False}
    # The correction that was taken back is not shown.
    assert (told["correction"], told["themes"], told["may_correct"]) == (None, ["Atraso na entrega", "Pagamento"], True)


def test_a_person_disagrees_and_takes_it_back(cast: Cast, conversation_id: str) -> None:
    said = {"satisfaction": 4, "theme": "Pagamento", "resolved": True, "comment": " ligou e agradeceu "}
    status, told = call(cast.alice, "post", conversation_id, said)
    assert status == 200
    shown = told["correction"]
    made_at = shown.pop("made_at")
    assert shown == {
        "satisfaction": 4, "corrects_theme": True, "theme": "Pagamento", "is_resolved": True, "comment": "ligou e agradeceu",
        "made_by": "Alice", "counts": True, "is_outdated": False,
    }  # fmt: skip
    assert (told["satisfaction"], told["theme"], told["score"], told["machine"]["satisfaction"]) == (4, "Pagamento", 2.2, 2)
    assert told["machine"]["theme"] == "Atraso na entrega"
    with scope(cast.tenant.id):
        kept = Correction.objects.get(undone_at__isnull=True)
        assert (kept.user, kept.machine_score, kept.machine_is_resolved, kept.analyser_version) == (cast.alice, 2.2, False, "1")
        assert kept.made_at.isoformat()[:19] == made_at[:19]
        assert ConversationAnalysis.objects.get().satisfaction == 2

    status, told = call(cast.alice, "post", conversation_id, {"resolved": True})
    assert (told["satisfaction"], told["theme"], told["correction"]["satisfaction"]) == (2, "Atraso na entrega", None)
    status, told = call(cast.alice, "delete", conversation_id)
    assert (status, told["correction"], told["satisfaction"]) == (200, None, 2)
    assert call(cast.alice, "delete", conversation_id)[0] == 404
    with scope(cast.tenant.id):
        assert Correction.objects.count() == 3  # the cast's, and both of these: nothing is overwritten
        assert not Correction.objects.filter(undone_at__isnull=True).exists()


def test_no_theme_is_a_correction_too(cast: Cast, conversation_id: str) -> None:
    status, told = call(cast.alice, "post", conversation_id, {"theme": None})
    assert (status, told["theme"], told["correction"]["corrects_theme"], told["correction"]["theme"]) == (200, None, True, None)


def test_the_customers_own_rating_gives_way_to_a_person_who_saw_it_misread(cast: Cast, conversation_id: str) -> None:
    with scope(cast.tenant.id):
        Conversation.objects.update(rating=5)
        ConversationAnalysis.objects.update(satisfaction=5)
        Message.objects.filter(provider_id="msg-2").update(text="5")
    _, told = call(cast.alice, "get", conversation_id)
    assert (told["satisfaction"], told["machine"]["satisfaction"], told["deciding"][-1]["part"]) == (5, 2, "rating")
    _, told = call(cast.alice, "post", conversation_id, {"satisfaction": 2})
    assert (told["satisfaction"], told["rating"]) == (2, 5)


def test_a_tenant_that_does_not_count_corrections_shows_them_beside(cast: Cast, conversation_id: str) -> None:
    with scope(cast.tenant.id):
        Tenant.objects.update(counts_corrections=False)
    _, told = call(cast.alice, "post", conversation_id, {"satisfaction": 5})
    assert (told["satisfaction"], told["correction"]["satisfaction"], told["correction"]["counts"]) == (2, 5, False)


def test_a_conversation_that_went_on_says_that_its_correction_is_older(cast: Cast, conversation_id: str) -> None:
    call(cast.alice, "post", conversation_id, {"satisfaction": 5})
    with scope(cast.tenant.id):
        Conversation.objects.update(revision=2, last_message_at=NOON + timedelta(hours=1))
    assert call(cast.alice, "get", conversation_id)[1]["correction"]["is_outdated"] is True


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "satisfaction"), ({"comment": "só isto"}, "satisfaction"), ({"satisfaction": 6}, "satisfaction"), ({"theme": "Clima"}, "theme")],
)
def test_what_corrects_nothing_is_refused(cast: Cast, conversation_id: str, body: dict[str, Any], field: str) -> None:
    status, told = call(cast.alice, "post", conversation_id, body)
    assert (status, told["error"]["code"], told["error"]["field"]) == (422, "invalid", field)


def test_who_may_not_correct_is_told(cast: Cast, conversation_id: str) -> None:
    assert call(cast.bob, "get", conversation_id)[1]["may_correct"] is False
    assert [call(cast.bob, method, conversation_id, {"satisfaction": 5})[0] for method in ("post", "delete")] == [403, 403]
    assert call(cast.charlie, "post", conversation_id, {"satisfaction": 5})[0] == 404


def test_what_is_not_analysed_cannot_be_corrected(cast: Cast, conversation_id: str) -> None:
    with scope(cast.tenant.id):
        ConversationAnalysis.objects.all().delete()
    status, told = call(cast.alice, "post", conversation_id, {"satisfaction": 5})
    assert (status, told["error"]["code"]) == (409, "not_analysed")
    assert call(cast.alice, "get", conversation_id)[1]["parts"] == []
