"""The words with which a conversation ends, and those that only look like it, in Portuguese, English and Spanish. Pure."""

import re

from ingestion.names import fold_name, read_words

# All patterns are matched against text folded by `fold_name`: lower case, no accents, single spaces.

# A customer who says that nothing more is needed.
_GOODBYE = re.compile(
    r"\bpodem? (?:encerrar|finalizar|fechar)|\b(?:era|e) so isso|\bso isso mesmo|\bnada mais\b|\btchau"
    r"|\bate (?:mais|logo|breve|a proxima)\b"
    r"|\b(?:good ?)?bye\b|\bthat'?s all\b|\bthat is all\b|\bthat will be all\b|\bnothing else\b|\bsee you\b|\byou can close\b"
    r"|\b(?:eso|es) (?:es )?todo\b|\bnada mas\b|\bhasta (?:luego|pronto|la proxima)\b|\badios\b|\bpuede[ns]? cerrar"
)
_THANKS = re.compile(
    r"\b(?:muito )?(?:obrigad|brigad|agradec|agradez)|\bobg\b|\bobgd\b|\bvaleu\b|\bvlw\b|\bgrat[oa]\b|\bthank|\bthx\b|\bty\b|\bgracias\b"
)
# With these, thanks are politeness inside of a request: the customer expects more.
_EXPECTING = re.compile(
    r"aguard|\bespero\b|\besperando\b|\bno aguardo\b|\bretorno\b|\bmas\b|\bporem\b|\bso que\b|\bwait|\bbut\b"
    r"|\bpero\b|\bquedo (?:atent|a la espera)|\?"
)
_LONGEST_GOODBYE, _LONGEST_THANKS = 12, 8  # words

# An agent who closes for certain.
_AGENT_CLOSES = re.compile(
    r"\b(?:atendimento|chamado|conversa|chat|ticket|protocolo) (?:foi |esta sendo |sera )?(?:encerrad|finalizad|concluid|fechad)"
    r"|\b(?:encerr|finaliz)(?:o|ando|amos|arei|aremos|ar) (?:o |a |este |esta |esse |seu |nosso |por aqui (?:o |a |este |seu )?)?"
    r"(?:atendimento|chamado|conversa|chat)"
    r"|\b(?:chat|conversation|ticket|case) (?:has been|is|was|is now|will be) (?:now )?closed"
    r"|\bclosing (?:this|the|your) (?:chat|ticket|conversation)"
    r"|\b(?:conversacion|chat|caso|ticket) (?:ha sido |fue |queda |sera )?(?:cerrad|finalizad)"
    r"|\b(?:cierro|cerramos|finalizamos) (?:la|el|este|esta) "
)
# An agent who takes leave. In a greeting ("Agradecemos o contato! Como podemos ajudar?") the same words begin a conversation.
_AGENT_LEAVES = re.compile(
    r"\bagradecemos|\bobrigad[oa] (?:pelo|por) (?:seu )?contat|\btenha (?:um|uma) "
    r"|\b(?:um )?(?:otim[oa]|excelente|bom|boa) (?:resto de|fim de|final de) "
    r"|\b(?:a|estamos a|fico a) (?:sua )?disposicao|\bate (?:mais|logo|breve|a proxima)\b"
    r"|\bhave a (?:great|nice|good|wonderful|lovely)\b|\bthank(?:s| you) for (?:contacting|reaching|choosing)"
    r"|\bgracias por (?:contactar|comunicar|escribir|su)|\bque tenga|\bhasta (?:luego|pronto)\b"
)
_AGENT_STAYS = re.compile(
    r"\?|\baguard|\bem breve\b|\bretorn(?:o|aremos|arei|amos)\b"
    r"|\b(?:vou|irei|vamos) (?:verificar|ver|checar|consultar|confirmar|olhar|conferir|falar)"
    r"|\bverificando|\bum (?:momento|instante|minut|segund|segundinho)|\bja (?:volto|te (?:retorno|aviso|respondo))|\bso um\b"
    r"|\bsoon\b|\bone moment|\bjust a (?:moment|minute|sec)|\bhold on|\blet me (?:check|see|verify)"
    r"|\bi'?ll (?:check|get|look|let you)|\bget back to you"
    r"|\bun momento|\bvoy a (?:verificar|revisar|consultar|ver)|\bdejeme|\bdejame|\bdeme un|\bpermitame|\benseguida|\ben breve\b"
)
# Messages of nothing but these change nothing, whoever sends them.
_COURTESY = read_words(
    "ok okay okey oki k blz beleza certo certinho ta bom tudo bem perfeito show joia top massa legal combinado "
    "entendi entendido sim claro "
    "maravilha otimo otima de nada por disponha imagina magina nos que eu agradecemos agradeco igualmente pra para "
    "voce vc voces vcs tambem tbm "
    "amem obrigado obrigada obg valeu vlw brigado brigada muito mesmo abraco abracos bjs beijos kk kkk kkkk rs rsrs haha "
    "perfect great cool sure fine alright you re youre welcome no problem worries same to too thanks thank "
    "listo vale perfecto genial bueno a la orden con gusto mucho muchas gracias usted ustedes igual"
)
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_COURTESY = 8  # words
# "bom dia" is made of courteous words, but it begins something.
_GREETING = re.compile(r"\b(?:bom dia|boa (?:tarde|noite)|oi+|ola|hello|hi|hey|hola|buen[oa]s)\b")


def says_goodbye(text: str, *, is_answered: bool) -> bool:
    """Whether a customer's message ends the conversation. `is_answered`: the thanks can be for a reply that leaves nothing open."""
    folded = fold_name(text)
    words = len(_WORD.findall(folded))
    if words <= _LONGEST_GOODBYE and _GOODBYE.search(folded) and "?" not in folded:
        return True
    return is_answered and words <= _LONGEST_THANKS and _THANKS.search(folded) is not None and not _EXPECTING.search(folded)


def closes(text: str, *, is_underway: bool) -> bool:
    """Whether an agent's message ends the conversation. `is_underway`: both sides had spoken before it."""
    folded = fold_name(text)
    if _AGENT_CLOSES.search(folded):
        return True
    return is_underway and _AGENT_LEAVES.search(folded) is not None and not _AGENT_STAYS.search(folded)


def holds(text: str) -> bool:
    """Whether an agent's message promises more or asks something, so that thanks for it end nothing."""
    return _AGENT_STAYS.search(fold_name(text)) is not None


def is_courtesy(text: str) -> bool:
    """Whether a message says nothing but "ok", "de nada", "👍" and the like."""
    folded = fold_name(text)
    words = _WORD.findall(folded)
    if len(words) > _LONGEST_COURTESY or any(character.isdigit() or character == "?" for character in folded):
        return False
    return all(word in _COURTESY for word in words) and not _GREETING.search(folded)
