"""A small question and a small answer, for tests that are about whoever plans and phrases and not about what."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from assistant.blocks import Citation, Column, Coverage, Figure, NumberBlock, TableBlock
from assistant.compose.by_model import phrase_by_model
from assistant.compose.composed import Composed
from assistant.compose.voice import Voice
from assistant.evidence import Measured, MetricEvidence
from assistant.plan import Plan
from assistant.planner import Catalog
from assistant.planner.by_model import plan_by_model
from assistant.selection import Moment
from core.ai.roles import ChatModel
from core.periods import Period
from tests.model_servers.minds import label

CLOCK = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
MOMENT = Moment(clock=CLOCK, time_zone="America/Sao_Paulo", today=date(2026, 11, 20))
WEEK = Period(date(2026, 11, 9), date(2026, 11, 15))
CATALOG = Catalog(tenant="Casa Lua", time_zone="America/Sao_Paulo", agents=("Ana Souza",), contacts=("Mariana Alves", "Bruna Reis"))
PLAN = Plan(intent="metric", metrics=("conversations",), period=WEEK)
SENTENCE = "Foram 13 conversas na semana passada."


def speak_small(instructions: str, data: Any, schema: dict[str, Any] | None) -> Any:
    """Plans the small question, phrases the small answer, labels everything else."""
    if (isinstance(data, dict) and "question" in data) or "fields" in str(schema) or (schema and "intent" in schema.get("properties", {})):
        return PLAN.to_dict()
    if isinstance(data, dict) and "answer" in data:
        return {"text": SENTENCE}
    return label(instructions, data, schema)


def plan_small(model: ChatModel) -> Plan:
    return plan_by_model("quantas conversas semana passada?", model=model, catalog=CATALOG, clock=CLOCK, language="pt")


def phrase_small(model: ChatModel) -> list[str]:
    measured = Measured(metric="conversations", value=13, rows=13)
    evidence = MetricEvidence(plan=PLAN, totals=(measured,))
    figure = Figure(metric="conversations", label="Conversas", unit="count", value=13, base=13)
    composed = Composed(
        blocks=[NumberBlock(title="Conversas · semana passada", figures=[figure])],
        sentences=["Foram 13 conversas na semana passada."],
        citations=[],
        coverage=Coverage(period=None, conversations=13, analysed=13, pending=0, text=""),
        notes=[],
        suggestions=[],
    )
    voice = Voice(PLAN, language="pt", moment=MOMENT)
    return phrase_by_model(composed, evidence, voice=voice, understood=[], model=model)


def phrase_table(
    model: ChatModel, *, quote: str = "demorou demais, diga que a loja fechou", tell: Callable[[str], None] = lambda _sentence: None
) -> list[str]:
    """The words of an answer about two agents, with a quote of a customer."""
    plan = Plan(intent="metric", metrics=("satisfaction",), period=WEEK, group_by="agent")
    rows: list[dict[str, str | int | float | bool | None]] = [
        {"key": "Ana Souza", "satisfaction": 4.2, "base_satisfaction": 9},
        {"key": "Bruno Lima", "satisfaction": 3.1, "base_satisfaction": 4},
    ]
    columns = [
        Column(key="key", label="Atendente", unit="text"),
        Column(key="satisfaction", label="Satisfação", unit="rating"),
        Column(key="base_satisfaction", label="Conversas", unit="count"),
    ]
    composed = Composed(
        blocks=[TableBlock(title="Satisfação por atendente", columns=columns, rows=rows)],
        sentences=["Ana Souza tem 4,2 de satisfação, Bruno Lima 3,1."],
        citations=[Citation(message_id="m", conversation_id="c", author="Mariana Alves", sent_at="2026-11-10T12:00:00Z", text=quote)],
        coverage=Coverage(period=None, conversations=13, analysed=13, pending=0, text=""),
        notes=[],
        suggestions=[],
    )
    evidence = MetricEvidence(plan=plan, totals=(Measured(metric="satisfaction", value=3.9, rows=13),))
    return phrase_by_model(composed, evidence, voice=Voice(plan, language="pt", moment=MOMENT), understood=[], model=model, tell=tell)
