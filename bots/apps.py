"""The bots application: what goes out over WhatsApp."""

from django.apps import AppConfig


class BotsConfig(AppConfig):
    name = "bots"
