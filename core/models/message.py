"""Messages between a customer and the tenant."""

from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.tenant import TenantModel, link


class Message(TenantModel):
    """One message on WhatsApp. (channel, provider_id) is the same however often the message is told to us."""

    class Author(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        AGENT = "agent", _("Agent")
        SYSTEM = "system", _("System")

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        IMAGE = "image", _("Image")
        VIDEO = "video", _("Video")
        AUDIO = "audio", _("Audio")
        STICKER = "sticker", _("Sticker")
        GIF = "gif", "GIF"
        DOCUMENT = "document", _("Document")
        CONTACT = "contact", _("Contact card")
        LOCATION = "location", _("Location")
        POLL = "poll", _("Poll")
        REACTION = "reaction", _("Reaction")
        SYSTEM = "system", _("System")
        UNSUPPORTED = "unsupported", _("Unsupported")

    class Source(models.TextChoices):
        EXPORT = "export", _("Exported chat")
        LIVE = "live", _("Live")
        RECOVERED = "recovered", _("Recovered")

    class Delivery(models.TextChoices):
        ERROR = "error", _("Failed")
        PENDING = "pending", _("Pending")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        READ = "read", _("Read")
        PLAYED = "played", _("Played")

    channel = link("core.Channel", related_name="+")
    # Null for a reaction that was taken back or replaced, or whose message we do not have: it opens no conversation.
    conversation = link("core.Conversation", null=True, related_name="messages")
    contact = link("core.Contact", null=True, related_name="+")  # who wrote, where it was a customer
    agent = link("core.Agent", on_delete=models.SET_NULL, null=True, related_name="+")  # who wrote, where it is known
    provider_id = models.CharField(max_length=120)
    chat_key = models.CharField(max_length=200)
    # Under which id its source told of the customer, where that is not `chat_key`: another id of the same customer, or, in a
    # group, that of who wrote. By it each message finds back to its contact when a merge is undone.
    told_key = models.CharField(max_length=200, blank=True)
    author = models.CharField(max_length=8, choices=Author.choices)
    kind = models.CharField(max_length=11, choices=Kind.choices, default=Kind.TEXT)
    text = models.TextField(blank=True)
    attachment = models.CharField(max_length=255, blank=True)
    sent_at = models.DateTimeField()
    # Order among messages of the same instant, as the source gave it.
    position = models.PositiveIntegerField(default=0)
    is_edited = models.BooleanField(default=False)
    edited_at = models.DateTimeField(null=True)  # of the edit whose text this is; null where there is none or its time is unknown
    is_deleted = models.BooleanField(default=False)
    # By which road it came first.
    source = models.CharField(max_length=9, choices=Source.choices, default=Source.EXPORT)
    quoted_id = models.CharField(max_length=120, blank=True)  # provider id of what it replies or reacts to
    delivery = models.CharField(max_length=9, choices=Delivery.choices, blank=True)  # how far a message of ours got
    # On the reply that ends a customer's wait: seconds since the first message that waited.
    response_seconds = models.PositiveIntegerField(null=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    # Kept by PostgreSQL from `text` (see core/search_words.py). It has no index: under row-level security PostgreSQL filters by
    # tenant before it may look at words, so an index over words alone would never be used.
    search_words = models.GeneratedField(
        expression=models.Func(models.F("text"), function="evosense_words"), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        ordering = ["sent_at", "position"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [models.UniqueConstraint(fields=["tenant", "channel", "provider_id"], name="message_provider_id")]
        indexes = [
            models.Index(fields=["tenant", "conversation", "sent_at", "position"], name="message_conversation"),
            models.Index(fields=["tenant", "channel", "chat_key", "sent_at", "position"], name="message_chat"),
            models.Index(fields=["tenant", "sent_at"], name="message_sent"),
            models.Index(fields=["tenant", "channel", "quoted_id"], name="message_reaction", condition=models.Q(kind="reaction")),
        ]
