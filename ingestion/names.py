"""Names and phone numbers as chats write them: cleaned for showing, folded for comparing, and told apart from company names."""

import re
import unicodedata
from collections.abc import Iterable

# Marks that steer the direction of text or isolate a mention. They carry nothing to read; iOS exports are full of them.
MARKS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_DROP_MARKS = dict.fromkeys(map(ord, MARKS))
_ANY_MARK = re.compile(f"[{MARKS}]")
# Characters without a shape of their own, which two exports of one message may write differently.
_SHAPELESS = MARKS + "\u200b\u200c\u200d\u2060\ufe0e\ufe0f\u00ad\0"
_ANY_SHAPELESS = re.compile(f"[{_SHAPELESS}]")
_DROP_SHAPELESS = dict.fromkeys(map(ord, _SHAPELESS))

_PHONE = re.compile(r"\+?[\d\s().\u2010\u2011\u2013-]+")
# How WhatsApp calls the owner of the phone.
OWN_WORDS = frozenset({"voce", "you", "tu"})


def read_words(words: str) -> frozenset[str]:
    """A set of words from one string, since long lists of quoted words read badly."""
    return frozenset(words.split())


# A word that makes a name that of a company, a team or a machine rather than of a person.
COMPANY_WORDS = read_words(
    "loja lojas atendimento suporte sac vendas comercial financeiro oficial equipe time central empresa ltda eireli mei grupo clinica "
    "casa restaurante pizzaria farmacia mercado imoveis imobiliaria escola academia oficina studio estudio consultorio assistente "
    "virtual bot robo store shop support sales team official company service services inc llc office tienda ventas soporte equipo "
    "atencion oficial asistente"
)
_NAME_WORD = re.compile(r"[^\W\d_][^\W\d_'’.-]*(?:['’.-][^\W\d_]+)*\.?")
_PARTICLES = frozenset({"da", "de", "do", "das", "dos", "e", "del", "la", "los", "y", "van", "von", "di"})


def drop_marks(text: str) -> str:
    """The text without direction marks."""
    return text.translate(_DROP_MARKS) if not text.isascii() and _ANY_MARK.search(text) else text


def clean_name(raw: str) -> str:
    """A sender's name to show: no direction marks, no `~` of unsaved contacts, single spaces."""
    return " ".join(drop_marks(raw).split()).lstrip("~ ")


def fold_name(name: str) -> str:
    """A name for comparing: without accents, case, shapeless characters and `~`."""
    bare = name
    if not name.isascii():
        decomposed = unicodedata.normalize("NFKD", name.translate(_DROP_SHAPELESS))
        bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(bare.casefold().split()).lstrip("~ ")


def fold_text(text: str) -> str:
    """A message's text for comparing two exports of it: shapeless characters out, white space single, accents composed."""
    bare = text.translate(_DROP_SHAPELESS) if _ANY_SHAPELESS.search(text) else text
    return " ".join((bare if bare.isascii() else unicodedata.normalize("NFC", bare)).split())


def find_phone(name: str) -> str | None:
    """The digits of a name that is a phone number, None for any other name."""
    cleaned = clean_name(name)
    if not _PHONE.fullmatch(cleaned):
        return None
    digits = "".join(character for character in cleaned if character.isdigit())
    return digits if 8 <= len(digits) <= 15 else None


def looks_like_person(name: str) -> bool:
    """Whether a name reads like a person's: one to five capitalised words, none of them a company's."""
    words = name.split()
    if not 1 <= len(words) <= 5 or len(name) > 60:
        return False
    if any(fold_name(word).strip(".") in COMPANY_WORDS for word in words):
        return False
    named = [word for word in words if word not in _PARTICLES]
    return bool(named) and all(_NAME_WORD.fullmatch(word) and word[0].isupper() for word in named)


class SelfNames:
    """The names under which the company's side writes. Accents, case and `~` do not matter; phones match by their digits."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = frozenset(fold_name(name) for name in names) - {""} | OWN_WORDS
        self.phones = frozenset(phone for name in names if (phone := find_phone(name)))

    def match(self, name: str) -> bool:
        """Whether this author is the company."""
        phone = find_phone(name)
        if phone is None:
            return fold_name(name) in self.names
        return any(_is_same_number(phone, own) for own in self.phones)


def _is_same_number(one: str, other: str) -> bool:
    """Equal, or equal but for a country code that only one of them has."""
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) >= 10 and len(long) - len(short) <= 3 and long.endswith(short))
