"""What an answer that looks at no row stands on: the planner's finding and the names of the tenant."""

from assistant.evidence import TalkEvidence
from assistant.planner import Planned
from assistant.planner.catalogue import Catalog


def describe_talk(planned: Planned, *, catalog: Catalog) -> TalkEvidence:
    """The evidence of help, clarify and refuse."""
    return TalkEvidence(
        plan=planned.plan,
        tenant_name=catalog.tenant,
        topic=planned.topic,
        choices=tuple(planned.choices),
        kind=planned.kind,
        agents=tuple(catalog.agents),
        themes=tuple(catalog.themes),
    )
