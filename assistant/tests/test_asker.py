"""Who asks: their rights are read anew while a turn runs, and the audit names the key that a question came by."""

from collections.abc import Callable
from typing import Any

import pytest

from assistant import answer
from assistant.answer import TurnFailedError
from assistant.chosen_models import ChosenModels
from assistant.events import Event
from assistant.models import AuditEntry, Turn
from assistant.tests.shop import CLOCK, Shop
from assistant.tests.shop import shop as shop
from assistant.tests.test_answer import STEPS, FakePlanner, run
from assistant.tests.test_answer import planner as planner
from core.api_keys import make_key
from core.models import ApiKey, Role, Scope, User
from core.tenancy import scope, unscoped_directory


@pytest.mark.parametrize("change", ["demoted", "deactivated"])
@pytest.mark.parametrize(("when", "seen"), [("turn.started", 1), ("plan.understood", 2), ("block.added", 3)])
def test_whoever_may_ask_no_more_gets_no_answer(shop: Shop, planner: FakePlanner, change: str, when: str, seen: int) -> None:
    """Rights are read anew before each step is stored: what happens to the asker during a turn ends it."""
    changes: dict[str, dict[str, Any]] = {"demoted": {"role": Role.OPERATOR}, "deactivated": {"is_active": False}}
    told: list[Event] = []

    def emit(event: Event) -> None:
        told.append(event)
        if event.type == when:
            with unscoped_directory(reason="tests"):
                User.objects.filter(id=shop.manager.id).update(**changes[change])

    with pytest.raises(TurnFailedError) as raised:
        answer.run(shop.manager, question="como está a satisfação?", clock=CLOCK, emit=emit)
    assert (raised.value.code, raised.value.status) == ("not_allowed", 403)
    assert [event.type for event in told] == [*STEPS[:seen], "turn.failed"]
    with scope(shop.tenant.id):
        turn = Turn.objects.get()
        assert (turn.status, turn.answer) == (Turn.Status.FAILED, None)
        entry = AuditEntry.objects.get()
        assert (entry.status, entry.error) == ("failed", "not_allowed")


def test_rights_that_end_while_a_model_phrases_end_the_turn_as_well(
    shop: Shop, planner: FakePlanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def phrase(models: Any, composed: Any, evidence: Any, *, tell: Callable[[str], None], **given: Any) -> list[str]:
        with unscoped_directory(reason="tests"):
            User.objects.filter(id=shop.manager.id).update(role=Role.OPERATOR)
        tell(composed.sentences[0])
        raise AssertionError("a sentence was told to somebody who may not hear it")

    monkeypatch.setattr(ChosenModels, "phrase", phrase)
    with pytest.raises(TurnFailedError, match="not_allowed"):
        run(shop)


def test_the_audit_names_the_key_and_keeps_its_name(shop: Shop, planner: FakePlanner) -> None:
    with scope(shop.tenant.id):
        key, _ = make_key(owner=shop.manager, name="Painel da loja", scopes=[Scope.ASK])
    run(shop, api_key=key)
    run(shop)
    with scope(shop.tenant.id):
        ApiKey.objects.all().delete()
        assert [one.api_key for one in AuditEntry.objects.order_by("asked_at")] == [f"Painel da loja ({key.prefix}…)", ""]
