"""What an answer that looks at no row stands on: the planner's finding and the names of the tenant."""

from assistant.evidence import TalkEvidence
from assistant.planner import Catalog, Planned


def describe_talk(planned: Planned, *, catalog: Catalog) -> TalkEvidence:
    """The evidence of help, clarify and refuse."""
    doubt = planned.doubt
    return TalkEvidence(
        plan=planned.plan,
        tenant_name=catalog.tenant,
        topic=planned.topic,
        kind=planned.refusal or (doubt.kind if doubt else planned.missing),
        heard=doubt.heard if doubt else None,
        choices=doubt.choices if doubt else (),
    )
