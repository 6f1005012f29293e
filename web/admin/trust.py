"""What people asked, what they thought of the answers, and the questions that they vouch for, in Django admin."""

import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet, Value
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from assistant.compose.numbers import Language
from assistant.models import AuditEntry, Feedback, VerifiedQuestion
from assistant.verified_words import say_problem, say_timing
from core.privacy import mask
from web.admin.access import is_tenant_admin
from web.admin.health import ReadOnlyAdmin

SHOWN = 100  # letters of a question in a list


class AskedAdmin(ReadOnlyAdmin):
    """Rows that hold what people of a tenant wrote: other eyes than the tenant's see it masked."""

    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).annotate(is_shown_bare=Value(is_tenant_admin(request)))
        return rows


def show_text(row: Any, text: str) -> str:
    """What somebody wrote, for whoever looks at the row."""
    return text if row.is_shown_bare else mask(text).text


def show_plan(row: Any, plan: Any) -> str:
    """A plan as indented JSON."""
    return format_html("<pre>{}</pre>", show_text(row, json.dumps(plan, indent=2, ensure_ascii=False))) if plan else "–"


def cut(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def read_language() -> Language:
    """The language of the page."""
    code = (get_language() or "")[:2]
    return {"en": "en", "es": "es"}.get(code, "pt")  # type: ignore[return-value]


@admin.register(AuditEntry)
class AuditEntryAdmin(AskedAdmin):
    list_display = (
        "asked_at", "user_name", "api_key", "cut_question", "shown_status", "intent", "refusal", "is_edited", "is_verified", "provider",
        "model_tokens", "rows_read", "took_ms",
    )  # fmt: skip
    list_display_links = ("asked_at", "cut_question")
    list_filter = ("status", "intent", "refusal", "is_verified", "is_edited")
    search_fields = ("question", "user_name", "api_key")
    ordering = ("-asked_at",)
    fields = (
        "asked_at", "as_of", "user_name", "api_key", "shown_question", "language", "status", "error", "intent", "refusal",
        "shown_plan", "is_edited", "is_verified", "provider", "model_tokens", "statements", "rows_read", "conversations",
        "took_ms", "turn_id", "thread_id",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description=_("question"), ordering="question")
    def cut_question(self, entry: AuditEntry) -> str:
        return cut(show_text(entry, entry.question))

    @admin.display(description=_("question"))
    def shown_question(self, entry: AuditEntry) -> str:
        return show_text(entry, entry.question)

    @admin.display(description=_("plan"))
    def shown_plan(self, entry: AuditEntry) -> str:
        return show_plan(entry, entry.plan)

    @display(
        description=_("state"),
        ordering="status",
        label={"answered": "success", "running": "info", "failed": "danger", "stopped": "warning"},
    )
    def shown_status(self, entry: AuditEntry) -> tuple[str, str]:
        return entry.status, entry.get_status_display()


@admin.register(Feedback)
class FeedbackAdmin(AskedAdmin):
    list_display = ("given_at", "is_good", "reason", "cut_question", "cut_plan", "shown_name", "shown_comment")
    list_display_links = ("given_at", "cut_question")
    list_filter = ("is_good", "reason", "entry__intent")
    list_select_related = ("entry",)
    search_fields = ("entry__question", "comment", "entry__user_name")
    ordering = ("-given_at",)
    fields = ("given_at", "is_good", "reason", "shown_comment", "shown_question", "shown_plan", "shown_provider", "shown_name")
    readonly_fields = fields

    @admin.display(description=_("question"), ordering="entry__question")
    def cut_question(self, feedback: Feedback) -> str:
        return cut(show_text(feedback, feedback.entry.question))

    @admin.display(description=_("question"))
    def shown_question(self, feedback: Feedback) -> str:
        return show_text(feedback, feedback.entry.question)

    @admin.display(description=_("plan"))
    def cut_plan(self, feedback: Feedback) -> str:
        """What a plan says, in one line."""
        said = [value for field, value in (feedback.entry.plan or {}).items() if value and field != "assumed"]
        line = " · ".join(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in said)
        return cut(show_text(feedback, line)) or "–"

    @admin.display(description=_("comment"))
    def shown_comment(self, feedback: Feedback) -> str:
        return show_text(feedback, feedback.comment)

    @admin.display(description=_("plan"))
    def shown_plan(self, feedback: Feedback) -> str:
        return show_plan(feedback, feedback.entry.plan)

    @admin.display(description=_("provider"))
    def shown_provider(self, feedback: Feedback) -> str:
        return str(feedback.entry.provider)

    @admin.display(description=_("name"), ordering="entry__user_name")
    def shown_name(self, feedback: Feedback) -> str:
        return str(feedback.entry.user_name)


@admin.register(VerifiedQuestion)
class VerifiedQuestionAdmin(AskedAdmin):
    list_display = ("cut_question", "shown_state", "shown_problems", "made_by", "made_at", "checked_at")
    list_filter = ("state", "timing")
    list_select_related = ("made_by",)
    search_fields = ("question",)
    ordering = ("-made_at",)
    fields = (
        "shown_question", "language", "shown_plan", "as_of", "shown_days", "made_by", "made_at", "shown_state", "shown_problems",
        "checked_at",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description=_("question"), ordering="question")
    def cut_question(self, row: VerifiedQuestion) -> str:
        return cut(show_text(row, row.question))

    @admin.display(description=_("question"))
    def shown_question(self, row: VerifiedQuestion) -> str:
        return show_text(row, row.question)

    @admin.display(description=_("plan"))
    def shown_plan(self, row: VerifiedQuestion) -> str:
        return show_plan(row, row.plan)

    @admin.display(description=_("days"))
    def shown_days(self, row: VerifiedQuestion) -> str:
        return say_timing(row, language=read_language())

    @display(
        description=_("state"),
        ordering="state",
        label={"unchecked": "info", "sound": "success", "empty": "warning", "reread": "warning", "drifted": "danger", "broken": "danger"},
    )
    def shown_state(self, row: VerifiedQuestion) -> tuple[str, str]:
        return row.state, row.get_state_display()

    @admin.display(description=_("problems"))
    def shown_problems(self, row: VerifiedQuestion) -> str:
        return show_text(row, " ".join(say_problem(one, language=read_language()) for one in row.problems)) or "–"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)
