"""Searching by words and by meaning at once: what has every word comes first, then what is near, by two ranked lists that are fused."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.access import check_allowed
from core.compute import Selection, run_query, select_conversations, select_messages
from core.models import User
from core.search.lists import MESSAGE_TEXT
from core.search.nearest import Kind, SearchVector, embed_search, find_near
from core.search.rows import ConversationRow, Found, MessageRow, read_conversation, read_message
from core.search.worded import rank_by_words

# How deep the two lists are read before they are fused.
DEPTH = 100
# A row's worth in one list is 1 / (SMOOTHING + its place): reciprocal rank fusion, with the constant that its authors found
# (Cormack, Clarke, Büttcher 2009).
SMOOTHING = 60
# What a place among the nearest counts against one among the words: over the judged searches, words are right more often.
MEANING = 0.6

HAS_WORDS = "m.search_words @@ evosense_query(%(words)s)"
IN_CONVERSATION = "m.conversation_id = c.id AND m.tenant_id = c.tenant_id AND m.author <> 'system'"
# What stands around a message: what anybody wrote in its conversation, system lines and reactions aside.
NEIGHBOUR = """
  LEFT JOIN LATERAL (SELECT n.id, n.sent_at, n.author, n.text FROM core_message n
    WHERE n.tenant_id = %(tenant_id)s AND n.conversation_id = rows.conversation_id AND NOT n.is_deleted AND n.author <> 'system'
    AND n.kind <> 'reaction' AND n.text <> '' AND (n.sent_at, n.position, n.id) {beyond} (rows.sent_at, rows.position, rows.message_id)
    ORDER BY n.sent_at {way}, n.position {way}, n.id {way} LIMIT 1) {name} ON true"""
NEIGHBOURS = NEIGHBOUR.format(beyond="<", way="DESC", name="before") + NEIGHBOUR.format(beyond=">", way="ASC", name="after")
NEIGHBOUR_COLUMNS = ", ".join(
    f"{side}.{column} AS {side}_{column}" for side in ("before", "after") for column in ("id", "sent_at", "author", "text")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ranked:
    """The ids of a page, best first; how many rows have every word; and the message that each was found by."""

    ids: list[str]
    total: int
    shown_by: dict[str, str]


def search_messages(
    viewer: User, selection: Selection, text: str, *, limit: int, offset: int = 0, vector: SearchVector | None = None
) -> Found[MessageRow]:
    """Messages that `text` is about, best first, under every condition of `selection` (its own `search` is replaced by `text`).

    Call it inside the tenant's scope. `total` counts exactly the messages that have every word of `text`, inflections and
    accents aside, as every number about a subject does. `rows` rank these together with messages that have some of the words or
    others for the same thing (subjects.toml), or whose vector is near. Each row's `found_by` says which it is, `near` counts the
    latter, and `before` and `after` are the messages around it in its conversation. A page is `limit` rows from `offset` on.

    Without vectors, or without anybody who can embed `text`, words alone are searched. `vector` is that of `embed_search`, for
    callers that made it before. Raises VisibleError("not_allowed").
    """
    check_allowed(viewer, action="ask")
    ranked = _rank(viewer, selection, text, kind="messages", limit=limit, offset=offset, vector=vector)
    sql, parameters = select_messages(
        viewer, replace(selection, search=None), extra=f"{MESSAGE_TEXT}, {HAS_WORDS} AS has_words, m.tenant_id"
    )
    found = run_query(
        f"SELECT rows.*, {NEIGHBOUR_COLUMNS} FROM ({sql} AND m.id = ANY(%(ids)s::uuid[])) rows{NEIGHBOURS}",
        parameters | {"ids": ranked.ids, "words": text, "tenant_id": viewer.tenant_id},
    )
    by_id = {row.message_id: row for row in map(read_message, found)}
    rows = [by_id[one] for one in ranked.ids if one in by_id]
    return Found(total=ranked.total, rows=rows, near=sum(row.found_by == "meaning" for row in rows))


def search_conversations(
    viewer: User, selection: Selection, text: str, *, limit: int, offset: int = 0, vector: SearchVector | None = None
) -> Found[ConversationRow]:
    """Conversations that `text` is about, best first; see `search_messages`.

    `total` counts those in which one message, the customer's or an agent's, has every word. `excerpt` is the message that was found.
    """
    check_allowed(viewer, action="ask")
    ranked = _rank(viewer, selection, text, kind="conversations", limit=limit, offset=offset, vector=vector)
    extra = (
        f", EXISTS (SELECT 1 FROM core_message m WHERE {IN_CONVERSATION} AND {HAS_WORDS}) AS has_words,"
        f" (SELECT m.text FROM core_message m WHERE {IN_CONVERSATION} AND m.id = ANY(%(shown_by)s::uuid[]) LIMIT 1) AS excerpt"
    )
    sql, parameters = select_conversations(viewer, replace(selection, search=None), extra=extra)
    shown_by = [ranked.shown_by[one] for one in ranked.ids]
    found = run_query(f"{sql} AND c.id = ANY(%(ids)s::uuid[])", parameters | {"ids": ranked.ids, "words": text, "shown_by": shown_by})
    by_id = {row.conversation_id: row for row in map(read_conversation, found)}
    rows = [by_id[one] for one in ranked.ids if one in by_id]
    return Found(total=ranked.total, rows=rows, near=sum(row.found_by == "meaning" for row in rows))


def fuse(*rankings: Sequence[str], weights: Sequence[float] | None = None) -> list[str]:
    """The ids of several ranked lists as one: what stands high in many comes first; equals keep the order in which they came.

    `weights`: what a place in each of the lists counts, 1 where they are not given.
    """
    worth: dict[str, float] = {}
    for weight, ranking in zip(weights or [1.0] * len(rankings), rankings, strict=True):
        for place, one in enumerate(ranking, start=1):
            worth[one] = worth.get(one, 0.0) + weight / (SMOOTHING + place)
    return sorted(worth, key=lambda one: -worth[one])


def _rank(viewer: User, selection: Selection, text: str, *, kind: Kind, limit: int, offset: int, vector: SearchVector | None) -> _Ranked:
    worded, total = rank_by_words(viewer, selection, text, is_of_messages=kind == "messages", limit=max(DEPTH, offset + limit))
    vector = vector or embed_search(text)
    near = find_near(viewer, replace(selection, search=None), vector, kind=kind, limit=DEPTH) if vector is not None else []
    fused = fuse([one.id for one in worded], [one.id for one in near], weights=(1, MEANING))
    has_all = {one.id for one in worded if one.has_all}
    fused.sort(key=lambda one: one not in has_all)
    # The message that has the words shows best what a conversation was found for.
    shown_by = {one.id: one.message_id for one in near} | {one.id: one.message_id for one in worded}
    return _Ranked(ids=fused[offset : offset + limit], total=total, shown_by=shown_by)
