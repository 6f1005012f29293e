"""Reading a tenant's history again with another version of an analyser: what it costs, how far it is, what came of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.tenant import TenantModel, link


class ReScoring(TenantModel):
    """One re-scoring of a tenant's whole history by one version of an analyser.

    planned → running ⇄ paused → done → promoting → promoted, and from done or later → rolling back → rolled back. Its
    results are ordinary analyses of that version with `is_current` false: they are counted nowhere until they are promoted. What
    it has done is what stands in the database, so a worker that dies costs its batch and nothing else (ingestion/rescore.py).
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        DONE = "done", _("Done: to be compared")
        PROMOTING = "promoting", _("Being promoted")
        PROMOTED = "promoted", _("Promoted")
        ROLLING_BACK = "rolling_back", _("Being rolled back")
        ROLLED_BACK = "rolled_back", _("Rolled back")

    analyser = models.CharField(_("analyser"), max_length=40)
    analyser_version = models.CharField(_("version"), max_length=40)
    # The version that the tenant's metrics read when it was planned, and return to when it is rolled back. Empty: none.
    old_analyser = models.CharField(_("analyser before"), max_length=40, blank=True)
    old_version = models.CharField(_("version before"), max_length=40, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.PLANNED)
    # Planned by an update of the software: a tenant with little history is started and promoted without being asked.
    is_automatic = models.BooleanField(_("by itself"), default=False)
    user = link("core.User", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("user"))
    # The cost, before anything is done: what there is to read, and how long that takes at the pace of a sample.
    conversations = models.PositiveIntegerField(_("conversations"), default=0)
    messages = models.PositiveIntegerField(_("customers' messages"), default=0)
    distinct_texts = models.PositiveIntegerField(_("different texts"), default=0)
    estimated_seconds = models.FloatField(_("estimated seconds"), default=0.0)
    # The progress: what was read and written, and the seconds of work that this took.
    done = models.PositiveIntegerField(_("conversations done"), default=0)
    messages_done = models.PositiveIntegerField(_("messages done"), default=0)
    busy_seconds = models.FloatField(_("seconds of work"), default=0.0)
    # How far the pass over the history came, from the oldest conversation on; null: at its beginning.
    marker_at = models.DateTimeField(null=True)
    marker_id = models.UUIDField(null=True)
    # The marker of promotion: conversations whose current analysis was changed over, or changed back.
    switched = models.PositiveIntegerField(_("conversations switched"), default=0)
    comparison = models.JSONField(_("comparison"), default=dict)  # as ingestion/comparison.py gives it
    problem = models.CharField(_("problem"), max_length=200, blank=True)  # why it stands still, in a word for the log and admin
    planned_at = models.DateTimeField(_("planned"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    promoted_at = models.DateTimeField(_("promoted"), null=True)
    rolled_back_at = models.DateTimeField(_("rolled back"), null=True)

    class Meta:
        ordering = ["-planned_at"]
        verbose_name = _("re-scoring")
        verbose_name_plural = _("re-scorings")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"],
                condition=models.Q(state__in=["planned", "running", "paused", "done", "promoting", "rolling_back"]),
                name="rescoring_open",
            )
        ]
        indexes = [models.Index(fields=["tenant", "-planned_at"], name="rescoring_planned")]

    def __str__(self) -> str:
        return f"{self.analyser} {self.analyser_version}"

    @property
    def seconds_left(self) -> float:
        """Seconds of work that are left, at the pace of what was done, else of the sample."""
        left = max(0, self.conversations - self.done)
        pace = self.busy_seconds / self.done if self.done else self.estimated_seconds / self.conversations if self.conversations else 0.0
        return left * pace
