"""Lists by the conditions of a selection alone: messages to read, conversations to open, versions that concluded."""

from collections import Counter
from collections.abc import Sequence

from core.access import check_allowed
from core.compute import Selection, run_query, select_conversations, select_messages
from core.models import User
from core.search.rows import ConversationRow, Found, MessageRow, VersionCount, read_conversation, read_message

MESSAGE_TEXT = (
    ", m.author, m.text, CASE WHEN m.author = 'agent' THEN coalesce(writer.name, '') ELSE coalesce(sender.name, co.name) END AS author_name"
)
MESSAGE_ORDERS = {None: "sent_at DESC, position DESC", "desc": "sent_at DESC, position DESC", "asc": "sent_at, position"}
CONVERSATION_EXCERPT = """,
  (SELECT m.text FROM core_message m WHERE m.conversation_id = c.id AND m.tenant_id = c.tenant_id AND m.author = 'customer' AND m.text <> ''
   AND NOT m.is_deleted AND m.kind <> 'reaction' ORDER BY m.sent_at DESC, m.position DESC LIMIT 1) AS excerpt"""
CONVERSATION_ORDERS = {
    None: "started_at DESC",
    "desc": "satisfaction DESC NULLS LAST, started_at DESC",
    "asc": "satisfaction NULLS LAST, started_at DESC",
}


def find_messages(viewer: User, selection: Selection, *, limit: int, offset: int = 0, order: str | None = None) -> Found[MessageRow]:
    """Messages with a text that the selection holds, newest first, or oldest first where `order` is "asc"; a page from `offset` on."""
    check_allowed(viewer, action="ask")
    sql, parameters = select_messages(viewer, selection, extra=MESSAGE_TEXT)
    rows = run_query(
        f"SELECT *, count(*) OVER () AS total FROM ({sql} AND m.text <> '') rows ORDER BY {MESSAGE_ORDERS[order]}, message_id"
        " LIMIT %(limit)s OFFSET %(offset)s",
        parameters | {"limit": limit, "offset": offset},
    )
    if not rows and offset:  # a page beyond the last one still says how many there are
        return Found(total=find_messages(viewer, selection, limit=1, order=order).total, rows=[])
    return Found(total=rows[0]["total"] if rows else 0, rows=[read_message(row) for row in rows])


def find_conversations(
    viewer: User, selection: Selection, *, limit: int, offset: int = 0, order: str | None = None
) -> Found[ConversationRow]:
    """Conversations that the selection holds: newest first, those that wait longest first where the selection is of the
    unanswered, or by satisfaction where `order` says so ("asc": worst first); a page of `limit` rows from `offset` on."""
    check_allowed(viewer, action="ask")
    ordering = CONVERSATION_ORDERS[order]
    if order is None and selection.status == "unanswered":
        ordering = "last_message_at"
    sql, parameters = select_conversations(viewer, selection, extra=CONVERSATION_EXCERPT)
    rows = run_query(
        f"SELECT *, count(*) OVER () AS total FROM ({sql}) rows ORDER BY {ordering}, conversation_id LIMIT %(limit)s OFFSET %(offset)s",
        parameters | {"limit": limit, "offset": offset},
    )
    if not rows and offset:  # a page beyond the last one still says how many there are
        return Found(total=find_conversations(viewer, selection, limit=1, order=order).total, rows=[])
    return Found(total=rows[0]["total"] if rows else 0, rows=[read_conversation(row) for row in rows])


def find_versions(viewer: User, selections: Sequence[Selection]) -> list[VersionCount]:
    """Which versions of which analysers the analysed conversations of these selections are of, the most frequent first.

    More than one: the numbers mix what two versions concluded, and a change among them may be the analyser's.
    """
    check_allowed(viewer, action="ask")
    counted: Counter[tuple[str, str]] = Counter()
    for selection in selections:
        sql, parameters = select_conversations(viewer, selection, extra=", a.analyser, a.analyser_version")
        grouped = f"SELECT analyser, analyser_version, count(*) AS conversations FROM ({sql} AND a.id IS NOT NULL) rows GROUP BY 1, 2"
        for row in run_query(grouped, parameters):
            counted[row["analyser"], row["analyser_version"]] += row["conversations"]
    return [VersionCount(analyser=name, version=version, conversations=count) for (name, version), count in counted.most_common()]
