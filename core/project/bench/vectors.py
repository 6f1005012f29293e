"""Made-up text vectors for benches: as many as a large installation has, drawn like those of real texts, and stored at COPY's speed."""

import uuid
from collections.abc import Sequence

import numpy as np
from django.db import connection, connections

from core.ai.embedded.embedder import DIMENSIONS, MODEL
from core.ai.roles import STORED_DIMENSIONS, Vector
from core.models import TextVector
from core.tenancy import scope

BATCH = 20_000
# Real vectors of texts share one direction, lie in clusters (of texts on one subject) on few directions of their own, and spread
# around those; these are the parts of each.
COMMON, CLUSTER_DIRECTIONS, SPREAD = 2.0, 48, 0.7
TEXTS_PER_CLUSTER = 500
COPY_HEADER, COPY_END = b"PGCOPY\n\xff\r\n\0" + bytes(8), (-1).to_bytes(2, "big", signed=True)
# One row of COPY's binary format: number of fields, then each field's length and bytes (PostgreSQL manual, COPY); a halfvec is its
# dimensions, two unused bytes, and its values.
ROW = np.dtype(
    [
        ("fields", ">i2"),
        ("hash_size", ">i4"),
        ("hash", "S32"),
        ("vector_size", ">i4"),
        ("dimensions", ">i2"),
        ("unused", ">i2"),
        ("values", ">f2", STORED_DIMENSIONS),
    ]
)


class Mixture:
    """Vectors of length 1 in clusters; the same for the same numbers."""

    def __init__(self, *, texts: int, seed: int = 1) -> None:
        self._random = np.random.default_rng(seed)
        clusters = max(50, texts // TEXTS_PER_CLUSTER)
        directions = self._random.standard_normal((CLUSTER_DIRECTIONS, DIMENSIONS))
        centres = self._random.standard_normal((clusters, CLUSTER_DIRECTIONS)) @ directions
        self._centres = (centres / np.linalg.norm(centres, axis=1, keepdims=True)).astype(np.float32)
        common = self._random.standard_normal(DIMENSIONS)
        self._common = (COMMON * common / np.linalg.norm(common)).astype(np.float32)

    def draw(self, count: int) -> Vector:
        """So many vectors, shape (count, DIMENSIONS)."""
        spread = self._random.standard_normal((count, DIMENSIONS), dtype=np.float32) * np.float32(SPREAD / np.sqrt(DIMENSIONS))
        drawn = self._common + self._centres[self._random.integers(0, len(self._centres), count)] + spread
        vectors: Vector = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
        return vectors


def store_vectors(tenant_id: uuid.UUID, hashes: Sequence[str], mixture: Mixture) -> None:
    """Give each of a tenant's texts a vector of the embedded model, in the tenant's scope, a batch a transaction."""
    for start in range(0, len(hashes), BATCH):
        batch = hashes[start : start + BATCH]
        rows = np.zeros(len(batch), ROW)
        rows["fields"], rows["hash_size"], rows["vector_size"] = 2, 32, 4 + 2 * STORED_DIMENSIONS
        rows["dimensions"], rows["hash"] = STORED_DIMENSIONS, np.array(batch, "S32")
        rows["values"][:, :DIMENSIONS] = mixture.draw(len(batch))
        with scope(tenant_id), connection.cursor() as cursor:
            # Into a table of its own first: COPY does not know row-level security.
            cursor.execute("CREATE TEMPORARY TABLE drawn (text_hash text, vector halfvec) ON COMMIT DROP")
            with cursor.cursor.copy("COPY drawn FROM STDIN (FORMAT BINARY)") as copy:
                copy.write(COPY_HEADER + rows.tobytes() + COPY_END)
            cursor.execute(
                "INSERT INTO core_textvector (id, tenant_id, model, text_hash, vector)"
                " SELECT uuidv7(), %s, %s, text_hash, vector FROM drawn",
                [tenant_id, MODEL],
            )


def make_hashes(count: int, *, name: str) -> list[str]:
    """So many different hashes, the same for the same name."""
    return [uuid.uuid5(uuid.NAMESPACE_OID, f"{name}:{number}").hex for number in range(count)]


def drop_indexes() -> None:
    """Take the nearness indexes away, for loading: a row at a time they take hours over what is built at once in minutes."""
    with connections["owner"].cursor() as cursor:
        for index in TextVector._meta.indexes:
            cursor.execute(f"DROP INDEX IF EXISTS {index.name}")


def make_indexes(*, memory: str = "3GB") -> None:
    """Build them again, with memory enough for the whole graph of a million texts, and let PostgreSQL count its rows."""
    owner = connections["owner"]
    with owner.schema_editor() as editor:
        editor.execute(f"SET LOCAL maintenance_work_mem = '{memory}'")
        for index in TextVector._meta.indexes:
            editor.add_index(TextVector, index)
    with owner.cursor() as cursor:
        cursor.execute("ANALYZE core_textvector")
