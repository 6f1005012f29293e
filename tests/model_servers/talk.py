"""Turns of a talk, as analysers are shown them."""

from datetime import UTC, datetime, timedelta

from core.ai.roles import Author, Turn

BEGIN = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)


def make_turn(author: Author, text: str, minutes: int = 0) -> Turn:
    return Turn(author=author, text=text, at=BEGIN + timedelta(minutes=minutes))
