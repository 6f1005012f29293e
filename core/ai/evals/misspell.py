"""Writes a text as somebody in a hurry types it: the same text always the same way. To measure what that costs the analyser."""

import hashlib
import random
import re
import unicodedata

SHORT = {
    "você": "vc", "voce": "vc", "porque": "pq", "que": "q", "também": "tb", "não": "n", "quando": "qd", "muito": "mt", "obrigado": "obg",
    "obrigada": "obg", "está": "tá", "para": "pra",
}  # fmt: skip
_END_MARK = re.compile(r"[.,!?]+(?=\s|$)")


def misspell(text: str) -> str:
    """Short forms, swapped and stretched letters, accents and marks left out, laughter; as often as a person still reads it."""
    chance = random.Random(int(hashlib.sha256(text.encode()).hexdigest(), 16))
    words = [SHORT.get(word.lower(), word) if chance.random() < 0.6 else word for word in text.split()]
    typed = []
    for word in words:
        if len(word) > 4 and word.isalpha() and chance.random() < 0.15:
            place = chance.randrange(1, len(word) - 2)
            word = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        if chance.random() < 0.05 and word[-1:].isalpha():
            word += word[-1] * 3
        typed.append(word)
    result = " ".join(typed)
    if chance.random() < 0.7:
        result = "".join(letter for letter in unicodedata.normalize("NFD", result) if not unicodedata.combining(letter))
    if chance.random() < 0.6:
        result = _END_MARK.sub("", result)
    if result and chance.random() < 0.15:
        result += " kkkk"
    return result.lower() if chance.random() < 0.5 else result
