"""Threads between a person and the assistant: their turns, and the events that each turn gave."""

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
