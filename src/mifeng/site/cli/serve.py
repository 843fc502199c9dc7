"""`mifeng serve`: the web process of one installation: granian, one process, four threads, jobs in a thread beside them."""

import os
import sys


def main(argv: list[str]) -> int:
    """Replace this process by the server; it opens the house itself (mifeng.site.wsgi)."""
    from mifeng.site import env  # start-up time of a verb

    try:
        settings = env.read()
    except env.UnusableSetting as reason:
        print(reason, file=sys.stderr)
        return 2
    options = [
        "--interface", "wsgi", "--workers", "1", "--blocking-threads", "4", "--host", settings.listen,
        "--port", str(settings.port), "--no-ws", "--workers-kill-timeout", "3", "--log-level", "warning",
        "--no-access-log", "mifeng.site.wsgi:application",
    ]  # fmt: skip
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "granian", *options])  # our own interpreter
    return 0  # not reached
