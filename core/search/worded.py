"""Ranking by words: rows that have every word of a search first, then those that have some of them, or others for the same thing.

A word weighs the more the rarer it is among what was found (inverse document frequency); another word for it weighs less. Rows are
read once, whatever is searched for.
"""

from dataclasses import dataclass, replace
from typing import Any

from core.compute import Selection, run_query, select_conversations, select_messages
from core.models import User
from core.search.subjects import find_terms

# What another word for a thing weighs against the word itself, and what each word of a text takes from its worth.
OTHERWISE, LENGTH = 0.7, 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """A row that has words of a search, or all of them: the id of the message or conversation, and the message that has them."""

    id: str
    message_id: str
    has_all: bool


def rank_by_words(viewer: User, selection: Selection, text: str, *, is_of_messages: bool, limit: int) -> tuple[list[Worded], int]:
    """Up to `limit` selected messages or conversations, best first, and how many have every word of `text` in one message."""
    queries = _write_queries(text)
    if queries is None:
        return [], 0
    sql, parameters = _select(viewer, replace(selection, search=None), is_of_messages=is_of_messages)
    own, otherwise = queries.own, queries.otherwise
    places = range(len(own))
    parameters |= {"text": text, "any": queries.any, "limit": limit}
    parameters |= {f"own{place}": own[place] for place in places} | {f"otherwise{place}": otherwise[place] for place in places}
    flags = "".join(f", words @@ %(own{n})s::tsquery AS own{n}, words @@ %(otherwise{n})s::tsquery AS otherwise{n}" for n in places)
    counts = "".join(
        f", count(*) FILTER (WHERE own{n}) AS own{n}, count(*) FILTER (WHERE own{n} OR otherwise{n}) AS both{n}" for n in places
    )
    worth = " + ".join(
        f"CASE WHEN found.own{n} THEN ln(1 + often.rows::float8 / often.own{n})"
        f" WHEN found.otherwise{n} THEN {OTHERWISE} * ln(1 + often.rows::float8 / often.both{n}) ELSE 0 END"
        for n in places
    )
    rows = run_query(
        "WITH found AS MATERIALIZED (SELECT id, message_id, sent_at, length(words) AS size,"
        f"  words @@ evosense_query(%(text)s) AS has_all{flags} FROM ({sql}) chosen WHERE words @@ %(any)s::tsquery),"
        f" often AS (SELECT count(*) AS rows, count(DISTINCT id) FILTER (WHERE has_all) AS total{counts} FROM found),"
        f" valued AS (SELECT id, message_id, sent_at, has_all, total, ({worth}) / (1 + {LENGTH} * size) AS worth FROM found, often),"
        " best AS (SELECT DISTINCT ON (id) * FROM valued ORDER BY id, has_all DESC, worth DESC, sent_at DESC, message_id)"
        " SELECT id, message_id, has_all, total FROM best ORDER BY has_all DESC, worth DESC, sent_at DESC, id LIMIT %(limit)s",
        parameters,
    )
    found = [Worded(id=str(row["id"]), message_id=str(row["message_id"]), has_all=row["has_all"]) for row in rows]
    return found, rows[0]["total"] if rows else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Queries:
    """A search as queries on words: each word's own, what is said otherwise for it, and all of it together."""

    own: list[str]
    otherwise: list[str]
    any: str


def _write_queries(text: str) -> _Queries | None:
    """The words of a search that are more than a stop word in three languages; all of them where each is; None where that is nothing."""
    terms = find_terms(text)
    if not terms:
        return None
    parameters: dict[str, Any] = {"text": text, "words": [term.word for term in terms]}
    phrases = "".join(f" WHEN {place} THEN %(phrases{place})s::text[]" for place in range(1, len(terms) + 1))
    parameters |= {f"phrases{place}": list(term.phrases) for place, term in enumerate(terms, start=1)}
    rows = run_query(
        "SELECT evosense_query(word)::text AS own,"
        f" (SELECT string_agg(format('(%%s)', evosense_query(phrase)), ' | ') FROM unnest(CASE place{phrases} END) phrase"
        "  WHERE numnode(evosense_query(phrase)) > 0) AS otherwise,"
        " numnode(plainto_tsquery('english', word)) > 0 AND numnode(plainto_tsquery('spanish', word)) > 0 AS tells"
        " FROM unnest(%(words)s::text[]) WITH ORDINALITY AS words (word, place) WHERE numnode(evosense_query(word)) > 0 ORDER BY place",
        parameters,
    )
    if not rows:
        return None
    telling = [row for row in rows if row["tells"]] or rows
    [whole] = run_query("SELECT evosense_query(%(text)s)::text AS whole", {"text": text})
    own = [row["own"] for row in telling]
    otherwise = [row["otherwise"] or "" for row in telling]
    return _Queries(own=own, otherwise=otherwise, any=" | ".join(f"({query})" for query in (whole["whole"], *own, *otherwise) if query))


def _select(viewer: User, selection: Selection, *, is_of_messages: bool) -> tuple[str, dict[str, Any]]:
    """One row a message: the id that is looked for, the message's own, when it was sent, its words."""
    if is_of_messages:
        sql, parameters = select_messages(viewer, selection, extra=", m.search_words")
        return f"SELECT message_id AS id, message_id, sent_at, search_words AS words FROM ({sql}) rows", parameters
    sql, parameters = select_conversations(viewer, selection)
    return (
        "SELECT rows.conversation_id AS id, m.id AS message_id, m.sent_at, m.search_words AS words"
        f" FROM ({sql}) rows JOIN core_message m ON m.conversation_id = rows.conversation_id AND m.author <> 'system'",
        parameters,
    )
