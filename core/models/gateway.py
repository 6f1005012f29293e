"""A channel's link to its gateway: where it is, the keys to it (encrypted), how it is doing, and which process listens to it."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.crypto import decrypt, encrypt
from core.models.tenant import TenantModel, link


class GatewayConnection(TenantModel):
    """One Evolution API instance. Its tokens are stored encrypted; read and set them through the properties alone."""

    class Integration(models.TextChoices):
        BAILEYS = "WHATSAPP-BAILEYS", _("WhatsApp (QR code)")
        BUSINESS = "WHATSAPP-BUSINESS", _("WhatsApp Business Cloud API")
        EVOLUTION = "EVOLUTION", _("Evolution channel")

    class State(models.TextChoices):
        UNKNOWN = "unknown", _("Not connected yet")
        CONNECTING = "connecting", _("Connecting")
        OPEN = "open", _("Connected")
        CLOSED = "closed", _("Disconnected from WhatsApp")
        UNREACHABLE = "unreachable", _("The gateway does not answer")
        REFUSED = "refused", _("The gateway refuses the key")
        UNLICENSED = "unlicensed", _("The gateway waits for its licence to be activated")
        SILENT = "silent", _("Connected, but nothing arrives")

    channel = link("core.Channel", related_name="+")
    base_url = models.URLField(_("gateway address"), help_text=_("Such as https://evolution.example.com, without a path."))
    instance = models.CharField(_("instance"), max_length=80, help_text=_("The name of this number in the gateway."))
    integration = models.CharField(_("integration"), max_length=20, choices=Integration.choices, default=Integration.BAILEYS)
    token_encrypted = models.TextField(blank=True, editable=False)
    webhook_key_encrypted = models.TextField(blank=True, editable=False)
    hook_nonce = models.CharField(max_length=32, blank=True, editable=False)
    uses_socket = models.BooleanField(_("listen by WebSocket"), default=True)
    uses_webhook = models.BooleanField(_("receive by webhook"), default=True)
    reads_groups = models.BooleanField(_("read groups"), default=False)
    answers_people = models.BooleanField(
        _("answers your own people"), default=True, help_text=_("People of the company with a verified phone may ask questions here.")
    )
    messages_per_minute = models.PositiveIntegerField(_("messages sent per minute, at most"), default=20)

    version = models.CharField(max_length=20, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.UNKNOWN, editable=False)
    state_detail = models.CharField(max_length=300, blank=True, editable=False)
    state_at = models.DateTimeField(null=True, editable=False)
    qr_image = models.TextField(blank=True, editable=False)  # a data URL; empty once connected
    pairing_code = models.CharField(max_length=20, blank=True, editable=False)
    qr_at = models.DateTimeField(null=True, editable=False)
    last_event_at = models.DateTimeField(_("last event"), null=True, editable=False)
    # Everything sent up to here was read back from the gateway's own store.
    read_back_until_at = models.DateTimeField(_("complete until"), null=True, editable=False)
    read_back_problem = models.CharField(max_length=300, blank=True, editable=False)
    # Exactly one process listens: the one named here, until this time, which it moves on as long as it lives.
    listener = models.CharField(max_length=80, blank=True, editable=False)
    listener_until_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("gateway connection")
        verbose_name_plural = _("gateway connections")
        constraints = [models.UniqueConstraint(fields=["tenant", "channel"], name="gateway_channel")]

    def __str__(self) -> str:
        return self.instance

    @property
    def token(self) -> str:
        """The instance's key. Raises SecretUnreadableError where its encryption key is gone."""
        return decrypt(self.token_encrypted)

    @token.setter
    def token(self, value: str) -> None:
        self.token_encrypted = encrypt(value)

    @property
    def webhook_key(self) -> str:
        """What the gateway signs its webhooks with; empty where it does not."""
        return decrypt(self.webhook_key_encrypted)

    @webhook_key.setter
    def webhook_key(self, value: str) -> None:
        self.webhook_key_encrypted = encrypt(value)


class ChannelOutage(TenantModel):
    """A time in which a channel that had been connected was not: what was sent meanwhile may never have reached the gateway."""

    channel = link("core.Channel", related_name="+")
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)  # null: still so
    # The phone had to be linked anew: the gateway's store need not hold what was sent meanwhile, so that reading it back proves nothing.
    is_unlinked = models.BooleanField(default=False)

    class Meta:
        ordering = ["since_at"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "channel"], condition=models.Q(until_at__isnull=True), name="one_open_outage"),
        ]
        indexes = [models.Index(fields=["tenant", "channel", "since_at"], name="outage_time")]


class ChannelDay(TenantModel):
    """The ledger of one channel on one day of the tenant's time zone: how complete we are."""

    channel = link("core.Channel", related_name="+")
    on = models.DateField(_("day"))
    expected = models.PositiveIntegerField(_("expected"), null=True)  # distinct messages in the gateway's store; null: not read back yet
    received = models.PositiveIntegerField(_("received"), default=0)  # distinct messages that came live
    recovered = models.PositiveIntegerField(_("recovered"), default=0)  # that only reading back brought
    missing = models.PositiveIntegerField(_("missing"), default=0)  # in the gateway's store and not in ours
    duplicates = models.PositiveIntegerField(_("duplicates refused"), default=0)
    failed = models.PositiveIntegerField(_("not understood"), default=0)
    checked_at = models.DateTimeField(_("checked"), null=True)

    class Meta:
        ordering = ["-on"]
        verbose_name = _("completeness of a day")
        verbose_name_plural = _("completeness")
        constraints = [models.UniqueConstraint(fields=["tenant", "channel", "on"], name="channel_day")]

    def is_unchecked(self, *, today: date) -> bool:
        """Whether nobody knows that the day is whole: it is over, messages came, and the gateway's store was not read or holds fewer."""
        return self.on < today and bool(self.received or self.recovered) and (self.expected is None or self.expected < self.received)
