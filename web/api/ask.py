"""Ask a question: the whole answer at once, or its events as they happen."""

from concurrent.futures import Future, ThreadPoolExecutor
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
from core.models import ApiKey, Scope, User
from core.tenancy import scope
from web.api.door import SignedIn, find_api_key, get_viewer
from web.api.queries import Instant
from web.event_stream import Relay

log = structlog.get_logger(__name__)

# A stream's turn goes on when its client goes, as a socket's does, and so has a thread that is not the request's.
TURN_THREADS = ThreadPoolExecutor(max_workers=8, thread_name_prefix="streamed-turn")

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
    return run_turn(check_asker(request), asked, emit=lambda _event: None, api_key=find_api_key(request))


@router.post("/ask/stream", openapi_extra={"responses": {200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}}})
def ask_stream(request: HttpRequest, asked: Question) -> StreamingHttpResponse:
    """Ask one question and get the turn's events as server-sent events, in the order in which they happen."""
    viewer, api_key = check_asker(request), find_api_key(request)
    relay, begun = Relay(), Future[VisibleError | None]()

    def emit(event: Event) -> None:
        relay.tell(event)
        if not begun.done():
            begun.set_result(None)

    def work() -> None:
        failed: VisibleError | None = VisibleError("failed", request_id=request_id)
        try:
            run_turn(viewer, asked, emit=emit, api_key=api_key)
        except answer.TurnFailedError:
            pass  # told already, as the turn's last event
        except VisibleError as error:
            failed = error
        except Exception:
            log.exception("turn.failed")
        finally:
            connections.close_all()
            relay.tell(None)
            if not begun.done():
                begun.set_result(failed)

    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    TURN_THREADS.submit(work)
    # A question that begins no turn (no such thread, say) is an ordinary error, with its status.
    if (error := begun.result()) is not None:
        raise error
    response = StreamingHttpResponse(relay.listen(), content_type="text/event-stream")
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


def run_turn(viewer: User, asked: Question, *, emit: answer.Emit, api_key: ApiKey | None = None) -> Answer:
    clock = asked.as_of or timezone.now()
    return answer.run(
        viewer,
        thread_id=asked.thread_id,
        question=asked.question,
        clock=clock,
        language=asked.language,
        revision=asked.revision,
        api_key=api_key,
        emit=emit,
    )
