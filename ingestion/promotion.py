"""Which version of an analyser a tenant's numbers are of, and how that is changed: a pointer on the tenant, and rows that follow it.

`Tenant.analyser` and `Tenant.analyser_version` name the promoted version. Of each conversation one analysis is current, and
metrics read the current ones alone (core/compute.py): the promoted version's where there is one, else what there is. There may be
something else for two honest reasons: a provider of the chain answered for another that was down, or an update of the software came
and the version before can be run no more. Then an answer about such a period says that it is of two (core/search, find_versions).

To change over, the pointer is moved first, and from then on new conversations are read by the new version; the rows follow in
batches of one transaction each. What is left is found by looking (rows that are current and not of the pointer's version), so there
is no list that a crash could tear; meanwhile the same note stands under each answer whose period is not changed over yet.

Everything that makes a row current holds the tenant's row locked while it does: no analysis can slip in between.
"""

import uuid
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from core.ai.analysers import find_version
from core.ai.roles import VectorAnalyser
from core.models import ConversationAnalysis, MessageAnalysis, Tenant
from core.tenancy import get_current_tenant_id

Version = tuple[str, str]  # analyser, version
NONE: Version = ("", "")


def lock_tenant() -> Tenant:
    """The open scope's tenant, locked until its transaction ends against others that make rows current. Readers are not held up."""
    return Tenant.objects.select_for_update(no_key=True).get(id=get_current_tenant_id())


def get_promoted(tenant: Tenant | None = None) -> Version:
    """The version that the open scope's numbers are of; NONE before anything was analysed."""
    tenant = tenant or Tenant.objects.get(id=get_current_tenant_id())
    if tenant.analyser:
        return tenant.analyser, tenant.analyser_version
    # Analysed before there was a pointer: most of it is what the numbers are of.
    counted: Counter[Version] = Counter()
    current = ConversationAnalysis.objects.filter(is_current=True).order_by().values_list("analyser", "analyser_version").distinct()
    for version in current:
        counted[version] = ConversationAnalysis.objects.filter(is_current=True, analyser=version[0], analyser_version=version[1]).count()
    return counted.most_common(1)[0][0] if counted else NONE


def set_promoted(tenant: Tenant, version: Version) -> None:
    """Move the pointer. The tenant must be locked."""
    tenant.analyser, tenant.analyser_version = version
    tenant.save(update_fields=["analyser", "analyser_version"])


def choose_analyser(installed: VectorAnalyser, promoted: Version | None = None) -> VectorAnalyser:
    """Who reads what is new in the open scope: the promoted version, where `installed` is another one and this process can run both.

    After an update of the software it mostly cannot: the rules and weights of before are gone. Then the installed one reads, its
    conclusions are current because there are no others, and answers say so until a re-scoring is promoted. Who knows `promoted`
    already gives it.
    """
    promoted = promoted or get_promoted()
    if promoted[0] != installed.name or promoted[1] == installed.version:
        return installed
    return find_version(*promoted) or installed


def select_stray(version: Version) -> QuerySet[ConversationAnalysis]:
    """Current analyses that are of another version than this one."""
    return ConversationAnalysis.objects.filter(is_current=True).exclude(analyser=version[0], analyser_version=version[1])


def find_switchable(version: Version, *, after: uuid.UUID | None, limit: int) -> list[uuid.UUID]:
    """Conversations after an id, in their order, whose current analysis is of another version and that have one of this, no older."""
    # What went on since this version read it is left to who has read it whole: else the two would take turns for ever.
    ready = ConversationAnalysis.objects.filter(
        conversation=OuterRef("conversation"), analyser=version[0], analyser_version=version[1], revision__gte=OuterRef("revision")
    )
    rows = select_stray(version).filter(Exists(ready)).order_by("conversation_id")
    rows = rows.filter(conversation_id__gt=after) if after else rows
    return list(rows.values_list("conversation_id", flat=True)[:limit])


def switch_conversations(conversation_ids: Sequence[uuid.UUID], version: Version) -> int:
    """Make a version's analyses the current ones of these conversations and their messages. The tenant must be locked.

    A message that this version has not read, because it came since, keeps what it has. Returns how many conversations.
    """
    mine = {"analyser": version[0], "analyser_version": version[1]}
    of: dict[type[Any], dict[str, Any]] = {
        ConversationAnalysis: {"conversation__in": conversation_ids},
        MessageAnalysis: {"message__conversation__in": conversation_ids},
    }
    switched = 0
    for model, those in of.items():
        name = "conversation" if model is ConversationAnalysis else "message"
        ready = list(model.objects.filter(**those, **mine, is_current=False).values_list("id", f"{name}_id"))
        model.objects.filter(**{f"{name}__in": [key for _, key in ready]}, is_current=True).update(is_current=False)
        model.objects.filter(id__in=[row for row, _ in ready]).update(is_current=True)
        switched = len(ready) if model is ConversationAnalysis else switched
    return switched
