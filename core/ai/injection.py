"""Which of a customer's messages are written for a model and not for the shop: orders to whoever reads, labels or sums up.

Nothing depends on finding them: what a model says of any message is a label out of a closed list, or words that are checked. Those that
are found are shown to a model alone, so that none spoils another's label, and to the tenant's administrators.
"""

import re

_PATTERN = re.compile(
    # Pay no heed to what you were told.
    r"\b(ignor\w+|desconsider\w+|esque[cç]\w+|disregard|forget|olvid\w+|override|bypass)\b.{0,40}"
    r"\b(instru\w+|prompt|regras?|rules?|reglas?|above|acima|anterior\w*|previous|mandaram|guidelines?|diretrizes|directrices)"
    # The marks with which models' own templates set off who speaks.
    r"|\b(system|sistema|assistant|assistente|asistente|prompt|json|schema|sentiment|sentimento)\b\s*[\":=\]]"
    r"|<\|?/?\w+\|?>|\[/?(INST|SYSTEM|SISTEMA)\]|\bORDER:"
    # Talking to it: what you are, if you are one, a note for you.
    r"|\bvoc[eê] ([eé]|agora [eé]) (um|uma) (ia|assistente|modelo|rob[oô])|\bse voc[eê] [eé] um (rob[oô]|modelo)"
    r"|\beres un[ao]? (ia|modelo|asistente|robot)"
    r"|\byou are (an?|now)\b.{0,30}\b(ai|assistant|model|bot)\b|\b(note|nota) (to the model|do sistema|del sistema|para o modelo)"
    r"|\baten[cç][aã]o,? (ia|rob[oô]|modelo)\b|\bnew instructions\b|\bnovas instru[cç][oõ]es\b|\ba partir de agora todas as notas\b"
    # What to conclude, or what to tell whom.
    r"|\b(classifi\w+|clasific\w+|rotul\w+|label|marque|marca|mark)\b.{0,40}\b(positiv\w+|negativ\w+|satisf\w+|resol\w+|resuelt\w+)"
    r"|\b(tell|diga|dile|responda|report|escreva|escribe)\b.{0,30}\b(manager|gerente|resumo|resumen|summary|relat[oó]rio|informe)\b"
    r"|\b(relat[oó]rio|resumo|resumen|summary|informe)\b.{0,40}\b(diga|escreva|di|inclua|incluy\w+|include|say)\b"
    # What it must not give away.
    r"|\b(prompt|instru[cç][oõ]es|instrucciones|instructions) (de|del|do)? ?(sistema|system|ocult\w+|hidden)|\bsystem prompt\b"
    r"|\b(api[ -]?key|chave de api|clave de api)\b",
    re.IGNORECASE | re.DOTALL,
)

# One of these is in whatever the pattern finds: nearly all messages are passed over by them in two microseconds, not forty.
HINTS = tuple(
    """ignor|desconsider|esque|disregard|forget|olvid|overrid|bypass|system|sistema|assist|asist|prompt|json|schema|sentiment|<|[|order:
    |você é|voce e|você e|você agora|voce agora|eres un|you are|note to|nota d|nota p|aten|instr|a partir|classif|clasif|rotul|label
    |marque|marca|mark|tell|diga|dile|responda|report|escreva|escribe|relat|resum|summary|informe|include|incluy|api|chave de
    |clave de""".replace("\n    ", "").split("|")
)


def talks_to_model(text: str) -> bool:
    """Whether a text looks as if it were meant for whoever labels it or sums it up."""
    folded = text.lower()
    return any(hint in folded for hint in HINTS) and _PATTERN.search(text) is not None
