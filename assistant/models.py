"""Threads between a person and the assistant, and what is kept of their turns beside them: audit, feedback, verified questions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.tenant import Language, TenantModel, link


class Thread(TenantModel):
    """A talk with the assistant. It belongs to the person who began it, and to nobody else."""

    viewer = link("core.User", related_name="+")
    title = models.CharField(_("title"), max_length=200, blank=True)
    last_seq = models.PositiveIntegerField(default=0)  # of its events
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-updated_at"]
        indexes = [models.Index(fields=["tenant", "viewer", "-updated_at"], name="thread_viewer")]


class Turn(TenantModel):
    """One question and its answer."""

    class Status(models.TextChoices):
        RUNNING = "running"
        ANSWERED = "answered"
        FAILED = "failed"
        STOPPED = "stopped"

    thread = link("assistant.Thread", related_name="turns")
    number = models.PositiveIntegerField()  # 1, 2, … in its thread
    question = models.TextField()
    language = models.CharField(max_length=2, choices=Language.choices)
    asked_at = models.DateTimeField()
    as_of = models.DateTimeField()  # the clock that the question was answered by
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.RUNNING)
    plan = models.JSONField(null=True)
    answer = models.JSONField(null=True)
    error = models.JSONField(null=True)
    provider = models.CharField(max_length=40, blank=True)
    took_ms = models.PositiveIntegerField(null=True)
    # The id of the turn of the same thread whose question this one asks again, and whether its plan was changed by hand for that.
    revises = models.UUIDField(null=True)
    is_edited = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["tenant", "thread", "number"], name="turn_number")]


class TurnEvent(TenantModel):
    """One event of a turn, as it was sent. `seq` counts up by one in a thread."""

    thread = link("assistant.Thread", related_name="events")
    turn = link("assistant.Turn", related_name="events")
    seq = models.PositiveIntegerField()
    type = models.CharField(max_length=20)
    data = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["tenant", "thread", "seq"], name="turn_event_seq")]
        indexes = [models.Index(fields=["tenant", "turn", "seq"], name="turn_event_turn")]


class AuditEntry(TenantModel):
    """What one turn asked, read and cost. It names its turn without leading to it: a thread that is deleted leaves it."""

    class Status(models.TextChoices):
        RUNNING = "running", _("Running")
        ANSWERED = "answered", _("Answered")
        FAILED = "failed", _("Failed")
        STOPPED = "stopped", _("Stopped")

    turn_id = models.UUIDField(_("turn"))
    thread_id = models.UUIDField(_("thread"))
    user = link("core.User", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("user"))
    user_name = models.CharField(_("name"), max_length=120)  # also of somebody who is gone
    # The API key that it came by, by name and first letters, as they were: a key that is deleted stays named. Empty for a person's own.
    api_key = models.CharField(_("API key"), max_length=100, blank=True)
    question = models.TextField(_("question"))
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    asked_at = models.DateTimeField(_("asked"))
    as_of = models.DateTimeField(_("answered as of"))
    status = models.CharField(_("state"), max_length=8, choices=Status.choices, default=Status.RUNNING)
    error = models.CharField(_("error"), max_length=40, blank=True)  # its code
    intent = models.CharField(_("kind of answer"), max_length=16, blank=True)
    refusal = models.CharField(_("reason of the refusal"), max_length=20, blank=True)
    plan = models.JSONField(_("plan"), null=True)
    is_edited = models.BooleanField(_("edited by hand"), default=False)
    is_verified = models.BooleanField(_("verified question"), default=False)
    provider = models.CharField(_("provider"), max_length=200, blank=True)
    model_tokens = models.PositiveIntegerField(_("tokens of models"), default=0)
    statements = models.PositiveIntegerField(_("statements"), default=0)
    rows_read = models.PositiveIntegerField(_("rows read"), default=0)
    conversations = models.PositiveIntegerField(_("conversations counted"), null=True)
    took_ms = models.PositiveIntegerField(_("time (ms)"), null=True)

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("audited turn")
        verbose_name_plural = _("audited turns")
        constraints = [models.UniqueConstraint(fields=["tenant", "turn_id"], name="audit_turn")]
        indexes = [models.Index(fields=["tenant", "-asked_at"], name="audit_asked")]

    def __str__(self) -> str:
        return self.question[:80]


class Feedback(TenantModel):
    """A thumb up or down on one answered turn, with the reason. It stays with the audit when its thread is deleted."""

    class Reason(models.TextChoices):
        NUMBER = "number", _("The number is wrong")
        MISUNDERSTOOD = "misunderstood", _("It understood something else")
        INCOMPLETE = "incomplete", _("Something is missing")
        UNCLEAR = "unclear", _("Hard to understand")
        OTHER = "other", _("Something else")

    entry = link("assistant.AuditEntry", related_name="feedback", verbose_name=_("turn"))
    is_good = models.BooleanField(_("good"))
    reason = models.CharField(_("reason"), max_length=16, choices=Reason.choices, blank=True)
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    given_at = models.DateTimeField(_("given"))

    class Meta:
        ordering = ["-given_at"]
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        constraints = [models.UniqueConstraint(fields=["tenant", "entry"], name="feedback_entry")]
        indexes = [models.Index(fields=["tenant", "-given_at"], name="feedback_given")]

    def __str__(self) -> str:
        return f"{self.given_at:%Y-%m-%d %H:%M}"


class VerifiedQuestion(TenantModel):
    """A question whose plan somebody who leads vouches for: asked again, it is answered by this plan, its days read anew."""

    class Timing(models.TextChoices):
        """How the plan's days depend on the clock."""

        PLANNER = "planner", _("As the built-in planner reads its words")
        SHIFTED = "shifted", _("Moved along by rule")
        FIXED = "fixed", _("Fixed days")

    class State(models.TextChoices):
        UNCHECKED = "unchecked", _("Not checked yet")
        SOUND = "sound", _("Sound")
        EMPTY = "empty", _("Finds no data")
        REREAD = "reread", _("Its words mean something else by now")
        DRIFTED = "drifted", _("Its figures are not what they were")
        BROKEN = "broken", _("Its plan does not hold any more")

    question = models.CharField(_("question"), max_length=300)
    key = models.CharField(max_length=300)  # the question's words, folded: what a question asked is compared with
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    plan = models.JSONField(_("plan"))
    as_of = models.DateTimeField(_("answered as of"))  # the clock that the plan's days were right at
    timing = models.CharField(_("days"), max_length=8, choices=Timing.choices)
    rule = models.JSONField(default=dict)  # how days are moved along, where they are: assistant/timing.py
    figures = models.JSONField(null=True)  # those vouched for, of days that are over: assistant/verified_figures.py
    made_by = link("core.User", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("verified by"))
    made_at = models.DateTimeField(_("verified"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.UNCHECKED)
    problems = models.JSONField(_("problems"), default=list)  # of its last check: codes with what they are about
    checked_at = models.DateTimeField(_("checked"), null=True)

    class Meta:
        ordering = ["-made_at"]
        verbose_name = _("verified question")
        verbose_name_plural = _("verified questions")
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="verified_key")]

    def __str__(self) -> str:
        return self.question
