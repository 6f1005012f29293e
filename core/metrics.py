"""The registry of metrics: one entry each, with unit, definition and the expression that computes it.

An expression is SQL over the rows of its base (see core/compute.py): `conversation` rows, `message` rows, or `turn` rows,
a turn being a customer's wait that an agent's reply ended. `base_count` counts the rows that stand behind the value.
"""

from dataclasses import dataclass
from typing import Literal

Base = Literal["conversation", "message", "turn"]
Direction = Literal["up", "down"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One thing that can be measured. `better` says which direction is good; None where neither is.

    `mean_of` is the SQL of one row's part where the metric is a mean of such parts (a share is a mean of 0 and 100), so
    that a change of it can be split exactly; None for counts and medians.
    """

    slug: str
    base: Base
    unit: Literal["count", "rating", "percent", "score", "seconds"]
    better: Direction | None
    expression: str
    base_count: str
    mean_of: str | None = None
    labels: dict[str, str]
    definitions: dict[str, str]


def mean_metric(
    slug: str,
    *,
    base: Base,
    unit: Literal["rating", "percent", "score"],
    better: Direction | None,
    part: str,
    labels: dict[str, str],
    definitions: dict[str, str],
) -> Metric:
    """A metric that is the mean of `part` over the rows where it is not null."""
    return Metric(
        slug=slug, base=base, unit=unit, better=better, expression=f"avg({part})", base_count=f"count({part})", mean_of=part,
        labels=labels, definitions=definitions,
    )  # fmt: skip


ANALYSED = "count(satisfaction)"

_SENTIMENT_SHARES: list[tuple[str, Direction | None, dict[str, str], dict[str, str]]] = [
    ("positive", "up", {"pt": "Mensagens positivas", "en": "Positive messages", "es": "Mensajes positivos"},
     {"pt": "positivo", "en": "positive", "es": "positivo"}),
    ("neutral", None, {"pt": "Mensagens neutras", "en": "Neutral messages", "es": "Mensajes neutros"},
     {"pt": "neutro", "en": "neutral", "es": "neutro"}),
    ("negative", "down", {"pt": "Mensagens negativas", "en": "Negative messages", "es": "Mensajes negativos"},
     {"pt": "negativo", "en": "negative", "es": "negativo"}),
]  # fmt: skip

_ENTRIES: list[Metric] = [
    Metric(
        slug="conversations", base="conversation", unit="count", better=None, expression="count(*)", base_count="count(*)",
        labels={"pt": "Conversas", "en": "Conversations", "es": "Conversaciones"},
        definitions={
            "pt": "Quantas conversas começaram no período. Uma conversa termina com uma despedida ou depois de horas de silêncio.",
            "en": "How many conversations began in the period. A conversation ends with a goodbye or after hours of silence.",
            "es": "Cuántas conversaciones empezaron en el período. Una conversación termina con una despedida o tras horas de silencio.",
        },
    ),
    Metric(
        slug="contacts", base="conversation", unit="count", better=None, expression="count(DISTINCT contact_id)", base_count="count(*)",
        labels={"pt": "Clientes", "en": "Customers", "es": "Clientes"},
        definitions={
            "pt": "Quantos clientes diferentes conversaram no período.",
            "en": "How many different customers talked in the period.",
            "es": "Cuántos clientes distintos conversaron en el período.",
        },
    ),
    Metric(
        slug="messages", base="message", unit="count", better=None, expression="count(*)", base_count="count(*)",
        labels={"pt": "Mensagens", "en": "Messages", "es": "Mensajes"},
        definitions={
            "pt": "Quantas mensagens os clientes enviaram no período.",
            "en": "How many messages customers sent in the period.",
            "es": "Cuántos mensajes enviaron los clientes en el período.",
        },
    ),
    mean_metric(
        "satisfaction", base="conversation", unit="rating", better="up",
        part="satisfaction",
        labels={"pt": "Satisfação", "en": "Satisfaction", "es": "Satisfacción"},
        definitions={
            "pt": "Média da nota de 1 a 5 das conversas analisadas. A nota do cliente vale mais que a estimada; uma correção, ainda mais.",
            "en": "Mean note from 1 to 5 of the analysed conversations. A rating goes before the prediction, a correction before both.",
            "es": "Media de la nota de 1 a 5 de las conversaciones. La nota del cliente vale más que la estimada; una corrección, aún más.",
        },
    ),
    mean_metric(
        "csat", base="conversation", unit="percent", better="up",
        part="CASE WHEN satisfaction >= 4 THEN 100.0 WHEN satisfaction < 4 THEN 0.0 END",
        labels={"pt": "CSAT", "en": "CSAT", "es": "CSAT"},
        definitions={
            "pt": "Porcentagem das conversas analisadas com satisfação 4 ou 5.",
            "en": "Share of the analysed conversations with satisfaction 4 or 5.",
            "es": "Porcentaje de las conversaciones analizadas con satisfacción 4 o 5.",
        },
    ),
    mean_metric(
        "dissatisfaction", base="conversation", unit="percent", better="down",
        part="CASE WHEN satisfaction <= 2 THEN 100.0 WHEN satisfaction > 2 THEN 0.0 END",
        labels={"pt": "Insatisfação", "en": "Dissatisfaction", "es": "Insatisfacción"},
        definitions={
            "pt": "Porcentagem das conversas analisadas com satisfação 1 ou 2.",
            "en": "Share of the analysed conversations with satisfaction 1 or 2.",
            "es": "Porcentaje de las conversaciones analizadas con satisfacción 1 o 2.",
        },
    ),
    Metric(
        slug="complaints", base="conversation", unit="count", better="down",
        expression="count(*) FILTER (WHERE satisfaction <= 2)", base_count=ANALYSED,
        labels={"pt": "Reclamações", "en": "Complaints", "es": "Quejas"},
        definitions={
            "pt": "Quantas conversas analisadas ficaram com satisfação 1 ou 2.",
            "en": "How many analysed conversations have satisfaction 1 or 2.",
            "es": "Cuántas conversaciones analizadas tienen satisfacción 1 o 2.",
        },
    ),
    Metric(
        slug="compliments", base="conversation", unit="count", better="up",
        expression="count(*) FILTER (WHERE satisfaction = 5)", base_count=ANALYSED,
        labels={"pt": "Elogios", "en": "Compliments", "es": "Elogios"},
        definitions={
            "pt": "Quantas conversas analisadas ficaram com satisfação 5.",
            "en": "How many analysed conversations have satisfaction 5.",
            "es": "Cuántas conversaciones analizadas tienen satisfacción 5.",
        },
    ),
    mean_metric(
        "sentiment", base="message", unit="score", better="up",
        part="sentiment_score",
        labels={"pt": "Sentimento", "en": "Sentiment", "es": "Sentimiento"},
        definitions={
            "pt": "Média do sentimento das mensagens analisadas dos clientes, de −1 (negativo) a 1 (positivo).",
            "en": "Mean sentiment of the customers' analysed messages, from −1 (negative) to 1 (positive).",
            "es": "Media del sentimiento de los mensajes analizados de los clientes, de −1 (negativo) a 1 (positivo).",
        },
    ),
    *(
        mean_metric(
            f"{word}_share", base="message", unit="percent", better=better,
            part=f"CASE WHEN sentiment = '{word}' THEN 100.0 WHEN sentiment IS NOT NULL THEN 0.0 END",
            labels=labels,
            definitions={
                "pt": f"Porcentagem das mensagens analisadas dos clientes com sentimento {in_words['pt']}.",
                "en": f"Share of the customers' analysed messages whose sentiment is {in_words['en']}.",
                "es": f"Porcentaje de los mensajes analizados de los clientes con sentimiento {in_words['es']}.",
            },
        )
        for word, better, labels, in_words in _SENTIMENT_SHARES
    ),
    Metric(
        slug="first_response_time", base="conversation", unit="seconds", better="down",
        expression="percentile_cont(0.5) WITHIN GROUP (ORDER BY first_response_seconds)", base_count="count(first_response_seconds)",
        labels={"pt": "Tempo de primeira resposta", "en": "First response time", "es": "Tiempo de primera respuesta"},
        definitions={
            "pt": "Mediana do tempo entre a primeira mensagem do cliente e a primeira resposta. Conversas sem resposta ficam fora.",
            "en": "Median time from the customer's first message to the first reply. Conversations without a reply are left out.",
            "es": "Mediana del tiempo entre el primer mensaje del cliente y la primera respuesta. Sin respuesta, no cuenta.",
        },
    ),
    Metric(
        slug="response_time", base="turn", unit="seconds", better="down",
        expression="percentile_cont(0.5) WITHIN GROUP (ORDER BY response_seconds)", base_count="count(response_seconds)",
        labels={"pt": "Tempo de resposta", "en": "Response time", "es": "Tiempo de respuesta"},
        definitions={
            "pt": "Mediana do tempo que o cliente esperou por cada resposta, em todas as idas e vindas das conversas do período.",
            "en": "Median time that customers waited for each reply, over all exchanges of the period's conversations.",
            "es": "Mediana del tiempo que el cliente esperó cada respuesta, en todos los intercambios de las conversaciones del período.",
        },
    ),
    mean_metric(
        "resolution_rate", base="conversation", unit="percent", better="up",
        part="CASE WHEN is_resolved THEN 100.0 WHEN NOT is_resolved THEN 0.0 END",
        labels={"pt": "Taxa de resolução", "en": "Resolution rate", "es": "Tasa de resolución"},
        definitions={
            "pt": "Porcentagem das conversas analisadas que terminaram com o assunto resolvido.",
            "en": "Share of the analysed conversations that ended with the matter resolved.",
            "es": "Porcentaje de las conversaciones analizadas que terminaron con el asunto resuelto.",
        },
    ),
    Metric(
        slug="unanswered", base="conversation", unit="count", better="down",
        expression="count(*) FILTER (WHERE is_unanswered)", base_count="count(*)",
        labels={"pt": "Sem resposta", "en": "Unanswered", "es": "Sin respuesta"},
        definitions={
            "pt": "Conversas cuja última mensagem é do cliente e espera há mais tempo que o limite de resposta da empresa.",
            "en": "Conversations whose last message is the customer's and has waited longer than the company's reply limit.",
            "es": "Conversaciones cuyo último mensaje es del cliente y espera más que el límite de respuesta de la empresa.",
        },
    ),
]  # fmt: skip

METRICS: dict[str, Metric] = {metric.slug: metric for metric in _ENTRIES}
