"""What an import did, in words, in three languages."""

from typing import Any

from core.models import ImportRun
from ingestion.exports import Language, Notice, describe_notice, describe_problem
from ingestion.types import Problem

SHOWN_PROBLEMS = 5

SENTENCES: dict[str, dict[Language, str]] = {
    "run": {
        "pt": "{file}: {new} novas, {known} já conhecidas, {skipped} ignoradas",
        "en": "{file}: {new} new, {known} known, {skipped} skipped",
        "es": "{file}: {new} nuevas, {known} conocidas, {skipped} omitidas",
    },
    "updated": {
        "pt": "{count} das conhecidas atualizadas",
        "en": "{count} of the known updated",
        "es": "{count} de las conocidas actualizadas",
    },
    "system": {"pt": "avisos do WhatsApp: {count}", "en": "notices of WhatsApp's: {count}", "es": "avisos de WhatsApp: {count}"},
    "line": {"pt": "linha {line}: {reason}", "en": "line {line}: {reason}", "es": "línea {line}: {reason}"},
    "more": {"pt": "e mais {count}", "en": "and {count} more", "es": "y {count} más"},
    "refused": {"pt": "Recusado: {reason}", "en": "Refused: {reason}", "es": "Rechazado: {reason}"},
    "reading": {
        "pt": "{file}: {done} de {total} mensagens …",
        "en": "{file}: {done} of {total} messages …",
        "es": "{file}: {done} de {total} mensajes …",
    },
    "analysing": {
        "pt": "Analisando: faltam {count} conversas …",
        "en": "Analysing: {count} conversations to go …",
        "es": "Analizando: faltan {count} conversaciones …",
    },
    "analysed": {"pt": "Tudo analisado.", "en": "Everything is analysed.", "es": "Todo está analizado."},
    "stuck": {
        "pt": "A análise parou com {count} conversas por fazer. As mensagens estão guardadas; veja o registro do worker.",
        "en": "The analysis has stopped with {count} conversations to go. The messages are stored; see the worker's log.",
        "es": "El análisis se detuvo con {count} conversaciones pendientes. Los mensajes están guardados; vea el registro del worker.",
    },
    "queued": {
        "pt": "A análise acontece em segundo plano.",
        "en": "The analysis goes on in the background.",
        "es": "El análisis sigue en segundo plano.",
    },
}


def say(key: str, *, language: Language, **values: Any) -> str:
    """One sentence of `SENTENCES`."""
    return SENTENCES[key][language].format(**values)


def describe_run(run: ImportRun, *, notices: list[Notice], language: Language) -> str:
    """One line on what was recorded and what was skipped and why, and a line for each notice."""
    skipped = run.system_lines + run.problem_count
    line = say("run", language=language, file=run.file_name, new=run.messages_new, known=run.messages_known, skipped=skipped)
    reasons = [say("system", language=language, count=run.system_lines)] if run.system_lines else []
    for stored in run.problems[:SHOWN_PROBLEMS]:
        problem = Problem(**stored)
        reasons.append(say("line", language=language, line=problem.line, reason=describe_problem(problem, language=language)))
    if run.problem_count > SHOWN_PROBLEMS:
        reasons.append(say("more", language=language, count=run.problem_count - SHOWN_PROBLEMS))
    line += f" ({'; '.join(reasons)})" if reasons else ""
    line += f"; {say('updated', language=language, count=run.messages_updated)}" if run.messages_updated else ""
    return "\n".join([line, *(f"  {describe_notice(notice, language=language)}" for notice in notices)])
