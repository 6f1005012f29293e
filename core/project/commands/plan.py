"""`evosense plan`: JSON Lines of questions in, of plans out; needs no database and no server."""

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO, cast

import click

from assistant.plan import Plan, PlanError
from assistant.planner import LANGUAGES, Catalog, CatalogError, Language, PastTurn, plan_question
from assistant.planner.by_model import is_for_model, merge_plans, plan_by_model
from core.ai.analysers import EMBEDDED, PROVIDERS
from core.ai.providers import Kind, make_chat_model
from core.ai.roles import ChatModel, ProviderError
from core.project.models import make_environment_config


@click.command()
@click.option(
    "--catalog",
    "catalog_path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="The tenant's names, as JSON.",
)
@click.option(
    "--provider", type=click.Choice(PROVIDERS), default=EMBEDDED, show_default=True, help="Who plans; the built-in planner stands behind."
)
def command(catalog_path: Path, *, provider: str) -> None:
    """Turn questions into plans.

    Reads {id, lang, as_of, history: [{question, plan}], question} a line, writes {id, plan} a line in the same order;
    a line that can not be read gives {id, error} and the rest goes on. With a model, {provider} says whose plan it is:
    the model's name, or the built-in planner's and why.
    """
    model = None if provider == EMBEDDED else make_chat_model(make_environment_config(cast(Kind, provider)))
    try:
        catalog = Catalog.from_dict(json.loads(catalog_path.read_text(encoding="utf-8")))
    except (CatalogError, ValueError) as error:
        raise click.ClickException(f"{catalog_path} is no catalogue: {error}") from error
    reader = cast(TextIO, sys.stdin)
    for row in plan_lines(reader, catalog=catalog, model=model):
        click.echo(json.dumps(row, ensure_ascii=False))


def plan_lines(lines: TextIO | list[str], *, catalog: Catalog, model: ChatModel | None = None) -> Iterator[dict[str, Any]]:
    """One row out for every line in that is not blank."""
    for line in lines:
        if line.strip():
            yield plan_line(line, catalog=catalog, model=model)


def plan_line(line: str, *, catalog: Catalog, model: ChatModel | None = None) -> dict[str, Any]:
    """`{id, plan}` of one line, or `{id, error}` that says what is wrong with it; no id where it could not be read."""
    named: dict[str, Any] = {}
    try:
        raw = json.loads(line)
        if not isinstance(raw, dict):
            raise ValueError("the line is not a JSON object")
        if "id" in raw:
            named["id"] = raw["id"]
        question, clock = _get_text(raw, "question"), _read_clock(raw)
        history = [_read_turn(turn) for turn in raw.get("history") or []]
        planned = plan_question(question, history=history, catalog=catalog, clock=clock, language=_read_language(raw))
    except (ValueError, TypeError) as error:
        return {**named, "error": str(error)}
    if model is None:
        return {**named, "plan": planned.plan.to_dict()}
    plan, whose = planned.plan, EMBEDDED
    if is_for_model(planned):
        try:
            found = plan_by_model(question, model=model, history=history, catalog=catalog, clock=clock, language=planned.language)
        except ProviderError as error:
            whose = f"{EMBEDDED} ({model.name}: {error.reason})"
        else:
            merged = merge_plans(planned, found)
            plan, whose = (merged.plan, model.name) if merged is not None else (plan, whose)
    return {**named, "plan": plan.to_dict(), "provider": whose}


def _get_text(raw: dict[str, Any], key: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str):
        raise ValueError(f"{key}: {value!r} is not text")
    return value


def _read_clock(raw: dict[str, Any]) -> datetime:
    text = _get_text(raw, "as_of")
    try:
        clock = datetime.fromisoformat(text)
    except ValueError:
        clock = None
    if clock is None or clock.tzinfo is None:
        raise ValueError(f"as_of: {text!r} is no ISO 8601 instant with an offset, such as 2026-11-20T15:30:00-03:00")
    return clock


def _read_language(raw: dict[str, Any]) -> Language | None:
    language = raw.get("lang")
    if language is None:
        return None
    if language not in LANGUAGES:
        raise ValueError(f"lang: {language!r} is not one of {', '.join(LANGUAGES)}")
    return cast(Language, language)


def _read_turn(raw: object) -> PastTurn:
    if not isinstance(raw, dict):
        raise ValueError(f"history: {raw!r} is not an object with question and plan")
    try:
        return PastTurn(_get_text(raw, "question"), Plan.from_dict(raw.get("plan")))
    except PlanError as error:
        raise ValueError(f"history: {error}") from error
