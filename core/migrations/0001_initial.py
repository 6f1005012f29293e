"""The shared models."""

import core.models.ids
import core.tenancy
import django.contrib.postgres.fields
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import pgvector.django.halfvec
from django.conf import settings
from django.db import migrations, models

from core.search_words import DROP_FUNCTIONS, FUNCTIONS


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS vector", migrations.RunSQL.noop),
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS unaccent", migrations.RunSQL.noop),
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS pg_trgm", migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        migrations.CreateModel(
            name="Tenant",
            fields=[
                ("id", models.UUIDField(default=core.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "slug",
                    models.SlugField(
                        help_text="Used on the command line: lower case, no spaces.", max_length=60, unique=True, verbose_name="short name"
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        default="America/Sao_Paulo",
                        help_text="Days, weeks and hours are counted in it.",
                        max_length=64,
                        validators=[django.core.validators.RegexValidator("^[A-Za-z_]+(/[A-Za-z_+\\-0-9]+)*$")],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("pt", "Português"), ("en", "English"), ("es", "Español")],
                        default="pt",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "reply_limit_minutes",
                    models.PositiveIntegerField(
                        default=60,
                        help_text="A customer who waits longer than this is unanswered.",
                        validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10080)],
                        verbose_name="reply limit (minutes)",
                    ),
                ),
                (
                    "episode_gap_hours",
                    models.PositiveIntegerField(
                        default=12,
                        help_text="Silence after which the next message opens a new conversation.",
                        validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(168)],
                        verbose_name="gap between conversations (hours)",
                    ),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "tenant",
                "verbose_name_plural": "tenants",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Agent",
            fields=[
                ("id", models.UUIDField(default=core.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=core.tenancy.get_current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.tenant",
                    ),
                ),
            ],
            options={
                "verbose_name": "agent",
                "verbose_name_plural": "agents",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Channel",
            fields=[
                ("id", models.UUIDField(default=core.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("export", "Exported chats"), ("evolution", "Evolution API")],
                        default="export",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        blank=True, help_text="Digits with country code, such as 5511999990000.", max_length=20, verbose_name="phone"
                    ),
                ),
                (
                    "self_names",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120),
                        blank=True,
                        default=list,
                        help_text="Authors in exported chats that are the company's side, separated by commas.",
                        size=None,
                        verbose_name="our names",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=core.tenancy.get_current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.tenant",
                    ),
                ),
            ],
            options={
                "verbose_name": "channel",
                "verbose_name_plural": "channels",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.UUIDField(default=core.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=core.tenancy.get_current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.tenant",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact",
                "verbose_name_plural": "contacts",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Conversation",
            fields=[
                ("id", models.UUIDField(default=core.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("chat_key", models.CharField(max_length=200)),
                ("is_group", models.BooleanField(default=False)),
                ("started_at", models.DateTimeField(verbose_name="started")),
                ("last_message_at", models.DateTimeField(verbose_name="last message")),
                ("is_closed", models.BooleanField(default=False)),
                ("message_count", models.PositiveIntegerField(default=0)),
                ("customer_message_count", models.PositiveIntegerField(default=0)),
                ("first_response_seconds", models.PositiveIntegerField(null=True)),
                ("waiting_since_at", models.DateTimeField(null=True)),
                ("rating", models.PositiveSmallIntegerField(null=True)),
                ("revision", models.PositiveIntegerField(default=1)),
                (
                    "agent",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.agent",
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.channel",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conversations",
                        to="core.contact",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=core.tenancy.get_current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.tenant",
                    ),
                ),
            ],
            options={
                "verbose_name": "conversation",
                "verbose_name_plural": "conversations",
                "ordering": ["-started_at"],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.UUIDField(default=core.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("provider_id", models.CharField(max_length=120)),
                ("chat_key", models.CharField(max_length=200)),
                ("author", models.CharField(choices=[("customer", "Customer"), ("agent", "Agent"), ("system", "System")], max_length=8)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "Text"),
                            ("image", "Image"),
                            ("video", "Video"),
                            ("audio", "Audio"),
                            ("sticker", "Sticker"),
                            ("gif", "GIF"),
                            ("document", "Document"),
                            ("contact", "Contact card"),
                            ("location", "Location"),
                            ("poll", "Poll"),
                            ("reaction", "Reaction"),
                            ("system", "System"),
                            ("unsupported", "Unsupported"),
                        ],
                        default="text",
                        max_length=11,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("attachment", models.CharField(blank=True, max_length=255)),
                ("sent_at", models.DateTimeField()),
                ("position", models.PositiveIntegerField(default=0)),
                ("is_edited", models.BooleanField(default=False)),
                ("is_deleted", models.BooleanField(default=False)),
                ("response_seconds", models.PositiveIntegerField(null=True)),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "search_words",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(models.F("text"), function="evosense_words"),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.agent",
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.channel",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.contact",
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="core.conversation",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=core.tenancy.get_current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.tenant",
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "ordering": ["sent_at", "position"],
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                ("id", models.UUIDField(default=core.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("file_name", models.CharField(max_length=255, verbose_name="file")),
                ("sha256", models.CharField(max_length=64)),
                ("variant", models.CharField(blank=True, max_length=80, verbose_name="format")),
                ("messages_new", models.PositiveIntegerField(default=0, verbose_name="new")),
                ("messages_known", models.PositiveIntegerField(default=0, verbose_name="known")),
                ("messages_updated", models.PositiveIntegerField(default=0, verbose_name="updated")),
                ("system_lines", models.PositiveIntegerField(default=0, verbose_name="system lines")),
                ("problem_count", models.PositiveIntegerField(default=0, verbose_name="unreadable lines")),
                ("problems", models.JSONField(default=list, verbose_name="what could not be read")),
                ("started_at", models.DateTimeField(auto_now_add=True, verbose_name="started")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
                (
                    "channel",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.channel",
                        verbose_name="channel",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=core.tenancy.get_current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.tenant",
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ["-started_at"],
            },
        ),
        migrations.CreateModel(
            name="ContactIdentity",
            fields=[
                ("id", models.UUIDField(default=core.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("phone", "Phone"), ("lid", "WhatsApp id"), ("name", "Name")], max_length=5)),
                ("value", models.CharField(max_length=200)),
                (
                    "channel",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.channel",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="identities",
                        to="core.contact",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=core.tenancy.get_current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.tenant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("id", models.UUIDField(default=core.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("admin", "Administrator"),
                            ("manager", "Manager"),
                            ("supervisor", "Supervisor"),
                            ("operator", "Operator"),
                        ],
                        default="operator",
                        max_length=10,
                        verbose_name="role",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("pt", "Português"), ("en", "English"), ("es", "Español")],
                        default="pt",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="may sign in")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.tenant",
                        verbose_name="tenant",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="TextVector",
            fields=[
                ("id", models.UUIDField(default=core.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("model", models.CharField(max_length=60)),
                ("text_hash", models.CharField(max_length=32)),
                ("vector", pgvector.django.halfvec.HalfVectorField(dimensions=768)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=core.tenancy.get_current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.tenant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Theme",
            fields=[
                ("id", models.UUIDField(default=core.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "examples",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200),
                        blank=True,
                        default=list,
                        help_text="Sentences or words that customers use for it, separated by commas: the more typical, the better it is found.",
                        size=None,
                        verbose_name="examples",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=core.tenancy.get_current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.tenant",
                    ),
                ),
            ],
            options={
                "verbose_name": "theme",
                "verbose_name_plural": "themes",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="ConversationAnalysis",
            fields=[
                ("id", models.UUIDField(default=core.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("analyser", models.CharField(max_length=40)),
                ("analyser_version", models.CharField(max_length=40)),
                ("analysed_at", models.DateTimeField()),
                ("is_current", models.BooleanField(default=True)),
                ("revision", models.PositiveIntegerField()),
                ("satisfaction", models.PositiveSmallIntegerField()),
                ("score", models.FloatField()),
                ("is_resolved", models.BooleanField()),
                ("parts", models.JSONField(default=dict)),
                (
                    "conversation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="analyses",
                        to="core.conversation",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=core.tenancy.get_current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.tenant",
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.theme",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RefreshSession",
            fields=[
                ("id", models.UUIDField(default=core.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("token_id", models.CharField(max_length=64)),
                ("previous_token_id", models.CharField(blank=True, max_length=64)),
                ("rotated_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=core.tenancy.get_current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.tenant",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["tenant", "user"], name="refresh_session_user")],
            },
        ),
        migrations.CreateModel(
            name="MessageAnalysis",
            fields=[
                ("id", models.UUIDField(default=core.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("analyser", models.CharField(max_length=40)),
                ("analyser_version", models.CharField(max_length=40)),
                ("analysed_at", models.DateTimeField()),
                ("is_current", models.BooleanField(default=True)),
                ("text_hash", models.CharField(max_length=32)),
                (
                    "sentiment",
                    models.CharField(choices=[("positive", "Positive"), ("neutral", "Neutral"), ("negative", "Negative")], max_length=8),
                ),
                ("sentiment_score", models.FloatField()),
                (
                    "emotion",
                    models.CharField(
                        choices=[
                            ("anger", "Anger"),
                            ("disgust", "Disgust"),
                            ("fear", "Fear"),
                            ("joy", "Joy"),
                            ("sadness", "Sadness"),
                            ("surprise", "Surprise"),
                            ("neutral", "Neutral"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "tone",
                    models.CharField(
                        choices=[("friendly", "Friendly"), ("neutral", "Neutral"), ("urgent", "Urgent"), ("aggressive", "Aggressive")],
                        max_length=10,
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="analyses",
                        to="core.message",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=core.tenancy.get_current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.tenant",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["tenant", "text_hash"], name="message_analysis_text")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "message", "analyser", "analyser_version"), name="message_analysis_version"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)), fields=("tenant", "message"), name="message_analysis_current"
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["tenant", "conversation", "sent_at", "position"], name="message_conversation"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["tenant", "channel", "chat_key", "sent_at", "position"], name="message_chat"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["tenant", "sent_at"], name="message_sent"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(fields=("tenant", "channel", "provider_id"), name="message_provider_id"),
        ),
        migrations.AddIndex(
            model_name="importrun",
            index=models.Index(fields=["tenant", "-started_at"], name="import_run_started"),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["tenant", "started_at"], name="conversation_started"),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["tenant", "contact", "started_at"], name="conversation_contact"),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["tenant", "channel", "chat_key", "last_message_at"], name="conversation_chat"),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.UniqueConstraint(fields=("tenant", "channel", "chat_key", "started_at"), name="conversation_start"),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.CheckConstraint(
                condition=models.Q(("rating__isnull", True), ("rating__range", (1, 5)), _connector="OR"), name="conversation_rating"
            ),
        ),
        migrations.AddIndex(
            model_name="contactidentity",
            index=models.Index(fields=["tenant", "contact"], name="contact_identity_contact"),
        ),
        migrations.AddConstraint(
            model_name="contactidentity",
            constraint=models.UniqueConstraint(fields=("tenant", "channel", "kind", "value"), name="contact_identity_value"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["tenant", "name"], name="contact_name"),
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.UniqueConstraint(fields=("tenant", "name"), name="channel_name"),
        ),
        migrations.AddConstraint(
            model_name="agent",
            constraint=models.UniqueConstraint(fields=("tenant", "name"), name="agent_name"),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(fields=("tenant", "id"), name="user_tenant_id"),
        ),
        migrations.AddConstraint(
            model_name="textvector",
            constraint=models.UniqueConstraint(fields=("tenant", "model", "text_hash"), name="text_vector_text"),
        ),
        migrations.AddConstraint(
            model_name="theme",
            constraint=models.UniqueConstraint(fields=("tenant", "name"), name="theme_name"),
        ),
        migrations.AddConstraint(
            model_name="conversationanalysis",
            constraint=models.UniqueConstraint(
                fields=("tenant", "conversation", "analyser", "analyser_version"), name="conversation_analysis_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="conversationanalysis",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_current", True)), fields=("tenant", "conversation"), name="conversation_analysis_current"
            ),
        ),
        migrations.AddConstraint(
            model_name="conversationanalysis",
            constraint=models.CheckConstraint(
                condition=models.Q(("satisfaction__range", (1, 5))), name="conversation_analysis_satisfaction"
            ),
        ),
        migrations.AddConstraint(
            model_name="conversationanalysis",
            constraint=models.CheckConstraint(condition=models.Q(("score__range", (1.0, 5.0))), name="conversation_analysis_score"),
        ),
    ]
