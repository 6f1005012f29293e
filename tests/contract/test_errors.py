"""What a program is told of a mistake: in one shape, in its owner's language, and without its own words repeated."""

from typing import Any

import pytest
from django.test import Client

from core.models import Scope
from tests.cast import Cast
from tests.contract.conftest import KeyClient

# Alice reads Portuguese; the browser's language counts where nobody is signed in.
WRONG = [
    ("/themes?limit=muitos", "limit", "O campo limit não é válido: precisa ser um número"),
    ("/themes?foo=1", "foo", "O campo foo não é válido: esta operação não tem este parâmetro"),
    ("/metrics?metric=conversations&start=ontem", "start", "O campo start não é válido: precisa ser uma data ISO 8601, "
     "como 2026-11-30 ou 2026-11-30T15:30:00-03:00"),
    ("/themes?limit=100000", "limit", "O campo limit não é válido: no máximo 200"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "field", "message"), WRONG)
def test_a_wrong_value_is_told_in_words(cast: Cast, with_key: KeyClient, path: str, field: str, message: str) -> None:
    response = with_key(cast.alice, Scope.ADMIN).get(f"/api/v1{path}")
    assert (response.status_code, response.json()) == (422, {"error": {"code": "invalid", "message": message, "field": field}})


@pytest.mark.parametrize("body", ["{", "[]", '"abc"'])
def test_a_body_that_is_no_object_is_told_so(cast: Cast, with_key: KeyClient, body: str) -> None:
    response = with_key(cast.alice, Scope.ADMIN).post("/api/v1/ask", body, content_type="application/json")
    assert response.json()["error"]["message"].startswith("O campo body não é válido: o corpo precisa ser um objeto JSON")
    assert response.status_code in (400, 422)


@pytest.mark.django_db
def test_an_address_or_a_method_that_there_is_not_has_the_same_shape() -> None:
    client = Client(headers={"Accept-Language": "en"})

    def ask(method: str, path: str) -> tuple[int, Any, str | None]:
        response = client.generic(method, path)
        return response.status_code, response.json(), response.headers.get("Allow")

    nowhere = {"error": {"code": "not_found", "message": "We could not find what you asked for. It may have been deleted, or the "
                         "address is incomplete."}}  # fmt: skip
    assert [ask(*one) for one in (("GET", "/api/v1/nope"), ("POST", "/api/v1/threads/a/b/c"))] == [(404, nowhere, None)] * 2
    wrong = {"error": {"code": "wrong_method", "message": "This address does not take PUT. It takes: GET."}}
    assert ask("PUT", "/api/v1/threads") == (405, wrong, "GET")
