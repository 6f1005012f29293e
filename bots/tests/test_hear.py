"""A supervisor's talk over WhatsApp, from "oi" to "parar", and what everybody else learns: nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import override_settings

from assistant import answer
from assistant.models import Thread, Turn
from assistant.tests.shop import CLOCK, fill
from bots import hear, talk
from bots.holding import make_alert_key
from bots.models import Alert, BotTalk, Subscription
from bots.outbox import enqueue, send_due
from bots.tests.conftest import Clock, Road, make_road
from bots.tests.wire import Wire, wiring
from core.models import Agent, Channel, Contact, Conversation, GatewayConnection, SupervisorMessage, Theme, User
from core.tenancy import scope, unscoped_directory
from tests.gateway.faults import Faults
from tests.gateway.server import Gateway

ALICE, ALICE_SHORT = "5511977776666", "551177776666"
State = SupervisorMessage.State


@dataclass(slots=True, kw_only=True)
class Phone:
    """A person's phone in a talk: what they write comes over the wire where there is one, and is stored as the road in stores it where
    there is none; what comes back is read at the gateway."""

    road: Road
    user: User
    clock: Clock
    count: int = 0
    seen: int = 0
    queue: list[str] = field(default_factory=list)
    wire: Wire | None = None

    def write(self, text: str, *, kind: str = "text", quoted_id: str = "", sent_at: datetime | None = None) -> None:
        self.count += 1
        if self.wire is not None:
            assert (kind, quoted_id) == ("text", "")
            # WhatsApp leaves the ninth digit of an old number out.
            self.wire.write(ALICE_SHORT, text, at=sent_at or self.clock())
            self.wire.take()
            return
        with scope(self.road.tenant.id):
            SupervisorMessage.objects.create(
                user=self.user, channel=self.road.channel, provider_id=f"ask-{self.user.id}-{self.count}", chat=ALICE, kind=kind,
                text=text, quoted_id=quoted_id, sent_at=sent_at or self.clock(),
            )  # fmt: skip

    def say(self, text: str, **more: Any) -> list[str]:
        """Write it, have it heard and the replies sent; what arrived."""
        self.clock.pass_by(seconds=5)
        self.write(text, **more)
        hear.hear_waiting(str(self.road.tenant.id), now=self.clock)
        return self.receive()

    def receive(self) -> list[str]:
        send_due(str(self.road.tenant.id), now=self.clock)
        if self.wire is not None:
            self.wire.take()
        sent = self.road.find_sent()
        new, self.seen = sent[self.seen :], len(sent)
        return [text for _, text in new]


@pytest.fixture(autouse=True)
def silent_signals(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of messages for which the gateway would have been told "read" and "typing"."""
    told: list[str] = []
    monkeypatch.setattr(hear, "_signal", lambda _connection, message: told.append(message.provider_id))
    return told


@pytest.fixture
def phone(gateway: Gateway, db: None) -> Phone:
    return make_phone(gateway)


def make_phone(gateway: Gateway) -> Phone:
    """Alice's phone, on the shop's Friday, 20 November 2026, 15:30."""
    gateway.set_faults(Faults())
    road = make_road(gateway)
    with scope(road.tenant.id):
        # The cast's own conversation would count along.
        Thread.objects.all().delete()
        Channel.objects.filter(id=road.channel.id).update(name="WhatsApp da loja")
        for model in (Conversation, Contact, Agent, Theme):
            model.objects.all().delete()
        GatewayConnection.objects.update(messages_per_minute=600)
    fill(road.tenant)
    return Phone(road=road, user=road.alice, clock=Clock(CLOCK))


@pytest.fixture
def wired(phone: Phone) -> Iterator[Phone]:
    """The same phone, whose words come over the stand-in gateway."""
    with wiring(phone.road) as phone.wire:
        yield phone


def test_a_talk_of_ten_turns(wired: Phone, silent_signals: list[str]) -> None:
    phone, road = wired, wired.road
    # 1 identify
    (hello,) = phone.say("Oi!")
    assert hello.splitlines()[:2] == ["Oi, *Alice*! Pergunte sobre os atendimentos de *Casa Lua*, do seu jeito. Por exemplo:", ""]
    assert "*2* Por que a satisfação caiu na semana passada?" in hello
    # 2 ask
    (asked,) = phone.say("como está a satisfação esta semana?")
    assert asked == (
        "Esta semana, até hoje, a satisfação está em *3,0* (16 conversas).\n\n"
        "_Esta semana, até hoje (16/11 a 20/11) · 16 de 18 conversas analisadas, 2 aguardando_\n\n"
        "Responda com o número:\n*1* Por quê?\n*2* Ver as mensagens\n*3* E em comparação com o período anterior?"
    )
    # 3 a number asks on, in the same thread
    (why,) = phone.say("1")
    assert "o canal *Norte*" in why and "*−0,79*" in why
    # 4 a follow-up in words, with a picture
    (by_agent,) = phone.say("como está a satisfação por atendente esta semana?")
    assert "Melhor: *Ana Souza*, *3,43*; pior: *Bruno Lima*, *3,0*." in by_agent
    assert road.gateway.find_sent(road.instance)[-1]["messageType"] == "imageMessage"
    # 5 in words again, about the same
    (by_theme,) = phone.say("e por tema?")
    assert "Atraso na entrega" in by_theme
    # 6 drill down to the messages of the last answer
    (drilled,) = phone.say("3")
    assert drilled.splitlines()[0] == "*Mensagens* (5 de 5)"
    assert "> *Roberto* · 20/11 às 10:00" in drilled
    # 7 into a conversation
    with scope(road.tenant.id):
        assert BotTalk.objects.get(user=phone.user).choices["1"]["do"] == "conversation"
    (conversation,) = phone.say("1️⃣")
    assert conversation.startswith("*Conversa com ")
    # 8 an alert comes unasked, and a reply to it drills down
    with scope(road.tenant.id):
        Subscription.objects.create(user=phone.user, kind="satisfaction")
        alert = Alert.objects.create(kind="satisfaction", key="satisfaction:day:2026-11-20")
        enqueue(
            road.channel, to=ALICE, purpose="alert", key=make_alert_key("satisfaction", alert.id, phone.user.id), user=phone.user,
            text="⚠ *A satisfação caiu*", not_before_at=phone.clock(),
            replies={"1": {"do": "ask", "question": "Por que a satisfação caiu esta semana?", "language": "pt"}},
        )  # fmt: skip
    assert phone.receive() == ["⚠ *A satisfação caiu*"]
    (cause,) = phone.say("1")
    assert "o canal *Norte*" in cause
    # 9 stop
    assert phone.say("PARAR") == ["Pronto: não envio mais nada sem você perguntar. Escreva *voltar* quando quiser os avisos de novo."]
    with scope(road.tenant.id):
        assert BotTalk.objects.get(user=phone.user).is_stopped
    # 10 asking goes on, and does not bring the alerts back
    assert "*14* conversas" in phone.say("resumo da semana passada")[0]
    with scope(road.tenant.id):
        assert BotTalk.objects.get(user=phone.user).is_stopped
        assert [(thread.viewer_id, thread.turns.count()) for thread in Thread.objects.all()] == [(phone.user.id, 6)]
    assert phone.say("voltar") == ["Os avisos que você escolheu voltaram."]
    assert len(silent_signals) == 11


def test_a_list_is_read_to_its_end(phone: Phone) -> None:
    (first,) = phone.say("lista as conversas da semana passada")
    assert ("e mais 10" in first, "*1* Ver mais" in first) == (True, True)
    pages = [first, *(phone.say(number)[0] for number in ("1", "6"))]
    # Each page goes on where the one before it ended, and the last one offers no more.
    assert [page.splitlines()[0] for page in pages[1:]] == ["*5–9* de 14", "*10–14* de 14"]
    assert ["Ver mais" in page for page in pages] == [True, True, False]
    assert [len([line for line in page.splitlines() if line.startswith("• *")]) for page in pages] == [4, 5, 5]
    # A row's number opens its conversation.
    assert phone.say("1")[0].startswith("*Conversa com ")


def test_an_answer_is_the_same_as_on_the_web(phone: Phone) -> None:
    (said,) = phone.say("quantas conversas houve na semana passada?")
    on_the_web = answer.run(phone.user, question="quantas conversas houve na semana passada?", clock=phone.clock())
    assert said.replace("*", "").startswith(on_the_web.text)


@pytest.mark.parametrize(
    ("kind", "text", "reply"),
    [
        ("audio", "", "Não consigo ouvir este áudio. Escreva a sua pergunta, por favor."),
        ("sticker", "", "Só entendo texto. Escreva a sua pergunta, por favor."),
        ("text", "7", "Não há opção *7* agora. Pergunte do seu jeito, ou escreva _menu_."),
        ("text", "Nova conversa", "Assunto novo: esqueci as perguntas de antes. O que você quer saber?"),
        ("text", "Obrigada!", "Por nada. É só perguntar."),
    ],
)
def test_what_is_no_question(phone: Phone, kind: str, text: str, reply: str) -> None:
    assert phone.say(text, kind=kind) == [reply]
    with scope(phone.road.tenant.id):
        assert not Turn.objects.exists()


def test_a_spoken_question_is_a_question_and_a_reaction_is_none(phone: Phone) -> None:
    assert "*3,0*" in phone.say("[audio] como está a satisfação esta semana?", kind="audio")[0]
    assert phone.say("👍", kind="reaction") == []


@pytest.mark.parametrize(("language", "hello"), [("en", "Hi, *Alice*! Ask about"), ("es", "¡Hola, *Alice*! Pregunta por")])
def test_it_speaks_the_persons_language(phone: Phone, language: str, hello: str) -> None:
    with scope(phone.road.tenant.id):
        User.objects.filter(id=phone.user.id).update(language=language)
    assert phone.say("menu")[0].startswith(hello)


def test_a_number_means_what_it_meant_in_the_message_that_is_replied_to(phone: Phone) -> None:
    phone.say("como está a satisfação esta semana?")
    first = phone.road.gateway.find_sent(phone.road.instance)[-1]["key"]["id"]
    phone.say("quais conversas estão sem resposta?")
    assert "o canal *Norte*" in phone.say("1", quoted_id=first)[0]


def test_a_new_subject_begins_when_asked_and_after_half_a_day(phone: Phone) -> None:
    def count() -> int:
        with scope(phone.road.tenant.id):
            return Thread.objects.count()

    steps = []
    said = [("como está a satisfação esta semana?", 0), ("e ontem?", 1), ("nova conversa", 0), ("resumo de ontem", 0)]
    for text, hours in [*said, ("resumo de ontem", 13)]:
        phone.clock.pass_by(hours=hours)
        phone.say(text)
        steps.append(count())
    assert steps == [1, 1, 1, 2, 3]


def test_messages_are_heard_once_and_in_the_order_of_their_writing(phone: Phone) -> None:
    phone.write("resumo de ontem", sent_at=CLOCK + timedelta(seconds=2))
    phone.write("oi", sent_at=CLOCK + timedelta(seconds=1))
    phone.clock.pass_by(seconds=9)
    assert hear.hear_waiting(str(phone.road.tenant.id), now=phone.clock) == 2
    assert hear.hear_waiting(str(phone.road.tenant.id), now=phone.clock) == 0
    assert [text[:3] for text in phone.receive()] == ["Oi,", "Ont"]


def test_a_worker_that_died_over_an_answer_leaves_neither_turn_nor_reply(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    phone.write("como está a satisfação esta semana?")
    with monkeypatch.context() as dying:
        dying.setattr(hear, "_send", die)
        with pytest.raises(Killed):
            hear.hear_waiting(str(phone.road.tenant.id), now=phone.clock)
    with scope(phone.road.tenant.id):
        assert not Turn.objects.exists()
    phone.clock.pass_by(seconds=1)
    hear.hear_waiting(str(phone.road.tenant.id), now=phone.clock)
    assert len(phone.receive()) == 1


def test_what_breaks_is_told_and_holds_up_nobody(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise RuntimeError("Mariana disse…")

    with monkeypatch.context() as broken:
        broken.setattr(talk, "shape_answer", break_down)
        assert phone.say("como está a satisfação esta semana?") == ["Algo falhou do nosso lado. Tente de novo em instantes."]
    assert "*3,0*" in phone.say("como está a satisfação esta semana?")[0]


def test_old_questions_that_come_late_are_not_answered(phone: Phone) -> None:
    assert phone.say("como está a satisfação?", sent_at=CLOCK - timedelta(hours=2)) == []
    with scope(phone.road.tenant.id):
        assert SupervisorMessage.objects.get(text="como está a satisfação?").state == State.FAILED


def test_there_is_a_limit_of_questions_a_minute(phone: Phone) -> None:
    with override_settings(QUESTIONS_PER_MINUTE=2):
        replies = [phone.say("resumo de ontem")[0] for _ in range(3)]
    assert [reply.startswith("Muitas tentativas em pouco tempo.") for reply in replies] == [False, False, True]


def test_an_operator_may_not_ask(phone: Phone) -> None:
    bob = replace(phone, user=phone.road.cast.bob)
    for text in ("como está a satisfação esta semana?", "1", "oi"):
        assert bob.say(text)[0].startswith("Oi, *Bob*! Seu perfil é de atendente")
    with scope(phone.road.tenant.id):
        assert not Turn.objects.exists()


def test_who_left_the_company_gets_nothing(phone: Phone) -> None:
    with unscoped_directory(reason="test"):
        User.objects.filter(id=phone.user.id).update(is_active=False)
    assert phone.say("como está a satisfação esta semana?") == []


def test_the_link_of_a_conversation_is_told_where_there_is_an_address(phone: Phone) -> None:
    phone.say("como está a satisfação esta semana?")
    with override_settings(PUBLIC_URL="https://evosense.example.com"):
        (drilled,) = phone.say("2")
    assert drilled.count("https://evosense.example.com/c/") == 5
    assert len(drilled) <= 1000
