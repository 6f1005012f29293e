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
# About how many words a text has, by its letters; its stems would count one of three languages thrice.
SIZE = "char_length(m.text) / 6.0 AS size"
# Words of whoever asks, not of what is looked for: they rank nothing beside another word. What is counted must have them all the same.
ASKING = frozenset(
    "quem quer quero querendo falando falou reclamou reclamando pedindo pediu mensagens conversas"
    " quien quiere quiero hablando mensajes wants want about messages".split()
)
# A word that nobody says is compared with the stems of so many rows, from a trigram similarity and a length on; two edits in long ones.
NEWEST, ALIKE, SHORTEST, LONG = 5000, 0.25, 4, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """A row that has words of a search, or all of them: the id of the message or conversation, and the message that has them."""

    id: str
    message_id: str
    has_all: bool


def rank_by_words(viewer: User, selection: Selection, text: str, *, is_of_messages: bool, limit: int) -> tuple[list[Worded], int]:
    """Up to `limit` selected messages or conversations, best first, and how many have every word of `text` in one message.

    Where nobody says one of the words, those that are spelled nearly like it are looked for beside it. They rank, and never count.
    """
    queries = _write_queries(text)
    if queries is None:
        return [], 0
    chosen = _select(viewer, replace(selection, search=None), is_of_messages=is_of_messages)
    rows = _rank(chosen, queries, text, limit=limit)
    unsaid = [place for place in range(len(queries.own)) if not rows or not rows[0][f"own{place}"]]
    if unsaid and (alike := _find_alike(chosen, {queries.words[place]: place for place in unsaid})):
        rows = _rank(chosen, queries.add(alike), text, limit=limit)
    found = [Worded(id=str(row["id"]), message_id=str(row["message_id"]), has_all=row["has_all"]) for row in rows]
    return found, rows[0]["total"] if rows else 0


def _rank(chosen: tuple[str, dict[str, Any]], queries: "_Queries", text: str, *, limit: int) -> list[dict[str, Any]]:
    """The rows that have words, best first, each with how many of all have every word and how many have each word itself."""
    sql, parameters = chosen
    own, otherwise = queries.own, queries.otherwise
    places = range(len(own))
    parameters = parameters | {"text": text, "any": queries.any, "limit": limit}
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
    return run_query(
        "WITH found AS MATERIALIZED (SELECT id, message_id, sent_at, is_customers, size,"
        f"  words @@ evosense_query(%(text)s) AS has_all{flags} FROM ({sql}) chosen WHERE words @@ %(any)s::tsquery),"
        f" often AS (SELECT count(*) AS rows, count(DISTINCT id) FILTER (WHERE has_all) AS total{counts} FROM found),"
        f" valued AS (SELECT id, message_id, sent_at, is_customers, has_all, ({worth}) / (1 + {LENGTH} * size) AS worth FROM found, often),"
        # A conversation is shown by what its customer said of the subject rather than by what an agent did.
        " best AS (SELECT DISTINCT ON (id) * FROM valued"
        "  ORDER BY id, has_all DESC, is_customers DESC, worth DESC, sent_at DESC, message_id)"
        " SELECT id, message_id, has_all, often.* FROM best, often ORDER BY has_all DESC, worth DESC, sent_at DESC, id LIMIT %(limit)s",
        parameters,
    )


def _find_alike(chosen: tuple[str, dict[str, Any]], unsaid: dict[str, int]) -> dict[int, list[str]]:
    """Stems in the newest of the rows that are an edit or two away from the stem of a word that nobody says: place of the word → stems.

    Trigrams choose what is worth comparing (pg_trgm); edits are then counted with two letters that changed places as one.
    """
    sql, parameters = chosen
    rows = run_query(
        f"WITH newest AS MATERIALIZED (SELECT words FROM ({sql}) chosen ORDER BY sent_at DESC LIMIT {NEWEST}),"
        " stems AS (SELECT lexeme FROM newest, unnest(words) GROUP BY lexeme),"
        " typed AS (SELECT word, stem FROM unnest(%(unsaid)s::text[]) word,"
        "  unnest(tsvector_to_array(to_tsvector('pg_catalog.portuguese', evosense_unaccent(word)))) stem)"
        f" SELECT word, stem, lexeme FROM typed JOIN stems ON similarity(stem, lexeme) >= {ALIKE}"
        " ORDER BY similarity(stem, lexeme) DESC, lexeme",
        parameters | {"unsaid": list(unsaid)},
    )
    alike: dict[int, list[str]] = {}
    for row in rows:
        if count_edits(row["stem"], row["lexeme"]) <= allow_edits(row["stem"]):
            alike.setdefault(unsaid[row["word"]], []).append(row["lexeme"])
    return alike


def allow_edits(stem: str) -> int:
    """How many edits a stem may be away: short words have too many neighbours."""
    return 0 if len(stem) < SHORTEST else 1 if len(stem) < LONG else 2


def count_edits(one: str, other: str) -> int:
    """Letters to put in, leave out, change or swap with the next one to get from one word to the other (optimal string alignment)."""
    rows = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in range(len(one) + 1):
        for j in range(len(other) + 1):
            if not i or not j:
                rows[i][j] = i + j
                continue
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (one[i - 1] != other[j - 1]))
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Queries:
    """A search as queries on words: the words, each one's own, what is said otherwise for it, and all of it together."""

    words: list[str]
    own: list[str]
    otherwise: list[str]
    any: str

    def add(self, alike: dict[int, list[str]]) -> "_Queries":
        """With other stems for some words, as more that is said otherwise for them."""
        stems = {place: [f"'{stem.replace(chr(39), chr(39) * 2)}'" for stem in found] for place, found in alike.items()}
        otherwise = [" | ".join(filter(None, [query, *stems.get(place, [])])) for place, query in enumerate(self.otherwise)]
        return replace(self, otherwise=otherwise, any=" | ".join([self.any, *(stem for found in stems.values() for stem in found)]))


def _write_queries(text: str) -> _Queries | None:
    """The words of a search that are more than a stop word in three languages; all of them where each is; None where that is nothing."""
    terms = find_terms(text)
    if not terms:
        return None
    parameters: dict[str, Any] = {"text": text, "words": [term.word for term in terms]}
    phrases = "".join(f" WHEN {place} THEN %(phrases{place})s::text[]" for place in range(1, len(terms) + 1))
    parameters |= {f"phrases{place}": list(term.phrases) for place, term in enumerate(terms, start=1)}
    rows = run_query(
        "SELECT word, evosense_query(word)::text AS own,"
        f" (SELECT string_agg(format('(%%s)', evosense_query(phrase)), ' | ') FROM unnest(CASE place{phrases} END) phrase"
        "  WHERE numnode(evosense_query(phrase)) > 0) AS otherwise"
        " FROM unnest(%(words)s::text[]) WITH ORDINALITY AS words (word, place) WHERE numnode(evosense_query(word)) > 0 ORDER BY place",
        parameters,
    )
    if not rows:
        return None
    telling = [row for row in rows if row["word"] not in ASKING] or rows
    [whole] = run_query("SELECT evosense_query(%(text)s)::text AS whole", {"text": text})
    own = [row["own"] for row in telling]
    otherwise = [row["otherwise"] or "" for row in telling]
    words = [row["word"] for row in telling]
    anything = " | ".join(f"({query})" for query in (whole["whole"], *own, *otherwise) if query)
    return _Queries(words=words, own=own, otherwise=otherwise, any=anything)


def _select(viewer: User, selection: Selection, *, is_of_messages: bool) -> tuple[str, dict[str, Any]]:
    """One row a message: the id that is looked for, the message's own, when it was sent, its words, its length, and whose it is."""
    if is_of_messages:
        sql, parameters = select_messages(viewer, selection, extra=f", m.search_words AS words, m.author, {SIZE}")
        columns = "message_id AS id, message_id, sent_at, words, size, author = 'customer' AS is_customers"
        return f"SELECT {columns} FROM ({sql}) rows", parameters
    sql, parameters = select_conversations(viewer, selection)
    return (
        f"SELECT rows.conversation_id AS id, m.id AS message_id, m.sent_at, m.search_words AS words, {SIZE},"
        " m.author = 'customer' AS is_customers"
        f" FROM ({sql}) rows JOIN core_message m ON m.conversation_id = rows.conversation_id AND m.author <> 'system'",
        parameters,
    )
