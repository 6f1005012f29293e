"""`evosense analyse`: JSON Lines of texts or conversations in, of analyses out; needs no database and no server."""

import json
import queue
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar, cast

import click

from core.ai.analysers import EMBEDDED, PROVIDERS, get_analyser
from core.ai.providers import Kind
from core.ai.roles import Analyser, ConversationInput, MessageAnalysis, MessageInput, ProviderError, ThemeInput, Turn
from core.project.models import make_environment_config
from ingestion.ratings import Scale, find_scale, read_rating

BATCH_LINES = 64
MAX_WAITING_LINES = 1024

Line = dict[str, Any]
Asked = TypeVar("Asked")
Found = TypeVar("Found")
Request = MessageInput | ConversationInput | str  # a str says what is wrong with the line


@click.command()
@click.option(
    "--provider", type=click.Choice(PROVIDERS), default=PROVIDERS[0], show_default=True, help="Which provider analyses, for this run."
)
def command(provider: str) -> None:
    """Analyse texts and conversations.

    Reads {id, text} or {id, messages: [{author, text, at}], themes: [names]} a line, writes an analysis a line in the same
    order; a line that can not be read gives {id, error} and the rest goes on.
    """
    config = None if provider == EMBEDDED else make_environment_config(cast(Kind, provider))
    for row in analyse_lines(_read_stdin(), analyser=partial(get_analyser, provider, config=config)):
        click.echo(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace"))


def analyse_lines(batches: Iterable[Sequence[str]], *, analyser: Callable[[], Analyser]) -> Iterator[Line]:
    """One row out for every line in that is not blank. The analyser is only asked for where a line needs it."""
    for batch in batches:
        read = [read_line(line) for line in batch if line.strip()]
        answers = _answer([request for _, request in read], analyser)
        for (named, _), answer in zip(read, answers, strict=True):
            yield {**named, **answer}


def _answer(requests: Sequence[Request], analyser: Callable[[], Analyser]) -> list[Line]:
    messages = [one for one in requests if isinstance(one, MessageInput)]
    conversations = [one for one in requests if isinstance(one, ConversationInput)]
    told = iter(_ask(lambda some: analyser().analyse_messages(some), messages))
    judged = iter(_ask(lambda some: analyser().analyse_conversations(some), conversations))
    rows: list[Line] = []
    for request in requests:
        found = request if isinstance(request, str) else next(told if isinstance(request, MessageInput) else judged)
        if isinstance(found, str):
            rows.append({"error": found})
        elif isinstance(found, MessageAnalysis):
            sentiment = {"label": found.sentiment, "score": found.sentiment_score}
            rows.append({"sentiment": sentiment, "emotion": found.emotion, "tone": found.tone, "masked": found.masked_text})
        else:
            rating = cast(ConversationInput, request).rating
            satisfaction = found.score if rating is None else float(rating)
            rows.append({"satisfaction": satisfaction, "theme": found.theme, "resolved": found.is_resolved})
    return rows


def _ask(analyse: Callable[[Sequence[Asked]], Sequence[Found]], asked: Sequence[Asked]) -> list[Found | str]:
    """What the analyser found, or why it did not: a reply that is none spoils its own line, a provider that is gone all of them."""
    if not asked:
        return []
    try:
        return list(analyse(asked))
    except ProviderError as error:
        if error.reason in ("garbage", "schema") and len(asked) > 1:
            return [found for one in asked for found in _ask(analyse, [one])]
        return [str(error)] * len(asked)


def read_line(line: str) -> tuple[Line, Request]:
    """What names the line (`{id}` or nothing) and what it asks for, or says what is wrong with it."""
    named: Line = {}
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError) as error:
        return named, f"the line is not JSON: {error}"
    if not isinstance(raw, dict):
        return named, "the line is not a JSON object"
    if "id" in raw:
        named["id"] = raw["id"]
    try:
        if "messages" in raw:
            return named, _read_conversation(raw)
        return named, MessageInput(text=_get_text(raw, "text"))
    except ValueError as error:
        return named, str(error)


def _read_conversation(raw: Line) -> ConversationInput:
    if not isinstance(raw["messages"], list):
        raise ValueError("messages: not a list")
    turns: list[Turn] = []
    for place, message in enumerate(raw["messages"]):
        if not isinstance(message, dict):
            raise ValueError(f"messages[{place}]: not an object")
        if message.get("author") not in {"customer", "agent"}:
            raise ValueError(f"messages[{place}].author: {message.get('author')!r} is neither customer nor agent")
        text = _get_text(message, "text", where=f"messages[{place}].")
        turns.append(Turn(author=message["author"], text=text, at=_read_instant(message.get("at"), turns, place)))
    themes = raw.get("themes") or []
    if not isinstance(themes, list):
        raise ValueError("themes: not a list")
    return ConversationInput(
        messages=tuple(turns),
        themes=tuple(_read_theme(theme, place) for place, theme in enumerate(themes)),
        rating=_find_rating(turns),
    )


def _read_theme(raw: object, place: int) -> ThemeInput:
    """A name, or a name with examples: {name, examples: [texts]}."""
    if isinstance(raw, str):
        return ThemeInput(name=raw)
    if isinstance(raw, dict) and isinstance(raw.get("name"), str):
        examples = raw.get("examples") or []
        if isinstance(examples, list) and all(isinstance(example, str) for example in examples):
            return ThemeInput(name=raw["name"], examples=tuple(examples))
    raise ValueError(f"themes[{place}]: neither a name nor an object with name and examples")


def _read_instant(raw: object, turns: Sequence[Turn], place: int) -> datetime:
    """The instant of a message; without one, a minute after the message before."""
    if raw is None:
        return turns[-1].at + timedelta(minutes=1) if turns else datetime(2000, 1, 1, tzinfo=UTC)
    try:
        instant = datetime.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        instant = None
    if instant is None:
        raise ValueError(f"messages[{place}].at: {raw!r} is no ISO 8601 instant, such as 2026-11-20T15:30:00-03:00")
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _find_rating(turns: Sequence[Turn]) -> int | None:
    """The number 1–5 that the customer typed when asked, the last one where it happened twice."""
    rating: int | None = None
    asked: Scale | None = None
    for turn in turns:
        if turn.author == "agent":
            asked = find_scale(turn.text) or asked
        elif asked is not None:
            given = read_rating(turn.text, scale=asked)
            if given is not None:
                rating, asked = given, None
    return rating


def _get_text(raw: Line, key: str, *, where: str = "") -> str:
    if key not in raw:
        raise ValueError(f"{where}{key}: missing; a line holds {{id, text}} or {{id, messages}}")
    if not isinstance(raw[key], str):
        raise ValueError(f"{where}{key}: {raw[key]!r} is not text")
    value: str = raw[key]
    return value


def _read_stdin() -> Iterator[list[str]]:
    """Lines as they arrive, together as far as they are there already: a slow writer gets each answer at once."""
    lines: queue.Queue[str | None] = queue.Queue(maxsize=MAX_WAITING_LINES)

    def fill() -> None:
        for raw in sys.stdin.buffer:
            lines.put(raw.decode("utf-8", "replace"))
        lines.put(None)

    threading.Thread(target=fill, name="stdin", daemon=True).start()
    while (line := lines.get()) is not None:
        batch = [line]
        while len(batch) < BATCH_LINES:
            try:
                following = lines.get_nowait()
            except queue.Empty:
                break
            if following is None:
                yield batch
                return
            batch.append(following)
        yield batch
