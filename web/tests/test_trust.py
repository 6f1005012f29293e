"""Over HTTP: thumbs, verified questions, an earlier question asked again with its plan changed, and limits on asking."""

from typing import Any

import pytest

from core.models import Role, Tenant, User
from core.tenancy import scope, unscoped_directory
from tests.cast import Cast, make_cast
from web.tests.conftest import SignIn

pytestmark = pytest.mark.django_db(transaction=True)

QUESTION = "Como está a satisfação em novembro de 2026?"
JSON: dict[str, Any] = {"content_type": "application/json"}


def test_an_answer_is_judged_verified_and_changed(signed_in: SignIn) -> None:
    cast: Cast = make_cast()
    alice = signed_in(cast.alice)
    answered = alice.post("/api/v1/ask", {"question": QUESTION}, **JSON).json()
    turn = answered["turn_id"]
    given = {"is_good": False, "reason": "number", "comment": "não foi isso"}
    assert alice.put(f"/api/v1/turns/{turn}/feedback", given, **JSON).json() == given
    (listed, _) = alice.get("/api/v1/feedback?is_good=false").json()["items"]
    assert (listed["question"], listed["given_by"], listed["plan"]) == (QUESTION, "Alice", answered["plan"])
    assert alice.get("/api/v1/feedback?is_good=true").json() == {"items": [], "count": 0}

    kept = alice.post("/api/v1/verified-questions", {"turn_id": turn}, **JSON).json()
    assert (kept["question"], kept["made_by"], kept["timing"], kept["state"]) == (QUESTION, "Alice", "planner", "unchecked")
    (stored,) = alice.get(f"/api/v1/threads/{answered['thread_id']}").json()["turns"]
    assert (stored["feedback"], stored["verified_id"]) == (given, kept["id"])
    again = alice.post("/api/v1/ask", {"question": "como esta a satisfacao em novembro de 2026"}, **JSON).json()
    assert again["verified"]["id"] == kept["id"]

    changed = alice.post("/api/v1/ask", {"revision": {"turn_id": turn, "group_by": "channel"}}, **JSON).json()
    assert (changed["thread_id"], changed["is_edited"], changed["plan"]["group_by"]) == (answered["thread_id"], True, "channel")
    for revision in ({"turn_id": turn, "group_by": "tenant"}, {"turn_id": turn, "remove": ["search"]}, {"turn_id": turn, "sql": "1"}):
        assert alice.post("/api/v1/ask", {"revision": revision}, **JSON).status_code == 422, revision
    assert alice.post("/api/v1/ask", {}, **JSON).status_code == 422

    assert [alice.delete(f"/api/v1/verified-questions/{kept['id']}").status_code for _ in range(2)] == [204, 404]
    assert alice.delete(f"/api/v1/turns/{turn}/feedback").status_code == 204


def test_a_supervisor_asks_and_judges_and_vouches_for_nothing(signed_in: SignIn) -> None:
    cast = make_cast()
    with unscoped_directory(reason="tests"):
        rui = User.objects.create_user("rui@casalua.example", tenant=cast.tenant, name="Rui", role=Role.SUPERVISOR)
    client = signed_in(rui)
    turn = client.post("/api/v1/ask", {"question": QUESTION}, **JSON).json()["turn_id"]
    assert client.put(f"/api/v1/turns/{turn}/feedback", {"is_good": True}, **JSON).status_code == 200
    refused = [
        client.get("/api/v1/feedback"),
        client.get("/api/v1/verified-questions"),
        client.post("/api/v1/verified-questions", {"turn_id": turn}, **JSON),
    ]
    assert [(one.status_code, one.json()["error"]["code"]) for one in refused] == [(403, "not_allowed")] * 3


LIMITS = [
    ("person_minute_limit", "too_many", "Muitas tentativas", 60),
    ("tenant_minute_limit", "tenant_too_many", "Sua empresa está perguntando demais", 60),
    ("person_day_limit", "too_many_today", "Você já fez as 1 perguntas", 86_400),
    ("tenant_day_limit", "tenant_too_many_today", "Sua empresa já fez as 1 perguntas", 86_400),
]


def test_each_limit_is_told_with_the_time_to_wait(signed_in: SignIn) -> None:
    cast = make_cast()
    alice, asked = signed_in(cast.alice), {"question": "oi"}
    for field, code, sentence, longest in LIMITS:
        with scope(cast.tenant.id):
            Tenant.objects.update(person_minute_limit=60, person_day_limit=1000, tenant_minute_limit=300, tenant_day_limit=10_000)
            Tenant.objects.update(**{field: 1})
        statuses = [alice.post("/api/v1/ask", asked, **JSON) for _ in range(2)]
        refused = statuses[-1]
        assert (refused.status_code, refused.json()["error"]["code"]) == (429, code), field
        assert refused.json()["error"]["message"].startswith(sentence)
        assert 0 < int(refused["Retry-After"]) <= longest
