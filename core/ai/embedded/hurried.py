"""Copies of our own texts as a thumb types them in a hurry, to train on: heads that saw only tidy writing lose much on untidy one.

Not the writing that `core/ai/evals/misspell.py` measures with: other slips (letters left out, keys beside the right one, words run
together; there, letters swapped and stretched), other chances, other random numbers, and short forms of its own beside the few that nobody
avoids.
"""

import hashlib
import random
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from core.ai.embedded.messages import hash_masked, normalise_masked
from core.ai.embedded.service_talk import FOLDS
from core.ai.embedded.sources import Example

SHORT: dict[str, tuple[str, ...]] = {
    "você": ("vc", "cê"), "vocês": ("vcs", "cês"), "não": ("nao", "ñ", "num"), "também": ("tbm",), "muito": ("mto", "muinto"),
    "muita": ("mta",), "porque": ("pq", "porq"), "por que": ("pq",), "que": ("q",), "hoje": ("hj",), "agora": ("agr",), "depois": ("dps",),
    "mesmo": ("msm",), "comigo": ("cmg",), "quando": ("qnd",), "quanto": ("qto",), "tudo": ("td",), "nada": ("nd",), "ninguém": ("ngm",),
    "favor": ("fvr",), "está": ("ta",), "estou": ("to",), "estão": ("tao",), "para": ("p", "pra"), "com": ("c",), "sem": ("s",),
    "obrigado": ("brigado", "obgd"), "obrigada": ("brigada", "obgda"), "beleza": ("blz",), "mensagem": ("msg",), "problema": ("prob",),
    "até": ("ate",), "horas": ("hrs",), "minutos": ("min",), "certeza": ("ctz",), "gente": ("gnt",), "qualquer": ("qlqr",),
    "demais": ("dms",),
    "porqué": ("xq",), "también": ("tmb",), "gracias": ("grax",), "you": ("u",), "your": ("ur",), "please": ("pls",), "thanks": ("thx",),
    "are": ("r",), "because": ("bc",), "with": ("w",),
}  # fmt: skip
# Each key with those beside it on a telephone.
_BESIDE = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok", "o": "ipl", "p": "ol", "a": "qs",
    "s": "awd", "d": "sef", "f": "drg", "g": "fth", "h": "gyj", "j": "huk", "k": "jil", "l": "kop", "z": "xs", "x": "zc", "c": "xvd",
    "v": "cbf", "b": "vng", "n": "bmh", "m": "nj",
}  # fmt: skip


def hurry(text: str) -> str:
    """The text as typed in a hurry: the same text always the same way."""
    chance = random.Random(int(hashlib.sha256(f"hurried {text}".encode()).hexdigest()[:16], 16))
    typed = [_type_word(word, chance) for word in text.split()]
    if len(typed) > 3 and chance.random() < 0.2:  # a space that was not hit
        place = chance.randrange(len(typed) - 1)
        typed[place : place + 2] = [typed[place] + typed[place + 1]]
    result = " ".join(typed)
    if chance.random() < 0.6:
        result = "".join(letter for letter in unicodedata.normalize("NFD", result) if not unicodedata.combining(letter))
    if chance.random() < 0.5:
        result = result.replace(",", "").rstrip(".")
    return result.lower() if chance.random() < 0.6 else result


def _type_word(word: str, chance: random.Random) -> str:
    """One word: a short form where there is one, or now and then a slip of the thumb."""
    bare = word.lower().strip(".,!?")
    if bare in SHORT and chance.random() < 0.5:
        return word.lower().replace(bare, chance.choice(SHORT[bare]))
    if len(word) < 4 or not word.isalpha() or chance.random() > 0.12:
        return word
    place = chance.randrange(1, len(word))
    slip = chance.random()
    if slip < 0.45:  # left out
        return word[:place] + word[place + 1 :]
    if slip < 0.8:  # the key beside it
        return word[:place] + chance.choice(_BESIDE.get(word[place].lower(), word[place])) + word[place + 1 :]
    return word[:place] + word[place] + word[place:]  # hit twice


def copy_hurried(examples: Sequence[Example], *, share: float) -> list[Example]:
    """A copy of each text whose writing a hurry changes, with its labels at `share` of what they count, and in the fold of its original."""
    copies: list[Example] = []
    for one in examples:
        typed = normalise_masked(hurry(one.text))
        if typed and typed != one.text:
            told = {name: (says, weight * share) for name, (says, weight) in one.targets.items()}
            fold = one.fold if one.fold is not None else int(hash_masked(one.text), 16) % FOLDS
            copies.append(replace(one, text=typed, source=f"hurried {one.source}", targets=told, label=None, fold=fold))
    return copies
