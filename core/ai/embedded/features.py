"""Surface features of texts: hashed character and word n-grams, computed for a whole batch at once with numpy alone.

The embedding knows what a message means; the letters know how it is written ("nao", "aff", "kkkk", "!!!"). Training and
running use this one function, so that weights and features can't drift apart.
"""

import re
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

CHARACTER_BITS = 17
WORD_BITS = 17
DIMENSIONS = (1 << CHARACTER_BITS) + (1 << WORD_BITS)
CHARACTER_LENGTHS = (2, 3, 4, 5)
MAX_CHARACTERS = 2000  # of one text; the rest of a longer one changes nothing about its mood

_BASE = np.uint64(0x100000001B3)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_MENTION = re.compile(r"(?<![\w.])@\w+")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_DIGITS = re.compile(r"\d+")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_NEGATIONS = frozenset(
    {
        *("nao", "naum", "n", "nem", "nunca", "jamais", "ninguem", "nada", "sem", "no", "ni", "tampoco", "nadie", "sin"),
        *("not", "never", "nobody", "nothing", "without", "dont", "didnt", "doesnt", "isnt", "wont", "cant"),
    }
)
NEGATION_REACH = 3  # words after a negation that are read as negated


@dataclass(frozen=True, slots=True)
class SparseRows:
    """Rows of a sparse matrix: row `r` holds `values[starts[r]:starts[r + 1]]` in the columns of the same places."""

    starts: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def multiply(self, weights: NDArray[np.float32] | NDArray[np.int8]) -> NDArray[np.float32]:
        """Product with a dense matrix of shape (DIMENSIONS, outputs)."""
        result = np.zeros((len(self), weights.shape[1]), dtype=np.float32)
        if len(self.columns):
            products = weights[self.columns] * self.values[:, None]
            filled = np.flatnonzero(np.diff(self.starts))
            result[filled] = np.add.reduceat(products, self.starts[filled], axis=0)
        return result


def clean_text(text: str) -> str:
    """The text as the embedder reads it: no addresses or mentions, no letter more than twice in a row, single spaces."""
    if "http" in text or "www." in text:
        text = _URL.sub(" ", text)
    if "@" in text:
        text = _MENTION.sub(" ", text)
    return " ".join(_STRETCHED.sub(r"\1\1", text).split())


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    return unicodedata.normalize("NFD", character)[0]


def fold_text(text: str) -> str:
    """Cleaned text in lower case without accents, each number as one 0."""
    lowered = clean_text(text).lower()
    if not lowered.isascii():
        lowered = "".join(character if character.isascii() else _fold_character(character) for character in lowered)
    return _DIGITS.sub("0", lowered)[:MAX_CHARACTERS]


def _hash_character_grams(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """(row, hash) of each character n-gram; a space stands before and after each text."""
    joined = "\n".join(f" {text} " for text in texts)
    codes = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    is_break = codes == 10
    row_of = np.cumsum(is_break)
    rows: list[NDArray[np.int64]] = []
    hashes: list[NDArray[np.uint64]] = []
    # An n-gram may not reach over the end of its text: count of breaks up to its last character equals that at its first.
    rolling = codes + np.uint64(1)
    for length in range(2, max(CHARACTER_LENGTHS) + 1):
        rolling = rolling[:-1] * _BASE + codes[length - 1 :]
        inside = (row_of[: len(rolling)] == row_of[length - 1 :]) & ~is_break[: len(rolling)]
        if length in CHARACTER_LENGTHS:
            rows.append(row_of[: len(rolling)][inside])
            hashes.append(rolling[inside] + np.uint64(length))
    return np.concatenate(rows), np.concatenate(hashes)


@lru_cache(maxsize=65536)
def _hash_token(token: str) -> int:
    return zlib.crc32(token.encode())


def _hash_words(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """(row, hash) of each word, each pair of neighbours, and each word within reach of a negation."""
    rows: list[int] = []
    hashes: list[int] = []
    for row, text in enumerate(texts):
        before = 1
        negated = 0
        for token in _TOKEN.findall(text):
            code = _hash_token(token)
            hashes += (code, code * 31 + before * 0x100000001)
            if negated:
                hashes.append(code + 0x5BD1E995)
                negated -= 1
            if token in _NEGATIONS:
                negated = NEGATION_REACH
            elif not token.isalnum():
                negated = 0
            before = code
        hashes.append(before * 0x100000001 + 7)
        rows += [row] * (len(hashes) - len(rows))
    return np.array(rows, dtype=np.int64), np.array([code & 0xFFFFFFFFFFFFFFFF for code in hashes], dtype=np.uint64)


def _weigh(
    rows: NDArray[np.int64], buckets: NDArray[np.uint64], count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Each row's distinct buckets with 1 + ln(occurrences), every row brought to length 1."""
    keys, occurrences = np.unique((rows.astype(np.uint64) << np.uint64(32)) | buckets, return_counts=True)
    unique_rows = (keys >> np.uint64(32)).astype(np.int64)
    values = 1.0 + np.log(occurrences)
    norms = np.sqrt(np.bincount(unique_rows, weights=values**2, minlength=count))
    return unique_rows, (keys & np.uint64(0xFFFFFFFF)).astype(np.int64), (values / norms[unique_rows]).astype(np.float32)


def compute_features(texts: Sequence[str]) -> SparseRows:
    """Hashed n-grams of each text: characters in the first 2**CHARACTER_BITS columns, words in the rest."""
    folded = [fold_text(text) for text in texts]
    count = len(folded)
    if not count:
        return SparseRows(np.zeros(1, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32))
    parts = []
    for (rows, hashes), bits, offset in (
        (_hash_character_grams(folded), CHARACTER_BITS, 0),
        (_hash_words(folded), WORD_BITS, 1 << CHARACTER_BITS),
    ):
        buckets = (hashes * _MIX) >> np.uint64(64 - bits)
        unique_rows, columns, values = _weigh(rows, buckets, count)
        parts.append((unique_rows, columns + offset, values))
    all_rows = np.concatenate([part[0] for part in parts])
    order = np.argsort(all_rows, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(all_rows, minlength=count))]).astype(np.int64)
    columns = np.concatenate([part[1] for part in parts])[order]
    values = np.concatenate([part[2] for part in parts])[order]
    return SparseRows(starts, columns, values)
