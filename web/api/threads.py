"""A person's threads with the assistant, and what to ask next."""

from django.http import HttpRequest
from ninja import Query, Schema, Status

from assistant import threads
from assistant.starters import find_starters
from assistant.threads import ThreadDetail, ThreadSummary
from core.models import Scope
from web.api.door import TenantRouter, get_viewer
from web.api.queries import PagedQuery

router = TenantRouter(tags=["threads"], key_scope=Scope.ASK)


class ThreadPage(Schema):
    items: list[ThreadSummary]
    count: int


class ThreadChange(Schema):
    title: str


class SuggestedQuestions(Schema):
    items: list[str]


@router.get("/threads", response=ThreadPage)
def list_threads(request: HttpRequest, page: Query[PagedQuery]) -> ThreadPage:
    """Your threads, latest first."""
    viewer = get_viewer(request)
    return ThreadPage(items=threads.find_threads(viewer, limit=page.limit, offset=page.offset), count=threads.count_threads(viewer))


@router.get("/threads/{thread_id}", response=ThreadDetail)
def show_thread(request: HttpRequest, thread_id: str) -> ThreadDetail:
    """A thread of yours with its turns and their answers."""
    return threads.get_thread(get_viewer(request), thread_id)


@router.patch("/threads/{thread_id}", response=ThreadDetail)
def rename_thread(request: HttpRequest, thread_id: str, change: ThreadChange) -> ThreadDetail:
    """Give a thread another title."""
    viewer = get_viewer(request)
    threads.rename_thread(viewer, thread_id, title=change.title)
    return threads.get_thread(viewer, thread_id)


@router.delete("/threads/{thread_id}", response={204: None})
def delete_thread(request: HttpRequest, thread_id: str) -> Status[None]:
    """Remove a thread with its answers."""
    threads.delete_thread(get_viewer(request), thread_id)
    return Status(204, None)


@router.get("/suggestions", response=SuggestedQuestions)
def suggest(request: HttpRequest) -> SuggestedQuestions:
    """Questions to begin with, in your language, about what your company has."""
    return SuggestedQuestions(items=find_starters(get_viewer(request)))
