"""Keep which version of an analyser counts, re-scorings of history by another one, and corrections by people."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.tenancy


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0006_identities_edits_reactions"),
    ]

    operations = [
        migrations.AddField(
            model_name="tenant",
            name="analyser",
            field=models.CharField(blank=True, editable=False, max_length=40),
        ),
        migrations.AddField(
            model_name="tenant",
            name="analyser_version",
            field=models.CharField(blank=True, editable=False, max_length=40),
        ),
        migrations.AddField(
            model_name="tenant",
            name="counts_corrections",
            field=models.BooleanField(
                default=True,
                help_text="Where a person corrected a conversation's satisfaction, theme or resolution, numbers count what the person said.",
                verbose_name="corrections count",
            ),
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.UUIDField(default=core.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField(verbose_name="made")),
                (
                    "satisfaction",
                    models.PositiveSmallIntegerField(
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)],
                        verbose_name="satisfaction",
                    ),
                ),
                ("corrects_theme", models.BooleanField(default=False)),
                ("is_resolved", models.BooleanField(null=True, verbose_name="resolved")),
                ("comment", models.CharField(blank=True, max_length=500, verbose_name="comment")),
                ("revision", models.PositiveIntegerField()),
                ("analyser", models.CharField(max_length=40, verbose_name="analyser")),
                ("analyser_version", models.CharField(max_length=40, verbose_name="version")),
                ("machine_score", models.FloatField(verbose_name="analyser's score")),
                ("machine_is_resolved", models.BooleanField(verbose_name="analyser: resolved")),
                ("undone_at", models.DateTimeField(null=True, verbose_name="taken back")),
                (
                    "conversation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrections",
                        to="core.conversation",
                        verbose_name="conversation",
                    ),
                ),
                (
                    "machine_theme",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.theme",
                        verbose_name="analyser's theme",
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
                        verbose_name="theme",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="taken back by",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "correction",
                "verbose_name_plural": "corrections",
                "ordering": ["-made_at"],
                "indexes": [
                    models.Index(fields=["tenant", "conversation"], name="correction_conversation"),
                    models.Index(fields=["tenant", "made_at"], name="correction_made"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)), fields=("tenant", "conversation"), name="correction_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("satisfaction__isnull", True), ("satisfaction__range", (1, 5)), _connector="OR"),
                        name="correction_satisfaction",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("satisfaction__isnull", False), ("corrects_theme", True), ("is_resolved__isnull", False), _connector="OR"
                        ),
                        name="correction_of_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReScoring",
            fields=[
                ("id", models.UUIDField(default=core.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("analyser", models.CharField(max_length=40, verbose_name="analyser")),
                ("analyser_version", models.CharField(max_length=40, verbose_name="version")),
                ("old_analyser", models.CharField(blank=True, max_length=40, verbose_name="analyser before")),
                ("old_version", models.CharField(blank=True, max_length=40, verbose_name="version before")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("running", "Running"),
                            ("paused", "Paused"),
                            ("done", "Done: to be compared"),
                            ("promoting", "Being promoted"),
                            ("promoted", "Promoted"),
                            ("rolling_back", "Being rolled back"),
                            ("rolled_back", "Rolled back"),
                        ],
                        default="planned",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("is_automatic", models.BooleanField(default=False, verbose_name="by itself")),
                ("conversations", models.PositiveIntegerField(default=0, verbose_name="conversations")),
                ("messages", models.PositiveIntegerField(default=0, verbose_name="customers' messages")),
                ("distinct_texts", models.PositiveIntegerField(default=0, verbose_name="different texts")),
                ("estimated_seconds", models.FloatField(default=0.0, verbose_name="estimated seconds")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="conversations done")),
                ("messages_done", models.PositiveIntegerField(default=0, verbose_name="messages done")),
                ("busy_seconds", models.FloatField(default=0.0, verbose_name="seconds of work")),
                ("marker_at", models.DateTimeField(null=True)),
                ("marker_id", models.UUIDField(null=True)),
                ("switched", models.PositiveIntegerField(default=0, verbose_name="conversations switched")),
                ("comparison", models.JSONField(default=dict, verbose_name="comparison")),
                ("problem", models.CharField(blank=True, max_length=200, verbose_name="problem")),
                ("planned_at", models.DateTimeField(auto_now_add=True, verbose_name="planned")),
                ("started_at", models.DateTimeField(null=True, verbose_name="started")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
                ("promoted_at", models.DateTimeField(null=True, verbose_name="promoted")),
                ("rolled_back_at", models.DateTimeField(null=True, verbose_name="rolled back")),
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
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "re-scoring",
                "verbose_name_plural": "re-scorings",
                "ordering": ["-planned_at"],
                "indexes": [models.Index(fields=["tenant", "-planned_at"], name="rescoring_planned")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["planned", "running", "paused", "done", "promoting", "rolling_back"])),
                        fields=("tenant",),
                        name="rescoring_open",
                    )
                ],
            },
        ),
    ]
