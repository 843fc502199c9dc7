"""A process of its own, for it has settings of its own: `measure.py FOLDER N OPTIONS` prints milliseconds as JSON."""

import json
import sys
import time
import uuid
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import django
from django.conf import settings

PEERS = {"Bare": "", "Audited": "django-auditlog", "Historied": "django-simple-history"}


def open_database(file: Path, options: dict[str, Any]) -> None:
    """The same database engine with the same pragmas as the house."""
    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": file, "OPTIONS": options}},
        INSTALLED_APPS=[
            "django.contrib.contenttypes", "django.contrib.auth", "auditlog", "simple_history", "peers",
        ],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", USE_TZ=True,
    )  # fmt: skip
    django.setup()
    from django.core.management import call_command  # app loading

    call_command("migrate", run_syncdb=True, verbosity=0)


def timed(row: Any, number: int) -> float:
    """Milliseconds of one change of the row in a transaction of its own, history included."""
    from django.db import transaction  # app loading

    start = time.perf_counter()
    with transaction.atomic(durable=True):
        row.attempts = number
        row.save()
    return (time.perf_counter() - start) * 1e3


def measure(count: int) -> dict[str, Any]:
    """For each of the three the times of `count` changes, taken in turn so that the disk is the same for all."""
    from django.apps import apps  # app loading

    rows = {
        name: apps.get_model("peers", name).objects.create(
            uid=uuid.uuid4().hex, kind="bench", dedupe=name, subject=name, run_at=datetime.now(UTC)
        )
        for name in PEERS
    }
    taken: dict[str, list[float]] = {name: [] for name in PEERS}
    for number in range(1, count + 1):
        for name, row in rows.items():
            taken[name].append(timed(row, number))
    return {"taken": taken, "versions": {name: version(peer) for name, peer in PEERS.items() if peer}}


if __name__ == "__main__":
    open_database(Path(sys.argv[1]) / "peers.db", json.loads(sys.argv[3]))
    print(json.dumps(measure(int(sys.argv[2]))))
