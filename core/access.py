"""How an id from outside becomes an object: only for who may see it, and "not yours" is the same as "not there"."""

import uuid
from collections.abc import Mapping

from core.errors import VisibleError
from core.models import Conversation, Role, Tenant, User
from core.tenancy import get_current_tenant_id

# What each role may do. An operator reads conversations; questions about colleagues' figures are for those who lead.
ASK = frozenset({Role.ADMIN, Role.MANAGER, Role.SUPERVISOR})
READ_CONVERSATIONS = frozenset({Role.ADMIN, Role.MANAGER, Role.SUPERVISOR, Role.OPERATOR})
VERIFY = frozenset({Role.ADMIN, Role.MANAGER})  # vouch for a question's plan, read what others say of answers
ACTIONS: Mapping[str, frozenset[Role]] = {"ask": ASK, "read_conversations": READ_CONVERSATIONS, "correct": ASK, "verify": VERIFY}


def check_allowed(viewer: User, *, action: str) -> None:
    """Raise VisibleError("not_allowed") unless the viewer belongs to the open scope's tenant and their role allows it."""
    if not is_allowed(viewer, action=action):
        raise VisibleError("not_allowed")


def check_still_allowed(viewer: User, *, action: str) -> None:
    """`check_allowed` for the viewer as they are now, read anew: whoever was demoted or left meanwhile is refused."""
    current = User.objects.filter(id=viewer.id).first()
    if current is None:
        raise VisibleError("not_allowed")
    check_allowed(current, action=action)


def is_allowed(viewer: User, *, action: str) -> bool:
    """Whether `check_allowed` would let the viewer through."""
    return viewer.tenant_id == get_current_tenant_id() and viewer.is_active and viewer.role in ACTIONS[action]


def get_tenant(viewer: User) -> Tenant:
    """The viewer's tenant, inside its scope."""
    tenant = Tenant.objects.filter(id=get_current_tenant_id()).first()
    if tenant is None or viewer.tenant_id != tenant.id:
        raise VisibleError("not_found")
    return tenant


def get_conversation(viewer: User, conversation_id: uuid.UUID | str) -> Conversation:
    """A conversation that the viewer may read. Raises VisibleError("not_found") for any other id."""
    check_allowed(viewer, action="read_conversations")
    try:
        return Conversation.objects.select_related("tenant", "channel", "contact", "agent").get(id=parse_id(conversation_id))
    except Conversation.DoesNotExist as error:
        raise VisibleError("not_found") from error


def parse_id(value: uuid.UUID | str) -> uuid.UUID:
    """An id as it came from outside. Something that is no id is something that is not there."""
    try:
        return value if isinstance(value, uuid.UUID) else uuid.UUID(value)
    except ValueError as error:
        raise VisibleError("not_found") from error
