"""Tenants of up to a million messages, made in the database itself: the same on every machine, and large in minutes."""

import uuid
from datetime import timedelta
from typing import Any

from django.db import connection, connections, models
from django.utils import timezone

from core.models import Agent, Channel, Contact, Conversation, ConversationAnalysis, Message, MessageAnalysis, Role, Tenant, Theme, User
from core.project.bench.pairs import Tell
from core.tenancy import scope

DAYS = 180
TURNS = 8  # messages of a conversation, of which the customer writes these
CUSTOMER_TURNS = (0, 2, 3, 5, 7)
BATCH = 40_000
THEMES = ("Atraso na entrega", "Produto com defeito", "Troca e devolução", "Pagamento", "Preço", "Cadastro", "Montagem", "Elogio")
AGENTS = ("Ana Souza", "Bruno Lima", "Carla Dias", "Davi Rocha", "Elisa Prado", "Fábio Reis", "Gabi Nunes", "Hugo Melo")
CHANNELS = ("Loja Centro", "Loja Norte", "Suporte")
OPENINGS = (
    "oi, meu pedido", "bom dia, a entrega", "o produto que comprei", "a geladeira nova", "a nota fiscal", "o boleto de maio", "o montador",
    "a troca da camisa", "o reembolso", "esse atendimento", "a senha do app", "o frete pra Santos", "a parcela do cartão", "o sofá cinza",
)  # fmt: skip
ENDINGS = (
    "ainda não chegou", "veio com defeito", "está atrasado de novo", "chegou certinho, obrigada", "não foi enviado", "veio errado",
    "parou de funcionar", "custa quanto", "demora quantos dias", "ficou perfeito, adorei", "foi cobrado duas vezes", "sumiu do site",
)  # fmt: skip
# A third of the texts is like no other: it holds a number.
NUMBER_EVERY = 3


def fill_large_tenant(tenant: Tenant, *, messages: int, tell: Tell) -> User:
    """Store so many messages (TURNS a conversation) of the last DAYS days, analysed, without vectors. Returns a manager who may ask."""
    with scope(tenant.id):
        manager = User.objects.create(email=f"{tenant.slug}@bench.example", name="Bench", role=Role.MANAGER, tenant=tenant)
        names = {"channel_id": _name(Channel, CHANNELS), "agent_id": _name(Agent, AGENTS), "theme_id": _name(Theme, THEMES)}
    conversations = messages // TURNS
    values = _write_expressions(tenant, names, contacts=max(1, conversations // 3), conversations=conversations)
    for start in range(0, conversations, BATCH // TURNS):
        end = min(conversations, start + BATCH // TURNS)
        with scope(tenant.id):
            if start == 0:
                _insert(Contact, values["contact"], source=f"generate_series(0, {max(1, conversations // 3) - 1}) i")
            talks = f"generate_series({start}, {end - 1}) i"
            turns = f"{talks}, generate_series(0, {TURNS - 1}) turn"
            customer = f"{turns} WHERE turn IN {CUSTOMER_TURNS}"
            _insert(Conversation, values["conversation"], source=talks)
            _insert(Message, values["message"], source=turns)
            _insert(MessageAnalysis, values["message_analysis"], source=customer)
            _insert(ConversationAnalysis, values["conversation_analysis"], source=talks)
        tell(f"{tenant.slug}: {end * TURNS} of {messages} messages")
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    return manager


def find_hashes(tenant: Tenant) -> list[str]:
    """The hashes of a tenant's different texts."""
    with scope(tenant.id):
        return list(MessageAnalysis.objects.order_by("text_hash").values_list("text_hash", flat=True).distinct("text_hash"))


def _name(model: type[models.Model], names: tuple[str, ...]) -> list[uuid.UUID]:
    return [model._default_manager.create(name=name).pk for name in names]


def _write_expressions(
    tenant: Tenant, names: dict[str, list[uuid.UUID]], *, contacts: int, conversations: int
) -> dict[str, dict[str, str]]:
    """Each table's columns as SQL over `i`, a conversation's number, and `turn`, a message's within it."""
    # Ids in the order of time, as those of version 7 are.
    suffix = f"70008000{tenant.id.hex[:12]}"

    def make_id(number: str) -> str:
        return f"(lpad(to_hex({number}), 12, '0') || '{suffix}')::uuid"

    def choose(column: str, by: str) -> str:
        listed = ", ".join(f"'{one}'" for one in names[column])
        return f"(ARRAY[{listed}]::uuid[])[1 + ({by}) % {len(names[column])}]"

    begin = (timezone.now() - timedelta(days=DAYS)).isoformat()
    step = DAYS * 86_400 / max(1, conversations + 1)
    at = f"('{begin}'::timestamptz + i * interval '{step} seconds')"
    number = f"(i * {TURNS} + turn)"
    # Any fixed mix of the number will do: its bits say which opening, which ending, which feeling.
    mixed = f"abs(hashint8({number}))"
    openings, endings = (", ".join(f"'{one}'" for one in phrases) for phrases in (OPENINGS, ENDINGS))
    text = (
        f"(ARRAY[{openings}])[1 + {mixed} % {len(OPENINGS)}] || ' ' || (ARRAY[{endings}])[1 + ({mixed} / 97) % {len(ENDINGS)}]"
        f" || CASE WHEN {number} % {NUMBER_EVERY} = 0 THEN ' ' || {number} ELSE '' END"
    )
    is_customer = f"turn IN {CUSTOMER_TURNS}"
    analysis = {"analyser": "'bench'", "analyser_version": "'1'", "analysed_at": at}
    return {
        "contact": {"id": make_id("i"), "name": "'Cliente ' || translate(i::text, '0123456789', 'abcdefghij')"},
        "conversation": {
            "id": make_id("i"), "channel_id": choose("channel_id", "i"), "contact_id": make_id(f"i % {contacts}"),
            "agent_id": choose("agent_id", "i / 7"), "chat_key": "'chat-' || i", "started_at": at,
            "last_message_at": f"{at} + interval '{3 * (TURNS - 1)} minutes'", "message_count": str(TURNS),
            "customer_message_count": str(len(CUSTOMER_TURNS)), "first_response_seconds": "60 + i % 1800", "is_closed": "true",
        },
        "message": {
            "id": make_id(number), "channel_id": choose("channel_id", "i"), "conversation_id": make_id("i"),
            "contact_id": f"CASE WHEN {is_customer} THEN {make_id(f'i % {contacts}')} END",
            "agent_id": f"CASE WHEN NOT {is_customer} THEN {choose('agent_id', 'i / 7')} END", "provider_id": f"'m-' || {number}",
            "chat_key": "'chat-' || i", "author": f"CASE WHEN {is_customer} THEN 'customer' ELSE 'agent' END",
            "text": f"CASE WHEN {is_customer} THEN {text} ELSE 'certo, vou verificar' END",
            "sent_at": f"{at} + turn * interval '3 minutes'",
            "position": "turn", "response_seconds": f"CASE WHEN NOT {is_customer} THEN 60 + i % 1800 END",
        },
        "message_analysis": analysis | {
            "id": make_id(number), "message_id": make_id(number), "text_hash": f"md5({text})",
            "sentiment": f"(ARRAY['positive', 'neutral', 'negative'])[1 + {mixed} % 3]",
            "sentiment_score": f"({mixed} % 200 - 100) / 100.0", "emotion": f"(ARRAY['joy', 'neutral', 'anger'])[1 + {mixed} % 3]",
            "tone": f"(ARRAY['friendly', 'neutral', 'urgent'])[1 + {mixed} % 3]",
        },
        "conversation_analysis": analysis | {
            "id": make_id("i"), "conversation_id": make_id("i"), "revision": "1", "satisfaction": "1 + abs(hashint8(i)) % 5",
            "score": "1.0 + abs(hashint8(i)) % 5", "theme_id": choose("theme_id", "abs(hashint8(i)) / 11"), "is_resolved": "i % 3 > 0",
        },
    }  # fmt: skip


def _insert(model: type[models.Model], expressions: dict[str, str], *, source: str) -> None:
    """Insert rows whose columns are SQL expressions; the others are the model's defaults."""
    columns: dict[str, str] = {}
    parameters: list[Any] = []
    for field in model._meta.local_concrete_fields:
        if getattr(field, "generated", False) or field.column is None:
            continue
        if expression := expressions.get(field.attname or ""):
            columns[field.column] = expression.replace("%", "%%")
        else:
            columns[field.column] = "%s"
            value = field.pre_save(model(), add=True)
            parameters.append(field.get_db_prep_save(value, connection))
    with connection.cursor() as cursor:
        listed, values = ", ".join(columns), ", ".join(columns.values())
        cursor.execute(f"INSERT INTO {model._meta.db_table} ({listed}) SELECT {values} FROM {source}", parameters)  # noqa: S608  (ours)
