"""What an analyser concluded of a message or a conversation, with its name and version."""

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField, HnswIndex

from core.models.tenant import TenantModel, link

VECTOR_DIMENSIONS = 768
# The embedded model's vectors (core/ai/embedded/embedder.py) fill the first half of them.
EMBEDDED_MODEL, EMBEDDED_DIMENSIONS = "multilingual-e5-small-q4", 384


class Sentiment(models.TextChoices):
    POSITIVE = "positive", _("Positive")
    NEUTRAL = "neutral", _("Neutral")
    NEGATIVE = "negative", _("Negative")


class Emotion(models.TextChoices):
    ANGER = "anger", _("Anger")
    DISGUST = "disgust", _("Disgust")
    FEAR = "fear", _("Fear")
    JOY = "joy", _("Joy")
    SADNESS = "sadness", _("Sadness")
    SURPRISE = "surprise", _("Surprise")
    NEUTRAL = "neutral", _("Neutral")


class Tone(models.TextChoices):
    FRIENDLY = "friendly", _("Friendly")
    NEUTRAL = "neutral", _("Neutral")
    URGENT = "urgent", _("Urgent")
    AGGRESSIVE = "aggressive", _("Aggressive")


class Analysed(TenantModel):
    """What every analysis carries. One analysis of a message or conversation is current; older versions stay beside it."""

    analyser = models.CharField(max_length=40)
    analyser_version = models.CharField(max_length=40)
    analysed_at = models.DateTimeField()
    is_current = models.BooleanField(default=True)

    class Meta:
        abstract = True


class MessageAnalysis(Analysed):
    """Sentiment, emotion and tone of one customer message. `text_hash` is that of the masked text (see TextVector)."""

    message = link("core.Message", related_name="analyses")
    text_hash = models.CharField(max_length=32)
    sentiment = models.CharField(max_length=8, choices=Sentiment.choices)
    sentiment_score = models.FloatField()  # −1 … 1
    emotion = models.CharField(max_length=8, choices=Emotion.choices)
    tone = models.CharField(max_length=10, choices=Tone.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "message", "analyser", "analyser_version"], name="message_analysis_version"),
            models.UniqueConstraint(fields=["tenant", "message"], condition=models.Q(is_current=True), name="message_analysis_current"),
        ]
        indexes = [models.Index(fields=["tenant", "text_hash"], name="message_analysis_text")]


class ConversationAnalysis(Analysed):
    """Satisfaction, theme and resolution of one conversation, as of one revision of it.

    `satisfaction` is the note 1–5 that metrics count: the customer's own rating where there is one, else `score` rounded
    half up. `score` is what the analyser said, 1.0–5.0.
    """

    conversation = link("core.Conversation", related_name="analyses")
    revision = models.PositiveIntegerField()
    satisfaction = models.PositiveSmallIntegerField()
    score = models.FloatField()
    theme = link("core.Theme", on_delete=models.SET_NULL, null=True, related_name="+")
    is_resolved = models.BooleanField()
    parts = models.JSONField(default=dict)  # what the score is made of

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "conversation", "analyser", "analyser_version"], name="conversation_analysis_version"
            ),
            models.UniqueConstraint(
                fields=["tenant", "conversation"], condition=models.Q(is_current=True), name="conversation_analysis_current"
            ),
            models.CheckConstraint(condition=models.Q(satisfaction__range=(1, 5)), name="conversation_analysis_satisfaction"),
            models.CheckConstraint(condition=models.Q(score__range=(1.0, 5.0)), name="conversation_analysis_score"),
        ]


class TextVector(TenantModel):
    """The vector of a masked text, once a tenant and model however often it was written.

    `text_hash` is the hash of the masked, normalised text; the text itself is not kept here. Vectors of 384 dimensions
    are padded with zeros, which leaves cosines as they are. Vectors of different models never meet.
    """

    model = models.CharField(max_length=60)
    text_hash = models.CharField(max_length=32)
    vector = HalfVectorField(dimensions=VECTOR_DIMENSIONS)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "model", "text_hash"], name="text_vector_text")]
        # Over the vectors of all tenants, for those who have too many to compare each one (core/search/nearest.py). The embedded
        # model's are nearly all there are, and have an index of half the size to themselves.
        indexes = [
            HnswIndex(
                OpClass(
                    models.Func(
                        models.F("vector"),
                        template=f"(subvector(%(expressions)s, 1, {EMBEDDED_DIMENSIONS})::halfvec({EMBEDDED_DIMENSIONS}))",
                        output_field=HalfVectorField(dimensions=EMBEDDED_DIMENSIONS),
                    ),
                    name="halfvec_cosine_ops",
                ),
                name="text_vector_embedded",
                condition=models.Q(model=EMBEDDED_MODEL),
                m=16,
                ef_construction=64,
            ),
            HnswIndex(
                fields=["vector"],
                opclasses=["halfvec_cosine_ops"],
                name="text_vector_chosen",
                condition=~models.Q(model=EMBEDDED_MODEL),
                m=16,
                ef_construction=64,
            ),
        ]
