"""A language model may phrase an answer: it is shown evidence and nothing else, and each of its sentences must be in that evidence.

It can choose no action, for what it writes is only ever words on a screen. The first sentence that says more than the evidence ends it:
all of its words are dropped for ours, and the log tells at which place and why in a word, never what it said.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from assistant.blocks import Block, Citation, NumberBlock, Understood, Unit
from assistant.compose.check import QUOTED, add_evidence, collect_facts
from assistant.compose.composed import Composed
from assistant.compose.ground import Ground, find_fault, find_omitted, make_ground
from assistant.compose.model_words import INSTRUCTIONS, LANGUAGE_NAMES
from assistant.compose.numbers import format_change, format_value
from assistant.compose.voice import Voice
from assistant.evidence import Evidence
from core.ai.roles import ChatMessage, ChatModel, ProviderError
from core.privacy import mask

log = structlog.get_logger(__name__)

MOST_SENTENCES, LONGEST_TEXT = 6, 1200
SHOWN_ROWS, SHOWN_QUOTES, SHOWN_CHARACTERS = 12, 6, 280
_END = re.compile(r"(?<=[.!?…])[\"”»]?\s+|\n+")


def phrase_by_model(
    composed: Composed,
    evidence: Evidence,
    *,
    voice: Voice,
    understood: Sequence[Understood],
    model: ChatModel,
    tell: Callable[[str], None] = lambda _sentence: None,
) -> list[str]:
    """The answer's sentences in a model's words, each checked before `tell` hears it.

    Raises ProviderError, "schema" where one is not in the evidence.
    """
    ground = _make_ground(composed, evidence, voice, understood)
    system = INSTRUCTIONS.format(language=LANGUAGE_NAMES[voice.language], sentences=MOST_SENTENCES)
    payload = show_answer(composed, voice=voice, understood=understood)
    asked = (ChatMessage(role="system", text=system), ChatMessage(role="user", text=_write(payload)))
    said: list[str] = []
    for sentence in split_sentences(model.stream(asked)):
        fault = find_fault(sentence, ground)
        if fault is None and (len(said) >= MOST_SENTENCES or sum(map(len, said)) + len(sentence) > LONGEST_TEXT):
            fault = "markup"
        if fault is not None:
            log.warning("answer.model_text_dropped", intent=voice.plan.intent, place=len(said), fault=fault, provider=model.name)
            raise ProviderError(f"Sentence {len(said)} of the model's text is not in the evidence: {fault}.", reason="schema")
        said.append(sentence)
        tell(sentence)
    if not said:
        raise ProviderError("The model said nothing.", reason="garbage")
    if omitted := find_omitted(said, ground, composed.sentences[0]):
        log.warning("answer.model_text_dropped", intent=voice.plan.intent, place=len(said), fault="omission", provider=model.name)
        raise ProviderError(f"The model's text leaves out {len(omitted)} figures of the answer's first sentence.", reason="schema")
    return said


def split_sentences(pieces: Iterator[str]) -> Iterator[str]:
    """Whole sentences out of a text that grows. A sentence that does not end is given when the text does."""
    held = ""
    for piece in pieces:
        held += piece
        if len(held) > 2 * LONGEST_TEXT:
            raise ProviderError("The model's text is too long.", reason="garbage")
        while (match := _END.search(held)) is not None:
            sentence, held = held[: match.end()].strip(), held[match.end() :]
            if sentence:
                yield sentence
    if held.strip():
        yield held.strip()


def show_answer(composed: Composed, *, voice: Voice, understood: Sequence[Understood]) -> dict[str, Any]:
    """What the model reads: our sentences, the tables as they are written, the quotes; masked wherever somebody typed."""
    return {
        "about": [{"label": entry.label, "value": mask(entry.value).text} for entry in understood],
        "answer": [mask(sentence).text for sentence in composed.sentences],
        "tables": [_show_block(block, voice) for block in composed.blocks],
        "quotes": [_show_citation(citation) for citation in composed.citations[:SHOWN_QUOTES]],
    }


def _make_ground(composed: Composed, evidence: Evidence, voice: Voice, understood: Sequence[Understood]) -> Ground:
    compared = getattr(evidence, "compared", None)
    periods = [period for period in (voice.plan.period, voice.plan.compare_to, compared) if period is not None]
    facts = collect_facts(voice, composed.blocks, composed.coverage, periods=periods)
    add_evidence(facts, voice, evidence)
    facts.names.update(citation.author for citation in composed.citations if citation.author)
    labels = [f"{entry.label} {entry.value}" for entry in understood]
    labels += [str(line) for block in composed.blocks for line in _list_labels(block)]
    return make_ground(
        voice,
        facts,
        sentences=composed.sentences,
        blocks=composed.blocks,
        coverage=composed.coverage,
        quotes=[_show_citation(citation)["text"] for citation in composed.citations[:SHOWN_QUOTES]],
        labels=" ".join(labels),
    )


def _list_labels(block: Block) -> list[str]:
    if isinstance(block, NumberBlock):
        return [figure.label for figure in block.figures]
    return [column.label for column in block.columns]


def _show_block(block: Block, voice: Voice) -> dict[str, Any]:
    if isinstance(block, NumberBlock):
        figures = [
            {
                "label": figure.label,
                "value": _write_value(figure.value, figure.unit, voice),
                "before": _write_value(figure.previous, figure.unit, voice),
                "change": None if figure.change is None else format_change(figure.change, figure.unit, language=voice.language),
            }
            for figure in block.figures
        ]
        return {"title": block.title, "figures": figures}
    # Messages and conversations are quoted apart, or not at all: no row of theirs is a figure.
    columns = [] if block.kind in ("messages", "conversations") else [column for column in block.columns if column.key not in QUOTED]
    rows = [{column.label: _write_cell(row.get(column.key), column.key, column.unit, voice) for column in columns} for row in block.rows]
    return {"title": block.title, "rows": [row for row in rows[:SHOWN_ROWS] if row]}


def _write_cell(cell: object, key: str, unit: Unit, voice: Voice) -> str | None:
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, str):
        return cell if unit not in ("date", "datetime") else _write_day(cell, voice)
    if not isinstance(cell, int | float):
        return None
    if unit == "hour":
        return voice.key("hour", int(cell))
    is_change = key.startswith("change") or key in ("rate", "mix")
    return format_change(cell, unit, language=voice.language) if is_change else format_value(cell, unit, language=voice.language)


def _write_day(cell: str, voice: Voice) -> str:
    if "T" in cell:
        return voice.instant(datetime.fromisoformat(cell).astimezone(ZoneInfo(voice.moment.time_zone)))
    return voice.day(date.fromisoformat(cell))


def _write_value(value: float | None, unit: Unit, voice: Voice) -> str | None:
    return None if value is None else format_value(value, unit, language=voice.language)


def _show_citation(citation: Citation) -> dict[str, str]:
    return {"author": citation.author, "text": mask(citation.text).text[:SHOWN_CHARACTERS]}


def _write(payload: dict[str, Any]) -> str:
    return json.dumps(payload, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e")
