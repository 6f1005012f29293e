"""The catalogue of a tenant with more customers than are given whole: those that a question names are among them all the same."""

import pytest

from assistant import catalog
from assistant.tests.shop import Shop, shop  # noqa: F401  (a fixture)
from core.tenancy import scope


def test_a_customer_that_the_question_names_is_found_among_many(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(catalog, "RECENT_CONTACTS", 1)
    with scope(shop.tenant.id):
        found = catalog.get_catalog(shop.manager, question="como foi o atendimento da lívia ferraz em novembro?").contacts
    assert "Lívia Ferraz" in found
    assert len(found) <= 2  # the latest one, whoever it is, and the one that is named
