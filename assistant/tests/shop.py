"""A shop that a reader can add up by hand: every conversation of two weeks of November 2026, and a rival that looks the same.

The question is asked on Friday 20 November 2026, 15:30 in São Paulo. Last week is 9–15, this week 16–20. In the week of 16 the
channel Norte turns bad. The rival has the same names and twice the conversations, all with note 1: a row that crosses shows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.db.models import Model
from pytest_django.plugin import DjangoDbBlocker

from assistant.selection import Moment
from core.models import (
    Agent,
    Channel,
    Contact,
    Conversation,
    ConversationAnalysis,
    Message,
    MessageAnalysis,
    Role,
    Tenant,
    Theme,
    User,
)
from core.tenancy import scope, unscoped_directory

ZONE = "America/Sao_Paulo"
CLOCK = datetime(2026, 11, 20, 15, 30, tzinfo=ZoneInfo(ZONE))
MOMENT = Moment(clock=CLOCK, time_zone=ZONE, today=date(2026, 11, 20))

AGENTS = {"A": "Ana Souza", "B": "Bruno Lima", "C": "Carla Mendes", "-": None}
CHANNELS = {"S": "Suporte", "N": "Norte"}
THEMES = {"E": "Atraso na entrega", "D": "Produto com defeito", "P": "Pagamento e Pix", "-": None}
CONTACTS = {
    "ma": "Mariana Alves", "jo": "João Pedro Castro", "li": "Lívia Ferraz", "ro": "Roberto Tanaka",
    "pa": "Patrícia Gomes", "se": "Sérgio Barros",
}  # fmt: skip

# day of November, hour, channel, agent, contact, theme, note (0: waits for its analysis), resolved, seconds to the first reply (-: none),
# feeling and words of the customer's messages (+ positive joy, - negative anger, u negative urgent, s negative sadness, 0 neutral).
# A conversation without a reply whose customer wrote last is unanswered.
CONVERSATIONS = """
 9  9 S A ma E 5 y   60  + muito obrigada, chegou tudo certo | 0 bom dia, cadê meu pedido
 9 10 S B jo P 4 y  120  0 o pix caiu na conta de vocês?
 9 14 N A li D 4 y  300  0 o liquidificador veio com um risco | + resolveram rápido, adorei
10  9 S A ro E 3 n  180  - meu pedido está atrasado de novo
10 11 N B pa P 5 y   90  + ótimo atendimento, obrigada
10 15 S C se - 4 y  240  0 vocês abrem no sábado?
11  9 N C ma E 4 y  600  0 quando chega a encomenda
11 16 S B jo D 2 n  150  - a batedeira parou de funcionar | u preciso de uma resposta hoje
12 10 S A li P 5 y   45  + pagamento confirmado, valeu
12 14 N B ro E 4 y  200  0 qual o prazo de entrega
13  9 S A pa D 5 y   30  + trocaram na hora, excelente
13 18 S - se - 3 n    -  0 alguém aí?
14 11 N A ma E 4 y  400  0 o rastreio não mudou desde ontem
15 20 S B jo P 1 n  900  - cobraram duas vezes no cartão | - quero meu dinheiro de volta
16  9 N A li E 1 n 1800  - ninguém me entrega nada nessa loja norte | u quero falar com o gerente agora
16 10 S A ma P 5 y   60  + pix na hora, perfeito
16 11 N B ro E 2 n 2400  - atrasou cinco dias e ninguém avisa
16 15 S B pa - 4 y  100  0 qual o horário de domingo
17  9 N C se E 1 n 3600  - péssimo, nunca mais compro aqui | s estou muito decepcionada com vocês
17 10 S A jo D 5 y   50  + a troca foi fácil, amei
17 14 N A ma E 2 n 1500  u cadê minha encomenda, é urgente
17 16 S C li P 4 y  130  0 posso pagar em três vezes?
18  9 N B pa E 1 n 2700  - que descaso, o entregador sumiu
18 11 S A ro - 5 y   40  + obrigado pela ajuda
18 15 N C jo D 2 n 2000  - a geladeira chegou amassada
19 10 S B se P 4 y   90  0 o boleto venceu ontem
19 13 N A li E 1 n    -  - continuo sem resposta e sem pedido
19 17 S A pa E 5 y   70  + entregaram antes do prazo, show
20  9 S B ma D 4 y  110  0 a garantia cobre isso?
20 10 N C ro E 2 n 1200  - terceira vez que atrasa
20 11 S A jo - 0 n   60  0 bom dia
20 15 S - se P 0 n    -  0 o pix não aparece aqui
"""

FEELINGS = {
    "+": ("positive", 0.8, "joy", "friendly"),
    "-": ("negative", -0.7, "anger", "aggressive"),
    "u": ("negative", -0.5, "anger", "urgent"),
    "s": ("negative", -0.6, "sadness", "neutral"),
    "0": ("neutral", 0.0, "neutral", "neutral"),
}


@dataclass(frozen=True, slots=True)
class Shop:
    tenant: Tenant
    manager: User
    rival: Tenant
    rival_manager: User


@pytest.fixture
def shop(db: None) -> Shop:
    """Casa Lua with the conversations above, and Casa Sol with twice as many that look alike."""
    return make_shop()


@pytest.fixture(scope="module")
def standing_shop(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Shop]:
    """The same for a whole module of tests that only read: made once, in a transaction that is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_shop()
        transaction.set_rollback(True)


def make_shop() -> Shop:
    with unscoped_directory(reason="tests"):
        lua = Tenant.objects.create(name="Casa Lua", slug="casa-lua", time_zone=ZONE)
        sol = Tenant.objects.create(name="Casa Sol", slug="casa-sol", time_zone=ZONE)
        alice = User.objects.create_user("alice@casalua.example", tenant=lua, name="Alice", role=Role.MANAGER)
        charlie = User.objects.create_user("charlie@casasol.example", tenant=sol, name="Charlie", role=Role.MANAGER)
    fill(lua)
    fill(sol, times=2, note=1)
    return Shop(tenant=lua, manager=alice, rival=sol, rival_manager=charlie)


def fill(tenant: Tenant, *, times: int = 1, note: int | None = None) -> None:
    """Store the table for a tenant, `times` over, each analysed conversation with `note` where one is given."""
    with scope(tenant.id):
        names: dict[str, dict[str, Any]] = {}
        tables: dict[str, tuple[Any, dict[str, Any]]] = {
            "agent": (Agent, AGENTS), "channel": (Channel, CHANNELS), "theme": (Theme, THEMES), "contact": (Contact, CONTACTS),
        }  # fmt: skip
        for kind, (model, table) in tables.items():
            names[kind] = {code: model(name=name) for code, name in table.items() if name}
            model.objects.bulk_create(names[kind].values())
        made: dict[type[Model], list[Any]] = {Conversation: [], Message: [], MessageAnalysis: [], ConversationAnalysis: []}
        for time in range(times):
            for number, line in enumerate(CONVERSATIONS.strip().splitlines()):
                for row in _make_rows(line.split(maxsplit=9), f"{time}-{number}", names, note):
                    made[type(row)].append(row)
        for kept, rows in made.items():
            kept._default_manager.bulk_create(rows)


def _make_rows(cells: list[str], chat_key: str, names: dict[str, dict[str, Any]], note: int | None) -> Iterator[Any]:
    """A conversation with its messages and analyses."""
    day, hour, channel, agent, contact, theme, own_note, resolved, reply, texts = cells
    started = datetime(2026, 11, int(day), int(hour), tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
    said = [text.strip().split(maxsplit=1) for text in texts.split("|")]
    reply_seconds = None if reply == "-" else int(reply)
    last = started + timedelta(seconds=(reply_seconds or 0) + 60 * (len(said) - 1))
    conversation = Conversation(
        channel=names["channel"][channel], contact=names["contact"][contact], agent=names["agent"].get(agent), chat_key=chat_key,
        started_at=started, last_message_at=last, message_count=len(said) + (reply_seconds is not None),
        customer_message_count=len(said), first_response_seconds=reply_seconds,
        waiting_since_at=started if reply_seconds is None else None,
    )  # fmt: skip
    yield conversation
    first, *more = said
    rows: list[tuple[str, str, str, datetime, int | None]] = [("customer", first[0], first[1], started, None)]
    if reply_seconds is not None:
        rows.append(("agent", "", "vou verificar para você", started + timedelta(seconds=reply_seconds), reply_seconds))
    rows += [("customer", feeling, text, last, None) for feeling, text in more]
    analysis: dict[str, Any] = {"analyser": "test", "analyser_version": "1", "analysed_at": last}
    for position, (author, feeling, text, sent_at, response_seconds) in enumerate(rows):
        message = Message(
            channel=conversation.channel, conversation=conversation, chat_key=chat_key, provider_id=f"{chat_key}-{position}",
            author=author, contact=conversation.contact if author == "customer" else None,
            agent=conversation.agent if author == "agent" else None, text=text, sent_at=sent_at, position=position,
            response_seconds=response_seconds,
        )  # fmt: skip
        yield message
        if author == "customer" and own_note != "0":
            sentiment, score, emotion, tone = FEELINGS[feeling]
            yield MessageAnalysis(
                message=message, text_hash=message.provider_id, sentiment=sentiment, sentiment_score=score, emotion=emotion,
                tone=tone, **analysis,
            )  # fmt: skip
    if own_note != "0":
        yield ConversationAnalysis(
            conversation=conversation, revision=1, satisfaction=note or int(own_note), score=float(note or own_note),
            theme=names["theme"].get(theme), is_resolved=resolved == "y", **analysis,
        )  # fmt: skip
