"""A tenant's catalogue from its database: the names that a question may mean."""

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Exists, F, OuterRef, Value

from assistant.planner import Catalog
from core.access import get_tenant
from core.models import Agent, Channel, Contact, Conversation, Theme, User

# Names of this many contacts are given whole, those seen last; of the others, the ones that the question may name.
RECENT_CONTACTS = 2000
SIMILAR_CONTACTS = 50
SIMILAR = 0.5


def get_catalog(viewer: User, *, question: str) -> Catalog:
    """The names of the viewer's tenant, inside its open scope: all agents, channels and themes, and the contacts that matter."""
    tenant = get_tenant(viewer)
    return Catalog(
        tenant=tenant.name,
        time_zone=tenant.time_zone,
        agents=tuple(Agent.objects.order_by("name").values_list("name", flat=True)),
        channels=tuple(Channel.objects.order_by("name").values_list("name", flat=True)),
        themes=tuple(Theme.objects.filter(is_active=True).order_by("name").values_list("name", flat=True)),
        contacts=_find_contacts(question),
    )


def _find_contacts(question: str) -> tuple[str, ...]:
    # Those of a phone's address book who never wrote are nobody that a question means.
    known = Contact.objects.filter(Exists(Conversation.objects.filter(contact_id=OuterRef("id"))))
    recent = list(known.order_by("-created_at").values_list("name", flat=True)[:RECENT_CONTACTS])
    if len(recent) == RECENT_CONTACTS:
        # How much of the name some words of the question are: the name is the text that is looked for, the question where.
        scored = known.annotate(score=TrigramWordSimilarity(F("name"), Value(question)))  # type: ignore[arg-type]
        similar = scored.filter(score__gte=SIMILAR).order_by("-score", "name")
        recent += similar.values_list("name", flat=True)[:SIMILAR_CONTACTS]
    return tuple(dict.fromkeys(recent))
