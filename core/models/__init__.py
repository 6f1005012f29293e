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
from core.models.channel import Agent, Channel
from core.models.contact import Contact, ContactIdentity
from core.models.conversation import Conversation
from core.models.import_run import ImportRun
from core.models.message import Message
from core.models.tenant import Language, Tenant, TenantModel
from core.models.theme import Theme
from core.models.user import RefreshSession, Role, User

__all__ = [
    "VECTOR_DIMENSIONS",
    "Agent",
    "Channel",
    "Contact",
    "ContactIdentity",
    "Conversation",
    "ConversationAnalysis",
    "Emotion",
    "ImportRun",
    "Language",
    "Message",
    "MessageAnalysis",
    "RefreshSession",
    "Role",
    "Sentiment",
    "Tenant",
    "TenantModel",
    "TextVector",
    "Theme",
    "Tone",
    "User",
]
