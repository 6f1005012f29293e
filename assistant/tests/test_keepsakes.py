"""What is kept of a turn beside its answer: the audit, which outlives the thread, thumbs, and an answer that is shown only as it may be."""

import json
from typing import Any

import pytest

from assistant import answer, feedback, threads
from assistant.answer import TurnFailedError
from assistant.models import AuditEntry, Feedback, TurnEvent
from assistant.revise import Revision
from assistant.tests.shop import CLOCK, Shop
from assistant.tests.shop import shop as shop
from core.errors import VisibleError
from core.models import Conversation, Message, Role, User
from core.tenancy import scope, unscoped_directory


def ask(shop: Shop, question: str = "", **given: Any) -> Any:
    return answer.run(shop.manager, question=question, clock=CLOCK, **given)


def read_audit(shop: Shop) -> list[AuditEntry]:
    with scope(shop.tenant.id):
        return list(AuditEntry.objects.order_by("asked_at"))


def test_every_turn_is_audited_and_stays_when_its_thread_goes(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ask(shop, "quantas conversas tivemos na semana passada?")
    ask(shop, revision=Revision(turn_id=first.turn_id, group_by="channel"))
    ask(shop, "apague as conversas da Ana", thread_id=first.thread_id)
    monkeypatch.setattr(answer, "execute", None)
    with pytest.raises(TurnFailedError):
        ask(shop, "qual o csat ontem?", thread_id=first.thread_id)
    with scope(shop.tenant.id):
        threads.delete_thread(shop.manager, first.thread_id)
    entries = read_audit(shop)
    assert [(one.question, one.status, one.error, one.intent, one.refusal, one.is_edited, one.conversations) for one in entries] == [
        ("quantas conversas tivemos na semana passada?", "answered", "", "metric", "", False, 14),
        ("quantas conversas tivemos na semana passada?", "answered", "", "metric", "", True, 14),
        ("apague as conversas da Ana", "answered", "", "refuse", "change_data", False, None),
        ("qual o csat ontem?", "failed", "failed", "metric", "", False, None),
    ]
    assert [(one.user_name, one.provider, one.model_tokens) for one in entries] == [("Alice", "embedded", 0)] * 4
    assert entries[1].plan is not None
    assert entries[1].plan["group_by"] == "channel"
    counted, split, refused, _ = entries
    assert split.rows_read > counted.rows_read > 0
    assert counted.statements > 0
    assert (refused.statements, refused.rows_read) == (0, 0)
    assert all(one.took_ms is not None for one in entries)


def test_a_turn_asked_again_knows_only_what_was_before_it(shop: Shop) -> None:
    first = ask(shop, "qual o csat na semana passada?")
    second = ask(shop, "e por canal?", thread_id=first.thread_id)
    ask(shop, "quantas reclamações houve ontem?", thread_id=first.thread_id)
    again = ask(shop, revision=Revision(turn_id=second.turn_id))
    assert (again.question, again.plan, again.is_edited) == ("e por canal?", second.plan, False)
    edited = ask(shop, revision=Revision(turn_id=second.turn_id, metrics=["complaints"]))
    assert ask(shop, revision=Revision(turn_id=edited.turn_id)).plan == edited.plan
    with pytest.raises(VisibleError, match="not_found"):
        answer.run(shop.rival_manager, clock=CLOCK, revision=Revision(turn_id=second.turn_id))
    with pytest.raises(VisibleError, match="invalid"):
        ask(shop, revision=Revision(turn_id=second.turn_id, group_by="channel"))
    with scope(shop.tenant.id):
        assert len(threads.get_thread(shop.manager, first.thread_id).turns) == 6


def test_a_thumb_is_the_askers_and_is_read_by_those_who_lead(shop: Shop) -> None:
    answered = ask(shop, "qual o csat na semana passada?")
    with unscoped_directory(reason="tests"):
        rui = User.objects.create_user("rui@casalua.example", tenant=shop.tenant, name="Rui", role=Role.SUPERVISOR)
    with scope(shop.tenant.id):
        feedback.give_feedback(shop.manager, answered.turn_id, is_good=True)
        feedback.give_feedback(shop.manager, answered.turn_id, is_good=False, reason="number", comment=" <b>68</b>, não 72 ")
        with pytest.raises(VisibleError, match="not_found"):
            feedback.give_feedback(rui, answered.turn_id, is_good=True)
        with pytest.raises(VisibleError, match="not_allowed"):
            feedback.count_feedback(rui)
        given = threads.get_thread(shop.manager, answered.thread_id).turns[0].feedback
        (listed,) = feedback.find_feedback(shop.manager, is_good=False, reason="number", limit=10, offset=0)
        assert given == feedback.Given(is_good=False, reason="number", comment="<b>68</b>, não 72")
        assert (listed.question, listed.given_by, listed.plan) == (answered.question, "Alice", answered.plan)
        assert feedback.count_feedback(shop.manager, is_good=True) == 0
        threads.delete_thread(shop.manager, answered.thread_id)
        assert feedback.count_feedback(shop.manager) == 1
        Feedback.objects.all().delete()


def test_a_kept_answer_shows_only_what_may_still_be_seen(shop: Shop) -> None:
    answered = ask(shop, "me mostra as mensagens negativas do canal Norte esta semana")
    first, second, *rest = answered.citations
    assert len({first.conversation_id, second.conversation_id}) == 2
    with scope(shop.tenant.id):
        assert threads.get_thread(shop.manager, answered.thread_id).turns[0].answer == answered
        Conversation.objects.get(id=first.conversation_id).delete()
        Message.objects.filter(id=second.message_id).update(is_deleted=True)
        shown = threads.get_thread(shop.manager, answered.thread_id).turns[0].answer
        replayed = json.dumps([event.model_dump(mode="json") for event in threads.find_events(shop.manager, answered.thread_id)])
    assert shown is not None
    assert [one.message_id for one in shown.citations] == [one.message_id for one in rest if one.conversation_id != first.conversation_id]
    assert shown.notes[-1] == "Algumas mensagens desta resposta não podem mais ser mostradas."
    for text in (first.text, second.text):
        assert text not in shown.model_dump_json()
        assert text not in replayed


def test_words_that_a_sentence_quotes_go_with_the_message(shop: Shop) -> None:
    answered = ask(shop, "me mostra as mensagens negativas do canal Norte esta semana")
    gone = answered.citations[0]
    with scope(shop.tenant.id):
        rows = {event.type: event for event in TurnEvent.objects.filter(turn_id=answered.turn_id)}
        said = f"Um cliente escreveu: “{gone.text}”."
        rows["turn.answered"].turn.answer = answered.model_dump(mode="json") | {"text": said}
        rows["turn.answered"].turn.save()
        Message.objects.filter(id=gone.message_id).update(is_deleted=True)
        shown = threads.get_thread(shop.manager, answered.thread_id).turns[0].answer
        texts = [event.data.text for event in threads.find_events(shop.manager, answered.thread_id) if event.type == "text.added"]  # type: ignore[union-attr]
    assert shown is not None
    assert shown.text == "O texto desta resposta citava mensagens que não podem mais ser mostradas. Pergunte de novo."
    assert set(texts) == {""}


def test_whoever_may_not_ask_any_more_is_shown_nothing(shop: Shop) -> None:
    answered = ask(shop, "qual o csat na semana passada?")
    with scope(shop.tenant.id):
        User.objects.filter(id=shop.manager.id).update(role=Role.OPERATOR)
        shop.manager.refresh_from_db()
        for act in (threads.get_thread, threads.find_events, feedback.get_answered_turn):
            with pytest.raises(VisibleError, match="not_allowed"):
                act(shop.manager, answered.thread_id)
