"""Threads, turns and their events."""

import core.models.ids
import core.tenancy
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Thread",
            fields=[
                ("id", models.UUIDField(default=core.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="title")),
                ("last_seq", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
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
                    "viewer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-updated_at"],
            },
        ),
        migrations.CreateModel(
            name="Turn",
            fields=[
                ("id", models.UUIDField(default=core.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("question", models.TextField()),
                ("language", models.CharField(choices=[("pt", "Português"), ("en", "English"), ("es", "Español")], max_length=2)),
                ("asked_at", models.DateTimeField()),
                ("as_of", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[("running", "Running"), ("answered", "Answered"), ("failed", "Failed"), ("stopped", "Stopped")],
                        default="running",
                        max_length=8,
                    ),
                ),
                ("plan", models.JSONField(null=True)),
                ("answer", models.JSONField(null=True)),
                ("error", models.JSONField(null=True)),
                ("provider", models.CharField(blank=True, max_length=40)),
                ("took_ms", models.PositiveIntegerField(null=True)),
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
                    "thread",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="turns",
                        to="assistant.thread",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="TurnEvent",
            fields=[
                ("id", models.UUIDField(default=core.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("seq", models.PositiveIntegerField()),
                ("type", models.CharField(max_length=20)),
                ("data", models.JSONField()),
                ("at", models.DateTimeField()),
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
                    "thread",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="assistant.thread",
                    ),
                ),
                (
                    "turn",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="assistant.turn",
                    ),
                ),
            ],
            options={
                "ordering": ["seq"],
            },
        ),
        migrations.AddIndex(
            model_name="thread",
            index=models.Index(fields=["tenant", "viewer", "-updated_at"], name="thread_viewer"),
        ),
        migrations.AddConstraint(
            model_name="turn",
            constraint=models.UniqueConstraint(fields=("tenant", "thread", "number"), name="turn_number"),
        ),
        migrations.AddIndex(
            model_name="turnevent",
            index=models.Index(fields=["tenant", "turn", "seq"], name="turn_event_turn"),
        ),
        migrations.AddConstraint(
            model_name="turnevent",
            constraint=models.UniqueConstraint(fields=("tenant", "thread", "seq"), name="turn_event_seq"),
        ),
    ]
