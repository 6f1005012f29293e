"""What answering one turn used: the statements that its evidence took, the rows that they gave, and the tokens of models."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(slots=True)
class Usage:
    """Counts of one turn. `conversations` are those that its numbers stand on, analysed or not; None where it counts none."""

    statements: int = 0
    rows_read: int = 0
    model_tokens: int = 0
    conversations: int | None = None

    @contextmanager
    def count_rows(self) -> Iterator[None]:
        """Count the statements of this block, on this thread's connection, and the rows that they give."""
        with connection.execute_wrapper(self._count):
            yield

    def _count(self, execute: Callable[..., Any], sql: str, parameters: Any, many: Any, context: dict[str, Any]) -> Any:
        result = execute(sql, parameters, many, context)
        self.statements += 1
        # Unknown (−1) for what gives no rows.
        self.rows_read += max(0, context["cursor"].rowcount)
        return result
