"""One file a noun. Import models from here."""

from core.models.analysis import (
    VECTOR_DIMENSIONS,
    ConversationAnalysis,
    Emotion,
    MessageAnalysis,
    Sentiment,
    TextVector,
    Tone,
)
from core.models.api_key import ApiKey, Scope
from core.models.attempt import InjectionAttempt
from core.models.channel import Agent, Channel
from core.models.contact import Contact, ContactIdentity, ContactMerge
from core.models.conversation import Conversation
from core.models.correction import Correction
from core.models.gateway import ChannelDay, ChannelOutage, GatewayConnection
from core.models.import_run import ImportRun
from core.models.inbox import PendingChange, RawEvent, SupervisorMessage
from core.models.message import Message
from core.models.outgoing import OutgoingMessage
from core.models.phone import UserPhone
from core.models.proposal import ThemeProposal, ThemeSearch
from core.models.provider import ProviderSetting, VectorSet
from core.models.rescoring import ReScoring
from core.models.tenant import Language, Tenant, TenantModel
from core.models.theme import Theme
from core.models.user import RefreshSession, Role, User
from core.models.webhook import DomainEvent, EventKind, WebhookDelivery, WebhookEndpoint

__all__ = [
    "VECTOR_DIMENSIONS",
    "Agent",
    "ApiKey",
    "Channel",
    "ChannelDay",
    "ChannelOutage",
    "Contact",
    "ContactIdentity",
    "ContactMerge",
    "Conversation",
    "ConversationAnalysis",
    "Correction",
    "DomainEvent",
    "Emotion",
    "EventKind",
    "GatewayConnection",
    "ImportRun",
    "InjectionAttempt",
    "Language",
    "Message",
    "MessageAnalysis",
    "OutgoingMessage",
    "PendingChange",
    "ProviderSetting",
    "RawEvent",
    "ReScoring",
    "RefreshSession",
    "Role",
    "Scope",
    "Sentiment",
    "SupervisorMessage",
    "Tenant",
    "TenantModel",
    "TextVector",
    "Theme",
    "ThemeProposal",
    "ThemeSearch",
    "Tone",
    "User",
    "UserPhone",
    "VectorSet",
    "WebhookDelivery",
    "WebhookEndpoint",
]
