"""approvals as a Django app: its guard of states is put in place after every migration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class Approvals(AppConfig):
    name = "mifeng.rooms.approvals"
    label = "approvals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from mifeng.rooms.approvals import state_guard  # app loading

        post_migrate.connect(state_guard.install, dispatch_uid="mifeng.approvals.state_guard")
