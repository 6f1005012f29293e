"""What is logged while something happens. structlog's own capture sees nothing of a logger that was used before it began."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class _Keeper(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.kept: list[Any] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.kept.append(record.msg if isinstance(record.msg, dict) else record.getMessage())


@contextmanager
def collecting_logs() -> Iterator[list[Any]]:
    """The entries that are logged inside: fields where structlog made them, else the line."""
    keeper = _Keeper()
    logging.getLogger().addHandler(keeper)
    try:
        yield keeper.kept
    finally:
        logging.getLogger().removeHandler(keeper)
