"""What is said of verified questions, in three languages: who vouches for one, how its days follow the clock, what became of it."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from assistant.compose.numbers import Language, format_number
from assistant.models import VerifiedQuestion
from assistant.timing import Rule
from core.metrics import METRICS

Words = Mapping[Language, str]
DECIMALS = 4  # a figure that moved a little is told apart from what it was

VERIFIED: Words = {
    "pt": "Pergunta verificada por {by} em {on}.",
    "en": "Question verified by {by} on {on}.",
    "es": "Pregunta verificada por {by} el {on}.",
}
SOMEBODY: Words = {"pt": "alguém da sua empresa", "en": "somebody of your company", "es": "alguien de tu empresa"}
DATES: Words = {"pt": "%d/%m/%Y", "en": "%m/%d/%Y", "es": "%d/%m/%Y"}
PLANNER: Words = {
    "pt": "Os dias são lidos de novo nas palavras da pergunta.",
    "en": "Its days are read anew in the question's words.",
    "es": "Los días se leen de nuevo en las palabras de la pregunta.",
}
SHIFTED: Words = {
    "pt": "Os dias andam por regra: {rule}.",
    "en": "Its days move by rule: {rule}.",
    "es": "Los días se mueven por regla: {rule}.",
}
FIXED: Words = {"pt": "Os dias são sempre os mesmos.", "en": "Its days are always the same.", "es": "Los días son siempre los mismos."}
UNITS: Mapping[Language, Mapping[str, str]] = {
    "pt": {"week": "semana", "month": "mês", "quarter": "trimestre", "year": "ano"},
    "en": {"week": "week", "month": "month", "quarter": "quarter", "year": "year"},
    "es": {"week": "semana", "month": "mes", "quarter": "trimestre", "year": "año"},
}
RULES: Mapping[Language, Mapping[str, str]] = {
    "pt": {
        "day0": "hoje", "day1": "ontem", "day2": "anteontem", "running": "{unit} em curso, até hoje", "earlier1": "{unit} anterior",
        "earlier2": "{unit} antes do anterior", "last_days": "últimos {days} dias", "fixed": "dias fixos", "previous": "período anterior",
        "vs": "{rule}, comparado com: {other}",
    },
    "en": {
        "day0": "today", "day1": "yesterday", "day2": "the day before yesterday", "running": "the running {unit}, to today",
        "earlier1": "the {unit} before", "earlier2": "the {unit} before the last", "last_days": "the last {days} days",
        "fixed": "fixed days", "previous": "the period before", "vs": "{rule}, compared with {other}",
    },
    "es": {
        "day0": "hoy", "day1": "ayer", "day2": "anteayer", "running": "{unit} en curso, hasta hoy", "earlier1": "{unit} anterior",
        "earlier2": "{unit} antes del anterior", "last_days": "últimos {days} días", "fixed": "días fijos", "previous": "período anterior",
        "vs": "{rule}, comparado con: {other}",
    },
}  # fmt: skip
PROBLEMS: Mapping[str, Words] = {
    "gone": {
        "pt": "Não existe mais: {what}.",
        "en": "It is not there any more: {what}.",
        "es": "Ya no existe: {what}.",
    },
    "no_period": {
        "pt": "As palavras da pergunta não dizem mais um período.",
        "en": "The question's words name no period any more.",
        "es": "Las palabras de la pregunta ya no dicen un período.",
    },
    "contradiction": {
        "pt": "O plano não é mais válido.",
        "en": "Its plan is not valid any more.",
        "es": "El plan ya no es válido.",
    },
    "empty": {
        "pt": "Não encontra nenhuma conversa.",
        "en": "It finds no conversation.",
        "es": "No encuentra ninguna conversación.",
    },
    "reread": {
        "pt": "Sem a verificação, a pergunta seria entendida de outro jeito agora.",
        "en": "Without being verified, the question would be understood otherwise by now.",
        "es": "Sin la verificación, la pregunta se entendería de otra manera ahora.",
    },
    "drifted": {
        "pt": "Números de dias que já passaram mudaram desde a verificação: {what}.",
        "en": "Figures of days that are over have changed since it was verified: {what}.",
        "es": "Cifras de días ya pasados cambiaron desde la verificación: {what}.",
    },
    "failed": {
        "pt": "A conferência falhou; tentamos de novo na próxima noite.",
        "en": "Checking it failed; we try again next night.",
        "es": "La comprobación falló; lo intentamos de nuevo la próxima noche.",
    },
}


def say_verified(row: VerifiedQuestion, *, language: Language, zone: ZoneInfo) -> str:
    """Who vouches for it and since when; where its days move by rule, by which one."""
    by = row.made_by.name if row.made_by else SOMEBODY[language]
    told = VERIFIED[language].format(by=by, on=f"{row.made_at.astimezone(zone):{DATES[language]}}")
    return told if row.timing == VerifiedQuestion.Timing.PLANNER else f"{told} {say_timing(row, language=language)}"


def say_timing(row: VerifiedQuestion, *, language: Language) -> str:
    """How its days follow the clock."""
    if row.timing == VerifiedQuestion.Timing.PLANNER:
        return PLANNER[language]
    if row.timing == VerifiedQuestion.Timing.FIXED:
        return FIXED[language]
    rule = say_rule(row.rule["period"], language=language)
    if row.rule.get("compare_to"):
        rule = RULES[language]["vs"].format(rule=rule, other=say_rule(row.rule["compare_to"], language=language))
    return SHIFTED[language].format(rule=rule)


def say_rule(rule: Rule, *, language: Language) -> str:
    """One rule in words: "últimos 30 dias"."""
    kind = f"{rule['kind']}{rule.get('back', '')}"
    return RULES[language][kind].format(unit=UNITS[language].get(rule.get("unit", ""), ""), days=rule.get("days", ""))


def say_problem(problem: Mapping[str, Any], *, language: Language) -> str:
    """What a check found, in words."""
    drifted = "; ".join(_say_drift(one, language=language) for one in problem.get("figures", ()))
    return PROBLEMS[problem["code"]][language].format(what=drifted or problem.get("what", ""))


def _say_drift(drift: Mapping[str, Any], *, language: Language) -> str:
    """Satisfação · Norte: 3 → 2,75; a dash where a figure is not there."""
    metric, mark, rest = str(drift["what"]).partition(" · ")
    label = METRICS[metric].labels[language] if metric in METRICS else metric
    before, after = (
        "–" if drift[name] is None else format_number(drift[name], language=language, most=DECIMALS) for name in ("before", "after")
    )
    return f"{label}{mark}{rest}: {before} → {after}"
