"""What is still missing: conversations that wait for their analysis."""

from ingestion.batches import select_waiting


def count_waiting() -> int:
    """How many conversations of the open scope have no analysis of what they hold now."""
    return select_waiting().count()
