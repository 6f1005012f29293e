"""What was read of an exported chat, and what could not be."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.tenant import TenantModel, link


class ImportRun(TenantModel):
    """One reading of one exported file."""

    channel = link("core.Channel", related_name="+", verbose_name=_("channel"))
    file_name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(max_length=64)
    variant = models.CharField(_("format"), max_length=80, blank=True)
    messages_new = models.PositiveIntegerField(_("new"), default=0)
    messages_known = models.PositiveIntegerField(_("known"), default=0)
    messages_updated = models.PositiveIntegerField(_("updated"), default=0)
    system_lines = models.PositiveIntegerField(_("system lines"), default=0)
    problem_count = models.PositiveIntegerField(_("unreadable lines"), default=0)
    problems = models.JSONField(_("what could not be read"), default=list)  # [{line, reason, excerpt}], the first 100
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        ordering = ["-started_at"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [models.Index(fields=["tenant", "-started_at"], name="import_run_started")]

    def __str__(self) -> str:
        return self.file_name
