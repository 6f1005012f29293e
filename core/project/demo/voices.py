"""Tells from the words of a script who could be speaking, so that "obrigada" comes from a woman and "oxente" from the Northeast."""

import re
from dataclasses import dataclass, replace
from typing import Literal, cast, get_args

Gender = Literal["woman", "man"]
Home = Literal["paulista", "rio", "minas", "nordeste", "sul", "norte", "es", "en"]

# The way of speaking of a place, or a language; the first that matches counts.
_HOMES: dict[Home, str] = {
    "es": r"¿|¡|\b(hola|gracias|usted|ustedes|buen[oa]s|necesito|quiero|muy|mi pedido)\b",
    "en": r"\b(hi|hello|thanks|please|would|the|order|cheers)\b(?! ?mara)",
    "minas": r"\b(uai|trem bão|bão|sô|cê[s]?|ocê[s]?|cedim|direitin|cadim|nó)\b",
    "nordeste": r"\b(oxe|oxente|visse|mainha|painho|arretad[oa]|vixe|avemaria|meu rei|cabra)\b",
    "norte": r"\b(égua|maninh[oa]|pai d'égua|parente)\b",
    "sul": r"\b(bah|tchê|guria|guri|capaz|tri bom|piá)\b",
    "rio": r"\b(coé|mermão|caraca|parada|na moral|fala tu)\b",
    "paulista": r"\b(firmeza|trampo|tiração|salve|slc|memo|meu,)",
}
_CUSTOMER_IS: dict[Gender, str] = {
    "woman": r"\b(obrigada|brigada|grata|agradecida|meu (marido|esposo|noivo)|sozinha|cansada|a mãe|ansiosa|apaixonada|enrolada)\b",
    "man": r"\b(obrigado|brigado|grato|agradecido|minha (esposa|mulher|noiva)|patroa|sozinho|cansado|ansioso|apaixonado|enrolado)\b",
}
_AGENT_SPEAKS_TO: dict[Gender, str] = {"woman": r"\b(dona|a senhora|bem-vinda)\b", "man": r"\b(seu \{cliente\}|o senhor|bem-vindo)\b"}
_CUSTOMER_SPEAKS_TO: dict[Gender, str] = {
    "woman": r"\b(minha filha|minha fia|moça|querida|flor|gênia|amiga)\b",
    "man": r"\b(meu filho|moço|querido|meu caro|meu rei|irmão|amigo)\b",
}
_AGENT_IS: dict[Gender, str] = {"woman": r"\b(obrigada|eu mesma|sozinha)\b", "man": r"\b(obrigado|eu mesmo|sozinho)\b"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who may play a script: the customer's gender and home, the agent's gender. None: anyone."""

    gender: Gender | None = None
    home: Home | None = None
    agent_gender: Gender | None = None

    @property
    def is_foreign(self) -> bool:
        return self.home in ("es", "en")


def guess_voice(*, customer: str, agent: str) -> Voice:
    """The voice that the customer's and the agent's lines of a script give away."""
    gender = _find_gender(customer, _CUSTOMER_IS) or _find_gender(agent, _AGENT_SPEAKS_TO)
    agent_gender = _find_gender(agent, _AGENT_IS) or _find_gender(customer, _CUSTOMER_SPEAKS_TO)
    return Voice(gender=gender, home=_find_home(customer), agent_gender=agent_gender)


def read_voice(value: str, *, guessed: Voice) -> Voice:
    """The voice of a `customer:` field such as `woman, nordeste`; what it leaves out stays as guessed. Raises ValueError."""
    voice = guessed
    for word in (part.strip() for part in value.split(",")):
        if word in get_args(Gender):
            voice = replace(voice, gender=cast(Gender, word))
        elif word in get_args(Home):
            voice = replace(voice, home=cast(Home, word))
        else:
            raise ValueError(f"customer is {word!r}; it can be {', '.join(get_args(Gender) + get_args(Home))}")
    return voice


def _find_gender(text: str, patterns: dict[Gender, str]) -> Gender | None:
    found = [gender for gender, pattern in patterns.items() if re.search(pattern, text, re.IGNORECASE)]
    return found[0] if len(found) == 1 else None


def _find_home(text: str) -> Home | None:
    for home, pattern in _HOMES.items():
        hits = {match.group().lower() for match in re.finditer(pattern, text, re.IGNORECASE)}
        # One foreign word is a quotation; a language shows in several.
        if len(hits) >= (2 if home in ("es", "en") else 1):
            return home
    return None
