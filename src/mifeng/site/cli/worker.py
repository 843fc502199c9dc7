"""`mifeng worker`: jobs in a process of its own; needs a vault that opens without keepers."""

import signal
import sys
import threading
from pathlib import Path


def main(argv: list[str]) -> int:
    """Run jobs until TERM; exit 3 when the vault cannot be opened unattended."""
    from mifeng.site import start  # app loading

    start.django_up()
    from django.conf import settings

    from mifeng.base import jobs
    from mifeng.site import ticker

    if not settings.ENV.unseal_file:
        print("独立的工作进程须能自行启封 / a separate worker needs MIFENG_UNSEAL_FILE", file=sys.stderr)
        return 3
    start.unseal_from_file(Path(settings.ENV.unseal_file))
    start.house()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    jobs.work(stop, ticker.tick)
    return 0
