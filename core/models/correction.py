"""What a person said about a conversation where the analyser was wrong, kept apart from what the analyser said."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.tenant import TenantModel, link


class Correction(TenantModel):
    """One "I disagree": what a person put right of one conversation, beside what the analyser had concluded when they did.

    A field that is null was not corrected; of the theme, `corrects_theme` says so, because "no theme" is a correction too. Nothing
    is overwritten: a later correction of the same conversation, or taking one back, closes the earlier one with `undone_at`.
    Whether an open one counts in metrics is the tenant's to say (`Tenant.counts_corrections`); see core/compute.py.
    """

    conversation = link("core.Conversation", related_name="corrections", verbose_name=_("conversation"))
    user = link("core.User", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("user"))
    made_at = models.DateTimeField(_("made"))
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction"), null=True, validators=[MinValueValidator(1), MaxValueValidator(5)])
    corrects_theme = models.BooleanField(default=False)
    theme = link("core.Theme", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("theme"))
    is_resolved = models.BooleanField(_("resolved"), null=True)
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    # What it was: the analyser's own words, a rating that the customer typed left aside.
    revision = models.PositiveIntegerField()
    analyser = models.CharField(_("analyser"), max_length=40)
    analyser_version = models.CharField(_("version"), max_length=40)
    machine_score = models.FloatField(_("analyser's score"))
    machine_theme = link("core.Theme", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("analyser's theme"))
    machine_is_resolved = models.BooleanField(_("analyser: resolved"))
    undone_at = models.DateTimeField(_("taken back"), null=True)
    undone_by = link("core.User", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("taken back by"))

    class Meta:
        ordering = ["-made_at"]
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "conversation"], condition=models.Q(undone_at__isnull=True), name="correction_open"),
            models.CheckConstraint(
                condition=models.Q(satisfaction__isnull=True) | models.Q(satisfaction__range=(1, 5)), name="correction_satisfaction"
            ),
            models.CheckConstraint(
                condition=models.Q(satisfaction__isnull=False) | models.Q(corrects_theme=True) | models.Q(is_resolved__isnull=False),
                name="correction_of_something",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "conversation"], name="correction_conversation"),
            models.Index(fields=["tenant", "made_at"], name="correction_made"),
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"
