"""What langchain-postgres does to find the nearest texts of one tenant, in the same database over the same vectors.

It needs pgvector's Python package below 0.4 and so can't be installed beside us. What runs here is the statement that its
PGVectorStore sends (langchain-postgres 0.0.19, `similarity_search_with_score_by_vector` with a filter on a metadata column), over the
table and the index that it makes (`HNSWIndex` as it comes): its database time, without its Python and its event loop.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from core.ai.embedded.embedder import DIMENSIONS
from core.search.nearest import SearchVector

TABLE = "bench_langchain"
CREATE = (
    f'CREATE TABLE {TABLE} ("langchain_id" uuid PRIMARY KEY, "content" text NOT NULL, "embedding" vector({DIMENSIONS}) NOT NULL,'
    ' "tenant_id" uuid, "langchain_metadata" json)'
)
INDEX = f'CREATE INDEX ON {TABLE} USING hnsw ("embedding" vector_cosine_ops) WITH (m = 16, ef_construction = 64)'
FILL = (
    f"INSERT INTO {TABLE} SELECT uuidv7(), text_hash, subvector(vector, 1, {DIMENSIONS})::vector({DIMENSIONS}), tenant_id, NULL"  # noqa: S608
    " FROM core_textvector"
)
SEARCH = (
    'SELECT "langchain_id", "content", "embedding", "tenant_id", "langchain_metadata", cosine_distance("embedding", %(query)s) as distance'  # noqa: S608
    f' FROM "public"."{TABLE}" WHERE "tenant_id" = %(tenant_id)s ORDER BY "embedding" <=> %(query)s LIMIT %(limit)s'
)


@contextmanager
def langchain_table(*, memory: str = "3GB") -> Iterator[None]:
    """Its table with every vector of this database, indexed; gone afterwards."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
        cursor.execute(CREATE)
        # The owner alone may look past row-level security, for as long as it copies.
        cursor.execute("ALTER TABLE core_textvector NO FORCE ROW LEVEL SECURITY")
        try:
            cursor.execute(FILL)
        finally:
            cursor.execute("ALTER TABLE core_textvector FORCE ROW LEVEL SECURITY")
        cursor.execute("SELECT set_config('maintenance_work_mem', %s, false)", [memory])
        cursor.execute(INDEX)
        cursor.execute("RESET maintenance_work_mem")
        cursor.execute(f"ANALYZE {TABLE}")
    try:
        yield
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute(f"DROP TABLE {TABLE}")


def find_by_langchain(search: SearchVector, *, tenant_id: uuid.UUID, limit: int) -> list[str]:
    """The hashes of the nearest texts of a tenant, as PGVectorStore would ask for them."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(SEARCH, {"query": search.to_sql(dimensions=DIMENSIONS), "tenant_id": tenant_id, "limit": limit})
        return [row[1] for row in cursor.fetchall()]
