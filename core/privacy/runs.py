"""Numbers that stand so close that they may be one, and every value that some of them can be read as."""

import re
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator

from core.privacy import patterns
from core.privacy.kinds import FILLERS, Span
from core.privacy.labels import find_label, is_called_phone_after
from core.privacy.numbers import classify_number
from core.privacy.spelled import read_number_word

MAX_DIGITS = 20  # the longest number of a kind (a court case)
MIN_DIGITS = 6  # the shortest number that is told by more than its label
MIN_PHONE_DIGITS = 8
# Chunks of a run that are read at once. A longer run is a list of numbers, and is read from its start to its end so that it costs
# no more than its length: all against all would let a message of nothing but digits stop whoever reads it.
MAX_CHUNKS = 2 * MAX_DIGITS

Chunk = tuple[int, int, str]  # start, end, digits


def find_numbers(work: str, *, with_words: bool) -> Iterator[Span]:
    """Every value that is written in digits, or `with_words` for them too. Never two on the same place within a run."""
    for run in _split_runs(work, with_words=with_words):
        yield from _read_run(work, run)


def keep_longest(spans: Iterable[Span]) -> list[Span]:
    """Those that overlap none that is longer, in order; of two as long, the one that stands first."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start - span.end, span.start)):
        at = bisect_left(kept, span.start, key=_get_start)
        if (at == 0 or kept[at - 1].end <= span.start) and (at == len(kept) or span.end <= kept[at].start):
            insort(kept, span, key=_get_start)
    return kept


def _get_start(span: Span) -> int:
    return span.start


def _split_runs(work: str, *, with_words: bool) -> Iterator[list[Chunk]]:
    """Numbers that stand so close that they may be one: "(11) 98765-4321" is a run of three chunks."""
    run: list[Chunk] = []
    for match in (patterns.WORD_OR_CHUNK if with_words else patterns.CHUNK).finditer(work):
        is_word = not match.group()[0].isdigit()
        digits = read_number_word(match.group()) if is_word else match.group()
        if run:
            between = work[run[-1][1] : match.start()]
            is_joined = (not is_word and patterns.JOINS_DIGITS.match(between)) or (with_words and patterns.JOINS_WORDS.match(between))
            if not is_joined:
                yield run
                run = []
        run.append((match.start(), match.end(), digits))
    if run:
        yield run


def _read_run(work: str, run: list[Chunk]) -> Iterator[Span]:
    """The values of one run, some chunks at a time: what was found uncovers what stands behind it."""
    begin = 0
    is_tail = False  # what stands before `begin` is part of a number that nothing explains
    while begin < len(run):
        chunks = run[begin : begin + MAX_CHUNKS]
        is_last = begin + len(chunks) == len(run)
        settled = len(chunks) if is_last else len(chunks) - MAX_DIGITS  # a value that begins here ends inside of `chunks`
        kept = [span for span in keep_longest(_read_chunks(work, chunks, is_tail=is_tail)) if is_last or span.start < chunks[settled][0]]
        if kept:
            for span in kept:
                work = work[: span.start] + FILLERS[span.kind] * (span.end - span.start) + work[span.end :]
            yield from kept
            begin += sum(chunk[0] < kept[-1].end for chunk in chunks)
        else:
            begin += settled
        is_tail = not kept


def _read_chunks(work: str, chunks: list[Chunk], *, is_tail: bool) -> Iterator[Span]:
    """Every value that some neighbours of `chunks` can be read as, overlapping ones too."""
    for first, (start, _, _) in enumerate(chunks):
        if not _begins_alone(work, start):
            continue
        label = find_label(work, start=start)
        digits = ""
        shape: tuple[int, ...] = ()
        for _, end, more in chunks[first : first + MAX_DIGITS]:
            digits += more
            shape += (len(more),)
            if len(digits) > MAX_DIGITS:
                break
            if (len(digits) < MIN_DIGITS and label is None) or not _ends_alone(work, end):
                continue
            kind = classify_number(
                digits,
                shape=shape,
                label=label,
                surface=work[max(0, start - 1) : end],
                is_phone_after=label is None and len(digits) >= MIN_PHONE_DIGITS and is_called_phone_after(work, end=end),
            )
            if kind == "phone" and (first or is_tail) and work[start - 1] in " .-" and not re.search(r"[(\-]", work[start:end]):
                continue  # the tail of a longer number, until what stands before it has been explained
            if kind == "phone" and len(digits) <= 9 and _is_counted(work, start, end):
                continue
            if kind:
                yield _with_brackets(work, Span(start, end, kind))


def _is_counted(work: str, start: int, end: int) -> bool:
    return bool(patterns.COUNTED.match(work, end) or patterns.YEARS_OR_DAY.fullmatch(work, start, end))


def _begins_alone(work: str, start: int) -> bool:
    """Nothing is glued to the front but a label ("cpf52998224725")."""
    if not start or not (work[start - 1].isalpha() or work[start - 1] == "_"):
        return True
    glued = re.search(r"[^\W\d_]+\Z", work[max(0, start - 12) : start])
    return glued is not None and patterns.GLUED_LABEL.match(glued.group()) is not None


def _ends_alone(work: str, end: int) -> bool:
    """Nothing is glued to the back but a word."""
    if end == len(work) or not (work[end].isalpha() or work[end] == "_"):
        return True
    following = re.match(r"[^\W\d_]{3,}(?!\w)", work[end : end + 24])
    return following is not None and not re.fullmatch(r"[0-9a-f]+", following.group().lower())


def _with_brackets(work: str, span: Span) -> Span:
    """A phone with its opening bracket and plus sign: "(11) 98765-4321", "+55 11 …"."""
    start = span.start
    if span.kind == "phone":
        if start and work[start - 1] in "([" and re.search(r"[)\]]", work[start : span.end]):
            start -= 1
        if start and work[start - 1] == "+":
            start -= 1
    return Span(start, span.end, span.kind)
