"""The Django app of everything over HTTP: Django admin and the pages' templates. It has no models."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "web"
    verbose_name = "EvoSense"
