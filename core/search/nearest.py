"""What means something near: the selected messages whose vectors lie closest to a search's, of the open scope's tenant alone.

The tenant's closest texts are found first: by comparing each where it has few, else through the index over all tenants' vectors
(HNSW), walked until it has given enough of this tenant's. The selected rows among those that say them are the answer. Where the
conditions leave too few, and few rows are selected, each one's vector is compared after all; where many are, more texts are looked at.

Row-level security holds in each; the tenant is named beside it, for PostgreSQL to know how many rows that is.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import numpy as np
import structlog

from core.ai.embedded.embedder import DIMENSIONS, MODEL
from core.ai.roles import Vector, pad_vector
from core.ai.tenants import SearchEmbedder, find_search_embedder
from core.compute import Selection, run_query, select_conversations, select_messages
from core.models import VECTOR_DIMENSIONS, TextVector, User
from core.search.subjects import expand
from core.tenancy import find_current_tenant_id, get_current_tenant_id, scope

log = structlog.get_logger(__name__)

Kind = Literal["messages", "conversations"]

# Up to so many vectors are compared one by one; more are found through the index.
EXACT_ROWS = 20_000
# How many of the closest texts are looked for among the selected rows, at first and where that found fewer than ENOUGH.
NEAR_TEXTS, MORE_TEXTS, ENOUGH = 100, 2000, 20
# What the index is asked for: how widely it looks around, and how much of it is walked before it gives up.
EF_SEARCH = 200
MAX_SCANNED = 100_000
# From which cosine on a text says something near. The embedded model's searches are moved away from their centre first, so that what
# is nothing but a search in a shop's language is near to nothing: over the judged searches of core/search/evals, half of what is meant
# lies above 0.09, and the nearest to words that nobody there says at 0.06. Other models spread wider and are taken as they are.
LEAST_SIMILARITY = {MODEL: 0.08}
LEAST_SIMILARITY_ELSE = 0.35
CENTRE_PATH = Path(__file__).with_name("centre.npy")

# The distance that each model's index is over (core/migrations): the embedded model's is over its own dimensions alone.
EMBEDDED_DISTANCE = f"subvector(vector, 1, {DIMENSIONS})::halfvec({DIMENSIONS}) <=> %(vector)s::halfvec({DIMENSIONS})"
OTHER_DISTANCE = f"vector <=> %(vector)s::halfvec({VECTOR_DIMENSIONS})"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchVector:
    """A search as a model sees it: VECTOR_DIMENSIONS values, of any length; `model` names the vectors to search in."""

    model: str
    values: tuple[float, ...]

    def to_sql(self, *, dimensions: int = VECTOR_DIMENSIONS) -> str:
        """The vector, or its first dimensions, as PostgreSQL reads it."""
        return f"[{','.join(f'{value:.6g}' for value in self.values[:dimensions])}]"


# What was embedded before the scope opened: whose search it is, its text, its vector.
_ahead: ContextVar[tuple[UUID, str, SearchVector | None] | None] = ContextVar("evosense_search_ahead", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A row that is near: the id of the message or conversation, the message that shows it, and the cosine (−1 … 1)."""

    id: str
    message_id: str
    similarity: float


def embed_search(text: str) -> SearchVector | None:
    """A search's vector by the open scope's search embedder; personal data is masked first, as in the texts that were stored.

    It is embedded with other words for it, since two words alone say too little. None where the tenant has no vector at all, or
    nobody can make one: then words alone are searched. A model server may take seconds.
    """
    ahead = _ahead.get()
    if ahead is not None and ahead[:2] == (get_current_tenant_id(), text):
        return ahead[2]
    return _embed(_find_embedder(), text)


@contextmanager
def embed_ahead(tenant_id: UUID | str, text: str | None) -> Iterator[None]:
    """Embed a search before the scope opens in which it is searched for: a slow model server then holds no transaction.

    Inside the block, `embed_search` of this text by this tenant takes the vector that was made. Does nothing without a text, or
    inside a scope that is open already.
    """
    if not text or find_current_tenant_id() is not None:
        yield
        return
    tenant_id = UUID(str(tenant_id))
    with scope(tenant_id):
        embedder = _find_embedder()
    token = _ahead.set((tenant_id, text, _embed(embedder, text)))
    try:
        yield
    finally:
        _ahead.reset(token)


def _find_embedder() -> SearchEmbedder | None:
    return find_search_embedder() if TextVector.objects.exists() else None


def _embed(embedder: SearchEmbedder | None, text: str) -> SearchVector | None:
    if embedder is None:
        return None
    try:
        model, vector = embedder.embed(expand(text))
    except Exception as error:
        # Never the error's words: they may hold the search. Words alone still find.
        log.warning("search.words_only", error=type(error).__name__)
        return None
    if model == MODEL:
        vector = vector - pad_vector(read_centre())
    return SearchVector(model=model, values=tuple(float(value) for value in vector))


@cache
def read_centre() -> Vector:
    """What all searches have in common for the embedded model, shape (DIMENSIONS,): nine tenths of the mean of the lines of subjects.toml.

    Short texts that are near to every search ("oi?", "perdão") are near to it above all.
    """
    centre: Vector = np.load(CENTRE_PATH)
    return centre


def find_near(viewer: User, selection: Selection, vector: SearchVector, *, kind: Kind, limit: int) -> list[Near]:
    """Up to `limit` selected messages, one a text, or conversations, each by its customer's closest message; closest first.

    What `selection` searches for is left out. What agents wrote has no vector.
    """
    if kind == "messages" and selection.author != "customer":
        return []
    rows = _Rows(viewer, selection, vector, kind=kind)
    texts = _find_texts(vector, limit=NEAR_TEXTS)
    found = rows.locate(texts)
    if len(found) < min(limit, ENOUGH) and len(texts) == NEAR_TEXTS:
        found = rows.compare_all(limit) if rows.are_few() else rows.locate(_find_texts(vector, limit=MORE_TEXTS))
    return found[:limit]


def get_least_similarity(model: str) -> float:
    """From which cosine on two texts of a model's say something near."""
    return LEAST_SIMILARITY.get(model, LEAST_SIMILARITY_ELSE)


class _Rows:
    """The selected rows with the hashes of their texts, as SQL."""

    def __init__(self, viewer: User, selection: Selection, vector: SearchVector, *, kind: Kind) -> None:
        self.kind = kind
        self.base = select_messages if kind == "messages" else select_conversations
        self.viewer, self.selection = viewer, selection
        self.parameters: dict[str, Any] = {
            "tenant_id": get_current_tenant_id(),
            "model": vector.model,
            "vector": vector.to_sql(),
            "least": get_least_similarity(vector.model),
        }

    def are_few(self) -> bool:
        """Whether at most EXACT_ROWS rows are selected."""
        sql, parameters = self.base(self.viewer, self.selection)
        [row] = run_query(f"SELECT count(*) AS rows FROM (SELECT 1 FROM ({sql}) rows LIMIT {EXACT_ROWS + 1}) few", parameters)
        return bool(row["rows"] <= EXACT_ROWS)

    def compare_all(self, limit: int) -> list[Near]:
        """The closest of all selected rows, exactly."""
        sql, parameters = self._select()
        # The distance is computed before it is ordered by, so that no index steps in that would give nearly all of them.
        found = run_query(
            f"WITH chosen AS MATERIALIZED ({sql}), "
            " compared AS MATERIALIZED (SELECT text_hash, 1 - (vector <=> %(vector)s::halfvec) AS similarity FROM core_textvector"
            "  WHERE tenant_id = %(tenant_id)s AND model = %(model)s AND text_hash IN (SELECT text_hash FROM chosen))"
            f" {self._keep_closest('chosen JOIN compared USING (text_hash)')} LIMIT %(limit)s",
            parameters | {"limit": limit},
        )
        return _read(found)

    def locate(self, texts: dict[str, float]) -> list[Near]:
        """The selected rows that say one of these texts (hash → cosine)."""
        sql, parameters = self._select(texts=list(texts))
        near = "unnest(%(near_hashes)s::text[], %(near_similarities)s::float8[]) AS near (text_hash, similarity)"
        found = run_query(
            f"WITH chosen AS MATERIALIZED ({sql}) {self._keep_closest(f'chosen JOIN {near} USING (text_hash)')}",
            parameters | {"near_hashes": list(texts), "near_similarities": list(texts.values())},
        )
        return _read(found)

    def _select(self, *, texts: Sequence[str] | None = None) -> tuple[str, dict[str, Any]]:
        """One row a selected message with a hash: id, message_id, text_hash, sent_at; only those of `texts` where they are given."""
        parameters = self.parameters | ({"texts": list(texts)} if texts is not None else {})
        of_texts = " AND ma.text_hash = ANY(%(texts)s)" if texts is not None else ""
        if self.kind == "messages":
            sql, more = select_messages(self.viewer, self.selection, extra=", ma.text_hash")
            return f"SELECT message_id AS id, message_id, text_hash, sent_at FROM ({sql}{of_texts}) rows", parameters | more
        sql, more = select_conversations(self.viewer, self.selection)
        analysed = (
            "core_messageanalysis ma JOIN core_message m ON m.id = ma.message_id AND m.tenant_id = ma.tenant_id"
            " AND ma.is_current AND m.author = 'customer' AND NOT m.is_deleted"
        )
        # An array, not a join: so the few conversations are looked up, whatever else is joined.
        few = f" AND c.id = ANY(ARRAY(SELECT m.conversation_id FROM {analysed} WHERE true{of_texts}))" if of_texts else ""
        return (
            f"SELECT rows.conversation_id AS id, m.id AS message_id, ma.text_hash, m.sent_at FROM ({sql}{few}) rows"
            f" JOIN ({analysed}) ON m.conversation_id = rows.conversation_id{of_texts}",
            parameters | more,
        )

    def _keep_closest(self, source: str) -> str:
        """One row a text, the newest that says it, or one a conversation, by its closest message; closest first."""
        key = "text_hash" if self.kind == "messages" else "id"
        return (
            f"SELECT id, message_id, similarity FROM (SELECT DISTINCT ON ({key}) id, message_id, similarity, sent_at FROM {source}"
            f" WHERE similarity >= %(least)s ORDER BY {key}, similarity DESC, sent_at DESC) best ORDER BY similarity DESC, sent_at DESC, id"
        )


def _find_texts(vector: SearchVector, *, limit: int) -> dict[str, float]:
    """The tenant's texts closest to a search: hash → cosine, closest first."""
    parameters = {"tenant_id": get_current_tenant_id(), "model": vector.model, "vector": vector.to_sql(), "limit": limit}
    own = "FROM core_textvector WHERE tenant_id = %(tenant_id)s AND model = %(model)s"
    [counted] = run_query(f"SELECT count(*) AS texts FROM (SELECT 1 {own} LIMIT {EXACT_ROWS + 1}) few", parameters)
    if counted["texts"] <= EXACT_ROWS:
        near = f"SELECT text_hash, {OTHER_DISTANCE} AS distance {own}"
    else:
        _set_index_options()
        is_embedded = vector.model == MODEL
        distance = EMBEDDED_DISTANCE if is_embedded else OTHER_DISTANCE
        parameters |= {"vector": vector.to_sql(dimensions=DIMENSIONS)} if is_embedded else {}
        near = f"SELECT text_hash, {distance} AS distance {own} ORDER BY {distance} LIMIT %(limit)s"
    rows = run_query(f"WITH near AS MATERIALIZED ({near}) SELECT * FROM near ORDER BY distance, text_hash LIMIT %(limit)s", parameters)
    return {row["text_hash"]: 1 - float(row["distance"]) for row in rows}


def _set_index_options() -> None:
    """For this transaction: walk on while other tenants' vectors are passed over, in about the right order; it is sorted afterwards."""
    options = {"ef_search": EF_SEARCH, "iterative_scan": "relaxed_order", "max_scan_tuples": MAX_SCANNED, "scan_mem_multiplier": 4}
    settings = ", ".join(f"set_config('hnsw.{name}', %({name})s, true)" for name in options)
    run_query(f"SELECT {settings}", {name: str(value) for name, value in options.items()})


def _read(rows: Sequence[dict[str, Any]]) -> list[Near]:
    return [Near(id=str(row["id"]), message_id=str(row["message_id"]), similarity=float(row["similarity"])) for row in rows]
