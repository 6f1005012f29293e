"""Whatever people write, in whichever variant it is exported, is read back; and a long export takes little memory."""

import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.exports import ExportError, open_export, read_export
from ingestion.exports.bodies import Content, read_body
from ingestion.exports.headers import parse_header
from ingestion.names import MARKS
from ingestion.signatures import split_signature

# A day above 12, so that every file tells the order of its dates.
START = datetime(2025, 3, 13, 23, 50, tzinfo=UTC)
LRM, NNBSP, NBSP = "\u200e", "\u202f", "\u00a0"


def write_12h(moment: datetime, *, am: str, pm: str, seconds: bool = False) -> str:
    return f"{moment.hour % 12 or 12}:{moment:%M}{f':{moment:%S}' if seconds else ''}{pm if moment.hour >= 12 else am}"


# What stands before "Name: text" in each variant.
VARIANTS: dict[str, Callable[[datetime], str]] = {
    "android pt": lambda at: f"{at:%d/%m/%Y %H:%M} - ",
    "android pt comma": lambda at: f"{at:%d/%m/%Y, %H:%M} - ",
    "android en": lambda at: f"{at.month}/{at.day}/{at:%y}, {write_12h(at, am=NNBSP + 'AM', pm=NNBSP + 'PM')} - ",
    "android es": lambda at: f"{at.day}/{at.month}/{at:%y}, {write_12h(at, am=f'{NNBSP}a.{NBSP}m.', pm=f'{NNBSP}p.{NBSP}m.')} - ",
    "android de": lambda at: f"{at:%d.%m.%y, %H:%M} - ",
    "android fi": lambda at: f"{at.day}.{at.month}.{at.year} klo {at:%H.%M.%S} - ",
    "android hr": lambda at: f"{at.day}. {at.month}. {at.year}. {at:%H:%M:%S} ",
    "colon": lambda at: f"{at:%d/%m/%Y %H:%M}: ",
    "dots and colon": lambda at: f"{at:%d.%m.%y %H.%M.%S}: ",
    "ios pt": lambda at: f"[{at:%d/%m/%Y, %H:%M:%S}] ",
    "ios with a mark": lambda at: f"{LRM}[{at:%d/%m/%y %H:%M:%S}] ",
    "ios en": lambda at: f"[{at.month}/{at.day}/{at:%y}, {write_12h(at, am=NNBSP + 'AM', pm=NNBSP + 'PM', seconds=True)}] ",
    "year first": lambda at: f"[{at:%Y/%m/%d, %H:%M:%S}] ",
    "year in the middle": lambda at: f"[{at:%m/%Y/%d, %H:%M:%S}] ",
    "year, day, month": lambda at: f"{at:%y/%d/%m, %H:%M} - ",
    "web": lambda at: f"[{at:%H:%M, %d/%m/%Y}] ",
}
WITH_SECONDS = {"android fi", "android hr", "dots and colon", "ios pt", "ios with a mark", "ios en", "year first", "year in the middle"}

TEXTS = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=MARKS) | st.just("\n"), min_size=1, max_size=80)
    .map(str.strip)
    .filter(lambda text: text and not any(parse_header(line) for line in text.split("\n")))
    # The words of WhatsApp itself, and signatures, have tables of their own.
    .filter(lambda text: read_body(text) == Content(text=text) and split_signature(text)[0] is None)
)
CHATS = st.lists(st.tuples(st.integers(0, 100_000), st.booleans(), TEXTS), min_size=1, max_size=12)


@pytest.mark.parametrize("variant", VARIANTS)
@settings(max_examples=40, deadline=None)
@given(chat=CHATS)
def test_round_trip(variant: str, chat: list[tuple[int, bool, str]]) -> None:
    now, written, expected = START, [], []
    for seconds, is_ours, text in chat:
        now += timedelta(seconds=seconds)
        written.append(f"{VARIANTS[variant](now)}{'Loja Sol' if is_ours else 'Célia: a 2ª'}: {text}\n")
        sent_at = now if variant in WITH_SECONDS else now.replace(second=0)
        expected.append((sent_at, "agent" if is_ours else "customer", text))
    export = read_export("".join(written).encode(), self_names=["Loja Sol"], time_zone="UTC", chat_name="Célia: a 2ª", date_order=None)
    assert [(message.sent_at, message.author, message.text) for message in export.messages] == expected
    assert (export.problems, export.system_lines) == ([], 0)
    assert len({message.provider_id for message in export.messages}) == len(expected)


PIECES = st.sampled_from(
    "13/03/2025 10:00 - |[3/13/25, 10:00:00\u202fPM] |[10:00, 13/03/2025] |31/02/2025 10:00 - |Kim|Loja Sol|: |:| |\n|\r\n|"
    "Missed voice call|<Mídia oculta>|<Mensagem editada>|a.jpg (arquivo anexado)|\u200e|~ |*Ana:* |\ufeff|\0|é|5".split("|")
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join).map(str.encode) | st.binary(max_size=300))
def test_whatever_a_file_holds_it_is_read_or_refused(content: bytes) -> None:
    try:
        export = read_export(content, self_names=["Loja Sol"], time_zone="America/Sao_Paulo")
    except ExportError as error:
        assert error.describe("pt").startswith("chat.txt: ")
    else:
        assert all(message.sender_name and "\0" not in message.sender_name + message.text for message in export.messages)


def test_a_long_export_is_read_in_bounded_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten times the messages take no more memory: about what one piece of the file takes."""
    monkeypatch.setattr("ingestion.fingerprints._MINUTES_REMEMBERED", 100)
    monkeypatch.setattr("ingestion.exports.archives.CHUNK_BYTES", 1 << 13)
    assert measure_peak(tmp_path, messages=3_000) < 1.5 * measure_peak(tmp_path, messages=300)


def measure_peak(folder: Path, *, messages: int) -> int:
    """The most bytes that were in use while so many messages were read."""
    file = folder / "Conversa do WhatsApp com Célia.txt"
    with file.open("w", encoding="utf-8") as stream:
        for number in range(messages):
            now = START + timedelta(minutes=3 * number)
            stream.write(
                f"{now:%d/%m/%Y %H:%M} - {'Loja Sol' if number % 2 else 'Célia'}: mensagem número {number} e mais algumas palavras\n"
            )
    tracemalloc.start()
    try:
        reading = open_export(file, self_names=["Loja Sol"], time_zone="America/Sao_Paulo")
        assert sum(1 for _ in reading.read_messages()) == messages
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
