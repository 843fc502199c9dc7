"""The web process as granian loads it: the house is opened here, in the process that serves."""

import atexit
import sys
import threading
from pathlib import Path

from mifeng.site import start

start.django_up()

from django.conf import settings  # noqa: E402  # app loading: Django must be set up first
from django.core.wsgi import get_wsgi_application  # noqa: E402  # app loading

from mifeng.base import jobs  # noqa: E402  # app loading
from mifeng.site import ticker  # noqa: E402  # app loading


def _open() -> None:
    start.folders()
    if settings.ENV.unseal_file:
        start.unseal_from_file(Path(settings.ENV.unseal_file))
    try:
        start.house()
    except start.CannotStart as reason:
        sys.stderr.write(f"{reason}\n")
        raise SystemExit(2) from reason


_open()
_stop = threading.Event()
threading.Thread(target=jobs.work, args=(_stop, ticker.tick), daemon=True, name="jobs").start()
atexit.register(_stop.set)
application = get_wsgi_application()
