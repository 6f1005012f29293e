"""A search that comes over HTTP is embedded once, before its tenant's transaction opens, and only where there is something to embed."""

from typing import Any

import numpy as np
import pytest

from assistant.tests.shop import Shop, shop  # noqa: F401  (a fixture)
from core.ai.roles import pad_vector
from core.ai.tenants import SearchEmbedder
from core.models import VECTOR_DIMENSIONS, Scope, TextVector
from core.tenancy import find_current_tenant_id, scope
from tests.contract.conftest import KeyClient
from tests.contract.test_figures import LAST_WEEK, get, refuse

MODEL = "multilingual-e5-small-q4"


def test_a_search_is_embedded_once_and_before_its_transaction(
    shop: Shop, with_key: KeyClient, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    embedded: list[tuple[bool, bool]] = []

    def embed(self: SearchEmbedder, text: str) -> tuple[str, Any]:
        embedded.append((text.startswith("pedido"), find_current_tenant_id() is None))
        return MODEL, pad_vector(np.eye(1, 384, dtype=np.float32)[0])

    monkeypatch.setattr(SearchEmbedder, "embed", embed)
    with scope(str(shop.manager.tenant_id)):
        TextVector.objects.get_or_create(model=MODEL, text_hash="a", defaults={"vector": [1.0, *[0.0] * (VECTOR_DIMENSIONS - 1)]})
    client = with_key(shop.manager, Scope.MESSAGES)
    get(client, "/messages/search", q="pedido", **LAST_WEEK)
    get(client, "/messages/search", **LAST_WEEK)
    assert refuse(client, "/messages/search", q="pedido", wrong="1") == (422, "invalid", "wrong")
    assert embedded == [(True, True)]
