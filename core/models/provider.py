"""A model server that a tenant chose: what it is asked for, in which order, what it may cost, and its secret (encrypted)."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.crypto import decrypt, encrypt
from core.models.tenant import TenantModel


class ProviderSetting(TenantModel):
    """One provider of a tenant. The embedded one has no row: it is always there, always last, and costs nothing.

    A call that fails, is too slow, too dear or is answered with something else goes to the next by `order` (core/ai/chain.py).
    """

    class Kind(models.TextChoices):
        OLLAMA = "ollama", "Ollama"
        N8N = "n8n", "n8n"

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.OLLAMA)
    base_url = models.CharField(
        _("address"),
        max_length=300,
        help_text=_("Ollama: where it listens, such as http://ollama:11434. n8n: the production address of the workflow's webhook."),
    )
    model = models.CharField(
        _("model"),
        max_length=50,
        blank=True,
        help_text=_(
            "Such as qwen3:4b, or qwen3-embedding:0.6b for embeddings. For n8n a name of your own: change it when the workflow changes."
        ),
    )
    analyses = models.BooleanField(_("analyses conversations"), default=False, help_text=_("Customers' messages are sent to it, masked."))
    plans = models.BooleanField(
        _("understands questions"),
        default=False,
        help_text=_("Questions and your names of agents, channels, themes and contacts are sent to it."),
    )
    phrases = models.BooleanField(
        _("phrases answers"), default=False, help_text=_("The figures, names and quotes of an answer are sent to it.")
    )
    embeds = models.BooleanField(
        _("embeds messages"), default=False, help_text=_("Customers' messages are sent to it, masked. Ollama alone.")
    )
    order = models.PositiveSmallIntegerField(
        _("order"), default=1, help_text=_("Lower ones are asked first; the embedded provider is always last.")
    )
    timeout_seconds = models.PositiveIntegerField(
        _("time-out (seconds)"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(300)],
        help_text=_("For one call, to its end."),
    )
    daily_calls = models.PositiveIntegerField(_("calls per day, at most"), default=0, help_text=_("0: as many as there are. Days are UTC."))
    daily_tokens = models.PositiveBigIntegerField(_("tokens per day, at most"), default=0, help_text=_("0: as many as there are."))
    caches_replies = models.BooleanField(
        _("keep replies for a day"),
        default=True,
        help_text=_("The same question to the same model is answered from the cache. Ollama alone."),
    )
    secret_encrypted = models.TextField(blank=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["order", "created_at"]
        verbose_name = _("model provider")
        verbose_name_plural = _("model providers")
        constraints = [
            models.UniqueConstraint(fields=["tenant"], condition=models.Q(embeds=True, is_active=True), name="provider_embedder"),
            models.CheckConstraint(condition=models.Q(embeds=False) | models.Q(kind="ollama"), name="provider_embeds"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.model}".strip()

    @property
    def secret(self) -> str:
        """What the server is shown as a bearer token; empty where it asks for none. Raises SecretUnreadableError."""
        return decrypt(self.secret_encrypted)

    @secret.setter
    def secret(self, value: str) -> None:
        self.secret_encrypted = encrypt(value)

    def clean(self) -> None:
        """What the fields say together. Raises ValidationError."""
        if self.embeds and self.kind != self.Kind.OLLAMA:
            raise ValidationError({"embeds": _("Only Ollama embeds.")})
        if self.embeds and (self.analyses or self.plans or self.phrases):
            raise ValidationError({"embeds": _("A model that embeds does nothing else: add another provider for the rest.")})
        if self.kind == self.Kind.OLLAMA and not self.model:
            raise ValidationError({"model": _("Ollama needs the name of a model.")})
        if self.embeds and self.is_active:
            others = ProviderSetting.objects.filter(embeds=True, is_active=True).exclude(id=self.id)
            if others.exists():
                raise ValidationError({"embeds": _("Another active provider embeds already.")})


class VectorSet(TenantModel):
    """The vectors that one model made of a tenant's texts (TextVector.model), how far they are, and whether searches use them.

    Where no row is used, searches use the embedded model's vectors, which are always made and always complete.
    """

    class State(models.TextChoices):
        FILLING = "filling", _("Being filled")
        COMPLETE = "complete", _("Complete")
        STOPPED = "stopped", _("Stopped")

    model = models.CharField(_("model"), max_length=60)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.FILLING)
    is_used = models.BooleanField(_("used by searches"), default=False)
    total = models.PositiveIntegerField(_("different texts"), default=0)
    done = models.PositiveIntegerField(_("texts done"), default=0)
    problem = models.CharField(_("problem"), max_length=20, blank=True)  # the reason of the last failure, a word
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    completed_at = models.DateTimeField(_("complete since"), null=True)

    class Meta:
        ordering = ["-started_at"]
        verbose_name = _("vector set")
        verbose_name_plural = _("vector sets")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "model"], name="vector_set_model"),
            models.UniqueConstraint(fields=["tenant"], condition=models.Q(is_used=True), name="vector_set_used"),
        ]

    def __str__(self) -> str:
        return self.model
