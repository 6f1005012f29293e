"""The cast of our tests: Alice (manager) and Bob (operator) of Casa Lua, and Charlie of Casa Sol, the outsider whose data looks alike.

Both tenants have the same channels, agents, themes, contacts and phones, down to the spelling; only the marker word in the
outsider's texts tells the two apart, so that a row that crosses over is seen.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from assistant.models import AuditEntry, Feedback, Thread, Turn, TurnEvent, VerifiedQuestion
from bots.models import Alert, BotTalk, ScheduledQuestion, Subscription
from core.api_keys import make_key
from core.models import (
    VECTOR_DIMENSIONS,
    Agent,
    Channel,
    ChannelDay,
    ChannelOutage,
    Contact,
    ContactIdentity,
    ContactMerge,
    Conversation,
    ConversationAnalysis,
    Correction,
    DomainEvent,
    GatewayConnection,
    ImportRun,
    InjectionAttempt,
    Message,
    MessageAnalysis,
    OutgoingMessage,
    PendingChange,
    ProviderSetting,
    RawEvent,
    RefreshSession,
    ReScoring,
    Role,
    Scope,
    SupervisorMessage,
    Tenant,
    TextVector,
    Theme,
    ThemeProposal,
    ThemeSearch,
    User,
    UserPhone,
    VectorSet,
    WebhookDelivery,
    WebhookEndpoint,
)
from core.tenancy import scope, unscoped_directory

OUTSIDER_MARK = "XOUTSIDERX"
NOON = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)  # a Monday, 12:00 in São Paulo
LONG_AFTER = NOON + timedelta(days=3650)
PASSWORD = "uma senha bem comprida"


@dataclass(frozen=True, slots=True)
class Cast:
    """Two tenants with look-alike rows in every table."""

    tenant: Tenant
    alice: User
    bob: User
    other_tenant: Tenant
    charlie: User


@pytest.fixture
def cast(db: None) -> Cast:
    """Alice, Bob and Charlie, each table of both tenants holding at least one row."""
    return make_cast()


def make_cast() -> Cast:
    with unscoped_directory(reason="tests"):
        lua = Tenant.objects.create(name="Casa Lua", slug="casa-lua")
        sol = Tenant.objects.create(name=f"Casa Sol {OUTSIDER_MARK}", slug="casa-sol")
        alice = User.objects.create_user("alice@casalua.example", PASSWORD, tenant=lua, name="Alice", role=Role.ADMIN)
        bob = User.objects.create_user("bob@casalua.example", PASSWORD, tenant=lua, name="Bob", role=Role.OPERATOR)
        charlie = User.objects.create_user(
            "charlie@casasol.example", PASSWORD, tenant=sol, name=f"Charlie {OUTSIDER_MARK}", role=Role.ADMIN
        )
    fill_tenant(lua, viewer=alice, mark="")
    fill_tenant(sol, viewer=charlie, mark=OUTSIDER_MARK)
    return Cast(tenant=lua, alice=alice, bob=bob, other_tenant=sol, charlie=charlie)


def fill_tenant(tenant: Tenant, *, viewer: User, mark: str) -> None:
    """One row at least in every table of a tenant: a conversation of three messages with everything around it."""
    with scope(tenant.id):
        channel = Channel.objects.create(name="Suporte", phone="5511999990000")
        agent = Agent.objects.create(name="Ana Souza")
        theme = Theme.objects.create(name="Atraso na entrega", examples=[f"cadê meu pedido {mark}"])
        contact = Contact.objects.create(name="Mariana Alves")
        ContactIdentity.objects.create(contact=contact, channel=channel, kind=ContactIdentity.Kind.PHONE, value="5511988887777")
        conversation = Conversation.objects.create(
            channel=channel,
            contact=contact,
            agent=agent,
            chat_key="5511988887777",
            started_at=NOON,
            last_message_at=NOON + timedelta(minutes=10),
            message_count=3,
            customer_message_count=2,
            first_response_seconds=300,
            waiting_since_at=NOON + timedelta(minutes=10),
        )
        texts = (("customer", "cadê meu pedido?"), ("agent", "vou verificar"), ("customer", "até agora nada"))
        for number, (author, text) in enumerate(texts):
            message = Message.objects.create(
                channel=channel,
                conversation=conversation,
                contact=contact if author == "customer" else None,
                agent=agent if author == "agent" else None,
                provider_id=f"msg-{number}",
                chat_key=conversation.chat_key,
                author=author,
                text=f"{text} {mark}".strip(),
                sent_at=NOON + timedelta(minutes=5 * number),
                position=number,
                response_seconds=300 if author == "agent" else None,
            )
            if author == "customer":
                MessageAnalysis.objects.create(
                    message=message, analyser="test", analyser_version="1", analysed_at=NOON, text_hash=f"hash-{number}",
                    sentiment="negative", sentiment_score=-0.5, emotion="anger", tone="urgent",
                )  # fmt: skip
        InjectionAttempt.objects.create(message=message)
        ThemeProposal.objects.create(
            name=f"Nota fiscal {mark}".strip(), words=["nota fiscal"], conversation_ids=[conversation.id], example_ids=[message.id], size=1,
            customers=1, recent=1, first_seen_at=NOON, last_seen_at=NOON, decided_by=viewer, theme=theme,
        )  # fmt: skip
        ThemeSearch.objects.create(finished_at=NOON, waiting=1, grouped=1)
        ConversationAnalysis.objects.create(
            conversation=conversation, analyser="test", analyser_version="1", analysed_at=NOON, revision=1,
            satisfaction=2, score=2.2, theme=theme, is_resolved=False,
        )  # fmt: skip
        Correction.objects.create(
            conversation=conversation, user=viewer, made_at=NOON, satisfaction=1, comment=f"pior do que parece {mark}".strip(), revision=1,
            analyser="test", analyser_version="1", machine_score=2.2, machine_theme=theme, machine_is_resolved=False, undone_at=NOON,
            undone_by=viewer, corrects_theme=True, theme=theme,
        )  # fmt: skip
        ReScoring.objects.create(
            analyser="test", analyser_version="2", old_analyser="test", old_version="1", state=ReScoring.State.ROLLED_BACK, user=viewer
        )
        TextVector.objects.create(model="test", text_hash="hash-0", vector=[1.0] + [0.0] * (VECTOR_DIMENSIONS - 1))
        # Nobody listens there: whoever asks it is told at once.
        provider = ProviderSetting(base_url="http://127.0.0.1:1", model=f"qwen3:4b {mark}".strip(), is_active=False)
        provider.secret = f"provider-secret {mark}"
        provider.save()
        VectorSet.objects.create(model="ollama:qwen3-embedding:0.6b", state=VectorSet.State.STOPPED)
        make_key(owner=viewer, name=f"painel {mark}".strip(), scopes=[Scope.READ])
        ImportRun.objects.create(channel=channel, file_name=f"conversa {mark}.txt", sha256="0" * 64)
        RefreshSession.objects.create(user=viewer, token_id=f"token-{tenant.slug}", expires_at=LONG_AFTER)
        fill_live_road(channel, contact, viewer=viewer, mark=mark)
        thread = Thread.objects.create(viewer=viewer, title=f"Satisfação {mark}".strip(), last_seq=1)
        turn = Turn.objects.create(
            thread=thread, number=1, question=f"Como está a satisfação? {mark}".strip(), language="pt", asked_at=NOON, as_of=NOON,
            status=Turn.Status.ANSWERED,
        )  # fmt: skip
        TurnEvent.objects.create(
            thread=thread, turn=turn, seq=1, type="turn.started", at=NOON,
            data={"question": turn.question, "client_id": None, "thread_title": thread.title},
        )  # fmt: skip
        fill_keepsakes(turn, viewer=viewer)
        BotTalk.objects.create(user=viewer, channel=channel, thread=thread)


def fill_keepsakes(turn: Turn, *, viewer: User) -> None:
    """What is kept of a turn beside its thread: the audit, a thumb, and its question verified."""
    entry = AuditEntry.objects.create(
        turn_id=turn.id, thread_id=turn.thread_id, user=viewer, user_name=viewer.name, question=turn.question, language="pt",
        asked_at=NOON, as_of=NOON, status=AuditEntry.Status.ANSWERED,
    )  # fmt: skip
    Feedback.objects.create(entry=entry, is_good=False, reason=Feedback.Reason.NUMBER, comment=turn.question, given_at=NOON)
    plan = {
        "intent": "metric", "metrics": ["satisfaction"], "period": {"start": "2026-11-16", "end": "2026-11-16"}, "compare_to": None,
        "group_by": None, "filters": {}, "search": None, "order": None, "limit": None, "assumed": [],
    }  # fmt: skip
    VerifiedQuestion.objects.create(
        question=turn.question, key=turn.question.lower(), language="pt", plan=plan, as_of=NOON, timing="fixed", made_by=viewer
    )


def fill_live_road(channel: Channel, contact: Contact, *, viewer: User, mark: str) -> None:
    """What a gateway and the talk with a tenant's own people leave behind: one row of each."""
    gateway = GatewayConnection(channel=channel, base_url="http://127.0.0.1:1", instance=f"loja {mark}".strip(), hook_nonce="nonce")
    gateway.token = f"instance-token {mark}"
    gateway.save()
    ChannelDay.objects.create(channel=channel, on=NOON.date(), expected=3, received=3)
    ChannelOutage.objects.create(channel=channel, since_at=NOON - timedelta(days=400), until_at=NOON - timedelta(days=399))
    RawEvent.objects.create(
        channel=channel, road="webhook", name="presence.update", digest="0" * 32, body={"data": mark}, state=RawEvent.State.NOT_A_MESSAGE
    )
    PendingChange.objects.create(channel=channel, provider_id="msg-later", kind=PendingChange.Kind.EDIT, value=f"corrigido {mark}")
    UserPhone.objects.create(user=viewer, phone="5511977776666", verified_at=NOON)
    SupervisorMessage.objects.create(
        user=viewer, channel=channel, provider_id="ask-0", chat="5511977776666", text=f"como estamos? {mark}", sent_at=NOON,
        state=SupervisorMessage.State.ANSWERED,
    )  # fmt: skip
    OutgoingMessage.objects.create(
        channel=channel, user=viewer, to="5511977776666", purpose="answer", key="answer-0", text=f"3 conversas {mark}",
        state=OutgoingMessage.State.SENT, not_before_at=NOON,
    )  # fmt: skip
    other = Contact.objects.create(name=f"Mari {mark}".strip())
    ContactMerge.objects.create(kept=contact, merged=other, channel=channel, reason="phone and @lid in one message")
    Subscription.objects.create(user=viewer, kind=Subscription.Kind.BRIEFING)
    Alert.objects.create(kind=Subscription.Kind.SATISFACTION, key="satisfaction:2026-11-16")
    fill_roads_out(viewer=viewer, mark=mark)


def fill_roads_out(*, viewer: User, mark: str) -> None:
    """A webhook that nobody listens at, what it was told, and a question that is asked again and again."""
    endpoint = WebhookEndpoint(url="http://127.0.0.1:1/hook", description=f"CRM {mark}".strip(), is_active=False)
    endpoint.secret = "whsec_" + "c2VjcmV0" * 5
    endpoint.save()
    event = DomainEvent.objects.create(kind="satisfaction.fell", key="satisfaction:2026-11-16", data={"note": mark}, happened_at=LONG_AFTER)
    WebhookDelivery.objects.create(event=event, endpoint=endpoint, state=WebhookDelivery.State.FAILED, settled_at=NOON)
    ScheduledQuestion.objects.create(user=viewer, question=f"Como está a satisfação? {mark}".strip(), is_active=False)
