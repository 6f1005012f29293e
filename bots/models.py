"""Talks with people on WhatsApp, what they asked to be told, and what they were told."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.tenant import TenantModel, link


class BotTalk(TenantModel):
    """One person's talk with the assistant on one channel: which thread it goes on in, and what their next number means."""

    user = link("core.User", related_name="+")
    channel = link("core.Channel", related_name="+")
    thread = link("assistant.Thread", on_delete=models.SET_NULL, null=True, related_name="+")
    # The numbered next steps of the last answer: {"1": {"do": "ask", "question": "…"}, "2": {"do": "messages"}, …}
    choices = models.JSONField(default=dict)
    is_stopped = models.BooleanField(default=False)  # "parar": nothing is sent unasked until they write "voltar"
    last_heard_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "user", "channel"], name="bot_talk")]


class Subscription(TenantModel):
    """What a person asked to be told without asking each time."""

    class Kind(models.TextChoices):
        BRIEFING = "briefing", _("Daily briefing")
        SATISFACTION = "satisfaction", _("Satisfaction falls beyond its usual swing")
        LOSING = "losing", _("A customer is about to be lost")
        SILENT = "silent", _("A channel went silent")

    user = link("core.User", related_name="subscriptions")
    kind = models.CharField(_("what"), max_length=12, choices=Kind.choices)
    hour = models.PositiveSmallIntegerField(_("hour of the briefing"), default=8, validators=[MaxValueValidator(23)])
    quiet_from = models.PositiveSmallIntegerField(_("quiet from (hour)"), default=21, validators=[MaxValueValidator(23)])
    quiet_until = models.PositiveSmallIntegerField(_("quiet until (hour)"), default=7, validators=[MaxValueValidator(23)])
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [models.UniqueConstraint(fields=["tenant", "user", "kind"], name="subscription_kind")]


class Alert(TenantModel):
    """Something that people were told of. `key` says of what and when, so that it is told once."""

    kind = models.CharField(_("what"), max_length=12, choices=Subscription.Kind.choices)
    key = models.CharField(max_length=160)
    facts = models.JSONField(default=dict)  # figures and ids, no customer's words
    raised_at = models.DateTimeField(_("raised"), auto_now_add=True)
    ended_at = models.DateTimeField(_("over"), null=True)

    class Meta:
        ordering = ["-raised_at"]
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="alert_key")]


class ScheduledQuestion(TenantModel):
    """A question that is asked again and again as the person who scheduled it, and where its answer goes."""

    class Rhythm(models.TextChoices):
        DAILY = "daily", _("Every day")
        WEEKDAYS = "weekdays", _("Monday to Friday")
        WEEKLY = "weekly", _("Every week")
        MONTHLY = "monthly", _("Every month")
        CRON = "cron", _("By a cron expression")

    class Road(models.TextChoices):
        WHATSAPP = "whatsapp", "WhatsApp"
        EMAIL = "email", _("E-mail")
        WEBHOOK = "webhook", "Webhook"

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    user = link("core.User", related_name="+", verbose_name=_("asked as"))
    question = models.CharField(_("question"), max_length=500)
    rhythm = models.CharField(_("when"), max_length=8, choices=Rhythm.choices, default=Rhythm.WEEKLY)
    weekday = models.PositiveSmallIntegerField(
        _("day of the week"), choices=Weekday.choices, default=Weekday.MONDAY, help_text=_("For every week.")
    )
    month_day = models.PositiveSmallIntegerField(
        _("day of the month"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(31)],
        help_text=_("For every month. A day that a month lacks is its last one."),
    )
    hour = models.PositiveSmallIntegerField(_("hour"), default=8, validators=[MaxValueValidator(23)])
    minute = models.PositiveSmallIntegerField(_("minute"), default=0, validators=[MaxValueValidator(59)])
    cron = models.CharField(
        _("cron expression"),
        max_length=80,
        blank=True,
        help_text=_(
            "Minute, hour, day, month and day of the week (0 is Sunday): “30 8 * * 1,3,5” is 8:30 on Monday, Wednesday and Friday."
        ),
    )
    roads = models.JSONField(_("goes to"), default=list)  # of Road
    is_active = models.BooleanField(_("active"), default=True)
    thread = link("assistant.Thread", on_delete=models.SET_NULL, null=True, related_name="+")
    next_at = models.DateTimeField(_("next time"), null=True)
    asked_at = models.DateTimeField(_("last time"), null=True)
    problem = models.CharField(_("problem"), max_length=40, blank=True)  # why the last answer did not go out, a word
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]
        verbose_name = _("scheduled question")
        verbose_name_plural = _("scheduled questions")
        indexes = [models.Index(fields=["tenant", "next_at"], condition=models.Q(is_active=True), name="scheduled_due")]

    def __str__(self) -> str:
        return self.question
