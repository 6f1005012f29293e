"""Ask a question: the whole answer at once, or its events as they happen."""

import queue
import threading
from collections.abc import Iterator
from typing import Literal

import structlog
from django.db import connections
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from ninja import Field, Router, Schema

from assistant import answer
from assistant.blocks import Answer
from assistant.events import Event
from assistant.revise import Revision
from core.access import check_allowed
from core.errors import VisibleError
from core.limits import check_question_rate
from core.models import Scope, User
from core.tenancy import scope
from web.api.door import SignedIn, get_viewer
from web.api.queries import Instant

log = structlog.get_logger(__name__)

# A turn opens short scopes of its own, one a step, so that no transaction lasts as long as an answer takes.
router = Router(tags=["ask"], auth=SignedIn(key_scope=Scope.ASK))


class Question(Schema):
    """`as_of` answers as if it were that moment; without `thread_id` a new thread begins.

    With a `revision` an earlier question of yours is asked again in its thread, as it was or with its plan changed; then
    `question`, `thread_id` and `language` are its own.
    """

    question: str = Field("", max_length=2000)
    thread_id: str | None = None
    as_of: Instant | None = None
    language: Literal["pt", "en", "es"] | None = None
    revision: Revision | None = None


@router.post("/ask", response=Answer)
def ask(request: HttpRequest, asked: Question) -> Answer:
    """Ask one question and get the whole answer."""
    return run_turn(check_asker(request), asked, emit=lambda _event: None)


@router.post("/ask/stream", openapi_extra={"responses": {200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}}})
def ask_stream(request: HttpRequest, asked: Question) -> StreamingHttpResponse:
    """Ask one question and get the turn's events as server-sent events, in the order in which they happen."""
    viewer = check_asker(request)
    told: queue.SimpleQueue[Event | VisibleError | None] = queue.SimpleQueue()

    def work() -> None:
        try:
            run_turn(viewer, asked, emit=told.put)
        except answer.TurnFailedError:
            pass  # told already, as the turn's last event
        except VisibleError as error:
            told.put(error)
        except Exception:
            log.exception("turn.failed")
        finally:
            connections.close_all()
            told.put(None)

    def stream(first: Event) -> Iterator[bytes]:
        event: Event | VisibleError | None = first
        while isinstance(event, Event):
            yield f"id: {event.seq}\nevent: {event.type}\ndata: {event.model_dump_json()}\n\n".encode()
            event = told.get()

    threading.Thread(target=work, daemon=True).start()
    # A question that begins no turn (no such thread, say) is an ordinary error, with its status.
    first = told.get()
    if isinstance(first, VisibleError):
        raise first
    if first is None:
        raise VisibleError("failed", request_id=structlog.contextvars.get_contextvars().get("request_id", ""))
    response = StreamingHttpResponse(stream(first), content_type="text/event-stream")
    response["Cache-Control"] = "no-cache"
    response["X-Accel-Buffering"] = "no"
    return response


def check_asker(request: HttpRequest) -> User:
    """The caller, if their role lets them ask and they have not asked too much this minute."""
    viewer = get_viewer(request)
    check_may_ask(viewer)
    return viewer


def check_may_ask(viewer: User) -> None:
    """Count a question of the viewer's. Raises VisibleError where their role does not let them ask, or where they asked too much."""
    with scope(viewer.tenant_id):  # type: ignore[arg-type]
        check_allowed(viewer, action="ask")
    check_question_rate(viewer)


def run_turn(viewer: User, asked: Question, *, emit: answer.Emit) -> Answer:
    clock = asked.as_of or timezone.now()
    return answer.run(
        viewer, thread_id=asked.thread_id, question=asked.question, clock=clock, language=asked.language, revision=asked.revision, emit=emit
    )
