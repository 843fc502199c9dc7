"""base as a Django app: its tables come first, its guards are installed after every migration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class Base(AppConfig):
    name = "mifeng.base"
    label = "base"

    def ready(self) -> None:
        from mifeng.base import guard  # app loading

        post_migrate.connect(guard.install, dispatch_uid="mifeng.base.guard")
