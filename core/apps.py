"""The Django app that holds the shared models."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "EvoSense"
    default_auto_field = "django.db.models.BigAutoField"
