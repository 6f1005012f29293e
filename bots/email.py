"""An answer as an e-mail: its words, its figures as a table, what it covers, and the way to the whole of it."""

from collections.abc import Mapping, Sequence

import structlog
from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from assistant.blocks import Answer, Cell, Column, DriversBlock, SeriesBlock, TableBlock, ThemesBlock
from assistant.compose.numbers import Language
from bots.markup import write_cell
from bots.words import say
from core.models import User

log = structlog.get_logger(__name__)

MOST_ROWS = 50
TABLES = (TableBlock, SeriesBlock, DriversBlock, ThemesBlock)
# An occurrence whose e-mail went out is not sent again within this time, in seconds.
SENT_ONCE_SECONDS = 24 * 3600


def can_send_email() -> bool:
    """Whether this installation has a mail server (EMAIL_HOST)."""
    return bool(settings.EMAIL_HOST)


def send_answer(user: User, question: str, answer: Answer, *, key: str) -> str:
    """Send an answer to a person's own address, once under a key. Returns "" or why it did not go out, as a word."""
    if not cache.add(f"e-mail:{key}", 1, timeout=SENT_ONCE_SECONDS):
        return ""
    subject, text, html = write_answer(question, answer)
    message = EmailMultiAlternatives(subject=subject, body=text, to=[user.email])
    message.attach_alternative(html, "text/html")
    try:
        message.send()
    except OSError as error:  # of sockets, and what smtplib raises
        cache.delete(f"e-mail:{key}")
        log.warning("email.not_sent", user_id=str(user.id), error=type(error).__name__)
        return "not_sent"
    return ""


def write_answer(question: str, answer: Answer) -> tuple[str, str, str]:
    """Subject, plain text and HTML."""
    language: Language = answer.language
    subject = " ".join(question.split())[:150]
    link = f"{settings.PUBLIC_URL}/t/{answer.thread_id}" if settings.PUBLIC_URL else ""
    tables = [_write_table(block.columns, block.rows, language) for block in answer.blocks if isinstance(block, TABLES)]
    paragraphs = [line for line in [*answer.text.split("\n"), *answer.notes, answer.coverage.text] if line.strip()]
    context = {
        "question": question,
        "paragraphs": paragraphs,
        "tables": tables,
        "link": link,
        "open_words": say("email.open", language),
        "language": language,
    }
    lines = [*paragraphs]
    for heads, rows in tables:
        lines += ["", " | ".join(heads), *(" | ".join(row) for row in rows)]
    if link:
        lines += ["", f"{context['open_words']}: {link}"]
    return subject, "\n".join(lines), render_to_string("bots/answer.html", context)


def _write_table(columns: Sequence[Column], rows: Sequence[Mapping[str, Cell]], language: Language) -> tuple[list[str], list[list[str]]]:
    """Heads and rows in words."""
    heads = [column.label for column in columns]
    return heads, [[write_cell(row.get(column.key), column, language) for column in columns] for row in rows[:MOST_ROWS]]
