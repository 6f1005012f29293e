"""What a client says over the chat's socket, read into what the domain takes: nothing of a frame is believed before."""

from dataclasses import dataclass
from typing import Any, cast

from pydantic import ValidationError

from assistant.answer import MAX_QUESTION
from assistant.compose.numbers import Language
from assistant.revise import Revision
from core.access import parse_id
from core.errors import VisibleError
from core.faults import describe_fault
from web.api.contract import check_text

LONGEST_CLIENT_ID = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as a client asks it; with a `revision`, an earlier one of theirs that is asked again."""

    question: str
    thread_id: str | None
    language: Language | None
    client_id: str | None
    revision: Revision | None


def read_ask(content: dict[str, Any]) -> Asked:
    """A frame that asks. Raises VisibleError("invalid") for what is no question and no revision, "not_found" for no thread's id."""
    check_text(content, field="question")
    revision, question = _read_revision(content.get("revision")), str(content.get("question") or "").strip()
    if (revision is None and not question) or len(question) > MAX_QUESTION:
        raise VisibleError("invalid", field="question", detail=f"1–{MAX_QUESTION}")
    thread_id, language, client_id = (content.get(name) for name in ("thread_id", "language", "client_id"))
    return Asked(
        question=question,
        thread_id=None if thread_id is None else str(parse_id(str(thread_id))),
        language=cast(Language, language) if language in ("pt", "en", "es") else None,
        client_id=str(client_id)[:LONGEST_CLIENT_ID] if client_id else None,
        revision=revision,
    )


def _read_revision(raw: Any) -> Revision | None:
    if raw is None:
        return None
    try:
        return Revision.model_validate(raw)
    except ValidationError as error:
        raise VisibleError(
            "invalid", field="revision", detail=describe_fault(error.errors(include_url=False, include_input=False)[0])
        ) from error
