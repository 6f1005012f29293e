"""What the tests of ingestion share: exports beside this file, and messages written out as tables."""

from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

from ingestion.exports import Export, read_export
from ingestion.types import IncomingMessage

EXPORTS = Path(__file__).parent / "exports"
SAO_PAULO = "America/Sao_Paulo"


def read_fixture(name: str, *, selves: Iterable[str] = ("Loja Sol", "Sun Shop", "Tienda Sol")) -> Export:
    return read_export(EXPORTS / name, self_names=list(selves), time_zone=SAO_PAULO)


def write_table(messages: Iterable[IncomingMessage], *, zone: str = SAO_PAULO) -> str:
    """One line a message: local time, side, who, kind, [attachment], text with ⏎ for line breaks, (edited) or (deleted)."""
    lines = []
    for message in messages:
        local = message.sent_at.astimezone(ZoneInfo(zone))
        who = f"{message.sender_name}/{message.agent_name}" if message.agent_name else message.sender_name
        parts = [f"{local:%Y-%m-%d %H:%M:%S}", message.author, who, message.kind]
        parts += [f"[{message.attachment}]"] if message.attachment else []
        parts += [message.text.replace("\n", "⏎")] if message.text else []
        parts += ["(edited)"] if message.is_edited else []
        parts += ["(deleted)"] if message.is_deleted else []
        lines.append(" | ".join(parts))
    return "\n".join(lines)
