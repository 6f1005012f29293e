"""Subjects that customers talk about and the list of themes lacks: found by the machine, decided by a person."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.tenant import TenantModel, link


class ThemeProposal(TenantModel):
    """A group of conversations that no theme took, proposed as a theme (ingestion/themes/search.py).

    open → approved, merged or dismissed. An open one is brought up to date in place each time the search runs. A dismissed one is kept
    with its conversations, so that what is like them is not proposed again. No customer's text is kept here but words that several
    customers use.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Proposed")
        APPROVED = "approved", _("Approved")
        MERGED = "merged", _("Merged")
        DISMISSED = "dismissed", _("Dismissed")

    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.OPEN)
    name = models.CharField(_("name"), max_length=80)
    is_renamed = models.BooleanField(default=False)  # by a person: then the search leaves the name alone
    words = ArrayField(models.CharField(max_length=80), default=list, verbose_name=_("telling words"))
    # The most typical first. Conversations that are gone since are passed over where these are read.
    conversation_ids = ArrayField(models.UUIDField(), default=list)
    example_ids = ArrayField(models.UUIDField(), default=list)  # messages that show it, one a customer
    size = models.PositiveIntegerField(_("conversations"), default=0)
    customers = models.PositiveIntegerField(_("customers"), default=0)
    recent = models.PositiveIntegerField(_("last four weeks"), default=0)
    before = models.PositiveIntegerField(_("four weeks before"), default=0)
    first_seen_at = models.DateTimeField(_("first seen"))
    last_seen_at = models.DateTimeField(_("last seen"))
    found_at = models.DateTimeField(_("found"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = link("core.User", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by"))
    theme = link("core.Theme", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("theme"))  # what it became

    class Meta:
        ordering = ["-size", "name"]
        verbose_name = _("theme proposal")
        verbose_name_plural = _("theme proposals")
        indexes = [models.Index(fields=["tenant", "state", "-size"], name="theme_proposal_state")]

    def __str__(self) -> str:
        return self.name


class ThemeSearch(TenantModel):
    """How the search for unknown subjects stands in a tenant, and the reading again that a new theme asks for. One row a tenant."""

    asked_at = models.DateTimeField(null=True)  # somebody pressed "look now", and it has not begun yet
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # What the last search saw: conversations without a theme, and how many of them are in an open proposal.
    waiting = models.PositiveIntegerField(default=0)
    grouped = models.PositiveIntegerField(default=0)
    # Conversations are compared with the list again from the newest on, those without a theme or, where somebody wanted it, all of
    # them: how far that is.
    is_reading = models.BooleanField(default=False)
    is_whole = models.BooleanField(default=False)
    marker_at = models.DateTimeField(null=True)
    marker_id = models.UUIDField(null=True)
    to_read = models.PositiveIntegerField(default=0)
    read = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)  # of those, how many have another theme now

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], name="theme_search_tenant")]

    def __str__(self) -> str:
        return f"{self.finished_at or '–'}"
