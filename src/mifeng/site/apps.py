"""The site as a Django app: its templates, static files and commands."""

from django.apps import AppConfig


class Site(AppConfig):
    name = "mifeng.site"
    label = "site"
